//! Turns pages of the inbox that arrive at different times into one list that does not jump.

use protocol::id::ResponseId;
use protocol::query::inbox::{Inbox, Item};
use protocol::query::view::View;

use super::edit::{Edit, apply};

/// A place in the order newest first.
type Place = (u64, ResponseId);

/// The items that are on screen, newest first, and those that wait above them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// What is shown.
    pub items: Vec<Item>,
    /// What came since: it is shown when somebody asks for it, so that nothing moves under a hand.
    pub waiting: Vec<Item>,
    /// Where older ones go on, when there are any.
    pub next: Option<String>,
    /// The newest that was ever shown of this view.
    newest: Option<Place>,
}

fn place(item: &Item) -> Place {
    (item.at_ms, item.response)
}

impl List {
    /// The first page.
    pub fn new(page: Inbox) -> Self {
        Self {
            newest: page.items.first().map(place),
            items: page.items,
            waiting: Vec::new(),
            next: page.next,
        }
    }

    /// Takes the newest page, asked for again, and keeps what was loaded beyond it.
    ///
    /// When nothing of the old list is on the new page, items may lie between them that were never
    /// loaded; then the new page stands alone.
    #[must_use]
    pub fn refreshed(self, fresh: Self) -> Self {
        // An inbox that was empty has nothing that could jump.
        if self.newest.is_none() {
            return fresh;
        }
        let is_new = |item: &Item| Some(place(item)) > self.newest;
        if fresh.items.iter().all(is_new) {
            return fresh;
        }
        let (waiting, mut items): (Vec<_>, Vec<_>) = fresh.items.into_iter().partition(is_new);
        let mut next = fresh.next;
        if next.is_some()
            && let Some(last) = items.last().map(place)
        {
            let known = self.items.iter().any(|item| place(item) == last);
            let beyond = self.items.into_iter().filter(|item| place(item) < last);
            let before = items.len();
            items.extend(beyond.filter(|_| known));
            if items.len() > before {
                next = self.next;
            }
        }
        Self {
            items,
            waiting,
            next,
            newest: self.newest,
        }
    }

    /// Adds the page that `next` led to.
    pub fn extend(&mut self, older: Inbox) {
        let last = self.items.last().map(place);
        let older_items = older.items.into_iter();
        self.items
            .extend(older_items.filter(|item| last.is_none_or(|last| place(item) < last)));
        self.next = older.next;
    }

    /// Shows what waited.
    pub fn show_waiting(&mut self) {
        let mut items = core::mem::take(&mut self.waiting);
        items.append(&mut self.items);
        self.newest = self.newest.max(items.first().map(place));
        self.items = items;
    }

    /// Does to the list what was done to its items.
    pub fn apply(&mut self, edit: &Edit, view: &View, now_ms: u64) {
        apply(&mut self.items, edit, view, now_ms);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn item(at: u64) -> Item {
        Item {
            response: ResponseId::new(at, &[0; 10]),
            survey: "nps".into(),
            feedback: false,
            at_ms: at,
            excerpt: Vec::new(),
            score: None,
            status: protocol::query::view::Status::New,
            aside: Vec::new(),
            snoozed_until_ms: None,
            assignee: None,
            tags: Vec::new(),
            duplicate_of: None,
            rev: 0,
            page_url: "https://shop.example/".into(),
            language: "en".into(),
            browser: "chromium".into(),
            person: None,
            images: 0,
            notes: 0,
        }
    }

    fn page(times: &[u64], next: Option<&str>) -> Inbox {
        Inbox {
            items: times.iter().copied().map(item).collect(),
            next: next.map(str::to_owned),
            ..Inbox::default()
        }
    }

    fn list(times: &[u64], next: Option<&str>) -> List {
        List::new(page(times, next))
    }

    fn check(list: &List, items: &[u64], waiting: &[u64], next: Option<&str>) {
        let times = |all: &[Item]| all.iter().map(|item| item.at_ms).collect::<Vec<_>>();
        assert_eq!(times(&list.items), items);
        assert_eq!(times(&list.waiting), waiting);
        assert_eq!(list.next.as_deref(), next);
    }

    #[test]
    fn what_is_new_waits_above() {
        let old = list(&[9, 8], None);
        let mut now = old.refreshed(list(&[11, 10, 9, 8], None));
        check(&now, &[9, 8], &[11, 10], None);
        now.show_waiting();
        check(&now, &[11, 10, 9, 8], &[], None);
        check(
            &now.refreshed(list(&[11, 10, 8], None)),
            &[11, 10, 8],
            &[],
            None,
        );
    }

    #[test]
    fn what_was_loaded_stays_and_a_gap_is_not_papered_over() {
        let mut old = list(&[9, 8], Some("8"));
        old.extend(page(&[8, 7, 6], Some("6")));
        check(&old, &[9, 8, 7, 6], &[], Some("6"));
        let now = old.clone().refreshed(list(&[9, 8], Some("8")));
        check(&now, &[9, 8, 7, 6], &[], Some("6"));
        // Between 7 and 6 there may be others that were never seen.
        let mut old = list(&[9, 8], Some("8"));
        old.extend(page(&[6], None));
        check(
            &old.refreshed(list(&[9, 7], Some("7"))),
            &[9, 7],
            &[],
            Some("7"),
        );
    }

    #[test]
    fn the_first_of_all_is_shown_at_once() {
        let old = list(&[], None);
        check(&old.refreshed(list(&[1], None)), &[1], &[], None);
        // Where nothing is left there is nothing that could jump.
        check(
            &list(&[1], None).refreshed(list(&[3, 2], None)),
            &[3, 2],
            &[],
            None,
        );
    }
}
