//! Turns four times what may wait into what becomes of it: kept, or refused, and how much memory.

use std::fmt::Write;
use std::time::{Duration, Instant};

use rusqlite::params;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::load::Connection;
use crate::server::Collector;
use crate::{Failure, items};

/// Items of one request: as many as it may have, some 180 KB.
const ITEMS: u32 = 500;

/// Bytes that may wait: of bodies, and of what is queued for the writer.
const MAY_WAIT: usize = 128 << 20;

/// How long senders try.
const LENGTH: Duration = Duration::from_secs(90);

/// How long a sender waits after a refusal.
const PAUSE: Duration = Duration::from_secs(1);

/// What one sender was told.
#[derive(Default)]
struct Told {
    /// First numbers of requests whose items were all accepted.
    accepted: Vec<u32>,
    refused: u64,
    /// Refusals that did not say when to come back.
    broken: u64,
}

pub(crate) fn print(page: &mut String, runtime: &Runtime) -> Result<(), Failure> {
    let collector = Collector::start()?;
    let request = items::request(0, 1, ITEMS).len();
    let senders = u32::try_from(4 * MAY_WAIT / request)?;
    let told = runtime.block_on(run(&collector.address, senders))?;
    let peak = collector.peak_mib()?;
    let (mut accepted, mut refused, mut broken) = (0, 0, 0);
    for (sender, told) in &told {
        collector_has(&collector, *sender, &told.accepted)?;
        accepted += told.accepted.len();
        refused += told.refused;
        broken += told.broken;
    }
    if refused == 0 {
        return Err("nothing was refused: that was no overload".into());
    }
    writeln!(
        page,
        "\n## Overload\n\n{senders} senders of {ITEMS} items each, {} MiB under way at once: four times \
         what may wait.\nEach sends until it is accepted, and pauses for {} s after a refusal, where a sender of ours pauses\n\
         for as long as Retry-After says.\n\n\
         | | |\n| --- | ---: |\n\
         | requests that were accepted, each with {ITEMS} items | {accepted} |\n\
         | of their items, on disk afterwards | all |\n\
         | requests that were refused with 503 and Retry-After | {refused} |\n\
         | connections that broke before an answer | {broken} |\n\
         | most memory that the collector held, MiB | {peak} |",
        (senders as usize * request) >> 20,
        PAUSE.as_secs(),
    )?;
    Ok(())
}

async fn run(address: &str, senders: u32) -> Result<Vec<(u32, Told)>, Failure> {
    // Made before anybody sends: whoever makes them meanwhile is slower than the collector.
    let requests: Vec<_> = (0..senders)
        .map(|sender| items::request(sender, 1, ITEMS))
        .collect();
    let end = Instant::now() + LENGTH;
    let mut all = JoinSet::new();
    for (sender, request) in (0..).zip(requests) {
        let address = address.to_owned();
        all.spawn(async move {
            let told = send_until(&address, &request, end).await;
            told.map(|told| (sender, told))
        });
    }
    let mut told = Vec::new();
    while let Some(sent) = all.join_next().await {
        told.push(sent??);
    }
    Ok(told)
}

/// Sends one request until it is accepted.
async fn send_until(address: &str, request: &[u8], end: Instant) -> Result<Told, Failure> {
    let mut told = Told::default();
    let mut connection = Connection::open(address).await?;
    while Instant::now() < end {
        match connection.ask(request).await {
            Ok(answer) if answer.status == 200 && answer.kept() == u64::from(ITEMS) => {
                told.accepted.push(1);
                return Ok(told);
            }
            Ok(answer) if answer.status == 503 => {
                told.refused += 1;
                tokio::time::sleep(PAUSE).await;
            }
            Ok(answer) => return Err(format!("{}: {}", answer.status, answer.body).into()),
            // A refusal that comes before the body has been read ends the connection.
            Err(_) => {
                told.broken += 1;
                connection = Connection::open(address).await?;
            }
        }
    }
    Ok(told)
}

/// Makes sure that every item of these requests is on disk.
fn collector_has(collector: &Collector, sender: u32, requests: &[u32]) -> Result<(), Failure> {
    let db = collector.db()?;
    let mut known = db.prepare("SELECT 1 FROM item WHERE id = ?1 AND project = 1")?;
    for first in requests {
        for n in *first..first + ITEMS {
            let id: protocol::id::ItemId = items::item_id(sender, n).parse()?;
            if !known.exists(params![id.0.as_bytes()])? {
                return Err(format!("item {n} of {sender} was acknowledged, and is gone").into());
            }
        }
    }
    Ok(())
}
