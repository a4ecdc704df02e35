//! Turns a page with its filters into something that can be opened again: by oneself, by the team, or by
//! whoever has a link.
//!
//! | request | answer |
//! |---|---|
//! | `GET /api/v1/views` | [`SavedViews`]: one's own, and those of the team |
//! | `POST /api/v1/views` with [`NewSavedView`] | [`SavedView`]; one of the same name and owner is replaced, the team's by its author or a manager |
//! | `DELETE /api/v1/views/<id>` | 204 |
//! | `GET /api/v1/shares` | [`Shares`]: every link, also such as lead nowhere any more |
//! | `POST /api/v1/shares` with [`NewShare`] | [`MadeShare`]: the only time that its token is told |
//! | `DELETE /api/v1/shares/<id>` | 204; whoever has the link finds nothing from then on |
//! | `POST /api/v1/shared` with [`OpenShare`] | [`Shared`], or 401 `wrong_credentials` where it takes a password |
//!
//! Whoever has opened a link asks with the header [`SHARE_HEADER`] instead of a session, and is told what the
//! link's page shows: nothing else, and never more than its view. See
//! [`View::narrowed`](super::view::View::narrowed).

use serde::{Deserialize, Serialize};

use super::Session;

/// The header that says which link a request stands on: its [`Shared::key`].
pub const SHARE_HEADER: &str = "x-firsthand-share";

/// Pages that can be saved and shared: what their paths begin with.
pub const PAGES: [&str; 4] = ["inbox", "scores", "performance", "surveys"];
/// Those that can be shown to whoever has a link.
pub const SHARED_PAGES: [&str; 3] = ["inbox", "scores", "performance"];

/// Views that somebody can open again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavedViews {
    /// By name.
    pub items: Vec<SavedView>,
}

/// A page with its filters, under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavedView {
    /// Its id.
    pub id: u64,
    /// What it is called.
    pub name: String,
    /// Path of the page below the console's base: `scores`.
    pub page: String,
    /// Its query string, without a question mark; may be empty.
    pub query: String,
    /// Whether everybody in the project sees it.
    pub team: bool,
    /// E-mail address of whoever saved it.
    pub by: String,
    /// When; milliseconds since 1970 (UTC).
    pub created_ms: u64,
}

/// Saves a view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSavedView {
    /// 1 to 80 characters.
    pub name: String,
    /// Path of the page below the console's base; see [`PAGES`].
    pub page: String,
    /// Its query string; at most 2,000 bytes.
    #[serde(default)]
    pub query: String,
    /// Whether everybody in the project shall see it: takes the role responder.
    #[serde(default)]
    pub team: bool,
}

/// Links to views.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Shares {
    /// The newest first.
    pub items: Vec<Share>,
}

/// A link by which anybody can see one view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Share {
    /// Its id.
    pub id: u64,
    /// What it is called.
    pub name: String,
    /// Path of the page below the console's base.
    pub page: String,
    /// The filters that whoever has the link can add to, and never take away.
    pub query: String,
    /// Whether what people wrote is shown.
    pub verbatims: bool,
    /// Whether it takes a password.
    pub has_password: bool,
    /// E-mail address of whoever made it.
    pub by: String,
    /// When; milliseconds since 1970 (UTC).
    pub created_ms: u64,
    /// Until when it works, exclusive; absent for as long as nobody takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_ms: Option<u64>,
    /// Since when it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_ms: Option<u64>,
    /// How many times it was opened.
    pub opened: u64,
    /// When it was opened last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_ms: Option<u64>,
}

/// Makes a link to a view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewShare {
    /// 1 to 80 characters.
    pub name: String,
    /// Path of the page below the console's base; see [`SHARED_PAGES`].
    pub page: String,
    /// The filters; at most 2,000 bytes.
    #[serde(default)]
    pub query: String,
    /// Whether what people wrote is shown. The inbox cannot be shared without.
    #[serde(default)]
    pub verbatims: bool,
    /// Days until it ends, 1 to 365; absent for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// What it takes to open it, 8 characters and more; absent for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// A link that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeShare {
    /// What is known of it from now on.
    pub share: Share,
    /// What its address ends in: `/s/<token>`. Told this once, and kept as a hash.
    pub token: String,
}

/// Opens a link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenShare {
    /// What its address ends in.
    pub token: String,
    /// Its password, where it takes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

// Neither may reach a log by way of `{:?}`.
impl core::fmt::Debug for OpenShare {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("OpenShare(..)")
    }
}

/// What a link shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Shared {
    /// What it is called.
    pub name: String,
    /// Path of the page below the console's base.
    pub page: String,
    /// The filters that hold.
    pub query: String,
    /// Whether what people wrote is shown.
    pub verbatims: bool,
    /// Until when it works; absent for as long as nobody takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_ms: Option<u64>,
    /// What [`SHARE_HEADER`] says from then on.
    pub key: String,
    /// The project as a visitor sees it: without an address and without sites.
    pub session: Session,
}
