//! Turns a command line into work: `firsthand serve` and `firsthand init`.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::error::RunError;
use crate::serve::serve;
use crate::settings::{Given, Overrides, Settings, SettingsError, Source, settle_data};
use crate::setup::{self, Preparation};

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
    Serve(ServeArgs),
    /// Prepare a data folder without a prompt; run again, it updates.
    Init(InitArgs),
}

// Values stay text here, so that one place reads them all and names where each came from.
#[derive(Debug, Args)]
struct ServeArgs {
    /// Address and port; port 0 picks a free one [default: 127.0.0.1:8787]
    #[arg(long, value_name = "ADDRESS:PORT", env = "FIRSTHAND_LISTEN")]
    listen: Option<String>,
    /// Folder of the database [default: ./firsthand-data]
    #[arg(long, value_name = "FOLDER", env = "FIRSTHAND_DATA")]
    data: Option<String>,
    /// Path below which everything is served [default: /]
    #[arg(long, value_name = "PATH", env = "FIRSTHAND_BASE_PATH")]
    base_path: Option<String>,
    /// Where people reach the console, when a proxy stands in front of it
    #[arg(long, value_name = "URL", env = "FIRSTHAND_PUBLIC_URL")]
    public_url: Option<String>,
    /// TOML file with any of these settings, underscores for hyphens
    #[arg(long, value_name = "FILE", env = "FIRSTHAND_CONFIG")]
    config: Option<String>,
    /// Log lines as text or json [default: text]
    #[arg(long, value_name = "FORMAT", env = "FIRSTHAND_LOG")]
    log: Option<String>,
    /// off, error, warn, info, debug or trace [default: info]
    #[arg(long, value_name = "LEVEL", env = "FIRSTHAND_LOG_LEVEL")]
    log_level: Option<String>,
}

#[derive(Debug, Args)]
struct InitArgs {
    /// Folder of the database [default: ./firsthand-data]
    #[arg(long, value_name = "FOLDER", env = "FIRSTHAND_DATA")]
    data: Option<String>,
    /// E-mail address of a person who may sign in
    #[arg(long, value_name = "EMAIL", env = "FIRSTHAND_ADMIN")]
    admin: String,
    /// That person's password; in the environment it stays out of the process list
    #[arg(
        long,
        value_name = "PASSWORD",
        env = "FIRSTHAND_PASSWORD",
        hide_env_values = true
    )]
    password: String,
    /// Public key of the site, as in data-site-key
    #[arg(long, value_name = "KEY", env = "FIRSTHAND_SITE_KEY")]
    site_key: String,
    /// Origin that may use the key; repeat for more
    #[arg(
        long = "origin",
        value_name = "URL",
        required = true,
        long_help = "Origin that may use the key; repeat for more. https://*.shop.example stands \
                     for any subdomain, http://localhost:* for any port"
    )]
    origins: Vec<String>,
    /// Survey to publish, as JSON; without it an NPS survey when there is none yet
    #[arg(long, value_name = "FILE")]
    survey: Option<PathBuf>,
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
    let done = match cli.command {
        Command::Serve(args) => run_serve(args, &matches, out),
        Command::Init(args) => run_init(args, &matches, out),
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

fn run_serve(
    args: ServeArgs,
    matches: &ArgMatches,
    out: &mut (dyn Write + Send),
) -> Result<(), RunError> {
    let matches = matches.subcommand_matches("serve");
    let given = |value, id, flag, variable| given(matches, value, id, flag, variable);
    let overrides = Overrides {
        listen: given(args.listen, "listen", "--listen", "FIRSTHAND_LISTEN"),
        data: given(args.data, "data", "--data", "FIRSTHAND_DATA"),
        base_path: given(
            args.base_path,
            "base_path",
            "--base-path",
            "FIRSTHAND_BASE_PATH",
        ),
        public_url: given(
            args.public_url,
            "public_url",
            "--public-url",
            "FIRSTHAND_PUBLIC_URL",
        ),
        log: given(args.log, "log", "--log", "FIRSTHAND_LOG"),
        log_level: given(
            args.log_level,
            "log_level",
            "--log-level",
            "FIRSTHAND_LOG_LEVEL",
        ),
        config: given(args.config, "config", "--config", "FIRSTHAND_CONFIG"),
    };
    let settings = Settings::settle(overrides)?;
    runtime()?.block_on(serve(settings, out))
}

/// A value of the command line, from its flag unless the environment had it.
fn given(
    matches: Option<&ArgMatches>,
    value: Option<String>,
    id: &str,
    flag: &'static str,
    variable: &'static str,
) -> Option<Given> {
    let source = matches.and_then(|matches| matches.value_source(id));
    let from = match source {
        Some(ValueSource::EnvVariable) => Source::Environment(variable),
        _ => Source::Flag(flag),
    };
    value.map(|value| Given { from, value })
}

fn run_init(
    args: InitArgs,
    matches: &ArgMatches,
    out: &mut (dyn Write + Send),
) -> Result<(), RunError> {
    let matches = matches.subcommand_matches("init");
    let data = given(matches, args.data, "data", "--data", "FIRSTHAND_DATA");
    let data = settle_data(data)?;
    let preparation = Preparation {
        admin: checked("--admin", args.admin, check_email)?,
        password: checked_password(args.password)?,
        site_key: checked("--site-key", args.site_key, check_site_key)?,
        origins: args
            .origins
            .into_iter()
            .map(|origin| checked("--origin", origin, check_origin))
            .collect::<Result<_, _>>()?,
        survey: args.survey.as_deref().map(setup::read_survey).transpose()?,
    };
    runtime()?.block_on(setup::init(&data, preparation, out))
}

/// Answers the value when `check` has nothing to say against it.
fn checked(
    flag: &'static str,
    value: String,
    check: impl FnOnce(&str) -> Result<(), String>,
) -> Result<String, SettingsError> {
    let given = Given {
        from: Source::Flag(flag),
        value,
    };
    given.read(check)?;
    Ok(given.value)
}

fn check_email(text: &str) -> Result<(), String> {
    let looks_right = text
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        && !text.contains(char::is_whitespace);
    looks_right
        .then_some(())
        .ok_or_else(|| String::from("is no e-mail address"))
}

fn check_site_key(text: &str) -> Result<(), String> {
    protocol::limits::is_site_key(text)
        .then_some(())
        .ok_or_else(|| String::from("is no site key: 8 to 64 of a-z, A-Z, 0-9, - and _"))
}

fn check_origin(text: &str) -> Result<(), String> {
    let parsed = text.parse::<crate::OriginPattern>();
    parsed
        .map(drop)
        .map_err(|error| format!("is no origin: {error}"))
}

/// Shorter ones fall to guessing, throttle or not.
const MIN_PASSWORD_CHARS: usize = 8;

fn checked_password(password: String) -> Result<String, SettingsError> {
    if password.chars().count() >= MIN_PASSWORD_CHARS {
        return Ok(password);
    }
    Err(SettingsError::Secret {
        from: Source::Flag("--password"),
        reason: "a password has at least 8 characters",
    })
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
