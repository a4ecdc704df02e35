//! Turns a survey and a span into its score and comments, which keep themselves up to date.

use std::time::Duration;

use leptos::prelude::*;
use protocol::query::NpsReport;

use crate::api::{self, ApiError};
use crate::browser;
use crate::refresh::{Question, REFRESH, Refresh};
use crate::scores_url::Span;
use crate::thread::Thread;

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
pub type Live = Refresh<Choice>;

impl Question for Choice {
    type Answer = Shown;

    async fn ask(self) -> Result<Shown, ApiError> {
        load(self).await
    }

    fn is_answered_by(&self, shown: &Shown) -> bool {
        shown.choice == *self
    }

    fn follow(old: Shown, mut fresh: Shown) -> Shown {
        // Older comments may have been loaded while this reply was under way.
        fresh.thread = old.thread.refreshed(fresh.thread);
        fresh
    }

    fn pause(shown: Option<&Shown>) -> Duration {
        match shown.is_some_and(Shown::awaits_first_answer) {
            true => FIRST_ANSWER,
            false => REFRESH,
        }
    }
}

impl Live {
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
