//! Turns where a person is in a survey into elements.

mod attach;
mod choice;
mod ending;
mod question;
mod scale;
mod stage;
mod step;
mod text;

use std::cell::RefCell;
use std::rc::Rc;

use protocol::survey::SurveyContent;
use protocol::text::Phrase;
use wasm_bindgen::JsValue;

use crate::bridge::{Page, Told};
use crate::dom::{El, Listener, el, listen};
use crate::flow::{ContentError, Draft, Flow};
use crate::json;
use crate::words::{Word, Words};

/// What may have become of the answers, as the page names it.
const DELIVERIES: [&str; 5] = ["sending", "waiting", "stored", "refused", "kept"];
const STORED: &str = DELIVERIES[2];
const REFUSED: &str = DELIVERIES[3];

/// The state that the parts of the view share; clones are the same state.
///
/// A step is drawn anew, and only a few texts change while it is there: signals for those would
/// weigh a fifth of the widget.
#[derive(Clone)]
pub(crate) struct Scene(Rc<RefCell<Inner>>);

struct Inner {
    flow: Flow,
    words: Words,
    page: Page,
    shots: bool,
    /// One of [`DELIVERIES`].
    delivery: String,
    /// What is to be mended of each question, or nothing.
    problems: Vec<String>,
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
    screen: Option<El>,
    listeners: Vec<Listener>,
    watchers: Vec<Rc<dyn Fn()>>,
}

impl Scene {
    pub(crate) fn new(flow: Flow, words: Words, page: Page, shots: bool) -> Self {
        Self(Rc::new(RefCell::new(Inner {
            problems: vec![String::new(); flow.content().questions.len()],
            delivery: DELIVERIES[0].to_owned(),
            flow,
            words,
            page,
            shots,
            refused: false,
            stage: None,
            now: Drawn::default(),
            before: Drawn::default(),
        })))
    }

    pub(crate) fn deliver(&self, state: &str) {
        if !DELIVERIES.contains(&state) {
            return;
        }
        self.update(|inner| inner.delivery = state.to_owned());
        self.refresh();
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

    fn redirect(&self) -> Option<String> {
        let at = self.flow(Flow::screen);
        ending::of(&self.content(), at).and_then(|ending| ending.redirect.clone())
    }

    pub(crate) fn announce(&self) {
        let title = self.flow(step::title);
        let said =
            self.words(|words| crate::words::fill(words.get(Word::Arrived), "{title}", &title));
        self.say(&said);
    }

    /// # Errors
    /// [`ContentError::Other`] when `content` is another survey; everything is as before.
    pub(crate) fn translate(
        &self,
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
        self.say("");
        self.update(|inner| inner.problems.fill(String::new()));
        self.draw();
        Ok(())
    }

    /// Takes everything off the page.
    pub(crate) fn strike(&self) {
        // Taken out first: what goes may still be told that it loses the focus.
        let gone = self.take(|inner| {
            let drawn = [&mut inner.now, &mut inner.before].map(std::mem::take);
            (drawn, inner.stage.take())
        });
        for drawn in &gone.0 {
            drawn.remove();
        }
    }

    fn take<T>(&self, take: impl FnOnce(&mut Inner) -> T) -> T {
        take(&mut self.0.borrow_mut())
    }

    fn with<T>(&self, read: impl FnOnce(&Inner) -> T) -> T {
        read(&self.0.borrow())
    }

    fn update(&self, change: impl FnOnce(&mut Inner)) {
        change(&mut self.0.borrow_mut());
    }

    pub(crate) fn flow<T>(&self, read: impl FnOnce(&Flow) -> T) -> T {
        self.with(|inner| read(&inner.flow))
    }

    fn content(&self) -> Rc<SurveyContent> {
        self.flow(|flow| Rc::clone(flow.content()))
    }

    fn words<T>(&self, read: impl FnOnce(&Words) -> T) -> T {
        self.with(|inner| read(&inner.words))
    }

    fn word(&self, word: Word) -> String {
        self.words(|words| words.get(word).to_owned())
    }

    /// Tells the page, which is taken out first: it may call back meanwhile.
    fn tell(&self, what: Told, text: &str) {
        let page = self.with(|inner| inner.page.clone());
        page.tell(what as u8, text);
    }

    fn problem(&self, question: usize) -> String {
        self.with(|inner| inner.problems.get(question).cloned().unwrap_or_default())
    }

    fn complain(&self, question: usize, text: String) {
        self.update(|inner| {
            if let Some(problem) = inner.problems.get_mut(question) {
                *problem = text;
            }
        });
        self.refresh();
    }

    fn delivery(&self) -> String {
        self.with(|inner| inner.delivery.clone())
    }

    /// Tells screen readers, without any focus moving.
    fn say(&self, text: &str) {
        let heard = self.with(|inner| inner.stage.as_ref().map(|stage| stage.heard.clone()));
        if let Some(heard) = heard {
            heard.put(text);
        }
    }

    /// Brings the screen up to what is to be mended and what became of the answers.
    fn refresh(&self) {
        let watchers = self.with(|inner| inner.now.watchers.clone());
        for watcher in watchers {
            watcher();
        }
    }

    /// What is entered for a question.
    fn draft(&self, question: usize) -> Draft {
        self.flow(|flow| flow.draft(question).cloned().unwrap_or_default())
    }

    /// Changes what is entered, and takes back the complaint about what was entered before.
    fn enter(&self, question: usize, change: impl FnOnce(&mut Draft)) {
        self.update(|inner| inner.flow.enter(question, change));
        if !self.problem(question).is_empty() {
            self.complain(question, String::new());
        }
    }

    /// Answers with what is entered, or passes over the question; the focus follows.
    fn go_on(&self, skip: bool) {
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
                for problem in problems {
                    let text = self.words(|words| words.with(problem.word, problem.n));
                    self.complain(problem.question, text);
                }
                self.tell(Told::Moved, "");
            }
        }
    }

    /// Draws the screen that is next, and tells the page.
    fn moved_on(&self, answers: &[protocol::item::Answer]) {
        // Before telling, so that the page's own word on this answer comes after.
        self.say("");
        self.update(|inner| {
            inner.delivery = DELIVERIES[0].to_owned();
            inner.refused = false;
        });
        self.draw();
        self.tell(Told::Progressed, &json::answers(answers));
        self.tell(Told::Moved, "");
    }

    fn begin(&self) {
        self.update(|inner| inner.flow.begin());
        self.say("");
        self.draw();
        self.tell(Told::Moved, "");
    }

    fn back(&self) {
        self.update(|inner| {
            inner.flow.back();
        });
        self.moved_on(&[]);
    }

    /// Calls `heard` when `event` happens to `el`, as long as this screen is there.
    fn on(&self, el: &El, event: &str, heard: Box<dyn FnMut(JsValue)>) {
        let listener = listen(el, event, heard);
        self.update(|inner| inner.now.listeners.push(listener));
    }

    /// Runs `watcher` now and with every refresh, as long as this screen is there.
    fn watch(&self, watcher: Rc<dyn Fn()>) {
        watcher();
        self.update(|inner| inner.now.watchers.push(watcher));
    }

    /// An element with words of the widget itself, marked as such.
    fn worded(&self, tag: &str, class: &str, word: Word) -> El {
        self.chrome(el(tag, class)).text(&self.word(word))
    }

    /// Marks an element as one in the language of the words.
    fn chrome(&self, el: El) -> El {
        let language = self.word(Word::Language);
        if self.content().language == language {
            el
        } else {
            el.set("lang", &language)
        }
    }

    /// An element with a text of the survey, with earlier answers in it.
    fn phrase(&self, tag: &str, class: &str, phrase: &Phrase) -> El {
        let made = el(tag, class).text(&self.flow(|flow| flow.piped(&phrase.text)));
        if phrase.language.is_empty() {
            made
        } else {
            made.set("lang", &phrase.language)
        }
    }

    fn button(&self, class: &str, kind: &str, label: Option<&Phrase>, word: Word) -> El {
        let button = match label {
            Some(label) => self.phrase("button", class, label),
            None => self.worded("button", class, word),
        };
        button.set("type", kind)
    }
}

impl Drawn {
    fn remove(&self) {
        if let Some(screen) = &self.screen {
            screen.remove();
        }
    }
}

/// For attributes that say "true" or "false".
const fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
