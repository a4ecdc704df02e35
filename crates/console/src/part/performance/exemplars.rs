//! Turns the slowest attempts into a table with what is needed to find them elsewhere.

use leptos::prelude::*;
use protocol::query::performance::{ExemplarRow, FeatureDetail};

use super::templates::name;
use super::twin::Scroll;
use super::when::When;
use crate::performance::zone::Zone;
use crate::performance::{health, quantity};

/// The slowest attempts.
#[component]
pub fn Exemplars(
    /// The feature.
    #[prop(into)]
    detail: Signal<FeatureDetail>,
    /// Whose times are told.
    #[prop(into)]
    zone: Signal<Zone>,
) -> impl IntoView {
    let rows = Memo::new(move |_| detail.with(|detail| detail.exemplars.clone()));
    let table =
        move || zone.with(|zone| rows.get().into_iter().map(|x| row(x, zone)).collect_view());
    view! {
        <section class="exemplars" aria-labelledby="exemplars-title">
            <h2 class="section-title" id="exemplars-title">"Slowest requests"</h2>
            <Show
                when=move || !rows.with(Vec::is_empty)
                fallback=|| view! { <p class="muted">"None was kept in this time."</p> }
            >
                <Scroll label="Slowest requests">
                    <table class="rows">
                        <thead><tr>
                            <th scope="col" class="number">"Took"</th>
                            <th scope="col">{move || zone.with(|zone| format!("When ({})", zone.name))}</th>
                            <th scope="col">"Outcome"</th>
                            <th scope="col">"Template"</th>
                            <th scope="col">"Trace"</th>
                        </tr></thead>
                        <tbody>{table}</tbody>
                    </table>
                </Scroll>
            </Show>
        </section>
    }
}

fn row(row: ExemplarRow, zone: &Zone) -> impl IntoView + use<> {
    let word = health::class_word(&row.class);
    let outcome = match row.status {
        0 => word,
        // The words of most classes name their status or its kind; an answer's do not.
        status => format!("{word}, {status}"),
    };
    let trace = match row.trace.is_empty() {
        true => view! { <span class="muted">"none"</span> }.into_any(),
        false => view! { <code class="trace">{row.trace}</code> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="number">{quantity::latency(f64::from(row.ms))}</th>
            <td class="nowrap"><When at_ms=row.at_ms said=zone.stamp_s(row.at_ms)/></td>
            <td class="nowrap">{outcome}</td>
            <td>{name(&row.method, &row.template)}</td>
            <td>{trace}</td>
        </tr>
    }
}
