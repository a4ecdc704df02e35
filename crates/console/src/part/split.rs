//! Turns promoters, passives and detractors into three lines with a bar each.

use leptos::prelude::*;

use crate::picture::Slice;
use crate::words::{self, say};

/// Who is for, who is in between, who is against.
#[component]
pub fn Split(
    /// Promoters, passives, detractors.
    split: [Slice; 3],
) -> impl IntoView {
    let total: u64 = split.iter().map(|s| s.count).sum();
    view! {
        <table class="split">
            <caption class="label">{say::scores_by_group()}</caption>
            <thead class="visually-hidden">
                <tr>
                    <th scope="col">{say::scores_group()}</th>
                    <th scope="col">{say::scores_picture()}</th>
                    <th scope="col">{say::scores_share()}</th>
                    <th scope="col">{say::scores_people()}</th>
                </tr>
            </thead>
            <tbody>{split.map(|slice| view! { <Row slice total/> })}</tbody>
        </table>
    }
}

#[component]
fn Row(slice: Slice, total: u64) -> impl IntoView {
    let class = slice.group.one();
    // A count is exact, its percentage is rounded: the bar follows the count.
    let width = match total {
        0 => "0".to_owned(),
        _ => format!("{:.2}%", slice.count as f64 * 100.0 / total as f64),
    };
    view! {
        <tr class=class data-testid=format!("{class}s")>
            <th scope="row">
                {slice.group.label()}
                <span class="range">" "{slice.group.range()}</span>
            </th>
            <td class="bar">
                <svg width="100%" height="10" aria-hidden="true">
                    <rect class="track" width="100%" height="10" rx="3"/>
                    <rect class="fill" width=width height="10" rx="3"/>
                </svg>
            </td>
            <td class="share">{slice.share.map(|share| format!("{share} %"))}</td>
            <td class="count">{words::count(slice.count)}</td>
        </tr>
    }
}
