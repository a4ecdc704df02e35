//! Turns items into one envelope that stays the same however often it is sent.

use protocol::id::{BatchId, BootId, InstallId, SessionId};

use crate::json::Json;
use crate::queue::{Drops, Pending};
use crate::time::{Entropy, Now};
use crate::turn::Turn;

/// Name and version in every header.
const SDK: &str = concat!("firsthand-js/", env!("CARGO_PKG_VERSION"));

/// Who sends: what a header says beside the time and the loss report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sender {
    pub(crate) install: InstallId,
    pub(crate) session: SessionId,
    pub(crate) boot: BootId,
}

/// One envelope that is under way or waits for its turn.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Names it between agent and facade.
    pub(crate) slot: u32,
    id: BatchId,
    pub(crate) sender: Sender,
    pub(crate) items: Vec<Pending>,
    /// What its header reports as given up.
    pub(crate) drops: Drops,
    /// Attempts so far; 0 means that no text exists yet.
    attempt: u32,
    /// Requests whose answer is still out: two when one was doubled because the page might go.
    flights: u32,
    /// Whether the latest request outlives the page.
    exit: bool,
}

impl Batch {
    pub(crate) fn new(
        slot: u32,
        sender: Sender,
        items: Vec<Pending>,
        turn: &mut Turn<impl Entropy>,
    ) -> Self {
        Self {
            slot,
            id: BatchId::new(turn.now.wall_ms, &turn.entropy.ten()),
            sender,
            items,
            drops: Drops::default(),
            attempt: 0,
            flights: 0,
            exit: false,
        }
    }

    pub(crate) const fn is_under_way(&self) -> bool {
        self.flights > 0
    }

    /// Whether nothing of it would outlive the page.
    pub(crate) const fn may_be_lost(&self) -> bool {
        self.flights == 0 || !self.exit
    }

    pub(crate) fn has_response(&self) -> bool {
        self.items.iter().any(Pending::is_response)
    }

    /// How important it is: as its most important item; less is more.
    pub(crate) fn rank(&self) -> u8 {
        self.items.first().map_or(u8::MAX, |item| item.kind as u8)
    }

    /// Notes that one request was answered, or failed.
    pub(crate) const fn landed(&mut self) {
        self.flights = self.flights.saturating_sub(1);
    }

    /// Says the command that makes the next attempt. Its first one reports `drops` and takes them.
    pub(crate) fn attempt(
        &mut self,
        exit: bool,
        drops: Option<&mut Drops>,
        now: Now,
        out: &mut Json,
    ) {
        self.attempt += 1;
        self.flights += 1;
        self.exit = exit;
        let is_first = self.attempt == 1;
        out.command(if is_first { "send" } else { "resend" });
        out.number_at("slot", self.slot.into());
        out.number_at("attempt", self.attempt.into());
        out.flag_at("exit", exit);
        if is_first {
            self.drops = drops.map(core::mem::take).unwrap_or_default();
            out.key("batch");
            out.id(self.id.0);
            write_envelope(self.sender, self.drops, &self.items, now, out);
        }
        out.end(b'}');
    }
}

/// The header and the items of an envelope, as two entries of a command.
pub(super) fn write_envelope(
    sender: Sender,
    drops: Drops,
    items: &[Pending],
    now: Now,
    out: &mut Json,
) {
    out.key("header");
    out.raw(b"{");
    out.text_at("sdk", SDK);
    let Sender {
        install,
        session,
        boot,
    } = sender;
    for (key, id) in &[
        ("install", install.0),
        ("session", session.0),
        ("boot", boot.0),
    ] {
        out.key(key);
        out.id(*id);
    }
    out.number_at("sent_wall", now.wall_ms);
    out.key("report");
    drops.write(out);
    out.end(b'}');
    out.key("items");
    out.raw(b"[");
    for item in items {
        item.write(now, out);
    }
    out.end(b']');
}
