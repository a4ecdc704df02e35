//! Turns a disk that is full, broken or slow into refusals that end by themselves, and loses nothing.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, header};
use faulty_disk::{Disk, Fault, VFS};
use protocol::outcome::BatchReply;
use rusqlite::{Connection, OpenFlags};
use store_sqlite::{Ground, SqliteStore};
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::world::{Answer, SHOP, World, batch_path, header_line, id, impression};

async fn send(world: &World, n: u32) -> Answer {
    let body = [header_line(1), impression(n)].join("\n");
    world.post_bytes(&batch_path(n), body.into()).await
}

/// What `/readyz` answers after a moment.
async fn ready(world: &World) -> (u16, String) {
    world.pass(1_000);
    let answer = world.get("/readyz").await;
    let body = String::from_utf8(answer.body).unwrap();
    (answer.status.as_u16(), body)
}

#[track_caller]
fn assert_refused(answer: &Answer) {
    assert_eq!(answer.refusal(), (503, "overloaded"));
    assert_eq!(answer.header("retry-after"), Some("5"));
    let exposed = answer.header("access-control-expose-headers").unwrap();
    assert!(exposed.contains("Retry-After"), "{exposed}");
}

/// How often item number `n` is stored, for each of `numbers`, on what is left of a disk.
fn stored(disk: &Disk, numbers: std::ops::Range<u32>) -> Vec<u32> {
    let ground = Ground::of(disk.path("firsthand.db")).through(VFS);
    drop(SqliteStore::open_on(&ground).unwrap());
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let file = disk.path("firsthand.db");
    let db = Connection::open_with_flags_and_vfs(file, flags, VFS).unwrap();
    let sql = "SELECT COUNT(*) FROM item WHERE hex(id) = upper(?1)";
    let count = |n| db.query_row(sql, [id(n).replace('-', "")], |row| row.get(0));
    numbers.map(|n| count(n).unwrap()).collect()
}

/// A disk goes wrong while the collector runs, and is put right again.
async fn check(fault: Fault, reason: &str) {
    let disk = Disk::new();
    let world = World::on(&disk).await;
    assert_eq!(send(&world, 1).await.outcomes().0, "a");
    assert_eq!(ready(&world).await.0, 200);

    disk.set_fault(Some(fault));
    for n in 2..5 {
        assert_refused(&send(&world, n).await);
    }
    let told = (503, format!("not ready: {reason}\n"));
    assert_eq!(ready(&world).await, told, "{fault:?}");
    assert_eq!(world.get("/healthz").await.status, 200);

    disk.set_fault(None);
    assert_eq!(ready(&world).await, (200, String::from("ready\n")));
    for n in 1..5 {
        let expected = if n == 1 { "d" } else { "a" };
        assert_eq!(send(&world, n).await.outcomes().0, expected, "{n}");
    }
    // And all of that is on the disk, also when the power goes now.
    let mut rng = fastrand::Rng::with_seed(1);
    for _ in 0..20 {
        assert_eq!(stored(&disk.survivor(&mut rng, 512), 1..5), [1; 4]);
    }
}

#[tokio::test]
async fn a_full_disk_refuses_until_there_is_room() {
    check(Fault::Full, "the disk is full").await;
}

#[tokio::test]
async fn a_disk_that_cannot_be_written_refuses_until_it_can() {
    check(Fault::ReadOnly, "the disk fails").await;
}

#[tokio::test]
async fn a_disk_that_fails_to_sync_acknowledges_nothing() {
    check(Fault::SyncFails, "the disk fails").await;
}

#[tokio::test]
async fn a_disk_that_stands_still_is_waited_for_no_longer_than_of_use() {
    let disk = Disk::new();
    let world = World::on(&disk).await;
    assert_eq!(send(&world, 1).await.outcomes().0, "a");
    disk.set_fault(Some(Fault::Stuck));
    // Nothing else moves from here on: time is what everybody waits for.
    tokio::time::pause();
    assert_refused(&send(&world, 2).await);
    let told = (503, String::from("not ready: a write took more than 5s\n"));
    assert_eq!(ready(&world).await, told);
    tokio::time::resume();
    disk.set_fault(None);
    assert_eq!(ready(&world).await.0, 200);
    // It was written after all, and nobody had been told.
    assert_eq!(send(&world, 2).await.outcomes().0, "d");
    assert_eq!(send(&world, 3).await.outcomes().0, "a");
    let found = disk.survivor(&mut fastrand::Rng::with_seed(1), 512);
    assert_eq!(stored(&found, 1..4), [1; 3]);
}

/// `FIRSTHAND_SLOW_SYNC_MS=1000` for a disk that takes a second.
#[tokio::test]
async fn a_slow_disk_is_shared_by_those_who_wait() {
    const SENDERS: u32 = 200;
    let ms = std::env::var("FIRSTHAND_SLOW_SYNC_MS");
    let ms = ms.map_or(20, |ms| ms.parse().unwrap());
    let disk = Disk::new();
    let world = World::on(&disk).await;
    disk.set_fault(Some(Fault::SlowSync(Duration::from_millis(ms))));
    let (start, mut tasks) = (Instant::now(), JoinSet::new());
    for n in 0..SENDERS {
        let app = world.app.clone();
        tasks.spawn(async move {
            let body = [header_line(1), impression(n)].join("\n");
            let request = Request::post(batch_path(n)).header(header::ORIGIN, SHOP);
            let answer = app.oneshot(request.body(Body::from(body)).unwrap()).await;
            let (parts, body) = answer.unwrap().into_parts();
            assert_eq!(parts.status, 200, "{n}");
            let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            let reply: BatchReply = serde_json::from_slice(&body).unwrap();
            assert_eq!(reply.r, "a");
        });
    }
    tasks.join_all().await;
    let took = start.elapsed();
    eprintln!("{SENDERS} senders, a sync of {ms} ms: all acknowledged after {took:?}");
    // Each alone would have taken so long.
    assert!(took < Duration::from_millis(ms) * SENDERS / 4, "{took:?}");
    assert_eq!(ready(&world).await.0, 200);
    let found = disk.survivor(&mut fastrand::Rng::with_seed(1), 512);
    assert_eq!(stored(&found, 0..SENDERS), [1; SENDERS as usize]);
}
