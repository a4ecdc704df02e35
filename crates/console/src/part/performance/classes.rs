//! Turns attempts by class into a short table: what became of the requests.

use leptos::prelude::*;
use protocol::query::performance::FeatureDetail;

use crate::performance::health::{self, Counts};
use crate::performance::quantity;
use crate::words;

/// What became of the requests.
#[component]
pub fn Classes(
    /// The feature.
    #[prop(into)]
    detail: Signal<FeatureDetail>,
) -> impl IntoView {
    let rows = Memo::new(move |_| detail.with(health::classes));
    let total = move || quantity::requests(rows.with(|rows| rows.iter().map(|row| row.2).sum()));
    view! {
        <section class="classes" aria-labelledby="classes-title">
            <h2 class="section-title" id="classes-title">"Outcomes"</h2>
            <p class="small">{total}</p>
            <table class="phases">
                <thead class="visually-hidden"><tr>
                    <th scope="col">"Outcome"</th><th scope="col">"Requests"</th><th scope="col">"Share"</th>
                </tr></thead>
                <tbody>{move || rows.get().into_iter().map(|(word, counts, n, share)| view! {
                    <tr class=tone(counts)>
                        <th scope="row">{word}<span class="small">{counts.word()}</span></th>
                        <td class="number">{words::count(n)}</td>
                        <td class="number small">{quantity::share(share)}</td>
                    </tr>
                }).collect_view()}</tbody>
            </table>
        </section>
    }
}

const fn tone(counts: Counts) -> &'static str {
    match counts {
        Counts::Kept => "",
        Counts::Slow | Counts::Failed => "bad",
        Counts::Aside => "aside",
    }
}
