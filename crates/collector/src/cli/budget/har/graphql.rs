//! Turns what was sent and answered into names of GraphQL operations, and whether they failed.
//!
//! Names are found as the SDK finds them: that of a persisted query in the address, or one for each
//! operation of a batch.

use serde_json::Value;

use super::entry::Entry;

/// Names of the operations, joined by commas; absent where it is no GraphQL.
pub(super) fn names<'a>(
    entry: &Entry,
    mut paths: impl Iterator<Item = &'a String>,
) -> Option<String> {
    let url = entry.url.as_str().to_ascii_lowercase();
    if !url.contains("graphql") && !paths.any(|own| own == entry.url.path()) {
        return None;
    }
    let mut query = entry.url.query_pairs();
    let persisted = query.find(|(key, value)| key == "operationName" && !value.is_empty());
    if let Some((_, name)) = persisted {
        return Some(name.chars().take_while(|c| is_word(*c)).collect());
    }
    let sent = entry
        .sent()
        .and_then(|sent| serde_json::from_str(sent).ok());
    let operations = match sent {
        Some(Value::Array(all)) => all,
        one => one.into_iter().collect(),
    };
    let names: Vec<String> = operations.iter().filter_map(name).collect();
    Some(names.join(","))
}

fn name(operation: &Value) -> Option<String> {
    let given = operation["operationName"].as_str();
    if let Some(given) = given.filter(|name| !name.is_empty()) {
        return Some(String::from(given));
    }
    named(operation["query"].as_str()?)
}

const fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The name after the first `query`, `mutation` or `subscription` that has one: only white space is
/// between the two.
fn named(query: &str) -> Option<String> {
    let words = query.split(char::is_whitespace);
    let mut words = words.filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        let is_keyword = ["query", "mutation", "subscription"].iter().any(|keyword| {
            let before = word.strip_suffix(keyword);
            before.is_some_and(|before| !before.ends_with(is_word))
        });
        let next = words.peek().copied().unwrap_or_default();
        let name: String = next.chars().take_while(|c| is_word(*c)).collect();
        if is_keyword && !name.is_empty() {
            return Some(name);
        }
    }
    None
}

/// Whether an answer, or one of a batch, has errors.
pub(super) fn has_errors(entry: &Entry) -> bool {
    let answered = entry.answered();
    let answered = answered.and_then(|text| serde_json::from_str::<Value>(&text).ok());
    let failed = |one: &Value| one["errors"].as_array().is_some_and(|all| !all.is_empty());
    match answered {
        Some(Value::Array(all)) => all.iter().any(failed),
        Some(one) => failed(&one),
        None => false,
    }
}
