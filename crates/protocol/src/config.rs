//! Turns what the collector decided into what an agent needs to know: the one back channel.
//!
//! `GET /v1/config?k=<site key>&v=1` answers [`Config`] as `postcard` bytes, `GET /v1/config.json`
//! the same for people. Cacheable, read-only, without anything about the person who asks.

use serde::{Deserialize, Serialize};

use crate::item::SurveyRef;

/// Layout of [`Config`] as bytes. An agent that reads another number ignores the rest.
pub const CONFIG_FORMAT: u8 = 1;

/// Everything that the agent of one site needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Config {
    /// Always first, always [`CONFIG_FORMAT`] for this layout.
    pub format: u8,
    /// Surveys that are running, by priority (highest first), then by id.
    pub surveys: Vec<SurveyRule>,
}

/// One running survey, without its content: that is fetched only to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SurveyRule {
    /// Which survey, in its current version.
    pub survey: SurveyRef,
    /// Who sees it, when, how often.
    pub show: DisplayRule,
}

/// Who sees a survey, when, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct DisplayRule {
    /// Among several eligible surveys the highest wins, then the smaller id.
    #[serde(default)]
    pub priority: i32,
    /// Share of installs that may see it, in thousandths (0 to 1000). Sticky: raising it only adds.
    #[serde(default = "all_of_them")]
    pub sample_permille: u16,
    /// Shown where the page's URL contains any of these, ignoring case; empty means everywhere.
    #[serde(default)]
    pub url_contains: Vec<String>,
    /// Milliseconds on the page before it is shown.
    #[serde(default)]
    pub delay_ms: u32,
    /// Impressions without an answer or a dismissal after which it is not shown again.
    #[serde(default = "three")]
    pub max_impressions: u16,
    /// Days of 24 hours until it may be shown again to someone who answered; absent means never.
    #[serde(default)]
    pub again_after_answer_days: Option<u16>,
    /// Days of 24 hours until it may be shown again to someone who closed it; absent means never.
    #[serde(default)]
    pub again_after_dismissal_days: Option<u16>,
}

const fn all_of_them() -> u16 {
    1000
}

const fn three() -> u16 {
    3
}

impl Default for DisplayRule {
    fn default() -> Self {
        Self {
            priority: 0,
            sample_permille: all_of_them(),
            url_contains: Vec::new(),
            delay_ms: 0,
            max_impressions: three(),
            again_after_answer_days: None,
            again_after_dismissal_days: None,
        }
    }
}
