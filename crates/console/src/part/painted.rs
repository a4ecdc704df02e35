//! Turns a tree of plain elements into elements on the page, and changes only what differs later.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::node::{Element, Node, Text};

const SVG: &str = "http://www.w3.org/2000/svg";

/// What happens in a picture that may matter to whoever draws it.
const EVENTS: [&str; 4] = ["input", "pointermove", "pointerout", "toggle"];

/// What is drawn; it is drawn anew whenever a signal changes that it reads.
pub type Draw = Box<dyn Fn() -> Vec<Element> + Send + Sync>;

/// Shows a drawing. What is focused, opened or selected in it stays so while it changes.
#[component]
pub fn Painted(
    /// What to draw.
    draw: Draw,
    /// Told of what happens in it: see `EVENTS`.
    #[prop(optional)]
    on_event: Option<Callback<web_sys::Event>>,
) -> impl IntoView {
    let host = NodeRef::<Div>::new();
    if let Some(on_event) = on_event {
        Effect::new(move || {
            if let Some(host) = host.get() {
                listen(&host, on_event);
            }
        });
    }
    Effect::new(move |before: Option<Option<Vec<Node>>>| {
        let now: Vec<Node> = draw().into_iter().map(Node::Element).collect();
        let host = host.get()?;
        let before = before.flatten();
        if before.is_none() {
            // An empty element has a comment in it that marks its place.
            host.set_text_content(None);
        }
        patch(&host, &before.unwrap_or_default(), &now);
        Some(now)
    });
    view! { <div node_ref=host></div> }
}

/// Hears everything in `host` for as long as it is there, also what does not rise by itself.
fn listen(host: &web_sys::Element, on_event: Callback<web_sys::Event>) {
    let hear = Closure::<dyn FnMut(web_sys::Event)>::new(move |event| {
        on_event.try_run(event);
    });
    let hear = hear.into_js_value();
    for name in EVENTS {
        // No browser refuses these.
        let _ = host.add_event_listener_with_callback_and_bool(name, hear.unchecked_ref(), true);
    }
}

/// Makes the children of `parent`, which are `old`, into `new`.
fn patch(parent: &web_sys::Node, old: &[Node], new: &[Node]) {
    for _ in new.len()..old.len() {
        if let Some(last) = parent.last_child() {
            let _ = parent.remove_child(&last);
        }
    }
    let mut place = parent.first_child();
    for (i, now) in new.iter().enumerate() {
        let Some((was, node)) = old.get(i).zip(place.take()) else {
            if let Some(node) = create(now) {
                let _ = parent.append_child(&node);
            }
            continue;
        };
        place = node.next_sibling();
        match (was, now) {
            _ if was == now => {}
            (Node::Text(_), Node::Text(text)) => node.set_node_value(Some(text)),
            (Node::Element(was), Node::Element(now)) if now.is_like(was) => {
                if let Some(element) = node.dyn_ref::<web_sys::Element>() {
                    change(element, &was.attributes, &now.attributes);
                    patch(element, &was.children, &now.children);
                }
            }
            _ => {
                if let Some(fresh) = create(now) {
                    let _ = parent.replace_child(&fresh, &node);
                }
            }
        }
    }
}

fn change(element: &web_sys::Element, old: &[(&'static str, Text)], new: &[(&'static str, Text)]) {
    let value = |of: &[(&str, Text)], name: &str| -> Option<usize> {
        of.iter().position(|(key, _)| *key == name)
    };
    for (name, _) in old {
        if value(new, name).is_none() {
            let _ = element.remove_attribute(name);
        }
    }
    for (name, text) in new {
        let same = value(old, name).and_then(|i| old.get(i));
        if same.is_none_or(|(_, was)| was != text) {
            let _ = element.set_attribute(name, text);
        }
    }
}

fn create(node: &Node) -> Option<web_sys::Node> {
    let element = match node {
        Node::Text(text) => return Some(document().create_text_node(text).into()),
        Node::Element(element) => element,
    };
    let made: Result<web_sys::Element, JsValue> = match element.is_svg {
        true => document().create_element_ns(Some(SVG), element.tag),
        false => document().create_element(element.tag),
    };
    let made = made.ok()?;
    change(&made, &[], &element.attributes);
    for child in element.children.iter().filter_map(create) {
        let _ = made.append_child(&child);
    }
    Some(made.into())
}
