//! Turns the words that a view is written with into what they mean, and back.

use core::fmt;

use serde::{Deserialize, Serialize};

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {$(
            $(#[$vdoc])*
            #[serde(rename = $code)]
            $variant,
        )*}

        impl $name {
            /// All of them, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The one of this name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

names! {
    /// How far something that was said has come.
    Status {
        /// Nobody has looked at it.
        New = "new",
        /// Somebody has, and it is worth something.
        Triaged = "triaged",
        /// It will be done.
        Planned = "planned",
        /// It is being done.
        InProgress = "in_progress",
        /// It is done.
        Shipped = "shipped",
        /// It will not be done.
        Declined = "declined",
        /// It says the same as another one.
        Duplicate = "duplicate",
        /// Nobody meant it. Counts nowhere.
        Spam = "spam",
    }
}

names! {
    /// What keeps something out of lists and numbers until it is asked for by name.
    Aside {
        /// Its status is spam.
        Spam = "spam",
        /// Somebody put it away.
        Archived = "archived",
        /// It was given to try a survey out.
        Test = "test",
        /// No person gave it.
        Bot = "bot",
        /// It comes back at a time that somebody chose. Out of the inbox only: it counts everywhere.
        Snoozed = "snoozed",
    }
}

impl Aside {
    /// Its bit in what the store keeps; none when it counts.
    pub const fn bit(self) -> u8 {
        match self {
            Self::Spam => 1,
            Self::Archived => 2,
            Self::Test => 4,
            Self::Bot => 8,
            Self::Snoozed => 0,
        }
    }
}

names! {
    /// What something has beside words.
    Has {
        /// An image.
        Image = "image",
        /// A note by the team.
        Note = "note",
    }
}

names! {
    /// What sort of machine, as far as the family of browser tells.
    Device {
        /// A phone or tablet.
        Mobile = "mobile",
        /// Anything else.
        Desktop = "desktop",
    }
}

/// Whose it is to look after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignee {
    /// Nobody's.
    Nobody,
    /// Whoever asks.
    Me,
    /// The person with this e-mail address.
    Person(String),
}

impl Assignee {
    /// `none`, `me`, or an e-mail address.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Self::Nobody),
            "me" => Some(Self::Me),
            _ if name.contains('@') => Some(Self::Person(name.to_lowercase())),
            _ => None,
        }
    }
}

impl fmt::Display for Assignee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nobody => "none",
            Self::Me => "me",
            Self::Person(email) => email,
        })
    }
}

/// Scores from `least` to `most`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoreRange {
    /// The least that counts.
    pub least: u8,
    /// The greatest that counts.
    pub most: u8,
}

/// The greatest score that any scale has.
const MAX_SCORE: u8 = 10;

impl ScoreRange {
    /// `7`, `0-6`, `<=6`, `<7`, `>=9` or `>8`; nothing where no score would be left.
    pub fn from_name(name: &str) -> Option<Self> {
        let number = |text: &str| text.parse::<u8>().ok();
        let (least, most) = if let Some(most) = name.strip_prefix("<=") {
            (0, number(most)?)
        } else if let Some(least) = name.strip_prefix(">=") {
            (number(least)?, MAX_SCORE)
        } else if let Some(above) = name.strip_prefix('<') {
            (0, number(above)?.checked_sub(1)?)
        } else if let Some(below) = name.strip_prefix('>') {
            (number(below)?.checked_add(1)?, MAX_SCORE)
        } else if let Some((least, most)) = name.split_once('-') {
            (number(least)?, number(most)?)
        } else {
            (number(name)?, number(name)?)
        };
        (least <= most && most <= MAX_SCORE).then_some(Self { least, most })
    }
}

impl fmt::Display for ScoreRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.least == self.most {
            return write!(f, "{}", self.least);
        }
        write!(f, "{}-{}", self.least, self.most)
    }
}
