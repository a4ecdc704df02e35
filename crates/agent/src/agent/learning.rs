//! Turns what the page tells about itself and its person into what is remembered.

use super::Agent;
use crate::time::Entropy;
use crate::turn::keep;

/// What the person has said about being remembered.
const DENIED: u32 = 0;
const GRANTED: u32 = 1;

impl<E: Entropy> Agent<E> {
    /// The page was entered, or its address changed. `url` is origin and path: the facade keeps
    /// query and fragment, which may hold secrets, to itself. `context` is the page as it goes on
    /// the wire.
    pub(super) fn page(&mut self, device: u32, url: &[u8], language: &[u8], context: &[u8]) {
        self.touch();
        if url != self.url {
            keep(&mut self.url, url);
            self.memory.pages += 1;
            self.asking.moved(self.turn.now.mono_ms);
        }
        self.asking.stands(device, language, context);
    }

    /// The person allows this browser to remember (1), does not (0), or has not said (2). `quiet` is
    /// whether the browser asks in their name not to be measured.
    pub(super) fn consent(&mut self, said: u32, quiet: bool) {
        self.consents = said == GRANTED;
        self.unsaved = true;
        let refuses = quiet || said == DENIED;
        self.transport
            .allow(said > GRANTED, refuses, &mut self.turn);
        if said == DENIED {
            self.forget();
            self.transport.wiped();
        }
    }

    /// The person is gone, or is somebody else now.
    pub(super) fn reset(&mut self) {
        self.dismiss();
        self.forget();
    }

    /// Forgets all that this browser has seen. What happened before is still told as theirs.
    fn forget(&mut self) {
        self.report(true);
        self.transport.seal(&mut self.turn);
        self.memory.forget(self.turn.now, &mut self.turn.entropy);
        self.memory.pages = 1;
        self.asking.forgot();
        self.unsaved = true;
        self.turn.out.say("wipe");
    }
}
