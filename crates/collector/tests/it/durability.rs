//! Turns `kill -9` under load into a count: what was acknowledged is there, and once.
//!
//! `FIRSTHAND_CRASHES=100` kills a hundred times instead of a few.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use protocol::id::ItemId;
use protocol::outcome::BatchReply;
use rusqlite::Connection;
use serde_json::json;

use crate::process::{Running, init};
use crate::socket::send;
use crate::world::{batch_path, header_line, id, response, score};

const SENDERS: u32 = 8;
const ITEMS_PER_BATCH: u32 = 5;
/// Items that are acknowledged between two kills, at least.
const ITEMS_PER_LIFE: usize = 300;

/// How often it is killed.
fn kills() -> usize {
    let kills = std::env::var("FIRSTHAND_CRASHES");
    kills.map_or(5, |kills| kills.parse().unwrap())
}

/// What senders have been told, and where they send.
struct Field {
    address: Mutex<String>,
    acknowledged: Mutex<BTreeSet<String>>,
    /// Items that came again because their answer was lost.
    duplicates: AtomicUsize,
    is_over: AtomicBool,
}

/// Lets the senders end, also when the test fails before.
struct OverAtLast<'a>(&'a AtomicBool);

impl Drop for OverAtLast<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let dir = tempfile::tempdir().unwrap();
    assert!(init(dir.path()).status.success());
    let mut collector = Running::start(dir.path());
    let field = Field {
        address: Mutex::new(collector.address.clone()),
        acknowledged: Mutex::default(),
        duplicates: AtomicUsize::new(0),
        is_over: AtomicBool::new(false),
    };
    std::thread::scope(|scope| {
        let _over = OverAtLast(&field.is_over);
        for sender in 0..SENDERS {
            let field = &field;
            scope.spawn(move || send_until_over(sender, field));
        }
        for _ in 0..kills() {
            // Under load: some more have been acknowledged since the last one.
            wait_for_more(&field);
            collector.kill();
            collector = Running::start(dir.path());
            *field.address.lock().unwrap() = collector.address.clone();
        }
        wait_for_more(&field);
    });
    assert_eq!(collector.stop("-TERM").0, Some(0));
    check(&dir.path().join("firsthand.db"), field);
}

/// Holds what is stored against what senders were told.
fn check(file: &Path, field: Field) {
    let db = Connection::open(file).unwrap();
    let rows: Vec<[u8; 16]> = db
        .prepare("SELECT id FROM item")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let stored: BTreeSet<String> = rows.iter().map(|row| uuid(*row)).collect();
    let acknowledged = field.acknowledged.into_inner().unwrap();
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
    eprintln!(
        "kill -9 x {}: {} items acknowledged, {} rows, {} missing, {} twice; {} came again and were duplicates",
        kills(),
        acknowledged.len(),
        rows.len(),
        lost.len(),
        rows.len() - stored.len(),
        field.duplicates.into_inner(),
    );
    assert_eq!(stored.len(), rows.len(), "an item is there twice");
    assert_eq!(lost, Vec::<&String>::new(), "acknowledged, and gone");
    let check: String = db
        .pragma_query_value(None, "integrity_check", |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
    // And what the console would read agrees: every response has its answer.
    let answers: usize = db
        .query_row("SELECT COUNT(*) FROM answer WHERE score = 9", [], |row| {
            row.get::<_, i64>(0).map(|n| n as usize)
        })
        .unwrap();
    assert_eq!(answers, rows.len());
}

fn uuid(bytes: [u8; 16]) -> String {
    ItemId(uuid::Uuid::from_bytes(bytes)).to_string()
}

/// Sends batch after batch, each until it is answered, as the SDK does.
fn send_until_over(sender: u32, field: &Field) {
    let mut next = sender * 1_000_000 + 1;
    while !field.is_over.load(Ordering::Relaxed) {
        let numbers = next..next + ITEMS_PER_BATCH;
        next += ITEMS_PER_BATCH;
        let items = numbers
            .clone()
            .map(|n| response(n, n, 1, &json!([score(9)])));
        let lines: Vec<_> = [header_line(sender)].into_iter().chain(items).collect();
        let body = lines.join("\n");
        let path = batch_path(numbers.start);
        while !field.is_over.load(Ordering::Relaxed) {
            let address = field.address.lock().unwrap().clone();
            let Ok(answer) = send(&address, "POST", &path, &[], body.as_bytes()) else {
                // The collector is gone, or went before it answered: the same again.
                std::thread::yield_now();
                continue;
            };
            assert_eq!(answer.status, 200, "{answer:?}");
            let reply: BatchReply = serde_json::from_str(&answer.body).unwrap();
            let again = reply.r.matches('d').count();
            let new = reply.r.matches('a').count();
            assert_eq!(again + new, numbers.len(), "{answer:?}");
            field.duplicates.fetch_add(again, Ordering::Relaxed);
            let mut acknowledged = field.acknowledged.lock().unwrap();
            acknowledged.extend(numbers.clone().map(id));
            break;
        }
    }
}

/// Waits until some more items have been acknowledged.
fn wait_for_more(field: &Field) {
    let acknowledged = || field.acknowledged.lock().unwrap().len();
    let (start, before) = (Instant::now(), acknowledged());
    while acknowledged() < before + ITEMS_PER_LIFE {
        assert!(start.elapsed() < Duration::from_secs(120), "nothing moves");
        std::thread::yield_now();
    }
}
