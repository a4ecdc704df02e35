//! Turns keys and clicks into another place in the list, another open item, other items that are chosen.

use leptos::prelude::*;
use protocol::id::ResponseId;
use protocol::query::inbox::Item;

use super::board::{Board, Checked, has_two_panes};
use super::url::link;
use crate::route::Step;

impl Board {
    /// The item so many places further down, or up, from where the keyboard is.
    pub fn beside(self, by: isize) -> Option<ResponseId> {
        let cursor = self.cursor.get_untracked();
        self.items.with_untracked(|items| {
            let at = items.iter().position(|item| Some(item.response) == cursor);
            let at = match at {
                Some(at) => at.checked_add_signed(by)?,
                None => 0,
            };
            items.get(at).map(|item| item.response)
        })
    }

    /// Moves the keyboard; where two panes are beside each other, or an item is open, it is opened.
    pub fn walk(self, by: isize) {
        if let Some(to) = self.beside(by) {
            self.cursor.set(Some(to));
            let is_open = self.sel.with_untracked(Option::is_some);
            if is_open || has_two_panes() {
                self.open(Some(to));
            }
        }
    }

    /// Opens an item, or none. Back leads out of the inbox, and not through all that was read.
    pub fn open(self, sel: Option<ResponseId>) {
        let was_open = self.sel.with_untracked(Option::is_some);
        let step = match (has_two_panes(), was_open, sel) {
            // On a phone an item is a page of its own.
            (false, false, Some(_)) => Step::Forth,
            _ => Step::Instead,
        };
        let href = self.view.with_untracked(|view| link(view, sel));
        self.route.go(&href, step);
    }

    /// Shows another view; Back leads to this one.
    pub fn go(self, href: &str) {
        self.route.go(href, Step::Forth);
    }

    /// Chooses an item for a change of several, or no longer.
    pub fn check(self, id: ResponseId) {
        let loaded = || {
            self.items
                .with_untracked(|items| items.iter().map(|it| it.response).collect())
        };
        self.checked.update(|checked| {
            let mut ids: Vec<ResponseId> = match core::mem::take(checked) {
                Checked::None => Vec::new(),
                Checked::Ids(ids) => ids,
                Checked::All => loaded(),
            };
            match ids.iter().position(|one| *one == id) {
                Some(at) => drop(ids.remove(at)),
                None => ids.push(id),
            }
            if !ids.is_empty() {
                *checked = Checked::Ids(ids);
            }
        });
    }

    /// Chooses all from the one that was chosen last up to this.
    pub fn check_range(self, to: ResponseId) {
        let from = self.checked.with_untracked(|checked| match checked {
            Checked::Ids(ids) => ids.last().copied(),
            Checked::None | Checked::All => None,
        });
        let range = self.items.with_untracked(|items| between(items, from?, to));
        let Some(range) = range else {
            self.check(to);
            return;
        };
        self.checked.update(|checked| {
            if let Checked::Ids(ids) = checked {
                ids.retain(|id| !range.contains(id));
                ids.extend(range);
            }
        });
    }
}

/// From one item to another, both included; nothing where one of them has gone.
fn between(items: &[Item], from: ResponseId, to: ResponseId) -> Option<Vec<ResponseId>> {
    let at = |id| items.iter().position(|item| item.response == id);
    let (from, to) = (at(from)?, at(to)?);
    let range = &items[from.min(to)..=from.max(to)];
    Some(range.iter().map(|item| item.response).collect())
}

#[cfg(test)]
mod tests {
    use super::super::list::tests::item;
    use super::*;

    /// Of the items 9, 8, 7 and 6.
    fn check(from: u64, to: u64, expect: Option<&[u64]>) {
        let items = [9, 8, 7, 6].map(item);
        let found = between(&items, item(from).response, item(to).response);
        let expect = expect.map(|all| all.iter().map(|at| item(*at).response).collect());
        assert_eq!(found, expect, "{from} to {to}");
    }

    #[test]
    fn a_range_has_both_ends_or_is_none() {
        check(8, 6, Some(&[8, 7, 6]));
        check(6, 8, Some(&[8, 7, 6]));
        check(7, 7, Some(&[7]));
        check(5, 7, None);
        check(7, 5, None);
        assert_eq!(between(&[], item(1).response, item(1).response), None);
    }
}
