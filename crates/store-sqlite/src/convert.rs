//! Turns the store's numbers and ids into what SQLite keeps, and back.

use std::collections::BTreeMap;

use protocol::latency::LatencyContext;
use protocol::query::access::Role;
use protocol::survey::Reaction;
use rusqlite::Row;
use store::{NewValue, Scale};
use uuid::Uuid;

/// A day without a zone, in milliseconds.
pub(crate) const DAY_MS: u64 = 86_400_000;

/// SQLite's integers are signed; what is beyond them is as good as for ever.
pub(crate) fn int_from_u64(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Reads a column that only [`int_from_u64`] writes.
pub(crate) fn u64_at(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column)
        .map(|value| u64::try_from(value).unwrap_or(0))
}

/// Reads a UUID that was kept as a blob of 16 bytes.
pub(crate) fn uuid_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

/// A JSON object of texts, which always can be written.
pub(crate) fn json_from_texts(texts: &BTreeMap<String, String>) -> String {
    serde_json::to_string(texts).unwrap_or_else(|_| String::from("{}"))
}

/// Reads a column that only [`json_from_texts`] writes; one edited by hand reads as empty.
pub(crate) fn texts_at(row: &Row<'_>, column: usize) -> rusqlite::Result<BTreeMap<String, String>> {
    let json: Option<String> = row.get(column)?;
    Ok(json
        .and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_default())
}

/// What a person had waited for, as JSON, which always can be written.
pub(crate) fn json_from_latency(latency: &LatencyContext) -> String {
    serde_json::to_string(latency).unwrap_or_default()
}

/// Reads a column that only [`json_from_latency`] writes; one edited by hand reads as absent.
pub(crate) fn latency_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<LatencyContext>> {
    let json: Option<String> = row.get(column)?;
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
}

/// The `kind` of a score, and the highest score of its scale.
pub(crate) const fn name_of_scale(scale: Scale) -> (&'static str, u8) {
    match scale {
        Scale::Nps => ("nps", 10),
        Scale::Csat => ("csat", 5),
        Scale::Ces => ("ces", 7),
        Scale::Rating(max) => ("rating", max),
    }
}

/// Reads back a score, when `kind` is one of a scale.
pub(crate) fn score_from(kind: &str, points: Option<u8>, top: Option<u8>) -> Option<NewValue> {
    let scale = match kind {
        "nps" => Scale::Nps,
        "csat" => Scale::Csat,
        "ces" => Scale::Ces,
        "rating" => Scale::Rating(top?),
        _ => return None,
    };
    Some(NewValue::Score {
        scale,
        points: points?,
    })
}

pub(crate) const fn name_of_reaction(reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::Up => "up",
        Reaction::Down => "down",
        Reaction::Heart => "heart",
    }
}

pub(crate) fn reaction_from_name(name: &str) -> Option<Reaction> {
    [Reaction::Up, Reaction::Down, Reaction::Heart]
        .into_iter()
        .find(|reaction| name_of_reaction(*reaction) == name)
}

/// Reads a role. The column takes no other word; one edited by hand may do the least.
pub(crate) fn role_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Role> {
    let name: String = row.get(column)?;
    Ok(Role::from_name(&name).unwrap_or(Role::Viewer))
}
