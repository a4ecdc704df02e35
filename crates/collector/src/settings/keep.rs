//! Turns lengths of time into how long each kind of thing is kept.

use std::collections::BTreeSet;

use protocol::budget::Span;
use protocol::limits::ITEM_TTL_DAYS;
use protocol::query::setup::{LEAST_KEEP_MS, MOST_KEEP_MS};
use store::{KeepFor, KeepKind};

use super::{Given, SettingsError, Source};

const DAY_MS: u64 = 86_400_000;

/// What stands for "for good".
const FOREVER: &str = "forever";

/// How long what is kept of people, and which of it the configuration names: nobody chooses that elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// As it was given, or by default.
    pub lengths: KeepFor,
    /// What was given.
    pub fixed: BTreeSet<KeepKind>,
}

/// How long each kind is kept, as it was given. Every key begins with `keep_`.
#[derive(Clone, Debug, Default)]
pub struct KeepGiven {
    /// Answers.
    pub responses: Option<Given>,
    /// That surveys were shown.
    pub impressions: Option<Given>,
    /// That surveys were closed.
    pub dismissals: Option<Given>,
    /// Images.
    pub attachments: Option<Given>,
    /// Web vitals, by the hour.
    pub vitals: Option<Given>,
    /// What could not be kept as it should.
    pub dead_letters: Option<Given>,
    /// What pages had to drop.
    pub losses: Option<Given>,
    /// Ids of what is gone.
    pub ids: Option<Given>,
}

impl KeepGiven {
    /// Settles every length; `settle` finds a value, or its default.
    pub(super) fn read(
        self,
        mut settle: impl FnMut(Option<Given>, &'static str, &str) -> Given,
    ) -> Result<Keep, SettingsError> {
        let mut keep = Keep::default();
        for (kind, given, default) in [
            (KeepKind::Responses, self.responses, FOREVER),
            (KeepKind::Impressions, self.impressions, "400d"),
            (KeepKind::Dismissals, self.dismissals, "400d"),
            (KeepKind::Attachments, self.attachments, "400d"),
            (KeepKind::Vitals, self.vitals, "400d"),
            (KeepKind::DeadLetters, self.dead_letters, "90d"),
            (KeepKind::Losses, self.losses, "90d"),
        ] {
            let settled = settle(given, kind.as_str(), default);
            keep.lengths.set(kind, settled.read(read_length)?);
            if !matches!(settled.from, Source::Default(_)) {
                keep.fixed.insert(kind);
            }
        }
        keep.lengths.ids_ms = settle(self.ids, "keep_ids", "15d").read(read_ids)?;
        Ok(keep)
    }
}

/// A number of days that a project may last, or for good.
fn read_length(text: &str) -> Result<Option<u64>, String> {
    if text == FOREVER {
        return Ok(None);
    }
    let reason = "is no length of time from 1d to 3660d, as in 90d, nor forever";
    let span: Span = text.parse().map_err(|_| reason)?;
    if (LEAST_KEEP_MS..=MOST_KEEP_MS).contains(&span.0) {
        Ok(Some(span.0))
    } else {
        Err(String::from(reason))
    }
}

/// Longer than an SDK tries to deliver, and a day for clocks that are off.
fn read_ids(text: &str) -> Result<u64, String> {
    let least = ITEM_TTL_DAYS + 1;
    let reason = || format!("is no length of time from {least}d to 400d, as in 15d");
    let span: Span = text.parse().map_err(|_| reason())?;
    if (least * DAY_MS..=400 * DAY_MS).contains(&span.0) {
        Ok(span.0)
    } else {
        Err(reason())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(given: KeepGiven) -> Keep {
        let settle = |given: Option<Given>, key, default: &str| {
            given.unwrap_or_else(|| Given::by_default(key, default))
        };
        given.read(settle).unwrap()
    }

    #[test]
    fn what_nobody_says_is_the_default_of_the_store() {
        assert_eq!(read(KeepGiven::default()), Keep::default());
    }

    #[test]
    fn what_somebody_says_is_fixed_also_where_it_says_the_default() {
        let given = |value: &str| {
            Some(Given {
                from: Source::Flag("--keep"),
                value: String::from(value),
            })
        };
        let keep = read(KeepGiven {
            responses: given("forever"),
            losses: given("7d"),
            ..KeepGiven::default()
        });
        let lengths = KeepFor {
            losses_ms: Some(7 * DAY_MS),
            ..KeepFor::default()
        };
        let fixed = BTreeSet::from([KeepKind::Responses, KeepKind::Losses]);
        assert_eq!(keep, Keep { lengths, fixed });
    }
}
