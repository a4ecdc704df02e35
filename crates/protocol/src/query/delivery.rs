//! Turns what became of everything that pages sent into what the console shows of it.
//!
//! `GET /api/v1/delivery`. Counts of what came are by the hour in which it arrived; holes are of page
//! loads that were first heard of in the window.

use serde::{Deserialize, Serialize};

/// Which window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryQuery {
    /// Length of the window that ends now, in days of 24 hours; 7 unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// One family of browsers; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<Browser>,
    /// Whether what shows that nobody sits before it counts as well; false unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bots: Option<bool>,
}

/// Families of browsers, as coarse as differences in delivery are.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Browser {
    /// Chrome, Edge, Opera and others on Blink, on a computer.
    Chromium,
    /// The same on a phone or tablet.
    ChromiumMobile,
    /// Firefox, anywhere but on iOS.
    Firefox,
    /// Safari on a Mac.
    Safari,
    /// Whatever runs on iOS: there it is all one engine.
    SafariMobile,
    /// Everything else.
    #[default]
    Other,
}

impl Browser {
    /// Every family, in the order of their declaration.
    pub const ALL: [Self; 6] = [
        Self::Chromium,
        Self::ChromiumMobile,
        Self::Firefox,
        Self::Safari,
        Self::SafariMobile,
        Self::Other,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::ChromiumMobile => "chromium_mobile",
            Self::Firefox => "firefox",
            Self::Safari => "safari",
            Self::SafariMobile => "safari_mobile",
            Self::Other => "other",
        }
    }
}

/// By what a sender shows that nobody sits before it. It is kept and flagged, not dropped: who runs
/// such a thing may want to see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Bot {
    /// It says so in its name.
    Name,
    /// It is driven by a program (`navigator.webdriver`).
    Driven,
    /// The page was loaded ahead of need, and perhaps never seen.
    Prefetch,
}

impl Bot {
    /// Every sign, in the order of their declaration.
    pub const ALL: [Self; 3] = [Self::Name, Self::Driven, Self::Prefetch];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Driven => "driven",
            Self::Prefetch => "prefetch",
        }
    }
}

/// What became of what was sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// What was counted.
    pub filter: DeliveryFilter,
    /// Items that arrived, each time that they did.
    pub n: u64,
    /// Of them: on disk, acknowledged.
    pub accepted: u64,
    /// Of them: on disk since an earlier attempt, whose answer was lost on its way.
    pub duplicate: u64,
    /// Of them: kept aside, as their id is that of another item.
    pub conflict: u64,
    /// Of them: refused, by reason; those that were many first.
    pub rejected: Vec<Reason>,
    /// Items that pages say they dropped, by reason.
    pub dropped: Vec<Reason>,
    /// What nobody says anything about, by page load.
    pub loss: Loss,
    /// The same by browser; those with many page loads first.
    pub by_browser: Vec<LossOf>,
    /// The same by page.
    pub by_page: Vec<LossOf>,
    /// Items of senders that show that nobody sits before them, by sign; counted above only when
    /// that was asked for.
    pub bots: Vec<Reason>,
    /// What is kept aside, by reason.
    pub letters: Vec<Letters>,
    /// Items that were kept, by the software that sent them; those with many items first.
    #[serde(default)]
    pub sdks: Vec<SdkItems>,
    /// Items that were kept and came more than an hour after they happened.
    #[serde(default)]
    pub late: u64,
}

/// Items that one version of the software sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SdkItems {
    /// Name and version.
    pub sdk: String,
    /// How many were kept.
    pub items: u64,
    /// Of them: that came more than an hour after they happened.
    pub late: u64,
}

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryFilter {
    /// Start of the window, a whole hour; milliseconds since 1970 (UTC).
    pub from_ms: u64,
    /// Its end.
    pub to_ms: u64,
    /// Family of browsers, when only one was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<Browser>,
    /// Whether bots were counted as well.
    pub bots: bool,
}

/// A count of one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reason {
    /// Stable code.
    pub reason: String,
    /// How many.
    pub items: u64,
}

/// What never came of page loads that did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Loss {
    /// Page loads.
    pub boots: u64,
    /// Items of them that came.
    pub came: u64,
    /// Items that were numbered before one that came, and never came; the page may still send them.
    pub open: u64,
    /// The same of page loads that were silent for so long that they send no more.
    pub lost: u64,
    /// Of `open` and `lost`, as many as the pages say they dropped.
    pub explained: u64,
    /// `(open + lost - explained) / (came + open + lost)`: the share that nothing explains; absent
    /// when nothing came.
    pub share: Option<f64>,
}

/// What never came, of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LossOf {
    /// Which browser, or which page; empty when it is not known.
    pub name: String,
    /// What never came.
    pub loss: Loss,
}

/// What was refused and is kept aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Letters {
    /// Stable code of why.
    pub reason: String,
    /// How many are kept.
    pub letters: u64,
    /// How many had to go to make room, or were too old.
    pub dropped: u64,
}
