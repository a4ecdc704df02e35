//! Turns a survey and a view into its scores and comments, which keep themselves up to date.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use leptos::prelude::*;
use protocol::query::scores::{Breakdown, Scores, Slow};

use crate::api::{self, ApiError};
use crate::browser;
use crate::refresh::{Question, REFRESH, Refresh};
use crate::scores_url::{ScoresUrl, Span};
use crate::thread::Thread;
use crate::view_url::escaped;

/// Between two looks for the first answer: it should be on screen within two seconds.
const FIRST_ANSWER: Duration = Duration::from_millis(1_000);

/// One survey, or all, in one view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The survey's slug; all of them when absent.
    pub survey: Option<String>,
    /// Of which kind the scores will be, as far as is known before they are here.
    pub kind: String,
    /// What the URL says.
    pub url: ScoresUrl,
}

impl Choice {
    /// Which scores.
    fn scored(&self) -> String {
        self.url.scored(self.survey.as_deref())
    }

    /// Which scores, and beside what.
    fn report(&self) -> String {
        let mut query = self.scored();
        for (name, value) in [("compare", &self.url.compare), ("step", &self.url.step)] {
            if let Some(value) = value {
                query.push_str(&format!("&{name}={}", escaped(value)));
            }
        }
        query
    }

    /// Everything that was ever said to the survey.
    fn ever(&self) -> String {
        let all = ScoresUrl {
            kind: self.url.kind.clone(),
            ..ScoresUrl::default()
        };
        all.scored(self.survey.as_deref())
    }

    /// Which comments, and which answers in the inbox.
    pub fn view(&self) -> String {
        self.url.view(self.survey.as_deref())
    }

    /// Which comments are beside scores of a kind: a 2 of another scale is another answer.
    fn beside(&self, kind: &str) -> String {
        let mut query = self.view();
        if self.url.get("score").is_some() {
            let and = if query.is_empty() { "" } else { "&" };
            query.push_str(&format!("{and}kind={}", escaped(kind)));
        }
        query
    }
}

/// What the collector said about one choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// What was asked.
    pub choice: Choice,
    /// The score.
    pub report: Scores,
    /// The report over all time, asked for when there are no answers in the view.
    pub ever: Option<Scores>,
    /// What people wrote.
    pub thread: Thread,
    /// When the collector said it, in milliseconds since 1970 (UTC).
    pub at_ms: u64,
}

impl Shown {
    /// Whether nobody ever gave a score.
    pub fn awaits_first_answer(&self) -> bool {
        self.ever.as_ref().unwrap_or(&self.report).total.n == 0
    }

    /// People who were shown the survey, as far as is known.
    pub fn were_shown(&self) -> u64 {
        let told = self.ever.as_ref().unwrap_or(&self.report);
        told.reach.map_or(0, |reach| reach.shown)
    }
}

/// The numbers of the chosen survey and view, now and later.
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
    /// What may be asked beside the score: of another view only once its score is there, which is what is waited
    /// for.
    pub fn settled(self) -> Choice {
        let wanted = self.wanted.get();
        self.shown.with(|shown| match shown {
            Some(shown) if shown.choice.scored() != wanted.scored() => shown.choice.clone(),
            _ => wanted,
        })
    }

    /// Loads the comments before the last one shown.
    ///
    /// # Errors
    /// When there was no usable answer; what is shown stays.
    pub async fn load_older(self) -> Result<(), ApiError> {
        let place = |s: &Shown| {
            let kind = s.report.kind.clone();
            (s.choice.clone(), kind, s.thread.next.clone())
        };
        let Some(from) = self.shown.with_untracked(|s| s.as_ref().map(place)) else {
            return Ok(());
        };
        let (choice, kind, after) = &from;
        let older = api::comments(&choice.beside(kind), after.as_deref()).await;
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
    let url = choice.report();
    // Both are asked for at once: what the one needs of the other is known, but for an address that makes no sense.
    let expected = choice.beside(&choice.kind);
    let early = Started::new(comments(expected.clone())).await;
    let mut report = api::scores(&url).await?;
    let mut ever = None;
    let mut is_of_then = true;
    let is_all = choice.url.span == Span::All && !choice.url.is_narrow();
    if report.total.n == 0 && !is_all {
        let all = api::scores(&choice.ever()).await?;
        if all.total.n > 0 {
            // The first answer ever may have come between the two questions.
            report = api::scores(&url).await?;
            is_of_then = false;
        }
        ever = Some(all);
    }
    // Without a score no comments are shown.
    let thread = match choice.beside(&report.kind) {
        _ if report.total.n == 0 => Thread::default(),
        query if query == expected && is_of_then => early.done().await?,
        query => comments(query).await?,
    };
    Ok(Shown {
        report,
        ever,
        thread,
        at_ms: browser::now_ms(),
        choice,
    })
}

type Asked<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

fn comments(query: String) -> Asked<Thread> {
    Box::pin(async move { Ok(api::comments(&query, None).await?.into()) })
}

/// A question that is on its way while another is awaited.
enum Started<T> {
    Asked(Asked<T>),
    Answered(Result<T, ApiError>),
}

impl<T> Started<T> {
    /// Sends it.
    async fn new(mut asked: Asked<T>) -> Self {
        let answer = poll_fn(|context| Poll::Ready(asked.as_mut().poll(context))).await;
        match answer {
            Poll::Ready(answer) => Self::Answered(answer),
            Poll::Pending => Self::Asked(asked),
        }
    }

    async fn done(self) -> Result<T, ApiError> {
        match self {
            Self::Asked(asked) => asked.await,
            Self::Answered(answer) => answer,
        }
    }
}

/// What is asked beside the score: one more question of the same view.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// Path and query below the API's base.
    pub url: String,
}

impl Beside {
    /// Scores by what people have in common.
    pub fn breakdown(choice: &Choice, by: &str) -> Self {
        let query = choice.scored();
        Self {
            url: format!("scores/breakdown?{query}&by={}", escaped(by)),
        }
    }

    /// Scores by what people waited for.
    pub fn slow(choice: &Choice) -> Self {
        let mut url = format!("scores/slow?{}", choice.scored());
        if let Some(segment) = &choice.url.segment {
            url.push_str(&format!("&segment={}", escaped(segment)));
        }
        Self { url }
    }
}

/// An answer to it.
#[derive(Clone, Debug)]
pub enum Said {
    /// By what people have in common.
    Breakdown(Arc<Breakdown>),
    /// By what people waited for.
    Slow(Arc<Slow>),
}

impl Question for Beside {
    type Answer = (Self, Said);

    async fn ask(self) -> Result<Self::Answer, ApiError> {
        let said = match self.url.starts_with("scores/slow") {
            true => Said::Slow(Arc::new(api::below(&self.url).await?)),
            false => Said::Breakdown(Arc::new(api::below(&self.url).await?)),
        };
        Ok((self, said))
    }

    fn is_answered_by(&self, answer: &Self::Answer) -> bool {
        answer.0 == *self
    }
}
