//! Turns the shape of a survey into a JSON Schema for editors, on standard output.

use std::io::{self, Write};

use protocol::limits::{MAX_OPTIONS, MAX_SLUG_CHARS, MAX_TEXT_CHARS};
use protocol::survey::{NONE, OTHER, Survey};
use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

/// Stands for the first form of the definition; nobody has to fetch it.
const ID: &str = "urn:firsthand:survey:1";

fn main() -> io::Result<()> {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let schema = generator.into_root_schema_for::<Survey>();
    let mut schema = Schema::to_value(schema);
    schema["$id"] = ID.into();
    if let Some(buckets) = schema.pointer_mut("/$defs/Bucket/oneOf") {
        add_nps_names(buckets);
    }
    describe(&mut schema);
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &schema)?;
    out.write_all(b"\n")
}

/// The names that serde knows as aliases, which the derived schema does not have.
fn add_nps_names(buckets: &mut Value) {
    let Value::Array(buckets) = buckets else {
        return;
    };
    for (name, scores) in [
        ("detractor", "0 to 6"),
        ("passive", "7 and 8"),
        ("promoter", "9 and 10"),
    ] {
        let description = format!("{scores} of an NPS scale.");
        buckets.push(json!({"description": description, "type": "string", "const": name}));
    }
}

/// Makes every description one for people who write surveys rather than Rust.
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
    [
        ("see [`crate::limits::is_slug`]", slug()),
        ("[`crate::limits::MAX_OPTIONS`]", MAX_OPTIONS.to_string()),
        (
            "[`crate::limits::MAX_TEXT_CHARS`]",
            MAX_TEXT_CHARS.to_string(),
        ),
        ("[`super::OTHER`]", format!("`{OTHER}`")),
        ("[`super::NONE`]", format!("`{NONE}`")),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (link, words)| {
        text.replace(link, &words)
    })
}

fn slug() -> String {
    format!("1 to {MAX_SLUG_CHARS} of a-z, 0-9, hyphen and underscore")
}
