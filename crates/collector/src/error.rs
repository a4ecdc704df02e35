//! Turns what went wrong into a status and a stable code, or into an exit code of the process.

use std::process::ExitCode;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::outcome::{ErrorBody, ErrorCode, ErrorReply};
use protocol::query::{Finding, Refused};
use store::StoreError;

use crate::admission::TooMany;
use crate::custody::CustodyError;
use crate::logs::Seldom;
use crate::seed::SeedError;
use crate::settings::SettingsError;

/// Seconds after which a sender may try again when the writer is behind. Short: the queue drains in
/// well under a second once the disk does.
const RETRY_AFTER_S: u64 = 5;

/// A request that is refused as a whole.
#[derive(Debug)]
pub(crate) struct ApiError {
    code: ErrorCode,
    message: String,
    retry_after_s: Option<u64>,
    /// How often it may be, when it was too often.
    too_many: Option<TooMany>,
    /// What is wrong with a survey or with budgets, and nothing else.
    findings: Vec<Finding>,
}

impl ApiError {
    /// A refusal with its stable code and a sentence for a developer.
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        let retry_after_s = (code == ErrorCode::Overloaded).then_some(RETRY_AFTER_S);
        Self {
            code,
            message: message.into(),
            retry_after_s,
            too_many: None,
            findings: Vec::new(),
        }
    }

    /// The stable code.
    pub(crate) const fn code(&self) -> ErrorCode {
        self.code
    }

    /// A survey that cannot be published.
    pub(crate) fn invalid_survey(findings: Vec<Finding>) -> Self {
        Self::invalid(ErrorCode::InvalidSurvey, "the survey", findings)
    }

    /// Budgets that cannot be published.
    pub(crate) fn invalid_budgets(findings: Vec<Finding>) -> Self {
        Self::invalid(ErrorCode::InvalidBudgets, "the document", findings)
    }

    fn invalid(code: ErrorCode, what: &str, findings: Vec<Finding>) -> Self {
        let message = match findings.iter().find(|finding| finding.is_error) {
            Some(first) => format!("{}: {}", first.pointer, first.message),
            None => format!("{what} cannot be published"),
        };
        Self {
            findings,
            ..Self::new(code, message)
        }
    }

    /// A refusal that ends by itself.
    pub(crate) fn too_many_attempts(retry_after_s: u64) -> Self {
        Self {
            retry_after_s: Some(retry_after_s),
            ..Self::new(
                ErrorCode::TooManyAttempts,
                "too many failed attempts; try again later",
            )
        }
    }

    /// The store takes nothing right now.
    pub(crate) fn nothing_kept() -> Self {
        let message = "nothing can be kept right now; try again";
        Self::new(ErrorCode::Overloaded, message)
    }

    /// Our fault: what happened goes to the log and not to the sender.
    pub(crate) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        static LOG: Seldom = Seldom::new();
        if let Some(unsaid) = LOG.line() {
            tracing::error!(error, unsaid, "a request failed");
        }
        Self::new(
            ErrorCode::Internal,
            "the collector failed; its log says why",
        )
    }
}

impl From<TooMany> for ApiError {
    fn from(too_many: TooMany) -> Self {
        let message = "this comes more often than the collector takes it; see Retry-After";
        Self {
            retry_after_s: Some(too_many.retry_after_s),
            too_many: Some(too_many),
            ..Self::new(ErrorCode::RateLimited, message)
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if !error.is_passing() {
            return Self::internal(&error);
        }
        // A full queue is no fault, and would fill the log when it lasts.
        static LOG: Seldom = Seldom::new();
        if !matches!(error, StoreError::Overloaded)
            && let Some(unsaid) = LOG.line()
        {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, unsaid, "the store failed");
        }
        Self::nothing_kept()
    }
}

/// The status that goes with a code.
const fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::InvalidParameter | ErrorCode::UnreadableBody => StatusCode::BAD_REQUEST,
        ErrorCode::NotSignedIn | ErrorCode::WrongCredentials => StatusCode::UNAUTHORIZED,
        ErrorCode::UnknownSiteKey
        | ErrorCode::OriginNotAllowed
        | ErrorCode::Forbidden
        | ErrorCode::CrossOrigin => StatusCode::FORBIDDEN,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::BodyTooLarge
        | ErrorCode::TooManyItems
        | ErrorCode::AttachmentTooLarge
        | ErrorCode::ImageTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::UnsupportedEncoding | ErrorCode::NotAnImage => {
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        }
        ErrorCode::AttachmentConflict
        | ErrorCode::LastAdmin
        | ErrorCode::AddressTaken
        | ErrorCode::NameTaken
        | ErrorCode::Conflict => StatusCode::CONFLICT,
        ErrorCode::LinkExpired | ErrorCode::AttachmentErased => StatusCode::GONE,
        ErrorCode::InvalidSurvey | ErrorCode::InvalidBudgets | ErrorCode::TooManyAtOnce => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        ErrorCode::TooManyAttempts | ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = status(self.code);
        let error = ErrorBody {
            code: self.code,
            message: self.message,
        };
        let findings = self.findings;
        let mut response = if findings.is_empty() {
            (status, Json(ErrorReply { error })).into_response()
        } else {
            (status, Json(Refused { error, findings })).into_response()
        };
        if let Some(too_many) = self.too_many {
            let headers = response.headers_mut();
            headers.insert("ratelimit-limit", HeaderValue::from(too_many.limit));
            headers.insert("ratelimit-remaining", HeaderValue::from(0));
            headers.insert("ratelimit-reset", HeaderValue::from(too_many.reset_s));
        }
        if let Some(seconds) = self.retry_after_s {
            let seconds = HeaderValue::from(seconds);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

/// Why the process ends before it was told to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// A setting is wrong; says which, and why.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The store failed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The system failed to give what a server needs.
    #[error("cannot {doing}: {source}")]
    System {
        /// What was being done, as a verb.
        doing: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// A password could not be hashed.
    #[error("cannot hash the password: {0}")]
    Password(argon2::password_hash::Error),
    /// Definitions of surveys cannot be published; each finding was printed.
    #[error("cannot be published: {n} of these definitions; nothing was changed")]
    Definitions {
        /// Files that have an error.
        n: usize,
    },
    /// Budgets cannot be used; each finding was printed.
    #[error("these budgets cannot be used; nothing was changed")]
    Budgets,
    /// Traces do not keep what budgets promise; which, was printed.
    #[error("objectives that are not kept: {breached} breached, {unknown} unknown")]
    NotKept {
        /// Objectives that more was promised of than was kept.
        breached: usize,
        /// Objectives that no request says anything about.
        unknown: usize,
    },
    /// Data is damaged; each finding was printed.
    #[error("not sound: {n} findings; {hint}")]
    NotSound {
        /// How many.
        n: usize,
        /// What that means for what was asked.
        hint: &'static str,
    },
    /// Data cannot even be looked at.
    #[error("cannot be checked: {0}")]
    Unchecked(StoreError),
    /// Something keeps items from arriving; what, was printed.
    #[error("what keeps items from arriving: {errors} of these findings")]
    Unwell {
        /// Findings that are errors.
        errors: usize,
    },
    /// Something that the command names is not there.
    #[error("there is no {what} {name:?}{hint}")]
    Missing {
        /// What it would be.
        what: &'static str,
        /// How it was named.
        name: String,
        /// What there is instead.
        hint: String,
    },
    /// It cannot be told whom a command is about.
    #[error("{reason}")]
    Unclear {
        /// What is wrong.
        reason: &'static str,
    },
    /// Something about somebody could not be told or taken away.
    #[error("{0}")]
    People(Box<dyn std::error::Error + Send + Sync>),
    /// Nobody would be left who can decide who may do what.
    #[error("this is the last admin; make somebody else one first")]
    LastAdmin,
    /// Nothing, or not all, could be made up.
    #[error("{0}")]
    Seed(Box<dyn std::error::Error + Send + Sync>),
    /// The system has no random numbers.
    #[error("cannot draw random numbers: {0}")]
    Random(getrandom::Error),
}

impl From<SeedError> for RunError {
    fn from(error: SeedError) -> Self {
        match error {
            SeedError::Store(error) => Self::Store(error),
            error => Self::Seed(error.into()),
        }
    }
}

impl From<CustodyError> for RunError {
    fn from(error: CustodyError) -> Self {
        match error {
            CustodyError::Store(error) => Self::Store(error),
            error @ CustodyError::File { .. } => Self::People(error.into()),
        }
    }
}

impl RunError {
    /// 2 when a setting is to be put right, otherwise 1.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Settings(_)
            | Self::Definitions { .. }
            | Self::Budgets
            | Self::Missing { .. }
            | Self::Unchecked(_)
            | Self::Seed(_)
            | Self::Unclear { .. } => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}
