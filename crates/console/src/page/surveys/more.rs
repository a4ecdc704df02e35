//! Turns what is done seldom into a menu: when a survey begins and ends, files, going back.

use leptos::{ev, prelude::*, task::spawn_local};

use super::desk::zone_of;
use super::templates::text_of_file;
use crate::browser::encode;
use crate::surveys::bench::{Bench, Saving};
use crate::surveys::{element, local_time};
use crate::words::say;

/// What is done seldom.
#[component]
pub(super) fn More(bench: Bench) -> impl IntoView {
    let has_draft = move || bench.saving.with(|saving| *saving != Saving::Nothing);
    let export = move || {
        let version = if has_draft() { "?version=draft" } else { "" };
        format!("api/v1/surveys/{}/export{version}", encode(&bench.id()))
    };
    let import = move |ev: ev::Event| {
        spawn_local(async move {
            if let Some(text) = text_of_file(&ev).await {
                bench.replace(text);
            }
        });
    };
    view! {
        <details class="more">
            <summary class="button">{say::survey_more()}</summary>
            <div class="more-panel">
                <Schedule bench/>
                <div class="more-files">
                    <a class="button" href=export download=format!("{}.json", bench.id())>
                        {say::survey_export()}
                    </a>
                    <label class="button file">
                        {say::survey_import_here()}
                        <input type="file" accept=".json,application/json" class="visually-hidden" on:change=import/>
                    </label>
                    {move || has_draft().then(|| view! {
                        <button class="button" type="button" on:click=move |_| bench.discard()>
                            {say::survey_discard()}
                        </button>
                    })}
                </div>
            </div>
        </details>
    }
}

/// When it begins and ends: written into the definition, so that it is published with it.
#[component]
fn Schedule(bench: Bench) -> impl IntoView {
    let said = RwSignal::new("");
    let times = Memo::new(move |_| {
        let zone = zone_of(bench);
        bench.desk.with(|desk| {
            let entry = desk.as_ref().map(|desk| desk.entry.clone());
            let field = |ms: Option<u64>| {
                ms.map(|ms| local_time::field(ms, &zone))
                    .unwrap_or_default()
            };
            entry.map_or_else(Default::default, |entry| {
                (field(entry.from_ms), field(entry.until_ms))
            })
        })
    });
    let write = move |name: &'static str| {
        move |ev: ev::Event| {
            let field = event_target_value(&ev);
            let time = local_time::rfc3339(&field, &zone_of(bench));
            let json = time.map(|time| format!("\"{time}\""));
            let is_time = field.is_empty() || json.is_some();
            let is_put = is_time && element::put(&["show", name], json.as_deref());
            // Taking away what is not there is done already.
            said.set(if is_put || field.is_empty() {
                say::survey_schedule_done()
            } else {
                say::survey_schedule_failed()
            });
        }
    };
    let zone = move || say::survey_schedule(&zone_of(bench).name);
    view! {
        <fieldset class="schedule">
            <legend>{zone}</legend>
            <label class="field">
                <span>{say::survey_from()}</span>
                <input type="datetime-local" prop:value=move || times.get().0 on:change=write("from")/>
            </label>
            <label class="field">
                <span>{say::survey_until()}</span>
                <input type="datetime-local" prop:value=move || times.get().1 on:change=write("until")/>
            </label>
            <p class="small" role="status">{said}</p>
        </fieldset>
    }
}
