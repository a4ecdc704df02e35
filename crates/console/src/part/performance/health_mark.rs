//! Turns a health into a mark with a shape of its own, and into that mark with its word.

use leptos::prelude::*;
use protocol::query::performance::Health;

use crate::performance::health;

/// The mark alone; the word stands near it.
#[component]
pub fn HealthMark(
    /// How it stands.
    health: Health,
) -> impl IntoView {
    let hatch = match health {
        Health::Unknown => "M2.6 6.6l4-4M3.6 9l5.4-5.4M5.6 10.4l3.8-3.8",
        _ => "",
    };
    view! {
        <svg class=format!("health-mark {}", health::name(health)) width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
            <path class="shape" d=health::shape(health)/>
            <path class="hatch" d=hatch/>
        </svg>
    }
}

/// The mark and its word.
#[component]
pub fn HealthWord(
    /// How it stands.
    health: Health,
) -> impl IntoView {
    view! {
        <span class=format!("health {}", health::name(health)) data-testid="health">
            <HealthMark health/>
            {health::word(health)}
        </span>
    }
}
