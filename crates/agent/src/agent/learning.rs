//! Turns what the page tells about itself and its person into what is remembered.

use super::Agent;
use crate::time::Entropy;
use crate::turn::keep;

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
