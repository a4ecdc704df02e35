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
/// Follows all places of the path that the pattern may have come to at once (Thompson, 1968, the other
/// way around), so that no pattern takes more steps than its bytes times those of the path.
pub fn glob(pattern: &[u8], path: &[u8]) -> bool {
    run(pattern, path, || ())
}

/// What [`glob`] says, and the steps that it took to say so: what a pattern can cost is a promise too.
#[cfg(feature = "evaluate")]
pub fn glob_steps(pattern: &[u8], path: &[u8]) -> (bool, usize) {
    let mut steps = 0;
    (run(pattern, path, || steps += 1), steps)
}

fn run(mut pattern: &[u8], path: &[u8], mut step: impl FnMut()) -> bool {
    let mut is_open = false;
    while let Some(head) = pattern.strip_suffix(b"/**") {
        pattern = head;
        is_open = true;
    }
    // Most rules are told apart by the text before the first star.
    let star = pattern.iter().position(|byte| *byte == b'*');
    let (text, mut rest) = pattern.split_at(star.unwrap_or(pattern.len()));
    let Some(path) = path.strip_prefix(text) else {
        return false;
    };
    // Whether the pattern so far may end before a byte of the path, or at its end.
    let mut at = vec![false; path.len() + 1];
    at[0] = true;
    let mut before = text.last().copied().unwrap_or(b'/');
    while let Some(first) = rest.first() {
        // How much of the pattern it is tells what it stands for.
        let stars = match rest {
            [b'*', b'*', b'/', ..] if before == b'/' => 3,
            [b'*', b'*', ..] => 2,
            [b'*', ..] => 1,
            _ => 0,
        };
        let (mut carried, mut last) = (false, b'/');
        for (place, here) in at.iter_mut().enumerate() {
            step();
            let goes_on = match stars {
                0 => last == *first,
                1 => last != b'/',
                2 => true,
                _ => last == b'/',
            };
            let was = *here;
            *here = carried && goes_on || was && stars > 0;
            carried = match stars {
                0 => was,
                3 => carried || was,
                _ => *here,
            };
            last = path.get(place).copied().unwrap_or_default();
        }
        let (token, after) = rest.split_at(stars.max(1));
        before = token.last().copied().unwrap_or_default();
        rest = after;
    }
    let mut places = at.iter().enumerate();
    places.any(|(place, here)| {
        let next = path.get(place);
        *here && next.is_none_or(|byte| is_open && *byte == b'/')
    })
}
