//! Turns frozen answers of the collector into values, and the values back into the same JSON.

use protocol::outcome::{BatchReply, ErrorReply, Outcome};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn check<T: Serialize + DeserializeOwned>(name: &str) -> T {
    let json: Value = serde_json::from_str(&crate::read(&format!("{name}.json"))).expect(name);
    let value: T = serde_json::from_value(json.clone()).expect(name);
    assert_eq!(serde_json::to_value(&value).expect(name), json, "{name}");
    value
}

#[test]
fn every_frozen_answer_is_read_and_written_alike() {
    for name in crate::names(".json") {
        if name.starts_with("reply-") {
            let reply: BatchReply = check(&name);
            let known = reply.r.chars().all(|c| Outcome::from_letter(c).is_some());
            assert!(
                known,
                "{name}: a letter without an outcome in {:?}",
                reply.r
            );
        } else if name.starts_with("refusal-") {
            check::<ErrorReply>(&name);
        }
    }
}
