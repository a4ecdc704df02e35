//! Turns the session cookie, which the page cannot see, into who is signed in.

use leptos::{prelude::*, task::spawn_local};
use protocol::query::{Session, SurveySummary};

use crate::api::{self, ApiError};
use crate::browser;

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

/// The surveys there are, as was last heard: one list per person, in the context.
#[derive(Clone, Copy, Debug)]
pub struct Surveys(pub RwSignal<Vec<SurveySummary>>);

impl Surveys {
    /// Asks for them anew; without an answer those that were there stay.
    pub fn ask(self) {
        spawn_local(async move {
            if let Ok(session) = api::session().await {
                self.0.try_set(session.surveys);
            }
        });
    }
}

/// Who is signed in: one per page, in the context.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// What is known right now.
    pub who: RwSignal<Who>,
    /// Whether the session of whoever is on screen has ended: a form to sign in again lies over the page,
    /// which stays as it is.
    pub has_ended: RwSignal<bool>,
}

impl Account {
    /// Starts by asking the collector.
    pub fn new() -> Self {
        let account = Self {
            who: RwSignal::new(Who::Asking),
            has_ended: RwSignal::new(false),
        };
        account.ask();
        account
    }

    /// Of somebody with a link to a view: nobody whom the collector knows.
    pub fn of_visitor() -> Self {
        Self {
            who: RwSignal::new(Who::Asking),
            has_ended: RwSignal::new(false),
        }
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

    /// Asks to sign in again if `error` says that the session has ended; tells whether it did.
    pub fn ended_by(self, error: &ApiError) -> bool {
        let ended = *error == ApiError::NotSignedIn;
        if ended {
            match self
                .who
                .with_untracked(|who| matches!(who, Who::SignedIn(_)))
            {
                // Once: who is typing a password keeps it.
                true if self.has_ended.get_untracked() => {}
                true => self.has_ended.set(true),
                false => self.who.set(Who::SignedOut),
            }
        }
        ended
    }

    /// Takes in who signed in. Somebody else gets pages of their own; the same person goes on.
    pub fn came_in(self, session: Session) {
        let is_same = self.who.with_untracked(|who| match who {
            Who::SignedIn(before) => before.email == session.email,
            _ => false,
        });
        if !is_same {
            self.who.set(Who::SignedIn(session));
        }
        self.has_ended.set(false);
    }

    /// Does something as soon as there is a session: where it has ended, after the same person has signed in
    /// again.
    ///
    /// # Errors
    /// Those of `what`; that nobody is signed in only where somebody else came, or nobody.
    pub async fn with_session<T, F>(self, what: impl Fn() -> F) -> Result<T, ApiError>
    where
        F: Future<Output = Result<T, ApiError>>,
    {
        let whose = |who: &Who| match who {
            Who::SignedIn(session) => Some(session.email.clone()),
            _ => None,
        };
        let before = self.who.with_untracked(whose);
        loop {
            match what().await {
                Err(error) if self.ended_by(&error) => {
                    // Somebody types a password meanwhile: a fifth of a second is soon enough.
                    while self.has_ended.try_get_untracked() == Some(true) {
                        browser::sleep(200).await;
                    }
                    let now = self.who.try_with_untracked(whose).flatten();
                    if now.is_none() || now != before {
                        return Err(error);
                    }
                }
                done => return done,
            }
        }
    }
}

impl Default for Account {
    fn default() -> Self {
        Self::new()
    }
}
