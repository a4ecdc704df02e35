//! Turns flags, environment and a file into one set of settings, or into which of them is wrong.
//!
//! Flags win over the environment, that over the file, that over the defaults. Every value is read
//! by the same function wherever it comes from, and a wrong one is told with the place it came from.

mod keep;
mod oidc;
mod values;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use axum::http::HeaderName;
use protocol::budget::Span;
use serde::Deserialize;
use store::Retention;
use tracing::level_filters::LevelFilter;

use crate::admission::{Limits, Rate};
use crate::outgoing::Range;

use self::oidc::OidcFile;

pub use self::keep::{Keep, KeepGiven};
pub use self::oidc::{OidcGiven, OidcSecret, OidcSettings};
pub use self::values::{BasePath, LogFormat, MetricsToken, OtlpEndpoint, PublicUrl};

/// Folder of the database when nobody names another.
const DEFAULT_DATA: &str = "./firsthand-data";

/// What `firsthand serve` needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where to accept connections; port 0 picks a free one.
    pub listen: Settled<SocketAddr>,
    /// Folder of the database.
    pub data: Settled<PathBuf>,
    /// Path below which everything is served.
    pub base_path: BasePath,
    /// Where people reach the console, when a proxy stands in front of it.
    pub public_url: Option<PublicUrl>,
    /// How log lines look.
    pub log: LogFormat,
    /// From which level on there are log lines.
    pub log_level: LevelFilter,
    /// How long what is kept of latency.
    pub retention: Retention,
    /// How long what is kept of people.
    pub keep: Keep,
    /// What a scraper has to know; without one, only this machine may ask.
    pub metrics_token: Option<MetricsToken>,
    /// Where metrics are sent, by OTLP over HTTP.
    pub otlp_endpoint: Option<OtlpEndpoint>,
    /// How often what pages send is taken.
    pub limits: Limits,
    /// Where inside requests may go that people configure.
    pub outgoing_allowed: Vec<Range>,
    /// Who else can tell who somebody is.
    pub oidc: Option<OidcSettings>,
}

/// Where a value came from; tells people what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A flag, as it is written: `--listen`.
    Flag(&'static str),
    /// An environment variable.
    Environment(&'static str),
    /// A key of the configuration file.
    File {
        /// The key.
        key: &'static str,
        /// The file.
        file: PathBuf,
    },
    /// Nobody said anything else.
    Default(&'static str),
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(name) | Self::Environment(name) => f.write_str(name),
            Self::File { key, file } => write!(f, "{key} in {}", file.display()),
            Self::Default(key) => write!(f, "{key} (its default)"),
        }
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// One value is wrong.
    #[error("{from}: {value:?} {reason}")]
    Value {
        /// Where it came from.
        from: Source,
        /// What it was.
        value: String,
        /// What is wrong with it, to be read after the value.
        reason: String,
    },
    /// One value that nobody shall read is wrong.
    #[error("{from}: {reason}")]
    Secret {
        /// Where it came from.
        from: Source,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The configuration file is no TOML, or has a key that does not exist.
    #[error("{}: {}", file.display(), source.to_string().trim_end())]
    Toml {
        /// The file.
        file: PathBuf,
        /// Which key, where and why.
        source: Box<toml::de::Error>,
    },
}

/// One value as it was given, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Where it came from.
    pub from: Source,
    /// As it was written.
    pub value: String,
}

impl Given {
    /// Reads the value with `read`, which says what is wrong after the value: "is no number".
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, SettingsError> {
        read(&self.value).map_err(|reason| self.wrong(reason))
    }

    /// As [`Given::read`], for a value whose use may still fail.
    pub(crate) fn settle<T>(
        self,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Settled<T>, SettingsError> {
        let value = self.read(read)?;
        Ok(Settled { value, given: self })
    }

    /// Nobody has said anything.
    fn by_default(key: &'static str, value: &str) -> Self {
        Self {
            from: Source::Default(key),
            value: String::from(value),
        }
    }

    pub(crate) fn wrong(&self, reason: impl Into<String>) -> SettingsError {
        SettingsError::Value {
            from: self.from.clone(),
            value: self.value.clone(),
            reason: reason.into(),
        }
    }
}

/// A value that was read, and how it was given: some turn out to be wrong only when they are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled<T> {
    /// What was read.
    pub value: T,
    /// What it was read from.
    pub given: Given,
}

/// What was given by flags or environment, before the file and the defaults.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Address and port.
    pub listen: Option<Given>,
    /// Folder.
    pub data: Option<Given>,
    /// Path.
    pub base_path: Option<Given>,
    /// URL.
    pub public_url: Option<Given>,
    /// `text` or `json`.
    pub log: Option<Given>,
    /// A level.
    pub log_level: Option<Given>,
    /// A length of time.
    pub keep_slices: Option<Given>,
    /// A length of time.
    pub keep_minutes: Option<Given>,
    /// Lengths of time.
    pub keep: KeepGiven,
    /// A secret.
    pub metrics_token: Option<Given>,
    /// URL.
    pub otlp_endpoint: Option<Given>,
    /// A number, or `off`.
    pub rate_per_key: Option<Given>,
    /// A number, or `off`.
    pub rate_per_network: Option<Given>,
    /// The name of a header.
    pub address_header: Option<Given>,
    /// An OpenID provider.
    pub oidc: OidcGiven,
    /// The configuration file.
    pub config: Option<Given>,
}

/// The configuration file. A key that is not here is a mistake, and told.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSettings {
    listen: Option<String>,
    data: Option<String>,
    base_path: Option<String>,
    public_url: Option<String>,
    log: Option<String>,
    log_level: Option<String>,
    keep_slices: Option<String>,
    keep_minutes: Option<String>,
    keep_responses: Option<String>,
    keep_impressions: Option<String>,
    keep_dismissals: Option<String>,
    keep_attachments: Option<String>,
    keep_vitals: Option<String>,
    keep_dead_letters: Option<String>,
    keep_losses: Option<String>,
    keep_ids: Option<String>,
    metrics_token: Option<String>,
    otlp_endpoint: Option<String>,
    rate_per_key: Option<String>,
    rate_per_network: Option<String>,
    address_header: Option<String>,
    outgoing: Option<OutgoingFile>,
    oidc: Option<OidcFile>,
}

/// What the file alone may say: flags and environment are for whoever starts the process, and so is
/// the file, but a list reads better there.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutgoingFile {
    #[serde(default)]
    allow: Vec<String>,
}

impl Settings {
    /// Settles every value.
    ///
    /// # Errors
    ///
    /// The first value that is wrong, or what is wrong with the file.
    pub fn settle(given: Overrides) -> Result<Self, SettingsError> {
        let file = given.config.as_ref().map(read_file).transpose()?;
        let file = file.unwrap_or_default();
        let path = given.config.map(|config| PathBuf::from(config.value));
        let settle = |given: Option<Given>, key, in_file: Option<String>, default: &str| {
            let in_file = in_file.zip(path.clone()).map(|(value, file)| Given {
                from: Source::File { key, file },
                value,
            });
            given
                .or(in_file)
                .unwrap_or_else(|| Given::by_default(key, default))
        };
        let listen = settle(given.listen, "listen", file.listen, "127.0.0.1:8787");
        let data = settle(given.data, "data", file.data, DEFAULT_DATA);
        let base_path = settle(given.base_path, "base_path", file.base_path, "/");
        let public_url = settle(given.public_url, "public_url", file.public_url, "");
        let log = settle(given.log, "log", file.log, "text");
        let log_level = settle(given.log_level, "log_level", file.log_level, "info");
        let slices = settle(given.keep_slices, "keep_slices", file.keep_slices, "48h");
        let minutes = settle(given.keep_minutes, "keep_minutes", file.keep_minutes, "30d");
        let token = settle(given.metrics_token, "metrics_token", file.metrics_token, "");
        let otlp = settle(given.otlp_endpoint, "otlp_endpoint", file.otlp_endpoint, "");
        let per_key = settle(
            given.rate_per_key,
            "rate_per_key",
            file.rate_per_key,
            "10000",
        );
        let per_network = settle(
            given.rate_per_network,
            "rate_per_network",
            file.rate_per_network,
            "200",
        );
        let header = settle(
            given.address_header,
            "address_header",
            file.address_header,
            "",
        );
        let in_file = [
            ("keep_responses", file.keep_responses),
            ("keep_impressions", file.keep_impressions),
            ("keep_dismissals", file.keep_dismissals),
            ("keep_attachments", file.keep_attachments),
            ("keep_vitals", file.keep_vitals),
            ("keep_dead_letters", file.keep_dead_letters),
            ("keep_losses", file.keep_losses),
            ("keep_ids", file.keep_ids),
        ];
        let mut in_file = std::collections::BTreeMap::from(in_file);
        let keep = given.keep.read(|given, key, default| {
            settle(given, key, in_file.remove(key).flatten(), default)
        })?;
        let public_url: Option<PublicUrl> = match public_url.from {
            Source::Default(_) => None,
            _ => Some(public_url.read(|text| text.parse())?),
        };
        let oidc = given.oidc.read(
            file.oidc.unwrap_or_default(),
            public_url.as_ref(),
            |given, key, in_file| settle(given, key, in_file, ""),
        )?;
        Ok(Self {
            oidc,
            listen: listen.settle(read_address)?,
            data: data.settle(read_path)?,
            base_path: base_path.read(|text| text.parse())?,
            public_url,
            log: log.read(|text| text.parse())?,
            log_level: log_level.read(read_level)?,
            retention: Retention {
                ids_ms: keep.lengths.ids_ms,
                ..read_retention(&slices, &minutes)?
            },
            keep,
            metrics_token: match token.from {
                Source::Default(_) => None,
                _ => Some(MetricsToken::read(&token)?),
            },
            otlp_endpoint: match otlp.from {
                Source::Default(_) => None,
                _ => Some(otlp.read(|text| text.parse())?),
            },
            outgoing_allowed: read_ranges(file.outgoing.unwrap_or_default(), path.as_deref())?,
            limits: Limits {
                per_key: per_key.read(|text| read_rate(text, 2))?,
                per_network: per_network.read(|text| read_rate(text, 5))?,
                address_header: match header.from {
                    Source::Default(_) => None,
                    _ => Some(header.read(read_header)?),
                },
            },
        })
    }
}

fn read_file(config: &Given) -> Result<FileSettings, SettingsError> {
    let text = config.read(|file| {
        std::fs::read_to_string(file).map_err(|error| format!("cannot be read: {error}"))
    })?;
    toml::from_str(&text).map_err(|source| SettingsError::Toml {
        file: PathBuf::from(&config.value),
        source: Box::new(source),
    })
}

fn read_ranges(outgoing: OutgoingFile, file: Option<&Path>) -> Result<Vec<Range>, SettingsError> {
    let ranges = outgoing.allow.into_iter().map(|value| {
        let from = Source::File {
            key: "outgoing.allow",
            file: file.map(PathBuf::from).unwrap_or_default(),
        };
        Given { from, value }.read(|text| text.parse())
    });
    ranges.collect()
}

fn read_address(text: &str) -> Result<SocketAddr, String> {
    let reason = "is no address and port, as in 127.0.0.1:8787 or [::]:8787";
    text.parse().map_err(|_| String::from(reason))
}

/// A folder; whether it can be used shows when it is.
fn read_path(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() {
        return Err(String::from("is no folder"));
    }
    Ok(PathBuf::from(text))
}

/// The folder of a command that reads no file.
pub(crate) fn settle_data(given: Option<Given>) -> Result<Settled<PathBuf>, SettingsError> {
    let given = given.unwrap_or_else(|| Given::by_default("data", DEFAULT_DATA));
    given.settle(read_path)
}

/// Sums by 10 s are needed for as long as late reports change outages, and those by the minute for
/// longer: a window that begins within one is exact only while they are there.
fn read_retention(slices: &Given, minutes: &Given) -> Result<Retention, SettingsError> {
    const HOUR_MS: u64 = 3_600_000;
    let length = |text: &str| {
        let reason = "is no length of time from 1h to 400d, as in 48h or 30d";
        let span: Span = text.parse().map_err(|_| reason)?;
        if (HOUR_MS..=400 * 24 * HOUR_MS).contains(&span.0) {
            Ok(span.0)
        } else {
            Err(String::from(reason))
        }
    };
    let slices_ms = slices.read(length)?;
    let minutes_ms = minutes.read(|text| match length(text)? {
        shorter if shorter < slices_ms => Err(String::from("is shorter than keep_slices")),
        minutes_ms => Ok(minutes_ms),
    })?;
    Ok(Retention {
        slices_ms,
        minutes_ms,
        ..Retention::default()
    })
}

/// Requests a second, and `seconds` of them at once; `off` for any number.
fn read_rate(text: &str, seconds: u32) -> Result<Option<Rate>, String> {
    if text == "off" {
        return Ok(None);
    }
    match text.parse() {
        Ok(per_second @ 1..=1_000_000) => Ok(Some(Rate {
            per_second,
            burst: per_second * seconds,
        })),
        _ => Err(String::from(
            "is neither a number of requests a second from 1 to 1000000, nor off",
        )),
    }
}

fn read_header(text: &str) -> Result<HeaderName, String> {
    let reason = "is no name of a header, as in X-Forwarded-For";
    text.parse().map_err(|_| String::from(reason))
}

fn read_level(text: &str) -> Result<LevelFilter, String> {
    let reason = "is none of off, error, warn, info, debug, trace";
    // The crate's own parser takes numbers too, which nobody would understand in a file.
    if text.is_empty() || text.bytes().any(|b| !b.is_ascii_alphabetic()) {
        return Err(String::from(reason));
    }
    text.parse().map_err(|_| String::from(reason))
}
