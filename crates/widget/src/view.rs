//! Turns where a person is in a survey into elements.

mod ending;
mod nps;
mod question;
mod stage;
mod text;

use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::signal::RwSignal;
use reactive_graph::traits::{GetUntracked, Set, UpdateValue, WithValue};
use tachys::prelude::*;

use crate::bridge::Page;
use crate::flow::{Answer, Draft, Flow, Problem};
use crate::words::{Words, fill, number, words};

pub(crate) use stage::Stage;

/// What may have become of the answers, as the page names it.
const DELIVERIES: [&str; 4] = ["sending", "waiting", "stored", "refused"];

/// The state that the parts of the view share; copies are the same state.
///
/// What changes on the screen is kept as the text that is shown: every further type of signal is a
/// kilobyte of code.
#[derive(Clone, Copy)]
pub(crate) struct Scene {
    /// How many questions are behind the person.
    step: RwSignal<usize>,
    /// One of [`DELIVERIES`].
    delivery: RwSignal<String>,
    /// What is to be mended, or nothing.
    problem: RwSignal<String>,
    /// What a screen reader is told next, without any focus moving.
    said: RwSignal<String>,
    inner: StoredValue<Inner, LocalStorage>,
    words: &'static Words,
}

struct Inner {
    flow: Flow,
    draft: Draft,
    page: Page,
}

impl Scene {
    pub(crate) fn new(flow: Flow, page: Page) -> Self {
        let words = words(&flow.content().language);
        let inner = Inner {
            flow,
            draft: Draft::default(),
            page,
        };
        Self {
            step: RwSignal::new(0),
            delivery: RwSignal::new(DELIVERIES[0].to_owned()),
            problem: RwSignal::new(String::new()),
            said: RwSignal::new(String::new()),
            inner: StoredValue::new_local(inner),
            words,
        }
    }

    pub(crate) fn deliver(self, state: &str) {
        if DELIVERIES.contains(&state) {
            self.delivery.set(state.to_owned());
        }
    }

    pub(crate) fn announce(self) {
        let title = self.flow(|flow| flow.question().map(|question| question.title.clone()));
        if let Some(title) = title {
            self.said.set(fill(self.words.arrived, "{title}", &title));
        }
    }

    fn flow<T>(self, read: impl FnOnce(&Flow) -> T) -> T {
        self.inner.with_value(|inner| read(&inner.flow))
    }

    /// The page, taken out first: it may call back while it is told something.
    fn page(self) -> Page {
        self.inner.with_value(|inner| inner.page.clone())
    }

    /// Changes what is entered, and takes back the complaint about what was entered before.
    fn enter(self, change: impl FnOnce(&mut Draft)) {
        self.inner.update_value(|inner| change(&mut inner.draft));
        if !self.problem.get_untracked().is_empty() {
            self.problem.set(String::new());
        }
    }

    /// Answers with what is entered, or passes over the question; the focus follows.
    fn go_on(self, skip: bool) {
        let mut asked = None;
        let mut answer = Ok(None);
        self.inner.update_value(|inner| {
            asked = inner.flow.question().cloned();
            answer = if skip {
                Ok(inner.flow.skip())
            } else {
                inner.flow.confirm(&inner.draft)
            };
            if answer.is_ok() {
                inner.draft = Draft::default();
            }
        });
        let page = self.page();
        match (answer, asked) {
            (Ok(Some(answer)), Some(asked)) => {
                // Before telling, so that the page's own word on this answer comes after.
                self.deliver(DELIVERIES[0]);
                match &answer {
                    Answer::Nps(score) => page.score(&asked.id, &asked.title, *score),
                    Answer::Text(text) => page.text(&asked.id, &asked.title, text),
                    Answer::Skipped => page.skipped(&asked.id, &asked.title),
                }
                self.problem.set(String::new());
                self.said.set(String::new());
                self.step.set(self.step.get_untracked() + 1);
                if self.flow(|flow| flow.question().is_none()) {
                    page.completed();
                }
            }
            (Ok(_), _) => return,
            (Err(problem), _) => self.problem.set(self.complaint(problem)),
        }
        page.moved();
    }

    fn complaint(self, problem: Problem) -> String {
        match problem {
            Problem::ScoreMissing => self.words.score_missing.to_owned(),
            Problem::TextMissing => self.words.text_missing.to_owned(),
            Problem::TextTooLong(over) => fill(self.words.text_too_long, "{n}", &number(over)),
        }
    }
}

/// The quiet mark, when the survey wears it.
fn mark(scene: Scene) -> impl RenderHtml {
    scene.flow(|flow| flow.content().mark).then(ui::mark)
}

/// A value of an ARIA attribute.
fn truth(of: bool) -> String {
    if of { "true" } else { "false" }.to_owned()
}
