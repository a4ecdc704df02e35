//! Turns where a person is in a survey into elements.

mod attach;
mod choice;
mod ending;
mod question;
mod scale;
mod stage;
mod step;
mod text;

use std::rc::Rc;

use protocol::survey::SurveyContent;
use protocol::text::Phrase;
use reactive_graph::effect::RenderEffect;
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::signal::RwSignal;
use reactive_graph::traits::{GetUntracked, Set, UpdateValue, WithValue};
use tachys::renderer::types::{Element, Event};
use tachys::renderer::{RemoveEventHandler, Rndr};

use crate::bridge::{Page, Told};
use crate::dom::{El, el};
use crate::flow::{ContentError, Draft, Flow, Problem};
use crate::json;
use crate::words::{Word, Words};

/// What may have become of the answers, as the page names it.
const DELIVERIES: [&str; 4] = ["sending", "waiting", "stored", "refused"];
const STORED: &str = DELIVERIES[2];
const REFUSED: &str = DELIVERIES[3];

/// The state that the parts of the view share; copies are the same state.
///
/// What changes between two steps is kept as the text that is shown, and a step is drawn anew: every
/// further type of signal is a kilobyte of code.
#[derive(Clone, Copy)]
pub(crate) struct Scene {
    /// One of [`DELIVERIES`].
    delivery: RwSignal<String>,
    /// What a screen reader is told next, without any focus moving.
    said: RwSignal<String>,
    inner: StoredValue<Inner, LocalStorage>,
}

struct Inner {
    flow: Flow,
    words: Words,
    page: Page,
    shots: bool,
    /// What is to be mended of each question, or nothing.
    problems: Vec<RwSignal<String>>,
    /// Whether a feedback form is back after a refusal.
    refused: bool,
    stage: Option<stage::Stage>,
    now: Drawn,
    /// The step before: what is on it may be what is running now.
    before: Drawn,
}

/// What keeps the elements of one screen alive.
#[derive(Default)]
struct Drawn {
    elements: Vec<El>,
    listeners: Vec<RemoveEventHandler<Element>>,
    effects: Vec<RenderEffect<()>>,
}

impl Scene {
    pub(crate) fn new(flow: Flow, words: Words, page: Page, shots: bool) -> Self {
        let problems = flow.content().questions.iter();
        let inner = Inner {
            problems: problems.map(|_| RwSignal::new(String::new())).collect(),
            flow,
            words,
            page,
            shots,
            refused: false,
            stage: None,
            now: Drawn::default(),
            before: Drawn::default(),
        };
        Self {
            delivery: RwSignal::new(DELIVERIES[0].to_owned()),
            said: RwSignal::new(String::new()),
            inner: StoredValue::new_local(inner),
        }
    }

    pub(crate) fn deliver(self, state: &str) {
        if !DELIVERIES.contains(&state) {
            return;
        }
        self.delivery.set(state.to_owned());
        let ended = self.flow(|flow| flow.walk().complete());
        if ended && state == REFUSED && self.content().feedback.is_some() {
            self.update(|inner| {
                inner.flow.reopen();
                inner.refused = true;
            });
            self.draw();
            self.tell(Told::Moved, "");
        }
        let address = self.redirect();
        if let Some(address) = address.filter(|_| ended && state == STORED) {
            self.tell(Told::Go, &address);
        }
    }

    fn redirect(self) -> Option<String> {
        let at = self.flow(Flow::screen);
        ending::of(&self.content(), at).and_then(|ending| ending.redirect.clone())
    }

    pub(crate) fn announce(self) {
        let title = self.flow(step::title);
        let said =
            self.words(|words| crate::words::fill(words.get(Word::Arrived), "{title}", &title));
        self.said.set(said);
    }

    /// # Errors
    /// [`ContentError::Other`] when `content` is another survey; everything is as before.
    pub(crate) fn translate(
        self,
        content: SurveyContent,
        words: Words,
    ) -> Result<(), ContentError> {
        let mut done = Ok(());
        self.update(|inner| {
            done = inner.flow.translate(content);
            if done.is_ok() {
                inner.words = words;
            }
        });
        done?;
        self.label();
        self.said.set(String::new());
        for problem in self.inner.with_value(|inner| inner.problems.clone()) {
            problem.set(String::new());
        }
        self.draw();
        Ok(())
    }

    /// Takes everything off the page.
    pub(crate) fn strike(self) {
        self.update(|inner| {
            inner.now.clear();
            inner.stage = None;
        });
    }

    pub(crate) fn flow<T>(self, read: impl FnOnce(&Flow) -> T) -> T {
        self.inner.with_value(|inner| read(&inner.flow))
    }

    fn content(self) -> Rc<SurveyContent> {
        self.flow(|flow| Rc::clone(flow.content()))
    }

    fn words<T>(self, read: impl FnOnce(&Words) -> T) -> T {
        self.inner.with_value(|inner| read(&inner.words))
    }

    fn word(self, word: Word) -> String {
        self.words(|words| words.get(word).to_owned())
    }

    fn update(self, change: impl FnOnce(&mut Inner)) {
        self.inner.update_value(change);
    }

    /// Tells the page, which is taken out first: it may call back meanwhile.
    fn tell(self, what: Told, text: &str) {
        let page = self.inner.with_value(|inner| inner.page.clone());
        page.tell(what as u8, text);
    }

    fn problem(self, question: usize) -> RwSignal<String> {
        let problem = self
            .inner
            .with_value(|inner| inner.problems.get(question).copied());
        // There is one for every question.
        problem.unwrap_or(self.said)
    }

    /// What is entered for a question.
    fn draft(self, question: usize) -> Draft {
        self.flow(|flow| flow.draft(question).cloned().unwrap_or_default())
    }

    /// Changes what is entered, and takes back the complaint about what was entered before.
    fn enter(self, question: usize, change: impl FnOnce(&mut Draft)) {
        self.update(|inner| inner.flow.enter(question, change));
        let problem = self.problem(question);
        if !problem.get_untracked().is_empty() {
            problem.set(String::new());
        }
    }

    /// Answers with what is entered, or passes over the question; the focus follows.
    fn go_on(self, skip: bool) {
        let mut answered = Ok(None);
        self.update(|inner| {
            answered = if skip {
                Ok(inner.flow.skip())
            } else {
                inner.flow.confirm()
            };
        });
        match answered {
            Ok(None) if skip => {}
            Ok(answer) => self.moved_on(answer.as_slice()),
            Err(problems) => {
                self.complain(&problems);
                self.tell(Told::Moved, "");
            }
        }
    }

    /// Draws the screen that is next, and tells the page.
    fn moved_on(self, answers: &[protocol::item::Answer]) {
        // Before telling, so that the page's own word on this answer comes after.
        self.delivery.set(DELIVERIES[0].to_owned());
        self.said.set(String::new());
        self.update(|inner| inner.refused = false);
        self.draw();
        self.tell(Told::Progressed, &json::answers(answers));
        self.tell(Told::Moved, "");
    }

    fn begin(self) {
        self.update(|inner| inner.flow.begin());
        self.said.set(String::new());
        self.draw();
        self.tell(Told::Moved, "");
    }

    fn back(self) {
        self.update(|inner| {
            inner.flow.back();
        });
        self.moved_on(&[]);
    }

    fn complain(self, problems: &[Problem]) {
        for problem in problems {
            let text = self.words(|words| words.with(problem.word, problem.n));
            self.problem(problem.question).set(text);
        }
    }

    /// Calls `heard` when `event` happens to `el`, as long as this screen is there.
    fn on(self, el: &El, event: &str, heard: Box<dyn FnMut(Event)>) {
        let listener = Rndr::add_event_listener(el.element(), event, heard);
        self.update(|inner| inner.now.listeners.push(listener));
    }

    /// Runs `effect` now and when a signal that it reads changes, as long as this screen is there.
    fn watch(self, mut effect: Box<dyn FnMut()>) {
        let effect = RenderEffect::new(move |_| effect());
        self.update(|inner| inner.now.effects.push(effect));
    }

    /// An element with words of the widget itself, marked as such.
    fn worded(self, tag: &str, class: &str, word: Word) -> El {
        self.chrome(el(tag, class)).text(&self.word(word))
    }

    /// Marks an element as one in the language of the words.
    fn chrome(self, el: El) -> El {
        let language = self.word(Word::Language);
        if self.content().language == language {
            el
        } else {
            el.set("lang", &language)
        }
    }

    /// An element with a text of the survey, with earlier answers in it.
    fn phrase(self, tag: &str, class: &str, phrase: &Phrase) -> El {
        let made = el(tag, class).text(&self.flow(|flow| flow.piped(&phrase.text)));
        if phrase.language.is_empty() {
            made
        } else {
            made.set("lang", &phrase.language)
        }
    }

    fn button(self, class: &str, kind: &str, label: Option<&Phrase>, word: Word) -> El {
        let button = match label {
            Some(label) => self.phrase("button", class, label),
            None => self.worded("button", class, word),
        };
        button.set("type", kind)
    }
}

impl Drawn {
    fn clear(&mut self) {
        for el in self.elements.drain(..) {
            el.remove();
        }
        self.listeners.clear();
        self.effects.clear();
    }
}

/// For attributes that say "true" or "false".
const fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
