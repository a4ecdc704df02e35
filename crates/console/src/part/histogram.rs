//! Turns people per score into eleven bars, and into a table for those who do not see bars.

use leptos::prelude::*;

use crate::picture::Group;
use crate::words::{self, say};

/// Height of the whole drawing, in pixels; its width is whatever there is.
const HEIGHT: u32 = 190;
/// Where the bars stand.
const BASELINE: u32 = 138;
/// Height of the highest bar: leaves room for the count above it.
const TALLEST: f64 = 112.0;
/// Width of one score's place, in percent of the drawing.
const PLACE: f64 = 100.0 / 11.0;

/// How many people gave which score.
#[component]
pub fn Histogram(
    /// People per score, 0 to 10.
    counts: [u64; 11],
) -> impl IntoView {
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let scores = || (0u8..).zip(counts);
    view! {
        <figure class="histogram">
            <figcaption class="label" id="histogram-label">{say::scores_by_score()}</figcaption>
            <svg width="100%" height=HEIGHT aria-hidden="true">
                <line class="axis" x1="0" x2="100%" y1=BASELINE y2=BASELINE/>
                {scores().map(|(score, n)| view! { <Bar score n most/> }).collect_view()}
                {[Group::Detractors, Group::Passives, Group::Promoters]
                    .map(|group| view! { <Bracket group/> })}
            </svg>
            <table class="visually-hidden" aria-labelledby="histogram-label">
                <thead><tr><th scope="col">{say::scores_score()}</th><th scope="col">{say::scores_people()}</th></tr></thead>
                <tbody>
                    {scores().map(|(score, n)| view! {
                        <tr><th scope="row">{score}</th><td>{n}</td></tr>
                    }).collect_view()}
                </tbody>
            </table>
        </figure>
    }
}

#[component]
fn Bar(score: u8, n: u64, most: u64) -> impl IntoView {
    let left = f64::from(score) * PLACE;
    let middle = percent(left + PLACE / 2.0);
    // One person among thousands is still seen.
    let height = match n {
        0 => 0.0,
        _ => (n as f64 / most as f64 * TALLEST).max(2.0),
    };
    let top = f64::from(BASELINE) - height;
    let label = (n > 0).then(|| {
        view! {
            <text class="count" x=middle.clone() y=format!("{:.1}", top - 6.0) text-anchor="middle">
                {words::count(n)}
            </text>
        }
    });
    view! {
        <g class=Group::of(score).one()>
            <rect
                class="fill" rx="2"
                x=percent(left + PLACE * 0.16) width=percent(PLACE * 0.68)
                y=format!("{top:.1}") height=format!("{height:.1}")
            />
            {label}
            <text class="tick" x=middle y=BASELINE + 18 text-anchor="middle">{score}</text>
        </g>
    }
}

#[component]
fn Bracket(group: Group) -> impl IntoView {
    let (first, length) = group.span();
    let left = f64::from(first) * PLACE;
    let right = left + f64::from(length) * PLACE;
    let (x1, x2) = (percent(left + PLACE * 0.16), percent(right - PLACE * 0.16));
    view! {
        <g class=group.one()>
            <line class="bracket" x1=x1 x2=x2 y1=BASELINE + 28 y2=BASELINE + 28/>
            <text class="group" x=percent((left + right) / 2.0) y=BASELINE + 46 text-anchor="middle">
                {group.label()}
            </text>
        </g>
    }
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}
