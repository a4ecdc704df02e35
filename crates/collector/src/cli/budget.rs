//! Turns budgets in a file into a verdict on traces, into versions in force, and history into budgets.

mod evaluate;
mod har;
mod junit;
mod suggest;
mod table;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Subcommand, ValueEnum};
use protocol::budget::Budgets;
use protocol::query::Finding;
use protocol::query::performance::Health;
use store::{Store, Telemetry};
use store_sqlite::SqliteStore;
use url::Url;

use self::evaluate::{Report, evaluate};
use self::suggest::SuggestArgs;
use super::survey::{Place, line, text_of};
use super::{project, runtime};
use crate::audit::{Deed, note_command};
use crate::budgets;
use crate::clock::Clock;
use crate::error::RunError;
use crate::settings::{Given, Source};
use crate::setup::say;

type Out<'a> = &'a mut (dyn Write + Send);

#[derive(Debug, Args)]
pub(super) struct BudgetArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Hold recorded traces against budgets; exit code 1 when one is breached, 2 for bad input.
    Check(CheckArgs),
    /// Propose thresholds from stored history, and what each would have cost.
    Suggest(SuggestArgs),
    /// Put budgets in force.
    Publish {
        /// Budgets, as JSON
        #[arg(value_name = "BUDGETS")]
        budgets: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Print the JSON Schema of budgets, for editors.
    Schema,
}

#[derive(Debug, Args)]
struct CheckArgs {
    /// Budgets, as JSON
    #[arg(value_name = "BUDGETS")]
    budgets: PathBuf,
    /// Recorded traces (HAR 1.2); without any only the budgets are checked
    #[arg(value_name = "TRACE")]
    traces: Vec<PathBuf>,
    /// What is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Origin of the page: scheme and host [default: that of the first document]
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,
    /// Count what no request says anything about as breached
    #[arg(long)]
    fail_unknown: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For programs
    Json,
    /// For CI servers
    Junit,
}

impl BudgetArgs {
    pub(super) fn run(self, matches: &ArgMatches, out: Out<'_>) -> Result<(), RunError> {
        match self.command {
            Command::Check(args) => check(&args, out),
            Command::Suggest(args) => args.run(matches, out),
            Command::Publish { budgets, place } => {
                let document = text_of(&budgets)?;
                read(&budgets, &document, out)?;
                let (store, name) = place.open(matches)?;
                runtime()?.block_on(publish(store, name, document, out))
            }
            Command::Schema => say(out, &schema_text()),
        }
    }
}

/// The JSON Schema of budgets, with a line break at its end.
fn schema_text() -> String {
    // A tree of JSON, which always can be written.
    serde_json::to_string_pretty(&latency::budgets::schema()).unwrap_or_default() + "\n"
}

/// The budgets of a file, and what is worth a second look, which was said.
fn read(file: &Path, document: &str, out: Out<'_>) -> Result<(Budgets, Vec<Finding>), RunError> {
    let (found, findings) = match budgets::check(document) {
        // What was checked can be read.
        Ok(findings) => (latency::budgets::parse(document).ok(), findings),
        Err(findings) => (None, findings),
    };
    for finding in &findings {
        say(out, &line(file, finding))?;
    }
    let budgets = found.ok_or(RunError::Budgets)?;
    Ok((budgets, findings))
}

fn check(args: &CheckArgs, out: Out<'_>) -> Result<(), RunError> {
    let document = text_of(&args.budgets)?;
    let (budgets, findings) = if args.format == Format::Table {
        read(&args.budgets, &document, out)?
    } else {
        // What programs read has nothing else in it.
        read(&args.budgets, &document, &mut std::io::stderr())?
    };
    if args.traces.is_empty() && args.format == Format::Table {
        return say(out, &format!("{}: good\n", args.budgets.display()));
    }
    let origin = args.origin.as_deref().map(origin).transpose()?;
    let mut traces = Vec::with_capacity(args.traces.len());
    for file in &args.traces {
        let bytes =
            std::fs::read(file).map_err(|error| wrong(file, format!("cannot be read: {error}")))?;
        let trace = har::read(&bytes, origin.as_deref(), &budgets);
        let trace = trace.map_err(|reason| wrong(file, reason))?;
        traces.push((file.display().to_string(), trace));
    }
    let report = evaluate(&budgets, &traces, findings);
    say(out, &text(&report, args)?)?;
    verdict(&report, args.fail_unknown)
}

fn wrong(file: &Path, reason: String) -> RunError {
    let given = Given {
        from: Source::Flag("TRACE"),
        value: file.display().to_string(),
    };
    given.wrong(reason).into()
}

/// As browsers write it.
fn origin(text: &str) -> Result<String, RunError> {
    let url = Url::parse(text).ok();
    let origin = url.map(|url| url.origin()).filter(url::Origin::is_tuple);
    let given = Given {
        from: Source::Flag("--origin"),
        value: String::from(text),
    };
    match origin {
        Some(origin) => Ok(origin.ascii_serialization()),
        None => Err(given
            .wrong("is no origin, such as https://shop.example")
            .into()),
    }
}

fn text(report: &Report, args: &CheckArgs) -> Result<String, RunError> {
    Ok(match args.format {
        Format::Table => table::table(report),
        Format::Junit => junit::junit(report, args.fail_unknown),
        Format::Json => {
            let text = serde_json::to_string_pretty(report);
            let text = text.map_err(|error| RunError::System {
                doing: "write JSON",
                source: error.into(),
            })?;
            text + "\n"
        }
    })
}

/// What is unknown is not fine, and breaches only where that is asked for.
fn verdict(report: &Report, fail_unknown: bool) -> Result<(), RunError> {
    let breached = report.count(Health::Breached);
    let unknown = report.count(Health::Unknown);
    if breached > 0 || fail_unknown && unknown > 0 {
        return Err(RunError::NotKept { breached, unknown });
    }
    Ok(())
}

async fn publish(
    store: SqliteStore,
    name: Option<String>,
    document: String,
    out: Out<'_>,
) -> Result<(), RunError> {
    let project = project(&store, name.as_deref()).await?;
    let now_ms = Clock::system().now_ms();
    let published = store.publish_budgets(project.id, document, now_ms).await?;
    if published.is_new {
        let detail = format!("version {}", published.version);
        let deed = Deed::new("budgets.publish", "budgets").with(detail);
        note_command(&store, project.id, deed, now_ms).await?;
    }
    store.close().await?;
    let unchanged = if published.is_new { "" } else { ", unchanged" };
    say(
        out,
        &format!("budgets version {}{unchanged}\n", published.version),
    )
}
