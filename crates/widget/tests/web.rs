//! Drives the view in a real browser, inside an open shadow root: what is drawn, heard and told.
#![cfg(target_arch = "wasm32")]

use js_sys::{Array, Function, Promise};
use protocol::item::SurveyRef;
use protocol::survey::{CONTENT_FORMAT, Question, QuestionKind, SurveyContent, Thanks};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{
    Element, Event, EventInit, HtmlElement, HtmlInputElement, HtmlTextAreaElement, ShadowRoot,
    ShadowRootInit, ShadowRootMode,
};
use widget::{Page, Shown, mount};

wasm_bindgen_test_configure!(run_in_browser);

fn question(id: &str, required: bool, kind: QuestionKind) -> Question {
    Question {
        id: id.to_owned(),
        title: format!("Title of {id}?"),
        description: None,
        required,
        kind,
    }
}

fn nps(id: &str, required: bool) -> Question {
    let kind = QuestionKind::Nps {
        low: "Not at all likely".to_owned(),
        high: "Extremely likely".to_owned(),
    };
    question(id, required, kind)
}

fn text(id: &str, required: bool, max_chars: u32) -> Question {
    question(id, required, QuestionKind::Text { max_chars })
}

fn survey(language: &str, questions: Vec<Question>) -> Vec<u8> {
    let content = SurveyContent {
        format: CONTENT_FORMAT,
        survey: SurveyRef {
            id: "nps".to_owned(),
            version: 1,
        },
        language: language.to_owned(),
        questions,
        thanks: Thanks {
            title: "Thank you".to_owned(),
            text: Some("It helps.".to_owned()),
        },
        mark: true,
    };
    postcard::to_allocvec(&content).unwrap()
}

/// The first survey that every new project has.
fn first() -> Vec<u8> {
    survey("en", vec![nps("score", true), text("reason", false, 2000)])
}

/// A widget on the test page, and everything it told. Dropping it takes it off.
struct Stage {
    shown: Option<Shown>,
    host: HtmlElement,
    root: ShadowRoot,
    told: Array,
}

impl Stage {
    fn set(content: &[u8]) -> Result<Self, JsError> {
        let document = web_sys::window().unwrap().document().unwrap();
        let host: HtmlElement = document.create_element("div").unwrap().unchecked_into();
        document.body().unwrap().append_child(&host).unwrap();
        let root = host
            .attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))
            .unwrap();
        let place = document.create_element("div").unwrap();
        root.append_child(&place).unwrap();
        let told = Array::new();
        let mut stage = Self {
            shown: None,
            host,
            root,
            told,
        };
        stage.shown = Some(mount(&place, content, page(&stage.told))?);
        Ok(stage)
    }

    fn shown(&self) -> &Shown {
        self.shown.as_ref().unwrap()
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).unwrap()
    }

    fn get(&self, selector: &str) -> Element {
        self.find(selector)
            .unwrap_or_else(|| panic!("no {selector} in {}", self.root.inner_html()))
    }

    fn read(&self, selector: &str) -> String {
        self.get(selector).text_content().unwrap_or_default()
    }

    /// Presses the element, and lets the view catch up.
    async fn press(&self, selector: &str) {
        self.get(selector).unchecked_into::<HtmlElement>().click();
        settle().await;
    }

    async fn write(&self, text: &str) {
        let area: HtmlTextAreaElement = self.get("textarea").unchecked_into();
        area.set_value(text);
        let bubbling = EventInit::new();
        bubbling.set_bubbles(true);
        let event = Event::new_with_event_init_dict("input", &bubbling).unwrap();
        area.dispatch_event(&event).unwrap();
        settle().await;
    }

    /// Compares what was told since the last call.
    fn check_told(&self, expected: &[&str]) {
        let told: Vec<String> = self
            .told
            .iter()
            .map(|line| line.as_string().unwrap())
            .collect();
        assert_eq!(told, expected);
        self.told.set_length(0);
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.shown.take();
        self.host.remove();
    }
}

/// Writes down each call in `told`.
fn page(told: &Array) -> Page {
    let body = "const write = (name) => (...given) => { told.push([name, ...given].join(' | ')); };
        return Object.fromEntries(
            ['score', 'text', 'skipped', 'completed', 'closed', 'moved'].map((n) => [n, write(n)]));";
    let page = Function::new_with_args("told", body)
        .call1(&JsValue::NULL, told)
        .unwrap();
    page.unchecked_into()
}

/// Waits for a task after everything that the view does in this one.
async fn settle() {
    let later = Function::new_with_args("done", "setTimeout(done)");
    let promise = Promise::new(&mut |done, _| {
        later.call1(&JsValue::NULL, &done).unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}

fn stage(content: &[u8]) -> Stage {
    Stage::set(content).unwrap_or_else(|_| panic!("content is refused"))
}

const NINE: &str = "input[value='9']";

#[wasm_bindgen_test]
async fn the_scale_is_one_named_group_of_native_radios() {
    let stage = stage(&first());
    assert_eq!(
        stage.get("section").get_attribute("role").unwrap(),
        "dialog"
    );
    let title = stage
        .get("section")
        .get_attribute("aria-labelledby")
        .unwrap();
    assert_eq!(stage.read(&format!("#{title}")), "Title of score?");
    let group = stage.get("[role=radiogroup]");
    assert_eq!(group.get_attribute("aria-required").unwrap(), "true");
    assert_eq!(group.get_attribute("aria-labelledby").unwrap(), title);

    let radios = stage.root.query_selector_all("input[type=radio]").unwrap();
    let names: Vec<String> = (0..radios.length())
        .map(|idx| radios.item(idx).unwrap().unchecked_into())
        .map(|radio: HtmlInputElement| {
            assert_eq!(radio.name(), "score");
            assert!(!radio.checked());
            radio.get_attribute("aria-label").unwrap()
        })
        .collect();
    assert_eq!(names.len(), 11);
    assert_eq!(names[0], "0, Not at all likely");
    assert_eq!(names[5], "5");
    assert_eq!(names[10], "10, Extremely likely");
    assert_eq!(stage.read(".progress"), "Question 1 of 2");
    assert_eq!(
        stage.get(".close").get_attribute("aria-label").unwrap(),
        "Close survey"
    );
    stage.check_told(&[]);
}

#[wasm_bindgen_test]
async fn score_reason_thanks() {
    let stage = stage(&first());
    stage.press(NINE).await;
    stage.check_told(&[]);
    stage.press(".go").await;
    stage.check_told(&["score | score | Title of score? | 9", "moved"]);

    assert_eq!(stage.read("h2"), "Title of reason?");
    assert_eq!(stage.read(".go"), "Send");
    stage.write(" It is\nquick. ").await;
    stage.press(".go").await;
    stage.check_told(&[
        "text | reason | Title of reason? | It is\nquick.",
        "completed",
        "moved",
    ]);

    assert_eq!(stage.read("#title"), "Sending…");
    assert!(stage.find("form").is_none());
    stage.shown().set_delivery("stored");
    settle().await;
    assert_eq!(stage.read("[role=status] h2"), "Thank you");
    stage.press(".close").await;
    stage.check_told(&["closed"]);
}

#[wasm_bindgen_test]
async fn optional_questions_are_skipped_by_button_or_left_empty() {
    let both = survey("en", vec![nps("score", false), text("reason", false, 2000)]);
    let stage = stage(&both);
    stage.press(".skip").await;
    stage.check_told(&["skipped | score | Title of score?", "moved"]);
    stage.press(".go").await;
    stage.check_told(&["skipped | reason | Title of reason?", "completed", "moved"]);
}

#[wasm_bindgen_test]
async fn a_required_question_says_what_is_missing() {
    let stage = stage(&first());
    assert!(stage.find(".skip").is_none());
    let region = stage.get("#problem");
    assert_eq!(region.get_attribute("aria-live").unwrap(), "polite");
    assert_eq!(stage.read("#problem"), "");

    stage.press(".go").await;
    stage.check_told(&["moved"]);
    assert!(stage.read("#problem").contains("0 to 10"));
    assert!(stage.get("#problem").is_same_node(Some(&region)));
    let group = stage.get("[role=radiogroup]");
    assert_eq!(group.get_attribute("aria-invalid").unwrap(), "true");
    assert!(
        group
            .get_attribute("aria-describedby")
            .unwrap()
            .contains("problem")
    );

    stage.press(NINE).await;
    assert_eq!(stage.read("#problem"), "");
    assert_eq!(group.get_attribute("aria-invalid").unwrap(), "false");
}

#[wasm_bindgen_test]
async fn a_long_text_is_counted_and_held_back() {
    let stage = stage(&survey("en", vec![text("reason", true, 30)]));
    assert!(stage.find(".progress").is_none());
    stage.write("a few words").await;
    assert_eq!(stage.read(".room"), "");
    assert_eq!(stage.read(".heard"), "");
    stage.write(&"x".repeat(29)).await;
    assert_eq!(stage.read(".room"), "Characters left: 1");
    assert_eq!(stage.read(".heard"), "Characters left: at most 3");
    stage.write(&"x".repeat(32)).await;
    assert_eq!(stage.read(".room"), "Characters too many: 2");
    stage.press(".go").await;
    assert!(stage.read("#problem").contains("too many: 2"));
    stage.check_told(&["moved"]);
}

#[wasm_bindgen_test]
async fn neighbours_of_one_kind_start_empty() {
    let stage = stage(&survey("en", vec![nps("a", true), nps("b", true)]));
    stage.press(NINE).await;
    stage.press(".go").await;
    assert_eq!(stage.read("h2"), "Title of b?");
    assert!(stage.find("input:checked").is_none());
    stage.press(".go").await;
    stage.check_told(&["score | a | Title of a? | 9", "moved", "moved"]);
}

#[wasm_bindgen_test]
async fn thanks_are_said_only_for_what_is_stored() {
    let stage = stage(&survey("en", vec![text("reason", false, 30)]));
    // What was stored before this answer says nothing about this answer.
    stage.shown().set_delivery("stored");
    stage.press(".skip").await;
    for (state, expected) in [
        ("", "Sending…"),
        ("waiting", "Not sent yet"),
        ("refused", "Your answer could not be saved"),
        ("lost", "Your answer could not be saved"),
        ("sending", "Sending…"),
        ("stored", "Thank you"),
    ] {
        stage.shown().set_delivery(state);
        settle().await;
        assert_eq!(stage.read("#title"), expected, "after {state:?}");
    }
}

#[wasm_bindgen_test]
async fn arrival_is_said_with_the_way_to_reach_it() {
    let stage = stage(&first());
    assert_eq!(stage.get(".heard").get_attribute("role").unwrap(), "status");
    assert_eq!(stage.read(".heard"), "");
    stage.shown().announce();
    settle().await;
    let heard = stage.read(".heard");
    assert!(
        heard.contains("F6") && heard.contains("Title of score?"),
        "{heard}"
    );
    stage.press(NINE).await;
    stage.press(".go").await;
    assert_eq!(stage.read(".heard"), "");
}

#[wasm_bindgen_test]
async fn words_follow_the_language_of_the_survey() {
    let german = stage(&survey("de-AT", vec![nps("a", false), nps("b", true)]));
    assert_eq!(
        german.get("section").get_attribute("lang").unwrap(),
        "de-AT"
    );
    assert_eq!(german.read(".go"), "Weiter");
    assert_eq!(german.read(".progress"), "Frage 1 von 2");

    let arabic = stage(&survey("ar", vec![nps("a", true)]));
    assert_eq!(arabic.get("section").get_attribute("dir").unwrap(), "rtl");
    assert_eq!(arabic.get(".foot").get_attribute("lang").unwrap(), "en");
    assert_eq!(arabic.read(".go"), "Send");
}

#[wasm_bindgen_test]
async fn texts_stay_text_and_no_html_is_written() {
    let guard = Function::new_no_args(
        "const was = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML');
         Object.defineProperty(Element.prototype, 'innerHTML',
             { configurable: true, get: was.get, set() { throw new Error('HTML written'); } });
         return () => Object.defineProperty(Element.prototype, 'innerHTML', was);",
    );
    let restore: Function = guard.call0(&JsValue::NULL).unwrap().unchecked_into();
    let mut asked = nps("<img src=x>", true);
    asked.description = Some("<b>bold</b>".to_owned());
    let stage = stage(&survey("en", vec![asked, text("reason", false, 2000)]));
    assert_eq!(stage.read("h2"), "Title of <img src=x>?");
    assert!(stage.find("img").is_none() && stage.find("b").is_none());
    stage.press(NINE).await;
    stage.press(".go").await;
    stage.press(".skip").await;
    stage.shown().set_delivery("stored");
    settle().await;
    assert_eq!(stage.read("#title"), "Thank you");
    restore.call0(&JsValue::NULL).unwrap();
}

#[wasm_bindgen_test]
async fn freeing_leaves_nothing_behind() {
    let mut stage = stage(&first());
    assert!(stage.find("section").is_some());
    stage.shown.take();
    assert!(stage.find("section").is_none());
    stage.check_told(&[]);
}

#[wasm_bindgen_test]
fn content_that_cannot_be_shown_is_an_error() {
    assert!(Stage::set(b"<!doctype html>").is_err());
    assert!(Stage::set(&first()[..20]).is_err());
    assert!(Stage::set(&survey("en", vec![])).is_err());
}
