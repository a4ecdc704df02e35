//! Turns the absence of a config into the time of the next attempt.
//!
//! Where surveys cannot run the config is there already: that is how it is known.

use crate::agent::Agent;
use crate::backoff::{TOLD_MAX_MS, probe_ms, wait_ms};
use crate::reply::{Verdict, verdict};
use crate::time::Entropy;

impl<E: Entropy> Agent<E> {
    /// The config did not arrive. `status` is 0 without an answer, `retry_after_ms` 0 without the
    /// header, `code` empty without a stable code.
    pub(super) fn config_failed(&mut self, status: u16, retry_after_ms: u32, code: &[u8]) {
        self.asking.fetch_failures += 1;
        let jitter = wait_ms(self.asking.fetch_failures, false, &mut self.turn.entropy);
        let wait = match verdict(status) {
            Verdict::Stop | Verdict::Halve(_) => {
                self.refused(code);
                probe_ms(&mut self.turn.entropy)
            }
            Verdict::Wait => jitter.max(retry_after_ms.min(TOLD_MAX_MS)),
            Verdict::Decided | Verdict::Again => jitter,
        };
        self.asking.fetch_at = self.turn.after(wait);
    }

    /// Asks for the config when it is time; tells when that is, on the monotonic clock.
    pub(crate) fn fetch(&mut self) -> u64 {
        let fetch_at = &mut self.asking.fetch_at;
        if *fetch_at <= self.turn.now.mono_ms {
            *fetch_at = u64::MAX;
            self.turn.out.say("fetch_config");
        }
        *fetch_at
    }
}
