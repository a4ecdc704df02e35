//! Turns what is asked about sites and the project into how they are set up.
//!
//! | request | answer |
//! |---|---|
//! | `GET /api/v1/sites` | [`Sites`] |
//! | `POST /api/v1/sites` with [`NewSite`] | [`SiteEntry`] |
//! | `PUT /api/v1/sites/<id>` with [`SiteEdit`] | [`SiteEntry`], or 409 `conflict` |
//! | `POST /api/v1/sites/<id>/key` with [`NewKey`] | [`SiteEntry`], or 409 `conflict` |
//! | `POST /api/v1/sites/<id>/end-key` with [`EndKey`] | [`SiteEntry`], or 409 `conflict` |
//! | `DELETE /api/v1/sites/<id>` | 204 |
//! | `PUT /api/v1/project` with [`ProjectEdit`] | 204, or 409 `conflict` |
//! | `GET /api/v1/retention` | [`Retention`] |
//! | `PUT /api/v1/retention/<key>` with [`NewKeep`] | [`Retention`], or 409 `conflict` |
//! | `GET /api/v1/retention/<key>/older?keep_ms=<n>` | [`Older`] |

use serde::{Deserialize, Serialize};

use super::delivery::Reason;

/// Most origins of one site.
pub const MAX_ORIGINS: usize = 100;
/// Most characters of the name of a site or a project.
pub const MAX_NAME_CHARS: usize = 100;
/// Most hours for which a key that was replaced goes on working: 30 days.
pub const MAX_KEY_HOURS: u32 = 720;

/// Shortest time that an admin can have something kept: a day.
pub const LEAST_KEEP_MS: u64 = 86_400_000;
/// Longest time but for good: 3,660 days, which is ten years.
pub const MOST_KEEP_MS: u64 = 3_660 * LEAST_KEEP_MS;

/// Every site of the project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sites {
    /// Oldest first.
    pub items: Vec<SiteEntry>,
}

/// One site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SiteEntry {
    /// Its id.
    pub id: i64,
    /// Public key, as in `data-site-key`.
    pub key: String,
    /// What people call it; may be empty.
    pub name: String,
    /// Origins that may use it.
    pub origins: Vec<String>,
    /// Grows with every change; a change says which one it came from.
    pub rev: u32,
    /// Since when there is one; milliseconds since 1970 (UTC).
    pub created_ms: u64,
    /// When something that its pages sent was first kept.
    pub first_ms: Option<u64>,
    /// When something that its pages sent was last kept, to a minute.
    pub last_ms: Option<u64>,
    /// Keys that were replaced and still work.
    pub former: Vec<FormerKey>,
    /// Requests with its key that were refused since the collector was started, by code.
    pub refused: Vec<Reason>,
}

/// A key that was replaced and still works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormerKey {
    /// The key.
    pub key: String,
    /// Until when; milliseconds since 1970 (UTC).
    pub until_ms: u64,
}

/// An admin adds a site; its key is drawn at random.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSite {
    /// What people will call it, of 1 to [`MAX_NAME_CHARS`] characters.
    pub name: String,
    /// Origins that may use it, 1 to [`MAX_ORIGINS`].
    pub origins: Vec<String>,
}

/// An admin changes a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SiteEdit {
    /// [`SiteEntry::rev`] of the state that the change came from.
    pub rev: u32,
    /// As in [`NewSite`].
    pub name: String,
    /// As in [`NewSite`].
    pub origins: Vec<String>,
}

/// An admin gives a site another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// As in [`SiteEdit`].
    pub rev: u32,
    /// Hours for which the old one goes on working, 0 to [`MAX_KEY_HOURS`].
    pub hours: u32,
}

/// An admin has a replaced key end at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EndKey {
    /// As in [`SiteEdit`].
    pub rev: u32,
    /// Which.
    pub key: String,
}

/// An admin gives the project another name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProjectEdit {
    /// The name that the change came from.
    pub known: String,
    /// The new one, of 1 to [`MAX_NAME_CHARS`] characters.
    pub name: String,
}

/// How long what is kept: as the configuration says, as an admin chose where it is silent, or by default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Retention {
    /// Kind by kind.
    pub items: Vec<Keep>,
}

/// How long one kind of thing is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Keep {
    /// Its key in the configuration file.
    pub key: String,
    /// Milliseconds; absent is for good.
    pub keep_ms: Option<u64>,
    /// Whether only the configuration can change it.
    pub fixed: bool,
    /// Grows with every choice of an admin; a choice says which one it came from.
    pub rev: u32,
}

/// An admin has one kind of thing kept for so long. What is older goes within an hour, for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewKeep {
    /// [`Keep::rev`] of the state that the choice came from.
    pub rev: u32,
    /// Milliseconds from [`LEAST_KEEP_MS`] to [`MOST_KEEP_MS`]; null is for good. To be said either way.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    #[serde(deserialize_with = "Option::deserialize")]
    pub keep_ms: Option<u64>,
}

/// What would go if something were kept no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Older {
    /// How much of it there is now: answers, impressions, images, hourly sums of vitals and so on. Images and notes
    /// that go with answers are not counted.
    pub n: u64,
    /// It arrived before this; milliseconds since 1970 (UTC).
    pub before_ms: u64,
}
