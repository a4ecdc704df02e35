//! Turns the two elements about one survey, which come from a file of their own, into calls.
//!
//! Until that file is here the editor is a plain field of text, and the preview is empty.

use js_sys::{Array, Function, Reflect, Uint8Array};
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use crate::browser;

/// Id of the editor on the page.
pub const CODE: &str = "code";
/// Id of the preview on the page.
pub const PREVIEW: &str = "preview";

/// Fetches the file that both elements are in, once.
pub fn fetch() {
    let document = document();
    let there = document.query_selector("script[data-editor]");
    let Ok(None) = there else {
        return;
    };
    let meta = document.query_selector("meta[name=firsthand-editor]");
    let path = meta
        .ok()
        .flatten()
        .and_then(|it| it.get_attribute("content"));
    let script = document.create_element("script");
    let (Some(path), Ok(script)) = (path, script) else {
        return;
    };
    let src = format!("{}{path}", browser::base_url());
    for (name, value) in [
        ("type", "module"),
        ("data-editor", ""),
        ("src", src.as_str()),
    ] {
        // Names of attributes that every browser takes.
        let _ = script.set_attribute(name, value);
    }
    if let Some(head) = document.head() {
        // Where it cannot be added the field of text stays.
        let _ = head.append_child(&script);
    }
}

/// Loads the SDK into this page by a key for trying things out, and has it show a survey.
pub fn try_survey(key: &str, survey: &str) {
    let global = js_sys::global();
    let call = Array::<JsValue>::new();
    let options = js_sys::Object::new();
    // A plain object takes every property.
    let _ = Reflect::set(&options, &"ignoreConditions".into(), &true.into());
    for word in [JsValue::from("show"), JsValue::from(survey), options.into()] {
        call.push(&word);
    }
    let name = JsValue::from("firsthand");
    let queue = Reflect::get(&global, &name).unwrap_or_default();
    if queue.is_object() {
        run(&queue, "push", &[call.into()]);
        return;
    }
    let queue = Array::<JsValue>::new();
    queue.push(&call);
    let _ = Reflect::set(&global, &name, &queue);
    let document = document();
    let Ok(script) = document.create_element("script") else {
        return;
    };
    let src = format!("{}sdk.js", browser::base_url());
    // A vote for no surveillance is not asked of whoever tries a survey on purpose.
    for (name, value) in [
        ("data-site-key", key),
        ("data-privacy-signals", "ignore"),
        ("src", src.as_str()),
    ] {
        let _ = script.set_attribute(name, value);
    }
    if let Some(head) = document.head() {
        let _ = head.append_child(&script);
    }
}

/// What the field of text or the editor behind an event says.
pub fn typed(target: &JsValue) -> Option<String> {
    Reflect::get(target, &"value".into()).ok()?.as_string()
}

/// Replaces all that is in the editor.
pub fn write(text: &str) {
    set(CODE, "value", &text.into());
    // The field of text, as long as it is there.
    let field = document().query_selector("fh-code > textarea");
    if let Ok(Some(field)) = field {
        let _ = Reflect::set(&field, &"value".into(), &text.into());
    }
}

/// Writes JSON at a way of names, or takes away what is there; whether it could.
pub fn put(way: &[&str], json: Option<&str>) -> bool {
    let names = Array::<JsValue>::new();
    for name in way {
        names.push(&(*name).into());
    }
    let json = json.map_or(JsValue::UNDEFINED, JsValue::from);
    let element = by_id(CODE).map(JsValue::from).unwrap_or_default();
    run(&element, "put", &[names.into(), json]).is_some_and(|done| done.is_truthy())
}

/// Tells the editor what is wrong where, as JSON.
pub fn set_findings(json: &str) {
    set(CODE, "findings", &json.into());
}

/// Lets nobody type.
pub fn lock() {
    set(CODE, "readOnly", &true.into());
}

/// Leads to the place of a finding.
pub fn show(pointer: &str, message: &str) {
    let element = by_id(CODE).map(JsValue::from).unwrap_or_default();
    run(&element, "show", &[pointer.into(), message.into()]);
}

/// Shows this in the preview, from the beginning.
pub fn set_content(bytes: &[u8]) {
    set(PREVIEW, "content", &Uint8Array::from(bytes).into());
}

/// Shows the same from the beginning.
pub fn restart() {
    let element = by_id(PREVIEW).map(JsValue::from).unwrap_or_default();
    run(&element, "restart", &[]);
}

fn by_id(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

fn set(id: &str, name: &str, value: &JsValue) {
    if let Some(element) = by_id(id) {
        // An element that is not what it will be yet keeps it until it is.
        let _ = Reflect::set(&element, &name.into(), value);
    }
}

/// Calls a method, if it is there already.
fn run(on: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let method = Reflect::get(on, &method.into()).ok()?;
    let method: &Function = method.dyn_ref()?;
    let list = Array::<JsValue>::new();
    for argument in arguments {
        list.push(argument);
    }
    Reflect::apply(method, on, &list).ok()
}
