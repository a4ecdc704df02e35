//! Turns what must outlive the page into bytes and back: install, session, what surveys have seen.

use protocol::config::Class;
use protocol::id::{InstallId, ResponseId, SessionId};
use protocol::item::SurveyRef;
use survey::ledger::{Entry, Ledger};
use uuid::Uuid;

use crate::bytes::{Reader, Writer};
use crate::time::{Entropy, Now};

/// Layout of the bytes. Another number is another layout: it is not read, the browser is new then.
const FORMAT: u8 = 2;
/// Milliseconds without activity after which the next activity begins a new session: the thirty
/// minutes that web analytics agree on.
const SESSION_MS: u64 = 30 * 60 * 1000;

/// Every class, in the order of declaration.
pub(crate) const CLASSES: [Class; 5] = [
    Class::Other,
    Class::Nps,
    Class::Csat,
    Class::Ces,
    Class::Feedback,
];

/// Everything that one browser remembers of one site.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    /// When it was last told to forget; milliseconds since 1970 (UTC). What is older is void.
    epoch: u64,
    pub(crate) install: InstallId,
    pub(crate) session: SessionId,
    /// Milliseconds since 1970 (UTC).
    last_active: u64,
    /// Pages of this session.
    pub(crate) pages: u64,
    /// Surveys that asked by themselves in this session.
    pub(crate) asked: u64,
    pub(crate) ledger: Ledger,
    /// When `begun` was last written, which may have emptied it; milliseconds since 1970 (UTC).
    begun_at: u64,
    begun: Option<Begun>,
}

/// A response that was answered in part and can go on.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    pub(crate) survey: SurveyRef,
    /// It goes on in the session in which it began.
    pub(crate) session: SessionId,
    pub(crate) response: ResponseId,
    pub(crate) revision: u32,
    /// The page or the person asked for the survey, so its conditions did not matter.
    pub(crate) explicit: bool,
    /// What the widget goes on from, in base64.
    pub(crate) resume: String,
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
            pages: 0,
            asked: 0,
            ledger: Ledger::default(),
            begun_at: 0,
            begun: None,
        }
    }

    /// Becomes a new browser, for every page that hears of it.
    pub(crate) fn forget(&mut self, now: Now, entropy: &mut impl Entropy) {
        *self = Self::new(now.wall_ms.max(self.epoch + 1), now, entropy);
    }

    /// The bytes to keep.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut to = Writer::default();
        to.0.push(FORMAT);
        to.number(self.epoch);
        to.id(self.install.0);
        to.id(self.session.0);
        for number in [self.last_active, self.pages, self.asked, self.begun_at] {
            to.number(number);
        }
        to.number(self.begun.is_some().into());
        if let Some(it) = &self.begun {
            to.text(&it.survey.id);
            to.number(it.survey.version.into());
            to.id(it.session.0);
            to.id(it.response.0);
            to.number(it.revision.into());
            to.number(it.explicit.into());
            to.text(&it.resume);
        }
        for it in &self.ledger.entries {
            to.text(&it.survey);
            to.number(it.class as u64);
            to.number(it.impressions.into());
            for clock in it.clocks {
                to.number(clock);
            }
        }
        to.0
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut from = Reader::new(bytes);
        if from.byte() != FORMAT {
            return None;
        }
        let mut memory = Self {
            epoch: from.number(),
            install: InstallId(from.id()),
            session: SessionId(from.id()),
            last_active: from.number(),
            pages: from.number(),
            asked: from.number(),
            ledger: Ledger::default(),
            begun_at: from.number(),
            begun: None,
        };
        if from.flag() {
            memory.begun = Some(Begun {
                survey: SurveyRef {
                    id: from.owned(),
                    version: from.number() as u32,
                },
                session: SessionId(from.id()),
                response: ResponseId(from.id()),
                revision: from.number() as u32,
                explicit: from.flag(),
                resume: from.owned(),
            });
        }
        while !from.is_at_end() {
            memory.ledger.entries.push(Entry {
                survey: from.owned(),
                class: from.one_of(&CLASSES),
                impressions: from.number() as u16,
                clocks: [(); 5].map(|()| from.number()),
            });
        }
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
            self.merge_session(&other);
            self.ledger.merge(&other.ledger);
            if other.begun_age() > self.begun_age() {
                self.begun_at = other.begun_at;
                self.begun = other.begun;
            }
        }
        self.encode() != bytes
    }

    fn merge_session(&mut self, other: &Self) {
        let same = other.session == self.session;
        if same {
            self.pages = self.pages.max(other.pages);
            self.asked = self.asked.max(other.asked);
        }
        if (other.last_active, other.session) > (self.last_active, self.session) {
            self.last_active = other.last_active;
            if !same {
                self.session = other.session;
                self.pages = other.pages;
                self.asked = other.asked;
            }
        }
    }

    fn begun_age(&self) -> (u64, u32, Uuid) {
        let it = self.begun.as_ref();
        it.map_or((self.begun_at, 0, Uuid::nil()), |it| {
            (self.begun_at, it.revision, it.response.0)
        })
    }

    /// The response that can go on in this session, if it is one to `survey`.
    pub(crate) fn begun(&self) -> Option<&Begun> {
        let begun = self.begun.as_ref();
        begun.filter(|begun| begun.session == self.session)
    }

    /// Notes what can go on from now on. Later than whatever was noted before, so that it holds
    /// wherever it is merged.
    pub(crate) fn begin(&mut self, begun: Option<Begun>, now: Now) {
        if begun.is_some() || self.begun.is_some() {
            self.begun_at = now.wall_ms.max(self.begun_at + 1);
            self.begun = begun;
        }
    }
}
