//! Turns what was refused into lines that people read, into items, or into nothing.

use std::fmt::Write as _;
use std::io::Write;
use std::sync::Arc;

use chrono::DateTime;
use clap::{ArgMatches, Args, Subcommand};
use store::{Aside, Ledger, Letter, LettersFilter, Store};
use store_sqlite::SqliteStore;

use super::survey::Place;
use super::{project, runtime};
use crate::clock::Clock;
use crate::error::RunError;
use crate::ingest::{Replayed, replay};
use crate::setup::say;

type Out<'a> = &'a mut (dyn Write + Send);

#[derive(Debug, Args)]
pub(super) struct LettersArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Count what was refused and is kept aside, by reason.
    Count {
        #[command(flatten)]
        place: Place,
    },
    /// List what was refused, the oldest first: number, time, reason, what is wrong.
    List {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        which: Which,
        /// Print the refused lines as well, as they are kept
        #[arg(long)]
        lines: bool,
        /// At most so many
        #[arg(long, value_name = "NUMBER", default_value_t = 100)]
        limit: u32,
    },
    /// Try again what was refused, once the reason has gone away: a survey was published, for instance.
    Replay {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        which: Which,
    },
    /// List what came under an id that was another item's, and what is kept under it, the oldest first.
    Conflicts {
        #[command(flatten)]
        place: Place,
        /// At most so many
        #[arg(long, value_name = "NUMBER", default_value_t = 100)]
        limit: u32,
    },
    /// Throw away what was refused for one reason.
    Discard {
        #[command(flatten)]
        place: Place,
        /// Only what was refused for this reason, as in `unknown_survey`
        #[arg(long, value_name = "CODE")]
        reason: String,
    },
}

/// Which letters a command is about.
#[derive(Debug, Args)]
struct Which {
    /// Only what was refused for this reason, as in `unknown_survey`
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
}

impl LettersArgs {
    pub(super) fn run(self, matches: &ArgMatches, out: Out<'_>) -> Result<(), RunError> {
        let runtime = runtime()?;
        match self.command {
            Command::Count { place } => {
                let (store, name) = place.open(matches)?;
                say(out, &runtime.block_on(count(store, name))?)
            }
            Command::List {
                place,
                which,
                lines,
                limit,
            } => {
                let (store, name) = place.open(matches)?;
                let listed = list(store, name, which.reason, limit);
                let letters = runtime.block_on(listed)?;
                letters
                    .iter()
                    .try_for_each(|letter| say(out, &row(letter, lines)))
            }
            Command::Replay { place, which } => {
                let (store, name) = place.open(matches)?;
                let replayed = runtime.block_on(again(store, name, which.reason))?;
                say(out, &summary(&replayed))
            }
            Command::Conflicts { place, limit } => {
                let (store, name) = place.open(matches)?;
                let asides = runtime.block_on(asides(store, name, limit))?;
                asides.iter().try_for_each(|aside| say(out, &pair(aside)))
            }
            Command::Discard { place, reason } => {
                let (store, name) = place.open(matches)?;
                let gone = runtime.block_on(discard(store, name, reason))?;
                say(out, &format!("{gone} discarded\n"))
            }
        }
    }
}

async fn count(store: SqliteStore, name: Option<String>) -> Result<String, RunError> {
    let project = project(&store, name.as_deref()).await?;
    let sums = store.letter_sums(project.id).await?;
    store.close().await?;
    let mut text = String::new();
    for sum in sums {
        // Text can always be written to a string.
        let _ = writeln!(
            text,
            "{}\t{}\t{} dropped",
            sum.reason, sum.letters, sum.dropped
        );
    }
    Ok(text)
}

async fn list(
    store: SqliteStore,
    name: Option<String>,
    reason: Option<String>,
    limit: u32,
) -> Result<Vec<Letter>, RunError> {
    let project = project(&store, name.as_deref()).await?.id;
    let filter = LettersFilter {
        project,
        reason,
        after: 0,
        limit,
    };
    let letters = store.letters(filter).await?;
    store.close().await?;
    Ok(letters)
}

async fn asides(
    store: SqliteStore,
    name: Option<String>,
    limit: u32,
) -> Result<Vec<Aside>, RunError> {
    let project = project(&store, name.as_deref()).await?.id;
    let asides = store.asides(project, limit).await?;
    store.close().await?;
    Ok(asides)
}

/// One line that says which, one with what came, and one with what is kept.
fn pair(aside: &Aside) -> String {
    let kept = aside.kept.as_deref().unwrap_or("nothing to be shown");
    format!(
        "{}\t{}\t{}\ncame: {}\nkept: {}\n",
        aside.id.0,
        time(aside.received_ms),
        aside.install.0,
        aside.line.replace(char::is_control, " "),
        kept.replace(char::is_control, " "),
    )
}

fn time(at_ms: u64) -> String {
    let at = i64::try_from(at_ms).ok();
    let at = at.and_then(DateTime::from_timestamp_millis);
    at.map_or_else(String::new, |at| {
        at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    })
}

/// Tabs between the columns, so that scripts can tell them apart.
fn row(letter: &Letter, with_line: bool) -> String {
    let at = time(letter.received_ms);
    let message = letter.message.replace(char::is_control, " ");
    let mut row = format!("{}\t{at}\t{}\t{message}\n", letter.number, letter.reason);
    if with_line {
        row += &letter.line.replace(char::is_control, " ");
        row.push('\n');
    }
    row
}

async fn again(
    store: SqliteStore,
    name: Option<String>,
    reason: Option<String>,
) -> Result<Replayed, RunError> {
    let store: Arc<dyn Store> = Arc::new(store);
    let project = project(&*store, name.as_deref()).await?.id;
    let replayed = replay(Arc::clone(&store), &Clock::system(), project, reason).await;
    store.close().await?;
    replayed
}

fn summary(replayed: &Replayed) -> String {
    let Replayed {
        accepted,
        duplicate,
        conflict,
        refused,
        skipped,
    } = replayed;
    let mut text = format!("{accepted} accepted, {duplicate} were there, {conflict} in conflict");
    for (reason, letters) in refused {
        let _ = write!(text, ", {letters} still {reason}");
    }
    if *skipped > 0 {
        let _ = write!(
            text,
            ", {skipped} cannot be tried: cut, or of a site that is gone"
        );
    }
    text.push('\n');
    text
}

async fn discard(
    store: SqliteStore,
    name: Option<String>,
    reason: String,
) -> Result<u64, RunError> {
    let project = project(&store, name.as_deref()).await?.id;
    let filter = LettersFilter {
        project,
        reason: Some(reason),
        after: 0,
        limit: u32::MAX >> 1,
    };
    let letters = store.letters(filter).await?;
    let numbers = letters.into_iter().map(|letter| letter.number).collect();
    let gone = store.discard_letters(project, numbers).await?;
    store.close().await?;
    Ok(gone)
}
