//! Turns a scene into a card on the page, whose content is drawn anew with each step.

use protocol::survey::Placement;
use tachys::renderer::types::Element;

use super::Scene;
use crate::bridge::Told;
use crate::dom::{El, Listener, el, listen};
use crate::words::{Word, is_rtl};

/// What stays on the page between steps; dropping it takes it off.
pub(super) struct Stage {
    card: El,
    close: El,
    pub(super) heard: El,
    tab: Option<El>,
    _listeners: Vec<Listener>,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.card.remove();
        if let Some(tab) = &self.tab {
            tab.remove();
        }
    }
}

impl Scene {
    /// Puts the card into `container`: closed behind its tab when it has one, unless `open`.
    pub(crate) fn stage(&self, container: &Element, open: bool) {
        let close = el("button", "close").set("type", "button");
        let heard = el("p", "heard").set("role", "status");
        let card = el("section", "fh")
            .set("id", "card")
            .add(&close)
            .add(&heard);
        let tabbed = self.content().look.placement == Placement::Tab;
        let tab = tabbed.then(|| {
            el("button", "tab")
                .set("type", "button")
                .set("aria-controls", "card")
        });
        let container = El::of(container.clone()).maybe(tab.as_ref()).add(&card);
        let on = self.clone();
        let mut listeners = vec![listen(
            &close,
            "click",
            Box::new(move |_| on.tell(Told::Closed, "")),
        )];
        if let Some(tab) = &tab {
            let on = self.clone();
            listeners.push(listen(tab, "click", Box::new(move |_| on.unfold(None))));
        }
        let stage = Stage {
            card,
            close,
            heard,
            tab,
            _listeners: listeners,
        };
        drop(container);
        self.update(|inner| inner.stage = Some(stage));
        self.label();
        self.draw();
        if tabbed {
            self.unfold(Some(open));
        }
    }

    /// Writes the language and the words of what stays between steps.
    pub(super) fn label(&self) {
        self.with(|inner| {
            let (Some(stage), words) = (&inner.stage, &inner.words) else {
                return;
            };
            let language = &inner.flow.content().language;
            let chrome = words.get(Word::Language);
            stage
                .card
                .clone()
                .set("lang", language)
                .set("dir", if is_rtl(language) { "rtl" } else { "ltr" });
            stage.heard.clone().set("lang", chrome);
            let close = stage.close.clone();
            close
                .set("lang", chrome)
                .set("aria-label", words.get(Word::Close));
            if let Some(tab) = &stage.tab {
                tab.put(words.get(Word::Feedback));
                tab.clone()
                    .set("lang", chrome)
                    .set("dir", words.get(Word::Dir));
            }
        });
    }

    /// Opens or closes the card of a tab; `None` is the other of what it is.
    fn unfold(&self, open: Option<bool>) {
        let now = self.with(|inner| {
            let stage = inner.stage.as_ref()?;
            let open = open.unwrap_or_else(|| stage.card.element().has_attribute("hidden"));
            stage.card.toggle("hidden", !open);
            let tab = stage.tab.clone()?;
            tab.set("aria-expanded", super::truth(open));
            Some(open)
        });
        if open.is_none() && now == Some(true) {
            self.tell(Told::Moved, "");
        }
    }

    /// Draws the screen that the person is at. Never by changing the one before: elements that
    /// stayed would keep what was chosen or typed there.
    pub(super) fn draw(&self) {
        let gone = self.take(|inner| {
            let now = std::mem::take(&mut inner.now);
            let screen = now.screen.clone();
            (std::mem::replace(&mut inner.before, now), screen)
        });
        if let Some(screen) = &gone.1 {
            screen.remove();
        }
        let screen = self.screen();
        self.update(|inner| {
            if let Some(stage) = &inner.stage {
                stage.card.clone().add(&screen);
            }
            inner.now.screen = Some(screen);
        });
    }
}
