//! Turns the document of budgets into text that is checked while it is written, with each finding at its place.

use core::time::Duration;

use gloo_net::http::Method;
use leptos::html::Textarea;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::{prelude::*, task::spawn_local};
use protocol::query::access::Role;
use protocol::query::performance::{BudgetsEntry, PublishedBudgets};
use protocol::query::{Finding, Session};

use super::part::{head, trouble, waiting};
use super::send::{Sending, wrong};
use crate::account::Account;
use crate::api::{self, ApiError};
use crate::fetched::{At, Live, fetched};
use crate::pointer;
use crate::shell::toast::Toasts;
use crate::words::say;

/// After the last key, when what was written is checked.
const PAUSE: Duration = Duration::from_millis(400);

pub(super) fn page() -> impl IntoView {
    let (live, told) = fetched::<BudgetsEntry>(Memo::new(|_| At::new("api/v1/budgets")));
    let first = Memo::new(move |_| told.with(Option::is_some));
    let sentence = Signal::derive(move || {
        told.with(|told| {
            let told = told.as_ref()?;
            let n = told.budgets.features.len() as u64;
            Some(match told.version {
                0 => String::from(say::budgets_none()),
                version => say::budgets_sentence(n, &version.to_string()),
            })
        })
    });
    view! {
        {head(sentence, say::set_budgets(), say::set_budgets_what())}
        {trouble(live)}
        {move || match first.get() {
            false => waiting(8).into_any(),
            true => editor(live, told).into_any(),
        }}
    }
}

fn text_of(entry: &BudgetsEntry) -> String {
    // Texts and numbers, which always can be written.
    serde_json::to_string_pretty(&entry.budgets).unwrap_or_default()
}

/// What is edited, and what is known about it.
#[derive(Clone, Copy)]
struct Draft {
    text: RwSignal<String>,
    /// The version that it came from, and its text.
    base: RwSignal<(u32, String)>,
    findings: RwSignal<Vec<Finding>>,
    field: NodeRef<Textarea>,
    account: Account,
    next: StoredValue<Option<TimeoutHandle>>,
}

impl Draft {
    /// Begins anew with what is in force.
    fn start_from(self, now: &BudgetsEntry) {
        let text = text_of(now);
        self.text.set(text.clone());
        self.base.set((now.version, text));
        self.findings.set(Vec::new());
    }

    /// Has the text checked a moment after the last key.
    fn check(self) {
        if let Some(Some(handle)) = self.next.try_update_value(Option::take) {
            handle.clear();
        }
        let check = move || {
            let text = self.text.get_untracked();
            spawn_local(async move {
                let (url, asked) = ("api/v1/budgets/check", text.clone());
                let said = self
                    .account
                    .with_session(|| api::change(Method::POST, url, Some(asked.clone())));
                let Ok(said) = said.await else { return };
                // It may have been written on since.
                if self.text.try_get_untracked() == Some(text)
                    && let Ok(findings) = serde_json::from_str(&said)
                {
                    self.findings.try_set(findings);
                }
            });
        };
        self.next
            .set_value(set_timeout_with_handle(check, PAUSE).ok());
    }

    /// The line of a finding, where it can be found.
    fn line(self, finding: &Finding) -> Option<usize> {
        self.text.with(|text| {
            let place = pointer::place(text, &finding.pointer)?;
            Some(pointer::line(text, place.start))
        })
    }

    /// Selects what a finding is about.
    fn select(self, pointer: &str) {
        let place = self.text.with_untracked(|text| {
            let place = pointer::place(text, pointer)?;
            let count = |end: usize| text[..end].encode_utf16().count() as u32;
            Some((count(place.start), count(place.end)))
        });
        if let (Some(field), Some((start, end))) = (self.field.get_untracked(), place) {
            // A field that is not on the page any more selects nothing.
            let _ = field.focus();
            let _ = field.set_selection_range(start, end);
        }
    }
}

fn editor(live: Live, told: Memo<Option<BudgetsEntry>>) -> impl IntoView {
    let may = expect_context::<Session>().role >= Role::Manager;
    let start = told.get_untracked();
    let start = start.map_or((0, String::new()), |now| (now.version, text_of(&now)));
    let draft = Draft {
        text: RwSignal::new(start.1.clone()),
        base: RwSignal::new(start),
        findings: RwSignal::new(Vec::new()),
        field: NodeRef::new(),
        account: expect_context::<Account>(),
        next: StoredValue::new(None),
    };
    let (toasts, sending) = (expect_context::<Toasts>(), Sending::new());
    let is_changed = Memo::new(move |_| {
        draft
            .text
            .with(|text| draft.base.with(|(_, base)| text != base))
    });
    // Whoever changed nothing sees what is in force.
    Effect::new(move || {
        let Some(now) = told.get() else { return };
        let base = draft.base.with_untracked(|(version, _)| *version);
        if now.version != base && !is_changed.get_untracked() {
            draft.start_from(&now);
        }
    });
    let publish = move |_| {
        let url = format!(
            "api/v1/budgets?base={}",
            draft.base.with_untracked(|(version, _)| *version)
        );
        let text = draft.text.get_untracked();
        sending.send(Method::PUT, url, Some(text.clone()), move |reply| {
            if let Ok(published) = serde_json::from_str::<PublishedBudgets>(&reply) {
                draft.base.set((published.version, text));
                draft.findings.set(published.findings);
                toasts.say(say::budgets_published(&published.version.to_string()));
            }
            live.refresh();
        });
    };
    Effect::new(move || {
        if let Some(ApiError::Conflict(_)) = sending.wrong.get() {
            live.refresh();
        }
    });
    let theirs = move || {
        let base = draft.base.with(|(version, _)| *version);
        told.get()
            .filter(|now| now.version > base && is_changed.get())
    };
    let bad = Memo::new(move |_| {
        let findings = draft.findings.get();
        findings
            .iter()
            .filter_map(|finding| draft.line(finding))
            .collect::<Vec<_>>()
    });
    let lines = Memo::new(move |_| draft.text.with(|text| text.split('\n').count()));
    let gutter = move || {
        let bad = bad.get();
        (1..=lines.get())
            .map(|n| view! { <i data-bad=bad.contains(&n).then_some("true")>{n}</i> })
            .collect_view()
    };
    view! {
        <label class="label" for="budgets-text">{say::budgets_document()}</label>
        <div class="editor">
            <div class="gutter" aria-hidden="true">{gutter}</div>
            <textarea
                id="budgets-text" wrap="off" spellcheck="false" autocapitalize="off" readonly=!may
                rows=move || lines.get().to_string() node_ref=draft.field prop:value=draft.text
                aria-describedby="budgets-findings"
                aria-invalid=move || draft.findings.with(|all| all.iter().any(|one| one.is_error)).then_some("true")
                on:input=move |event| {
                    draft.text.set(event_target_value(&event));
                    draft.check();
                }
            ></textarea>
        </div>
        <ul class="findings" id="budgets-findings" aria-live="polite">
            {move || draft.findings.get().into_iter().map(|one| finding(draft, one)).collect_view()}
        </ul>
        {move || theirs().map(|now| overtaken(draft, &now, sending))}
        {wrong(sending)}
        {may.then(|| view! {
            <div class="acts">
                <button
                    class="button primary" type="button" on:click=publish
                    aria-disabled=move || sending.busy.get().then_some("true")
                >
                    {say::budgets_publish()}
                </button>
                {move || is_changed.get().then(|| view! {
                    <button
                        class="button" type="button"
                        on:click=move |_| {
                            if let Some(now) = told.get_untracked() {
                                draft.start_from(&now);
                                sending.wrong.set(None);
                            }
                        }
                    >
                        {say::budgets_discard()}
                    </button>
                })}
            </div>
        })}
    }
}

fn finding(draft: Draft, one: Finding) -> impl IntoView {
    let line = draft.line(&one);
    let pointer = one.pointer.clone();
    view! {
        <li data-error=one.is_error.then_some("true")>
            <button class="button quiet" type="button" on:click=move |_| draft.select(&pointer)>
                {line.map(|line| say::budgets_line(&line.to_string()))}
                " "<code>{one.pointer}</code>
            </button>
            <span>{one.message}</span>
        </li>
    }
}

/// What somebody else has published meanwhile, beside what is written here.
fn overtaken(draft: Draft, now: &BudgetsEntry, sending: Sending) -> impl IntoView + use<> {
    let text = text_of(now);
    let base = (now.version, text.clone());
    view! {
        <section class="overtaken" role="alert" data-testid="theirs">
            <p><strong>{say::set_overtaken()}</strong></p>
            <pre tabindex="0" aria-label=say::budgets_theirs()>{text}</pre>
            <button
                class="button" type="button"
                on:click=move |_| { draft.base.set(base.clone()); sending.wrong.set(None); }
            >
                {say::set_mine_over()}
            </button>
        </section>
    }
}
