//! Turns budgets in force, or none, into a place to write them.

use leptos::prelude::*;

use super::BudgetEditor;
use crate::node::{Element, el, said};
use crate::part::Painted;
use crate::performance::quantity;

/// How to promise something: the whole page where nothing is promised, and at its end where something is.
#[component]
pub fn Budgets(
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
        .child(code("match"))
        .text(" fits a request owns it; paths may hold ")
        .child(code("*"))
        .text(" for one segment and ")
        .child(code("**"))
        .text(" for any number. ")
        .child(code("within"))
        .text(" is a time with its unit; a ")
        .child(code("target"))
        .text(" of 0.95 means that 5 % may be slower: that is the error budget.");
    vec![said("h2", "section-title", "Promise something"), what]
}
