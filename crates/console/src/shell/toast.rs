//! Turns what was just done into a message that can take it back.

use std::sync::{Arc, Mutex};
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

/// What a change does to the screen, there and back, and how the collector undoes it.
struct Change<A, R, T> {
    apply: A,
    roll_back: R,
    take_back: T,
}

/// What has become of a change that was sent.
enum Fate<S> {
    UnderWay,
    /// Somebody took it back before it arrived.
    Unwanted,
    /// It can be undone.
    Arrived(S),
    /// It was refused, or undone.
    Over,
}

/// What had become of a change, which is `next` from now on.
fn take_fate<S>(fate: &Mutex<Fate<S>>, next: Fate<S>) -> Fate<S> {
    match fate.lock() {
        Ok(mut fate) => core::mem::replace(&mut *fate, next),
        // Nobody panicked with it in hand.
        Err(_) => Fate::Over,
    }
}

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

    /// Changes something on screen at once by `apply`, while `send` tells the collector. If that fails,
    /// or somebody takes it back, `roll_back` puts the screen back; what was sent is then undone by
    /// `take_back`, which hears what came of it. If that fails too, it is applied again: the screen shows
    /// what is.
    pub fn change<S, T>(
        self,
        said: impl Into<String>,
        apply: impl Fn() + Send + Sync + 'static,
        roll_back: impl Fn() + Send + Sync + 'static,
        send: impl Future<Output = Result<S, ApiError>> + 'static,
        take_back: impl Fn(S) -> T + Send + Sync + 'static,
    ) where
        S: Send + Sync + 'static,
        T: Future<Output = Result<(), ApiError>> + 'static,
    {
        apply();
        let fate = Arc::new(Mutex::new(Fate::UnderWay));
        let change = Arc::new(Change {
            apply,
            roll_back,
            take_back,
        });
        let (undone, back) = (Arc::clone(&fate), Arc::clone(&change));
        let undo = move || {
            (back.roll_back)();
            // What is still under way has to arrive before it can be undone.
            if let Fate::Arrived(sent) = take_fate(&undone, Fate::Unwanted) {
                self.take_back(Arc::clone(&back), sent);
            }
        };
        let id = self.push(said.into(), Some(Arc::new(undo)), false);
        spawn_local(async move {
            match send.await {
                Ok(sent) => {
                    let is_unwanted = match fate.lock() {
                        Ok(fate) => matches!(*fate, Fate::Unwanted),
                        Err(_) => false,
                    };
                    match is_unwanted {
                        true => self.take_back(change, sent),
                        false => drop(take_fate(&fate, Fate::Arrived(sent))),
                    }
                }
                Err(error) => {
                    self.take(id);
                    self.account.ended_by(&error);
                    // Whoever took it back already has the screen as it was.
                    if !matches!(take_fate(&fate, Fate::Over), Fate::Unwanted) {
                        (change.roll_back)();
                    }
                    self.failed(&error);
                }
            }
        });
    }

    /// Undoes what arrived; where that does not work, the screen shows again what is.
    fn take_back<S: 'static, T>(
        self,
        change: Arc<Change<impl Fn() + 'static, impl Fn() + 'static, impl Fn(S) -> T + 'static>>,
        sent: S,
    ) where
        T: Future<Output = Result<(), ApiError>> + 'static,
    {
        spawn_local(async move {
            if let Err(error) = (change.take_back)(sent).await {
                self.account.ended_by(&error);
                (change.apply)();
                let why = format!("{error} {}", error.advice());
                self.push(say::toast_not_back(&why), None, true);
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
