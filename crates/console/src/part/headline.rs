//! Turns a score into the large number, with its interval and n in the same breath.

use leptos::prelude::*;
use scores::Reading;

use crate::picture;
use crate::words::say;

/// The score, how sure it is, and where it lies on the scale.
#[component]
pub fn Headline(
    /// What to say.
    headline: picture::Headline,
    /// How much may be said.
    reading: Reading,
) -> impl IntoView {
    let weight = match reading {
        Reading::Firm => "score firm",
        Reading::EarlySignal => "score early",
        Reading::TooFew | Reading::NoAnswers => "score none",
    };
    view! {
        <div class="headline">
            <h2 class="label">{say::scores_nps()}</h2>
            <p class=weight data-testid="score">{headline.score}</p>
            <p class="sureness">
                {headline.interval.map(|text| view! {
                    <span data-testid="interval">{text}</span>
                    <span class="comma" aria-hidden="true">" \u{b7} "</span>
                })}
                <span data-testid="n">{headline.n}</span>
            </p>
            {headline.range.map(|(score, low, high)| view! { <Scale score low high/> })}
            {headline.caution.map(|text| view! { <p class="caution">{text}</p> })}
        </div>
    }
}

/// Where score and interval lie between -100 and 100; the numbers beside it say the same in words.
#[component]
fn Scale(score: f64, low: f64, high: f64) -> impl IntoView {
    let x = |points: f64| format!("{:.2}%", (points + 100.0) / 2.0);
    let width = format!("{:.2}%", (high - low) / 2.0);
    view! {
        <svg class="scale" width="100%" height="44" aria-hidden="true">
            <line class="axis" x1="0" x2="100%" y1="14" y2="14"/>
            <line class="axis" x1="50%" x2="50%" y1="8" y2="20"/>
            <rect class="interval" x=x(low) width=width y="9" height="10" rx="5"/>
            <circle class="point" cx=x(score) cy="14" r="5"/>
            <text x="0" y="40">"\u{2212}100"</text>
            <text x="50%" y="40" text-anchor="middle">"0"</text>
            <text x="100%" y="40" text-anchor="end">"+100"</text>
        </svg>
    }
}
