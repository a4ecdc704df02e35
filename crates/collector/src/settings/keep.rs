//! Turns lengths of time into how long each kind of thing is kept.

use protocol::budget::Span;
use protocol::limits::ITEM_TTL_DAYS;
use store::KeepFor;

use super::{Given, SettingsError};

const DAY_MS: u64 = 86_400_000;

/// What stands for "for good".
const FOREVER: &str = "forever";

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
    ) -> Result<KeepFor, SettingsError> {
        let mut length = |given, key, default| settle(given, key, default).read(read_length);
        Ok(KeepFor {
            responses_ms: length(self.responses, "keep_responses", FOREVER)?,
            impressions_ms: length(self.impressions, "keep_impressions", "400d")?,
            dismissals_ms: length(self.dismissals, "keep_dismissals", "400d")?,
            attachments_ms: length(self.attachments, "keep_attachments", "400d")?,
            vitals_ms: length(self.vitals, "keep_vitals", "400d")?,
            dead_letters_ms: length(self.dead_letters, "keep_dead_letters", "90d")?,
            losses_ms: length(self.losses, "keep_losses", "90d")?,
            ids_ms: settle(self.ids, "keep_ids", "15d").read(read_ids)?,
        })
    }
}

/// A number of days that a project may last, or for good.
fn read_length(text: &str) -> Result<Option<u64>, String> {
    if text == FOREVER {
        return Ok(None);
    }
    let reason = "is no length of time from 1d to 3660d, as in 90d, nor forever";
    let span: Span = text.parse().map_err(|_| reason)?;
    if (DAY_MS..=3_660 * DAY_MS).contains(&span.0) {
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

    #[test]
    fn what_nobody_says_is_the_default_of_the_store() {
        let by_default = KeepGiven::default()
            .read(|_, key, default| Given::by_default(key, default))
            .unwrap();
        assert_eq!(by_default, KeepFor::default());
    }
}
