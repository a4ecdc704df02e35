//! Turns what the page tells about itself and its person into what rules look at.

use super::Agent;
use crate::place::keep;
use crate::time::Entropy;

/// Events that are kept until the config comes; the first ones, because nothing is set off twice.
const MAX_EARLY: usize = 50;

impl<E: Entropy> Agent<E> {
    /// The page was entered, or its address changed. `url` is origin and path: the facade keeps
    /// query and fragment, which may hold secrets, to itself. `context` is the page as it goes on
    /// the wire.
    pub(super) fn page(&mut self, device: u32, url: &[u8], language: &[u8], context: &[u8]) {
        self.touch();
        let place = &mut self.place;
        if url != place.url {
            keep(&mut place.url, url);
            place.entered_ms = self.turn.now.mono_ms;
            self.memory.pages += 1;
            self.rests = false;
            for candidate in self.candidates.iter_mut() {
                candidate.moved();
            }
        }
        place.device = device;
        keep(&mut place.language, language);
        keep(&mut place.context, context);
    }

    /// Something happened that triggers may wait for.
    pub(super) fn track(&mut self, event: &[u8], properties: &[u8]) {
        let now_ms = self.turn.now.mono_ms;
        if self.configured {
            self.count(event, properties, now_ms);
        } else if self.early.len() < MAX_EARLY {
            let event = (event.to_vec(), properties.to_vec(), now_ms);
            self.early.push(event);
        }
    }

    pub(super) fn count(&mut self, event: &[u8], properties: &[u8], at_ms: u64) {
        let facts = self.place.facts(properties, self.memory.pages, at_ms);
        for candidate in self.candidates.iter_mut() {
            candidate.hear(event, &facts, at_ms);
        }
    }

    /// The person allows this browser to remember, or does not.
    pub(super) fn consent(&mut self, granted: bool) {
        self.consents = granted;
        self.unsaved = true;
        if !granted {
            self.forget();
        }
    }

    /// The person is gone, or is somebody else now.
    pub(super) fn reset(&mut self) {
        self.put_away();
        self.wanted = None;
        self.place.forget();
        self.early.clear();
        for candidate in self.candidates.iter_mut() {
            candidate.forget();
        }
        self.forget();
    }

    /// Forgets all that this browser has seen. What happened before is still told as theirs.
    fn forget(&mut self) {
        self.transport.seal(&mut self.turn);
        self.memory.forget(self.turn.now, &mut self.turn.entropy);
        self.memory.pages = 1;
        self.may_resume = false;
        self.unsaved = true;
        self.turn.out.say("wipe");
    }
}
