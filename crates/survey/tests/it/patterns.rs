//! Turns patterns, evil and good, into what is said of them.

use survey::patterns::{Fault, check};

#[track_caller]
fn all(patterns: &[&str], is_right: fn(&Result<(), Fault>) -> bool) {
    for pattern in patterns {
        let found = check(pattern);
        assert!(is_right(&found), "{pattern}: {found:?}");
    }
}

#[test]
fn evil_patterns_are_refused() {
    all(
        &[
            "(a+)+$",
            "(a*)*$",
            "(a*)*b",
            "(a|a)*$",
            "(a|aa)+$",
            "(a|a?)+$",
            "(.*)*x",
            "(.*a){20}$",
            "(.*a){2,20}$",
            "(x+x+)+y",
            "(a?){30}a{30}$",
            "(?:a{1,3}){1,3}?(?:(a{1,9}){1,9})$",
            "(\\w+\\s?)+$",
            "([a-zA-Z]+)*$",
            "([a-z0-9]+[-_]?)+\\.com$",
            "^(([a-z])+.)+[A-Z]([a-z])+$",
            "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
            "(a|b|[ab])*c",
            "(?=(a+)+$)x",
            "(?<!(a+)+b)x",
            "(\\/[^?]*)*\\?",
            "((ab)*|(abab)*)*c",
            "(\\p{L}+\\p{Lu}*)*1",
            "(?:^a+)+$",
        ],
        |found| *found == Err(Fault::Exponential),
    );
}

#[test]
fn slow_patterns_are_refused() {
    all(
        &[
            "\\s*\\s*\\s*x",
            ".*.*.*x",
            "^.*/.*/.*/edit$",
            "\\d+\\w*[a-z0-9]*!",
            "^a*(b|a*)a*a*$",
            "(?=.*.*.*x)y",
            "a*[^/]*a{2}-\\s",
            ".*.*x",
        ],
        |found| *found == Err(Fault::Polynomial),
    );
}

#[test]
fn good_patterns_are_taken() {
    all(
        &[
            "",
            "/checkout",
            "^https://shop\\.example/orders/\\d+$",
            "^https?://([a-z0-9-]+\\.)*example\\.com/",
            "^https://[^/]+/[^/]+/[^/]+/[^/]+/edit$",
            "^https://example\\.com/(en|de|fr)/.*$",
            "/(?<year>\\d{4})-(?<month>\\d{2})/",
            "/(cart|checkout|pay)(/.*)?$",
            "^(?!.*admin).*/shop/",
            "(?<=/)\\d+$",
            "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
            "/p/[\\w-]{1,64}$",
            "(\\d{1,3}\\.){3}\\d{1,3}",
            "^(/[^/]+)+$",
            "(a+b)+$",
            "(a+)+",
            "\\p{Script=Greek}+/",
            "[\\u{1F600}-\\u{1F64F}]",
            "\\uD83D\\uDE00",
            "[^]*x",
            "[]",
            "a{3,}",
            "\\bnew\\b",
            "[\\]\\-^]",
            "[a-]",
            "\\cJ\\x41\\0",
            "/foo/.*/bar/.*/baz",
        ],
        Result::is_ok,
    );
}

#[test]
fn what_javascript_does_not_take_is_refused() {
    all(
        &[
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "a{",
            "a{2,1}",
            "a{,3}",
            "*",
            "a**",
            "a*+",
            "^*",
            "\\b+",
            "(?=a)*",
            "\\",
            "\\a",
            "\\-",
            "\\z",
            "\\p{Nonsense}",
            "\\p",
            "\\pL",
            "\\p{greek}",
            "[b-a]",
            "[\\d-z]",
            "[a-\\d]",
            "(?<a>x)(?<a>y)",
            "(?<1a>x)",
            "(?<>x)",
            "\\u12",
            "\\u{110000}",
            "\\u{}",
            "\\xg0",
            "\\c1",
            "\\01",
            "[\\B]",
            "(?:a",
        ],
        |found| matches!(found, Err(Fault::Syntax { .. })),
    );
}

#[test]
fn what_cannot_be_checked_is_refused_by_name() {
    all(
        &[
            "(a)\\1",
            "(?<a>x)\\k<a>",
            "(?i:a)",
            "(?P<a>x)",
            "(?>a)",
            "(?:(?=.*x)a)*b",
            "\\uD83D",
        ],
        |found| matches!(found, Err(Fault::Unsupported { .. })),
    );
    let deep = "(".repeat(99) + &")".repeat(99);
    let long = "a".repeat(1001);
    all(
        &[
            "a{500}",
            "(?:){9999999}a{9999}",
            "a?a?a?a?a?a?a?a?a?a?a?a?a?a?$",
            &deep,
            &long,
        ],
        |found| *found == Err(Fault::TooLarge),
    );
}

#[test]
fn faults_are_sentences() {
    for pattern in ["(", "(a)\\1", "a{500}", "(a+)+$", ".*.*.*x"] {
        let sentence = check(pattern).expect_err("a fault").to_string();
        assert!(sentence.ends_with('.'), "{sentence}");
    }
}
