//! Turns the flags of `firsthand init` into a prepared data folder.

use std::io::Write;
use std::path::PathBuf;

use clap::{ArgMatches, Args};

use super::{given, runtime};
use crate::console_api::{MIN_PASSWORD_CHARS, is_email};
use crate::error::RunError;
use crate::settings::{Given, SettingsError, Source, settle_data};
use crate::setup::{self, Preparation};

#[derive(Debug, Args)]
pub(super) struct InitArgs {
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
    /// Survey to publish, as JSON; without it an NPS survey and a feedback form when there is none yet
    #[arg(long, value_name = "FILE")]
    survey: Option<PathBuf>,
}

pub(super) fn run_init(
    args: InitArgs,
    matches: &ArgMatches,
    out: &mut (dyn Write + Send),
) -> Result<(), RunError> {
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
pub(super) fn checked(
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

pub(super) fn check_email(text: &str) -> Result<(), String> {
    is_email(text)
        .then_some(())
        .ok_or_else(|| String::from("is no e-mail address"))
}

pub(super) fn check_site_key(text: &str) -> Result<(), String> {
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

fn checked_password(password: String) -> Result<String, SettingsError> {
    if password.chars().count() >= MIN_PASSWORD_CHARS {
        return Ok(password);
    }
    Err(SettingsError::Secret {
        from: Source::Flag("--password"),
        reason: "a password has at least 8 characters",
    })
}
