//! Turns a change into what is on screen at once, and into a step of the collector that can be undone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use leptos::prelude::*;
use protocol::id::ResponseId;
use protocol::query::inbox::{Change, Changed, Counts, Disagreed, Item, NewChange, Which};
use protocol::query::view::{Status, View};

use super::board::{Board, Checked};
use super::edit::{self, Edit, Pending, fits};
use super::names;
use crate::api::{self, ApiError, Verb};
use crate::browser;
use crate::words::say;

/// What a change is of.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Ids(Vec<ResponseId>),
    /// All that a view shows, and how many those are.
    All(Box<View>, u64),
}

impl Target {
    fn n(&self) -> u64 {
        match self {
            Self::Ids(ids) => ids.len() as u64,
            Self::All(_, n) => *n,
        }
    }

    /// All of a view that was counted as `query`; nothing where another was.
    fn all_of(view: View, query: &str, counts: &Counts) -> Option<Self> {
        (view.to_string() == query).then(|| Self::All(Box::new(view), counts.total))
    }

    /// What of it nobody has looked at, where `items` are those of it that are on screen.
    fn unseen(self, items: &[Item], counts: Option<&Counts>) -> Self {
        match self {
            Self::Ids(_) => {
                let new = items.iter().filter(|item| item.status == Status::New);
                Self::Ids(new.map(|item| item.response).collect())
            }
            Self::All(mut view, _) => {
                let may = view.status.is_empty() || view.status.contains(&Status::New);
                let n = counts.filter(|_| may);
                let n = n.and_then(|counts| counts.status.get(&Status::New));
                view.status = vec![Status::New];
                Self::All(view, n.copied().unwrap_or(0))
            }
        }
    }
}

impl Board {
    /// How many a change would be of.
    pub fn n_target(self) -> u64 {
        self.target().map_or(0, |target| target.n())
    }

    /// Whether a change would be of one item, after which the next one comes.
    fn is_one(self) -> bool {
        self.is_alone.get_value() || self.checked.with_untracked(|it| *it == Checked::None)
    }

    /// Does something to the open item, whatever else is chosen.
    pub fn alone(self, act: impl FnOnce(Self)) {
        self.is_alone.set_value(true);
        act(self);
        self.is_alone.set_value(false);
    }

    /// What is chosen; else what is open, or where the keyboard is.
    fn target(self) -> Option<Target> {
        match self.checked.get_untracked() {
            _ if self.is_alone.get_value() => {}
            Checked::Ids(ids) => return Some(Target::Ids(ids)),
            Checked::All => {
                let view = self.view.get_untracked();
                return self.counts.shown.with_untracked(|told| {
                    let (query, counts) = told.as_ref()?;
                    Target::all_of(view, query, counts)
                });
            }
            Checked::None => {}
        }
        let sel = self.sel.get_untracked();
        let one = sel.or_else(|| self.cursor.get_untracked())?;
        Some(Target::Ids(vec![one]))
    }

    /// The items on screen that a change would be of.
    pub fn targets(self) -> Vec<Item> {
        self.target()
            .map_or_else(Vec::new, |it| self.on_screen(&it))
    }

    /// The items on screen that are of a target.
    fn on_screen(self, target: &Target) -> Vec<Item> {
        let has = |item: &Item| match target {
            Target::Ids(ids) => ids.contains(&item.response),
            Target::All(view, _) => fits(item, view, browser::now_ms()),
        };
        let mut all = self.items.get_untracked();
        all.retain(has);
        // One that was opened by a link may be in no list.
        if matches!(target, Target::Ids(_)) {
            let open = untrack(move || self.current()).filter(has);
            all.extend(open.filter(|open| !all.iter().any(|it| it.response == open.response)));
        }
        all
    }

    /// Changes what is chosen, or open; goes on to the next where `goes_on` says so.
    pub fn change(self, change: Change, goes_on: bool) {
        if let Some(target) = self.target() {
            self.change_all(target, change, goes_on);
        }
    }

    fn change_all(self, target: Target, change: Change, goes_on: bool) {
        if !self.can_change() {
            return;
        }
        let is_one = self.is_one();
        self.send(target, change, is_one && goes_on);
        if !is_one {
            self.checked.set(Checked::None);
        }
    }

    /// Says that somebody has looked at it. What has come further stays where it is.
    pub fn look_at(self) {
        let unseen = self.target().map(|target| {
            let items = self.on_screen(&target);
            self.counts
                .shown
                .with_untracked(|told| target.unseen(&items, told.as_ref().map(|(_, it)| it)))
        });
        match unseen.filter(|unseen| unseen.n() > 0) {
            Some(unseen) => self.change_all(unseen, Change::Status(Status::Triaged), true),
            None if self.is_one() => self.walk(1),
            None => {}
        }
    }

    /// Changes one item.
    pub fn change_one(self, id: ResponseId, change: Change) {
        if self.can_change() {
            self.send(Target::Ids(vec![id]), change, false);
        }
    }

    fn send(self, target: Target, change: Change, goes_on: bool) {
        let (before, n) = (self.on_screen(&target), target.n());
        let touched = match &target {
            Target::Ids(ids) => ids.clone(),
            Target::All(..) => before.iter().map(|item| item.response).collect(),
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
        board.opened.shown.try_update(|told| {
            if let Some(told) = told {
                let mut items = vec![told.item.clone()];
                edit::apply(&mut items, edit, &View::default(), now);
                let id = told.item.response;
                if let Some(item) = items.into_iter().find(|item| item.response == id) {
                    Arc::make_mut(told).item = item;
                }
            }
        });
        board.opened.forget();
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
                if let ApiError::Conflict(text) = error {
                    let item = api::read::<Disagreed>(text).ok().and_then(|it| it.item);
                    // Of all that match nothing is told, only that they are not those any more.
                    let there = item.map_or_else(Vec::new, |item| vec![*item]);
                    self.settle(&Edit::Restore(there));
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
            Target::All(view, n) => (Which::View(view.to_string()), Some(n)),
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::list::tests::item;
    use super::*;

    fn view(query: &str) -> View {
        View::parse(query, &[], |_| None).view
    }

    fn of_status(at: u64, status: Status) -> Item {
        Item { status, ..item(at) }
    }

    #[test]
    fn of_several_only_the_new_ones_are_unseen() {
        let items = [
            of_status(9, Status::New),
            of_status(8, Status::Planned),
            of_status(7, Status::New),
        ];
        let all = Target::Ids(items.iter().map(|item| item.response).collect());
        let new = Target::Ids(vec![items[0].response, items[2].response]);
        assert_eq!(all.unseen(&items, None), new);
    }

    #[test]
    fn of_all_that_match_only_the_new_ones_are_unseen() {
        let counts = Counts {
            total: 9,
            status: BTreeMap::from([(Status::New, 4), (Status::Planned, 5)]),
            ..Counts::default()
        };
        let check = |query: &str, expect: u64| {
            let unseen = Target::All(Box::new(view(query)), 9).unseen(&[], Some(&counts));
            let Target::All(of, n) = unseen else {
                panic!("{unseen:?}");
            };
            assert_eq!((of.status.as_slice(), n), (&[Status::New][..], expect));
        };
        check("tag=billing", 4);
        check("status=new,planned", 4);
        check("status=planned", 0);
    }

    #[test]
    fn all_that_match_are_counted_in_their_own_view() {
        let counts = Counts {
            total: 9,
            ..Counts::default()
        };
        let own = view("tag=billing");
        let all = |query: &str| Target::all_of(own.clone(), query, &counts);
        assert_eq!(
            all("tag=billing"),
            Some(Target::All(Box::new(own.clone()), 9))
        );
        assert_eq!(all("tag=slow"), None);
    }
}
