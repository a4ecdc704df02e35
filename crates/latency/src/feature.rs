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
/// Goes over the path once for each byte of the pattern, with all the ways in which the pattern so far
/// can fit at once, so that no pattern takes more steps than its bytes times those of the path.
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
    let (text, mut rest) = pattern
        .split_at_checked(star.saturating_sub(1))
        .unwrap_or_default();
    let Some(path) = path.strip_prefix(text) else {
        return false;
    };
    let mut before = *text.last().unwrap_or(&b'/');
    // How many bytes of the path the pattern so far can fit.
    let mut fits = vec![false; path.len() + 1];
    if let Some(none) = fits.first_mut() {
        *none = true;
    }
    while let Some(first) = rest.first() {
        let is_end = rest.chunks(3).all(|three| three == b"/**");
        if is_end && fits.last() == Some(&true) {
            return true;
        }
        let is_text = *first != b'*';
        let width = match rest {
            [b'*', b'*', b'/', ..] if before == b'/' => 3,
            [b'*', b'*', ..] => 2,
            _ => 1,
        };
        // Whether it fitted one byte less, or for stars, any number of bytes less that they can take.
        let mut carry = false;
        let mut fits_any = false;
        for (here, byte) in fits.iter_mut().zip([b'/'].iter().chain(path)) {
            step();
            let fitted = *here;
            let takes = match width {
                _ if is_text => byte == first,
                // Whole segments end with their slash.
                3 => *byte == b'/',
                2 => true,
                _ => *byte != b'/',
            };
            *here = !is_text && fitted || carry && takes;
            carry = match width {
                _ if is_text => fitted,
                3 => carry || fitted,
                _ => *here,
            };
            fits_any |= *here;
        }
        if !fits_any {
            return false;
        }
        before = *first;
        if width == 3 {
            before = b'/';
        }
        rest = rest.get(width..).unwrap_or_default();
    }
    fits.last() == Some(&true)
}
