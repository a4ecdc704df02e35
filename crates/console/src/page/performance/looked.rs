//! Turns what happens over the pictures of a feature into the step that is read and the tables that are open.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, MouseEvent};

use crate::part::performance::percentiles::READER;

/// What the reader points at and has opened.
#[derive(Clone, Copy)]
pub(super) struct Looked {
    /// Which step of time.
    pub(super) step: RwSignal<Option<usize>>,
    /// Right edges of the steps, from 0 to 1.
    pub(super) steps: StoredValue<Vec<f64>>,
    /// Names of the tables that are open.
    open: RwSignal<Vec<String>>,
}

impl Looked {
    pub(super) fn new() -> Self {
        Self {
            step: RwSignal::new(None),
            steps: StoredValue::new(Vec::new()),
            open: RwSignal::new(Vec::new()),
        }
    }

    /// Whether the table of this name is open.
    pub(super) fn is_open(self, name: &str) -> bool {
        self.open.with(|open| open.iter().any(|one| one == name))
    }

    /// Takes in what happened.
    pub(super) fn hear(self, event: &Event) {
        let target = event.target();
        let Some(element) = target.and_then(|t| t.dyn_into::<Element>().ok()) else {
            return;
        };
        let kind = event.type_();
        if kind == "toggle" {
            if let Some(name) = element.get_attribute("data-name") {
                let is_open = element.has_attribute("open");
                self.open.update(|open| {
                    open.retain(|one| *one != name);
                    open.extend(is_open.then_some(name));
                });
            }
        } else if element.class_name() == READER {
            let step = match kind.as_str() {
                "input" => slid_to(&element),
                "pointermove" => self.pointed_at(event, element.client_width()),
                _ => None,
            };
            if step != self.step.get_untracked() {
                self.step.set(step);
            }
        }
    }

    fn pointed_at(self, event: &Event, width: i32) -> Option<usize> {
        let x = event.dyn_ref::<MouseEvent>()?.offset_x();
        let at = f64::from(x) / f64::from(width.max(1));
        self.steps
            .with_value(|steps| steps.iter().position(|to| at < *to))
    }
}

fn slid_to(slider: &Element) -> Option<usize> {
    let slider = slider.dyn_ref::<HtmlInputElement>()?;
    slider.value().parse().ok()
}
