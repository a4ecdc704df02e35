//! Turns what is wrong with a definition into a list, each line of which leads to its place.

use leptos::prelude::*;

use crate::surveys::bench::Bench;
use crate::surveys::element;
use crate::words::say;

/// Findings below the editor; the editor marks the same at their place.
#[component]
pub(super) fn Findings(bench: Bench) -> impl IntoView {
    let summary = move || {
        bench.findings.with(|found| {
            let errors = found.iter().filter(|one| one.is_error).count() as u64;
            match (errors, found.len() as u64 - errors) {
                (0, 0) => String::from(say::survey_all_good()),
                (0, hints) => say::survey_hints(hints),
                (errors, _) => say::survey_errors(errors),
            }
        })
    };
    let items = move || {
        let found = bench.findings.get().into_iter();
        let lines = found.map(|one| {
            let (pointer, message) = (one.pointer.clone(), one.message.clone());
            let show = move |_| element::show(&pointer, &message);
            let place = if one.pointer.is_empty() {
                String::from("/")
            } else {
                one.pointer
            };
            view! {
                <li class="finding" class:error=one.is_error>
                    <button type="button" on:click=show>
                        <code>{place}</code>
                        <span>{one.message}</span>
                    </button>
                </li>
            }
        });
        lines.collect_view()
    };
    view! {
        <div class="findings">
            <p class="small" role="status" data-testid="findings">{summary}</p>
            <ul class="plain">{items}</ul>
        </div>
    }
}
