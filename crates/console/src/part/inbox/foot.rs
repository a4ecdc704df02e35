//! Turns the view of the inbox into itself as a file.

use leptos::prelude::*;

use crate::inbox::board::board;
use crate::words::say;

/// The view as a file.
#[component]
pub fn Foot() -> impl IntoView {
    let board = board();
    let href = move |format: &'static str| {
        board.view.with(|view| {
            let query = view.to_string();
            let and = if query.is_empty() { "" } else { "&" };
            format!("api/v1/inbox/export?{query}{and}format={format}")
        })
    };
    view! {
        <footer class="inbox-foot">
            <span>{say::inbox_export()}</span>
            <a href=move || href("csv") download="">"CSV"</a>
            <a href=move || href("ndjson") download="">"NDJSON"</a>
        </footer>
    }
}
