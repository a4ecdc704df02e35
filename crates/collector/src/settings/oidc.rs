//! Turns an issuer, an id and a secret into an OpenID provider that people can sign in by.

use std::fmt;

use serde::Deserialize;
use url::{Host, Url};

use super::{Given, PublicUrl, SettingsError, Source};

/// What people call a provider that nobody gave a name.
const NAME: &str = "OpenID";
/// Characters of such a name.
const MAX_NAME_CHARS: usize = 40;

/// An OpenID provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcSettings {
    /// The provider, as it names itself.
    pub issuer: Url,
    /// What it calls this collector.
    pub client_id: String,
    /// What this collector proves itself with.
    pub client_secret: OidcSecret,
    /// What people call it.
    pub name: String,
    /// Domains of e-mail addresses whose people are let in as viewers without an invitation; lower case.
    pub domains: Vec<String>,
}

/// What this collector proves itself to a provider with.
#[derive(Clone, PartialEq, Eq)]
pub struct OidcSecret(pub String);

impl fmt::Debug for OidcSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OidcSecret(..)")
    }
}

/// What was given by flags or environment.
#[derive(Clone, Debug, Default)]
pub struct OidcGiven {
    /// URL.
    pub issuer: Option<Given>,
    /// A text.
    pub client_id: Option<Given>,
    /// A secret.
    pub client_secret: Option<Given>,
    /// A text.
    pub name: Option<Given>,
    /// Domains with commas between.
    pub domains: Option<Given>,
}

/// The same in the configuration file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OidcFile {
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    name: Option<String>,
    #[serde(default)]
    domains: Vec<String>,
}

impl OidcGiven {
    /// Settles all of it; nothing where no issuer is named. `settle` finds a value, or nothing.
    pub(super) fn read(
        self,
        file: OidcFile,
        public_url: Option<&PublicUrl>,
        mut settle: impl FnMut(Option<Given>, &'static str, Option<String>) -> Given,
    ) -> Result<Option<OidcSettings>, SettingsError> {
        let domains = (!file.domains.is_empty()).then(|| file.domains.join(","));
        let issuer = settle(self.issuer, "oidc.issuer", file.issuer);
        let id = settle(self.client_id, "oidc.client_id", file.client_id);
        let secret = settle(self.client_secret, "oidc.client_secret", file.client_secret);
        let name = settle(self.name, "oidc.name", file.name);
        let domains = settle(self.domains, "oidc.domains", domains);
        if matches!(issuer.from, Source::Default(_)) {
            return Ok(None);
        }
        if public_url.is_none() {
            return Err(issuer.wrong("needs public_url: providers send people back to it"));
        }
        if secret.value.is_empty() {
            return Err(SettingsError::Secret {
                from: secret.from,
                reason: "is needed where oidc.issuer is set",
            });
        }
        Ok(Some(OidcSettings {
            issuer: issuer.read(read_issuer)?,
            client_id: id.read(|text| match text {
                "" => Err(String::from("is needed where oidc.issuer is set")),
                text => Ok(String::from(text)),
            })?,
            client_secret: OidcSecret(secret.value),
            name: name.read(read_name)?,
            domains: domains.read(read_domains)?,
        }))
    }
}

/// Plain http only on this machine: what a provider says there is said to nobody else.
fn read_issuer(text: &str) -> Result<Url, String> {
    let reason = "is no URL that begins with https://, or with http:// on this machine";
    let url = Url::parse(text).map_err(|_| reason)?;
    let is_here = match url.host() {
        Some(Host::Ipv4(v4)) => v4.is_loopback(),
        Some(Host::Ipv6(v6)) => v6.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if is_plain && (url.scheme() == "https" || (url.scheme() == "http" && is_here)) {
        return Ok(url);
    }
    Err(String::from(reason))
}

fn read_name(text: &str) -> Result<String, String> {
    match text.chars().count() {
        0 => Ok(String::from(NAME)),
        1..=MAX_NAME_CHARS => Ok(String::from(text)),
        _ => Err(format!("may have {MAX_NAME_CHARS} characters")),
    }
}

fn read_domains(text: &str) -> Result<Vec<String>, String> {
    let domains = text.split(',').map(str::trim).filter(|one| !one.is_empty());
    let domains: Vec<_> = domains.map(str::to_lowercase).collect();
    let is_domain = |one: &String| one.contains('.') && !one.contains(['@', '*', '/', ' ']);
    match domains.iter().all(is_domain) {
        true => Ok(domains),
        false => Err(String::from(
            "is no list of domains, as in example.com,example.org",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(issuer: &str, is_one: bool) {
        assert_eq!(read_issuer(issuer).is_ok(), is_one, "{issuer}");
    }

    #[test]
    fn an_issuer_is_spoken_to_in_secret() {
        check("https://login.example", true);
        check("https://login.example/realms/shop", true);
        check("http://127.0.0.1:9000", true);
        check("http://localhost:9000/x", true);
        check("http://login.example", false);
        check("https://login.example?x=1", false);
        check("https://me@login.example", false);
        check("login.example", false);
    }

    #[test]
    fn domains_are_whole_domains() {
        assert_eq!(
            read_domains("Shop.example, a.b"),
            Ok(vec![String::from("shop.example"), String::from("a.b")])
        );
        assert_eq!(read_domains(""), Ok(Vec::new()));
        for wrong in ["*", "com", "@shop.example", "*.shop.example"] {
            assert!(read_domains(wrong).is_err(), "{wrong}");
        }
    }
}
