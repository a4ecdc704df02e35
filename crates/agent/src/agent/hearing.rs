//! Turns the bytes of one call of the facade into the input that they stand for.

use protocol::item::DismissReason;

use super::Agent;
use crate::bytes::Reader;
use crate::command::Command;
use crate::reply::Reply;
use crate::time::{Entropy, Now};

impl<E: Entropy> Agent<E> {
    /// Takes one input as bytes: its place in `INPUTS` of the facade, three numbers, bytes, three
    /// texts. What an input does not have is 0 or empty.
    ///
    /// One function and one layout for all: what JavaScript calls costs code on both sides, and so
    /// does every way to read. Bytes that are no input do nothing.
    pub fn hear(&mut self, input: &[u8], now: Now) -> Vec<Command> {
        let mut from = Reader::new(input);
        let input = from.byte();
        // Past 32 bits there is nothing that an input could mean: the highest number stands for it.
        let mut number = || u32::try_from(from.number()).unwrap_or(u32::MAX);
        let (a, b, c) = (number(), number(), number());
        let bytes = from.bytes();
        let (x, y, z) = (from.text(), from.text(), from.text());
        if !from.is_ok() {
            return Vec::new();
        }
        match input {
            0 => self.tick(now),
            1 => self.visible(now),
            2 => self.hidden(now),
            3 => self.online(now),
            4 => self.shown(now),
            5 => self.show_failed(now),
            6 => self.completed(now),
            7 => self.closed(DismissReason::Person, now),
            8 => self.closed(DismissReason::Page, now),
            9 => self.configure(bytes, now),
            10 => self.config_failed(a as u16, b, x, now),
            11 => self.page(x, y, now),
            12 => self.synced(bytes, now),
            13 => self.show(x, now),
            14 => self.answered_nps(x, y, u8::try_from(a).unwrap_or(u8::MAX), now),
            15 => self.answered_text(x, y, z, now),
            16 => {
                let reply = Reply {
                    slot: a,
                    status: b as u16,
                    retry_after_ms: c,
                    letters: x,
                    code: y,
                };
                self.delivered(&reply, now)
            }
            _ => Vec::new(),
        }
    }
}
