//! Turns what was just done into a message that can take it back.

use std::sync::Arc;
use std::time::Duration;

use leptos::{html::Section, prelude::*, task::spawn_local};

use crate::account::Account;
use crate::api::ApiError;
use crate::chunk::{self, Later};
use crate::words::say;

/// How long something can be taken back.
const STAYS: Duration = Duration::from_secs(10);
/// While somebody points at messages or has the keyboard in them, they stay so much longer.
const LONGER: Duration = Duration::from_secs(2);
/// Messages that are seen at once; the oldest gives way.
const MOST: usize = 3;

type Act = Arc<dyn Fn() + Send + Sync>;

/// One message.
#[derive(Clone)]
struct Toast {
    id: u64,
    said: String,
    undo: Option<Act>,
    is_error: bool,
}

/// Messages: one list per page, in the context.
#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
    host: NodeRef<Section>,
    /// What a refusal may tell of; handlers of events know no context.
    account: Account,
}

impl core::fmt::Debug for Toast {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.said)
    }
}

impl Toasts {
    pub(super) fn new(account: Account) -> Self {
        Self {
            shown: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            host: NodeRef::new(),
            account,
        }
    }

    /// Says that something was done that cannot be taken back.
    pub fn say(self, said: impl Into<String>) {
        self.push(said.into(), None, false);
    }

    /// Says that something was done; `undo` takes it back.
    pub fn done(self, said: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
        self.push(said.into(), Some(Arc::new(undo)), false);
    }

    /// Says that something did not work, and why.
    pub fn failed(self, why: &ApiError) {
        let why = format!("{why} {}", why.advice());
        self.push(say::toast_failed(&why), None, true);
    }

    /// A change that is on screen already: `send` tells the collector. If that fails, or somebody takes
    /// it back, `roll_back` puts the screen back; what was sent is then undone by `take_back`.
    pub fn change<S, T>(
        self,
        said: impl Into<String>,
        roll_back: impl Fn() + Send + Sync + 'static,
        send: impl Future<Output = Result<S, ApiError>> + 'static,
        take_back: impl Fn() -> T + Send + Sync + 'static,
    ) where
        T: Future<Output = Result<(), ApiError>> + 'static,
    {
        let account = self.account;
        let roll_back: Act = Arc::new(roll_back);
        let was_sent = RwSignal::new(None::<bool>);
        let undo = {
            let roll_back = Arc::clone(&roll_back);
            move || {
                roll_back();
                let back = take_back();
                spawn_local(async move {
                    // What is still under way has to arrive before it can be undone.
                    while was_sent.try_get_untracked() == Some(None) {
                        crate::browser::sleep(50).await;
                    }
                    if was_sent.try_get_untracked() == Some(Some(true))
                        && let Err(error) = back.await
                    {
                        account.ended_by(&error);
                        self.failed(&error);
                    }
                });
            }
        };
        let id = self.push(said.into(), Some(Arc::new(undo)), false);
        spawn_local(async move {
            let sent = send.await;
            was_sent.try_set(Some(sent.is_ok()));
            if let Err(error) = sent {
                let is_there = self.take(id).is_some();
                account.ended_by(&error);
                // Whoever took it back already has the screen as it was.
                if is_there {
                    roll_back();
                }
                self.failed(&error);
            }
        });
    }

    fn push(self, said: String, undo: Option<Act>, is_error: bool) -> u64 {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.shown.update(|shown| {
            queue(
                shown,
                Toast {
                    id,
                    said,
                    undo,
                    is_error,
                },
            );
        });
        self.end_after(id, STAYS);
        id
    }

    fn end_after(self, id: u64, pause: Duration) {
        let end = move || match self.is_looked_at() {
            true => self.end_after(id, LONGER),
            false => {
                self.take(id);
            }
        };
        // A browser without timers would show messages for ever.
        let _ = set_timeout_with_handle(end, pause);
    }

    fn is_looked_at(self) -> bool {
        let host = self.host.try_get_untracked().flatten();
        host.is_some_and(|host| host.matches(":hover, :focus-within").unwrap_or(false))
    }

    fn take(self, id: u64) -> Option<Toast> {
        self.shown.try_update(|shown| {
            let at = shown.iter().position(|one| one.id == id)?;
            Some(shown.remove(at))
        })?
    }

    fn undo(self, id: u64) {
        if let Some(undo) = self.take(id).and_then(|toast| toast.undo) {
            undo();
        }
    }

    pub(super) fn undo_latest(self) {
        let latest = self.shown.with_untracked(|shown| {
            let can = shown.iter().rev().find(|toast| toast.undo.is_some());
            can.map(|toast| toast.id)
        });
        latest.into_iter().for_each(|id| self.undo(id));
    }
}

fn queue(shown: &mut Vec<Toast>, toast: Toast) {
    shown.push(toast);
    let over = shown.len().saturating_sub(MOST);
    shown.drain(..over);
}

/// Where messages appear; a screen reader says them when it has said what it was saying.
#[component]
pub fn ToastHost() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let is_any = Signal::derive(move || toasts.shown.with(|shown| !shown.is_empty()));
    view! {
        <section class="toasts" node_ref=toasts.host aria-label=say::toast_title() aria-live="polite">
            <Later chunk=chunk::TOASTS wanted=is_any/>
        </section>
    }
}

/// The messages themselves.
#[component]
pub fn ToastList() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    view! {
        <For each=move || toasts.shown.get() key=|toast| toast.id let:toast>
            <div class="toast" class:bad=toast.is_error data-testid="toast">
                <p>{toast.said}</p>
                {toast.undo.is_some().then(|| view! {
                    <button class="button quiet" type="button" on:click=move |_| toasts.undo(toast.id)>
                        {say::app_undo()}
                    </button>
                })}
                <button
                    class="button quiet" type="button" aria-label=say::app_close()
                    on:click=move |_| { toasts.take(toast.id); }
                >
                    "\u{d7}"
                </button>
            </div>
        </For>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_messages_stay() {
        let mut shown = Vec::new();
        for id in 0..5 {
            let said = id.to_string();
            queue(
                &mut shown,
                Toast {
                    id,
                    said,
                    undo: None,
                    is_error: false,
                },
            );
        }
        let ids: Vec<_> = shown.iter().map(|toast| toast.id).collect();
        assert_eq!(ids, [2, 3, 4]);
    }
}
