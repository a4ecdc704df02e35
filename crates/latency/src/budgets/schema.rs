//! Turns the shape of a budget document into a JSON Schema for editors.

use protocol::limits::MAX_SLUG_CHARS;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::{MAX_ALERTS, MAX_FEATURES, MAX_LATENCY, MAX_MATCHES, MAX_TEMPLATES};

/// Stands for the first form of the document; nobody has to fetch it.
const ID: &str = "urn:firsthand:budgets:1";

/// The JSON Schema (draft 2020-12) of a budget document, for people who write budgets.
///
/// It says what editors can know: names, shapes and ranges. What depends on more than one place
/// [`super::check`] says.
pub fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let schema = generator.into_root_schema_for::<protocol::budget::Budgets>();
    let mut schema = Schema::to_value(schema);
    schema["$id"] = ID.into();
    for (place, key, value) in limits() {
        if let Some(Value::Object(part)) = schema.pointer_mut(place) {
            part.insert(String::from(key), value);
        }
    }
    describe(&mut schema);
    schema
}

/// Limits that types do not have: where, which and how much.
fn limits() -> Vec<(&'static str, &'static str, Value)> {
    let mut all = vec![
        ("/properties/v", "const", json!(1)),
        ("/properties/slice", "enum", json!(["10s", "60s", "1m"])),
        ("/properties/max_keys", "minimum", json!(1)),
        ("/properties/max_keys", "maximum", json!(500)),
        ("/properties/features", "maxItems", json!(MAX_FEATURES)),
        ("/properties/templates", "maxItems", json!(MAX_TEMPLATES)),
        ("/properties/alerts", "maxItems", json!(MAX_ALERTS)),
        (
            "/$defs/Feature/properties/match",
            "maxItems",
            json!(MAX_MATCHES),
        ),
        (
            "/$defs/Feature/properties/latency",
            "maxItems",
            json!(MAX_LATENCY),
        ),
        ("/$defs/Feature/properties/min_samples", "minimum", json!(1)),
        ("/$defs/Feature/properties/min_clients", "minimum", json!(1)),
        (
            "/$defs/Feature/properties/id",
            "pattern",
            json!("^[a-z0-9_-]{1,64}$"),
        ),
        ("/$defs/Match", "minProperties", json!(1)),
        (
            "/$defs/Match/properties/method",
            "pattern",
            json!("^[A-Z]{1,20}$"),
        ),
        (
            "/$defs/BurnAlert/properties/factor",
            "exclusiveMinimum",
            json!(0),
        ),
    ];
    for target in [
        "/$defs/LatencyObjective/properties/target",
        "/$defs/AvailabilityObjective/properties/target",
    ] {
        all.push((target, "exclusiveMinimum", json!(0)));
        all.push((target, "maximum", json!(1)));
    }
    all
}

/// Makes every description one for people who write budgets rather than Rust.
fn describe(schema: &mut Value) {
    match schema {
        Value::Object(parts) => {
            for (name, part) in parts {
                match part {
                    Value::String(text) if name == "description" => *text = plain(text),
                    part => describe(part),
                }
            }
        }
        Value::Array(parts) => parts.iter_mut().for_each(describe),
        _ => {}
    }
}

/// The text without its example, and with what its links lead to.
fn plain(text: &str) -> String {
    let text = text.split("```").next().unwrap_or_default().trim();
    let slug = format!("1 to {MAX_SLUG_CHARS} of a-z, 0-9, hyphen and underscore");
    text.replace("see [`crate::limits::is_slug`]", &slug)
        .replace("[`BUDGETS_VERSION`]", "1")
}
