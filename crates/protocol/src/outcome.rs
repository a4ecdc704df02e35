//! Turns the fate of an item, or of a whole request, into one letter or one stable code.

use serde::{Deserialize, Serialize};

/// The fate of one item. Every received item has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// On disk: sent only after the transaction that holds the row is synced.
    Accepted,
    /// The same item is on disk already.
    Duplicate,
    /// The id is on disk with another body; this one was kept aside, not merged.
    Conflict,
    /// Refused for a reason that another attempt would not change.
    Rejected,
    /// Not decided; the sender keeps it and tries again.
    Retry,
}

impl Outcome {
    /// Every outcome, in the order of their declaration.
    pub const ALL: [Self; 5] = [
        Self::Accepted,
        Self::Duplicate,
        Self::Conflict,
        Self::Rejected,
        Self::Retry,
    ];

    /// The letter that stands for this outcome in [`BatchReply::r`].
    pub const fn letter(self) -> char {
        match self {
            Self::Accepted => 'a',
            Self::Duplicate => 'd',
            Self::Conflict => 'c',
            Self::Rejected => 'x',
            Self::Retry => 'r',
        }
    }

    /// The outcome that `letter` stands for.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.letter() == letter)
    }

    /// Whether the sender may forget the item.
    pub const fn is_terminal(self) -> bool {
        !matches!(self, Self::Retry)
    }
}

/// The answer to an envelope that could be read: status 200.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct BatchReply {
    /// One [`Outcome::letter`] per item, in the order of the lines.
    pub r: String,
    /// Why items were rejected or kept aside, by index from 0. Absent when there is nothing to say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub err: Vec<ItemError>,
}

/// Why one item was refused: `[2, "invalid_answer", "p.answers[0].value.nps: …"]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ItemError(
    /// Index of the item, from 0.
    pub u32,
    /// The stable code.
    pub DiscardReason,
    /// Where and what, for a developer; not stable.
    pub String,
);

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        pub enum $name {$(
            $(#[$vdoc])*
            #[serde(rename = $code)]
            $variant,
        )*}

        impl $name {
            /// Every code, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable code as text.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

codes! {
    /// Why one item was refused while others of its envelope were kept.
    DiscardReason {
        /// The line is not a JSON object with `id`, `seq`, `age_ms`, `type` and `p`.
        MalformedItem = "malformed_item",
        /// The line is longer than [`crate::limits::MAX_ITEM_BYTES`].
        ItemTooLarge = "item_too_large",
        /// The type is not one of [`crate::item::ItemType`].
        UnknownType = "unknown_type",
        /// The body does not have the shape of its type.
        InvalidItem = "invalid_item",
        /// An answer is not a possible answer to its question.
        InvalidAnswer = "invalid_answer",
        /// The project has no such survey, or no such version of it.
        UnknownSurvey = "unknown_survey",
        /// The survey has no such question.
        UnknownQuestion = "unknown_question",
        /// A report of latency whose numbers cannot be: lists of wrong lengths, more failures than
        /// attempts, a vote or a slice that is none.
        InvalidLatency = "invalid_latency",
        /// A histogram of an impossible shape: cut short, of an unknown layout, or whose buckets do
        /// not add up.
        InvalidHistogram = "invalid_histogram",
        /// The same id came earlier with another body.
        Conflict = "conflict",
        /// It belongs to somebody whose data was erased.
        Erased = "erased",
    }
}

codes! {
    /// Why a whole request was refused.
    ErrorCode {
        /// 403: no site has this key.
        UnknownSiteKey = "unknown_site_key",
        /// 403: the site does not list the page's origin.
        OriginNotAllowed = "origin_not_allowed",
        /// 400: a query parameter is missing or malformed.
        InvalidParameter = "invalid_parameter",
        /// 400: the body cannot be read (compression, UTF-8, header line).
        UnreadableBody = "unreadable_body",
        /// 415: the compression or wire version is not one of ours.
        UnsupportedEncoding = "unsupported_encoding",
        /// 413: the body is longer than [`crate::limits::MAX_BODY_BYTES`], or
        /// [`crate::limits::MAX_DECODED_BYTES`] after decompression.
        BodyTooLarge = "body_too_large",
        /// 413: the body has more than [`crate::limits::MAX_ITEMS`] items.
        TooManyItems = "too_many_items",
        /// 413: the image has more than [`crate::limits::MAX_ATTACHMENT_BYTES`].
        AttachmentTooLarge = "attachment_too_large",
        /// 413: the image has more than [`crate::limits::MAX_IMAGE_SIDE`] pixels a side, or
        /// [`crate::limits::MAX_IMAGE_PIXELS`] in all.
        ImageTooLarge = "image_too_large",
        /// 415: the body is no PNG, JPEG or WebP.
        NotAnImage = "not_an_image",
        /// 409: the same id came earlier with another image.
        AttachmentConflict = "attachment_conflict",
        /// 410: the image with this id was erased.
        AttachmentErased = "attachment_erased",
        /// 422: the survey cannot be published; the findings say why.
        InvalidSurvey = "invalid_survey",
        /// 422: the budgets cannot be published; the findings say why.
        InvalidBudgets = "invalid_budgets",
        /// 503: the collector takes nothing more right now; see `Retry-After`.
        Overloaded = "overloaded",
        /// 404: there is nothing by this name.
        NotFound = "not_found",
        /// 405: the path exists, not with this method.
        MethodNotAllowed = "method_not_allowed",
        /// 401: there is no session, or it has ended.
        NotSignedIn = "not_signed_in",
        /// 401: e-mail and password do not belong together.
        WrongCredentials = "wrong_credentials",
        /// 429: too many attempts; see `Retry-After`.
        TooManyAttempts = "too_many_attempts",
        /// 403: the role, or what the API token reaches, does not go as far as this.
        Forbidden = "forbidden",
        /// 429: this key, or this network, sends more often than the collector takes; see
        /// `Retry-After`.
        RateLimited = "rate_limited",
        /// 409: nobody would be left who can decide who may do what.
        LastAdmin = "last_admin",
        /// 409: somebody has this e-mail address already.
        AddressTaken = "address_taken",
        /// 409: somebody has changed it meanwhile, or there are others than expected; the answer says how
        /// it is.
        Conflict = "conflict",
        /// 409: another one has this name.
        NameTaken = "name_taken",
        /// 422: more is meant than can be changed at once.
        TooManyAtOnce = "too_many_at_once",
        /// 410: the link was used, replaced, or has ended.
        LinkExpired = "link_expired",
        /// 403: a request that changes something came from another origin.
        CrossOrigin = "cross_origin",
        /// 500: our fault; the text is in the collector's log.
        Internal = "internal",
    }
}

/// The body of every answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ErrorReply {
    /// What went wrong.
    pub error: ErrorBody,
}

/// What went wrong: a code for programs, a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ErrorBody {
    /// The stable code.
    pub code: ErrorCode,
    /// What happened and what to do; not stable.
    pub message: String,
}
