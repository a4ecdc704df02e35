//! Turns four times what a collector keeps a second into what becomes of it: kept, or refused, and
//! how much memory it takes.
//!
//! Requests come at a rate of their own, whether or not earlier ones were answered, as they do from
//! people; who was refused comes again when it is their turn. Whoever sends shares the machine.

use std::collections::VecDeque;
use std::fmt::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rusqlite::params;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::load::{self, Connection, Measured, Shape};
use crate::server::Collector;
use crate::{Failure, items};

/// Items of one request: as many as it may have, some 180 KB.
const ITEMS: u32 = 500;

/// Senders of the rate that is the measure: enough for the writer to always have some, and few enough
/// that nobody waits.
const UNLOADED: Shape = Shape::of(16, ITEMS);

/// So much more is sent than was kept of those.
const TIMES: f64 = 4.0;

/// Requests that wait for an answer; beyond that the collector has no connections.
const MAX_UNDER_WAY: usize = 6_000;

/// How often those are begun that are due.
const TICK: Duration = Duration::from_millis(5);

/// Numbers of items, of all senders together: an id begins with the time at which it was made, and what
/// is made at one time is written at one place of an index. As if all had begun long before the others,
/// requests of new senders would be spread over all of it.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// Who sends one request after the other, the same one until it is accepted.
struct Sender {
    number: u32,
    /// Number of the first item of its request.
    first: u32,
    request: Vec<u8>,
    connection: Option<Connection>,
    /// First numbers of requests whose items are kept.
    kept: Vec<u32>,
}

/// What became of one request.
enum Fate {
    Kept,
    Refused,
    Broken,
}

#[derive(Default)]
struct Told {
    offered: u64,
    /// How long those took that were kept while others came, and those that were refused.
    kept: Vec<Duration>,
    refused: Vec<Duration>,
    broken: u64,
    /// Kept after the last had been sent.
    late: u64,
    /// Due, and not sent: as many were under way as there are connections.
    held_back: u64,
    under_way: usize,
    senders: Vec<Sender>,
}

pub(crate) fn print(page: &mut String, runtime: &Runtime, length: Duration) -> Result<(), Failure> {
    let unloaded = {
        let collector = Collector::start()?;
        runtime.block_on(load::run(&collector.address, UNLOADED, length / 3))?
    };
    let per_s = TIMES * unloaded.items_per_s / f64::from(ITEMS);
    let collector = Collector::start()?;
    let told = runtime.block_on(offer(&collector.address, per_s, length))?;
    let peak = collector.peak_mib()?;
    collector_has(&collector, &told.senders)?;
    if told.refused.is_empty() {
        return Err("nothing was refused: that was no overload".into());
    }
    write(page, &unloaded, per_s, length, told, peak)
}

fn write(
    page: &mut String,
    unloaded: &Measured,
    per_s: f64,
    length: Duration,
    told: Told,
    peak: u64,
) -> Result<(), Failure> {
    let kept = Measured::new(told.kept.len() as u64 * u64::from(ITEMS), length, told.kept);
    let refused = Measured::new(0, length, told.refused);
    let share = 100.0 * kept.items_per_s / unloaded.items_per_s;
    writeln!(
        page,
        "\n## Overload\n\n{} senders of {ITEMS} items a request had {:.0} items a second kept. Then {TIMES} times as\n\
         many requests came for {} s, {per_s:.0} a second, whether or not earlier ones were answered; whoever was\n\
         refused came again when it was their turn.\n\n\
         | | |\n| --- | ---: |\n\
         | requests that were sent | {} |\n\
         | that were due and not sent, as {MAX_UNDER_WAY} were under way | {} |\n\
         | most that were under way at once | {} |\n\
         | items/s that were kept | {:.0} |\n\
         | of what was kept without overload | {share:.0} % |\n\
         | how long those took, p50 and p99 ms | {:.0}, {:.0} |\n\
         | requests that were kept, after the last had been sent | {} |\n\
         | of all their items, on disk afterwards | all |\n\
         | requests that were refused with 503 and Retry-After | {} |\n\
         | how long those took, p50 and p99 ms | {:.0}, {:.0} |\n\
         | connections that broke before an answer | {} |\n\
         | most memory that the collector held, MiB | {peak} |",
        UNLOADED.senders,
        unloaded.items_per_s,
        length.as_secs(),
        told.offered,
        told.held_back,
        told.under_way,
        kept.items_per_s,
        kept.quantile_ms(0.5),
        kept.quantile_ms(0.99),
        told.late,
        refused.count(),
        refused.quantile_ms(0.5),
        refused.quantile_ms(0.99),
        told.broken,
    )?;
    Ok(())
}

/// Sends so many requests a second for so long.
async fn offer(address: &str, per_s: f64, length: Duration) -> Result<Told, Failure> {
    let mut told = Told::default();
    let mut idle = VecDeque::new();
    let mut under_way = JoinSet::new();
    let start = Instant::now();
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut made = 0;
    while start.elapsed() < length {
        tokio::select! {
            _ = ticks.tick() => {
                let due = (start.elapsed().as_secs_f64() * per_s) as u64;
                while told.offered + told.held_back < due {
                    if under_way.len() >= MAX_UNDER_WAY {
                        told.held_back += 1;
                        continue;
                    }
                    told.offered += 1;
                    let sender = idle.pop_front().unwrap_or_else(|| {
                        made += 1;
                        Sender::new(made)
                    });
                    under_way.spawn(sender.send(address.to_owned()));
                }
                told.under_way = told.under_way.max(under_way.len());
            }
            Some(sent) = under_way.join_next() => idle.push_back(told.hear(sent??)),
        }
    }
    let within = told.kept.len();
    while let Some(sent) = under_way.join_next().await {
        idle.push_back(told.hear(sent??));
    }
    told.late = told.kept.split_off(within).len() as u64;
    told.senders = idle.into();
    Ok(told)
}

impl Told {
    fn hear(&mut self, (sender, fate, took): (Sender, Fate, Duration)) -> Sender {
        match fate {
            Fate::Kept => self.kept.push(took),
            Fate::Refused => self.refused.push(took),
            Fate::Broken => self.broken += 1,
        }
        sender
    }
}

impl Sender {
    fn new(number: u32) -> Self {
        let mut new = Self {
            number,
            first: 0,
            request: Vec::new(),
            connection: None,
            kept: Vec::new(),
        };
        new.make_next();
        new
    }

    fn make_next(&mut self) {
        self.first = NEXT.fetch_add(ITEMS, Ordering::Relaxed);
        self.request = items::request(self.number, self.first, ITEMS);
    }

    /// Sends its request once; the next time another if this one is kept.
    async fn send(mut self, address: String) -> Result<(Self, Fate, Duration), Failure> {
        let start = Instant::now();
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(&address).await?,
        };
        // A refusal that comes before the body has been read ends the connection.
        let Ok(answer) = connection.ask(&self.request).await else {
            return Ok((self, Fate::Broken, start.elapsed()));
        };
        let took = start.elapsed();
        self.connection = Some(connection);
        match answer.status {
            // Accepted now, or at an attempt whose answer was a refusal for want of time.
            200 if answer.kept() == u64::from(ITEMS) => {
                self.kept.push(self.first);
                self.make_next();
                Ok((self, Fate::Kept, took))
            }
            503 => Ok((self, Fate::Refused, took)),
            _ => Err(format!("{}: {}", answer.status, answer.body).into()),
        }
    }
}

/// Makes sure that every item that was acknowledged is on disk.
fn collector_has(collector: &Collector, senders: &[Sender]) -> Result<(), Failure> {
    let db = collector.db()?;
    let mut known = db.prepare("SELECT 1 FROM item WHERE id = ?1 AND project = 1")?;
    for sender in senders {
        let items = sender.kept.iter().flat_map(|first| *first..first + ITEMS);
        for n in items {
            let id: protocol::id::ItemId = items::item_id(sender.number, n).parse()?;
            if !known.exists(params![id.0.as_bytes()])? {
                let whose = sender.number;
                return Err(format!("item {n} of {whose} was acknowledged, and is gone").into());
            }
        }
    }
    Ok(())
}
