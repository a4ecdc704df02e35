//! Turns the config into rules.

use protocol::config::CONFIG_FORMAT;
use survey::bytes::Reader;

use super::Agent;
use crate::asking::Running;
use crate::command::WarnCode;
use crate::meter::Rules;
use crate::time::Entropy;

impl<E: Entropy> Agent<E> {
    /// The config arrived: the bytes of `GET /v1/config`.
    pub(super) fn configure(&mut self, config: &[u8]) {
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
}
