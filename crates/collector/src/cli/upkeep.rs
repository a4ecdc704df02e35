//! Turns `firsthand backup`, `restore` and `verify` into copies, and into findings on stdout.

use std::io::Write;
use std::path::PathBuf;

use clap::{ArgMatches, Args};
use store::{Backup, Custody, Store};

use super::{DataArgs, runtime};
use crate::clock::Clock;
use crate::error::RunError;
use crate::settings::{Given, Settled, Source};
use crate::setup::{open_existing, say};
use crate::upkeep::{Findings, back_up, restore, verify};

#[derive(Debug, Args)]
#[command(
    long_about = "Copy everything into a new folder, also while it is served: the database as it is \
                  at one moment, and the images that it knows. The copy is checked. It can be \
                  served as it is, or restored. Whoever is erased later is still in it."
)]
pub(super) struct BackupArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Folder of the copy; it is made, and must have nothing in it
    #[arg(value_name = "FOLDER")]
    to: String,
}

#[derive(Debug, Args)]
#[command(
    long_about = "Make a data folder from a backup. The backup is checked first; nothing is \
                  overwritten, and the backup stays as it is. Stop the collector before, and move \
                  its folder away."
)]
pub(super) struct RestoreArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Folder that `firsthand backup` has made
    #[arg(value_name = "FOLDER")]
    from: String,
}

#[derive(Debug, Args)]
#[command(
    long_about = "Check that everything is there and whole: the pages of the database, what its \
                  rows refer to, and the files of all images. Prints one line for each finding. \
                  Exit code 0: sound, 1: findings, 2: cannot be checked. Changes nothing, and may \
                  be run while the folder is served."
)]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    data: DataArgs,
    /// A backup to check instead of the data folder
    #[arg(value_name = "FOLDER")]
    folder: Option<String>,
}

impl BackupArgs {
    pub(super) fn run(
        self,
        matches: &ArgMatches,
        out: &mut (dyn Write + Send),
    ) -> Result<(), RunError> {
        let data = self.data.settle(matches)?;
        let found = back_up(&data, &named("the backup", self.to.clone()))?;
        if found.layout == found.known_layout {
            // So that whoever is erased can be told where they still are.
            runtime()?.block_on(note(&data, &self.to))?;
        }
        tell(&found, "the backup has what there is", out)?;
        say(out, &format!("{} holds {}\n", self.to, all_of(&found)))
    }
}

impl RestoreArgs {
    pub(super) fn run(
        self,
        matches: &ArgMatches,
        out: &mut (dyn Write + Send),
    ) -> Result<(), RunError> {
        let data = self.data.settle(matches)?;
        let found = restore(&settled("the backup", self.from), &data)?;
        tell(&found, "nothing was restored", out)?;
        let folder = data.value.display();
        say(out, &format!("{folder} holds {}\n", all_of(&found)))
    }
}

impl VerifyArgs {
    pub(super) fn run(
        self,
        matches: &ArgMatches,
        out: &mut (dyn Write + Send),
    ) -> Result<(), RunError> {
        let data = match self.folder {
            Some(folder) => settled("the backup", folder),
            None => self.data.settle(matches)?,
        };
        let found = verify(&data)?;
        tell(&found, "keep a copy before anything else", out)?;
        say(out, &format!("sound: {}\n", all_of(&found)))
    }
}

/// Writes down where the backup is.
async fn note(data: &Settled<PathBuf>, to: &str) -> Result<(), RunError> {
    let place = std::path::absolute(to).unwrap_or_else(|_| PathBuf::from(to));
    let backup = Backup {
        path: place.display().to_string(),
        made_ms: Clock::system().now_ms(),
    };
    let store = open_existing(data)?;
    store.note_backup(backup).await?;
    Ok(store.close().await?)
}

fn named(flag: &'static str, value: String) -> Given {
    let from = Source::Flag(flag);
    Given { from, value }
}

fn settled(flag: &'static str, value: String) -> Settled<PathBuf> {
    Settled {
        value: PathBuf::from(&value),
        given: named(flag, value),
    }
}

/// One line for each finding; fails when there is one.
fn tell(
    found: &Findings,
    hint: &'static str,
    out: &mut (dyn Write + Send),
) -> Result<(), RunError> {
    for flaw in &found.flaws {
        say(out, &format!("{}: {}\n", flaw.code, flaw.what))?;
    }
    match found.flaws.len() {
        0 => Ok(()),
        n => Err(RunError::NotSound { n, hint }),
    }
}

fn all_of(found: &Findings) -> String {
    let Findings {
        layout,
        items,
        images,
        ..
    } = found;
    format!("{items} items and {images} images, layout {layout}")
}
