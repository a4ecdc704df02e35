//! Turns a scene into a dialog on the page, whose content is drawn anew with each step.

use reactive_graph::effect::RenderEffect;
use reactive_graph::traits::Get;
use tachys::html::{element, event as ev};
use tachys::prelude::*;
use tachys::renderer::types::Element;

use super::{Scene, ending, question};
use crate::words::is_rtl;

/// Takes off what it belongs to.
type Removal = Box<dyn FnOnce()>;

/// The widget on the page; dropping it takes it off.
pub(crate) struct Stage {
    /// Keeps drawing the current step while it lives.
    _steps: RenderEffect<Removal>,
    remove: Option<Removal>,
}

impl Stage {
    /// Draws a dialog that is not modal, and a line that only screen readers hear.
    pub(crate) fn set(scene: Scene, container: &Element) -> Self {
        let language = scene.flow(|flow| flow.content().language.clone());
        let dir = if is_rtl(&language) { "rtl" } else { "ltr" };
        let dialog = element::section()
            .class("fh")
            .role("dialog")
            .lang(language)
            .dir(dir)
            .aria_labelledby("title")
            .child((
                element::button()
                    .r#type("button")
                    .class("close")
                    .aria_label(scene.words.close)
                    .on(ev::click, move |_| scene.page().closed()),
                element::p()
                    .class("heard")
                    .role("status")
                    .lang(scene.words.language)
                    .child(move || scene.said.get()),
            ));
        let mut state = dialog.build();
        state.mount(container, None);
        let place: Element = Element::clone(&state);
        Self {
            _steps: RenderEffect::new(move |before: Option<Removal>| {
                if let Some(remove) = before {
                    remove();
                }
                step(scene, &place)
            }),
            remove: Some(Box::new(move || state.unmount())),
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(remove) = self.remove.take() {
            remove();
        }
    }
}

/// Draws the current question, or the ending. Never by changing the step before: elements that stayed
/// would keep what was chosen or typed there.
fn step(scene: Scene, place: &Element) -> Removal {
    let index = scene.step.get();
    match scene.flow(|flow| flow.question().cloned()) {
        Some(asked) => draw(question::question(scene, &asked, index), place),
        None => draw(ending::ending(scene), place),
    }
}

fn draw<V: Render<State: 'static>>(view: V, place: &Element) -> Removal {
    let mut state = view.build();
    state.mount(place, None);
    Box::new(move || state.unmount())
}
