//! Turns items into one envelope that stays the same however often it is sent.

use protocol::envelope::Header;
use protocol::id::{BatchId, BootId, InstallId, SessionId};

use crate::command::Command;
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
    pub(crate) items: Vec<Pending>,
    /// What its header reports as given up.
    pub(crate) drops: Drops,
    /// Attempts so far; 0 means that no text exists yet.
    attempt: u32,
    /// Requests whose answer is still out: two when one was doubled because the page might go.
    flights: u8,
    /// Whether the latest request outlives the page.
    exit: bool,
}

impl Batch {
    pub(crate) fn new(slot: u32, items: Vec<Pending>, turn: &mut Turn<impl Entropy>) -> Self {
        Self {
            slot,
            id: BatchId::new(turn.now.wall_ms, &turn.entropy.ten()),
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
        self.items.iter().any(|item| item.response().is_some())
    }

    /// Notes that one request was answered, or failed.
    pub(crate) const fn landed(&mut self) {
        self.flights = self.flights.saturating_sub(1);
    }

    /// The command that makes the next attempt. Its first one reports `drops` and takes them.
    pub(crate) fn attempt(
        &mut self,
        exit: bool,
        drops: &mut Drops,
        sender: Sender,
        now: Now,
    ) -> Command {
        self.attempt += 1;
        self.flights = self.flights.saturating_add(1);
        self.exit = exit;
        let (slot, attempt) = (self.slot, self.attempt);
        if attempt > 1 {
            return Command::Resend {
                slot,
                attempt,
                exit,
            };
        }
        self.drops = core::mem::take(drops);
        let header = Header {
            sdk: SDK.to_owned(),
            install: sender.install,
            session: sender.session,
            boot: sender.boot,
            sent_wall: now.wall_ms,
            report: self.drops,
        };
        let items = self.items.iter().map(|item| item.item(now)).collect();
        Command::Send {
            slot,
            batch: self.id,
            attempt,
            header,
            items,
            exit,
        }
    }
}
