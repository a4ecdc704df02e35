//! Turns a survey that was published into one that can be answered as a test, by whoever has the link and may
//! sign in.

use leptos::prelude::*;

use crate::browser;
use crate::part::{Notice, Skeleton};
use crate::surveys::bench::Bench;
use crate::surveys::element;
use crate::surveys::url::desk;
use crate::words::say;

/// `/surveys/ID/try`
#[component]
pub(super) fn TrialPage(id: String) -> impl IntoView {
    let back = desk(&id);
    let bench = Bench::new(id);
    let known = Memo::new(move |_| {
        bench.desk.with(|desk| {
            let desk = desk.as_ref()?;
            Some((
                desk.entry.name.clone(),
                desk.test_key.clone(),
                desk.entry.version,
            ))
        })
    });
    let try_it = move || {
        if let Some((_, Some(key), Some(_))) = known.get_untracked() {
            element::try_survey(&key, &bench.id());
        }
    };
    Effect::new(move || {
        if let Some((name, ..)) = known.get() {
            browser::set_title(&name);
            try_it();
        }
    });
    let said = move || {
        known
            .get()
            .map(|(name, key, version)| match (key, version) {
                (Some(key), Some(version)) => view! {
                    <h1>{say::survey_trying(&name)}</h1>
                    <p class="muted">{say::survey_trying_what(&version.to_string())}</p>
                    <p class="muted">{say::survey_trying_key()}" "<code>{key}</code></p>
                    <p>
                        <button class="button primary" type="button" on:click=move |_| try_it()>
                            {say::survey_try_again()}
                        </button>
                    </p>
                }
                .into_any(),
                _ => view! { <h1>{name}</h1><p class="muted">{say::survey_try_nothing()}</p> }
                    .into_any(),
            })
    };
    view! {
        <Notice
            trouble=bench.trouble
            kept=Signal::stored(None::<String>)
            retry=move |()| bench.ask()
        />
        <section class="said">
            <p class="crumb"><a href=back>{say::survey_back()}</a></p>
            {move || known.get().is_none().then(|| view! { <Skeleton/> })}
            {said}
        </section>
    }
}
