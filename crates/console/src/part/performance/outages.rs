//! Turns outages into a table, the newest first.

use leptos::prelude::*;
use protocol::query::performance::OutageRow;

use super::twin::Scroll;
use super::when::When;
use crate::performance::zone::Zone;
use crate::performance::{quantity, strip};
use crate::words;

/// Outages that are listed before somebody asks for all.
const FIRST: usize = 8;

/// The outages of one feature.
#[component]
pub fn Outages(
    /// Newest first.
    #[prop(into)]
    outages: Signal<Vec<OutageRow>>,
    /// Whose times are told.
    #[prop(into)]
    zone: Signal<Zone>,
    /// When the collector said so, for those that last.
    #[prop(into)]
    now_ms: Signal<u64>,
) -> impl IntoView {
    let all = RwSignal::new(false);
    let n = move || outages.with(Vec::len);
    let rows = move || {
        let shown = if all.get() { usize::MAX } else { FIRST };
        let rows = outages.get().into_iter().take(shown);
        zone.with(|zone| {
            rows.map(|outage| row(&outage, zone, now_ms.get()))
                .collect_view()
        })
    };
    view! {
        <Show when=move || { n() > 0 }>
            <Scroll label="Outages">
                <table class="rows outages">
                    <thead><tr>
                        <th scope="col">{move || zone.with(|zone| format!("Start ({})", zone.name))}</th>
                        <th scope="col" class="number">"Duration"</th>
                        <th scope="col" class="number" title="Largest share of clients that failed in one slice of time">"Clients"</th>
                        <th scope="col" class="number">"Failed requests"</th>
                        <th scope="col">"Notes"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </Scroll>
            <Show when=move || { n() > FIRST && !all.get() }>
                <button class="button" type="button" on:click=move |_| all.set(true)>
                    {move || format!("Show all {} outages", n())}
                </button>
            </Show>
        </Show>
    }
}

fn row(outage: &OutageRow, zone: &Zone, now_ms: u64) -> impl IntoView + use<> {
    view! {
        <tr data-testid="outage" class:partial=outage.partial>
            <th scope="row"><When at_ms=outage.from_ms said=zone.stamp_s(outage.from_ms)/></th>
            <td class="number">{strip::took(outage, now_ms)}</td>
            <td class="number">{quantity::share(outage.peak_share)}</td>
            <td class="number">{words::count(outage.failed)}</td>
            <td class="small">{strip::notes(outage)}</td>
        </tr>
    }
}
