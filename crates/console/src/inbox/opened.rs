//! Turns the id of the open item into all that is known of it, and keeps what was read for whoever comes back.
//!
//! A page that only lists has no code that asks for one: see [`attend`].

use std::collections::HashMap;
use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};
use protocol::id::ResponseId;
use protocol::query::inbox::Detail;

use super::asked::{self, ItemAsked};
use super::board::Board;
use crate::refresh::Refresh;

/// Items that are kept in case somebody comes back to them.
const KEPT: usize = 60;

/// What is known of the open item, and of others that were or will be.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    /// Which is asked for; those that a hurried hand passes by are not.
    pub wanted: RwSignal<Option<ResponseId>>,
    /// The one that was asked for, as the collector last said.
    pub shown: RwSignal<Option<Arc<Detail>>>,
    again: RwSignal<u32>,
    kept: StoredValue<HashMap<ResponseId, Arc<Detail>>>,
}

impl Opened {
    pub(super) fn new(sel: Option<ResponseId>) -> Self {
        Self {
            wanted: RwSignal::new(sel),
            shown: RwSignal::new(None),
            again: RwSignal::new(0),
            kept: StoredValue::new(HashMap::new()),
        }
    }

    /// All that is known of an item.
    pub(super) fn known(self, id: ResponseId) -> Option<Arc<Detail>> {
        let shown = self.shown.get();
        let shown = shown.filter(|detail| detail.item.response == id);
        shown.or_else(|| self.kept.with_value(|kept| kept.get(&id).cloned()))
    }

    /// Has the collector asked again, now.
    pub(super) fn refresh(self) {
        self.again.try_update(|n| *n = n.wrapping_add(1));
    }

    /// Lets go of what was read before something changed.
    pub(super) fn forget(self) {
        self.kept.try_update_value(HashMap::clear);
    }

    fn keep(self, detail: Arc<Detail>) {
        self.kept.try_update_value(|kept| {
            if kept.len() >= KEPT {
                kept.clear();
            }
            kept.insert(detail.item.response, detail);
        });
    }
}

/// Asks for the item that is wanted, now and later, and for the one that most people open next.
pub fn attend(board: Board) -> Refresh<ItemAsked> {
    let opened = board.opened;
    let asked = Refresh::new(
        Memo::new(move |_| ItemAsked(opened.wanted.get())),
        board.account,
    );
    Effect::new(move || {
        let told = asked.shown.get().flatten();
        opened.shown.set(told.clone());
        if let Some(told) = told {
            opened.keep(told);
            fetch_next(board);
        }
    });
    Effect::new(move |before: Option<()>| {
        opened.again.track();
        if before.is_some() {
            asked.refresh();
        }
    });
    asked
}

/// Fetches what most people open next, so that it is there when they do.
fn fetch_next(board: Board) {
    let Some(next) = board.beside(1) else { return };
    let opened = board.opened;
    if opened.kept.with_value(|kept| kept.contains_key(&next)) {
        return;
    }
    spawn_local(async move {
        // Whoever opens it meanwhile asks again.
        if let Ok(detail) = asked::item(next).await {
            opened.keep(Arc::new(detail));
        }
    });
}
