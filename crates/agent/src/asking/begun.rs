//! Turns a response that was answered in part into bytes of the memory, for a later page to go on.

use protocol::id::{ResponseId, SessionId};
use survey::bytes::Reader;
use survey::rule::Survey;

use crate::memory::{Memory, id};
use crate::time::Now;
use crate::writer::Writer;

/// A response that was answered in part and can go on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Begun<'a> {
    pub(crate) survey: Survey<'a>,
    /// It goes on in the session in which it began.
    pub(crate) session: SessionId,
    pub(crate) response: ResponseId,
    pub(crate) revision: u32,
    /// The page or the person asked for the survey, so its conditions did not matter.
    pub(crate) explicit: bool,
    /// What the widget goes on from, in base64.
    pub(crate) resume: &'a [u8],
}

impl<'a> Begun<'a> {
    fn encode(&self) -> Vec<u8> {
        let mut to = Writer::default();
        to.bytes(self.survey.id);
        to.number(self.survey.version.into());
        to.id(self.session.0);
        to.id(self.response.0);
        to.number(self.revision.into());
        to.number(self.explicit.into());
        to.bytes(self.resume);
        to.0
    }

    fn decode(bytes: &'a [u8]) -> Self {
        let from = &mut Reader::new(bytes);
        Self {
            survey: Survey::read(from),
            session: SessionId(id(from)),
            response: ResponseId(id(from)),
            revision: from.number() as u32,
            explicit: from.flag(),
            resume: from.bytes(),
        }
    }
}

impl Memory {
    /// The response that can go on in this session.
    pub(crate) fn begun(&self) -> Option<Begun<'_>> {
        let begun = Begun::decode(&self.begun);
        // Where nothing was begun, its session is none.
        (begun.session == self.session).then_some(begun)
    }

    /// Whether what can go on, in this session or not, is this revision.
    pub(crate) fn has_begun(&self, response: ResponseId, revision: u32) -> bool {
        let begun = Begun::decode(&self.begun);
        (begun.response, begun.revision) == (response, revision)
    }

    /// Notes what can go on from now on. Later than whatever was noted before, so that it holds
    /// wherever it is merged.
    pub(crate) fn begin(&mut self, begun: Option<Begun<'_>>, now: Now) {
        let begun = begun.map_or_else(Vec::new, |begun| begun.encode());
        if !begun.is_empty() || !self.begun.is_empty() {
            self.begun_at = now.wall_ms.max(self.begun_at + 1);
            self.begun = begun;
        }
    }
}
