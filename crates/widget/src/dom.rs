//! Turns calls to leptos' renderer into elements of one type, whatever they are.

use tachys::dom::event_target;
use tachys::renderer::Rndr;
use tachys::renderer::types::Element;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

const SVG: &str = "http://www.w3.org/2000/svg";

/// An element; clones are the same element.
#[derive(Clone)]
pub(crate) struct El(Element);

/// Makes an element with a class; `""` is none.
pub(crate) fn el(tag: &str, class: &str) -> El {
    let el = El(Rndr::create_element(tag, None));
    if class.is_empty() {
        el
    } else {
        el.set("class", class)
    }
}

/// Makes a drawing of 24 by 24 whose line is `path`; screen readers pass over it.
pub(crate) fn icon(path: &str) -> El {
    let svg = El(Rndr::create_element("svg", Some(SVG)));
    let line = El(Rndr::create_element("path", Some(SVG)));
    svg.set("viewBox", "0 0 24 24")
        .set("aria-hidden", "true")
        .add(&line.set("d", path))
}

/// What an event of an element calls; gone with this, which therefore lives as long as the element.
pub(crate) type Listener = Closure<dyn FnMut(JsValue)>;

pub(crate) fn listen(el: &El, event: &str, heard: Box<dyn FnMut(JsValue)>) -> Listener {
    let listener = Closure::wrap(heard);
    // Fails only when it is no function.
    let _ =
        el.0.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
    listener
}

/// The class of the element that an event came from.
pub(crate) fn target_class(event: &JsValue) -> String {
    event_target::<Element>(event.unchecked_ref()).class_name()
}

impl El {
    pub(crate) const fn of(element: Element) -> Self {
        Self(element)
    }

    pub(crate) const fn element(&self) -> &Element {
        &self.0
    }

    pub(crate) fn set(self, name: &str, value: &str) -> Self {
        Rndr::set_attribute(&self.0, name, value);
        self
    }

    /// Adds or takes off an attribute without a value.
    pub(crate) fn toggle(&self, name: &str, on: bool) {
        if on {
            Rndr::set_attribute(&self.0, name, "");
        } else {
            Rndr::remove_attribute(&self.0, name);
        }
    }

    pub(crate) fn property(&self, name: &str, value: &JsValue) {
        Rndr::set_property(&self.0, name, value);
    }

    pub(crate) fn check(&self, on: bool) {
        self.property("checked", &JsValue::from_bool(on));
    }

    pub(crate) fn add(self, child: &Self) -> Self {
        Rndr::insert_node(&self.0, &child.0, None);
        self
    }

    pub(crate) fn maybe(self, child: Option<&Self>) -> Self {
        match child {
            Some(child) => self.add(child),
            None => self,
        }
    }

    pub(crate) fn text(self, text: &str) -> Self {
        Rndr::insert_node(&self.0, &Rndr::create_text_node(text), None);
        self
    }

    /// Replaces whatever is inside; the same text is left alone, or it would be read out again.
    pub(crate) fn put(&self, text: &str) {
        if self.0.text_content().as_deref() == Some(text) {
            return;
        }
        Rndr::clear_children(&self.0);
        Rndr::insert_node(&self.0, &Rndr::create_text_node(text), None);
    }

    pub(crate) fn remove(&self) {
        Rndr::remove(&self.0);
    }
}
