//! Turns one input of the page into a place for everything that comes of it.

use crate::command::{Command, WarnCode};
use crate::time::{Entropy, Now};

/// One input while it is being handled.
#[derive(Debug)]
pub(crate) struct Turn<E> {
    pub(crate) now: Now,
    pub(crate) entropy: E,
    /// What the page is told to do, in order.
    pub(crate) out: Vec<Command>,
}

impl<E: Entropy> Turn<E> {
    pub(crate) const fn new(now: Now, entropy: E) -> Self {
        Self {
            now,
            entropy,
            out: Vec::new(),
        }
    }

    pub(crate) fn say(&mut self, command: Command) {
        self.out.push(command);
    }

    pub(crate) fn warn(&mut self, code: WarnCode, about: &str) {
        let about = about.to_owned();
        self.out.push(Command::Warn { code, about });
    }

    /// The time on the monotonic clock in `ms`.
    pub(crate) fn after(&self, ms: impl Into<u64>) -> u64 {
        self.now.mono_ms.saturating_add(ms.into())
    }
}
