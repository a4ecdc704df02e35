//! Turns a command line into work: `firsthand serve`, `init`, `backup` and the others.

mod budget;
mod doctor;
mod init;
mod letters;
mod person;
mod seed;
mod serve;
mod site;
mod survey;
mod team;
mod upkeep;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use store::{Project, Store};
use store_sqlite::SqliteStore;

use self::budget::BudgetArgs;
use self::doctor::DoctorArgs;
use self::init::{InitArgs, run_init};
use self::letters::LettersArgs;
use self::person::PersonArgs;
use self::seed::SeedArgs;
use self::serve::{ServeArgs, run_serve};
use self::site::SiteArgs;
use self::survey::SurveyArgs;
use self::team::TeamArgs;
use self::upkeep::{BackupArgs, RestoreArgs, VerifyArgs};
use crate::error::RunError;
use crate::settings::{Given, SettingsError, Settled, Source, settle_data};
use crate::setup;

/// Hears what users say and what they wait for, and keeps it in your own house.
#[derive(Debug, Parser)]
#[command(name = "firsthand", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve everything: the script tag, ingest, the console.
    Serve(Box<ServeArgs>),
    /// Prepare a data folder without a prompt; run again, it updates.
    Init(InitArgs),
    /// Check, publish and list surveys that are kept as files.
    Survey(SurveyArgs),
    /// Hold traces against budgets, put budgets in force, propose them from history.
    Budget(BudgetArgs),
    /// Look after who may sign in, and what they may do.
    Team(TeamArgs),
    /// Find out why nothing arrives: asks a collector as pages do, and says what is wrong.
    Doctor(DoctorArgs),
    /// Look at what was refused, and try it again.
    Letters(LettersArgs),
    /// Look after the sites that send.
    Site(SiteArgs),
    /// Export or erase what is kept about somebody who answered.
    Person(PersonArgs),
    /// Fill a data folder with made-up people, answers and requests, to look around or to measure.
    Seed(SeedArgs),
    /// Copy everything into a new folder, also while it is served.
    Backup(BackupArgs),
    /// Make a data folder from a backup.
    Restore(RestoreArgs),
    /// Check that everything is there and whole.
    Verify(VerifyArgs),
}

/// The data folder of a command that works beside a running collector.
#[derive(Clone, Debug, Args)]
struct DataArgs {
    /// Folder of the database [default: ./firsthand-data]
    #[arg(long, value_name = "FOLDER", env = "FIRSTHAND_DATA")]
    data: Option<String>,
}

impl DataArgs {
    /// The database, which has to be there: a mistyped folder shall not become a new one.
    fn open(self, matches: &ArgMatches) -> Result<SqliteStore, RunError> {
        setup::open_existing(&self.settle(matches)?)
    }

    /// The folder, whatever is in it.
    fn settle(self, matches: &ArgMatches) -> Result<Settled<PathBuf>, SettingsError> {
        let data = given(matches, self.data, "data", "--data", "FIRSTHAND_DATA");
        settle_data(data)
    }
}

/// A value of the command line, from its flag unless the environment had it.
fn given(
    matches: &ArgMatches,
    value: Option<String>,
    id: &str,
    flag: &'static str,
    variable: &'static str,
) -> Option<Given> {
    let from = match matches.value_source(id) {
        Some(ValueSource::EnvVariable) => Source::Environment(variable),
        _ => Source::Flag(flag),
    };
    value.map(|value| Given { from, value })
}

/// What the innermost command was given.
fn innermost(mut matches: &ArgMatches) -> &ArgMatches {
    while let Some((_, inner)) = matches.subcommand() {
        matches = inner;
    }
    matches
}

/// Does what the command line asks. `out` is for what scripts read, logs go to stderr.
pub fn run(args: impl IntoIterator<Item = OsString>, out: &mut (dyn Write + Send)) -> ExitCode {
    let parsed = Cli::command()
        .try_get_matches_from(args)
        .and_then(|matches| Cli::from_arg_matches(&matches).map(|cli| (cli, matches)));
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help goes to stdout and is no failure; a mistake goes to stderr. If neither can be
            // written there is nobody to tell.
            let _ = error.print();
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            return ExitCode::from(code);
        }
    };
    let matches = innermost(&matches);
    let done = match cli.command {
        Command::Serve(args) => run_serve(*args, matches, out),
        Command::Init(args) => run_init(args, matches, out),
        Command::Survey(args) => args.run(matches, out),
        Command::Budget(args) => args.run(matches, out),
        Command::Team(args) => args.run(matches, out),
        Command::Doctor(args) => args.run(out),
        Command::Letters(args) => args.run(matches, out),
        Command::Site(args) => args.run(matches, out),
        Command::Person(args) => args.run(matches, out),
        Command::Seed(args) => args.run(matches, out),
        Command::Backup(args) => args.run(matches, out),
        Command::Restore(args) => args.run(matches, out),
        Command::Verify(args) => args.run(matches, out),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // As above.
            let _ = writeln!(std::io::stderr(), "firsthand: {error}");
            error.exit_code()
        }
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, RunError> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder
        .enable_all()
        .build()
        .map_err(|source| RunError::System {
            doing: "start the runtime",
            source,
        })
}

/// The project of this name, or the first.
async fn project(store: &dyn Store, name: Option<&str>) -> Result<Project, RunError> {
    let projects = store.projects().await?;
    let names: Vec<_> = projects.iter().map(|p| format!("{:?}", p.name)).collect();
    let found = match name {
        Some(name) => projects.into_iter().find(|project| project.name == name),
        None => projects.into_iter().next(),
    };
    found.ok_or_else(|| RunError::Missing {
        what: "project",
        name: name.unwrap_or_default().to_owned(),
        hint: match names.as_slice() {
            [] => String::from("; `firsthand init` makes one"),
            names => format!("; there is {}", names.join(", ")),
        },
    })
}
