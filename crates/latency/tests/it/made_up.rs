//! Turns budget documents with a few bytes changed into findings or into what pages are told, never into a panic.

use latency::budgets::{check, compile, parse};
use proptest::prelude::*;

const SHOP: &str = include_str!("../../../../examples/budgets/shop.json");

/// The example with some of its parts replaced by others: most are refused, each for another reason.
fn nearly() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "0",
        "-1",
        "1e99",
        "\"\"",
        "\"10s\"",
        "\"0ms\"",
        "\"999d\"",
        "\"/**\"",
        "\"*\"",
        "[]",
        "{}",
        "null",
        "\u{0}",
        "0.999999999",
        "\"*:*\"",
        "\\ud800",
        ",",
        "}",
    ]);
    let change = (0..SHOP.len(), 0..40_usize, parts);
    prop::collection::vec(change, 1..4).prop_map(|changes| {
        let mut text = SHOP.to_owned();
        for (at, length, part) in changes {
            let from = text.floor_char_boundary(at.min(text.len()));
            let to = text.ceil_char_boundary((from + length).min(text.len()));
            text.replace_range(from..to, part);
        }
        text
    })
}

fn check_sane(text: &str) {
    let document = match parse(text) {
        Ok(document) => document,
        Err(findings) => {
            assert!(findings.iter().any(|finding| finding.is_error));
            return;
        }
    };
    if check(&document).iter().all(|finding| !finding.is_error) {
        let again = serde_json::to_string(&document).unwrap();
        assert_eq!(parse(&again).as_ref(), Ok(&document));
        compile(&document);
    }
}

#[test]
fn the_example_itself_is_sane() {
    assert!(parse(SHOP).is_ok());
    check_sane(SHOP);
}

proptest! {
    #[test]
    fn any_text_is_refused_or_sane(text in ".{0,200}") {
        check_sane(&text);
    }

    #[test]
    fn nearly_right_documents_are_refused_or_sane(text in nearly()) {
        check_sane(&text);
    }
}
