//! Drives the module in a real browser as the facade does: bytes in, JSON out, entropy from the page.
#![cfg(target_arch = "wasm32")]

use agent_wasm::{hear, start};
use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const WALL: f64 = 1_795_300_000_000.0;

const TICK: &[u8] = &[0; 8];
const PAINTED: &[u8] = b"\x04\0\0\0\0\0\0\0";
const READY: &[u8] = b"\x0c\0\0\0\0\0\0\0";
/// One running survey, `nps` in version 3, shown at once and everywhere, never again once completed.
const CONFIGURE: &[u8] =
    b"\x07\0\0\0\x20\x03\x01\x03nps\x03\0\0\xe8\x07\0\0\0\0\0\0\x03\x01\0\x04\0\0\0\xe0\xd4\x03\x32\0\0\0\0\0\0\0";
const PAGE: &[u8] = b"\x09\0\0\0\0\x19https://shop.example/cart\x02de\x0c{\"url\":\"/c\"}";
const ANSWERED: &[u8] = b"\x0e\x03\0\0\0\x04[42]\x04AAEC\0";

/// The commands after `input`, as JavaScript reads them.
fn commands(input: &[u8], ms: f64) -> Vec<JsValue> {
    let json = String::from_utf8(hear(input, WALL + ms, ms)).unwrap();
    let list = JSON::parse(&json).unwrap().unchecked_into::<Array>();
    list.iter().collect()
}

/// What an agent says to a config with one survey.
fn started(state: &[u8]) -> Vec<JsValue> {
    start(state, WALL, 0.0);
    commands(PAGE, 0.0);
    commands(CONFIGURE, 0.0)
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
fn a_survey_is_shown_and_its_answer_sent() {
    let said = started(&[]);
    assert_eq!(
        text(&find(&said, "show")),
        r#"{"do":"show","survey":{"id":"nps","version":3},"resume":null,"by_person":false}"#
    );
    assert!(find(&commands(READY, 5.0), "open").is_object());
    commands(PAINTED, 10.0);
    commands(ANSWERED, 50.5);
    let send = find(&commands(TICK, 1_000.9), "send");
    let header = get(&send, "header");
    assert_eq!(get(&header, "sent_wall"), WALL + 1_000.0);
    assert_eq!(text(&get(&header, "report")), "{}");
    let items = get(&send, "items").unchecked_into::<Array>();
    let response = items.get(0);
    assert_eq!(get(&response, "age_ms"), 950);
    assert_eq!(get(&response, "seq"), 1);
    assert_eq!(text(&get(&get(&response, "p"), "answers")), "[42]");
    assert_eq!(text(&get(&get(&response, "p"), "page")), r#"{"url":"/c"}"#);
    let ids = [get(&response, "id"), get(&items.get(1), "id")];
    let [first, second] = ids.map(|id| id.as_string().unwrap());
    assert_ne!(first, second, "the browser's generator was asked");
    assert_eq!((first.len(), first.as_bytes()[14]), (36, b'7'));
}

#[wasm_bindgen_test]
fn what_is_saved_is_read_by_the_next_page() {
    started(&[]);
    commands(READY, 0.0);
    commands(PAINTED, 0.0);
    let said = commands(ANSWERED, 0.0);
    let saved = get(&find(&said, "save"), "state").as_string().unwrap();
    let bytes: Vec<u8> = atob(&saved).chars().map(|char| char as u8).collect();
    assert!(find(&started(&bytes), "show").is_undefined());
}

fn atob(base64: &str) -> String {
    let global = js_sys::global();
    let function = get(&global, "atob").unchecked_into::<js_sys::Function>();
    function
        .call1(&global, &base64.into())
        .unwrap()
        .as_string()
        .unwrap()
}

#[wasm_bindgen_test]
fn bytes_that_are_no_input_say_nothing() {
    started(&[]);
    for input in [&[][..], &[255; 9], CONFIGURE.split_at(9).0] {
        assert!(commands(input, 0.0).is_empty());
    }
}
