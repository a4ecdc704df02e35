//! Turns something that cannot be taken back into a question that is asked before it is done.

use std::sync::Arc;

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::words::say;

/// A question.
#[derive(Clone)]
struct Asked {
    title: String,
    what: String,
    verb: &'static str,
    act: Arc<dyn Fn() + Send + Sync>,
}

/// Where questions are asked: one per page, in the context.
#[derive(Clone, Copy)]
pub(super) struct Ask(RwSignal<Option<Asked>>);

impl Ask {
    pub(super) fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Asks, and does `act` when the answer is `verb`.
    pub(super) fn before(
        self,
        title: String,
        what: impl Into<String>,
        verb: &'static str,
        act: impl Fn() + Send + Sync + 'static,
    ) {
        self.0.set(Some(Asked {
            title,
            what: what.into(),
            verb,
            act: Arc::new(act),
        }));
    }

    /// Takes back what is asked: what it was about is left.
    pub(super) fn end(self) {
        self.0.set(None);
    }
}

/// The question, over the page.
pub(super) fn ask_dialog() -> impl IntoView {
    let asked = expect_context::<Ask>().0;
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match asked.with(Option::is_some) {
            true if !dialog.open() => {
                // Only a dialog that is shown already refuses.
                let _ = dialog.show_modal();
            }
            false if dialog.open() => dialog.close(),
            _ => {}
        }
    });
    let yes = move |_| {
        if let Some(question) = asked.get_untracked() {
            asked.set(None);
            (question.act)();
        }
    };
    view! {
        <dialog class="ask" node_ref=dialog aria-labelledby="ask-title" on:close=move |_| asked.set(None)>
            {move || asked.get().map(|question| view! {
                <div class="ask-box">
                    <h2 id="ask-title">{question.title}</h2>
                    <p class="muted">{question.what}</p>
                    <div class="acts">
                        <button class="button danger" type="button" on:click=yes>{question.verb}</button>
                        <button class="button" type="button" autofocus=true on:click=move |_| asked.set(None)>
                            {say::set_cancel()}
                        </button>
                    </div>
                </div>
            })}
        </dialog>
    }
}
