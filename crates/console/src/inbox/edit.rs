//! Turns a change into what it makes of an item on screen, before the collector has answered.

use protocol::id::ResponseId;
use protocol::query::inbox::{Change, Item};
use protocol::query::view::{Aside, Assignee, Status, View};

/// What is on screen, other than the collector last said.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// Which change it belongs to.
    pub id: u64,
    /// What it does.
    pub what: Edit,
}

/// What is different.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// These are changed: of all that match, those that were on screen, whatever is on screen now.
    Change(Vec<ResponseId>, Change),
    /// These are as they were.
    Restore(Vec<Item>),
}

/// Does to a list what `edit` says. What no longer fits the view leaves it.
pub fn apply(items: &mut Vec<Item>, edit: &Edit, view: &View, now_ms: u64) {
    match edit {
        Edit::Change(touched, change) => {
            let is_touched = |item: &Item| touched.contains(&item.response);
            for item in items.iter_mut().filter(|item| is_touched(item)) {
                set(item, change);
            }
            items.retain(|item| !is_touched(item) || fits(item, view, now_ms));
        }
        Edit::Restore(before) => {
            for item in before {
                items.retain(|one| one.response != item.response);
                let key = |one: &Item| (one.at_ms, one.response);
                let at = items.partition_point(|one| key(one) > key(item));
                items.insert(at, item.clone());
            }
        }
    }
}

/// What a change makes of an item.
pub fn set(item: &mut Item, change: &Change) {
    let before = item.clone();
    match change {
        Change::Status(status) => set_status(item, *status),
        Change::Assignee(email) => item.assignee.clone_from(email),
        Change::Snooze(until) => item.snoozed_until_ms = *until,
        Change::Archived(is) => set_aside(item, Aside::Archived, *is),
        Change::DuplicateOf(original) if *original != item.response => {
            if item.duplicate_of != Some(*original) && item.status != Status::Duplicate {
                item.rev += 1;
            }
            item.duplicate_of = Some(*original);
            set_status(item, Status::Duplicate);
        }
        Change::DuplicateOf(_) => {}
        Change::AddTag(name) => {
            if !has_tag(item, name) {
                item.tags.push(name.clone());
                item.tags.sort_by_key(|tag| tag.to_lowercase());
            }
        }
        Change::RemoveTag(name) => item.tags.retain(|tag| !is_same_tag(tag, name)),
    }
    if *item != before {
        item.rev += 1;
    }
}

fn set_status(item: &mut Item, status: Status) {
    item.status = status;
    set_aside(item, Aside::Spam, status == Status::Spam);
    if status != Status::Duplicate {
        item.duplicate_of = None;
    }
}

fn set_aside(item: &mut Item, aside: Aside, is: bool) {
    item.aside.retain(|one| *one != aside);
    if is {
        item.aside.push(aside);
        item.aside.sort();
    }
}

/// Whether an item has a tag, in whatever case it is written.
pub fn has_tag(item: &Item, name: &str) -> bool {
    item.tags.iter().any(|tag| is_same_tag(tag, name))
}

fn is_same_tag(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// Whether an item is out of the inbox until a time that is still to come.
pub fn is_snoozed(item: &Item, now_ms: u64) -> bool {
    item.snoozed_until_ms.is_some_and(|until| until > now_ms)
}

/// Whether an item's state is one that a view shows; all else about it is as it was.
pub fn fits(item: &Item, view: &View, now_ms: u64) -> bool {
    let is_there = if view.aside.is_empty() {
        item.aside.is_empty() && (!is_snoozed(item, now_ms) || !view.words.is_empty())
    } else {
        let kept = |aside: &Aside| item.aside.contains(aside);
        let snoozed = view.aside.contains(&Aside::Snoozed)
            && item.aside.is_empty()
            && is_snoozed(item, now_ms);
        snoozed || view.aside.iter().any(kept)
    };
    let is_theirs = match &view.assignee {
        Some(Assignee::Nobody) => item.assignee.is_none(),
        Some(Assignee::Person(email)) => item.assignee.as_ref() == Some(email),
        Some(Assignee::Me) | None => true,
    };
    is_there
        && is_theirs
        && (view.status.is_empty() || view.status.contains(&item.status))
        && view.tags.iter().all(|tag| has_tag(item, tag))
}

#[cfg(test)]
mod tests {
    use super::super::list::tests::item;
    use super::*;

    const NOW: u64 = 1_000;

    fn ids(items: &[Item]) -> Vec<u64> {
        items.iter().map(|item| item.at_ms).collect()
    }

    fn view(query: &str) -> View {
        View::parse(query, &[], |_| None).view
    }

    /// Applies one change to the second of three items.
    fn check(query: &str, change: &Change, expect: &[u64]) {
        let mut items = vec![item(9), item(8), item(7)];
        let edit = Edit::Change(vec![item(8).response], change.clone());
        apply(&mut items, &edit, &view(query), NOW);
        assert_eq!(ids(&items), expect, "{query} {change:?}");
    }

    #[test]
    fn what_no_longer_fits_leaves() {
        check("status=new", &Change::Status(Status::Triaged), &[9, 7]);
        check("", &Change::Status(Status::Triaged), &[9, 8, 7]);
        check("", &Change::Status(Status::Spam), &[9, 7]);
        check("is=spam", &Change::Status(Status::Spam), &[9, 8, 7]);
        check("", &Change::Snooze(Some(NOW + 1)), &[9, 7]);
        check("", &Change::Snooze(Some(NOW)), &[9, 8, 7]);
        check("q=slow", &Change::Snooze(Some(NOW + 1)), &[9, 8, 7]);
        check("", &Change::Archived(true), &[9, 7]);
        check(
            "assignee=none",
            &Change::Assignee(Some("a@b".into())),
            &[9, 7],
        );
        check("tag=x", &Change::AddTag("X".into()), &[9, 8, 7]);
        check("tag=x", &Change::RemoveTag("x".into()), &[9, 7]);
    }

    #[test]
    fn what_is_restored_is_at_its_place_again() {
        let mut items = vec![item(9), item(7)];
        let before = vec![item(8), item(10)];
        apply(&mut items, &Edit::Restore(before), &view(""), NOW);
        assert_eq!(ids(&items), [10, 9, 8, 7]);
        let mut other = item(8);
        set(&mut other, &Change::Status(Status::Planned));
        apply(&mut items, &Edit::Restore(vec![other]), &view(""), NOW);
        assert_eq!(ids(&items), [10, 9, 8, 7]);
        assert_eq!(items[2].status, Status::Planned);
    }

    #[test]
    fn the_revision_grows_as_the_collector_lets_it_grow() {
        let grown = |change: Change| {
            let mut one = item(8);
            set(&mut one, &change);
            one.rev
        };
        assert_eq!(grown(Change::Status(Status::New)), 0);
        assert_eq!(grown(Change::Status(Status::Spam)), 1);
        assert_eq!(grown(Change::AddTag("a".into())), 1);
        assert_eq!(grown(Change::RemoveTag("a".into())), 0);
        // Original and status are two.
        assert_eq!(grown(Change::DuplicateOf(item(9).response)), 2);
        assert_eq!(grown(Change::DuplicateOf(item(8).response)), 0);
    }
}
