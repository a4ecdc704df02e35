//! Turns what must outlive the page into bytes and back: install, session, surveys seen.

use protocol::id::{InstallId, SessionId};
use survey::eligibility::Seen;

use crate::bytes::{Reader, Writer};
use crate::time::{Entropy, Now};

/// Layout of the bytes. Another number is another layout: it is not read, the browser is new then.
const FORMAT: u8 = 1;
/// Milliseconds without activity after which the next activity begins a new session: the thirty
/// minutes that web analytics agree on.
const SESSION_MS: u64 = 30 * 60 * 1000;

/// Everything that one browser remembers of one site.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) install: InstallId,
    pub(crate) session: SessionId,
    /// Milliseconds since 1970 (UTC).
    last_active: u64,
    surveys: Vec<Remembered>,
}

/// [`Seen`] as it is kept, with the survey it belongs to.
#[derive(Debug)]
struct Remembered {
    survey: String,
    impressions: u16,
    /// Milliseconds since 1970 (UTC); 0 is never.
    answered: u64,
    /// As `answered`.
    dismissed: u64,
}

impl Remembered {
    /// Orders what two pages remember of one survey: the later event, then the higher count, is
    /// newer. Impressions count from the last answer or dismissal, so they cannot be added up.
    fn age(&self) -> (u64, u16) {
        (self.answered.max(self.dismissed), self.impressions)
    }
}

impl Memory {
    /// What `bytes` hold, or a new browser.
    pub(crate) fn recall(bytes: Option<&[u8]>, now: Now, entropy: &mut impl Entropy) -> Self {
        bytes.and_then(Self::decode).unwrap_or_else(|| Self {
            install: InstallId::new(now.wall_ms, &entropy.ten()),
            session: SessionId::new(now.wall_ms, &entropy.ten()),
            last_active: now.wall_ms,
            surveys: Vec::new(),
        })
    }

    /// The bytes to keep.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut to = Writer::default();
        to.0.push(FORMAT);
        to.id(self.install.0);
        to.id(self.session.0);
        to.number(self.last_active);
        for it in &self.surveys {
            to.text(&it.survey);
            to.number(it.impressions.into());
            to.number(it.answered);
            to.number(it.dismissed);
        }
        to.0
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut from = Reader::new(bytes);
        if from.byte() != FORMAT {
            return None;
        }
        let mut memory = Self {
            install: InstallId(from.id()),
            session: SessionId(from.id()),
            last_active: from.number(),
            surveys: Vec::new(),
        };
        while !from.is_at_end() {
            memory.surveys.push(Remembered {
                survey: from.text().to_owned(),
                impressions: from.number() as u16,
                answered: from.number(),
                dismissed: from.number(),
            });
        }
        from.is_ok().then_some(memory)
    }

    /// Notes activity; begins a new session when the last one was long ago.
    pub(crate) fn touch(&mut self, now: Now, entropy: &mut impl Entropy) {
        if now.wall_ms.saturating_sub(self.last_active) >= SESSION_MS {
            self.session = SessionId::new(now.wall_ms, &entropy.ten());
        }
        self.last_active = now.wall_ms;
    }

    /// Takes over what another page of this browser has learned. Both pages come to the same end
    /// whichever hears first.
    pub(crate) fn merge(&mut self, bytes: &[u8]) {
        let Some(other) = Self::decode(bytes) else {
            return;
        };
        self.install = self.install.min(other.install);
        if other.last_active > self.last_active {
            self.session = other.session;
            self.last_active = other.last_active;
        }
        for theirs in &other.surveys {
            let mine = self.entry(&theirs.survey);
            if theirs.age() > mine.age() {
                mine.impressions = theirs.impressions;
            }
            mine.answered = mine.answered.max(theirs.answered);
            mine.dismissed = mine.dismissed.max(theirs.dismissed);
        }
    }

    /// What is remembered of `survey`.
    pub(crate) fn seen(&self, survey: &str) -> Seen {
        let found = self.surveys.iter().find(|it| it.survey == survey);
        found.map_or_else(Seen::default, |it| Seen {
            impressions: it.impressions,
            answered_ms: known(it.answered),
            dismissed_ms: known(it.dismissed),
        })
    }

    pub(crate) fn shown(&mut self, survey: &str) {
        let entry = self.entry(survey);
        entry.impressions = entry.impressions.saturating_add(1);
    }

    pub(crate) fn answered(&mut self, survey: &str, now: Now) {
        let entry = self.entry(survey);
        entry.impressions = 0;
        entry.answered = now.wall_ms;
    }

    pub(crate) fn dismissed(&mut self, survey: &str, now: Now) {
        let entry = self.entry(survey);
        entry.impressions = 0;
        entry.dismissed = now.wall_ms;
    }

    fn entry(&mut self, survey: &str) -> &mut Remembered {
        let idx = self.surveys.iter().position(|it| it.survey == survey);
        let idx = idx.unwrap_or_else(|| {
            self.surveys.push(Remembered {
                survey: survey.to_owned(),
                impressions: 0,
                answered: 0,
                dismissed: 0,
            });
            self.surveys.len() - 1
        });
        &mut self.surveys[idx]
    }
}

fn known(ms: u64) -> Option<u64> {
    (ms > 0).then_some(ms)
}
