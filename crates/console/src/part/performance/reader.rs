//! Turns pointer and arrow keys over a curve into the step of time that is read aloud.

use leptos::ev::{Event, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::performance::curve::Row;

/// Lies over a curve: a slider for keyboards and screen readers, a surface for pointers.
#[component]
pub fn Reader(
    /// One for each step.
    #[prop(into)]
    rows: Signal<Vec<Row>>,
    /// Edges of the steps, from 0 to 1.
    #[prop(into)]
    edges: Signal<Vec<(f64, f64)>>,
    /// Which step is read; the newest with requests when none is.
    chosen: RwSignal<Option<usize>>,
) -> impl IntoView {
    let last = move || rows.with(Vec::len).saturating_sub(1);
    let said = move || {
        rows.with(|rows| {
            let row = rows.get(read(rows, chosen.get())?)?;
            Some(row.reading())
        })
    };
    let slide = move |ev: Event| chosen.set(event_target_value(&ev).parse().ok());
    let point = move |ev: PointerEvent| {
        let surface = ev
            .current_target()
            .and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        let width = surface.map_or(0, |surface| surface.client_width());
        if width > 0 {
            let at = f64::from(ev.offset_x()) / f64::from(width);
            chosen.set(edges.with(|edges| edges.iter().position(|(_, to)| at < *to)));
        }
    };
    view! {
        <input
            class="reader" type="range" min="0" max=last
            prop:value=move || rows.with(|rows| read(rows, chosen.get()).unwrap_or(0)).to_string()
            aria-label="Step of time" aria-valuetext=said
            on:input=slide on:pointermove=point on:pointerleave=move |_| chosen.set(None)
        />
    }
}

/// Which step is read: the chosen one, or the newest that anything came in.
pub(super) fn read(rows: &[Row], chosen: Option<usize>) -> Option<usize> {
    chosen
        .filter(|i| *i < rows.len())
        .or_else(|| rows.iter().rposition(|row| row.n > 0))
}
