//! Turns where a definition is that somebody types into what may be done with it next.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use protocol::query::surveys::{Definition, Draft};

use crate::api::ApiError;
use crate::browser;

/// Where what was typed is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saving {
    /// Nothing differs from what is published.
    Nothing,
    /// On screen only, for a moment.
    Waiting,
    /// With the collector, since then.
    Saved(u64),
    /// On screen only, and why; it is tried again.
    Failed(ApiError),
    /// On screen only: somebody else's is with the collector.
    Clashed,
}

impl Saving {
    /// Whether something is on screen only that is still to be saved.
    pub(super) const fn is_due(&self) -> bool {
        matches!(self, Self::Waiting | Self::Failed(_))
    }

    /// What the editor takes of a desk, and where that is; nothing where it would overwrite what somebody
    /// typed meanwhile.
    pub(super) fn taken(
        &self,
        draft: Option<&Draft>,
        newest: Option<&Definition>,
    ) -> Option<(String, Self)> {
        let taken = match (draft, newest) {
            (Some(draft), _) => (draft.text.clone(), Self::Saved(draft.saved_ms)),
            (None, Some(newest)) => (newest.text.clone(), Self::Nothing),
            (None, None) => (String::new(), Self::Nothing),
        };
        (!self.is_due()).then_some(taken)
    }
}

/// What is needed to save the last words of a page that has gone.
#[derive(Debug, Default)]
pub(super) struct DeskLine {
    /// Which draft the next save goes on from.
    rev: AtomicU64,
    /// The newest version that the author of what is in the editor knows.
    base: AtomicU32,
    /// Whether something is under way after which that is another one.
    is_busy: AtomicBool,
}

impl DeskLine {
    /// Waits for its turn, and takes it.
    pub(super) async fn hold(&self) {
        while !self.try_hold() {
            browser::sleep(50).await;
        }
    }

    /// Takes its turn if it is free.
    pub(super) fn try_hold(&self) -> bool {
        !self.is_busy.swap(true, Ordering::Relaxed)
    }

    pub(super) fn rev(&self) -> u64 {
        self.rev.load(Ordering::Relaxed)
    }

    pub(super) fn set_rev(&self, rev: u64) {
        self.rev.store(rev, Ordering::Relaxed);
    }

    pub(super) fn base(&self) -> u32 {
        self.base.load(Ordering::Relaxed)
    }

    pub(super) fn set_base(&self, base: u32) {
        self.base.store(base, Ordering::Relaxed);
    }

    pub(super) fn let_go(&self) {
        self.is_busy.store(false, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(saving: &Saving, draft: Option<&str>, expect: Option<(&str, Saving)>) {
        let draft = draft.map(|text| Draft {
            text: String::from(text),
            rev: 3,
            base: 1,
            saved_ms: 9,
            author: String::from("a@b"),
            findings: Vec::new(),
        });
        let newest = Definition {
            id: String::from("nps"),
            version: 1,
            text: String::from("published"),
        };
        let expect = expect.map(|(text, saving)| (String::from(text), saving));
        let taken = saving.taken(draft.as_ref(), Some(&newest));
        assert_eq!(taken, expect, "{saving:?}");
    }

    #[test]
    fn what_was_typed_meanwhile_stays_in_the_editor() {
        let draft = Some("draft");
        check(&Saving::Nothing, draft, Some(("draft", Saving::Saved(9))));
        check(
            &Saving::Saved(1),
            None,
            Some(("published", Saving::Nothing)),
        );
        // Of two sides somebody has chosen theirs.
        check(&Saving::Clashed, draft, Some(("draft", Saving::Saved(9))));
        check(&Saving::Waiting, draft, None);
        check(&Saving::Failed(ApiError::Unreadable), None, None);
    }

    #[test]
    fn one_thing_is_under_way_at_a_time() {
        let line = DeskLine::default();
        assert!(line.try_hold());
        assert!(!line.try_hold());
        line.let_go();
        assert!(line.try_hold());
    }
}
