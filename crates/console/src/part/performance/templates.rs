//! Turns the requests of a feature into a table by template, the slowest first.

use leptos::prelude::*;
use protocol::latency::OTHER_TEMPLATE;
use protocol::query::performance::{FeatureDetail, ObjectiveKind, TemplateRow};

use super::twin::Scroll;
use crate::performance::quantity;
use crate::words;

/// Requests by method and template.
#[component]
pub fn Templates(
    /// The feature.
    #[prop(into)]
    detail: Signal<FeatureDetail>,
) -> impl IntoView {
    let rows = Memo::new(move |_| detail.with(|detail| detail.templates.clone()));
    let within = Memo::new(move |_| {
        detail.with(|detail| {
            let objectives = detail.summary.objectives.iter();
            let mut ms = objectives.filter_map(|one| match one.kind {
                ObjectiveKind::Latency { within_ms, .. } => Some(within_ms),
                ObjectiveKind::Availability => None,
            });
            ms.next()
        })
    });
    let head = move || {
        within.get().map_or_else(
            || String::from("Within"),
            |ms| format!("Within {}", quantity::threshold(ms)),
        )
    };
    let other = move || {
        let share = detail
            .with(|detail| detail.other_share)
            .filter(|share| *share > 0.0)?;
        Some(view! {
            <p class="caution" data-testid="other">
                {format!("{} of the requests are counted as \u{201c}everything else\u{201d}", quantity::share(share))}
                ": a page met more templates than it tells apart. Declare templates in the budgets, or raise "
                <code>"max_keys"</code>"."
            </p>
        })
    };
    view! {
        <section class="templates" aria-labelledby="templates-title">
            <h2 class="section-title" id="templates-title">"Templates, slowest first"</h2>
            {other}
            {move || rows.with(Vec::is_empty).then(|| view! { <p class="muted">"No requests."</p> })}
            <Show when=move || !rows.with(Vec::is_empty)>
                <Scroll label="Templates">
                    <table class="rows">
                        <thead><tr>
                            <th scope="col">"Template"</th>
                            <th scope="col" class="number" title="Attempts that count for latency">"n"</th>
                            <th scope="col" class="number">"p50"</th>
                            <th scope="col" class="number">"p95"</th>
                            <th scope="col" class="number">"p99"</th>
                            <th scope="col" class="number" title="Estimated from the distribution">{head}</th>
                            <th scope="col" class="number">"Failed"</th>
                        </tr></thead>
                        <tbody>{move || rows.get().into_iter().map(row).collect_view()}</tbody>
                    </table>
                </Scroll>
            </Show>
        </section>
    }
}

fn row(row: TemplateRow) -> impl IntoView {
    let none = || String::from("\u{2014}");
    let [p50, p95, p99] = row.percentiles.map_or_else(
        || [none(), none(), none()],
        |p| [p.p50, p.p95, p.p99].map(quantity::latency),
    );
    let failed = match row.failed {
        0 => String::from("0"),
        n => words::count(n),
    };
    view! {
        <tr>
            <th scope="row">{name(&row.method, &row.template)}</th>
            <td class="number">{match row.n { 0 => String::from("no requests"), n => words::count(n) }}</td>
            <td class="number">{p50}</td>
            <td class="number">{p95}</td>
            <td class="number">{p99}</td>
            <td class="number">{row.within_share.map_or_else(none, |share| quantity::actual(share, 0.5))}</td>
            <td class="number" class:bad=move || row.failed != 0>{failed}</td>
        </tr>
    }
}

/// Method and template, as code; what was too many in words.
pub(super) fn name(method: &str, template: &str) -> impl IntoView + use<> {
    match template == OTHER_TEMPLATE {
        true => view! { <span class="template">"everything else"</span> }.into_any(),
        false => view! {
            <code class="template"><span class="method">{method.to_owned()}</span>" "{template.to_owned()}</code>
        }
        .into_any(),
    }
}
