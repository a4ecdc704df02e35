//! Turns people shown and people who answered into how many of those asked answered.

use leptos::prelude::*;

use crate::picture;
use crate::words::{self, say};

/// How many of the people who were shown the survey gave a score.
#[component]
pub fn ResponseRate(
    /// What is known of it.
    rate: picture::ResponseRate,
) -> impl IntoView {
    let (value, told) = match rate {
        picture::ResponseRate::Unknown => (
            say::scores_unknown().to_owned(),
            say::scores_rate_unknown().to_owned(),
        ),
        picture::ResponseRate::Known {
            percent,
            answered,
            shown,
        } => (
            percent,
            say::scores_rate_known(&words::count(answered), &words::people(shown)),
        ),
    };
    view! {
        <div class="response-rate">
            <h2 class="label">{say::scores_rate()}</h2>
            <p class="figure" data-testid="response-rate">{value}</p>
            <p class="muted">{told}</p>
        </div>
    }
}
