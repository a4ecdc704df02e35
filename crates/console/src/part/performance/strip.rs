//! Turns stretches of one state into a strip of time, and says what its looks mean.

use leptos::prelude::*;
use protocol::query::Window;
use protocol::query::performance::{Stretch, UpState};

use super::distribution::anchor;
use crate::performance::scale::percent;
use crate::performance::zone::Zone;
use crate::performance::{health, strip};

/// Height of the strip, in pixels; what is up stays lower than what is not.
const HEIGHT: f64 = 26.0;

/// The window of one feature.
#[component]
pub fn Strip(
    /// In order.
    timeline: Vec<Stretch>,
    /// Of which window.
    window: Window,
    /// Whose times are told.
    zone: Zone,
) -> impl IntoView {
    let pieces = strip::pieces(&timeline, window, &zone)
        .into_iter()
        .map(|piece| {
            let (y, height) = extent(piece.state);
            view! {
                <rect
                    class=format!("state {}", health::state_name(piece.state))
                    x=percent(piece.from) width=percent(piece.width) y=y height=height
                >
                    <title>{piece.told}</title>
                </rect>
            }
        });
    let ticks = strip::ticks(window, &zone)
        .into_iter()
        .zip([false, true].into_iter().cycle());
    view! {
        <figure class="strip">
            <figcaption class="visually-hidden">{strip::sentence(&timeline)}</figcaption>
            <svg width="100%" height=HEIGHT + 20.0 aria-hidden="true">
                <Hatch/>
                {pieces.collect_view()}
                {ticks.map(|((at, label), is_minor)| view! {
                    <text class="tick" class:minor=is_minor x=percent(at) y=HEIGHT + 16.0 text-anchor=anchor(at)>{label}</text>
                }).collect_view()}
            </svg>
        </figure>
    }
}

/// How a state is drawn: where it begins and how high it is.
const fn extent(state: UpState) -> (f64, f64) {
    match state {
        UpState::Up => (8.0, 12.0),
        UpState::Down => (0.0, HEIGHT),
        UpState::Degraded => (4.0, 18.0),
        UpState::Unknown | UpState::Maintenance => (8.0, 12.0),
    }
}

/// The pattern of what nobody knows. Every drawing has its own: one that is not on the page paints nothing.
#[component]
fn Hatch() -> impl IntoView {
    view! {
        <defs>
            <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="hatch-line" width="2" height="6"/>
            </pattern>
        </defs>
    }
}

/// What the looks of a strip mean.
#[component]
pub fn StripKey() -> impl IntoView {
    let states = [
        (UpState::Up, "Up"),
        (UpState::Down, "Down for at least half"),
        (UpState::Degraded, "Down for some"),
        (UpState::Unknown, "Unknown: too few said anything"),
        (UpState::Maintenance, "Maintenance, not counted"),
    ];
    view! {
        <ul class="strip-key">
            {states.map(|(state, word)| {
                let (y, height) = extent(state);
                view! {
                    <li>
                        <svg width="16" height=HEIGHT aria-hidden="true">
                            <rect class=format!("state {}", health::state_name(state)) x="0" width="16" y=y height=height/>
                        </svg>
                        {word}
                    </li>
                }
            })}
        </ul>
    }
}
