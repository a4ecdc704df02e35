//! Turns components into real elements in a browser and reads them as a person would.
#![cfg(target_arch = "wasm32")]

use console::account::Account;
use console::api::ApiError;
use console::browser;
use console::node::{el, said};
use console::part::{Headline, Histogram, Painted, ResponseRate, Split};
use console::picture::{self, Picture};
use console::route::Route;
use console::scores_url::Span;
use console::shell;
use console::shell::keys::on_key;
use console::shell::toast::{ToastList, Toasts};
use leptos::prelude::*;
use protocol::query::{Interval, NpsReport, Window};
use scores::Nps;
use wasm_bindgen::JsCast;
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

fn numbers(host: &HtmlElement, selector: &str, attribute: &str) -> Vec<f64> {
    all(host, selector)
        .iter()
        .filter_map(|e| {
            e.get_attribute(attribute)?
                .trim_end_matches('%')
                .parse()
                .ok()
        })
        .collect()
}

fn picture(histogram: [u64; 11]) -> Picture {
    let nps = Nps::from_histogram(&histogram);
    let report = NpsReport {
        survey: "nps".to_owned(),
        window: Window {
            from_ms: 0,
            to_ms: 1,
        },
        histogram,
        n: nps.n(),
        promoters: nps.promoters(),
        passives: nps.passives(),
        detractors: nps.detractors(),
        score: nps.score(),
        interval: nps.interval().map(|i| Interval {
            low: i.low,
            high: i.high,
        }),
        shown: 0,
        shown_and_answered: 0,
    };
    Picture::new(&report, Span::Days(28))
}

#[wasm_bindgen_test]
fn the_histogram_draws_eleven_bars_to_scale() {
    let host = show(|| view! { <Histogram counts=[0, 1, 0, 0, 0, 2, 0, 4, 8, 1_600, 800]/> });
    let heights = numbers(&host, "rect", "height");
    assert_eq!(heights.len(), 11);
    assert_eq!(heights[0], 0.0);
    assert_eq!(heights[9], 2.0 * heights[10]);
    assert!(heights[1] > 0.0, "one person among thousands is seen");
    assert_eq!(texts(&host, "text.count").len(), 6);
    assert!(texts(&host, "text.count").contains(&"1,600".to_owned()));
    let names = ["Detractors", "Passives", "Promoters"];
    assert_eq!(texts(&host, "text.group"), names);
}

#[wasm_bindgen_test]
fn the_histogram_has_a_table_for_those_who_do_not_see_it() {
    let host = show(|| view! { <Histogram counts=[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]/> });
    assert_eq!(
        all(&host, "svg")[0].get_attribute("aria-hidden").as_deref(),
        Some("true")
    );
    let rows = texts(&host, "table tbody tr");
    assert_eq!(rows.len(), 11);
    assert_eq!((rows[0].as_str(), rows[10].as_str()), ("01", "107"));
}

#[wasm_bindgen_test]
fn an_empty_histogram_stands_on_its_line() {
    let host = show(|| view! { <Histogram counts=[0; 11]/> });
    assert!(numbers(&host, "rect", "height").iter().all(|&h| h == 0.0));
    assert!(texts(&host, "text.count").is_empty());
}

#[wasm_bindgen_test]
fn the_split_says_shares_and_counts() {
    let split = picture([0, 0, 0, 0, 0, 0, 10, 10, 0, 10, 0]).split;
    let host = show(move || view! { <Split split/> });
    let cells = |id: &str| texts(&host, &format!("[data-testid={id}] td:not(.bar)"));
    assert_eq!(cells("promoters"), ["34 %", "10"]);
    assert_eq!(cells("passives"), ["33 %", "10"]);
    assert_eq!(cells("detractors"), ["33 %", "10"]);
    assert_eq!(numbers(&host, "rect.fill", "width"), [33.33; 3]);
}

#[wasm_bindgen_test]
fn the_split_of_a_few_says_counts_only() {
    let split = picture([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2]).split;
    let host = show(move || view! { <Split split/> });
    let cells = texts(&host, "[data-testid=promoters] td:not(.bar)");
    assert_eq!(cells, ["", "2"]);
}

fn check_headline(histogram: [u64; 11], score: &str, interval: &[&str], n: &str) {
    let picture = picture(histogram);
    let host =
        show(move || view! { <Headline headline=picture.headline reading=picture.reading/> });
    assert_eq!(texts(&host, "[data-testid=score]"), [score]);
    assert_eq!(texts(&host, "[data-testid=interval]"), interval);
    assert_eq!(texts(&host, "[data-testid=n]"), [n]);
}

#[wasm_bindgen_test]
fn the_headline_says_score_interval_and_n() {
    check_headline(
        [0, 0, 0, 0, 0, 0, 20, 30, 0, 50, 0],
        "+30",
        &["95 % interval +14 to +44"],
        "n = 100",
    );
}

#[wasm_bindgen_test]
fn the_headline_of_a_few_has_no_score() {
    check_headline([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9], "\u{2014}", &[], "n = 9");
}

#[wasm_bindgen_test]
fn an_unknown_response_rate_is_not_a_number() {
    let host = show(|| view! { <ResponseRate rate=picture::ResponseRate::Unknown/> });
    assert_eq!(texts(&host, "[data-testid=response-rate]"), ["unknown"]);
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

/// A change of a number from 1 to 2, which takes a while to arrive.
fn change(
    toasts: Toasts,
    sent: Result<u32, ApiError>,
    undone: Result<(), ApiError>,
) -> (RwSignal<u32>, RwSignal<u32>) {
    let (shown, taken_back) = (RwSignal::new(1), RwSignal::new(0));
    toasts.change(
        "Set to 2",
        move || shown.set(2),
        move || shown.set(1),
        async move {
            browser::sleep(150).await;
            sent
        },
        move |sent| {
            taken_back.update(|n| *n += sent);
            let undone = undone.clone();
            async { undone }
        },
    );
    assert_eq!(shown.get_untracked(), 2, "on screen at once");
    (shown, taken_back)
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
    let (shown, taken_back) = change(toasts, Err(ApiError::NotFound), Ok(()));
    browser::sleep(300).await;
    assert_eq!((shown.get_untracked(), taken_back.get_untracked()), (1, 0));
    let said = texts(&host, ".toast p");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("knows nothing by this name"), "{said:?}");
}

#[wasm_bindgen_test]
async fn a_change_is_rolled_back_also_when_its_message_was_closed() {
    let (host, toasts) = messages();
    let (shown, taken_back) = change(toasts, Err(ApiError::NotFound), Ok(()));
    browser::sleep(50).await;
    press(&host, 1);
    browser::sleep(300).await;
    assert_eq!((shown.get_untracked(), taken_back.get_untracked()), (1, 0));
    assert_eq!(texts(&host, ".toast p").len(), 1, "it still says why");
}

#[wasm_bindgen_test]
async fn a_change_is_taken_back_on_screen_and_behind_it() {
    for wait in [50, 300] {
        let (host, toasts) = messages();
        let (shown, taken_back) = change(toasts, Ok(7), Ok(()));
        browser::sleep(wait).await;
        assert_eq!(texts(&host, ".toast p"), ["Set to 2"]);
        press(&host, 0);
        assert_eq!(shown.get_untracked(), 1, "on screen at once");
        browser::sleep(300).await;
        assert_eq!((shown.get_untracked(), taken_back.get_untracked()), (1, 7));
        assert!(texts(&host, ".toast p").is_empty());
    }
}

#[wasm_bindgen_test]
async fn what_cannot_be_taken_back_is_on_screen_again() {
    let (host, toasts) = messages();
    let (shown, _) = change(toasts, Ok(1), Err(ApiError::NotFound));
    browser::sleep(300).await;
    press(&host, 0);
    browser::sleep(100).await;
    assert_eq!(shown.get_untracked(), 2);
    let said = texts(&host, ".toast p");
    assert!(said[0].starts_with("That did not work. The"), "{said:?}");
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
    browser::sleep(50).await;
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
    browser::sleep(50).await;
    press(&document());
    assert_eq!(pressed.get_untracked(), 1);
}
