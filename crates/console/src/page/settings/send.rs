//! Turns a form into a request, and what came of it into what stands beside the form.

use gloo_net::http::Method;
use leptos::{prelude::*, task::spawn_local};
use serde::Serialize;

use crate::account::Account;
use crate::api::{self, ApiError};

/// How long an answer may take: ten times what a change should.
const PATIENCE_MS: u32 = 10_000;
/// How long one may take that writes the whole database anew.
const LONG_MS: u32 = 600_000;

/// One form that sends something.
#[derive(Clone, Copy)]
pub(super) struct Sending {
    pub(super) busy: RwSignal<bool>,
    pub(super) wrong: RwSignal<Option<ApiError>>,
    account: Account,
    /// Milliseconds in which an answer is awaited.
    patience_ms: u32,
}

impl Sending {
    pub(super) fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            wrong: RwSignal::new(None),
            account: expect_context::<Account>(),
            patience_ms: PATIENCE_MS,
        }
    }

    /// For what takes as long as there is much to do.
    pub(super) fn patient() -> Self {
        Self {
            patience_ms: LONG_MS,
            ..Self::new()
        }
    }

    /// Sends `body`, unless something is under way, and does `then` with what came back. Where a session
    /// has ended, what was typed is sent after signing in again.
    pub(super) fn send(
        self,
        method: Method,
        url: impl Into<String>,
        body: Option<String>,
        then: impl FnOnce(String) + 'static,
    ) {
        // The line of a list may have been drawn anew while a question was asked about it.
        if self.busy.try_get_untracked() == Some(true) {
            return;
        }
        self.busy.try_set(true);
        let (url, then): (String, Box<dyn FnOnce(String)>) = (url.into(), Box::new(then));
        spawn_local(async move {
            let sent = self.account.with_session(|| {
                let (method, url, body) = (method.clone(), url.clone(), body.clone());
                async move { api::change_within(self.patience_ms, method, &url, body).await }
            });
            let sent = sent.await;
            self.busy.try_set(false);
            match sent {
                Ok(text) => {
                    self.wrong.try_set(None);
                    then(text);
                }
                Err(error) => {
                    self.wrong.try_set(Some(error));
                }
            }
        });
    }
}

/// A body; what is made of texts and numbers always can be written.
pub(super) fn body(value: &impl Serialize) -> Option<String> {
    serde_json::to_string(value).ok()
}

/// What went wrong, said once where the form is.
pub(super) fn wrong(sending: Sending) -> impl IntoView {
    view! {
        <div class="wrong" role="alert">
            {move || sending.wrong.get().map(|error| view! {
                <p>{error.to_string()}" "{error.advice()}</p>
            })}
        </div>
    }
}
