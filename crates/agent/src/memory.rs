//! Turns what must outlive the page into bytes and back: install, session, what surveys have seen.

use protocol::id::{InstallId, SessionId};
use survey::bytes::Reader;
use uuid::Uuid;

use crate::asking::{History, merge_history, read_history, write_history};
use crate::time::{Entropy, Now};
use crate::writer::Writer;

/// Layout of the bytes. Another number is another layout: it is not read, the browser is new then.
const FORMAT: u8 = 4;
/// Milliseconds without activity after which the next activity begins a new session: the thirty
/// minutes that web analytics agree on.
const SESSION_MS: u64 = 30 * 60 * 1000;

/// Everything that one browser remembers of one site.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    /// When it was last told to forget; milliseconds since 1970 (UTC). What is older is void.
    epoch: u64,
    pub(crate) install: InstallId,
    pub(crate) session: SessionId,
    /// Milliseconds since 1970 (UTC).
    last_active: u64,
    /// Until when the collector told a page of this browser to wait; milliseconds since 1970 (UTC).
    pub(crate) held_until: u64,
    /// Pages of this session.
    pub(crate) pages: u64,
    /// Surveys that asked by themselves in this session.
    pub(crate) asked: u64,
    pub(crate) ledger: History,
    /// When `begun` was last written, which may have emptied it; milliseconds since 1970 (UTC).
    pub(crate) begun_at: u64,
    /// A response that can go on, as bytes; or empty.
    pub(crate) begun: Vec<u8>,
}

pub(crate) fn id(from: &mut Reader<'_>) -> Uuid {
    Uuid::from_bytes(from.id())
}

impl Memory {
    /// What `bytes` hold, or a new browser.
    pub(crate) fn recall(bytes: &[u8], now: Now, entropy: &mut impl Entropy) -> Self {
        Self::decode(bytes).unwrap_or_else(|| Self::new(0, now, entropy))
    }

    fn new(epoch: u64, now: Now, entropy: &mut impl Entropy) -> Self {
        Self {
            epoch,
            install: InstallId::new(now.wall_ms, &entropy.ten()),
            session: SessionId::new(now.wall_ms, &entropy.ten()),
            last_active: now.wall_ms,
            held_until: 0,
            pages: 0,
            asked: 0,
            ledger: History::default(),
            begun_at: 0,
            begun: Vec::new(),
        }
    }

    /// Becomes a new browser, for every page that hears of it.
    pub(crate) fn forget(&mut self, now: Now, entropy: &mut impl Entropy) {
        let held_until = self.held_until;
        *self = Self::new(now.wall_ms.max(self.epoch + 1), now, entropy);
        self.held_until = held_until;
    }

    /// The bytes to keep.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut to = Writer::default();
        to.0.push(FORMAT);
        to.id(self.install.0);
        to.id(self.session.0);
        for number in &[
            self.epoch,
            self.last_active,
            self.held_until,
            self.pages,
            self.asked,
            self.begun_at,
        ] {
            to.number(*number);
        }
        to.bytes(&self.begun);
        write_history(&self.ledger, &mut to);
        to.0
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut from = Reader::new(bytes);
        if from.byte() != FORMAT {
            return None;
        }
        let memory = Self {
            install: InstallId(id(&mut from)),
            session: SessionId(id(&mut from)),
            epoch: from.number(),
            last_active: from.number(),
            held_until: from.number(),
            pages: from.number(),
            asked: from.number(),
            begun_at: from.number(),
            begun: from.bytes().to_vec(),
            ledger: read_history(&mut from),
        };
        from.is_ok().then_some(memory)
    }

    /// Notes activity; begins a new session when the last one was long ago.
    pub(crate) fn touch(&mut self, now: Now, entropy: &mut impl Entropy) {
        if now.wall_ms.saturating_sub(self.last_active) >= SESSION_MS {
            self.session = SessionId::new(now.wall_ms, &entropy.ten());
            self.pages = 0;
            self.asked = 0;
        }
        self.last_active = now.wall_ms;
    }

    /// Takes over what another page of this browser has learned. All pages come to the same end
    /// whichever hears first. Tells whether the other page should hear of this one.
    pub(crate) fn merge(&mut self, bytes: &[u8]) -> bool {
        let Some(other) = Self::decode(bytes) else {
            return false;
        };
        if other.epoch > self.epoch {
            *self = other;
        } else if other.epoch == self.epoch {
            self.install = self.install.min(other.install);
            self.held_until = self.held_until.max(other.held_until);
            self.merge_session(&other);
            merge_history(&mut self.ledger, &other.ledger);
            if (other.begun_at, &other.begun) > (self.begun_at, &self.begun) {
                self.begun_at = other.begun_at;
                self.begun = other.begun;
            }
        }
        self.encode() != bytes
    }

    fn merge_session(&mut self, other: &Self) {
        let is_later = (other.last_active, other.session) > (self.last_active, self.session);
        if other.session == self.session {
            self.pages = self.pages.max(other.pages);
            self.asked = self.asked.max(other.asked);
        } else if is_later {
            self.session = other.session;
            self.pages = other.pages;
            self.asked = other.asked;
        }
        if is_later {
            self.last_active = other.last_active;
        }
    }
}
