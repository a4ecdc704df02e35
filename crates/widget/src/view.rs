//! Turns where a person is in a survey into elements.

mod ending;
mod nps;
mod question;
mod text;

use leptos::either::Either;
use leptos::prelude::*;
use leptos::{ev, html};

use crate::bridge::Page;
use crate::flow::{Answer, Draft, Flow, Problem};
use crate::words::{Words, fill, is_rtl, words};

/// Whether the answers are safe, as far as the page knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Sending,
    Waiting,
    Stored,
    Refused,
}

impl Delivery {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "sending" => Self::Sending,
            "waiting" => Self::Waiting,
            "stored" => Self::Stored,
            "refused" => Self::Refused,
            _ => return None,
        })
    }
}

/// The state that the parts of the view share; copies are the same state.
#[derive(Clone, Copy)]
pub(crate) struct Scene {
    pub(crate) delivery: RwSignal<Delivery>,
    flow: RwSignal<Flow>,
    problem: RwSignal<Option<Problem>>,
    /// What a screen reader is told next, without any focus moving.
    said: RwSignal<String>,
    draft: StoredValue<Draft>,
    page: StoredValue<Page, LocalStorage>,
    words: &'static Words,
}

impl Scene {
    pub(crate) fn new(flow: Flow, page: Page) -> Self {
        let words = words(&flow.content().language);
        Self {
            delivery: RwSignal::new(Delivery::Sending),
            flow: RwSignal::new(flow),
            problem: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            draft: StoredValue::new(Draft::default()),
            page: StoredValue::new_local(page),
            words,
        }
    }

    pub(crate) fn announce(self) {
        let title = self
            .flow
            .with_untracked(|flow| flow.question().map(|question| question.title.clone()));
        if let Some(title) = title {
            self.said.set(fill(self.words.arrived, "{title}", &title));
        }
    }

    fn tell(self, what: impl FnOnce(&Page)) {
        self.page.with_value(what);
    }

    /// Changes what is entered, and takes back the complaint about what was entered before.
    fn enter(self, change: impl FnOnce(&mut Draft)) {
        self.draft.update_value(change);
        if self.problem.with_untracked(Option::is_some) {
            self.problem.set(None);
        }
    }

    fn confirm(self) {
        let draft = self.draft.get_value();
        self.step(|flow| flow.confirm(&draft));
    }

    fn skip(self) {
        self.step(|flow| Ok(flow.skip()));
    }

    /// Takes a step, tells its answer, and has the focus follow.
    fn step(self, take: impl FnOnce(&mut Flow) -> Result<Option<Answer>, Problem>) {
        // The step is taken on a copy: the view must not change before the answer is told.
        let mut flow = self.flow.get_untracked();
        let asked = flow.question().cloned();
        match (take(&mut flow), asked) {
            (Ok(Some(answer)), Some(asked)) => {
                // Before telling, so that the page's own word on this answer comes after.
                self.delivery.set(Delivery::Sending);
                self.tell(|page| match &answer {
                    Answer::Nps(score) => page.score(&asked.id, &asked.title, *score),
                    Answer::Text(text) => page.text(&asked.id, &asked.title, text),
                    Answer::Skipped => page.skipped(&asked.id, &asked.title),
                });
                let ended = flow.question().is_none();
                self.draft.set_value(Draft::default());
                self.problem.set(None);
                self.said.set(String::new());
                self.flow.set(flow);
                if ended {
                    self.tell(Page::completed);
                }
            }
            (Ok(_), _) => return,
            (Err(problem), _) => self.problem.set(Some(problem)),
        }
        self.tell(Page::moved);
    }
}

/// The whole widget: a dialog that is not modal, and a line that only screen readers hear.
pub(crate) fn widget(scene: Scene) -> impl IntoView {
    let language = scene
        .flow
        .with_untracked(|flow| flow.content().language.clone());
    let dir = if is_rtl(&language) { "rtl" } else { "ltr" };
    html::section()
        .class("fh")
        .role("dialog")
        .lang(language)
        .dir(dir)
        .aria_labelledby("title")
        .child((
            close(scene),
            move || step(scene),
            html::p()
                .class("heard")
                .role("status")
                .lang(scene.words.language)
                .child(move || scene.said.get()),
        ))
}

fn close(scene: Scene) -> impl IntoView {
    html::button()
        .r#type("button")
        .class("close")
        .aria_label(scene.words.close)
        .on(ev::click, move |_| scene.tell(Page::closed))
}

/// The current question, or the ending.
fn step(scene: Scene) -> impl IntoView {
    scene.flow.with(|flow| match flow.question() {
        // Neighbours take turns between two branches: the same branch would keep the elements of
        // the question before, and with them what was chosen or typed there.
        Some(question) if flow.progress().0 % 2 == 1 => {
            Either::Left(question::question(scene, question, flow.is_last()))
        }
        Some(question) => Either::Right(Either::Left(question::question(
            scene,
            question,
            flow.is_last(),
        ))),
        None => Either::Right(Either::Right(ending::ending(scene, flow.content()))),
    })
}

/// The quiet mark, when the survey wears it.
fn mark(scene: Scene) -> impl IntoView {
    scene
        .flow
        .with_untracked(|flow| flow.content().mark)
        .then(ui::mark)
}
