//! Turns one feature into the page that says how fast it was, when, and who had the time.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use protocol::query::performance::{FeatureDetail, UNMATCHED};

use super::performance::{chosen, kept, shown_choice, told, zone};
use crate::account::Account;
use crate::api::ApiError;
use crate::asked::{Asked, Live};
use crate::browser;
use crate::part::Notice;
use crate::part::performance::{
    Alerts, BlameSplit, Classes, Distribution, Exemplars, FeatureWaiting, HealthWord, Objectives,
    PercentilesOverTime, Templates, WindowChooser, Work,
};
use crate::performance::url::{Chosen, Place};
use crate::performance::{quantity, sentence};
use crate::words;

/// `/performance/features/search?window=7d`
#[component]
pub fn FeaturePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        let id = params.with(|params| params.get("id")).unwrap_or_default();
        if id == UNMATCHED { String::new() } else { id }
    });
    let chosen = chosen();
    let place = Memo::new(move |_| Place::Feature(id.get()));
    let wanted = Memo::new(move |_| Asked::new(place.get(), chosen.get()));
    let live: Live<FeatureDetail> = Live::new(wanted, expect_context::<Account>());
    let told = told(live);
    let zone_of = Signal::derive(move || told.with(|t| Some(zone(&t.as_ref()?.timezone))));
    let window = Signal::derive(move || told.with(|t| Some(t.as_ref()?.window)));
    let shown = shown_choice(live);
    let name = Memo::new(move |_| told.with(|t| Some(t.as_ref()?.summary.name.clone())));
    Effect::new(move || browser::set_title(&name.get().unwrap_or_else(|| id.get())));
    let unknown =
        move || live.trouble.get() == Some(ApiError::NotFound) && told.with(Option::is_none);
    let head = move || {
        told.with(|told| {
            let told = told.as_ref()?;
            Some(sentence::feature(
                &told.summary,
                &shown.get().phrase(told.window),
            ))
        })
    };
    view! {
        <header class="page-head" data-waiting=move || told.with(Option::is_none).then_some("true")>
            <WindowChooser place chosen window zone=zone_of/>
            <p class="crumb">
                <a href=move || chosen.with(|chosen| Place::Features.href(chosen))>"Features"</a>
                <span aria-hidden="true">"/"</span>
                <span>{move || name.get().unwrap_or_else(|| id.get())}</span>
                {move || told.with(|t| t.as_ref().map(|t| view! { <HealthWord health=t.summary.health/> }))}
            </p>
            <h1 class="sentence">
                {move || match unknown() {
                    true => format!("There is no feature \u{201c}{}\u{201d}", id.get()),
                    false => head().unwrap_or_else(|| String::from("Performance")),
                }}
            </h1>
            <p class="context">{move || told.with(|t| t.as_ref().map(context))}</p>
        </header>
        <Show
            when=move || !unknown()
            fallback=move || view! { <Unknown chosen/> }
        >
            <Notice live kept=kept(live, zone_of)/>
            <Work live waiting=|| view! { <FeatureWaiting/> }><Whole told/></Work>
        </Show>
    }
}

fn context(told: &FeatureDetail) -> String {
    let zone = zone(&told.timezone);
    let owner = told
        .summary
        .owner
        .as_ref()
        .map(|owner| format!(" {owner} answers for it."));
    let apdex = told.apdex.map(|apdex| format!(" Apdex {apdex:.2}."));
    let (requests, n) = (told.summary.requests, told.summary.n);
    let counted = match requests {
        0 => String::from("No requests"),
        _ => format!(
            "{}, n = {} count for latency",
            quantity::requests(requests),
            words::count(n)
        ),
    };
    format!(
        "{counted}; {}.{}{}",
        zone.stretch(told.window),
        owner.unwrap_or_default(),
        apdex.unwrap_or_default()
    )
}

/// Everything about it. Parts stay as they are when new numbers come: an open table stays open.
#[component]
fn Whole(told: Memo<Option<FeatureDetail>>) -> impl IntoView {
    // It is shown only while there is one.
    let Some(first) = told.get_untracked() else {
        return ().into_any();
    };
    let detail = Memo::new(move |_| told.get().unwrap_or_else(|| first.clone()));
    let zone_of = Memo::new(move |_| detail.with(|detail| zone(&detail.timezone)));
    view! {
        {move || detail.with(|d| view! {
            <Alerts alerts=d.summary.alerts.clone() zone=zone_of.get()/>
            {(!d.summary.objectives.is_empty()).then(|| view! {
                <section class="promises" aria-label="Promises">
                    <Objectives reports=d.summary.objectives.clone()/>
                </section>
            })}
        })}
        <Show
            when=move || { detail.with(|detail| detail.summary.requests) > 0 }
            fallback=|| view! {
                <p class="muted" data-testid="nothing">
                    "No requests came in this time, so there is nothing to draw. That is not the same as fine: try a longer time, or look whether pages still report."
                </p>
            }
        >
            <Distribution detail/>
            <PercentilesOverTime detail zone=zone_of/>
            <div class="halves">
                <BlameSplit detail/>
                <Classes detail/>
            </div>
            <Templates detail/>
            <Exemplars detail zone=zone_of/>
        </Show>
    }
    .into_any()
}

#[component]
fn Unknown(chosen: Memo<Chosen>) -> impl IntoView {
    view! {
        <section class="said">
            <p class="muted">"Neither budgets nor any request ever named it. The link may be mistyped, or older than the budgets."</p>
            <p><a href=move || chosen.with(|chosen| Place::Features.href(chosen))>"Show all features"</a></p>
        </section>
    }
}
