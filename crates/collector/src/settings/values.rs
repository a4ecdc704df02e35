//! Turns single words of the configuration into values that cannot be wrong any more.

use std::str::FromStr;

use sha2::{Digest, Sha256};
use url::Url;

use super::{Given, SettingsError};

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines: one JSON object a line.
    Json,
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(String::from("is neither text nor json")),
        }
    }
}

/// Path below which everything is served: `/`, or something like `/firsthand`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasePath {
    /// Always begins and ends with a slash.
    with_slash: String,
}

impl BasePath {
    /// With a slash at its end; the root is `/`.
    pub fn with_slash(&self) -> &str {
        &self.with_slash
    }

    /// Without a slash at its end; the root is empty.
    pub fn without_slash(&self) -> &str {
        &self.with_slash[..self.with_slash.len() - 1]
    }
}

impl Default for BasePath {
    fn default() -> Self {
        Self {
            with_slash: String::from("/"),
        }
    }
}

impl FromStr for BasePath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let inner = text
            .strip_prefix('/')
            .ok_or("is no base path: it must begin with a slash")?;
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        if inner.is_empty() {
            return Ok(Self::default());
        }
        // It is written into a page and into cookies: plain names only, and no way up.
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
        let is_name =
            |name: &str| !name.is_empty() && name != "." && name != ".." && name.bytes().all(plain);
        if !inner.split('/').all(is_name) {
            return Err(String::from(
                "is no base path: it may have names of letters, digits, - _ . ~ and slashes",
            ));
        }
        Ok(Self {
            with_slash: format!("/{inner}/"),
        })
    }
}

/// Where people reach the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    https: bool,
}

impl PublicUrl {
    /// Scheme, host and port, as browsers write them.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether browsers reach it by https.
    pub fn is_https(&self) -> bool {
        self.https
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let reason = "is no URL that begins with http:// or https://";
        let url = Url::parse(text).map_err(|_| reason)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(String::from(reason));
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            https: url.scheme() == "https",
        })
    }
}

/// What a scraper has to know, as a hash: comparing hashes tells nobody how much was right.
#[derive(Clone, PartialEq, Eq)]
pub struct MetricsToken([u8; 32]);

impl std::fmt::Debug for MetricsToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MetricsToken(..)")
    }
}

impl MetricsToken {
    /// Shorter ones can be guessed.
    const MIN_CHARS: usize = 16;

    /// Reads a token, and never repeats it.
    pub(super) fn read(given: &Given) -> Result<Self, SettingsError> {
        let is_plain = given.value.bytes().all(|b| b.is_ascii_graphic());
        if !is_plain || given.value.len() < Self::MIN_CHARS {
            return Err(SettingsError::Secret {
                from: given.from.clone(),
                reason: "needs at least 16 letters, digits or signs, and no spaces",
            });
        }
        Ok(Self::of(&given.value))
    }

    /// The token that is written like this.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }
}

/// Where metrics are sent: the URL of an OTLP receiver, with `/v1/metrics` at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtlpEndpoint(Url);

impl OtlpEndpoint {
    /// Where to post to.
    pub fn url(&self) -> &Url {
        &self.0
    }
}

impl FromStr for OtlpEndpoint {
    type Err = String;

    /// A base, as `OTEL_EXPORTER_OTLP_ENDPOINT` has it, is taken too.
    ///
    /// # Source
    ///
    /// <https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp>
    fn from_str(text: &str) -> Result<Self, String> {
        let reason = "is no URL that begins with http:// or https://";
        let mut url = Url::parse(text).map_err(|_| reason)?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(String::from(reason));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        if !path.ends_with("/v1/metrics") {
            url.set_path(&format!("{path}/v1/metrics"));
        }
        Ok(Self(url))
    }
}
