//! Turns files that define surveys into versions that run, or into what is wrong with them.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Subcommand};
use protocol::query::Finding;
use protocol::survey::{Survey, SurveyKind};
use store::{Directory, PublishedSurvey, Store};
use store_sqlite::SqliteStore;

use super::{DataArgs, project, runtime};
use crate::audit::command;
use crate::clock::Clock;
use crate::config::schema_text;
use crate::definitions::{self, Checked};
use crate::error::RunError;
use crate::settings::{Given, Source};
use crate::setup::say;

type Out<'a> = &'a mut (dyn Write + Send);

#[derive(Debug, Args)]
pub(super) struct SurveyArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what is wrong with definitions, without a data folder; exit code 2 when one has an error.
    Check {
        /// Definitions, as JSON
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Make definitions run, all of them or none; one that has not changed keeps its version.
    Publish {
        /// Definitions, as JSON
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// List the surveys that run.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Print the JSON Schema of definitions, for editors.
    Schema,
}

/// The database and the project that a command is about.
#[derive(Clone, Debug, Args)]
pub(super) struct Place {
    #[command(flatten)]
    data: DataArgs,
    /// Name of the project [default: the first]
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
}

impl Place {
    /// The database, and the name of the project.
    pub(super) fn open(
        self,
        matches: &ArgMatches,
    ) -> Result<(SqliteStore, Option<String>), RunError> {
        Ok((self.data.open(matches)?, self.project))
    }
}

impl SurveyArgs {
    pub(super) fn run(self, matches: &ArgMatches, out: Out<'_>) -> Result<(), RunError> {
        match self.command {
            Command::Check { files } => checked(&files, out).map(drop),
            Command::Publish { files, place } => {
                let surveys = checked(&files, out)?;
                let (store, project) = place.open(matches)?;
                runtime()?.block_on(publish(store, project, surveys, out))
            }
            Command::List { place } => {
                let (store, project) = place.open(matches)?;
                runtime()?.block_on(list(store, project, out))
            }
            Command::Schema => say(out, &schema_text()),
        }
    }
}

/// The surveys of all files, after everything was said that there is to say about them.
fn checked(files: &[PathBuf], out: Out<'_>) -> Result<Vec<Survey>, RunError> {
    let mut surveys: Vec<Survey> = Vec::new();
    for file in files {
        let Checked {
            mut survey,
            mut findings,
        } = definitions::check(&text_of(file)?);
        let taken = survey.take_if(|survey| surveys.iter().any(|other| other.id == survey.id));
        findings.extend(taken.map(|survey| definitions::id_taken(&survey.id)));
        for finding in &findings {
            say(out, &line(file, finding))?;
        }
        if findings.is_empty() {
            say(out, &format!("{}: good\n", file.display()))?;
        }
        surveys.extend(survey);
    }
    match files.len() - surveys.len() {
        0 => Ok(surveys),
        n => Err(RunError::Definitions { n }),
    }
}

/// What a definition's file says.
pub(super) fn text_of(file: &Path) -> Result<String, RunError> {
    std::fs::read_to_string(file).map_err(|error| {
        let given = Given {
            from: Source::Flag("FILE"),
            value: file.display().to_string(),
        };
        given.wrong(format!("cannot be read: {error}")).into()
    })
}

/// `nps.json: error /questions/0/title: The text is empty. (empty)`
pub(super) fn line(file: &Path, finding: &Finding) -> String {
    let Finding {
        pointer,
        code,
        message,
        ..
    } = finding;
    let kind = if finding.is_error { "error" } else { "warning" };
    let place = match pointer.as_str() {
        "" => String::new(),
        pointer => format!(" {pointer}"),
    };
    format!("{}: {kind}{place}: {message} ({code})\n", file.display())
}

async fn publish(
    store: SqliteStore,
    name: Option<String>,
    surveys: Vec<Survey>,
    out: Out<'_>,
) -> Result<(), RunError> {
    let project = project(&store, name.as_deref()).await?;
    let now_ms = Clock::system().now_ms();
    let who = command(project.id);
    let published = definitions::publish_anyway(&store, &who, surveys, now_ms).await?;
    store.close().await?;
    for one in published {
        let unchanged = if one.is_new { "" } else { ", unchanged" };
        say(
            out,
            &format!("{} version {}{unchanged}\n", one.survey, one.version),
        )?;
    }
    Ok(())
}

async fn list(store: SqliteStore, name: Option<String>, out: Out<'_>) -> Result<(), RunError> {
    let project = project(&store, name.as_deref()).await?;
    let published = store.surveys(project.id).await?;
    store.close().await?;
    // Sorted by id, then by version: what runs is the last of each id.
    for (index, one) in published.iter().enumerate() {
        let next = published.get(index + 1);
        if next.is_none_or(|next| next.survey.id != one.survey.id) {
            say(out, &row(one))?;
        }
    }
    Ok(())
}

/// Tabs between the columns, so that scripts can tell them apart.
fn row(one: &PublishedSurvey) -> String {
    let survey = &one.survey;
    let kind = match survey.kind {
        SurveyKind::Survey => "survey",
        SurveyKind::Feedback(_) => "feedback",
    };
    format!("{}\t{}\t{kind}\t{}\n", survey.id, one.version, survey.name)
}
