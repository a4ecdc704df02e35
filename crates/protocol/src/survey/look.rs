//! Turns where a survey appears and in which colours into data.

use serde::{Deserialize, Serialize};

/// Where and in which colours a survey appears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Look {
    /// How it stands on the page.
    pub placement: Placement,
    /// Which corner, or which side; the page's own choice when absent.
    pub corner: Option<Corner>,
    /// Of an inline survey, the CSS selector of the element that it is put into.
    pub element: Option<String>,
    /// All questions on one screen instead of one after the other.
    pub together: bool,
    /// Whether the person sees how far they are.
    pub progress: bool,
    /// Whether the person can go back.
    pub back: bool,
    /// Whether the person can ask to be asked later.
    pub snooze: bool,
    /// Whether the widget carries the small "Firsthand" mark.
    pub mark: bool,
    /// Colours of its own.
    pub colors: Colors,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            placement: Placement::default(),
            corner: None,
            element: None,
            together: false,
            progress: true,
            back: true,
            snooze: false,
            mark: true,
            colors: Colors::default(),
        }
    }
}

/// How a survey stands on the page. On a phone, all but `inline` are a sheet at the foot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// A card in a corner; the page stays usable.
    #[default]
    Popover,
    /// A card in the middle, over everything else.
    Modal,
    /// Part of the page, in an element of it.
    Inline,
    /// A tab at the side that opens into a card.
    Tab,
}

/// A corner of the window. Left and right are those of the window in every language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Corner {
    /// Bottom right.
    #[default]
    BottomRight,
    /// Bottom left.
    BottomLeft,
    /// Top right.
    TopRight,
    /// Top left.
    TopLeft,
}

/// Colours of a survey for both themes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Colors {
    /// In the light theme.
    pub light: Palette,
    /// In the dark theme.
    pub dark: Palette,
}

/// Colours as `#rrggbb`; what is absent is the widget's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Palette {
    /// What can be acted on.
    pub accent: Option<String>,
    /// Text on the accent; black or white, whichever can be read better, when absent.
    pub on_accent: Option<String>,
    /// The ground of the card.
    pub surface: Option<String>,
    /// Text on the card.
    pub ink: Option<String>,
}
