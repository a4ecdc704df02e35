//! Turns a request into whether it belongs to a feature.
//!
//! Bytes in, yes or no out; no regex: this runs in the always-on module.

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
/// number of whole segments, and `/**` at the end, once or more, also for nothing.
///
/// Follows all places of the pattern that the path may have come to at once (Thompson, 1968), so that
/// no pattern takes more steps than bytes of the pattern times bytes of the path.
pub fn glob(pattern: &[u8], path: &[u8]) -> bool {
    run(pattern, path, || ())
}

/// What [`glob`] says, and the steps that it took to say so: what a pattern can cost is a promise too.
#[cfg(feature = "evaluate")]
pub fn glob_steps(pattern: &[u8], path: &[u8]) -> (bool, usize) {
    let mut steps = 0;
    (run(pattern, path, || steps += 1), steps)
}

fn run(pattern: &[u8], path: &[u8], mut step: impl FnMut()) -> bool {
    let Some(star) = pattern.iter().position(|byte| *byte == b'*') else {
        return pattern == path;
    };
    // Most rules are told apart by the text before the first star. Its last byte may be the slash of
    // a `/**`.
    let start = star.saturating_sub(1);
    let text = pattern.get(..start).unwrap_or_default();
    let Some(path) = path.strip_prefix(text) else {
        return false;
    };
    let mut at = vec![false; pattern.len() + 1];
    arrive(pattern, &mut at, start);
    for byte in path {
        let mut is_alive = false;
        // Downwards: whoever moves on must not be met again with the same byte.
        for place in (start..at.len()).rev() {
            step();
            let Some(here) = at.get_mut(place) else { break };
            if !core::mem::take(here) {
                continue;
            }
            let (stays, next) = go(pattern, place, *byte);
            *here = stays;
            is_alive |= stays || next.is_some();
            if let Some(next) = next {
                arrive(pattern, &mut at, next);
            }
        }
        if !is_alive {
            return false;
        }
    }
    at.last() == Some(&true)
}

/// Where a byte leads from a place of the pattern: whether it may stay, and where it may go.
fn go(pattern: &[u8], place: usize, byte: u8) -> (bool, Option<usize>) {
    let rest = pattern.get(place..).unwrap_or_default();
    match rest.first() {
        Some(b'*') => {
            let skipped = skip(pattern, place);
            let stays = rest.starts_with(b"**") || byte != b'/';
            // Whole segments are left at their slash only.
            let goes = stays && (skipped < 3 || byte == b'/');
            (stays, goes.then_some(place + skipped))
        }
        Some(want) if *want == byte => (false, Some(place + 1)),
        _ => (false, None),
    }
}

/// Notes a place of the pattern, and those after it that nothing needs to be there for.
fn arrive(pattern: &[u8], at: &mut [bool], mut place: usize) {
    while let Some(here) = at.get_mut(place) {
        *here = true;
        match skip(pattern, place) {
            0 => break,
            skipped => place += skipped,
        }
    }
}

/// Bytes of the pattern that may stand for nothing, from a place on.
fn skip(pattern: &[u8], place: usize) -> usize {
    let rest = pattern.get(place..).unwrap_or_default();
    let begins_segment = || place == 0 || pattern.get(place - 1) == Some(&b'/');
    match rest {
        [b'/', ..] if rest.chunks(3).all(|three| three == b"/**") => 3,
        [b'*', b'*', b'/', ..] if begins_segment() => 3,
        [b'*', b'*', ..] => 2,
        [b'*', ..] => 1,
        _ => 0,
    }
}
