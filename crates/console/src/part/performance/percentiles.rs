//! Turns percentiles over time into four labelled lines, the requests under them, and a table.

use leptos::prelude::*;
use protocol::query::performance::FeatureDetail;

use super::distribution::anchor;
use super::reader::{Reader, read};
use super::twin::Twin;
use super::when::When;
use crate::performance::curve::{Curve, HEIGHT, Line, NAMES, WIDTH};
use crate::performance::scale::percent;
use crate::performance::zone::Zone;
use crate::words;

/// Height of the bars of requests, in pixels.
const VOLUME: f64 = 28.0;
/// Between lines and bars.
const GAP: f64 = 14.0;
/// Height of the whole drawing.
const WHOLE: f64 = HEIGHT + GAP + VOLUME + 24.0;

/// How fast the feature was, when.
#[component]
pub fn PercentilesOverTime(
    /// The feature.
    #[prop(into)]
    detail: Signal<FeatureDetail>,
    /// Whose times are told.
    #[prop(into)]
    zone: Signal<Zone>,
) -> impl IntoView {
    let curve =
        Memo::new(move |_| detail.with(|detail| zone.with(|zone| Curve::new(detail, zone))));
    let rows = Memo::new(move |_| curve.with(|curve| curve.rows.clone()));
    let edges = Memo::new(move |_| {
        curve.with(|curve| {
            curve
                .steps
                .iter()
                .map(|s| (s.from, s.to))
                .collect::<Vec<_>>()
        })
    });
    let chosen = RwSignal::new(None);
    let reading = move || {
        rows.with(|rows| {
            let row = read(rows, chosen.get()).and_then(|i| rows.get(i));
            row.map_or_else(|| String::from("no requests"), |row| row.reading())
        })
    };
    view! {
        <section class="chart curve" aria-labelledby="curve-title">
            <h2 class="section-title" id="curve-title">"Percentiles over time"</h2>
            <p class="small reading" data-testid="reading">{reading}</p>
            <figure>
                {move || curve.with(drawing)}
                <Cross curve chosen/>
                <Reader rows edges chosen/>
            </figure>
            <Twin of="percentiles over time">
                <table class="rows">
                    <thead><tr>
                        <th scope="col">{move || zone.with(|zone| format!("From ({})", zone.name))}</th>
                        <th scope="col" class="number">"n"</th>
                        {NAMES.map(|name| view! { <th scope="col" class="number">{name}</th> })}
                    </tr></thead>
                    <tbody>{move || rows.get().into_iter().map(|row| {
                        let values = row.values.unwrap_or_else(|| ["\u{2014}"; 4].map(String::from));
                        let open = (!row.complete).then_some(", not over yet");
                        view! {
                            <tr>
                                <th scope="row"><When at_ms=row.at_ms said=row.at/>{open}</th>
                                <td class="number">{match row.n { 0 => String::from("no requests"), n => words::count(n) }}</td>
                                {values.map(|value| view! { <td class="number">{value}</td> })}
                            </tr>
                        }
                    }).collect_view()}</tbody>
                </table>
            </Twin>
        </section>
    }
}

fn drawing(curve: &Curve) -> impl IntoView + use<> {
    let ticks = curve.ticks.iter().zip([false, true].into_iter().cycle());
    view! {
        <svg width="100%" height=WHOLE aria-hidden="true">
            {curve.marks.iter().map(|(y, label)| view! {
                <line class="grid" x1="0" x2="100%" y1=*y y2=*y/>
                <text class="tick" x="0" dx="-8" y=y + 4.0 text-anchor="end">{label.clone()}</text>
            }).collect_view()}
            {curve.budgets.iter().map(|(y, label)| view! {
                <line class="budget" x1="0" x2="100%" y1=*y y2=*y/>
                <text class="budget-label" x="0" dx="4" y=y - 5.0>{format!("{label} budget")}</text>
            }).collect_view()}
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" width="100%" height=HEIGHT>
                {curve.lines.iter().map(|line| view! {
                    <path class=format!("line {}", line.name) d=line.solid.clone()/>
                    <path class=format!("line open {}", line.name) d=line.dotted.clone()/>
                }).collect_view()}
            </svg>
            {curve.lines.iter().map(label).collect_view()}
            {(curve.most == 0).then(|| view! {
                <text class="nothing" x="50%" y=HEIGHT / 3.0 text-anchor="middle">"No request counts for latency"</text>
            })}
            {volume(curve)}
            {ticks.map(|((at, label), is_minor)| view! {
                <text class="tick" class:minor=is_minor x=percent(*at) y=WHOLE - 4.0 text-anchor=anchor(*at)>
                    {label.clone()}
                </text>
            }).collect_view()}
        </svg>
    }
}

fn label(line: &Line) -> impl IntoView + use<> {
    let name = line.name;
    line.end.clone().map(|(value, y)| {
        view! {
            <text class=format!("line-label {name}") x="100%" dx="8" y=y + 4.0>
                {name}<tspan class="value">{format!(" {value}")}</tspan>
            </text>
        }
    })
}

/// How much came, under how fast it was.
fn volume(curve: &Curve) -> impl IntoView + use<> {
    let base = HEIGHT + GAP + VOLUME;
    let bars = curve.steps.iter().map(|step| {
        let height = step.volume * VOLUME;
        view! {
            <rect
                class="volume" x=percent(step.from) width=percent((step.to - step.from) * 0.86)
                y=format!("{:.1}", base - height) height=format!("{height:.1}")
            />
        }
    });
    let most = format!("{} per {} at most", words::count(curve.most), curve.step);
    view! {
        <line class="axis" x1="0" x2="100%" y1=base y2=base/>
        {bars.collect_view()}
        <text class="tick value" x="100%" dx="8" y=base>"requests"</text>
        <title>{most}</title>
    }
}

/// Marks the step that is read.
#[component]
fn Cross(curve: Memo<Curve>, chosen: RwSignal<Option<usize>>) -> impl IntoView {
    let mark = move || {
        let step = curve.with(|curve| curve.steps.get(chosen.get()?).copied())?;
        let x = percent(f64::midpoint(step.from, step.to));
        let dot = step
            .p95
            .map(|y| view! { <circle class="dot" cx=x.clone() cy=y r="3.5"/> });
        Some(view! {
            <line class="cross" x1=x.clone() x2=x.clone() y1="0" y2=HEIGHT + GAP + VOLUME/>
            {dot}
        })
    };
    view! { <svg class="cross-layer" width="100%" height=WHOLE aria-hidden="true">{mark}</svg> }
}
