//! Turns `codes.txt` into a check that no stable name was renamed, dropped or left unlisted.

use std::collections::BTreeSet;

use protocol::item::{DismissReason, ItemType};
use protocol::outcome::{DiscardReason, ErrorCode, Outcome};
use serde::Serialize;

/// A name as serde writes it, which is what travels.
fn written(value: impl Serialize) -> String {
    let json = serde_json::to_value(value).expect("a name serializes");
    json.as_str().expect("a name is a string").to_owned()
}

fn names_of_today() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    names.extend(ItemType::ALL.map(|kind| format!("item {}", written(kind))));
    names.extend(
        [
            DismissReason::Person,
            DismissReason::Page,
            DismissReason::Snoozed,
        ]
        .map(|r| format!("dismissal {}", written(r))),
    );
    names.extend(Outcome::ALL.map(|outcome| {
        let name = format!("{outcome:?}").to_lowercase();
        format!("outcome {} {name}", outcome.letter())
    }));
    names.extend(
        DiscardReason::ALL
            .iter()
            .map(|code| format!("discard {}", written(code))),
    );
    names.extend(
        ErrorCode::ALL
            .iter()
            .map(|code| format!("error {}", written(code))),
    );
    names
}

#[test]
fn stable_names_are_what_they_were() {
    let listed: BTreeSet<String> = crate::read("codes.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let today = names_of_today();
    let renamed: Vec<_> = listed.difference(&today).collect();
    assert!(renamed.is_empty(), "no longer spoken: {renamed:?}");
    let unlisted: Vec<_> = today.difference(&listed).collect();
    assert!(unlisted.is_empty(), "add to codes.txt: {unlisted:?}");
}

/// Programs read the serialized name, logs and URLs show `as_str`: they must be one name.
#[test]
fn every_way_to_write_a_code_agrees() {
    for code in DiscardReason::ALL {
        assert_eq!(code.as_str(), written(code));
        assert_eq!(code.to_string(), written(code));
    }
    for code in ErrorCode::ALL {
        assert_eq!(code.as_str(), written(code));
        assert_eq!(code.to_string(), written(code));
    }
    for kind in ItemType::ALL {
        assert_eq!(kind.as_str(), written(kind));
        assert_eq!(ItemType::from_name(&written(kind)), Some(kind));
    }
}

/// Five outcomes, five letters, and only "retry" lets the sender keep the item.
#[test]
fn outcomes_and_letters_are_one_to_one() {
    let letters: BTreeSet<char> = Outcome::ALL.map(Outcome::letter).into();
    assert_eq!(letters.len(), Outcome::ALL.len());
    for outcome in Outcome::ALL {
        assert_eq!(Outcome::from_letter(outcome.letter()), Some(outcome));
        assert_eq!(outcome.is_terminal(), outcome != Outcome::Retry);
    }
    assert_eq!(Outcome::from_letter('A'), None);
    assert_eq!(Outcome::from_letter(' '), None);
}
