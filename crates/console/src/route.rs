//! Turns the address of this document into a path and filters, and links into other addresses.
//!
//! Pages are few and flat: what a router for trees of pages brings would be a fifth of the first load.

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent, UrlSearchParams};

use crate::browser;
use crate::visit;

/// Names and values of a query string, decoded.
pub type Pairs = Vec<(String, String)>;

/// Where this document is: one, in the context.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// Below the console's base, without slashes around it: `performance/availability`.
    pub path: Memo<String>,
    /// What is asked of it.
    pub query: Memo<Pairs>,
    /// Path and query as the browser has them.
    address: RwSignal<(String, String)>,
}

/// How another address takes the place of this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Back leads here.
    Forth,
    /// Back leads to what was before.
    Instead,
}

impl Route {
    /// Follows the address from now on, and links that are clicked.
    pub fn new() -> Self {
        let address = RwSignal::new(here());
        let base = format!("{}{}", browser::base_path(), visit::prefix());
        let path = Memo::new(move |_| address.with(|(path, _)| below(path, &base)));
        let query = Memo::new(move |_| address.with(|(_, query)| pairs(&visit::narrowed(query))));
        let route = Self {
            path,
            query,
            address,
        };
        let back = window_event_listener(ev::popstate, move |_| address.set(here()));
        let click = window_event_listener(ev::click, move |event| route.follow(&event));
        on_cleanup(move || {
            back.remove();
            click.remove();
        });
        route
    }

    /// Leads to `href`, relative to the console's base.
    pub fn go(self, href: &str, step: Step) {
        let Ok(url) = web_sys::Url::new_with_base(href, &browser::base_url()) else {
            return;
        };
        let url = visited(url);
        let Ok(history) = window().history() else {
            return;
        };
        let before = self.address.get_untracked();
        let now = (url.pathname(), url.search());
        let to = Some(url.href());
        // A browser that refuses (too many in a second) still shows the other page.
        let _ = match step {
            // Back leads to another page, not to this one again.
            Step::Forth if now != before => {
                history.push_state_with_url(&JsValue::NULL, "", to.as_deref())
            }
            Step::Forth | Step::Instead => {
                history.replace_state_with_url(&JsValue::NULL, "", to.as_deref())
            }
        };
        if now.0 != before.0 {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        if now != before {
            self.address.set(now);
        }
    }

    /// Takes clicks on links to other pages of the console; all others are the browser's.
    fn follow(self, event: &MouseEvent) {
        let has_other_meaning = event.default_prevented()
            || event.button() != 0
            || event.meta_key()
            || event.ctrl_key()
            || event.shift_key()
            || event.alt_key();
        if has_other_meaning {
            return;
        }
        let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let link = target.and_then(|element| element.closest("a[href]").ok().flatten());
        let Some(link) = link.and_then(|it| it.dyn_into::<HtmlAnchorElement>().ok()) else {
            return;
        };
        let leads_away = !link.target().is_empty()
            || link.has_attribute("download")
            || link.rel().split(' ').any(|word| word == "external")
            || !link.hash().is_empty()
            || !link.href().starts_with(&browser::base_url())
            || is_file(&link.pathname());
        if !leads_away {
            event.prevent_default();
            self.go(&link.href(), Step::Forth);
        }
    }
}

impl Default for Route {
    fn default() -> Self {
        Self::new()
    }
}

/// The same page for a visitor: below the address of their link.
fn visited(url: web_sys::Url) -> web_sys::Url {
    let (base, prefix) = (browser::base_path(), visit::prefix());
    let path = url.pathname();
    if !prefix.is_empty() && !path.starts_with(&format!("{base}{prefix}")) {
        url.set_pathname(&format!("{base}{prefix}/{}", below(&path, &base)));
    }
    url
}

fn here() -> (String, String) {
    let location = window().location();
    (
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default(),
    )
}

/// What the collector answers with something else than the console.
fn is_file(path: &str) -> bool {
    below(path, &browser::base_path()).starts_with("api/")
}

/// `path` without `base` and the slashes around it.
fn below(path: &str, base: &str) -> String {
    let rest = path.strip_prefix(base).unwrap_or(path);
    String::from(rest.trim_matches('/'))
}

fn pairs(query: &str) -> Pairs {
    let Ok(params) = UrlSearchParams::new_with_str(query) else {
        return Vec::new();
    };
    let mut pairs = Vec::new();
    for entry in params.entries().into_iter().flatten() {
        let entry: js_sys::Array<JsValue> = entry.unchecked_into();
        if let (Some(name), Some(value)) = (entry.get(0).as_string(), entry.get(1).as_string()) {
            pairs.push((name, value));
        }
    }
    pairs
}

/// Where this document is.
pub fn route() -> Route {
    expect_context::<Route>()
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn the_base_is_no_part_of_a_path() {
        assert_eq!(below("/scores", ""), "scores");
        assert_eq!(
            below("/fh/performance/availability/", "/fh"),
            "performance/availability"
        );
        assert_eq!(below("/fh/", "/fh"), "");
        assert_eq!(below("/", ""), "");
    }
}
