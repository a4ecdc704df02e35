//! Turns budgets in force, or an example, into new ones: written here, checked and put in force.

use leptos::{ev::SubmitEvent, html::Textarea, prelude::*, task::spawn_local};
use protocol::query::Finding;

use crate::account::Account;
use crate::api::{self, ApiError};

/// What there is to start from: every part of a budget once.
const EXAMPLE: &str = r#"{
  "v": 1,
  "window": "30d",
  "timezone": "UTC",
  "features": [
    {
      "id": "search",
      "name": "Search",
      "match": [{ "method": "GET", "path": "/api/search/**" }],
      "latency": [{ "within": "300ms", "target": 0.95 }],
      "availability": { "target": 0.999 }
    }
  ]
}"#;

/// A place to write budgets: those in force, or an example.
#[component]
pub fn BudgetEditor(
    /// After new ones are in force.
    #[prop(into)]
    on_published: Callback<()>,
) -> impl IntoView {
    let account = expect_context::<Account>();
    let text = NodeRef::<Textarea>::new();
    let said = RwSignal::new(None::<Result<u32, ApiError>>);
    let findings = RwSignal::new(Vec::<Finding>::new());
    let busy = RwSignal::new(false);
    spawn_local(async move {
        // Without an answer there is still the example, and nothing was lost.
        let Ok(Some(in_force)) = api::budgets().await else {
            return;
        };
        if let Some(Some(text)) = text.try_get_untracked()
            && text.value() == EXAMPLE
        {
            text.set_value(&in_force);
        }
    });
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        let Some(text) = text.get_untracked().map(|t| t.value()) else {
            return;
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let result = api::publish_budgets(text).await;
            busy.set(false);
            match result {
                Ok(published) => {
                    findings.set(published.findings);
                    said.set(Some(Ok(published.version)));
                    on_published.run(());
                }
                Err((error, _)) if account.ended_by(&error) => {}
                Err((error, found)) => {
                    findings.set(found);
                    said.set(Some(Err(error)));
                }
            }
        });
    };
    let told = move || {
        said.get().map(|said| match said {
            Ok(version) => format!("Version {version} is in force. Pages follow within minutes."),
            // What is wrong stands below, place by place.
            Err(_) if findings.with(|found| !found.is_empty()) => {
                String::from("Nothing was changed:")
            }
            Err(error) => format!("Nothing was changed. {error} {}", error.advice()),
        })
    };
    view! {
        <form class="budget-editor" on:submit=submit>
            <label for="budgets">"Budgets of this project, as JSON"</label>
            <textarea id="budgets" node_ref=text rows="17" spellcheck="false" autocapitalize="off">{EXAMPLE}</textarea>
            <div class="actions">
                <button class="button primary" type="submit" aria-disabled=move || busy.get().then_some("true")>
                    {move || if busy.get() { "Publishing\u{2026}" } else { "Publish budgets" }}
                </button>
                <p role="status">{told}</p>
            </div>
            <ul class="findings">
                {move || findings.get().into_iter().map(|finding| view! {
                    <li><code>{finding.pointer}</code>" "{finding.message}</li>
                }).collect_view()}
            </ul>
        </form>
    }
}
