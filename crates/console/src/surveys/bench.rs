//! Turns what somebody types into drafts that are saved by themselves, and never lost.
//!
//! Every save names the draft that it goes on from. Where somebody else was faster, what was typed stays on
//! screen beside theirs until its author decides; where the session has ended it waits for the next one.

use core::time::Duration;
use std::sync::Arc;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::{prelude::*, task::spawn_local};
use protocol::query::Finding;
use protocol::query::surveys::{Clash, Desk, NewDraft, Publish, Reach, Rollback, State};

use super::api::{self, Told};
use super::element;
use super::saving::DeskLine;
pub use super::saving::Saving;
use super::url;
use crate::account::{Account, Surveys};
use crate::api::ApiError;
use crate::route::{Route, Step, route};
use crate::shell::toast::Toasts;
use crate::words::say;

/// After the last key until what was typed is saved.
const PAUSE: Duration = Duration::from_millis(500);
/// Until a save that failed is tried again.
const RETRY: Duration = Duration::from_secs(4);

/// One survey under work: all of it is signals.
#[derive(Clone, Copy, Debug)]
pub struct Bench {
    id: StoredValue<String>,
    account: Account,
    toasts: Toasts,
    route: Route,
    surveys: Surveys,
    /// As it was when it was last asked for.
    pub desk: RwSignal<Option<Desk>>,
    /// Why it could not be asked for.
    pub trouble: RwSignal<Option<ApiError>>,
    /// What is in the editor.
    pub text: RwSignal<String>,
    /// What is wrong with it.
    pub findings: RwSignal<Vec<Finding>>,
    /// Where it is.
    pub saving: RwSignal<Saving>,
    /// What somebody else made of it meanwhile.
    pub clash: RwSignal<Option<Clash>>,
    /// Who would have seen it.
    pub reach: RwSignal<Option<Reach>>,
    /// Whether the preview shows what is in the editor.
    pub is_shown: RwSignal<bool>,
    /// BCP 47 tag that the preview is in; empty for the survey's own.
    pub language: RwSignal<String>,
    line: StoredValue<Arc<DeskLine>>,
    next: StoredValue<Option<TimeoutHandle>>,
    looks: StoredValue<u64>,
}

impl Bench {
    /// Asks for the survey.
    pub fn new(id: String) -> Self {
        let bench = Self {
            id: StoredValue::new(id),
            account: expect_context::<Account>(),
            toasts: expect_context::<Toasts>(),
            route: route(),
            surveys: expect_context::<Surveys>(),
            desk: RwSignal::new(None),
            trouble: RwSignal::new(None),
            text: RwSignal::new(String::new()),
            findings: RwSignal::new(Vec::new()),
            saving: RwSignal::new(Saving::Nothing),
            clash: RwSignal::new(None),
            reach: RwSignal::new(None),
            is_shown: RwSignal::new(true),
            language: RwSignal::new(String::new()),
            line: StoredValue::new(Arc::default()),
            next: StoredValue::new(None),
            looks: StoredValue::new(0),
        };
        bench.ask();
        on_cleanup(move || {
            bench.wait_no_more();
            bench.last_words();
        });
        bench
    }

    /// Its slug.
    pub fn id(self) -> String {
        self.id.try_get_value().unwrap_or_default()
    }

    fn line(self) -> Arc<DeskLine> {
        self.line.try_get_value().unwrap_or_default()
    }

    /// Asks for everything again; the editor takes what is there.
    pub fn ask(self) {
        let line = self.line();
        spawn_local(async move {
            line.hold().await;
            self.ask_now(&line).await;
            self.let_go(&line);
        });
    }

    async fn ask_now(self, line: &DeskLine) {
        let id = self.id();
        let id = id.as_str();
        // Nobody is here any more who asks.
        if id.is_empty() {
            return;
        }
        match self.account.with_session(|| api::desk(id)).await {
            Ok(desk) => self.take(desk, line),
            Err(error) => {
                self.trouble.try_set(Some(error));
            }
        }
    }

    /// What was typed while something else was under way is saved after it.
    fn let_go(self, line: &DeskLine) {
        line.let_go();
        if self.saving.try_with_untracked(Saving::is_due) == Some(true) {
            self.soon(PAUSE);
        }
    }

    fn take(self, desk: Desk, line: &DeskLine) {
        // Another survey may be in the editor by now.
        let Some(is_first) = self.desk.try_with_untracked(Option::is_none) else {
            return;
        };
        let draft = desk.draft.as_ref();
        line.set_rev(draft.map_or(0, |draft| draft.rev));
        let newest = desk.newest.as_ref().map_or(0, |newest| newest.version);
        line.set_base(draft.map_or(newest, |draft| draft.base));
        self.trouble.try_set(None);
        self.clash.try_set(None);
        let taken = self
            .saving
            .with_untracked(|saving| saving.taken(draft, desk.newest.as_ref()));
        let found = draft.map(|draft| draft.findings.clone());
        if let Some((text, saving)) = taken {
            self.saving.try_set(saving);
            self.findings.try_set(found.unwrap_or_default());
            self.text.try_set(text.clone());
            if !is_first {
                element::write(&text);
            }
        }
        self.desk.try_set(Some(desk));
        self.tell_editor();
        self.look();
    }

    /// Somebody typed: what is in the editor is this now.
    pub fn typed(self, text: String) {
        if self.text.try_with_untracked(|old| *old == text) == Some(true) {
            return;
        }
        self.text.try_set(text);
        if self.saving.try_get_untracked() != Some(Saving::Clashed) {
            self.saving.try_set(Saving::Waiting);
        }
        self.soon(PAUSE);
    }

    /// Puts something else into the editor, as one step that can be undone there.
    pub fn replace(self, text: String) {
        // Another survey may be in the editor by now.
        if self.text.try_with_untracked(|_| ()).is_some() {
            element::write(&text);
            self.typed(text);
        }
    }

    fn soon(self, pause: Duration) {
        self.wait_no_more();
        let act = move || {
            self.save();
            self.look();
        };
        self.next
            .try_set_value(set_timeout_with_handle(act, pause).ok());
    }

    fn wait_no_more(self) {
        if let Some(Some(handle)) = self.next.try_update_value(Option::take) {
            handle.clear();
        }
    }

    /// Saves what differs from what the collector has, unless that is under way.
    fn save(self) {
        let is_due = self.saving.try_with_untracked(Saving::is_due) == Some(true);
        let line = self.line();
        if is_due && line.try_hold() {
            spawn_local(async move {
                self.settle(&line).await;
                line.let_go();
            });
        }
    }

    /// What was typed in the last moment is not lost with the page, nor where a save is under way.
    fn last_words(self) {
        let is_due = self.saving.try_with_untracked(Saving::is_due) == Some(true);
        let (Some(text), true) = (self.text.try_get_untracked(), is_due) else {
            return;
        };
        let (id, line) = (self.id(), self.line());
        spawn_local(async move {
            line.hold().await;
            let (id, rev) = (id.as_str(), line.rev());
            let base = Some(line.base());
            let draft = &NewDraft { text, rev, base };
            if let Err(error) = self.account.with_session(|| api::save(id, draft)).await {
                self.toasts.failed(&error);
            }
            line.let_go();
        });
    }

    /// Saves until nothing differs; whether all is with the collector then.
    async fn settle(self, line: &DeskLine) -> bool {
        loop {
            let Some(text) = self.text.try_get_untracked() else {
                // What is left to do is in the last words.
                break false;
            };
            let sent = NewDraft {
                text,
                rev: line.rev(),
                base: Some(line.base()),
            };
            let (id, draft) = (self.id(), &sent);
            let id = id.as_str();
            match self.account.with_session(|| api::save(id, draft)).await {
                Ok(Told::Done(kept)) => {
                    line.set_rev(kept.rev);
                    line.set_base(kept.base);
                    self.findings.try_set(kept.findings);
                    self.tell_editor();
                    if self.text.try_with_untracked(|now| *now == sent.text) != Some(false) {
                        self.saving.try_set(Saving::Saved(kept.saved_ms));
                        break true;
                    }
                }
                Ok(Told::Clash(clash)) => {
                    self.clash.try_set(Some(*clash));
                    self.saving.try_set(Saving::Clashed);
                    break false;
                }
                Ok(Told::Refused(findings)) => {
                    self.findings.try_set(findings);
                    break false;
                }
                Err(error) => {
                    self.saving.try_set(Saving::Failed(error));
                    self.soon(RETRY);
                    break false;
                }
            }
        }
    }

    fn tell_editor(self) {
        // Texts, which always can be written.
        let json = self.findings.try_with_untracked(serde_json::to_string);
        if let Some(Ok(json)) = json {
            element::set_findings(&json);
        }
    }

    /// Shows what is in the editor, and asks who would have seen it.
    pub fn look(self) {
        let Some(turn) = self.looks.try_update_value(|n| {
            *n += 1;
            *n
        }) else {
            return;
        };
        let text = self.text.try_get_untracked().unwrap_or_default();
        let language = self.language.try_get_untracked().unwrap_or_default();
        spawn_local(async move {
            let shown = api::preview(text.clone(), &language).await;
            if self.looks.try_get_value() != Some(turn) {
                return;
            }
            if let Ok(shown) = shown {
                self.is_shown.try_set(shown.is_some());
                if let Some(bytes) = shown {
                    element::set_content(&bytes);
                }
            }
            let reach = api::reach(text).await;
            if self.looks.try_get_value() == Some(turn)
                && let Ok(reach) = reach
            {
                self.reach.try_set(reach);
            }
        });
    }

    /// Whether it stands still, as far as is known.
    pub fn is_paused(self) -> bool {
        self.desk.with(|desk| {
            let state = desk.as_ref().map(|desk| desk.entry.state);
            state == Some(State::Paused)
        })
    }

    fn newest(self) -> u32 {
        let version = self
            .desk
            .try_with_untracked(|desk| desk.as_ref()?.entry.version);
        version.flatten().unwrap_or_default()
    }

    /// Makes what is in the editor the version that runs.
    pub fn publish(self) {
        self.wait_no_more();
        let (id, line) = (self.id(), self.line());
        spawn_local(async move {
            line.hold().await;
            let is_saved = matches!(self.saving.try_get_untracked(), Some(Saving::Saved(_)));
            if !is_saved && !self.settle(&line).await {
                line.let_go();
                return;
            }
            let what = Publish {
                rev: line.rev(),
                base: line.base(),
            };
            let at = id.as_str();
            let told = self.account.with_session(|| api::publish(at, what)).await;
            if let Ok(Told::Done(_)) = told {
                // The draft has become a version: what was typed meanwhile is another.
                line.set_rev(0);
            }
            self.published(&line, id, told, what.base).await;
        });
    }

    /// Makes an older version the one that runs.
    pub fn roll_back(self, version: u32) {
        let base = self.newest();
        self.roll_back_to(self.id(), Rollback { version, base });
    }

    /// The same wherever somebody is by now.
    fn roll_back_to(self, id: String, what: Rollback) {
        let line = self.line();
        spawn_local(async move {
            line.hold().await;
            let at = id.as_str();
            let told = self.account.with_session(|| api::roll_back(at, what)).await;
            self.published(&line, id, told, what.base).await;
        });
    }

    async fn published(
        self,
        line: &DeskLine,
        id: String,
        told: Result<Told<protocol::query::Published>, ApiError>,
        before: u32,
    ) {
        match told {
            Ok(Told::Done(made)) => {
                let base = made.version;
                // Other pages know it from now on.
                self.surveys.ask();
                let version = made.version.to_string();
                let said = say::survey_published(&version);
                match (made.is_new, before) {
                    (false, _) => self.toasts.say(say::survey_unchanged(&version)),
                    // Nothing ran before.
                    (true, 0) => self
                        .toasts
                        .done(said, move || self.set_paused(id.clone(), true)),
                    (true, version) => self.toasts.done(said, move || {
                        self.roll_back_to(id.clone(), Rollback { version, base });
                    }),
                }
                self.ask_now(line).await;
            }
            Ok(Told::Clash(clash)) => {
                self.clash.try_set(Some(*clash));
                self.saving.try_set(Saving::Clashed);
            }
            Ok(Told::Refused(findings)) => {
                self.findings.try_set(findings);
                self.tell_editor();
                self.toasts.say(say::survey_stays_draft());
            }
            Err(error) => self.toasts.failed(&error),
        }
        self.let_go(line);
    }

    /// Stops it, or lets it go on: on screen at once, and back if that fails.
    pub fn pause(self, paused: bool) {
        self.set_paused(self.id(), paused);
    }

    fn set_paused(self, id: String, paused: bool) {
        let show = move |paused: bool| {
            self.desk.try_update(|desk| {
                if let Some(desk) = desk {
                    desk.entry.state = if paused {
                        State::Paused
                    } else {
                        State::Running
                    };
                }
            });
        };
        let send = move |paused: bool| {
            let id = id.clone();
            async move {
                let id = id.as_str();
                self.account.with_session(|| api::pause(id, paused)).await?;
                // It may begin or end by itself.
                self.ask_state();
                Ok::<(), ApiError>(())
            }
        };
        let said = if paused {
            say::survey_was_paused()
        } else {
            say::survey_was_resumed()
        };
        self.toasts.change(
            said,
            move || show(paused),
            move || show(!paused),
            send(paused),
            move |()| send(!paused),
        );
    }

    /// Asks how it stands, and leaves the editor alone.
    fn ask_state(self) {
        spawn_local(async move {
            let id = self.id();
            if !id.is_empty()
                && let Ok(fresh) = api::desk(&id).await
            {
                self.desk.try_update(|desk| {
                    if let Some(desk) = desk {
                        desk.entry = fresh.entry;
                    }
                });
            }
        });
    }

    /// Goes back to what is published.
    pub fn discard(self) {
        self.wait_no_more();
        let kept = self.text.try_get_untracked().unwrap_or_default();
        let (id, line) = (self.id(), self.line());
        let base = Some(line.base());
        spawn_local(async move {
            line.hold().await;
            let (id, rev) = (id.as_str(), line.rev());
            match self.account.with_session(|| api::discard(id, rev)).await {
                Ok(Told::Done(())) => {
                    line.set_rev(0);
                    // What was typed since is no part of what was discarded.
                    if self.text.try_with_untracked(|now| *now == kept) == Some(true) {
                        self.saving.try_set(Saving::Nothing);
                    }
                    // Without a version there is nothing left of it here.
                    match self.newest() {
                        0 => self.route.go("surveys", Step::Instead),
                        _ => self.ask_now(&line).await,
                    }
                    let name = String::from(id);
                    let back = move || self.begin_anew(name.clone(), kept.clone(), base);
                    self.toasts.done(say::survey_discarded(), back);
                }
                Ok(Told::Clash(clash)) => {
                    self.clash.try_set(Some(*clash));
                    self.saving.try_set(Saving::Clashed);
                }
                Ok(Told::Refused(_)) => {}
                Err(error) => self.toasts.failed(&error),
            }
            self.let_go(&line);
        });
    }

    /// Makes a draft of what was discarded, wherever somebody is by now.
    fn begin_anew(self, id: String, text: String, base: Option<u32>) {
        spawn_local(async move {
            match api::save(&id, &NewDraft { text, rev: 0, base }).await {
                Ok(_) => {
                    self.route.go(&url::desk(&id), Step::Forth);
                    self.ask();
                }
                Err(error) => self.toasts.failed(&error),
            }
        });
    }

    /// Of two sides, what is in the editor: it replaces what somebody else has saved.
    pub fn keep_mine(self) {
        let theirs = self.clash.try_get_untracked().flatten();
        let Some(theirs) = theirs else {
            return;
        };
        let rev = theirs.draft.as_ref().map_or(0, |draft| draft.rev);
        let line = self.line();
        line.set_rev(rev);
        // Its author has seen both by now.
        line.set_base(theirs.newest.as_ref().map_or(0, |newest| newest.version));
        self.desk.try_update(|desk| {
            if let (Some(desk), Some(newest)) = (desk, theirs.newest) {
                desk.entry.version = Some(newest.version);
                desk.newest = Some(newest);
            }
        });
        self.clash.try_set(None);
        self.saving.try_set(Saving::Waiting);
        self.save();
    }

    /// Of two sides, somebody else's: what was in the editor comes back by undoing.
    pub fn take_theirs(self) {
        let mine = self.text.try_get_untracked().unwrap_or_default();
        let back = move || self.replace(mine.clone());
        self.toasts.done(say::survey_took_theirs(), back);
        self.ask();
    }
}
