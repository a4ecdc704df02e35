//! Turns `kill -9` under load into a count: what was acknowledged is there, and once.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use protocol::id::ItemId;
use rusqlite::Connection;
use serde_json::json;

use crate::process::{Running, init};
use crate::socket::send;
use crate::world::{batch_path, header_line, id, response, score};

const SENDERS: u32 = 8;
const KILLS: usize = 5;
const ITEMS_PER_BATCH: u32 = 5;

/// What senders have been told, and where they send.
struct Field {
    address: Mutex<String>,
    acknowledged: Mutex<BTreeSet<String>>,
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
        is_over: AtomicBool::new(false),
    };
    std::thread::scope(|scope| {
        let _over = OverAtLast(&field.is_over);
        for sender in 0..SENDERS {
            let field = &field;
            scope.spawn(move || send_until_over(sender, field));
        }
        for kill in 1..=KILLS {
            // Under load: some more have been acknowledged since the last one.
            wait_for(&field, kill * 300);
            collector.kill();
            collector = Running::start(dir.path());
            *field.address.lock().unwrap() = collector.address.clone();
        }
        wait_for(&field, (KILLS + 1) * 300);
    });
    assert_eq!(collector.stop("-TERM").0, Some(0));

    let db = Connection::open(dir.path().join("firsthand.db")).unwrap();
    let rows: Vec<[u8; 16]> = db
        .prepare("SELECT id FROM item")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let stored: BTreeSet<String> = rows.iter().map(|row| uuid(*row)).collect();
    assert_eq!(stored.len(), rows.len(), "an item is there twice");
    let acknowledged = field.acknowledged.into_inner().unwrap();
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
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
            let mut acknowledged = field.acknowledged.lock().unwrap();
            acknowledged.extend(numbers.clone().map(id));
            break;
        }
    }
}

/// Waits until so many items have been acknowledged.
fn wait_for(field: &Field, items: usize) {
    let start = Instant::now();
    while field.acknowledged.lock().unwrap().len() < items {
        assert!(start.elapsed() < Duration::from_secs(120), "nothing moves");
        std::thread::yield_now();
    }
}
