//! Turns an answer that may be missing, old or another question's into what is shown meanwhile.

use leptos::prelude::*;

use crate::asked::{Answer, Live};

/// Holds the numbers of a page. It is a new element when they come: nothing that was there moves.
#[component]
pub fn Work<T: Answer>(
    /// The numbers.
    live: Live<T>,
    /// Outline at their size, until they are there.
    #[prop(into)]
    waiting: ViewFn,
    /// What is shown of them.
    children: ChildrenFn,
) -> impl IntoView {
    let is_known = Memo::new(move |_| live.shown.with(Option::is_some));
    let waiting = StoredValue::new(waiting);
    let children = StoredValue::new(children);
    let outline = move || {
        let quiet = live.trouble.get().is_none();
        quiet.then(|| waiting.with_value(ViewFn::run))
    };
    view! {
        <Show when=move || is_known.get() fallback=outline>
            <div
                class="work"
                aria-busy=move || live.is_behind().then_some("true")
                data-stale=move || live.trouble.get().map(|_| "true")
            >
                {children.with_value(|children| children())}
            </div>
        </Show>
    }
}
