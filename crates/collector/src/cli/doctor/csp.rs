//! Turns a Content-Security-Policy into what it allows, as far as scripts and requests go.
//!
//! # Source
//!
//! <https://www.w3.org/TR/CSP3/#match-url-to-source-list>

use url::Url;

/// One policy: directives with their sources.
#[derive(Debug, Default)]
pub(super) struct Policy(Vec<(String, Vec<String>)>);

impl Policy {
    pub(super) fn parse(text: &str) -> Self {
        let directives = text.split(';').filter_map(|directive| {
            let mut words = directive.split_ascii_whitespace();
            let name = words.next()?.to_ascii_lowercase();
            Some((name, words.map(str::to_owned).collect()))
        });
        let mut policy = Self::default();
        for (name, sources) in directives {
            // Of two of one name the first counts.
            if !policy.0.iter().any(|(known, _)| *known == name) {
                policy.0.push((name, sources));
            }
        }
        policy
    }

    /// The sources of a directive, or of the one that stands in for it.
    fn sources(&self, directive: &str) -> Option<&[String]> {
        let names = [directive, "default-src"];
        let mut found = names.iter().filter_map(|name| {
            let directive = self.0.iter().find(|(known, _)| known == name);
            directive.map(|(_, sources)| sources.as_slice())
        });
        found.next()
    }

    /// Whether a page may use an address for this.
    pub(super) fn allows_url(&self, directive: &str, page: &Url, url: &Url) -> bool {
        let Some(sources) = self.sources(directive) else {
            return true;
        };
        sources.iter().any(|source| matches(source, page, url))
    }

    /// Whether WebAssembly may be compiled.
    pub(super) fn allows_wasm(&self) -> bool {
        let Some(sources) = self.sources("script-src") else {
            return true;
        };
        let is_allowed = |source: &String| {
            let source = source.to_ascii_lowercase();
            source == "'wasm-unsafe-eval'" || source == "'unsafe-eval'"
        };
        sources.iter().any(is_allowed)
    }
}

fn matches(source: &str, page: &Url, url: &Url) -> bool {
    let lower = source.to_ascii_lowercase();
    if lower == "*" {
        return matches!(url.scheme(), "http" | "https") || url.scheme() == page.scheme();
    }
    if lower == "'self'" {
        return page.origin() == url.origin();
    }
    if lower.starts_with('\'') {
        return false;
    }
    if let Some(scheme) = lower.strip_suffix(':') {
        return scheme_matches(scheme, url);
    }
    let (scheme, rest) = match lower.split_once("://") {
        Some((scheme, rest)) => (scheme, rest),
        None => (page.scheme(), lower.as_str()),
    };
    let (authority, path) = match rest.split_once('/') {
        // Of all parts only this one is compared as it is written: "path-part matches" of CSP level 3.
        Some((authority, path)) => (authority, source.get(source.len() - path.len()..)),
        None => (rest, None),
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    scheme_matches(scheme, url)
        && host_matches(host, url.host_str().unwrap_or_default())
        && port_matches(port, url)
        && path_matches(path, url.path())
}

/// A scheme also stands for its secure variant.
fn scheme_matches(scheme: &str, url: &Url) -> bool {
    url.scheme() == scheme || (scheme == "http" && url.scheme() == "https")
}

fn host_matches(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(parent) => host
            .strip_suffix(parent)
            .is_some_and(|labels| labels.len() > 1 && labels.ends_with('.')),
        None => pattern == "*" || pattern == host,
    }
}

fn port_matches(pattern: Option<&str>, url: &Url) -> bool {
    match pattern {
        Some("*") => true,
        Some(port) => {
            url.port_or_known_default()
                .map(|own| own.to_string())
                .as_deref()
                == Some(port)
        }
        // A port that nobody names is the scheme's own.
        None => url.port().is_none(),
    }
}

/// A path that ends with a slash stands for everything below it. Ours asks for things below its
/// address.
fn path_matches(pattern: Option<&str>, path: &str) -> bool {
    match pattern {
        None | Some("") => true,
        Some(pattern) => {
            let path = path.trim_start_matches('/').trim_end_matches('/');
            pattern.ends_with('/') && format!("{path}/").starts_with(pattern)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(policy: &str, collector: &str, expected: (bool, bool, bool)) {
        let page = Url::parse("https://shop.example/cart").unwrap();
        let url = Url::parse(collector).unwrap();
        let parsed = Policy::parse(policy);
        let found = (
            parsed.allows_url("connect-src", &page, &url),
            parsed.allows_url("script-src", &page, &url),
            parsed.allows_wasm(),
        );
        assert_eq!(found, expected, "{policy} and {collector}");
    }

    #[test]
    fn a_policy_allows_what_it_lists() {
        let ours = "https://fh.example/";
        check("img-src 'none'", ours, (true, true, true));
        check("default-src 'self'", ours, (false, false, false));
        check(
            "default-src 'self'",
            "https://shop.example/fh/",
            (true, true, false),
        );
        // Hosts are compared without case, and paths with it.
        check(
            "default-src https://FH.example/FH/",
            "https://fh.example/FH/",
            (true, true, false),
        );
        check(
            "default-src https://fh.example/FH/",
            "https://fh.example/fh/",
            (false, false, false),
        );
        check("default-src *", ours, (true, true, false));
        check("default-src https:", ours, (true, true, false));
        check(
            "script-src https://fh.example 'wasm-unsafe-eval'; connect-src fh.example",
            ours,
            (true, true, true),
        );
        check("connect-src https://*.example", ours, (true, true, true));
        check(
            "connect-src https://*.fh.example",
            ours,
            (false, true, true),
        );
        check(
            "connect-src https://fh.example:8443",
            ours,
            (false, true, true),
        );
        check(
            "connect-src https://fh.example:*",
            "https://fh.example:8443/",
            (true, true, true),
        );
        check(
            "connect-src https://fh.example",
            "https://fh.example:8443/",
            (false, true, true),
        );
        check(
            "connect-src https://a.example/x/",
            "https://a.example/x/",
            (true, true, true),
        );
        check(
            "connect-src https://a.example/y/",
            "https://a.example/x/",
            (false, true, true),
        );
        check(
            "script-src 'nonce-x' 'unsafe-eval'",
            ours,
            (true, false, true),
        );
        check(
            "connect-src 'none'; connect-src *",
            ours,
            (false, true, true),
        );
    }
}
