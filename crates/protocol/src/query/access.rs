//! Turns what is asked about who may do what into answers: people, sessions, API tokens, the audit log.
//!
//! | request | answer |
//! |---|---|
//! | `GET /api/v1/sessions` | [`Sessions`]: one's own |
//! | `DELETE /api/v1/sessions/<id>` | 204 |
//! | `DELETE /api/v1/sessions` | 204; all but this one end |
//! | `PUT /api/v1/password` with [`NewPassword`] | 204 and another cookie; all other sessions end |
//! | `POST /api/v1/password-link` with [`UseLink`] | 204; all sessions end |
//! | `GET /api/v1/team` | [`People`] |
//! | `POST /api/v1/team` with [`Invitation`] | [`Invited`] |
//! | `PUT /api/v1/team/<id>/role` with [`NewRole`] | 204; their sessions end |
//! | `POST /api/v1/team/<id>/password-link` | [`Invited`] |
//! | `DELETE /api/v1/team/<id>` | 204 |
//! | `GET /api/v1/tokens` | [`Tokens`] |
//! | `POST /api/v1/tokens` with [`NewToken`] | [`MadeToken`]: the only time that the secret is told |
//! | `DELETE /api/v1/tokens/<id>` | 204; it is revoked, and stays in the list |
//! | `GET /api/v1/audit?`[`AuditQuery`] | [`Audit`] |
//! | `GET /api/v1/audit/export?`[`AuditQuery`] | the same lines, all of them, as CSV or NDJSON |
//! | `GET /api/v1/audit/names` | [`AuditNames`] |
//! | `GET /api/v1/oidc` | [`Providers`] |
//! | `GET /api/v1/oidc/begin?`[`OidcBegin`] | 303 to the provider |
//! | `GET /api/v1/oidc/return?`[`OidcReturn`] | 303 to the console, with a session |

use core::fmt;

use serde::{Deserialize, Serialize};

/// What somebody may do. Each may all that the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads answers, scores, performance and surveys.
    Viewer,
    /// Works with what people wrote.
    Responder,
    /// Changes what is asked and what is promised: surveys, budgets, maintenance, retention.
    Manager,
    /// Decides who may do what, and sees what was done.
    Admin,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Responder, Self::Manager, Self::Admin];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Responder => "responder",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }

    /// The role of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an API token reaches. A person reaches all of it, as far as the role goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Scores, comments, images.
    Answers,
    /// Definitions of surveys.
    Surveys,
    /// Budgets, availability, alerts, maintenance.
    Performance,
    /// What was delivered, refused and lost.
    Delivery,
    /// Retention, erasure and export.
    Data,
    /// The audit log.
    Audit,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 6] = [
        Self::Answers,
        Self::Surveys,
        Self::Performance,
        Self::Delivery,
        Self::Data,
        Self::Audit,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Surveys => "surveys",
            Self::Performance => "performance",
            Self::Delivery => "delivery",
            Self::Data => "data",
            Self::Audit => "audit",
        }
    }

    /// The scope of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What somebody who changed something came with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Credential {
    /// A person's session, begun with a password.
    Session,
    /// An API token.
    Token,
    /// A link to a password.
    Link,
    /// The machine: a command beside the collector.
    CommandLine,
    /// Nothing: the collector did it by itself.
    None,
}

impl Credential {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Session,
        Self::Token,
        Self::Link,
        Self::CommandLine,
        Self::None,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Token => "token",
            Self::Link => "link",
            Self::CommandLine => "command_line",
            Self::None => "none",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// One's own sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sessions {
    /// The newest first.
    pub items: Vec<OwnSession>,
}

/// One place where somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnSession {
    /// Names it; tells nothing that signs anybody in.
    pub id: String,
    /// Whether it is the one that asks.
    pub is_this: bool,
    /// Since when; milliseconds since 1970 (UTC).
    pub created_ms: u64,
    /// When it was last used, to a day.
    pub used_ms: u64,
    /// When it ends unless it is used.
    pub expires_ms: u64,
}

/// Somebody changes their password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPassword {
    /// The one that they have.
    pub current: String,
    /// The one that they want, of 8 to 1,024 characters.
    pub new: String,
}

/// Somebody chooses a password by a link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UseLink {
    /// The secret of the link: what follows the `#`.
    pub link: String,
    /// The one that they want, of 8 to 1,024 characters.
    pub password: String,
}

// Neither password may reach a log by way of `{:?}`.
impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(..)")
    }
}

impl fmt::Debug for UseLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UseLink(..)")
    }
}

/// Everybody who may sign in or was invited to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct People {
    /// By e-mail address.
    pub items: Vec<PersonEntry>,
}

/// Somebody who may sign in or was invited to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonEntry {
    /// Their id.
    pub id: i64,
    /// E-mail address, lower case.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Since when they are known; milliseconds since 1970 (UTC).
    pub created_ms: u64,
    /// Whether they have chosen a password.
    pub has_password: bool,
}

/// An admin invites somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// E-mail address.
    pub email: String,
    /// What they will be able to do.
    pub role: Role,
}

/// A link that lets one person choose a password, once. It is told here and nowhere else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invited {
    /// The person's id.
    pub id: i64,
    /// Path and fragment below the origin of the console, as in `/password#fh_link_…`.
    pub link: String,
    /// Until when it works; milliseconds since 1970 (UTC).
    pub expires_ms: u64,
}

impl fmt::Debug for Invited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invited")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// An admin gives somebody another role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewRole {
    /// What they will be able to do.
    pub role: Role,
}

/// Every API token that the project has or had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// The newest first.
    pub items: Vec<TokenEntry>,
}

/// One API token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenEntry {
    /// Its id.
    pub id: u64,
    /// What people call it.
    pub name: String,
    /// How its secret begins.
    pub prefix: String,
    /// What it may do.
    pub role: Role,
    /// What it reaches.
    pub scopes: Vec<Scope>,
    /// Since when there is one; milliseconds since 1970 (UTC).
    pub created_ms: u64,
    /// Until when it works; absent means until it is revoked.
    pub expires_ms: Option<u64>,
    /// When it was last used, to five minutes.
    pub used_ms: Option<u64>,
    /// Since when it works no more.
    pub revoked_ms: Option<u64>,
}

/// An admin makes an API token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewToken {
    /// What people will call it, of 1 to 100 characters.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// What it reaches; at least one.
    pub scopes: Vec<Scope>,
    /// Days until it ends, 1 to 3,660; absent means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
}

/// An API token that was made. Its secret is told here and nowhere else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeToken {
    /// What the list will say.
    pub token: TokenEntry,
    /// What to send as `Authorization: Bearer …`.
    pub secret: String,
}

impl fmt::Debug for MadeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MadeToken")
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

/// Which lines of the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditQuery {
    /// Whose: an e-mail address, or the name of a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// What was done: a whole action such as `survey.publish`, or its kind, `survey`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// What stands in target or detail, compared without case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Length of the window that ends now, in days of 24 hours; absent means all time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// Of an export: `csv`, as when absent, or `ndjson`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Where to go on: [`Audit::next`] of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Lines a page, 1 to 200; 50 unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Whom and what the audit log speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditNames {
    /// In order.
    pub actors: Vec<String>,
    /// In order.
    pub actions: Vec<String>,
}

/// One page of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Audit {
    /// The newest first.
    pub items: Vec<AuditLine>,
    /// Cursor of the next page, when there is one.
    pub next: Option<String>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditLine {
    /// Counts up with time.
    pub id: u64,
    /// When; milliseconds since 1970 (UTC).
    pub at_ms: u64,
    /// What whoever changed it came with.
    pub credential: Credential,
    /// Who: an e-mail address, or the name of a token.
    pub actor: String,
    /// What was done, by a stable name such as `survey.publish`.
    pub action: String,
    /// To what.
    pub target: String,
    /// What else there is to say; may be empty.
    pub detail: String,
}

/// By whom else than by a password people can be told here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Providers {
    /// At most one.
    pub items: Vec<Provider>,
}

/// An OpenID provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Provider {
    /// What people call it.
    pub name: String,
}

/// Somebody wants to be told by an OpenID provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OidcBegin {
    /// Where to go on, below the console's base.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Somebody comes back from an OpenID provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OidcReturn {
    /// What began here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What the provider gives an answer for; absent when it refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}
