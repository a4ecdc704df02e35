//! Turns what somebody chose for this browser (theme, language) into what the page looks and sounds like.

use leptos::prelude::{Get, RwSignal, Set, document, window};
use web_sys::Storage;

use crate::words::{Language, say};

/// How light the page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system wants it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Its name in the address book of choices and in styles.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => say::theme_system(),
            Self::Light => say::theme_light(),
            Self::Dark => say::theme_dark(),
        }
    }

    fn of_tag(tag: &str) -> Self {
        let found = Self::ALL.into_iter().find(|it| it.tag() == tag);
        found.unwrap_or_default()
    }
}

// `start.js` reads the same two names before the module runs.
const THEME: &str = "firsthand-theme";
const LANGUAGE: &str = "firsthand-language";

/// Where the browser keeps choices; some keep none.
fn kept() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The theme of this page: one, in the context.
#[derive(Clone, Copy, Debug)]
pub struct Appearance(RwSignal<Theme>);

impl Appearance {
    /// As it was chosen here.
    pub(super) fn new() -> Self {
        let tag = kept().and_then(|kept| kept.get_item(THEME).ok().flatten());
        Self(RwSignal::new(Theme::of_tag(&tag.unwrap_or_default())))
    }

    /// The theme that was chosen here.
    pub fn get(self) -> Theme {
        self.0.get()
    }

    /// Shows this theme, now and later.
    pub fn choose(self, theme: Theme) {
        self.0.set(theme);
        if let Some(kept) = kept() {
            // A browser that keeps nothing forgets it at the next visit.
            let _ = kept.set_item(THEME, theme.tag());
        }
        show(theme);
    }
}

fn show(theme: Theme) {
    let Some(root) = document().document_element() else {
        return;
    };
    let _ = match theme {
        Theme::System => root.remove_attribute("data-theme"),
        Theme::Light | Theme::Dark => root.set_attribute("data-theme", theme.tag()),
    };
}

/// Speaks this language, now and later: the page is loaded anew, at the same address.
pub fn set_language(language: Language) {
    let keeps = kept().is_some_and(|kept| kept.set_item(LANGUAGE, language.tag()).is_ok());
    if keeps {
        // No browser refuses to load the page that it shows.
        let _ = window().location().reload();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_reads_back() {
        for theme in Theme::ALL {
            assert_eq!(Theme::of_tag(theme.tag()), theme);
        }
        assert_eq!(Theme::of_tag("sepia"), Theme::System);
    }
}
