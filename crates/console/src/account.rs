//! Turns the session cookie, which the page cannot see, into who is signed in.

use leptos::{prelude::*, task::spawn_local};
use protocol::query::Session;

use crate::api::{self, ApiError};

/// What is known about who looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// The collector has been asked.
    Asking,
    /// Nobody; the sign-in form stands where the page would be, and the URL stays.
    SignedOut,
    /// This person.
    SignedIn(Session),
    /// The collector could not say.
    Unknown(ApiError),
}

/// Who is signed in: one per page, in the context.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// What is known right now.
    pub who: RwSignal<Who>,
}

impl Account {
    /// Starts by asking the collector.
    pub fn new() -> Self {
        let account = Self {
            who: RwSignal::new(Who::Asking),
        };
        account.ask();
        account
    }

    /// Asks the collector who is signed in.
    pub fn ask(self) {
        spawn_local(async move {
            let who = match api::session().await {
                Ok(session) => Who::SignedIn(session),
                Err(ApiError::NotSignedIn) => Who::SignedOut,
                Err(error) => Who::Unknown(error),
            };
            self.who.set(who);
        });
    }

    /// Leads to the sign-in form if `error` says that the session has ended; tells whether it did.
    pub fn ended_by(self, error: &ApiError) -> bool {
        let ended = *error == ApiError::NotSignedIn;
        if ended {
            self.who.set(Who::SignedOut);
        }
        ended
    }
}

impl Default for Account {
    fn default() -> Self {
        Self::new()
    }
}
