//! Turns the bytes of one call of the facade into the input that they stand for.

use survey::bytes::Reader;

use super::Agent;
use crate::backoff::TOLD_MAX_MS;
use crate::reply::Reply;
use crate::time::{Entropy, Now};

impl<E: Entropy> Agent<E> {
    /// Takes one input as bytes: its place in `INPUTS` of the facade, three numbers, bytes, three
    /// texts. What an input does not have is 0 or empty. Returns [`crate::Command`]s as a JSON list.
    ///
    /// One function and one layout for all: what JavaScript calls costs code on both sides, and so
    /// does every way to read. Bytes that are no input do nothing.
    pub fn hear(&mut self, input: &[u8], now: Now) -> Vec<u8> {
        self.turn.now = now;
        self.turn.out.raw(b"[");
        if self.take_in(input).is_some() {
            self.finish();
        }
        self.turn.out.end(b']');
        core::mem::take(&mut self.turn.out.0)
    }

    fn take_in(&mut self, input: &[u8]) -> Option<()> {
        let mut from = Reader::new(input);
        let input = from.byte();
        // Past 32 bits there is nothing that an input could mean: the highest number stands for it.
        let mut number = || u32::try_from(from.number()).unwrap_or(u32::MAX);
        let (a, b, c) = (number(), number(), number());
        let bytes = from.bytes();
        let (x, y, z) = (from.bytes(), from.bytes(), from.bytes());
        if !from.is_ok() {
            return None;
        }
        match input {
            // Timers may fire a little early; the same time is then asked for again.
            0 => self.wakes_at = u64::MAX,
            1 => {
                self.touch();
                self.hidden = false;
            }
            2 => {
                self.hidden = true;
                self.leave();
            }
            3 => self.transport.online(&mut self.turn),
            7 => self.configure(bytes),
            9 => self.page(a, x, y, z),
            10 => {
                self.merge(bytes);
                self.heed_hold();
            }
            15 => self.delivered(&Reply {
                slot: a,
                status: b as u16,
                retry_after_ms: c,
                letters: x,
                code: y,
            }),
            21 => self.consent(a, b > 0),
            22 => self.reset(),
            23 => {
                self.meter.measured(a, x, &self.url, &mut self.turn);
                self.heed();
                // Whoever writes rows may hear that the page goes after everybody else.
                if b > 0 {
                    self.leave();
                }
            }
            24 => self.transport.tell_ledger(&mut self.turn.out),
            25 => self.transport.adopt(bytes, &mut self.turn),
            26 => self.transport.lost(a as usize, b),
            input => return self.hear_more(input, [a, b, c], bytes, [x, y, z]),
        }
        Some(())
    }

    /// Sends what would be lost if the page went now.
    fn leave(&mut self) {
        self.report(true);
        self.transport.leave(&mut self.turn);
    }

    fn delivered(&mut self, reply: &Reply<'_>) {
        if reply.status > 1 {
            self.meter.worked(self.turn.now.mono_ms);
        }
        if reply.retry_after_ms > 0 {
            let ms = reply.retry_after_ms.min(TOLD_MAX_MS);
            let until = self.turn.now.wall_ms + u64::from(ms);
            self.memory.held_until = self.memory.held_until.max(until);
            self.unsaved = true;
        }
        if self.transport.delivered(reply, &mut self.turn) {
            self.refused(reply.code);
        }
    }
}
