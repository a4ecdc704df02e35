//! Turns components into real elements in a browser and reads them as a person would.
#![cfg(target_arch = "wasm32")]

use console::account::Account;
use console::api::ApiError;
use console::node::{el, said};
use console::part::Painted;
use console::route::Route;
use console::shell;
use console::shell::keys::on_key;
use console::shell::toast::{ToastList, Toasts};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement};

wasm_bindgen_test_configure!(run_in_browser);

/// Shows `view` in an element of its own, which stays on the page.
fn show<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) -> HtmlElement {
    let host: HtmlElement = document()
        .create_element("div")
        .map(JsCast::unchecked_into)
        .unwrap_or_else(|_| panic!("no element"));
    let body = document().body();
    body.map(|b| b.append_child(&host));
    leptos::mount::mount_to(host.clone(), view).forget();
    host
}

fn all(host: &HtmlElement, selector: &str) -> Vec<Element> {
    let Ok(list) = host.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|i| list.get(i))
        .map(JsCast::unchecked_into)
        .collect()
}

fn texts(host: &HtmlElement, selector: &str) -> Vec<String> {
    all(host, selector)
        .iter()
        .map(|e| e.text_content().unwrap_or_default().trim().to_owned())
        .collect()
}

// Why: the whole of the Performance pages is drawn by this one piece of code.
#[wasm_bindgen_test]
async fn a_drawing_changes_only_where_it_differs() {
    let n = RwSignal::new(1_u32);
    let host = show(move || {
        let draw = move || {
            let rows = (0..n.get()).map(|i| said("li", "row", i.to_string()));
            let list = el("ul").at("data-n", n.get().to_string()).all(rows);
            vec![el("input"), if n.get() == 9 { el("p") } else { list }]
        };
        view! { <Painted draw=Box::new(draw)/> }
    });
    leptos::task::tick().await;
    let (input, first) = (all(&host, "input"), all(&host, "li"));
    n.set(3);
    leptos::task::tick().await;
    assert_eq!(texts(&host, "li"), ["0", "1", "2"]);
    assert_eq!(all(&host, "[data-n='3']").len(), 1);
    // What did not change is the same element still, with its focus and all.
    assert!(all(&host, "input") == input && all(&host, "li")[0] == first[0]);
    n.set(9);
    leptos::task::tick().await;
    assert!(all(&host, "li").is_empty() && all(&host, "p").len() == 1);
}

/// Shows messages, and says where to send some. Their list alone: what fetches code needs a module that
/// `xtask` has split.
fn messages() -> (HtmlElement, Toasts) {
    let (tell, told) = std::sync::mpsc::channel();
    let host = show(move || {
        provide_context(Account::new());
        provide_context(Route::new());
        shell::provide();
        let sent = tell.send(expect_context::<Toasts>());
        assert!(sent.is_ok());
        view! { <ToastList/> }
    });
    let toasts = told.recv().unwrap_or_else(|_| panic!("no messages"));
    (host, toasts)
}

/// Something that is under way until it is let arrive.
struct UnderWay(js_sys::Function);

impl UnderWay {
    fn new() -> (Self, JsFuture) {
        let mut arrive = None;
        let promise = js_sys::Promise::new(&mut |done, _| arrive = Some(done));
        let arrive = arrive.unwrap_or_else(|| panic!("no promise"));
        (Self(arrive), JsFuture::from(promise))
    }

    fn arrive(&self) {
        let _ = self.0.call0(&JsValue::NULL);
    }
}

/// Lets everything go on that waits for nothing, until what is awaited is so.
async fn until(is_so: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if is_so() {
            return;
        }
        leptos::task::tick().await;
    }
    panic!("it never came to that");
}

/// Lets everything go on that waits for nothing.
async fn settled() {
    for _ in 0..20 {
        leptos::task::tick().await;
    }
}

/// A change of a number from 1 to 2, which is under way.
fn change(
    toasts: Toasts,
    sent: Result<u32, ApiError>,
    undone: Result<(), ApiError>,
) -> (RwSignal<u32>, RwSignal<u32>, UnderWay) {
    let (shown, taken_back) = (RwSignal::new(1), RwSignal::new(0));
    let (under_way, arrived) = UnderWay::new();
    toasts.change(
        "Set to 2",
        move || shown.set(2),
        move || shown.set(1),
        async move {
            let _ = arrived.await;
            sent
        },
        move |sent| {
            taken_back.update(|n| *n += sent);
            let undone = undone.clone();
            async { undone }
        },
    );
    assert_eq!(shown.get_untracked(), 2, "on screen at once");
    (shown, taken_back, under_way)
}

/// Presses the nth button of the first message: what takes back, or what closes.
fn press(host: &HtmlElement, nth: usize) {
    for button in all(host, ".toast button").iter().skip(nth).take(1) {
        button.unchecked_ref::<HtmlElement>().click();
    }
}

#[wasm_bindgen_test]
async fn a_change_that_is_refused_is_rolled_back_and_says_why() {
    let (host, toasts) = messages();
    let (shown, taken_back, under_way) = change(toasts, Err(ApiError::NotFound), Ok(()));
    under_way.arrive();
    until(|| shown.get_untracked() == 1).await;
    let said = || texts(&host, ".toast p");
    until(|| {
        said()
            .first()
            .is_some_and(|said| said.contains("knows nothing by this name"))
    })
    .await;
    assert_eq!((said().len(), taken_back.get_untracked()), (1, 0));
}

#[wasm_bindgen_test]
async fn a_change_is_rolled_back_also_when_its_message_was_closed() {
    let (host, toasts) = messages();
    let (shown, taken_back, under_way) = change(toasts, Err(ApiError::NotFound), Ok(()));
    until(|| texts(&host, ".toast p").len() == 1).await;
    press(&host, 1);
    until(|| texts(&host, ".toast p").is_empty()).await;
    under_way.arrive();
    until(|| texts(&host, ".toast p").len() == 1).await;
    assert_eq!((shown.get_untracked(), taken_back.get_untracked()), (1, 0));
}

#[wasm_bindgen_test]
async fn a_change_is_taken_back_on_screen_and_behind_it() {
    for has_arrived in [false, true] {
        let (host, toasts) = messages();
        let (shown, taken_back, under_way) = change(toasts, Ok(7), Ok(()));
        until(|| texts(&host, ".toast p") == ["Set to 2"]).await;
        if has_arrived {
            under_way.arrive();
            settled().await;
        }
        press(&host, 0);
        assert_eq!(shown.get_untracked(), 1, "on screen at once");
        under_way.arrive();
        until(|| taken_back.get_untracked() == 7).await;
        until(|| texts(&host, ".toast p").is_empty()).await;
        assert_eq!(shown.get_untracked(), 1);
    }
}

#[wasm_bindgen_test]
async fn what_cannot_be_taken_back_is_on_screen_again() {
    let (host, toasts) = messages();
    let (shown, _, under_way) = change(toasts, Ok(1), Err(ApiError::NotFound));
    under_way.arrive();
    settled().await;
    press(&host, 0);
    assert_eq!(shown.get_untracked(), 1, "on screen at once");
    until(|| shown.get_untracked() == 2).await;
    let said = || texts(&host, ".toast p");
    until(|| {
        said()
            .first()
            .is_some_and(|said| said.starts_with("That did not work. The"))
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_key_works_as_long_as_its_component_is_there() {
    let (pressed, is_there) = (RwSignal::new(0), RwSignal::new(true));
    let listener = move || {
        on_key("j", "Next", move || pressed.update(|n| *n += 1));
        "here"
    };
    let _host = show(move || {
        provide_context(Account::new());
        provide_context(Route::new());
        shell::provide();
        view! { <input id="typing"/> {move || is_there.get().then(listener)} }
    });
    until(|| document().get_element_by_id("typing").is_some()).await;
    settled().await;
    let press = |target: &web_sys::EventTarget| {
        let init = web_sys::KeyboardEventInit::new();
        init.set_key("j");
        init.set_bubbles(true);
        let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init);
        let event = event.unwrap_or_else(|_| panic!("no event"));
        let _ = target.dispatch_event(&event);
    };
    press(&document());
    assert_eq!(pressed.get_untracked(), 1);
    let typing = document().get_element_by_id("typing");
    press(&typing.unwrap_or_else(|| panic!("no field")));
    assert_eq!(
        pressed.get_untracked(),
        1,
        "a letter that is typed is no command"
    );
    is_there.set(false);
    settled().await;
    press(&document());
    assert_eq!(pressed.get_untracked(), 1);
}
