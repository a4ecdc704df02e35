//! Turns the URL, what the collector says and what hands do into one inbox: list, open item, changes.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use leptos::prelude::*;
use protocol::id::ResponseId;
use protocol::query::Session;
use protocol::query::access::Role;
use protocol::query::inbox::{Detail, Item};
use protocol::query::view::View;

use super::asked::{self, CountsAsked, ListAsked};
use super::edit::{Edit, Pending, set};
use super::opened::Opened;
use super::url::InboxUrl;
use crate::account::Account;
use crate::api::{self, ApiError, Verb};
use crate::browser;
use crate::performance::zone::Zone;
use crate::refresh::Refresh;
use crate::route::{Route, route};
use crate::shell::toast::Toasts;

/// Narrower than this, list and item take turns; as in `inbox.css`.
const TWO_PANES_PX: f64 = 1_080.0;
/// Keys that come faster than this open nothing on the way.
const HURRY_MS: u64 = 120;

/// What is chosen beside what is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Checked {
    /// Nothing.
    #[default]
    None,
    /// These, in the order in which they were chosen.
    Ids(Vec<ResponseId>),
    /// All that match, also those that are not loaded.
    All,
}

/// What is chosen from a list that lies over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// How far it has come.
    Status,
    /// Who looks after it.
    Assignee,
    /// Until when it is out of the inbox.
    Snooze,
    /// Its tags.
    Tag,
    /// What the view shows.
    Filter,
}

/// The inbox: one per page, in the context.
#[derive(Clone, Copy, Debug)]
pub struct Board {
    /// What the URL says.
    pub url: Memo<InboxUrl>,
    /// Which answers.
    pub view: Memo<View>,
    /// Which of them is open. Of its own: most of the page does not change with it.
    pub sel: Memo<Option<ResponseId>>,
    /// Where the project is.
    pub zone: RwSignal<Zone>,
    /// What the view shows, as the collector last said.
    pub list: Refresh<ListAsked>,
    /// How many it shows.
    pub counts: Refresh<CountsAsked>,
    /// What is known of the open item.
    pub opened: Opened,
    /// What is on screen: with changes that are still under way.
    pub items: Memo<Vec<Item>>,
    /// Where the keyboard is in the list.
    pub cursor: RwSignal<Option<ResponseId>>,
    /// What is chosen for a change of several.
    pub checked: RwSignal<Checked>,
    /// Whether what is done is of the open item, whatever else is chosen.
    pub is_alone: StoredValue<bool>,
    /// What lies over the page to choose from.
    pub pick: RwSignal<Option<Pick>>,
    /// Whether tags are being put in order.
    pub tags_open: RwSignal<bool>,
    /// Notes that are not saved yet.
    pub drafts: StoredValue<HashMap<ResponseId, String>>,
    /// Who is signed in.
    pub session: StoredValue<Session>,
    /// The way to other views.
    pub route: Route,
    /// Who may go on once a session has ended.
    pub account: Account,
    /// Messages.
    pub toasts: Toasts,
    pub(super) pending: RwSignal<Vec<Pending>>,
    pub(super) next: StoredValue<u64>,
    /// Changes reach the collector one after the other.
    pub(super) is_sending: StoredValue<bool>,
    loaded: StoredValue<Arc<AtomicU32>>,
    moved_ms: StoredValue<u64>,
}

/// The inbox that the current page is.
pub fn board() -> Board {
    expect_context::<Board>()
}

impl Board {
    /// Needs session, account, route and messages in the context.
    pub fn new() -> Self {
        let (route, account) = (route(), expect_context::<Account>());
        let zone = RwSignal::new(Zone::new("UTC", browser::ahead_min));
        let url = Memo::new(move |_| {
            let zone = zone.get();
            InboxUrl::read(&route.query.get(), |day| zone.day_begins(day))
        });
        let view = Memo::new(move |_| url.with(|url| url.view.clone()));
        let sel = Memo::new(move |_| url.with(|url| url.sel));
        let query = Memo::new(move |_| view.with(View::to_string));
        let loaded = Arc::new(AtomicU32::new(0));
        let shared = Arc::clone(&loaded);
        let list = Refresh::new(
            Memo::new(move |_| ListAsked {
                query: query.get(),
                loaded: Arc::clone(&shared),
            }),
            account,
        );
        let counts = Refresh::new(Memo::new(move |_| CountsAsked(query.get())), account);
        let opened = Opened::new(sel.get_untracked());
        let pending = RwSignal::new(Vec::<Pending>::new());
        let items = Memo::new(move |_| shown(list, pending, view));
        let board = Self {
            url,
            view,
            sel,
            zone,
            list,
            counts,
            opened,
            items,
            cursor: RwSignal::new(sel.get_untracked()),
            checked: RwSignal::new(Checked::None),
            is_alone: StoredValue::new(false),
            pick: RwSignal::new(None),
            tags_open: RwSignal::new(false),
            drafts: StoredValue::new(HashMap::new()),
            session: StoredValue::new(expect_context::<Session>()),
            route,
            account,
            toasts: expect_context::<Toasts>(),
            pending,
            next: StoredValue::new(0),
            is_sending: StoredValue::new(false),
            loaded: StoredValue::new(loaded),
            moved_ms: StoredValue::new(0),
        };
        board.follow(query);
        board
    }

    /// Keeps together what belongs together.
    fn follow(self, query: Memo<String>) {
        let open = self.opened.wanted;
        Effect::new(move || {
            let told = self.list.shown.with(|told| {
                let told = told.as_ref()?;
                let n = u32::try_from(told.list.items.len()).unwrap_or(u32::MAX);
                Some((told.zone.clone(), n))
            });
            if let Some((zone, n)) = told {
                self.loaded.with_value(|it| it.store(n, Ordering::Relaxed));
                if self.zone.with_untracked(|now| *now != zone) {
                    self.zone.set(zone);
                }
            }
        });
        // What is chosen belongs to its view.
        Effect::new(move |before: Option<String>| {
            let now = query.get();
            if before.is_some_and(|before| before != now) {
                self.checked.set(Checked::None);
            }
            now
        });
        Effect::new(move || {
            let sel = self.sel.get();
            if let Some(sel) = sel {
                self.cursor.set(Some(sel));
            }
            let now = browser::now_ms();
            let is_hurry = now.saturating_sub(self.moved_ms.get_value()) < HURRY_MS;
            self.moved_ms.set_value(now);
            if !is_hurry {
                open.set(sel);
                return;
            }
            let settle = move || {
                let still = self.sel.try_with_untracked(|now| *now == sel);
                if still == Some(true) {
                    open.set(sel);
                }
            };
            set_timeout(settle, Duration::from_millis(HURRY_MS));
        });
    }

    /// All that is known of the open item, if it is known already.
    pub fn known(self) -> Option<Arc<Detail>> {
        self.opened.known(self.sel.get()?)
    }

    /// The open item, as it is on screen.
    pub fn current(self) -> Option<Item> {
        let sel = self.sel.get()?;
        let listed = |items: &Vec<Item>| items.iter().find(|item| item.response == sel).cloned();
        if let Some(item) = self.items.with(listed) {
            return Some(item);
        }
        let mut item = self.known()?.item.clone();
        self.pending.with(|pending| {
            for one in pending {
                match &one.what {
                    Edit::Change(touched, change) if touched.contains(&sel) => {
                        set(&mut item, change)
                    }
                    Edit::Restore(before) => {
                        let was = before.iter().find(|one| one.response == sel);
                        item = was.cloned().unwrap_or_else(|| item.clone());
                    }
                    Edit::Change(..) => {}
                }
            }
        });
        Some(item)
    }

    /// Whether whoever is signed in may change anything.
    pub fn can_change(self) -> bool {
        self.session
            .with_value(|session| session.role >= Role::Responder)
    }

    /// Asks the collector for everything again, now.
    pub fn refresh(self) {
        self.list.refresh();
        self.counts.refresh();
        self.opened.refresh();
    }

    /// Asks the collector as soon as there is a session.
    ///
    /// # Errors
    /// As [`api::ask`].
    pub async fn ask(
        self,
        verb: Verb,
        url: &str,
        body: Option<String>,
    ) -> Result<String, ApiError> {
        let ask = || api::ask(verb, url, body.clone());
        self.account.with_session(ask).await
    }

    /// Loads what comes before the last that is shown.
    ///
    /// # Errors
    /// When there was no usable answer; what is shown stays.
    pub async fn load_older(self) -> Result<(), ApiError> {
        let from = self.list.shown.with_untracked(|told| {
            let told = told.as_ref()?;
            Some((told.query.clone(), told.list.next.clone()?))
        });
        let Some((query, after)) = from else {
            return Ok(());
        };
        let url = asked::older(&query, &after);
        let page = api::read(&self.ask(Verb::Get, &url, None).await?)?;
        self.list.shown.try_update(|told| {
            // A refresh may have shortened the list meanwhile: this page would follow a gap.
            if let Some(told) = told
                && told.query == query
                && told.list.next.as_ref() == Some(&after)
            {
                told.list.extend(page);
            }
        });
        Ok(())
    }
}

impl Default for Board {
    fn default() -> Self {
        Self::new()
    }
}

/// What is on screen: what the collector said, with changes that are still under way.
fn shown(list: Refresh<ListAsked>, pending: RwSignal<Vec<Pending>>, view: Memo<View>) -> Vec<Item> {
    let view = view.get();
    list.shown.with(|told| {
        let Some(told) = told else { return Vec::new() };
        let mut list = told.list.clone();
        let now = browser::now_ms();
        // What is shown may still answer the view before.
        if told.query == view.to_string() {
            pending.with(|pending| {
                for one in pending {
                    list.apply(&one.what, &view, now);
                }
            });
        }
        list.items
    })
}

/// Whether list and item are beside each other.
pub fn has_two_panes() -> bool {
    let width = window().inner_width().ok();
    width
        .and_then(|width| width.as_f64())
        .is_some_and(|px| px >= TWO_PANES_PX)
}
