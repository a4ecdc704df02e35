//! Turns the config, or its absence, into rules and the time of the next attempt.

use protocol::config::CONFIG_FORMAT;
use survey::bytes::Reader;

use super::Agent;
use crate::asking::Running;
use crate::backoff::{TOLD_MAX_MS, probe_ms, wait_ms};
use crate::command::WarnCode;
use crate::meter::Rules;
use crate::reply::{Verdict, verdict};
use crate::time::Entropy;

impl<E: Entropy> Agent<E> {
    /// The config arrived: the bytes of `GET /v1/config`.
    pub(super) fn configure(&mut self, config: &[u8]) {
        self.fetch_at = u64::MAX;
        self.fetch_failures = 0;
        // Kept until the page goes, like the rules that point into it: there is one for each page.
        let mut from = Reader::new(config.to_vec().leak());
        let is_known = from.byte() == CONFIG_FORMAT;
        let running = Running::read(&mut from);
        let rules = Rules::read(&mut from);
        let is_ok = is_known && from.is_ok();
        if is_ok {
            self.meter.configure(rules);
            self.meter.measured(0, b"", &self.url, &mut self.turn);
        } else {
            self.turn.out.say_warn(WarnCode::ConfigUnreadable, b"");
        }
        self.run(is_ok.then_some(running));
        if !core::mem::replace(&mut self.configured, true) {
            self.tell_ready();
        }
        self.heed();
    }

    /// The config did not arrive. `status` is 0 without an answer, `retry_after_ms` 0 without the
    /// header, `code` empty without a stable code.
    pub(super) fn config_failed(&mut self, status: u16, retry_after_ms: u32, code: &[u8]) {
        self.fetch_failures += 1;
        let jitter = wait_ms(self.fetch_failures, false, &mut self.turn.entropy);
        let wait = match verdict(status) {
            Verdict::Stop | Verdict::Halve(_) => {
                self.refused(code);
                probe_ms(&mut self.turn.entropy)
            }
            Verdict::Wait => jitter.max(retry_after_ms.min(TOLD_MAX_MS)),
            Verdict::Decided | Verdict::Again => jitter,
        };
        self.fetch_at = self.turn.after(wait);
    }
}
