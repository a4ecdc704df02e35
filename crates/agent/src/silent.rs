//! Turns everything that is about surveys into "there is none": stands in for `asking` in the module
//! of pages that are only measured.
//!
//! What this browser's surveys have seen is kept as the bytes that it is: nobody here could read it.

use survey::bytes::Reader;

use crate::agent::Agent;
use crate::command::WarnCode;
use crate::meter::Attempt;
use crate::time::Entropy;
use crate::writer::Writer;

/// Nothing is asked.
#[derive(Debug, Default)]
pub(crate) struct Asking;

impl Asking {
    pub(crate) const fn moved(&mut self, _now_ms: u64) {}

    pub(crate) const fn stands(&mut self, _device: u32, _language: &[u8], _context: &[u8]) {}

    pub(crate) const fn forgot(&mut self) {}
}

/// The part of a config that surveys would be in.
#[derive(Debug)]
pub(crate) struct Running;

impl Running {
    /// Fails on a config with surveys: those are for the other module.
    pub(crate) fn read(from: &mut Reader<'static>) -> Self {
        if from.count() > 0 {
            *from = Reader::new(&[]);
        }
        from.bytes();
        Self
    }
}

/// Of a response, of which there is none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Revision;

pub(crate) const NO_REVISION: Revision = Revision;

impl Revision {
    pub(crate) const fn is_of(self, _other: Self) -> bool {
        false
    }
}

/// Nobody has answered.
#[derive(Debug, Default)]
pub(crate) struct Watch;

impl Watch {
    pub(crate) const fn begin(&mut self, _revision: Revision) {}

    pub(crate) const fn observe(&mut self, _revision: Revision, _stored: bool) {}
}

/// Nobody asks what the person has waited for.
#[derive(Debug, Default)]
pub(crate) struct Waited;

impl Waited {
    pub(crate) const fn note(&mut self, _attempt: &Attempt<'_>) {}
}

/// What surveys have seen in this browser, unread.
pub(crate) type History = Vec<u8>;

pub(crate) fn read_history(from: &mut Reader<'_>) -> History {
    from.rest().to_vec()
}

pub(crate) fn write_history(history: &History, to: &mut Writer) {
    to.0.extend_from_slice(history);
}

/// Puts both behind each other, unless one begins or ends with the other: whoever can read them
/// merges them. The smaller goes first, so that all pages come to the same.
pub(crate) fn merge_history(mine: &mut History, theirs: &History) {
    let holds = |all: &[u8], part: &[u8]| all.starts_with(part) || all.ends_with(part);
    if holds(theirs, mine) {
        mine.clear();
    }
    if !holds(mine, theirs) {
        let mut theirs = theirs.clone();
        if theirs < *mine {
            core::mem::swap(mine, &mut theirs);
        }
        mine.extend_from_slice(&theirs);
    }
}

impl<E: Entropy> Agent<E> {
    pub(crate) const fn run(&mut self, _running: Option<Running>) {}

    /// Whatever the page wants of a survey: there is none.
    pub(crate) fn hear_more(
        &mut self,
        input: u8,
        _numbers: [u32; 3],
        _bytes: &[u8],
        [x, ..]: [&[u8]; 3],
    ) -> Option<()> {
        match input {
            11 => self.turn.out.say_warn(WarnCode::UnknownSurvey, x),
            20 => self.explain(x),
            // Up to the last of the inputs that the other module knows.
            0..=20 => {}
            _ => return None,
        }
        Some(())
    }

    /// The gates `Config` and `Running`, as the other module tells them.
    fn explain(&mut self, survey: &[u8]) {
        let gates: &[u8] = if self.configured {
            b"[[0,1,1,1],[1,0,0,1]]"
        } else {
            b"[[0,0,0,1],[1,0,0,1]]"
        };
        let out = &mut self.turn.out;
        out.command("explained");
        out.word_at("survey", survey);
        out.raw_at("gates", gates);
        out.end(b'}');
    }

    /// Takes in what other pages have kept.
    pub(crate) fn merge(&mut self, state: &[u8]) {
        self.unsaved |= self.memory.merge(state);
    }

    /// The config is there: from it is known that there are no surveys.
    pub(crate) const fn fetch(&mut self) -> u64 {
        u64::MAX
    }

    pub(crate) const fn heed(&mut self) {}

    pub(crate) const fn dismiss(&mut self) {}

    pub(crate) const fn decide(&mut self) -> u64 {
        u64::MAX
    }

    pub(crate) const fn tell_delivery(&mut self) {}

    /// The agent knows that the site has no surveys.
    pub(crate) fn tell_ready(&mut self) {
        let out = &mut self.turn.out;
        out.raw(br#"{"do":"emit","event":"ready","survey":null,"response":null}"#);
    }
}
