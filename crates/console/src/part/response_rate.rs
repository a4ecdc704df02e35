//! Turns people shown and people who answered into how many of those asked answered.

use leptos::prelude::*;

use crate::picture;
use crate::words;

/// How many of the people who were shown the survey gave a score.
#[component]
pub fn ResponseRate(
    /// What is known of it.
    rate: picture::ResponseRate,
) -> impl IntoView {
    let (value, told) = match rate {
        picture::ResponseRate::Unknown => (
            "unknown".to_owned(),
            "Nobody was shown the survey in this time, as far as was reported.".to_owned(),
        ),
        picture::ResponseRate::Known {
            percent,
            answered,
            shown,
        } => (
            percent,
            format!(
                "{} of {} shown the survey gave a score.",
                words::count(answered),
                words::people(shown)
            ),
        ),
    };
    view! {
        <div class="response-rate">
            <h2 class="label">"Response rate"</h2>
            <p class="figure" data-testid="response-rate">{value}</p>
            <p class="muted">{told}</p>
        </div>
    }
}
