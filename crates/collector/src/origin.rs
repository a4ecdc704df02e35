//! Turns an origin as a site lists it into a test of the origin that a browser names.

use std::fmt;
use std::str::FromStr;

/// Which origins a site allows: exactly one, any port of a host, or any subdomain.
///
/// ```
/// use collector::OriginPattern;
/// let pattern: OriginPattern = "https://*.shop.example".parse().unwrap();
/// assert!(pattern.matches("https://www.shop.example"));
/// assert!(!pattern.matches("https://shop.example"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginPattern {
    scheme: String,
    host: Host,
    port: Port,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    Exactly(String),
    /// Holds the part behind `*.`.
    Below(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Port {
    /// As browsers write it: absent when it is the scheme's own.
    Exactly(Option<u16>),
    Any,
}

/// Why a text is no origin pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OriginPatternError {
    /// There is no `://`.
    #[error("an origin begins with its scheme, as in https://shop.example")]
    NoScheme,
    /// There is something behind host and port.
    #[error("an origin ends after host and port, without a slash")]
    TooLong,
    /// The host is empty, or has characters that browsers would not send.
    #[error("the host must be as browsers send it: a name in ASCII, or an address")]
    Host,
    /// The port is no number.
    #[error("the port must be a number, or * for any")]
    Port,
    /// `*` stands elsewhere than for a port or for the first labels of a host.
    #[error(
        "* may stand for the port (http://localhost:*) or for subdomains (https://*.shop.example)"
    )]
    Wildcard,
}

impl OriginPattern {
    /// Whether the pattern allows `origin`, the value of an `Origin` header.
    pub fn matches(&self, origin: &str) -> bool {
        // Browsers send no wildcards, and whoever else does gets no special treatment.
        let Ok(named) = origin.parse::<Self>() else {
            return false;
        };
        let (Host::Exactly(host), Port::Exactly(port)) = (&named.host, named.port) else {
            return false;
        };
        let host_matches = match &self.host {
            Host::Exactly(own) => own == host,
            Host::Below(own) => host
                .strip_suffix(own.as_str())
                .and_then(|labels| labels.strip_suffix('.'))
                .is_some_and(|labels| !labels.is_empty()),
        };
        let port_matches = match self.port {
            Port::Any => true,
            Port::Exactly(own) => own == port,
        };
        self.scheme == named.scheme && host_matches && port_matches
    }
}

impl FromStr for OriginPattern {
    type Err = OriginPatternError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (scheme, rest) = text.split_once("://").ok_or(OriginPatternError::NoScheme)?;
        let scheme = scheme.to_ascii_lowercase();
        let is_scheme = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
        if scheme.is_empty() || !scheme.bytes().all(is_scheme) {
            return Err(OriginPatternError::NoScheme);
        }
        if rest.contains(['/', '?', '#', '@']) {
            return Err(OriginPatternError::TooLong);
        }
        let (host, port) = split_port(rest);
        Ok(Self {
            host: host_from(host)?,
            port: port_from(port, &scheme)?,
            scheme,
        })
    }
}

/// Splits at the last colon, unless that is part of an IPv6 address in brackets.
fn split_port(rest: &str) -> (&str, Option<&str>) {
    match rest.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    }
}

fn host_from(host: &str) -> Result<Host, OriginPatternError> {
    let host = host.to_ascii_lowercase();
    let (name, below) = match host.strip_prefix("*.") {
        Some(name) => (name, true),
        None => (host.as_str(), false),
    };
    if name.contains('*') {
        return Err(OriginPatternError::Wildcard);
    }
    let is_host = |b: u8| b.is_ascii_alphanumeric() || b"-._[]:".contains(&b);
    if name.is_empty() || !name.bytes().all(is_host) {
        return Err(OriginPatternError::Host);
    }
    let name = String::from(name);
    Ok(if below {
        Host::Below(name)
    } else {
        Host::Exactly(name)
    })
}

fn port_from(port: Option<&str>, scheme: &str) -> Result<Port, OriginPatternError> {
    let Some(port) = port else {
        return Ok(Port::Exactly(None));
    };
    if port == "*" {
        return Ok(Port::Any);
    }
    let number: u16 = port.parse().map_err(|_| OriginPatternError::Port)?;
    let own = matches!((scheme, number), ("http", 80) | ("https", 443));
    Ok(Port::Exactly((!own).then_some(number)))
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme)?;
        match &self.host {
            Host::Exactly(host) => f.write_str(host)?,
            Host::Below(host) => write!(f, "*.{host}")?,
        }
        match self.port {
            Port::Exactly(None) => Ok(()),
            Port::Exactly(Some(port)) => write!(f, ":{port}"),
            Port::Any => f.write_str(":*"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, origin: &str, expected: bool) {
        let parsed: OriginPattern = pattern.parse().unwrap();
        assert_eq!(parsed.matches(origin), expected, "{pattern} and {origin}");
    }

    #[test]
    fn one_origin_is_that_origin() {
        check("https://shop.example", "https://shop.example", true);
        check("https://SHOP.example:443", "https://shop.example", true);
        check("https://shop.example", "https://shop.example:8443", false);
        check("https://shop.example", "http://shop.example", false);
        check(
            "https://shop.example",
            "https://shop.example.evil.test",
            false,
        );
        check("https://shop.example", "https://evilshop.example", false);
        check("https://shop.example", "null", false);
        check("http://[::1]:8788", "http://[::1]:8788", true);
    }

    #[test]
    fn a_star_for_the_port_is_any_port() {
        check("http://localhost:*", "http://localhost:3000", true);
        check("http://localhost:*", "http://localhost", true);
        check("http://localhost:*", "https://localhost:3000", false);
        check(
            "http://localhost:*",
            "http://localhost.evil.test:3000",
            false,
        );
        check("http://[::1]:*", "http://[::1]:1", true);
    }

    #[test]
    fn a_star_for_labels_is_any_subdomain() {
        check("https://*.shop.example", "https://www.shop.example", true);
        check("https://*.shop.example", "https://a.b.shop.example", true);
        check("https://*.shop.example", "https://shop.example", false);
        check("https://*.shop.example", "https://evilshop.example", false);
        check("https://*.shop.example", "https://.shop.example", false);
        check("https://*.shop.example", "https://*.shop.example", false);
    }

    #[test]
    fn what_is_no_origin_is_told_why() {
        use OriginPatternError::{Host, NoScheme, Port, TooLong, Wildcard};
        let wrong = [
            ("shop.example", NoScheme),
            ("*", NoScheme),
            ("https://shop.example/", TooLong),
            ("https://", Host),
            ("https://sh\u{f6}p.example", Host),
            ("https://shop.example:http", Port),
            ("https://*", Wildcard),
            ("https://www.*.example", Wildcard),
        ];
        for (text, error) in wrong {
            assert_eq!(text.parse::<OriginPattern>(), Err(error), "{text}");
        }
    }

    #[test]
    fn a_pattern_prints_as_it_parses() {
        for text in [
            "https://a.example",
            "http://localhost:*",
            "https://*.b.example:8443",
        ] {
            assert_eq!(text.parse::<OriginPattern>().unwrap().to_string(), text);
        }
    }
}
