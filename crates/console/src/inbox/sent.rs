//! Turns a change into what is on screen at once, and into a step of the collector that can be undone.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use leptos::prelude::*;
use protocol::id::ResponseId;
use protocol::query::inbox::{Change, Changed, Disagreed, Item, NewChange, Which};
use protocol::query::view::{Status, View};

use super::board::{Board, Checked};
use super::edit::{self, Edit, Pending, Touched};
use super::names;
use crate::api::{self, ApiError, Verb};
use crate::browser;
use crate::words::say;

/// What a change is of.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Ids(Vec<ResponseId>),
    All(u64),
}

impl Board {
    /// How many a change would be of.
    pub fn n_target(self) -> u64 {
        match self.target() {
            Some(Target::Ids(ids)) => ids.len() as u64,
            Some(Target::All(n)) => n,
            None => 0,
        }
    }

    /// What is chosen; else what is open, or where the keyboard is.
    fn target(self) -> Option<Target> {
        match self.checked.get_untracked() {
            Checked::Ids(ids) => return Some(Target::Ids(ids)),
            Checked::All => {
                let counts = self.counts.shown.get_untracked();
                return counts.map(|(_, counts)| Target::All(counts.total));
            }
            Checked::None => {}
        }
        let sel = self.sel.get_untracked();
        let one = sel.or_else(|| self.cursor.get_untracked())?;
        Some(Target::Ids(vec![one]))
    }

    /// The items on screen that a change would be of.
    pub fn targets(self) -> Vec<Item> {
        let touched = match self.target() {
            Some(Target::Ids(ids)) => Touched::Ids(ids),
            Some(Target::All(_)) => Touched::All,
            None => return Vec::new(),
        };
        let items = self.items.get_untracked().into_iter();
        let mut all: Vec<_> = items.filter(|item| touched.has(item.response)).collect();
        // One that was opened by a link may be in no list.
        if all.is_empty()
            && let Some(open) = untrack(move || self.current())
        {
            all.push(open);
        }
        all
    }

    /// Changes what is chosen, or open; goes on to the next where `goes_on` says so.
    pub fn change(self, change: Change, goes_on: bool) {
        if !self.can_change() {
            return;
        }
        if let Some(target) = self.target() {
            let is_one = self.checked.with_untracked(|it| *it == Checked::None);
            self.send(target, change, is_one && goes_on);
            if !is_one {
                self.checked.set(Checked::None);
            }
        }
    }

    /// Says that somebody has looked at it. What has come further stays where it is.
    pub fn look_at(self) {
        let is_one = self.checked.with_untracked(|it| *it == Checked::None);
        let is_new = |item: &Item| item.status == Status::New;
        if is_one && !self.targets().iter().any(is_new) {
            self.walk(1);
        } else {
            self.change(Change::Status(Status::Triaged), true);
        }
    }

    /// Changes one item.
    pub fn change_one(self, id: ResponseId, change: Change) {
        if self.can_change() {
            self.send(Target::Ids(vec![id]), change, false);
        }
    }

    fn send(self, target: Target, change: Change, goes_on: bool) {
        let (touched, n) = match &target {
            Target::Ids(ids) => (Touched::Ids(ids.clone()), ids.len() as u64),
            Target::All(n) => (Touched::All, *n),
        };
        let before: Vec<_> = match &target {
            Target::Ids(ids) => {
                let has = |item: &Item| ids.contains(&item.response);
                let listed = self.items.get_untracked().into_iter().filter(has);
                let mut all: Vec<_> = listed.collect();
                let open = untrack(move || self.current()).filter(has);
                all.extend(open.filter(|open| !all.iter().any(|it| it.response == open.response)));
                all
            }
            Target::All(_) => self.items.get_untracked(),
        };
        let cursor = self.cursor.get_untracked();
        let next = self.beside(1).or_else(|| self.beside(-1));
        let said = self
            .zone
            .with_untracked(|zone| names::done(&change, n, zone));
        let sent = Sent {
            board: self,
            id: self
                .next
                .try_update_value(|n| {
                    *n += 1;
                    *n
                })
                .unwrap_or_default(),
            view: self.view.get_untracked(),
            edit: Edit::Change(touched, change.clone()),
            before,
            stage: Arc::new(AtomicU8::new(UNDER_WAY)),
        };
        let (there, back, undo) = (sent.clone(), sent.clone(), sent.clone());
        let is_there = move || {
            self.items
                .with_untracked(|items| items.iter().any(|item| Some(item.response) == cursor))
        };
        self.toasts.change(
            said,
            move || there.apply(),
            move || back.roll_back(cursor),
            async move { sent.send(target, change).await },
            move |changed| undo.clone().take_back(changed),
        );
        if goes_on || !is_there() {
            self.move_on(next);
        }
    }

    /// Opens what comes next; where there is nothing, nothing is open.
    fn move_on(self, next: Option<ResponseId>) {
        let is_open = self.sel.with_untracked(Option::is_some);
        self.cursor.set(next);
        if is_open {
            self.open(next);
        }
    }
}

const UNDER_WAY: u8 = 0;
const ARRIVED: u8 = 1;
const REFUSED: u8 = 2;

/// One change on its way.
#[derive(Clone)]
struct Sent {
    board: Board,
    id: u64,
    view: View,
    edit: Edit,
    before: Vec<Item>,
    stage: Arc<AtomicU8>,
}

impl Sent {
    fn is(&self, stage: u8) -> bool {
        self.stage.load(Ordering::Relaxed) == stage
    }

    /// Puts it, or its opposite, on screen; nothing when what the collector says is right.
    fn show(&self, what: Option<Edit>) {
        let id = self.id;
        self.board.pending.try_update(|pending| {
            pending.retain(|one| one.id != id);
            pending.extend(what.map(|what| Pending { id, what }));
        });
    }

    fn apply(&self) {
        let is_said = self.is(ARRIVED);
        self.show((!is_said).then(|| self.edit.clone()));
    }

    fn roll_back(&self, cursor: Option<ResponseId>) {
        let is_refused = self.is(REFUSED);
        self.show((!is_refused).then(|| Edit::Restore(self.before.clone())));
        let board = self.board;
        if let Some(Some(_)) = board.sel.try_get_untracked() {
            board.open(cursor);
        }
        board.cursor.try_set(cursor);
    }

    /// Makes part of what the collector said what it will say next.
    fn settle(&self, edit: &Edit) {
        let (view, now) = (&self.view, browser::now_ms());
        let board = self.board;
        board.list.shown.try_update(|told| {
            if let Some(told) = told
                && told.query == view.to_string()
            {
                told.list.apply(edit, view, now);
            }
        });
        board.detail.shown.try_update(|told| {
            if let Some(Some(told)) = told {
                let mut items = vec![told.item.clone()];
                edit::apply(&mut items, edit, &View::default(), now);
                let id = told.item.response;
                if let Some(item) = items.into_iter().find(|item| item.response == id) {
                    Arc::make_mut(told).item = item;
                }
            }
        });
        board.details.try_update_value(HashMap::clear);
        board.refresh();
    }

    async fn send(self, target: Target, change: Change) -> Result<Changed, ApiError> {
        let board = self.board;
        while board.is_sending.try_get_value() == Some(true) {
            browser::sleep(10).await;
        }
        board.is_sending.try_set_value(true);
        let asked = self.asked(target, change);
        let sent = board
            .ask(Verb::Post, "api/v1/inbox/change", api::json(&asked))
            .await
            .and_then(|reply| api::read(&reply));
        board.is_sending.try_set_value(false);
        match &sent {
            Ok(_) => {
                self.stage.store(ARRIVED, Ordering::Relaxed);
                let is_on_screen = |one: &Pending| one.id == self.id && one.what == self.edit;
                let shows = board
                    .pending
                    .try_with_untracked(|all| all.iter().any(is_on_screen));
                self.settle(&self.edit);
                // Whoever has taken it back already sees it as it was.
                if shows == Some(true) {
                    self.show(None);
                }
            }
            Err(error) => {
                self.stage.store(REFUSED, Ordering::Relaxed);
                if let ApiError::Conflict(text) = error
                    && let Ok(disagreed) = api::read::<Disagreed>(text)
                    && let Some(item) = disagreed.item
                {
                    self.settle(&Edit::Restore(vec![*item]));
                }
            }
        }
        sent
    }

    /// What is sent, with the state that it came from where two could mean different things.
    fn asked(&self, target: Target, change: Change) -> NewChange {
        let board = self.board;
        let is_either = matches!(
            change,
            Change::Status(_) | Change::Assignee(_) | Change::DuplicateOf(_)
        );
        let rev = match &target {
            Target::Ids(ids) if ids.len() == 1 && is_either => {
                board.list.shown.try_with_untracked(|told| {
                    let items = &told.as_ref()?.list.items;
                    let item = items.iter().find(|item| item.response == ids[0])?;
                    Some(item.rev)
                })
            }
            _ => None,
        };
        let (which, expect) = match target {
            Target::Ids(ids) => (Which::Ids(ids), None),
            Target::All(n) => (Which::View(self.view.to_string()), Some(n)),
        };
        NewChange {
            which,
            change,
            expect,
            rev: rev.flatten(),
        }
    }

    async fn take_back(self, changed: Changed) -> Result<(), ApiError> {
        let board = self.board;
        if let Some(step) = changed.step {
            let url = format!("api/v1/inbox/undo/{step}");
            let undone: Changed = api::read(&board.ask(Verb::Post, &url, None).await?)?;
            if undone.changed < undone.matched {
                let left = undone.matched - undone.changed;
                board.toasts.say(say::inbox_undone_some(left));
            }
        }
        self.settle(&Edit::Restore(self.before.clone()));
        self.show(None);
        Ok(())
    }
}
