//! Turns what only the browser knows (address, clock, time zone, clipboard) into plain values.

use core::cell::RefCell;
use core::time::Duration;
use std::collections::HashMap;

use js_sys::Intl::DateTimeFormat;
use leptos::prelude::{document, request_animation_frame, set_timeout, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, VisibilityState};

use crate::performance::zone;
use crate::words::{self, Language, Moment};

/// The address that the console lives under, from `<base href>`; ends in a slash.
pub fn base_url() -> String {
    match document().base_uri() {
        Ok(Some(uri)) => uri,
        _ => String::from("/"),
    }
}

/// The path of [`base_url`] without its last slash: empty at the root of the origin.
pub fn base_path() -> String {
    let path = web_sys::Url::new(&base_url()).map(|url| url.pathname());
    path.unwrap_or_default().trim_end_matches('/').to_owned()
}

/// Runs something once the next frame has been painted: not while nobody sees the page.
pub fn after_paint(then: impl FnOnce() + 'static) {
    // A frame begins with the one, and is painted before the other.
    request_animation_frame(move || set_timeout(then, Duration::ZERO));
}

/// Whether this page's address is `path` below the console's base.
pub fn is_at(path: &str) -> bool {
    let here = window().location().pathname().unwrap_or_default();
    here == format!("{}/{path}", base_path())
}

/// This page without its fragment, for links to a place on it.
///
/// `href="#main"` alone would lead away: it is resolved against `<base href>`.
pub fn here() -> String {
    let href = window().location().href().unwrap_or_default();
    let end = href.find('#').unwrap_or(href.len());
    href[..end].to_owned()
}

/// Speaks the language whose words the page fetched: `start.js` left them in the element `assets`.
pub fn take_words() {
    let root = document().document_element();
    let tag = root.and_then(|root| root.get_attribute("lang"));
    let shelf = document().get_element_by_id("assets");
    let texts = shelf.and_then(|shelf| shelf.text_content());
    if let (Some(tag), Some(texts)) = (tag, texts) {
        words::speak(Language::of_tag(&tag).unwrap_or_default(), &texts);
    }
}

/// Now, in milliseconds since 1970 (UTC).
pub fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}

/// A time with the reader's offset at that time, which daylight saving changes.
pub fn moment(at_ms: u64) -> Moment {
    let date = js_sys::Date::new(&(at_ms as f64).into());
    Moment {
        at_ms,
        ahead_min: -(date.get_timezone_offset() as i32),
    }
}

/// Minutes that the zone of this IANA name is ahead of UTC at a time; 0 for a zone that the browser
/// does not know.
pub fn ahead_min(zone: &str, at_ms: u64) -> i32 {
    thread_local! {
        /// Making one takes a hundred times as long as asking it.
        static CLOCKS: RefCell<HashMap<String, Option<DateTimeFormat>>> = RefCell::default();
    }
    CLOCKS.with_borrow_mut(|clocks| {
        let clock = clocks
            .entry(String::from(zone))
            .or_insert_with(|| clock_of(zone));
        let shown = clock.as_ref().and_then(|clock| shown_ms(clock, at_ms));
        // Clocks show whole seconds.
        let shown = shown.unwrap_or(at_ms as f64);
        ((shown - at_ms as f64) / 60_000.0).round() as i32
    })
}

fn clock_of(zone: &str) -> Option<DateTimeFormat> {
    let options = js_sys::Object::new();
    let set = |key: &str, value: &str| js_sys::Reflect::set(&options, &key.into(), &value.into());
    for field in ["year", "month", "day", "hour", "minute", "second"] {
        set(field, "numeric").ok()?;
    }
    set("timeZone", zone).ok()?;
    set("hourCycle", "h23").ok()?;
    set("calendar", "iso8601").ok()?;
    // The constructor throws for a zone that it does not know, and its binding would let that through.
    let intl = js_sys::Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let constructor = js_sys::Reflect::get(&intl, &"DateTimeFormat".into()).ok()?;
    let arguments = js_sys::Array::<JsValue>::new();
    arguments.push(&"en".into());
    arguments.push(&options);
    let constructor: &js_sys::Function = constructor.dyn_ref()?;
    let clock = js_sys::Reflect::construct(constructor, &arguments).ok()?;
    Some(clock.unchecked_into())
}

/// What a clock shows, as if it were UTC; milliseconds since 1970.
fn shown_ms(clock: &DateTimeFormat, at_ms: u64) -> Option<f64> {
    let date = js_sys::Date::new(&(at_ms as f64).into());
    let mut fields = [0_i64; 6];
    for part in clock.format_to_parts(&date).iter() {
        let part: JsValue = part;
        let get = |key: &str| js_sys::Reflect::get(&part, &key.into()).ok()?.as_string();
        let names = ["year", "month", "day", "hour", "minute", "second"];
        let name = get("type")?;
        if let Some(i) = names.iter().position(|known| *known == name) {
            fields[i] = get("value")?.parse().ok()?;
        }
    }
    Some(zone::shown_ms(fields) as f64)
}

/// A time as ISO 8601 in UTC, for machines and tooltips.
pub fn iso(at_ms: u64) -> String {
    let date = js_sys::Date::new(&(at_ms as f64).into());
    date.to_iso_string().into()
}

/// IANA names of the zones that this browser knows; none where it does not say.
pub fn time_zones() -> Vec<String> {
    let intl = js_sys::Reflect::get(&js_sys::global(), &"Intl".into());
    let ask = intl.and_then(|intl| {
        Ok((
            js_sys::Reflect::get(&intl, &"supportedValuesOf".into())?,
            intl,
        ))
    });
    let Ok((ask, intl)) = ask else {
        return Vec::new();
    };
    let Some(ask) = ask.dyn_ref::<js_sys::Function>() else {
        return Vec::new();
    };
    let names = ask.call1(&intl, &"timeZone".into());
    let names = names.map(|names| js_sys::Array::<JsValue>::from(&names));
    names.map_or_else(
        |_| Vec::new(),
        |names| {
            names
                .iter()
                .filter_map(|name: JsValue| name.as_string())
                .collect()
        },
    )
}

/// `text` as one value of a query string.
pub fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// Whether anybody can see this page.
pub fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// Waits so many milliseconds.
pub async fn sleep(ms: i32) {
    let wait = js_sys::Promise::new(&mut |done, _| {
        // Without a timer this is over at once.
        let window = window();
        if window
            .set_timeout_with_callback_and_timeout_and_arguments_0(&done, ms)
            .is_err()
        {
            let _ = done.call0(&JsValue::NULL);
        }
    });
    // It is never rejected.
    let _ = JsFuture::from(wait).await;
}

/// Whether keyboards here have Cmd where others have Ctrl.
pub fn is_mac() -> bool {
    let platform = window().navigator().platform().unwrap_or_default();
    platform.starts_with("Mac") || platform.starts_with("iP")
}

/// What follows the `#` of this address.
pub fn fragment() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// Names the page in the tab and in the history.
pub fn set_title(page: &str) {
    document().set_title(&format!("{page} \u{b7} Firsthand"));
}

/// Whether there is an element with this id.
pub fn is_there(id: &str) -> bool {
    document().get_element_by_id(id).is_some()
}

/// Moves the keyboard to the element with this id.
pub fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        // An element that cannot take the focus leaves it where it is.
        let _ = element.focus();
    }
}

/// Moves the keyboard to the element with this id, and scrolls no more than it takes to see it.
pub fn show(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
        let focus = web_sys::FocusOptions::new();
        focus.set_prevent_scroll(true);
        // An element that cannot take the focus leaves it where it is.
        let _ = element.focus_with_options(&focus);
    }
}

/// Puts `text` on the clipboard; `false` where the page may not (plain http, or refused).
pub async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Outside a secure context there is no clipboard, whatever the type says.
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into());
    if !clipboard.is_ok_and(|c| c.is_object()) {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text))
        .await
        .is_ok()
}

/// Selects the text of the element with this id, ready to be copied by hand.
pub fn select(id: &str) {
    let selection = window().get_selection().ok().flatten();
    if let (Some(selection), Some(element)) = (selection, document().get_element_by_id(id)) {
        // Without a selection the text can still be selected by hand.
        let _ = selection.select_all_children(&element);
    }
}
