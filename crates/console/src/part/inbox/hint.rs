//! Turns an inbox where nothing is open into what the keyboard does in it.

use leptos::prelude::*;

use super::marks::painted;
use crate::node::{el, said};
use crate::words::say;

/// What the keyboard does here, where nothing is open.
pub fn hint() -> impl IntoView {
    let line = |keys: &[&'static str], what: &'static str| {
        let caps = keys.iter().map(|key| el("kbd").text(*key));
        el("li")
            .child(el("span").class("caps").all(caps))
            .text(what)
    };
    let lines = move || {
        [
            line(&["j", "k"], say::inbox_key_walk()),
            line(&["e"], say::inbox_key_done()),
            line(&["z"], say::inbox_key_snooze()),
            line(&["t"], say::inbox_key_tag()),
            line(&["/"], say::inbox_key_search()),
            line(&["?"], say::keys_help()),
        ]
    };
    painted(move || {
        let hint = el("div")
            .class("inbox-hint")
            .child(said("p", "muted", say::inbox_hint()))
            .child(el("ul").class("plain").all(lines()));
        vec![hint]
    })
}
