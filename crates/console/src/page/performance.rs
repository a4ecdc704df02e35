//! Turns all features of the project into the page that says which of them keep their budgets.

use leptos::prelude::*;
use protocol::query::performance::Performance;

use super::answered::Answered;
use crate::browser;
use crate::node::{Element, el, said};
use crate::part::performance::BudgetEditor;
use crate::part::performance::features::{promised, unbudgeted};
use crate::part::{Notice, Painted};
use crate::performance::url::Place;
use crate::performance::zone::Zone;
use crate::performance::{quantity, sentence};
use crate::words;

/// `/performance?window=7d`
#[component]
pub fn PerformancePage() -> impl IntoView {
    browser::set_title("Performance");
    let place = Memo::new(|_| Place::Features);
    let page: Answered<Performance> = Answered::new(place, |told| (&told.timezone, told.window));
    let head = move || {
        let said = page.draw(|told, zone, shown| {
            let phrase = shown.phrase(told.window);
            (
                sentence::overview(&told.features, &phrase),
                context(told, zone),
            )
        });
        vec![page.head(None, said)]
    };
    let body = move || {
        let drawn = page.draw(|told, zone, shown| {
            let lists = [
                promised(&told.features, shown, zone),
                unbudgeted(&told.features, shown),
            ];
            lists.into_iter().flatten().collect()
        });
        page.body(drawn, &["feature-block"; 4])
    };
    let budgets = Memo::new(move |_| {
        page.told.with(|told| {
            let told = told.as_ref()?;
            Some((told.budgets_version, told.budget_window_ms))
        })
    });
    let refresh = move |()| page.live.refresh();
    view! {
        <Painted draw=Box::new(head)/>
        <Notice trouble=page.live.trouble kept=page.kept() retry=refresh/>
        <Painted draw=Box::new(body)/>
        <Budgets budgets on_published=refresh/>
    }
}

/// What was counted, when, by whose clock; and what was not.
fn context(told: &Performance, zone: &Zone) -> Element {
    let counted = match told.features.iter().map(|f| f.requests).sum() {
        0 => String::from("No requests"),
        n => quantity::requests(n),
    };
    let mut text = format!("{counted}, {}.", zone.stretch(told.window));
    if let Some(at_ms) = told.newest_ms {
        text = format!("{text} The newest came at {}.", zone.stamp_s(at_ms));
    }
    if told.overflow > 0 {
        let more = words::count(told.overflow);
        text = format!("{text} {more} more were seen and could not be measured.");
    }
    let dark = told.dark.then(|| {
        let less = el("strong").text("Far fewer requests than usual at this hour. ");
        let dark = el("span").class("dark").at("role", "status").add(less);
        dark.text("What is not measured cannot be known to work.")
    });
    said("p", "context", text).maybe(dark)
}

/// How to promise something: the whole page where nothing is promised, and at its end where something is.
#[component]
fn Budgets(
    /// Version and window of those in force, once they are known.
    budgets: Memo<Option<(u32, u64)>>,
    /// After new ones are in force.
    #[prop(into)]
    on_published: Callback<()>,
) -> impl IntoView {
    // What is being written stays while numbers come and go.
    let version = Memo::new(move |_| budgets.get().map(|(version, _)| version));
    let open = RwSignal::new(false);
    let summary = move || {
        let (version, window_ms) = budgets.get().unwrap_or_default();
        format!(
            "Budgets, version {version}, over {}",
            quantity::lasting(window_ms)
        )
    };
    let teach = Memo::new(move |_| version.get() == Some(0));
    let known = Memo::new(move |_| version.get().is_some());
    move || match (known.get(), teach.get()) {
        (false, _) => ().into_any(),
        (true, true) => view! {
            <section class="teach">
                <Painted draw=Box::new(lesson)/>
                <BudgetEditor on_published/>
            </section>
        }
        .into_any(),
        (true, false) => view! {
            <section class="budgets" aria-label="Budgets">
                <button
                    class="button quiet" type="button" aria-expanded=move || open.get().to_string()
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    {summary}
                </button>
                {move || open.get().then(|| view! { <BudgetEditor on_published/> })}
            </section>
        }
        .into_any(),
    }
}

fn lesson() -> Vec<Element> {
    let code = |text| el("code").text(text);
    let what = el("p")
        .text("A budget says how fast a feature must answer, for which share of its requests, and how much of the time it must be available. The first feature whose ")
        .add(code("match"))
        .text(" fits a request owns it; paths may hold ")
        .add(code("*"))
        .text(" for one segment and ")
        .add(code("**"))
        .text(" for any number. ")
        .add(code("within"))
        .text(" is a time with its unit; a ")
        .add(code("target"))
        .text(" of 0.95 means that 5 % may be slower: that is the error budget.");
    vec![said("h2", "section-title", "Promise something"), what]
}
