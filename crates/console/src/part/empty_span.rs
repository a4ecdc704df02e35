//! Turns a span without answers into the way to those that there are.

use leptos::prelude::*;

use crate::live::Live;
use crate::scores_url::{ScoresUrl, Span};
use crate::words;

/// Nobody answered in this span, some did before.
#[component]
pub fn EmptySpan(
    /// What is known.
    live: Live,
) -> impl IntoView {
    move || {
        let shown = live.shown.get()?;
        let ever = shown.ever.as_ref().map_or(0, |r| r.n);
        let asked = match shown.report.shown {
            0 => "Nobody was shown the survey in this time.".to_owned(),
            n => format!("The survey was shown to {}.", words::people(n)),
        };
        Some(view! {
            <section class="said">
                <p data-testid="n" class="visually-hidden">"n = 0"</p>
                <p>{asked}" "{format!("{} answered before.", words::people(ever))}</p>
                <p>
                    <a href=ScoresUrl::href(&shown.choice.survey, Span::All)>"Show all time"</a>
                </p>
            </section>
        })
    }
}
