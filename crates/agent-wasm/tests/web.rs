//! Drives the module as the facade does: what JavaScript gets is what the wire and storage need.
#![cfg(target_arch = "wasm32")]

use agent_wasm::Agent;
use js_sys::{Array, JSON, Reflect, Uint8Array};
use protocol::config::{CONFIG_FORMAT, Config, DisplayRule, SurveyRule};
use protocol::item::SurveyRef;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const WALL: f64 = 1_795_300_000_000.0;

fn config() -> Vec<u8> {
    let survey = SurveyRef {
        id: "nps".to_owned(),
        version: 3,
    };
    let show = DisplayRule::default();
    let config = Config {
        format: CONFIG_FORMAT,
        surveys: vec![SurveyRule { survey, show }],
    };
    postcard::to_allocvec(&config).unwrap()
}

/// An agent that has just been told to show a survey, and what it said.
fn started() -> (Agent, Vec<JsValue>) {
    let mut agent = Agent::new(&[], WALL, 0.0);
    agent.page("https://shop.example/cart?token=secret", "de", WALL, 0.0);
    let said = list(agent.configure(&config(), WALL, 0.0));
    (agent, said)
}

fn list(commands: JsValue) -> Vec<JsValue> {
    commands.unchecked_into::<Array>().iter().collect()
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn find(commands: &[JsValue], name: &str) -> JsValue {
    let is_it = |command: &&JsValue| get(command, "do") == name;
    commands.iter().find(is_it).cloned().unwrap_or_default()
}

fn text(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().into()
}

#[wasm_bindgen_test]
fn commands_are_plain_objects() {
    let (_, said) = started();
    assert_eq!(
        text(&find(&said, "show")),
        r#"{"do":"show","survey":{"id":"nps","version":3}}"#
    );
}

#[wasm_bindgen_test]
fn an_envelope_is_ready_for_the_wire() {
    let (mut agent, _) = started();
    agent.shown(WALL, 10.0);
    agent.answered_nps("score", "How?", 9.0, WALL + 50.0, 50.0);
    agent.closed(true, WALL + 60.0, 60.0);
    let said = list(agent.tick(WALL + 1_000.0, 1_000.5));
    let send = find(&said, "send");
    assert_eq!(get(&send, "attempt"), 1);
    assert_eq!(get(&send, "exit"), false);
    let header = get(&send, "header");
    assert_eq!(get(&header, "sent_wall"), WALL + 1_000.0);
    assert_eq!(text(&get(&header, "report")), "{}");
    let install = get(&header, "install").as_string().unwrap();
    assert_eq!((install.len(), install.as_bytes()[14]), (36, b'7'));

    let items: Vec<_> = get(&send, "items")
        .unchecked_into::<Array>()
        .iter()
        .collect();
    let response = get(&get(&items[0], "p"), "response");
    assert_eq!(get(&items[0], "seq"), 1);
    assert_eq!(get(&items[0], "age_ms"), 950);
    assert_eq!(get(&items[0], "type"), "response");
    assert_eq!(
        text(&get(&items[0], "p")),
        format!(
            r#"{{"survey":{{"id":"nps","version":3}},"response":{},"revision":1,"complete":false,"answers":[{{"question":"score","prompt":"How?","value":{{"nps":9}}}}],"page":{{"url":"https://shop.example/cart","language":"de"}}}}"#,
            text(&response)
        )
    );
    let dismissal = get(&items[1], "p");
    assert_eq!(get(&dismissal, "reason"), "person");
    assert_eq!(get(&dismissal, "response"), response);
}

#[wasm_bindgen_test]
fn what_is_missing_is_null() {
    let (mut agent, _) = started();
    let said = list(agent.shown(WALL, 0.0));
    assert_eq!(
        text(&find(&said, "emit")),
        r#"{"do":"emit","event":"shown","survey":{"id":"nps","version":3},"response":null,"answer":null}"#
    );
}

#[wasm_bindgen_test]
fn the_memory_is_bytes_that_the_next_page_reads() {
    let (mut agent, _) = started();
    agent.shown(WALL, 0.0);
    let said = list(agent.answered_nps("score", "How?", 9.0, WALL, 0.0));
    let state: Uint8Array = get(&find(&said, "save"), "state").dyn_into().unwrap();
    let mut next = Agent::new(&state.to_vec(), WALL, 0.0);
    next.page("https://shop.example/", "de", WALL, 0.0);
    let said = list(next.configure(&config(), WALL, 0.0));
    assert!(find(&said, "show").is_undefined());
}

#[wasm_bindgen_test]
fn a_score_that_is_no_integer_is_no_answer() {
    let (mut agent, _) = started();
    agent.shown(WALL, 0.0);
    for score in [7.5, 11.0, -1.0, f64::NAN, 256.0, 1e9] {
        let said = list(agent.answered_nps("score", "How?", score, WALL, 0.0));
        assert!(find(&said, "emit").is_undefined(), "{score}");
    }
}
