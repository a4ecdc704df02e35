//! Turns a request into whether it belongs to a feature.
//!
//! Bytes in, yes or no out; no regex and no allocation, for the always-on module.

/// A request, as far as features look at it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// HTTP method in capitals.
    pub method: &'a [u8],
    /// Scheme, host and port.
    pub origin: &'a [u8],
    /// Whether that is the page's own.
    pub is_own_origin: bool,
    /// Path, from its slash.
    pub path: &'a [u8],
    /// Names of GraphQL operations, joined by `,`; or empty.
    pub graphql: &'a [u8],
}

/// What a request must look like: [`protocol::config::RequestRule`], borrowed. Empty fits all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rule<'a> {
    /// HTTP method.
    pub method: &'a [u8],
    /// Origin; empty for the page's own, `*` for any.
    pub origin: &'a [u8],
    /// Path: see [`glob`].
    pub path: &'a [u8],
    /// Name of a GraphQL operation.
    pub graphql: &'a [u8],
}

/// Whether everything that the rule names fits.
pub fn fits(rule: &Rule<'_>, request: &Request<'_>) -> bool {
    let origin_fits = match rule.origin {
        b"" => request.is_own_origin,
        b"*" => true,
        origin => origin == request.origin,
    };
    let mut names = request.graphql.split(|byte| *byte == b',');
    origin_fits
        && (rule.method.is_empty() || rule.method == request.method)
        && (rule.path.is_empty() || glob(rule.path, request.path))
        && (rule.graphql.is_empty() || names.any(|name| name == rule.graphql))
}

/// Whether a path fits a pattern: `*` stands for any bytes but `/`, `**` for any bytes, `**/` for any
/// number of whole segments, and `/**` at the end also for nothing.
///
/// Steps are at most pattern times path: of several stars only the last one of each kind is ever
/// tried again, which is enough because whatever an earlier one could take instead, a later one
/// can take as well.
pub fn glob(pattern: &[u8], path: &[u8]) -> bool {
    if let Some(parent) = pattern.strip_suffix(b"/**")
        && glob(parent, path)
    {
        return true;
    }
    let (mut p, mut s) = (0, 0);
    // Where to go on after the last `*` and the last `**`: places in the pattern and in the path.
    let mut one: Option<(usize, usize)> = None;
    let mut many: Option<(usize, usize)> = None;
    let mut whole = false;
    loop {
        if pattern.get(p..).is_some_and(|rest| rest.starts_with(b"**")) {
            whole =
                pattern.get(p + 2) == Some(&b'/') && (p == 0 || pattern.get(p - 1) == Some(&b'/'));
            p += if whole { 3 } else { 2 };
            many = Some((p, s));
            one = None;
            continue;
        }
        match (pattern.get(p), path.get(s)) {
            (Some(b'*'), _) => {
                p += 1;
                one = Some((p, s));
            }
            (None, None) => return true,
            (Some(want), Some(byte)) if want == byte => {
                p += 1;
                s += 1;
            }
            _ => {
                // The last star takes one more byte: `*` none that is a slash.
                let may_grow = |at: usize| path.get(at).is_some_and(|byte| *byte != b'/');
                one = one.filter(|(_, at)| may_grow(*at));
                let one_is_none = one.is_none();
                let star = if one_is_none { &mut many } else { &mut one };
                let Some((after, at)) = star else {
                    return false;
                };
                *at += 1;
                while one_is_none && whole && *at <= path.len() && path.get(*at - 1) != Some(&b'/')
                {
                    *at += 1;
                }
                if *at > path.len() {
                    return false;
                }
                (p, s) = (*after, *at);
            }
        }
    }
}
