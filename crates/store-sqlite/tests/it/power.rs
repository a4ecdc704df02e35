//! Turns a power cut at any moment into a count: what was acknowledged is there, and once.
//!
//! Each seed lives three times on one disk: it opens the store, sends batches, and loses power in the
//! middle of some write, sync or name; the next life finds any part of what was not synced. Then all
//! is sent again. `FIRSTHAND_POWER_SEEDS=1000` runs so many seeds, `FIRSTHAND_POWER_SEED=17` one.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use fastrand::Rng;
use faulty_disk::{Disk, Fault, VFS};
use protocol::outcome::Outcome;
use rusqlite::{Connection, OpenFlags};
use store::conformance::{
    ALWAYS, T0, answered, batch, impression, item, ok, report, reported, response, score, slice,
    sums,
};
use store::{Answers, Batch, Directory, NewItem, ProjectId, Store};
use store_sqlite::{Ground, SqliteStore};

const FILE: &str = "firsthand.db";
const LIVES: usize = 3;
/// Requests in each report.
const REQUESTS: u64 = 20;

/// What one seed showed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Verdict {
    /// Items that were acknowledged before the last power cut.
    acknowledged: usize,
    /// Of those, items that were gone after one.
    missing: usize,
    /// Items that are there more than once.
    twice: usize,
    /// Files that SQLite finds fault with.
    corrupt: usize,
    /// Items that came again after a cut, and were known.
    duplicates: usize,
}

impl Verdict {
    fn add(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.missing += other.missing;
        self.twice += other.twice;
        self.corrupt += other.corrupt;
        self.duplicates += other.duplicates;
    }

    fn is_bad(&self) -> bool {
        self.missing + self.twice + self.corrupt > 0
    }
}

/// What a run is made under.
#[derive(Clone, Copy, Debug)]
struct Setting {
    /// `PRAGMA synchronous`.
    synchronous: &'static str,
    /// Whether a sync may fail now and then, and forget what it was to write.
    with_failing_syncs: bool,
}

/// What people run.
const USUAL: Setting = Setting {
    synchronous: "FULL",
    with_failing_syncs: true,
};

/// One run of everything, all of it decided by the seed.
struct Run {
    rng: Rng,
    setting: Setting,
    /// Bytes of a sector.
    sector: usize,
    /// Pages of log after which they move into the file.
    log_pages: u32,
    disk: Disk,
    project: Option<ProjectId>,
    sent: Vec<Batch>,
    /// Numbers of items.
    acknowledged: BTreeSet<u32>,
    next: u32,
    n_groups: u64,
    verdict: Verdict,
}

impl Run {
    fn new(seed: u64, setting: Setting) -> Self {
        let mut rng = Rng::with_seed(seed);
        Self {
            setting,
            sector: if rng.bool() { 512 } else { 4096 },
            log_pages: [1, 8, 40][rng.usize(0..3)],
            disk: Disk::new(),
            project: None,
            sent: Vec::new(),
            acknowledged: BTreeSet::new(),
            next: 1,
            n_groups: 0,
            verdict: Verdict::default(),
            rng,
        }
    }

    fn open(&self) -> Result<SqliteStore, store::StoreError> {
        let ground = Ground::of(self.disk.path(FILE)).through(VFS);
        let ground = ground.synchronous(self.setting.synchronous);
        SqliteStore::open_on(&ground.log_pages(self.log_pages))
    }

    /// Behind the store's back.
    fn look(&self) -> Connection {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        Connection::open_with_flags_and_vfs(self.disk.path(FILE), flags, VFS).unwrap()
    }

    async fn go(mut self) -> Verdict {
        for _ in 0..LIVES {
            self.live().await;
            self.disk = self.disk.survivor(&mut self.rng, self.sector);
            self.check_what_is_found().await;
            if self.verdict.corrupt > 0 {
                return self.verdict;
            }
        }
        self.send_all_again().await;
        self.verdict.acknowledged = self.acknowledged.len();
        self.verdict
    }

    /// Opens the store and sends batches until the power goes.
    async fn live(&mut self) {
        // While it is opened, soon after, or later; a commit is some 5 changes.
        let opening = if self.sent.is_empty() {
            to_open_anew()
        } else {
            0
        };
        let until = [10, opening, opening + 60, opening + 600][self.rng.usize(0..4)];
        let until = until.max(10);
        let at = self.rng.u64(0..until);
        if self.rng.bool() {
            self.disk.cut_power_after(at);
        } else {
            self.disk.cut_power_in_sync_after(at);
        }
        if self.rng.u8(0..4) == 0 && self.setting.with_failing_syncs {
            self.disk.fail_one_sync_after(self.rng.u64(0..until));
        }
        let Ok(store) = self.open() else { return };
        let project = match self.project {
            Some(project) => project,
            None => match store.create_project(String::from("Shop"), T0).await {
                Ok(project) => *self.project.insert(project),
                Err(_) => return,
            },
        };
        let mut reader = None;
        for _ in 0..200 {
            if self.rng.u8(0..10) == 0 {
                // Reads what was there when it began, so that the log cannot begin anew.
                reader = self.rng.bool().then(|| reader_of(&self.disk));
            }
            if self.disk.is_off() {
                break;
            }
            let batches = self.some_batches(project);
            self.send_together(&store, batches).await;
        }
        drop(reader);
        if self.rng.bool() {
            // Ends in order, as far as it comes.
            let _ = store.close().await;
        }
        drop(store);
        self.disk.cut_power();
    }

    /// New batches, and at times one that was sent before.
    fn some_batches(&mut self, project: ProjectId) -> Vec<Batch> {
        let n = self.rng.usize(1..=4);
        let mut batches = Vec::new();
        for _ in 0..n {
            if !self.sent.is_empty() && self.rng.u8(0..5) == 0 {
                batches.push(self.sent[self.rng.usize(0..self.sent.len())].clone());
                continue;
            }
            let first = self.next;
            self.next += self.rng.u32(1..=6);
            let items = (first..self.next).map(any_item).collect();
            let new = batch(project, 1 + self.rng.u32(0..3), items);
            self.sent.push(new.clone());
            batches.push(new);
        }
        batches
    }

    /// Has several batches wait for the writer, so that it takes them as one group.
    async fn send_together(&mut self, store: &SqliteStore, batches: Vec<Batch>) {
        let store: &dyn Store = store;
        self.disk.set_fault(Some(Fault::Stuck));
        // Another time each: what is the same is not written.
        self.n_groups += 1;
        let before = store.probe(self.n_groups);
        self.disk.wait_until_stuck();
        let waiting: Vec<_> = batches.iter().map(|b| store.append(b.clone())).collect();
        self.disk.set_fault(None);
        // It fails when the power goes, as they do.
        let _ = before.await;
        for (batch, reply) in batches.iter().zip(waiting) {
            if let Ok(outcomes) = reply.await {
                self.hear(batch, &outcomes);
            }
        }
    }

    fn hear(&mut self, batch: &Batch, outcomes: &[Outcome]) {
        assert_eq!(batch.items.len(), outcomes.len());
        for (item, outcome) in batch.items.iter().zip(outcomes) {
            let is_new = self.acknowledged.insert(item.seq as u32);
            match outcome {
                Outcome::Accepted if !is_new => self.verdict.missing += 1,
                Outcome::Accepted => {}
                Outcome::Duplicate => self.verdict.duplicates += usize::from(is_new),
                other => panic!("{other:?} for item {}", item.seq),
            }
        }
    }

    /// Counts what is gone, twice or broken after a power cut.
    async fn check_what_is_found(&mut self) {
        let Some(project) = self.project else { return };
        let Ok(store) = self.open() else {
            self.verdict.corrupt += 1;
            return;
        };
        let db = self.look();
        let check: Result<String, _> =
            db.pragma_query_value(None, "integrity_check", |row| row.get(0));
        if check.as_deref() != Ok("ok") {
            self.verdict.corrupt += 1;
            return;
        }
        let stored = stored(&db);
        let unique: BTreeSet<u32> = stored.iter().copied().collect();
        self.verdict.twice += stored.len() - unique.len();
        let missing: Vec<u32> = self.acknowledged.difference(&unique).copied().collect();
        self.verdict.missing += missing.len();
        for n in missing {
            // Counted once, and acknowledged anew when it comes again.
            self.acknowledged.remove(&n);
        }
        // What was counted of reports is what reports there are.
        let reports = number(&db, "SELECT COUNT(*) FROM latency_seen");
        let counted = sums(&store, project, ALWAYS).await;
        let counted = counted.first().map_or(0, |sum| sum.totals.eligible);
        self.verdict.corrupt += usize::from(counted != reports * REQUESTS);
        if !ok(store.projects().await).iter().any(|p| p.id == project) {
            // Acknowledged as items are.
            self.verdict.missing += 1;
            self.project = None;
        }
    }

    /// As senders do that have heard nothing: what was acknowledged is a duplicate.
    async fn send_all_again(&mut self) {
        let Ok(store) = self.open() else {
            self.verdict.corrupt += 1;
            return;
        };
        for sent in self.sent.clone() {
            for _ in 0..2 {
                let Ok(outcomes) = store.append(sent.clone()).await else {
                    self.verdict.corrupt += 1;
                    return;
                };
                self.hear(&sent, &outcomes);
            }
        }
        ok(store.close().await);
        let stored = stored(&self.look());
        let unique: BTreeSet<u32> = stored.iter().copied().collect();
        self.verdict.twice += stored.len() - unique.len();
        self.verdict.missing += self.acknowledged.difference(&unique).count();
    }
}

/// An item of the kind that its number says, the same whenever it is made.
fn any_item(n: u32) -> NewItem {
    match n % 3 {
        0 => answered(n, u64::from(n), response(n, 1, vec![score(9)])),
        1 => reported(
            n,
            report("search", vec![slice(0, REQUESTS as u32, 2, 3)], vec![]),
        ),
        _ => item(n, u64::from(n), impression()),
    }
}

/// Numbers of all items that are stored, in every table that has some.
fn stored(db: &Connection) -> Vec<u32> {
    let sql = "SELECT id FROM item UNION ALL SELECT id FROM latency_seen";
    let mut statement = db.prepare(sql).unwrap();
    let ids = statement.query_map([], |row| row.get::<_, [u8; 16]>(0));
    let number = |id: [u8; 16]| u32::from_be_bytes([id[12], id[13], id[14], id[15]]);
    ids.unwrap().map(|id| number(id.unwrap())).collect()
}

fn number(db: &Connection, sql: &str) -> u64 {
    let found = db.query_row(sql, [], |row| row.get::<_, i64>(0));
    found.unwrap() as u64
}

/// How many changes of a disk it takes to make a new store.
fn to_open_anew() -> u64 {
    static CHANGES: OnceLock<u64> = OnceLock::new();
    *CHANGES.get_or_init(|| {
        let disk = Disk::new();
        drop(SqliteStore::open_on(&Ground::of(disk.path(FILE)).through(VFS)).unwrap());
        disk.n_changes()
    })
}

/// A reader in the middle of its work; none when the power is off already.
fn reader_of(disk: &Disk) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let db = Connection::open_with_flags_and_vfs(disk.path(FILE), flags, VFS).ok()?;
    db.execute_batch("BEGIN; SELECT COUNT(*) FROM item").ok()?;
    Some(db)
}

/// How many seeds, or which one.
fn seeds(usual: u64) -> std::ops::Range<u64> {
    let read = |name| Some(std::env::var(name).ok()?.parse::<u64>().unwrap());
    match read("FIRSTHAND_POWER_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..read("FIRSTHAND_POWER_SEEDS").unwrap_or(usual),
    }
}

/// Tells the seed of a run that does not come to its end.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("FIRSTHAND_POWER_SEED={}", self.0);
        }
    }
}

/// Runs seeds on two threads; answers the sum, and the seeds that lost something.
fn run(seeds: std::ops::Range<u64>, setting: Setting) -> (Verdict, Vec<u64>) {
    let next = AtomicU64::new(seeds.start);
    let work = || {
        let (mut sum, mut bad) = (Verdict::default(), Vec::new());
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return (sum, bad);
            }
            let _told = Told(seed);
            let runtime = tokio::runtime::Builder::new_current_thread().build();
            let verdict = runtime.unwrap().block_on(Run::new(seed, setting).go());
            sum.add(verdict);
            if verdict.is_bad() {
                bad.push(seed);
            }
        }
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let (mut sum, mut bad) = work();
        let (more, also) = other.join().unwrap();
        sum.add(more);
        bad.extend(also);
        (sum, bad)
    })
}

#[test]
fn what_was_acknowledged_survives_a_power_cut() {
    let seeds = seeds(150);
    let n = seeds.end - seeds.start;
    let (sum, bad) = run(seeds, USUAL);
    eprintln!("{n} seeds with {LIVES} power cuts each: {sum:?}");
    assert!(!sum.is_bad(), "FIRSTHAND_POWER_SEED, each of {bad:?}");
    assert!(sum.acknowledged > 0 && sum.duplicates > 0, "{sum:?}");
}

#[test]
fn a_log_that_is_not_synced_is_found_out() {
    let setting = Setting {
        synchronous: "NORMAL",
        with_failing_syncs: false,
    };
    let (sum, _) = run(0..40, setting);
    assert!(sum.missing > 0, "{sum:?}");
    // That much is promised by NORMAL too, where syncs do not fail.
    assert_eq!((sum.twice, sum.corrupt), (0, 0), "{sum:?}");
}

#[test]
fn a_store_that_syncs_nothing_is_found_out() {
    let setting = Setting {
        synchronous: "OFF",
        with_failing_syncs: false,
    };
    let (sum, _) = run(0..40, setting);
    assert!(sum.missing > 0 && sum.corrupt > 0, "{sum:?}");
}
