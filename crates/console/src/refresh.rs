//! Turns one question to the collector into an answer that keeps itself up to date.
//!
//! What is on screen is always whole: numbers, and the question that they answer. While another
//! question is asked, or after an error, the old ones stay and are marked as what they are.

use std::time::Duration;

use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};

use crate::account::Account;
use crate::api::ApiError;
use crate::browser;

/// Between two refreshes of numbers.
pub const REFRESH: Duration = Duration::from_secs(10);

/// What a page can ask.
pub trait Question: Clone + PartialEq + Send + Sync + 'static {
    /// What the collector says to it.
    type Answer: Clone + Send + Sync + 'static;

    /// Asks the collector.
    fn ask(self) -> impl Future<Output = Result<Self::Answer, ApiError>>;

    /// Whether `answer` is one to this question.
    fn is_answered_by(&self, answer: &Self::Answer) -> bool;

    /// What to show of an answer when `old` answered the same question before.
    fn follow(_old: Self::Answer, fresh: Self::Answer) -> Self::Answer {
        fresh
    }

    /// When to ask again.
    fn pause(_shown: Option<&Self::Answer>) -> Duration {
        REFRESH
    }
}

/// The answer to what is asked now, and later.
#[derive(Debug)]
pub struct Refresh<Q: Question> {
    /// What was chosen; what is shown may still answer the question before.
    pub wanted: Memo<Q>,
    /// The latest that the collector said.
    pub shown: RwSignal<Option<Q::Answer>>,
    /// Why the latest attempt failed, if it did.
    pub trouble: RwSignal<Option<ApiError>>,
    pub(crate) account: Account,
    /// Counts refreshes, so that a reply which was overtaken is dropped.
    latest: StoredValue<u64>,
    next: StoredValue<Option<TimeoutHandle>>,
}

impl<Q: Question> Clone for Refresh<Q> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q: Question> Copy for Refresh<Q> {}

impl<Q: Question> Refresh<Q> {
    /// Asks `wanted` now, whenever it changes, and again and again while the page is visible.
    pub fn new(wanted: Memo<Q>, account: Account) -> Self {
        let live = Self {
            wanted,
            shown: RwSignal::new(None),
            trouble: RwSignal::new(None),
            account,
            latest: StoredValue::new(0),
            next: StoredValue::new(None),
        };
        Effect::new(move || {
            wanted.track();
            live.refresh();
        });
        // Whoever has signed in again sees what is there now.
        Effect::new(move |before: Option<bool>| {
            let has_ended = account.has_ended.get();
            if before == Some(true) && !has_ended {
                live.refresh();
            }
            has_ended
        });
        let handle = window_event_listener(ev::visibilitychange, move |_| {
            if browser::is_visible() {
                live.refresh();
            }
        });
        on_cleanup(move || {
            handle.remove();
            live.cancel_next();
            // Replies under way find that they were overtaken.
            live.latest.try_update_value(|n| *n += 1);
        });
        live
    }

    /// Whether something else is shown than what was chosen.
    pub fn is_behind(self) -> bool {
        let wanted = self.wanted.get();
        self.shown
            .with(|s| s.as_ref().is_some_and(|s| !wanted.is_answered_by(s)))
    }

    /// Asks the collector again, now. Of a page that has gone nothing is asked: a reply may outlive it.
    pub fn refresh(self) {
        self.cancel_next();
        let Some(question) = self.wanted.try_get_untracked() else {
            return;
        };
        let Some(ticket) = self.latest.try_update_value(|n| {
            *n += 1;
            *n
        }) else {
            return;
        };
        spawn_local(async move {
            let result = question.clone().ask().await;
            if self.latest.try_get_value() == Some(ticket) {
                self.settle(&question, result);
            }
        });
    }

    fn settle(self, question: &Q, result: Result<Q::Answer, ApiError>) {
        match result {
            Ok(fresh) => {
                self.shown.update(|shown| {
                    *shown = Some(match shown.take() {
                        Some(old) if question.is_answered_by(&old) => Q::follow(old, fresh),
                        _ => fresh,
                    });
                });
                self.trouble.set(None);
            }
            Err(error) if self.account.ended_by(&error) => return,
            Err(error) => self.trouble.set(Some(error)),
        }
        self.schedule();
    }

    fn schedule(self) {
        let pause = self.shown.with_untracked(|shown| Q::pause(shown.as_ref()));
        let tick = move || {
            // A hidden page asks nothing; it asks at once when it is seen again.
            if browser::is_visible() {
                self.refresh();
            }
        };
        self.next
            .set_value(set_timeout_with_handle(tick, pause).ok());
    }

    fn cancel_next(self) {
        if let Some(Some(handle)) = self.next.try_update_value(Option::take) {
            handle.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetched::At;

    #[test]
    fn a_page_that_has_gone_asks_nothing() {
        let page = Owner::new();
        let live = page.with(|| Refresh {
            wanted: Memo::new(|_| At::new("api/v1/team")),
            shown: RwSignal::new(None),
            trouble: RwSignal::new(None),
            account: Account::of_visitor(),
            latest: StoredValue::new(0),
            next: StoredValue::new(None),
        });
        let asked = live.latest;
        assert_eq!(asked.try_get_value(), Some(0));
        page.cleanup();
        live.refresh();
        assert_eq!(asked.try_get_value(), None);
    }
}
