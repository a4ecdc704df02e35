//! Turns all features of the project into the page that says which of them keep their budgets.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use protocol::query::performance::{Health, Performance};

use crate::account::Account;
use crate::asked::{Answer, Asked, Live};
use crate::browser;
use crate::part::Notice;
use crate::part::performance::{
    BudgetEditor, Features, FeaturesWaiting, Unbudgeted, WindowChooser, Work,
};
use crate::performance::url::{Chosen, Place};
use crate::performance::zone::Zone;
use crate::performance::{quantity, sentence};
use crate::words;

/// `/performance?window=7d`
#[component]
pub fn PerformancePage() -> impl IntoView {
    browser::set_title("Performance");
    let chosen = chosen();
    let wanted = Memo::new(move |_| Asked::new(Place::Features, chosen.get()));
    let live: Live<Performance> = Live::new(wanted, expect_context::<Account>());
    let told = told(live);
    let zone = Signal::derive(move || told.with(|t| Some(zone(&t.as_ref()?.timezone))));
    let window = Signal::derive(move || told.with(|t| Some(t.as_ref()?.window)));
    let shown = shown_choice(live);
    let head = move || {
        told.with(|told| {
            let told = told.as_ref()?;
            Some(sentence::overview(
                &told.features,
                &shown.get().phrase(told.window),
            ))
        })
    };
    view! {
        <header class="page-head" data-waiting=move || told.with(Option::is_none).then_some("true")>
            <WindowChooser place=Place::Features chosen window zone/>
            <h1 class="sentence">{move || head().unwrap_or_else(|| String::from("Performance"))}</h1>
            <p class="context">{move || told.with(|t| t.as_ref().map(context))}</p>
        </header>
        <Notice live kept=kept(live, zone)/>
        <Work live waiting=|| view! { <FeaturesWaiting/> }>
            {move || told.with(|t| t.as_ref().map(|told| lists(told, &shown.get())))}
            <Budgets told on_published=move |()| live.refresh()/>
        </Work>
    }
}

/// What was counted, when, by whose clock; and what was not.
fn context(told: &Performance) -> impl IntoView + use<> {
    let zone = zone(&told.timezone);
    let counted = match told.features.iter().map(|f| f.requests).sum() {
        0 => String::from("No requests"),
        n => quantity::requests(n),
    };
    let newest = told
        .newest_ms
        .map(|at_ms| format!(" The newest came at {}.", zone.stamp_s(at_ms)));
    let overflow = (told.overflow > 0).then(|| {
        format!(
            " {} more were seen and could not be measured.",
            words::count(told.overflow)
        )
    });
    let dark = told.dark.then(|| {
        view! {
            <span class="dark" role="status">
                <strong>"Far fewer requests than usual at this hour. "</strong>
                "What is not measured cannot be known to work."
            </span>
        }
    });
    view! {
        {counted}", "{zone.stretch(told.window)}"."{newest}{overflow}{dark}
    }
}

fn lists(told: &Performance, chosen: &Chosen) -> impl IntoView + use<> {
    let zone = zone(&told.timezone);
    let promised = told.features.iter().any(|f| f.health != Health::Unbudgeted);
    view! {
        {promised.then(|| view! {
            <Features features=told.features.clone() chosen=chosen.clone() zone/>
        })}
        <Unbudgeted features=told.features.clone() chosen=chosen.clone()/>
    }
}

/// How to promise something: the whole page where nothing is promised, and at its end where something is.
#[component]
fn Budgets(
    told: Memo<Option<Performance>>,
    #[prop(into)] on_published: Callback<()>,
) -> impl IntoView {
    let promised =
        Memo::new(move |_| told.with(|t| t.as_ref().is_some_and(|t| t.budgets_version > 0)));
    let version = move || told.with(|t| t.as_ref().map_or(0, |t| t.budgets_version));
    let days = move || told.with(|t| t.as_ref().map(|t| quantity::lasting(t.budget_window_ms)));
    view! {
        <Show
            when=move || promised.get()
            fallback=move || view! {
                <section class="teach">
                    <h2 class="section-title">"Promise something"</h2>
                    <p>
                        "A budget says how fast a feature must answer, for which share of its requests, and how much of the time it must be available. The first feature whose "
                        <code>"match"</code>" fits a request owns it; paths may hold "<code>"*"</code>" for one segment and "<code>"**"</code>" for any number. "
                        <code>"within"</code>" is a time with its unit; a "<code>"target"</code>" of 0.95 means that 5 % may be slower: that is the error budget."
                    </p>
                    <BudgetEditor on_published/>
                </section>
            }
        >
            <details class="twin budgets">
                <summary>{move || format!("Budgets, version {}, over {}", version(), days().unwrap_or_default())}</summary>
                <BudgetEditor on_published/>
            </details>
        </Show>
    }
}

/// What the URL says of the stretch of time.
pub(super) fn chosen() -> Memo<Chosen> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| Chosen::parse(query.get_str("window"))))
}

/// The answer, without when it came: what is drawn of it changes only when it does.
pub(super) fn told<T: Answer>(live: Live<T>) -> Memo<Option<T>> {
    Memo::new(move |_| live.shown.with(|shown| Some(shown.as_ref()?.told.clone())))
}

/// The stretch of time that what is shown answers.
pub(super) fn shown_choice<T: Answer>(live: Live<T>) -> Memo<Chosen> {
    Memo::new(move |_| {
        let of = |shown: &Option<crate::asked::Told<T>>| Some(shown.as_ref()?.asked.chosen.clone());
        live.shown.with(of).unwrap_or_default()
    })
}

/// A zone by its name, as this browser knows it.
pub(super) fn zone(name: &str) -> Zone {
    Zone::new(name, browser::ahead_min)
}

/// What is still on screen when nothing newer could be had.
pub(super) fn kept<T: Answer>(live: Live<T>, zone: Signal<Option<Zone>>) -> Signal<Option<String>> {
    Signal::derive(move || {
        let at_ms = live.shown.with(|shown| Some(shown.as_ref()?.at_ms))?;
        let clock = zone.with(|zone| Some(zone.as_ref()?.clock_s(at_ms)))?;
        Some(format!("You see what was known at {clock}."))
    })
}
