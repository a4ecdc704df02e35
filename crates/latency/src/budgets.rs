//! Turns a document of budgets into what the page follows, or into everything that is wrong with it.
//!
//! A finding has a JSON pointer into the document (RFC 6901), a stable code and a sentence.

mod check;
mod cover;

use protocol::budget::{Budgets, Include};
use protocol::config::{FeatureRule, Metering, RequestRule};
use protocol::latency::Within;
use protocol::query::Finding;
use serde_path_to_error::{Path, Segment};

pub use check::check;

/// Reads a document.
///
/// # Errors
///
/// One finding: the first place at which it is no document of budgets, such as an unknown key.
pub fn parse(json: &str) -> Result<Budgets, Vec<Finding>> {
    let mut from = serde_json::Deserializer::from_str(json);
    let read = serde_path_to_error::deserialize(&mut from).map_err(|error| {
        let pointer = pointer(error.path());
        refused(pointer, error.inner())
    });
    let budgets = read.map_err(|finding| vec![finding])?;
    from.end()
        .map_err(|error| vec![refused(String::new(), &error)])?;
    Ok(budgets)
}

fn refused(pointer: String, error: &serde_json::Error) -> Finding {
    let message = error.to_string();
    let code = if message.starts_with("unknown field") {
        "unknown_key"
    } else if error.is_data() {
        "wrong_value"
    } else {
        "not_json"
    };
    Finding {
        is_error: true,
        pointer,
        code: code.to_owned(),
        message,
    }
}

/// The place as a JSON pointer. An unknown key is its own last part.
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        let part = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                key.replace('~', "~0").replace('/', "~1")
            }
            Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&part);
    }
    pointer
}

/// What the page follows. Documents with errors compile to something, but promise nothing.
pub fn compile(budgets: &Budgets) -> Metering {
    let (graphql_paths, graphql_errors) = match &budgets.graphql {
        Some(graphql) => (graphql.paths.clone(), graphql.errors),
        None => (Vec::new(), false),
    };
    Metering {
        hard_timeout_ms: in_u32(budgets.hard_timeout.0),
        max_keys: budgets.max_keys,
        graphql_paths,
        graphql_errors,
        templates: budgets.templates.clone(),
        features: budgets.features.iter().map(feature).collect(),
    }
}

fn feature(feature: &protocol::budget::Feature) -> FeatureRule {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    FeatureRule {
        id: feature.id.clone(),
        matches: feature
            .matches
            .iter()
            .map(|it| RequestRule {
                method: text(&it.method),
                origin: text(&it.origin),
                path: text(&it.path),
                graphql: text(&it.graphql),
            })
            .collect(),
        within: feature
            .latency
            .iter()
            .map(|it| Within(it.stage, in_u32(it.within.0)))
            .collect(),
        background: feature.include.contains(&Include::Background),
        cache: feature.include.contains(&Include::Cache),
    }
}

fn in_u32(ms: u64) -> u32 {
    u32::try_from(ms).unwrap_or(u32::MAX)
}
