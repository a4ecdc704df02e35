//! Turns texts that hold secrets, and texts that do not, into what is left of them.

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Texts and addresses, each with what is left of it: the page passes the same.
#[derive(serde::Deserialize)]
struct Shared {
    texts: Vec<(String, String)>,
    addresses: Vec<(String, String)>,
}

fn shared() -> Shared {
    let file = include_str!("../../../../../tests/fixtures/scrub.json");
    serde_json::from_str(file).unwrap()
}

fn check_text(given: &str, expected: &str) {
    assert_eq!(text(given), expected, "{given}");
    assert_eq!(text(expected), expected, "a second time");
    // In a line that has more around it.
    let line_of = |text: &str| json!({ "p": { "context": { "note": text } } }).to_string();
    assert_eq!(line(&line_of(given)), line_of(expected), "{given}");
}

#[test]
fn texts_become_what_the_page_makes_of_them() {
    let shared = shared();
    assert!(shared.texts.len() > 20);
    let is_other = |(given, expected): &&(String, String)| text(given) != expected.as_str();
    let other: Vec<_> = shared.texts.iter().filter(is_other).collect();
    assert!(other.is_empty(), "{other:#?}");
    for (given, expected) in &shared.texts {
        check_text(given, expected);
    }
}

#[test]
fn addresses_become_what_the_page_makes_of_them() {
    let shared = shared();
    assert!(shared.addresses.len() > 5);
    for (given, expected) in &shared.addresses {
        for scrubbed in [value(given), url(given)] {
            assert_eq!(scrubbed, expected.as_str(), "{given}");
        }
        assert_eq!(value(expected), expected.as_str(), "a second time");
    }
}

#[test]
fn every_beginning_of_a_token_is_known() {
    let secret = "abcdefghij0123456789ABCDEF";
    for beginning in ["ghp_", "sk_live_", "xoxb-", "AKIA", "Bearer "] {
        check_text(&format!("x {beginning}{secret} y"), "x [token] y");
    }
}

#[test]
fn a_relative_address_loses_its_query_too() {
    assert_eq!(url("/u/ada@example.com?x=1"), "/u/[email]");
}

#[test]
fn a_line_loses_what_surrounds_an_answer_and_keeps_the_answer() {
    let line_of = |url: &str, context: &str, later: &str| {
        json!({
            "id": "01936f7e-0000-7000-8000-000000000001", "seq": 1, "age_ms": 5, "type": "response",
            "later": later,
            "p": {
                "answers": [{ "question": "why", "value": { "text": "mail me: ada@example.com" } }],
                "person": { "id": "ada@example.com", "traits": { "mail": "ada@example.com" } },
                "page": { "url": url, "language": "en" },
                "context": { "route": context },
                "unknown": [{ "deep": later }],
            },
        })
        .to_string()
    };
    let given = line_of(
        "https://a.example/x?token=1",
        "of ada@example.com",
        "ghp_0123456789abcdefghij",
    );
    let expected = line_of("https://a.example/x", "of [email]", "[token]");
    assert_eq!(line(&given), expected);
    assert_eq!(line(&expected), expected);
    assert!(matches!(line(&expected), Cow::Borrowed(_)));
    // What is no JSON is text.
    assert_eq!(line("{ ada@example.com"), "{ [email]");
}

/// A number whose check digit is right.
fn card(mut digits: Vec<u8>) -> String {
    digits.push(0);
    let sum = |digits: &[u8]| -> u32 {
        let from_right = digits.iter().rev().enumerate();
        from_right
            .map(|(place, digit)| {
                let doubled = u32::from(*digit) * if place % 2 == 1 { 2 } else { 1 };
                doubled / 10 + doubled % 10
            })
            .sum()
    };
    let check = (10 - sum(&digits) % 10) % 10;
    if let Some(last) = digits.last_mut() {
        *last = check as u8;
    }
    digits.iter().map(u8::to_string).collect()
}

proptest! {
    #[test]
    fn anything_can_be_scrubbed_and_once_is_enough(given in "\\PC{0,80}") {
        let once = text(&given).into_owned();
        prop_assert_eq!(text(&once), once.as_str());
        let once = value(&given).into_owned();
        prop_assert_eq!(value(&once), once.as_str());
        let once = line(&given).into_owned();
        prop_assert_eq!(line(&once), once.as_str());
    }

    #[test]
    fn text_that_looks_like_text_stays(given in "[a-z ,.!]{0,80}") {
        prop_assert_eq!(text(&given), given.as_str());
    }

    #[test]
    fn no_card_stays(
        first in 2_u8..=6,
        rest in prop::collection::vec(0_u8..=9, 11..=17),
        before in "[a-z ]{0,10} ",
        after in " [a-z ]{0,10}",
    ) {
        let number = card(std::iter::once(first).chain(rest).collect());
        let scrubbed = text(&format!("{before}{number}{after}")).into_owned();
        prop_assert_eq!(scrubbed, format!("{before}[card]{after}"));
    }

    #[test]
    fn no_address_stays(
        local in "[a-z0-9._+-]{1,20}",
        domain in "[a-z0-9]{1,10}(\\.[a-z0-9]{1,8}){0,2}\\.[a-z]{2,6}",
        around in "[ ,;:<>()]{1,3}",
    ) {
        let scrubbed = text(&format!("{around}{local}@{domain}{around}")).into_owned();
        prop_assert_eq!(scrubbed, format!("{around}[email]{around}"));
    }

    #[test]
    fn a_line_stays_what_it_is(url in "\\PC{0,40}", note in "\\PC{0,40}", answer in "\\PC{0,40}") {
        let given = json!({
            "id": "01936f7e-0000-7000-8000-000000000001", "seq": 3,
            "p": { "page": { "url": url }, "context": { "note": note },
                "answers": [{ "value": { "text": answer } }] },
        });
        let scrubbed: Value = serde_json::from_str(&line(&given.to_string())).unwrap();
        prop_assert_eq!(&scrubbed["id"], &given["id"]);
        prop_assert_eq!(&scrubbed["p"]["answers"], &given["p"]["answers"]);
    }
}
