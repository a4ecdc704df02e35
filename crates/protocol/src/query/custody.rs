//! Turns what is asked about somebody who answered into what is kept about them, or was.
//!
//! | request | answer |
//! |---|---|
//! | `GET /api/v1/people/held?`[`Whom`] | [`Held`] |
//! | `GET /api/v1/people/export?`[`Whom`] | NDJSON: a header, everything that is kept, an end |
//! | `POST /api/v1/people/erase` with [`Erase`] | [`Erased`] |

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{InstallId, ResponseId};

/// Somebody who answered, by exactly one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Whom {
    /// The browser profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install: Option<InstallId>,
    /// The page's own id of them; 1 to [`crate::limits::MAX_PERSON_ID_CHARS`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// A response of theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<ResponseId>,
}

/// Take away everything that is kept about somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Erase {
    /// Whose.
    pub whom: Whom,
    /// Whether the database is written anew at once, so that nothing is left in unused parts of its
    /// file. Takes seconds for each gigabyte, in which nothing else is kept.
    #[serde(default = "yes")]
    pub rewrite: bool,
}

const fn yes() -> bool {
    true
}

/// What is kept about somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Held {
    /// How many rows of each kind; kinds without any are absent.
    pub counts: BTreeMap<String, u64>,
    /// When the first of it arrived; milliseconds since 1970 (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_ms: Option<u64>,
}

/// What was taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Erased {
    /// How many rows of each kind; kinds without any are absent.
    pub counts: BTreeMap<String, u64>,
    /// Whether the database was written anew. Where it was to be and was not, the disk had no room:
    /// erasing again tries again.
    pub rewritten: bool,
    /// Copies that still hold it, the oldest first. They are files elsewhere, and yours to remove.
    pub backups: Vec<Copy>,
}

/// A copy of the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Copy {
    /// Where it was put.
    pub path: String,
    /// When; milliseconds since 1970 (UTC).
    pub made_ms: u64,
}
