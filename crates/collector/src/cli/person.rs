//! Turns an id of somebody who answered into everything that is kept about them, or into nothing.

use std::io::Write;
use std::sync::Arc;

use chrono::DateTime;
use clap::{ArgMatches, Args, Subcommand};
use protocol::id::{InstallId, ResponseId};
use protocol::query::custody::{Erased, Held, Whom};
use store::{Project, Store, Subject};

use super::{DataArgs, project, runtime};
use crate::attachments::{Folder, IMAGES};
use crate::audit::note_command;
use crate::clock::Clock;
use crate::custody::{self, ERASED, EXPORTED, Export};
use crate::error::RunError;
use crate::setup::say;

#[derive(Debug, Args)]
pub(super) struct PersonArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print everything that is kept about somebody, as lines of JSON with images in base64.
    Export {
        #[command(flatten)]
        whose: Whose,
    },
    /// Take away everything that is kept about somebody; without --yes, only say what that is.
    #[command(
        long_about = "Take away everything that is kept about somebody: what their pages sent, what \
                      was made of it, and their images. Without --yes, only say what that is. Only \
                      hashes of ids stay, so that nothing comes back by a late delivery. Copies of \
                      the database that still hold it are listed; they are yours to remove."
    )]
    Erase {
        #[command(flatten)]
        whose: Whose,
        /// Do it
        #[arg(long)]
        yes: bool,
        /// Leave the database file as it is: faster, but unused parts of it may still hold copies
        #[arg(long)]
        no_rewrite: bool,
    },
}

#[derive(Debug, Args)]
struct Whose {
    #[command(flatten)]
    data: DataArgs,
    /// Name of the project; the first one without it
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Who {
    /// A browser profile
    #[arg(long, value_name = "UUID")]
    install: Option<InstallId>,
    /// The page's own id of a person
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    /// One response
    #[arg(long, value_name = "UUID")]
    response: Option<ResponseId>,
}

/// What both commands work on.
struct Opened {
    store: Arc<dyn Store>,
    folder: Option<Folder>,
    project: Project,
    subject: Subject,
}

impl PersonArgs {
    pub(super) fn run(
        self,
        matches: &ArgMatches,
        out: &mut (dyn Write + Send),
    ) -> Result<(), RunError> {
        runtime()?.block_on(async {
            match self.command {
                Command::Export { whose } => {
                    let opened = whose.open(matches).await?;
                    export(opened, out).await
                }
                Command::Erase {
                    whose,
                    yes,
                    no_rewrite,
                } => {
                    let opened = whose.open(matches).await?;
                    erase(opened, yes, !no_rewrite, out).await
                }
            }
        })
    }
}

impl Whose {
    async fn open(self, matches: &ArgMatches) -> Result<Opened, RunError> {
        let Who {
            install,
            person,
            response,
        } = self.who;
        let whom = Whom {
            install,
            person,
            response,
        };
        let subject = custody::subject(whom).map_err(|reason| RunError::Unclear { reason })?;
        let data = self.data.settle(matches)?;
        let images = data.value.join(IMAGES);
        let store: Arc<dyn Store> = Arc::new(crate::setup::open_existing(&data)?);
        let project = project(&*store, self.project.as_deref()).await?;
        Ok(Opened {
            store,
            folder: images.is_dir().then(|| Folder::open(images)).transpose()?,
            project,
            subject,
        })
    }
}

async fn export(opened: Opened, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
    let now_ms = Clock::system().now_ms();
    let store = Arc::clone(&opened.store);
    let (project, subject) = (opened.project.id, opened.subject.clone());
    let mut export = Export::begin(store, opened.project, opened.subject, now_ms).await?;
    let deed = custody::deed(EXPORTED, &subject, &export.counts);
    note_command(&*opened.store, project, deed, now_ms).await?;
    while let Some(lines) = export.next(opened.folder.as_ref()).await? {
        say(out, &lines)?;
    }
    opened.store.close().await?;
    Ok(())
}

async fn erase(
    opened: Opened,
    yes: bool,
    rewrite: bool,
    out: &mut (dyn Write + Send),
) -> Result<(), RunError> {
    let Opened {
        store,
        folder,
        project,
        subject,
    } = opened;
    if yes {
        let (folder, now_ms) = (folder.as_ref(), Clock::system().now_ms());
        let whom = subject.clone();
        let erased = custody::erase(&*store, folder, project.id, whom, now_ms, rewrite).await?;
        let deed = custody::deed(ERASED, &subject, &erased.counts);
        note_command(&*store, project.id, deed, now_ms).await?;
        say(out, &told_erased(&erased))?;
    } else {
        let held = custody::held(&*store, project.id, subject).await?;
        say(out, &told_held(&held, &project.name))?;
    }
    store.close().await?;
    Ok(())
}

fn told_held(held: &Held, project: &str) -> String {
    let Some(first_ms) = held.first_ms else {
        return format!("nothing is kept about them in the project {project:?}\n");
    };
    format!(
        "kept in the project {project:?} since {}: {}\nnothing was changed; --yes erases it, and \
         what names nobody on a browser that they share with others\n",
        time(first_ms),
        listed(held.counts.iter())
    )
}

fn told_erased(erased: &Erased) -> String {
    let mut text = match erased.counts.is_empty() {
        true => String::from("nothing was kept about them; what arrives late is refused\n"),
        false => format!("erased: {}\n", listed(erased.counts.iter())),
    };
    if !erased.rewritten {
        text.push_str("unused parts of the database file may still hold copies; erase again to have it written anew\n");
    }
    for copy in &erased.backups {
        let line = format!(
            "still in the copy of {}: {}\n",
            time(copy.made_ms),
            copy.path
        );
        text.push_str(&line);
    }
    text
}

fn listed<'a>(counts: impl Iterator<Item = (&'a String, &'a u64)>) -> String {
    let counts = counts.map(|(kind, n)| {
        let plural = match (kind.as_str(), n) {
            (_, 1) => "",
            ("loss", _) => "es",
            _ => "s",
        };
        format!("{n} {kind}{plural}")
    });
    counts.collect::<Vec<_>>().join(", ")
}

/// To the second, UTC.
fn time(ms: u64) -> String {
    let time = i64::try_from(ms)
        .ok()
        .and_then(DateTime::from_timestamp_millis);
    time.map_or_else(String::new, |time| {
        time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    })
}
