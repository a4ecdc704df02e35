//! Turns what console and widget both show into the same elements; the tokens in `style/tokens.css`
//! make them look the same.
//!
//! Knows no product type. Drawn with leptos' element builder, because the widget may not use the
//! `view!` macro: see its crate.

use leptos::html;
use leptos::prelude::*;

/// The "Firsthand" mark: a small sign and the name. `style/mark.css` draws the sign.
pub fn mark() -> impl IntoView {
    html::span()
        .class("mark")
        .translate("no")
        .child("Firsthand")
}
