//! Turns a budget document into what is wrong with it, and into what pages are told.
//!
//! [`parse`] reads the JSON, [`check`] the document, [`compile`] makes of it what agents follow. Every
//! finding says where it is, what it is by a stable name, and what would be right.

mod alerts;
mod code;
mod cover;
mod document;
mod features;
mod matches;
#[cfg(feature = "schema")]
mod schema;
mod templates;

use protocol::budget::{Budgets, Feature, Include, LatencyObjective, Match};
use protocol::config::{FeatureRule, Metering, RequestRule};
use protocol::latency::Within;
use protocol::query::Finding;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

pub use code::Code;
#[cfg(feature = "schema")]
pub use schema::schema;

/// Features of one document.
pub const MAX_FEATURES: usize = 64;
/// Latency objectives of one feature.
pub const MAX_LATENCY: usize = 4;
/// Matches of one feature.
pub const MAX_MATCHES: usize = 20;
/// Templates of one document.
pub const MAX_TEMPLATES: usize = 200;
/// Alerts of one document.
pub const MAX_ALERTS: usize = 8;
/// Bytes of one pattern or template.
pub const MAX_PATTERN_BYTES: usize = 200;
/// Bytes of all texts that every page has to fetch.
pub const MAX_BYTES: usize = 16 << 10;

/// Unknown keys that are told of at once.
const MAX_UNKNOWN: usize = 20;

/// Reads a document from JSON, after which nothing may follow.
///
/// # Errors
///
/// What is not JSON, or not a budget document, and where. Of unknown keys all are told; what is wrong
/// within a document, [`check`] tells.
pub fn parse(json: &str) -> Result<Budgets, Vec<Finding>> {
    let mut reader = serde_json::Deserializer::from_str(json);
    match serde_path_to_error::deserialize(&mut reader) {
        Ok(budgets) => match reader.end() {
            Ok(()) => Ok(budgets),
            Err(_) => Err(vec![finding(
                String::new(),
                Code::Trailing,
                String::from("Something follows the end of the budgets."),
            )]),
        },
        Err(error) => Err(faults(json, &error)),
    }
}

/// The first fault, and where that is a key that nobody knows, what would be wrong without it.
fn faults(json: &str, first: &serde_path_to_error::Error<serde_json::Error>) -> Vec<Finding> {
    let mut found = vec![fault(first)];
    let Ok(mut rest) = serde_json::from_str::<Value>(json) else {
        return found;
    };
    while found.len() < MAX_UNKNOWN {
        let Some(last) = found.last().filter(|last| is_unknown_key(last)) else {
            break;
        };
        remove(&mut rest, &last.pointer);
        match serde_path_to_error::deserialize::<_, Budgets>(&rest) {
            Ok(_) => break,
            Err(error) => found.push(fault(&error)),
        }
    }
    found
}

fn is_unknown_key(finding: &Finding) -> bool {
    finding.code == Code::UnknownKey.as_str()
}

fn remove(document: &mut Value, pointer: &str) {
    if let Some((parent, key)) = pointer.rsplit_once('/')
        && let Some(Value::Object(parent)) = document.pointer_mut(parent)
    {
        parent.remove(&key.replace("~1", "/").replace("~0", "~"));
    }
}

fn fault(error: &serde_path_to_error::Error<serde_json::Error>) -> Finding {
    let message = error.inner().to_string();
    let code = match error.inner() {
        inner if !inner.is_data() => Code::Syntax,
        _ if message.starts_with("unknown field") => Code::UnknownKey,
        _ => Code::Shape,
    };
    finding(pointer(error.path()), code, sentence(&message))
}

fn pointer(path: &Path) -> String {
    let parts = path.iter().map(|segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { variant } => format!("/{variant}"),
        Segment::Unknown => String::new(),
    });
    parts.collect()
}

/// A parser's message as a sentence.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

fn finding(pointer: String, code: Code, message: String) -> Finding {
    Finding {
        is_error: code.is_error(),
        pointer,
        code: String::from(code.as_str()),
        message,
    }
}

/// Everything that is wrong with a document and what is worth a second look, in reading order;
/// without an error it may be published.
///
/// Whether the time zone exists is for those to say who have a list of them; here it is its shape.
pub fn check(budgets: &Budgets) -> Vec<Finding> {
    let mut report = Report::default();
    document::check(budgets, &mut report);
    // What follows takes time by the number of features, or by its square.
    if budgets.features.len() <= MAX_FEATURES {
        features::check(budgets, &mut report);
        matches::check(budgets, &mut report);
    }
    templates::check(&budgets.templates, &mut report);
    alerts::check(budgets, &mut report);
    let mut found = report.0;
    found.sort_by_key(|finding| place(&finding.pointer));
    found
}

/// Parts of a document in the order in which they are read, then by number.
fn place(pointer: &str) -> (usize, Vec<(usize, String)>) {
    const PARTS: [&str; 11] = [
        "",
        "v",
        "window",
        "slice",
        "hard_timeout",
        "timezone",
        "features",
        "templates",
        "max_keys",
        "graphql",
        "alerts",
    ];
    let mut parts = pointer.split('/').skip(1);
    let first = parts.next().unwrap_or_default();
    let rank = PARTS.iter().position(|part| *part == first);
    let rest = parts.map(|part| match part.parse() {
        Ok(number) => (number, String::new()),
        Err(_) => (usize::MAX, part.to_owned()),
    });
    (rank.unwrap_or(PARTS.len()), rest.collect())
}

/// What was found so far.
#[derive(Debug, Default)]
struct Report(Vec<Finding>);

impl Report {
    fn say(&mut self, pointer: impl Into<String>, code: Code, sentence: impl Into<String>) {
        self.0.push(finding(pointer.into(), code, sentence.into()));
    }

    fn say_if(
        &mut self,
        wrong: bool,
        pointer: impl Into<String>,
        code: Code,
        sentence: impl Into<String>,
    ) {
        if wrong {
            self.say(pointer, code, sentence);
        }
    }
}

/// What pages are told: the document, as far as they need it to measure.
pub fn compile(budgets: &Budgets) -> Metering {
    let graphql = budgets.graphql.as_ref();
    Metering {
        hard_timeout_ms: ms(budgets.hard_timeout.0),
        max_keys: budgets.max_keys,
        graphql_paths: graphql.map_or_else(Vec::new, |graphql| graphql.paths.clone()),
        graphql_errors: graphql.is_some_and(|graphql| graphql.errors),
        templates: budgets.templates.clone(),
        features: budgets.features.iter().map(feature_rule).collect(),
    }
}

fn feature_rule(feature: &Feature) -> FeatureRule {
    FeatureRule {
        id: feature.id.clone(),
        matches: feature.matches.iter().map(request_rule).collect(),
        within: feature.latency.iter().map(within).collect(),
        background: feature.include.contains(&Include::Background),
        cache: feature.include.contains(&Include::Cache),
    }
}

fn request_rule(rule: &Match) -> RequestRule {
    RequestRule {
        method: rule.method.clone().unwrap_or_default(),
        origin: rule.origin.clone().unwrap_or_default(),
        path: rule.path.clone().unwrap_or_default(),
        graphql: rule.graphql.clone().unwrap_or_default(),
    }
}

/// The threshold of an objective, as pages count it.
pub fn within(objective: &LatencyObjective) -> Within {
    Within(objective.stage, ms(objective.within.0))
}

fn ms(ms: u64) -> u32 {
    u32::try_from(ms).unwrap_or(u32::MAX)
}
