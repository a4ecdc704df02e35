//! Turns one question to the collector into numbers that keep themselves up to date.
//!
//! What is on screen is always whole: numbers, and the choice that they answer. While another
//! choice loads, or after an error, the old ones stay and are marked as what they are.

use std::time::Duration;

use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use protocol::query::NpsReport;

use crate::account::Account;
use crate::api::{self, ApiError};
use crate::browser;
use crate::scores_url::Span;
use crate::thread::Thread;

/// Between two refreshes of numbers.
const REFRESH: Duration = Duration::from_secs(10);
/// Between two looks for the first answer: it should be on screen within two seconds.
const FIRST_ANSWER: Duration = Duration::from_millis(1_000);

/// One survey over one span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The survey's slug.
    pub survey: String,
    /// The stretch of time.
    pub span: Span,
}

/// What the collector said about one choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// What was asked.
    pub choice: Choice,
    /// The score.
    pub report: NpsReport,
    /// The report over all time, asked for when there are no answers in the span.
    pub ever: Option<NpsReport>,
    /// What people wrote.
    pub thread: Thread,
    /// When the collector said it, in milliseconds since 1970 (UTC).
    pub at_ms: u64,
}

impl Shown {
    /// Whether nobody ever gave a score.
    pub fn awaits_first_answer(&self) -> bool {
        self.ever.as_ref().unwrap_or(&self.report).n == 0
    }
}

/// The numbers of the chosen survey and span, now and later.
#[derive(Clone, Copy, Debug)]
pub struct Live {
    /// What was chosen; what is shown may still answer the choice before.
    pub wanted: Memo<Choice>,
    /// The latest that the collector said.
    pub shown: RwSignal<Option<Shown>>,
    /// Why the latest attempt failed, if it did.
    pub trouble: RwSignal<Option<ApiError>>,
    account: Account,
    /// Counts refreshes, so that a reply which was overtaken is dropped.
    latest: StoredValue<u64>,
    next: StoredValue<Option<TimeoutHandle>>,
}

impl Live {
    /// Loads `wanted` now, whenever it changes, and again and again while the page is visible.
    pub fn new(wanted: Memo<Choice>, account: Account) -> Self {
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
            .with(|s| s.as_ref().is_some_and(|s| s.choice != wanted))
    }

    /// Asks the collector again, now.
    pub fn refresh(self) {
        self.cancel_next();
        let choice = self.wanted.get_untracked();
        let Some(ticket) = self.latest.try_update_value(|n| {
            *n += 1;
            *n
        }) else {
            return;
        };
        spawn_local(async move {
            let result = load(choice).await;
            if self.latest.try_get_value() == Some(ticket) {
                self.settle(result);
            }
        });
    }

    /// Loads the comments before the last one shown.
    ///
    /// # Errors
    /// When there was no usable answer; what is shown stays.
    pub async fn load_older(self) -> Result<(), ApiError> {
        let place = |s: &Shown| (s.choice.clone(), s.thread.next.clone());
        let Some(from) = self.shown.with_untracked(|s| s.as_ref().map(place)) else {
            return Ok(());
        };
        let (Choice { survey, span }, after) = &from;
        let older = api::comments(survey, *span, after.as_deref()).await;
        match older {
            Ok(page) => {
                self.shown.try_update(|now| {
                    // A refresh may have shortened the list meanwhile: this page would follow a gap.
                    if let Some(now) = now
                        && place(now) == from
                    {
                        now.thread = now.thread.extended(page);
                    }
                });
                Ok(())
            }
            Err(error) => {
                self.account.ended_by(&error);
                Err(error)
            }
        }
    }

    fn settle(self, result: Result<Shown, ApiError>) {
        match result {
            Ok(mut fresh) => {
                self.shown.update(|shown| {
                    // Older comments may have been loaded while this reply was under way.
                    if let Some(old) = shown.take()
                        && old.choice == fresh.choice
                    {
                        fresh.thread = old.thread.refreshed(fresh.thread);
                    }
                    *shown = Some(fresh);
                });
                self.trouble.set(None);
            }
            Err(error) if self.account.ended_by(&error) => return,
            Err(error) => self.trouble.set(Some(error)),
        }
        self.schedule();
    }

    fn schedule(self) {
        let waiting = self
            .shown
            .with_untracked(|s| s.as_ref().is_some_and(Shown::awaits_first_answer));
        let pause = if waiting { FIRST_ANSWER } else { REFRESH };
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

async fn load(choice: Choice) -> Result<Shown, ApiError> {
    let Choice { survey, span } = &choice;
    let mut report = api::nps(survey, *span).await?;
    let mut ever = None;
    if report.n == 0 && *span != Span::All {
        let all = api::nps(survey, Span::All).await?;
        if all.n > 0 {
            // The first answer ever may have come between the two questions.
            report = api::nps(survey, *span).await?;
        }
        ever = Some(all);
    }
    // Without a score no comments are shown.
    let thread = match report.n {
        0 => Thread::default(),
        _ => api::comments(survey, *span, None).await?.into(),
    };
    Ok(Shown {
        report,
        ever,
        thread,
        at_ms: browser::now_ms(),
        choice,
    })
}
