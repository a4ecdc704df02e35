//! Turns what is asked about who may do what into answers: people, sessions, API tokens, the audit log.
//!
//! | request | answer |
//! |---|---|
//! | `GET /api/v1/sessions` | [`Sessions`]: one's own |
//! | `DELETE /api/v1/sessions/<id>` | 204 |
//! | `DELETE /api/v1/sessions` | 204; all but this one end |
//! | `PUT /api/v1/password` with [`NewPassword`] | 204 and another cookie; all other sessions end |
//! | `POST /api/v1/password-link` with [`UseLink`] | 204; all sessions end |
//! | `GET /api/v1/people` | [`People`] |
//! | `POST /api/v1/people` with [`Invitation`] | [`Invited`] |
//! | `PUT /api/v1/people/<id>/role` with [`NewRole`] | 204; their sessions end |
//! | `POST /api/v1/people/<id>/password-link` | [`Invited`] |
//! | `DELETE /api/v1/people/<id>` | 204 |
//! | `GET /api/v1/tokens` | [`Tokens`] |
//! | `POST /api/v1/tokens` with [`NewToken`] | [`MadeToken`]: the only time that the secret is told |
//! | `DELETE /api/v1/tokens/<id>` | 204; it is revoked, and stays in the list |
//! | `GET /api/v1/audit?`[`AuditQuery`] | [`Audit`] |

use core::fmt;

use serde::{Deserialize, Serialize};

/// What somebody may do. Each may all that the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
