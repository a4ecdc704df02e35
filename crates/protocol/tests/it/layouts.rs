//! Turns frozen `postcard` bytes into values, and the values back into the same bytes.
//!
//! An agent that a page cached yesterday reads what the collector compiles today, so both directions
//! are held: today's reader on yesterday's bytes, and today's writer against them.

use protocol::config::{CONFIG_FORMAT, Config, Furniture};
use protocol::survey::{CONTENT_FORMAT, SurveyContent};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn bytes_of_hex(name: &str) -> Vec<u8> {
    let text = crate::read(name);
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|pair| {
            let pair = str::from_utf8(pair).expect("hex digits are ASCII");
            u8::from_str_radix(pair, 16).expect("hex digits in pairs")
        })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn check<T>(name: &str, format: u8)
where
    T: Serialize + DeserializeOwned + PartialEq + core::fmt::Debug,
{
    let bytes = bytes_of_hex(&format!("{name}.postcard.hex"));
    let for_people: T = serde_json::from_str(&crate::read(&format!("{name}.json")))
        .unwrap_or_else(|e| panic!("{name}.json: {e}"));
    assert_eq!(bytes[0], format, "{name}: the format number comes first");
    let (read, rest) =
        postcard::take_from_bytes::<T>(&bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(
        read, for_people,
        "{name}: bytes and JSON say different things"
    );
    assert!(rest.is_empty(), "{name}: {} bytes left over", rest.len());
    let written = postcard::to_allocvec(&for_people).expect("a value serializes");
    assert_eq!(hex(&written), hex(&bytes), "{name}: the layout has changed");
}

#[test]
fn every_frozen_layout_is_todays() {
    for name in crate::names(".postcard.hex") {
        if name.starts_with("config") {
            check::<Config>(&name, CONFIG_FORMAT);
        } else if name.starts_with("survey") {
            check::<SurveyContent>(&name, CONTENT_FORMAT);
        } else {
            panic!("{name}: nobody says what this is");
        }
    }
}

/// The furniture travels as text within the config, and is read by the facade alone.
#[test]
fn the_frozen_furniture_is_todays() {
    let json: serde_json::Value =
        serde_json::from_str(&crate::read("furniture.json")).expect("furniture.json");
    let furniture: Furniture = serde_json::from_value(json.clone()).expect("furniture.json");
    assert_eq!(serde_json::to_value(&furniture).expect("furniture"), json);
    let config: Config = serde_json::from_str(&crate::read("config.json")).expect("config.json");
    let within: Furniture = serde_json::from_str(&config.furniture).expect("the config's");
    assert_eq!(within, furniture);
}

/// The file of every kind of question would prove nothing if one was missing.
#[test]
fn a_frozen_survey_asks_every_kind_of_question() {
    let text = crate::read("survey-everything.json");
    for kind in [
        "nps",
        "text",
        "csat",
        "ces",
        "rating",
        "single_choice",
        "multiple_choice",
        "consent",
        "statement",
    ] {
        assert!(text.contains(&format!("\"{kind}\": {{")), "{kind}");
    }
}
