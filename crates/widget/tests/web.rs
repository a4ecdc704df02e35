//! Drives the view in a real browser, inside an open shadow root: what is drawn, heard and told.
#![cfg(target_arch = "wasm32")]

use js_sys::{Array, Function, Promise};
use protocol::item::SurveyRef;
use protocol::survey::{
    CONTENT_FORMAT, Choice, ChoiceOption, Ending, FeedbackParts, Intro, Look, Placement, Question,
    QuestionKind, Rule, ScaleLook, SurveyContent, Target, Test, TextFormat,
};
use protocol::text::Phrase;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{
    Element, Event, EventInit, HtmlElement, HtmlInputElement, ShadowRoot, ShadowRootInit,
    ShadowRootMode,
};
use widget::{Page, Shown, look, mount};

wasm_bindgen_test_configure!(run_in_browser);

const ENGLISH: &str = include_str!("../words/en.json");
const GERMAN: &str = include_str!("../words/de.json");

fn question(id: &str, required: bool, kind: QuestionKind<Phrase>) -> Question<Phrase> {
    Question {
        id: id.to_owned(),
        title: Phrase::from(format!("Title of {id}?").as_str()),
        required,
        kind,
        ..Question::default()
    }
}

fn nps(id: &str, required: bool) -> Question<Phrase> {
    let kind = QuestionKind::Nps {
        low: Phrase::from("Not at all likely"),
        high: Phrase::from("Extremely likely"),
    };
    question(id, required, kind)
}

fn text(id: &str, required: bool, max_chars: u32) -> Question<Phrase> {
    let kind = QuestionKind::Text {
        max_chars,
        min_chars: 0,
        format: TextFormat::Any,
        short: false,
    };
    question(id, required, kind)
}

fn uses() -> Question<Phrase> {
    let option = |id: &str| ChoiceOption {
        id: id.to_owned(),
        label: Phrase::from(id),
    };
    let choice = Choice {
        options: vec![option("a"), option("b")],
        other: Some(Phrase::from("Other")),
        none: Some(Phrase::from("None")),
        max: 2,
        ..Choice::default()
    };
    question("uses", true, QuestionKind::MultipleChoice(choice))
}

fn survey(questions: Vec<Question<Phrase>>) -> SurveyContent {
    SurveyContent {
        format: CONTENT_FORMAT,
        survey: SurveyRef {
            id: "nps".to_owned(),
            version: 1,
        },
        language: "en".to_owned(),
        feedback: None,
        intro: None,
        questions,
        endings: vec![Ending {
            id: "thanks".to_owned(),
            title: Phrase::from("Thank you"),
            text: Some(Phrase::from("You said {{score|nothing}}.")),
            link: None,
            redirect: Some("/next".to_owned()),
        }],
        look: Look::default(),
    }
}

/// The first survey that every new project has.
fn first() -> SurveyContent {
    survey(vec![nps("score", true), text("reason", false, 2000)])
}

fn feedback() -> SurveyContent {
    let mut content = survey(vec![nps("score", true), text("message", true, 100)]);
    content.feedback = Some(FeedbackParts {
        screenshot: true,
        context: true,
    });
    content.look.together = true;
    content
}

/// The lines that the wasm reads, as the script around it makes them.
fn words(json: &str) -> String {
    let body = "return Object.entries(JSON.parse(json)).filter(([name]) => !name.startsWith('shot_'))
        .map(([, text]) => text).concat(['0123456789', 'url\\x1fhttps://a.example\\x1f']).join('\\n');";
    let lines = Function::new_with_args("json", body).call1(&JsValue::NULL, &json.into());
    lines.unwrap().as_string().unwrap()
}

fn bytes(content: &SurveyContent) -> Vec<u8> {
    postcard::to_allocvec(content).unwrap()
}

/// A widget on the test page, and everything it told. Dropping it takes it off.
struct Stage {
    shown: Option<Shown>,
    host: HtmlElement,
    root: ShadowRoot,
    told: Array,
}

impl Stage {
    fn set(content: &[u8], kept: &[u8], flags: u8) -> Result<Self, JsValue> {
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
        let page = page(&stage.told);
        stage.shown = Some(mount(
            &place,
            content,
            &words(ENGLISH),
            kept,
            1,
            flags,
            page,
        )?);
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

    fn input(&self, selector: &str) -> HtmlInputElement {
        self.get(selector).unchecked_into()
    }

    fn read(&self, selector: &str) -> String {
        self.get(selector).text_content().unwrap_or_default()
    }

    fn attribute(&self, selector: &str, name: &str) -> String {
        self.get(selector).get_attribute(name).unwrap_or_default()
    }

    /// Presses the element, and lets the view catch up.
    async fn press(&self, selector: &str) {
        self.get(selector).unchecked_into::<HtmlElement>().click();
        settle().await;
    }

    async fn write(&self, selector: &str, text: &str) {
        let field = self.input(selector);
        js_sys::Reflect::set(&field, &"value".into(), &text.into()).unwrap();
        self.dispatch(selector, "input");
        settle().await;
    }

    fn dispatch(&self, selector: &str, event: &str) {
        let bubbling = EventInit::new();
        bubbling.set_bubbles(true);
        let event = Event::new_with_event_init_dict(event, &bubbling).unwrap();
        self.get(selector).dispatch_event(&event).unwrap();
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
    let body = "const names = ['closed', 'snoozed', 'moved', 'progressed', 'go'];
        return { tell: (what, text) => { told.push(`${names[what]} ${text}`.trim()); } };";
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

fn stage(content: &SurveyContent) -> Stage {
    Stage::set(&bytes(content), &[], 0).unwrap_or_else(|_| panic!("content is refused"))
}

const NINE: &str = "input[value='9']";

#[wasm_bindgen_test]
async fn the_scale_is_one_named_group_of_native_radios() {
    let stage = stage(&first());
    assert_eq!(stage.read("legend #title"), "Title of score?");
    assert_eq!(stage.attribute("fieldset", "role"), "radiogroup");
    assert_eq!(stage.attribute("fieldset", "aria-required"), "true");
    let radios = stage.root.query_selector_all("input[type=radio]").unwrap();
    let names: Vec<String> = (0..radios.length())
        .map(|idx| radios.item(idx).unwrap().unchecked_into())
        .map(|radio: HtmlInputElement| {
            assert_eq!(radio.name(), "q0");
            assert!(!radio.checked());
            radio.get_attribute("aria-label").unwrap()
        })
        .collect();
    assert_eq!(names.len(), 11);
    assert_eq!(names[0], "0 of 10, Not at all likely");
    assert_eq!(names[5], "5 of 10");
    assert_eq!(names[10], "10 of 10, Extremely likely");
    assert_eq!(
        stage.attribute("progress", "aria-valuetext"),
        "Question 1 of 2"
    );
    assert_eq!(stage.attribute(".close", "aria-label"), "Close survey");
    stage.check_told(&[]);
}

#[wasm_bindgen_test]
async fn score_reason_thanks() {
    let stage = stage(&first());
    stage.press(NINE).await;
    stage.check_told(&[]);
    stage.press(".go").await;
    let score = r#"{"question":"score","prompt":"Title of score?","value":{"nps":9}}"#;
    stage.check_told(&[&format!("progressed [{score}]"), "moved"]);
    assert_eq!(stage.shown().progress(), format!("[{score}]1"));

    assert_eq!(stage.read("h2"), "Title of reason?");
    assert_eq!(stage.read(".go"), "Send");
    stage.write("textarea", " It is\nquick. ").await;
    stage.press(".go").await;
    let reason =
        r#"{"question":"reason","prompt":"Title of reason?","value":{"text":"It is\u000aquick."}}"#;
    stage.check_told(&[&format!("progressed [{reason}]"), "moved"]);
    assert_eq!(stage.shown().progress(), format!("[{score},{reason}]3"));

    assert_eq!(stage.read("#title"), "Sending…");
    stage.shown().set_delivery("stored");
    assert_eq!(stage.read("[role=status] h2"), "Thank you");
    assert_eq!(stage.read("[role=status] p"), "You said 9.");
    stage.press(".close").await;
    stage.check_told(&["go /next", "closed"]);
}

#[wasm_bindgen_test]
async fn a_required_question_says_what_is_missing() {
    let stage = stage(&first());
    assert!(stage.find(".quiet").is_none());
    let region = stage.get(".problem");
    assert_eq!(stage.attribute(".problem", "aria-live"), "polite");
    assert_eq!(stage.read(".problem"), "");
    stage.press(".go").await;
    stage.check_told(&["moved"]);
    assert_eq!(stage.read(".problem"), "Choose a score to go on.");
    assert!(stage.get(".problem").is_same_node(Some(&region)));
    assert_eq!(stage.attribute("fieldset", "aria-invalid"), "true");
    let about = stage.attribute("fieldset", "aria-describedby");
    assert!(about.split(' ').any(|id| id == region.id()));
    stage.press(NINE).await;
    assert_eq!(stage.read(".problem"), "");
    assert_eq!(stage.attribute("fieldset", "aria-invalid"), "false");
}

#[wasm_bindgen_test]
async fn going_back_shows_what_was_answered() {
    let stage = stage(&first());
    stage.press(NINE).await;
    stage.press(".go").await;
    stage.write("textarea", "half").await;
    stage.press(".back").await;
    assert!(stage.input(NINE).checked());
    stage.press(".go").await;
    assert_eq!(stage.input("textarea").value(), "half");
}

#[wasm_bindgen_test]
async fn none_takes_the_other_choices_back_and_says_so() {
    let stage = stage(&survey(vec![uses()]));
    assert_eq!(stage.read(".hint"), "Choose at most 2");
    stage.press("#q0-0").await;
    stage.press("#q0-3").await;
    assert!(!stage.input("#q0-0").checked() && stage.input("#q0-3").checked());
    assert_eq!(stage.read(".heard"), "The other choices are cleared");
    stage.press("#q0-1").await;
    assert!(!stage.input("#q0-3").checked());
}

#[wasm_bindgen_test]
async fn other_has_a_text_of_its_own() {
    let stage = stage(&survey(vec![uses()]));
    assert!(stage.get(".own").has_attribute("hidden"));
    stage.press("#q0-2").await;
    assert!(!stage.get(".own").has_attribute("hidden"));
    stage.press(".go").await;
    assert!(stage.read(".problem").contains("own answer"));
    // A number in the text field is a text, not an option.
    stage.write(".own", "1").await;
    stage.dispatch(".own", "change");
    assert!(!stage.input("#q0-1").checked());
    stage.press(".go").await;
    assert!(stage.shown().progress().contains(r#""other":"1""#));
}

#[wasm_bindgen_test]
async fn stars_are_filled_up_to_the_chosen_one() {
    let kind = QuestionKind::Rating {
        max: 5,
        low: Phrase::from("Poor"),
        high: Phrase::default(),
        look: ScaleLook::Stars,
    };
    let stage = stage(&survey(vec![question("stars", true, kind)]));
    assert_eq!(stage.attribute("#q0-3", "aria-label"), "3 of 5 stars");
    stage.press("#q0-3").await;
    let filled = stage.root.query_selector_all("label[data-on]").unwrap();
    assert_eq!(filled.length(), 3);
}

#[wasm_bindgen_test]
async fn rules_decide_what_comes_next() {
    let mut content = survey(vec![
        nps("score", true),
        text("why", false, 50),
        text("b", false, 50),
    ]);
    content.questions[0].rules = vec![Rule {
        of: None,
        when: Test::Between(9, 10),
        go: Target::Question("b".to_owned()),
    }];
    let stage = stage(&content);
    assert_eq!(stage.attribute("progress", "aria-valuetext"), "0%");
    stage.press(NINE).await;
    stage.press(".go").await;
    assert_eq!(stage.read("h2"), "Title of b?");
}

#[wasm_bindgen_test]
async fn a_form_shows_all_and_comes_back_when_it_is_refused() {
    let content = feedback();
    let stage = Stage::set(&bytes(&content), &[], 2).unwrap_or_else(|_| panic!("refused"));
    assert_eq!(stage.read("h2"), "Feedback");
    assert!(stage.find("#shots").is_some());
    assert_eq!(stage.read("dd"), "https://a.example");
    stage.press(".go").await;
    let wrong = stage
        .root
        .query_selector_all("[aria-invalid=true]")
        .unwrap();
    assert_eq!(wrong.length(), 2);
    stage.press(NINE).await;
    stage.write("textarea", "Fast").await;
    stage.press("#context").await;
    stage.check_told(&["moved"]);
    stage.press(".go").await;
    stage.check_told(&["progressed []", "moved"]);
    assert!(stage.shown().progress().ends_with("]7"));
    stage.shown().set_delivery("refused");
    assert!(stage.read("[role=alert]").contains("still here"));
    assert_eq!(stage.input("textarea").value(), "Fast");
    assert!(stage.input(NINE).checked() && stage.input("#context").checked());
    stage.check_told(&["moved"]);
    stage.press(".go").await;
    assert!(stage.find("[role=alert]").is_none());
}

#[wasm_bindgen_test]
async fn another_language_keeps_everything_and_another_survey_is_refused() {
    let stage = stage(&first());
    stage.press(NINE).await;
    stage.press(".go").await;
    stage.write("textarea", "half").await;
    let mut german = first();
    german.language = "de".to_owned();
    german.questions[1].title = Phrase::from("Warum?");
    let shown = stage.shown();
    assert!(shown.set_content(&bytes(&german), &words(GERMAN)).is_ok());
    assert_eq!(stage.attribute("section", "lang"), "de");
    assert_eq!(stage.read("h2"), "Warum?");
    assert_eq!(stage.read(".go"), "Senden");
    assert_eq!(stage.input("textarea").value(), "half");
    german.survey.version = 2;
    assert!(shown.set_content(&bytes(&german), &words(GERMAN)).is_err());
    assert_eq!(stage.read("h2"), "Warum?");
}

#[wasm_bindgen_test]
async fn another_page_goes_on_at_the_same_place() {
    let content = first();
    let stage = stage(&content);
    stage.press(NINE).await;
    stage.press(".go").await;
    stage.write("textarea", "half").await;
    let kept = stage.shown().kept();
    drop(stage);
    let again = Stage::set(&bytes(&content), &kept, 0).unwrap_or_else(|_| panic!("refused"));
    assert_eq!(again.read("h2"), "Title of reason?");
    assert_eq!(again.input("textarea").value(), "half");
}

#[wasm_bindgen_test]
async fn intro_and_later_come_first() {
    let mut content = first();
    content.look.snooze = true;
    content.intro = Some(Intro {
        title: Phrase::from("Hello"),
        text: None,
        button: None,
    });
    let stage = stage(&content);
    stage.shown().announce();
    assert!(stage.read(".heard").contains("Hello") && stage.read(".heard").contains("F6"));
    stage.press(".quiet").await;
    stage.check_told(&["snoozed"]);
    stage.press(".go").await;
    stage.check_told(&["moved"]);
    assert_eq!(stage.read("h2"), "Title of score?");
    assert_eq!(stage.read(".heard"), "");
}

#[wasm_bindgen_test]
async fn a_tab_opens_its_card() {
    let mut content = first();
    content.look.placement = Placement::Tab;
    let stage = stage(&content);
    assert!(stage.get("section").has_attribute("hidden"));
    stage.press(".tab").await;
    assert!(!stage.get("section").has_attribute("hidden"));
    assert_eq!(stage.attribute(".tab", "aria-expanded"), "true");
    stage.check_told(&["moved"]);
}

#[wasm_bindgen_test]
async fn a_long_text_is_counted_and_held_back() {
    let stage = stage(&survey(vec![text("reason", true, 30)]));
    assert!(stage.find("progress").is_none());
    stage.write("textarea", "a few words").await;
    assert_eq!(stage.read(".room"), "");
    stage.write("textarea", &"x".repeat(29)).await;
    assert_eq!(stage.read(".room"), "Characters left: 1");
    assert_eq!(stage.read(".heard"), "Characters left: at most 3");
    stage.write("textarea", &"x".repeat(32)).await;
    assert_eq!(stage.read(".room"), "Characters too many: 2");
    stage.press(".go").await;
    assert!(stage.read(".problem").contains("at most 30"));
    stage.check_told(&["moved"]);
}

#[wasm_bindgen_test]
async fn thanks_are_said_only_for_what_is_stored() {
    let stage = stage(&survey(vec![text("reason", false, 30)]));
    // What was stored before this answer says nothing about this answer.
    stage.shown().set_delivery("stored");
    stage.press(".quiet").await;
    for (state, expected) in [
        ("", "Sending…"),
        ("waiting", "Not sent yet"),
        ("kept", "Not sent yet"),
        ("refused", "Your answer could not be saved"),
        ("lost", "Your answer could not be saved"),
        ("sending", "Sending…"),
        ("stored", "Thank you"),
    ] {
        stage.shown().set_delivery(state);
        assert_eq!(stage.read("#title"), expected, "after {state:?}");
    }
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
    asked.description = Some(Phrase::from("<b>bold</b>"));
    let stage = stage(&survey(vec![asked, uses(), text("reason", false, 2000)]));
    assert_eq!(stage.read("h2"), "Title of <img src=x>?");
    assert!(stage.find("img").is_none() && stage.find("b").is_none());
    stage.press(NINE).await;
    stage.press(".go").await;
    assert_eq!(stage.read("h2"), "Title of uses?");
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
fn the_look_is_told_in_lines() {
    let mut content = first();
    content.look.placement = Placement::Modal;
    content.look.colors.dark.accent = Some("#ff9ec4".to_owned());
    content.look.element = Some("#here".to_owned());
    let lines = look(&bytes(&content)).unwrap_or_default();
    assert_eq!(lines, "modal\n\n\n\n\n\n#ff9ec4\n\n\n\n#here\nen");
}

#[wasm_bindgen_test]
fn content_that_cannot_be_shown_is_an_error() {
    let content = bytes(&first());
    assert!(Stage::set(b"<!doctype html>", &[], 0).is_err());
    assert!(Stage::set(&content[..20], &[], 0).is_err());
    assert!(Stage::set(&bytes(&survey(vec![])), &[], 0).is_err());
}
