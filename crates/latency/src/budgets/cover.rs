//! Turns two request rules into whether the first one takes everything that the second one could.

use protocol::budget::Match;

/// Whether nothing is left for `later` after `earlier`. Only said where it is certain.
pub(super) fn covers(earlier: &Match, later: &Match) -> bool {
    let same_or_any = |a: &Option<String>, b: &Option<String>| a.is_none() || a == b;
    let origins = earlier.origin == later.origin || earlier.origin.as_deref() == Some("*");
    let paths = match (&earlier.path, &later.path) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(a), Some(b)) => a == b || glob_covers(a, b),
    };
    origins
        && paths
        && same_or_any(&earlier.method, &later.method)
        && same_or_any(&earlier.graphql, &later.graphql)
}

/// Whether one pattern fits everything that the other one fits: a pattern without stars is a path,
/// and `/a/**` fits whatever begins with `/a/`.
fn glob_covers(wide: &str, narrow: &str) -> bool {
    if !narrow.contains('*') {
        return crate::feature::glob(wide.as_bytes(), narrow.as_bytes());
    }
    if wide == "**" || wide == "/**" {
        return true;
    }
    let Some(parent) = wide.strip_suffix("/**") else {
        return false;
    };
    let rest = narrow.strip_prefix(parent);
    !parent.contains('*') && rest.is_some_and(|rest| rest.starts_with('/'))
}
