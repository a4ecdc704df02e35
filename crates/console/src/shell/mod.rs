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
pub mod views;

use leptos::prelude::*;

use crate::account::Account;
use crate::route::{self, Route, Step};
use crate::words::say;

/// What floats over pages.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// Search and jump.
    pub palette: palette::Palette,
    /// The list of keys.
    pub help: help::Help,
    /// Messages.
    pub toasts: toast::Toasts,
    /// How light the page is.
    pub appearance: choices::Appearance,
}

/// What the shell gives to pages, in the context: once a person who is signed in. It needs an
/// [`Account`] and a [`Route`] there.
pub fn provide() -> Parts {
    let keys = keys::Keys::new();
    let parts = Parts {
        palette: palette::Palette::new(),
        help: help::Help(RwSignal::new(false)),
        toasts: toast::Toasts::new(expect_context::<Account>()),
        appearance: choices::Appearance::new(),
    };
    provide_context(keys);
    provide_context(parts.palette);
    provide_context(parts.help);
    provide_context(parts.toasts);
    provide_context(parts.appearance);
    keys.listen();
    bind(parts, route::route());
    Effect::new(move || {
        if parts.palette.is_open.get() {
            keys.await_field();
        }
    });
    parts
}

/// The keys that work on every page.
fn bind(parts: Parts, route: Route) {
    for page in pages::pages() {
        let what = say::keys_go((page.name)());
        keys::on_key_everywhere(page.keys, what, move || route.go(page.path, Step::Forth));
    }
    keys::on_key_everywhere("Mod+k", say::palette_title(), move || {
        parts.palette.is_open.update(|open| *open = !*open);
    });
    keys::on_key_everywhere("Mod+z", say::app_undo(), move || parts.toasts.undo_latest());
    keys::on_key_everywhere("?", say::keys_help(), move || parts.help.0.set(true));
}
