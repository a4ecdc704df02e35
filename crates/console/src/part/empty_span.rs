//! Turns a span without answers into the way to those that there are.

use leptos::prelude::*;

use crate::live::Live;
use crate::scores_url::{ALL, ScoresUrl, Span};
use crate::words::{self, say};

/// Nobody answered in this span, some did before.
#[component]
pub fn EmptySpan() -> impl IntoView {
    let live = expect_context::<Live>();
    move || {
        let shown = live.shown.get()?;
        let ever = shown.ever.as_ref().map_or(0, |r| r.total.n);
        let asked = match shown.report.reach.map(|reach| reach.shown) {
            None => say::scores_narrow_nobody().to_owned(),
            Some(0) => say::scores_asked_nobody().to_owned(),
            Some(n) => say::scores_asked(&words::people(n)),
        };
        let survey = shown.choice.survey.as_deref().unwrap_or(ALL);
        let all = ScoresUrl::href(survey, Span::All);
        Some(view! {
            <section class="said">
                <p data-testid="n" class="visually-hidden">"n = 0"</p>
                <p>{asked}" "{say::scores_before(ever)}</p>
                <p>
                    <a href=all>{say::scores_show_all()}</a>
                </p>
            </section>
        })
    }
}
