//! Turns frozen envelopes into what a reader must see: their header, and item by item a value or a code.
//!
//! The reader below is the shortest one that the types allow. The collector's own has limits and
//! surveys to check as well; on these files it must come to the same codes.

use protocol::envelope::Header;
use protocol::item::{Dismissal, Impression, Item, ItemType, Response};
use protocol::latency::LatencyReport;
use protocol::outcome::{DiscardReason, ErrorCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// What a reader sees in one body, in the words of an `.expect.json` file.
fn seen(body: &str) -> Value {
    let mut lines = body.lines();
    let header = lines
        .next()
        .and_then(|line| serde_json::from_str::<Header>(line).ok());
    match header {
        None => json!({"error": ErrorCode::UnreadableBody}),
        Some(header) => json!({"header": header, "items": lines.map(item).collect::<Vec<_>>()}),
    }
}

fn item(line: &str) -> Value {
    match decode(line) {
        Ok(item) => item,
        Err(code) => json!({"error": code}),
    }
}

fn decode(line: &str) -> Result<Value, DiscardReason> {
    // By way of a map: serde would also take an array for a struct, and the wire has objects only.
    let fields: Map<String, Value> =
        serde_json::from_str(line).map_err(|_| DiscardReason::MalformedItem)?;
    let name = fields.get("type").and_then(Value::as_str);
    let name = name.ok_or(DiscardReason::MalformedItem)?;
    let Some(kind) = ItemType::from_name(name) else {
        return Err(DiscardReason::UnknownType);
    };
    let item: Item<Value> =
        serde_json::from_value(Value::Object(fields)).map_err(|_| DiscardReason::MalformedItem)?;
    match kind {
        ItemType::Impression => body::<Impression>(item),
        ItemType::Response => body::<Response>(item),
        ItemType::Dismissal => body::<Dismissal>(item),
        ItemType::Latency => body::<LatencyReport>(item),
    }
}

/// Decodes the body, and writes the item again: what an older reader does not know is gone then.
fn body<P: DeserializeOwned + Serialize>(item: Item<Value>) -> Result<Value, DiscardReason> {
    let p = match serde_json::from_value::<P>(item.p.clone()) {
        Ok(p) => serde_json::to_value(p).expect("a body serializes"),
        Err(_) => return Err(refusal::<P>(item.p)),
    };
    Ok(serde_json::to_value(Item { p, ..item }).expect("an item serializes"))
}

/// A body that would do without its answers has an impossible answer; another has another shape.
fn refusal<P: DeserializeOwned>(mut p: Value) -> DiscardReason {
    if let Some(Value::Array(answers)) = p.get_mut("answers") {
        answers.clear();
        if serde_json::from_value::<P>(p).is_ok() {
            return DiscardReason::InvalidAnswer;
        }
    }
    DiscardReason::InvalidItem
}

#[test]
fn every_frozen_envelope_is_read_as_expected() {
    for name in crate::names(".ndjson") {
        let expected: Value = serde_json::from_str(&crate::read(&format!("{name}.expect.json")))
            .unwrap_or_else(|e| panic!("{name}.expect.json: {e}"));
        let seen = seen(&crate::read(&format!("{name}.ndjson")));
        assert_eq!(seen, expected, "{name}");
    }
}

/// The files would prove nothing if a kind of item or a code of decoding never appeared in them.
#[test]
fn frozen_envelopes_cover_every_kind_and_every_code_of_decoding() {
    let all: String = crate::names(".expect.json")
        .iter()
        .map(|name| crate::read(&format!("{name}.expect.json")))
        .collect();
    for kind in ItemType::ALL {
        assert!(
            all.contains(&format!(r#""type": "{}""#, kind.as_str())),
            "{kind:?}"
        );
    }
    for code in [
        DiscardReason::MalformedItem,
        DiscardReason::UnknownType,
        DiscardReason::InvalidItem,
        DiscardReason::InvalidAnswer,
    ] {
        assert!(all.contains(&format!(r#""error": "{code}""#)), "{code}");
    }
}
