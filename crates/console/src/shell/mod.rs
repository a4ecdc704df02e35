//! Turns what is around every page into one place: the way between pages, keys, palette, messages, choices.
//!
//! What a page needs of it:
//! - [`pages`]: one entry for a page in the rail, with its `g` key;
//! - [`keys::on_key`]: a key while the page is there; `?` lists it by itself;
//! - [`palette::offer`]: something to do in the palette while the page is there;
//! - [`toast::Toasts`]: what was done, with a way back.

pub mod choices;
pub mod help;
pub mod keys;
pub mod menu;
pub mod pages;
pub mod palette;
pub mod rail;
pub mod toast;

use leptos::prelude::*;

use crate::browser;

/// Calls `act` when the current owner is gone, wherever it runs.
pub(crate) fn while_here(act: impl FnOnce() + Send + Sync + 'static) {
    on_cleanup(act);
}

/// What the shell gives to pages, in the context: once a person who is signed in.
pub(crate) fn provide() {
    let keys = keys::Keys::new();
    provide_context(keys);
    provide_context(palette::Palette::new());
    provide_context(toast::Toasts::new());
    keys.listen();
}

/// Leads to an address below the console's base.
pub fn go(path: &str) {
    browser::follow(path);
}
