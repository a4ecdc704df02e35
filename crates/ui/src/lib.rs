//! Turns what console and widget both show into the same elements; the tokens in `style/tokens.css`
//! make them look the same.
//!
//! Knows no product type. Drawn with the element builder of leptos' renderer, because the widget may
//! use neither the `view!` macro nor the `leptos` crate itself: see there.

use tachys::html::element::span;
use tachys::prelude::*;

/// What the mark says.
pub const NAME: &str = "Firsthand";
/// The class that makes it the mark: see `style/mark.css`.
pub const MARK_CLASS: &str = "mark";

/// The "Firsthand" mark: a small sign and the name. `style/mark.css` draws the sign.
pub fn mark() -> impl RenderHtml {
    span().class(MARK_CLASS).translate("no").child(NAME)
}
