//! Turns rules and requests into checks of what belongs to a feature, and of what it costs to say so.

use latency::feature::{Request, Rule, fits, glob, glob_steps};
use proptest::prelude::*;

#[track_caller]
fn check(pattern: &str, path: &str, expected: bool) {
    let got = glob(pattern.as_bytes(), path.as_bytes());
    assert_eq!(got, expected, "{pattern} on {path}");
}

#[test]
fn paths() {
    check("/api/search", "/api/search", true);
    check("/api/search", "/api/search/", false);
    check("/api/search/**", "/api/search", true);
    check("/api/search/**", "/api/search/", true);
    check("/api/search/**", "/api/search/a/b", true);
    check("/api/search/**", "/api/searching", false);
    check("/api/search/**/**", "/api/search", true);
    check("/api/*", "/api/a", true);
    check("/api/*", "/api/a/b", false);
    check("/api/*/items", "/api/7/items", true);
    check("/api/*/items", "/api/7/8/items", false);
    check("/api/v*/items", "/api/v12/items", true);
    check("/a/**/z", "/a/z", true);
    check("/a/**/z", "/a/b/c/z", true);
    check("/a/**/z", "/a/bz", false);
    check("**/z", "/a/z", true);
    check("**/z", "z", true);
    check("**", "", true);
    check("/**", "/", true);
    check("**.json", "/a/b.json", true);
    check("*.json", "/a/b.json", false);
    check("/**/*.json", "/a/b.json", true);
    check("/a*b*c", "/axbxbxc", true);
    check("/a*b*c", "/axb/c", false);
    check("", "", true);
    check("", "/", false);
    check("/*", "/", true);
}

#[test]
fn everything_that_a_rule_names_must_fit() {
    let request = Request {
        method: b"POST",
        origin: b"https://shop.example",
        is_own_origin: true,
        path: b"/graphql",
        graphql: b"SearchProducts,Cart",
    };
    let any = Rule::default();
    let foreign = Request {
        is_own_origin: false,
        ..request
    };
    assert!(fits(&any, &request));
    // No origin is that of the page, not any.
    assert!(!fits(&any, &foreign));
    let origin = |origin| Rule { origin, ..any };
    assert!(fits(&origin(b"*"), &foreign));
    assert!(fits(&origin(b"https://shop.example"), &foreign));
    assert!(!fits(&origin(b"https://shop.example:8443"), &foreign));
    let graphql = |graphql| Rule { graphql, ..any };
    assert!(fits(&graphql(b"Cart"), &request));
    assert!(fits(&graphql(b"SearchProducts"), &request));
    assert!(!fits(&graphql(b"Search"), &request));
    let method = |method| Rule { method, ..any };
    assert!(fits(&method(b"POST"), &request));
    assert!(!fits(&method(b"GET"), &request));
    let path = |path| Rule { path, ..any };
    assert!(fits(&path(b"/graph*"), &request));
    assert!(!fits(&path(b"/api/**"), &request));
}

/// The same by trying everything: as slow as it is simple. `at` is a place in the pattern.
fn reference(pattern: &[u8], at: usize, path: &[u8]) -> bool {
    let rest = &pattern[at..];
    let ends = |is_end: fn(&[u8]) -> bool| (0..=path.len()).filter(move |n| is_end(&path[..*n]));
    if path.is_empty() && rest.chunks(3).all(|three| three == b"/**") {
        return true;
    }
    let is_start = at == 0 || pattern[at - 1] == b'/';
    match rest {
        [] => path.is_empty(),
        [b'*', b'*', b'/', ..] if is_start => ends(|skipped| matches!(skipped, [] | [.., b'/']))
            .any(|n| reference(pattern, at + 3, &path[n..])),
        [b'*', b'*', ..] => ends(|_| true).any(|n| reference(pattern, at + 2, &path[n..])),
        [b'*', ..] => {
            ends(|skipped| !skipped.contains(&b'/')).any(|n| reference(pattern, at + 1, &path[n..]))
        }
        [want, ..] => path.first() == Some(want) && reference(pattern, at + 1, &path[1..]),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn it_says_what_trying_everything_says(pattern in "[ab/*]{0,9}", path in "[ab/]{0,9}") {
        let (pattern, path) = (pattern.as_bytes(), path.as_bytes());
        prop_assert_eq!(glob(pattern, path), reference(pattern, 0, path));
    }
}

/// Patterns that send those astray which try again.
const HOSTILE: [&str; 6] = [
    "/**a*b",
    "/**/a*a*a*a*b",
    "**a**a**a**a**b",
    "/**/**/**/**/b",
    "/*a*a*a*a*a*a*b",
    "/**/a/**/a/**/b",
];

#[test]
fn steps_grow_no_faster_than_the_path() {
    for pattern in HOSTILE {
        for unit in ["a", "a/", "/a"] {
            let steps = |n: usize| {
                let path = format!("/{}", unit.repeat(n));
                let (fits, steps) = glob_steps(pattern.as_bytes(), path.as_bytes());
                assert!(!fits, "{pattern}");
                assert!(steps <= pattern.len() * (path.len() + 1), "{pattern}");
                steps
            };
            let (short, long) = (steps(200), steps(2_000));
            assert!(
                long <= 10 * short + pattern.len() * 10,
                "{pattern}: {short}, {long}"
            );
        }
    }
}

#[test]
fn another_path_is_told_apart_without_a_step() {
    let (fits, steps) = glob_steps(b"/api/search/**", b"/static/app.js");
    assert!(!fits);
    assert_eq!(steps, 0);
}
