//! Turns two people's work on one survey into both sides, and a choice.

use leptos::prelude::*;
use protocol::query::surveys::Clash;

use super::versions::difference;
use crate::surveys::bench::Bench;
use crate::words::say;

/// Both sides, as long as they differ and nobody has decided.
#[component]
pub(super) fn ClashPanel(bench: Bench) -> impl IntoView {
    move || {
        bench
            .clash
            .get()
            .map(|clash| view! { <Sides bench clash/> })
    }
}

#[component]
fn Sides(bench: Bench, clash: Clash) -> impl IntoView {
    let (who, theirs) = match (clash.draft, clash.newest) {
        (Some(draft), _) => (say::survey_clash_draft(&draft.author), draft.text),
        (None, Some(newest)) => (
            say::survey_clash_version(&newest.version.to_string()),
            newest.text,
        ),
        (None, None) => (String::from(say::survey_clash_gone()), String::new()),
    };
    let theirs = StoredValue::new(theirs);
    view! {
        <section class="clash" role="alert" aria-labelledby="clash" data-testid="clash">
            <h2 class="section-title" id="clash">{say::survey_clash()}</h2>
            <p>{who}" "{say::survey_clash_what()}</p>
            {move || theirs.with_value(|old| bench.text.with(|new| difference(old, new)))}
            <div class="actions">
                <button class="button" type="button" on:click=move |_| bench.keep_mine()>
                    {say::survey_keep_mine()}
                </button>
                <button class="button" type="button" on:click=move |_| bench.take_theirs()>
                    {say::survey_take_theirs()}
                </button>
            </div>
        </section>
    }
}
