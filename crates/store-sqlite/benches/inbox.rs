//! Turns a store of many answers into figures: how long lists, counts, searches and steps take.
//!
//! `cargo bench -p store-sqlite --bench inbox [-- ANSWERS]`

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on says so by stopping, and prints what it found"
)]

use std::time::{Duration, Instant};

use protocol::id::ResponseId;
use protocol::query::inbox::Change;
use protocol::query::view::Status;
use store::conformance::{
    answered, batch, deed, nth, ok, project, put, reason, response, score, shown_by, step_of,
};
use store::{Answers, Inbox, InboxFilter, InboxStep, Meant, ProjectId, Respondent};
use store_sqlite::SqliteStore;

/// Answers of one envelope.
const BATCH: u32 = 500;
/// How often each query is asked.
const N: usize = 20;

const WORDS: [&str; 24] = [
    "checkout", "slow", "voucher", "search", "delivery", "refund", "price", "login", "photo",
    "cart", "address", "payment", "invoice", "language", "colour", "size", "return", "order",
    "mail", "password", "filter", "button", "page", "phone",
];

fn main() {
    let answers = std::env::args().find_map(|arg| arg.parse().ok());
    let answers: u32 = answers.unwrap_or(100_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    runtime.block_on(run(answers));
}

async fn run(answers: u32) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("firsthand.db")).unwrap();
    let project = project(&store).await;
    let started = Instant::now();
    for first in (0..answers).step_by(BATCH as usize) {
        fill(&store, project, first).await;
    }
    println!(
        "{answers} answers in {:.1} s",
        started.elapsed().as_secs_f64()
    );
    triage(&store, project, answers).await;
    for query in [
        "",
        "status=new",
        "status=shipped",
        "status=planned&tag=slow",
        "survey=rare",
        "score=0-2",
        "page=/cart/7*",
        "language=de",
        "trait.plan=pro",
        "country=CH",
        "assignee=none&has=note",
        "q=checkout",
        "q=checkout+slow+-voucher",
        "q=%22slow+checkout%22",
        "q=unheard",
        "q=se",
        "is=spam",
    ] {
        read(&store, &shown_by(project, query), query).await;
    }
    open_one(&store, project, answers).await;
    steps(&store, project).await;
}

async fn fill(store: &SqliteStore, project: ProjectId, first: u32) {
    let mut items = Vec::new();
    for n in first..first + BATCH {
        let word = |k: u32| {
            let nth = n.wrapping_mul(2_654_435_761).rotate_left(k * 7) as usize;
            // The first words are the commonest.
            WORDS[(nth % WORDS.len()) * ((nth / 97) % WORDS.len()) / WORDS.len()]
        };
        let text: Vec<_> = (0..8 + n % 9).map(word).collect();
        let text = format!("{} number{}", text.join(" "), n % 5_000);
        let mut row = response(n, 1, vec![score((n % 11) as u8), reason(&text)]);
        row.page_url = format!("https://shop.example/cart/{}", n % 300);
        row.language = String::from(["en", "de", "fr", "es"][n as usize % 4]);
        if n % 50 == 0 {
            row.survey.id = String::from("rare");
        }
        let plan = if n % 7 == 0 { "pro" } else { "free" };
        let country = if n % 90 == 0 { "CH" } else { "DE" };
        row.respondent = Some(Respondent {
            id: format!("u-{}", n / 3),
            verified: false,
            traits: [("plan", plan), ("country", country)]
                .map(|(key, value)| (key.into(), value.into()))
                .into(),
        });
        items.push(answered(n, u64::from(n) * 1_000, row));
    }
    let mut one = batch(project, first / BATCH, items);
    one.received_ms += u64::from(first);
    ok(store.append(one).await);
}

/// A hundredth is shipped, a tenth triaged, a fiftieth spam, a twentieth has a tag.
async fn triage(store: &SqliteStore, project: ProjectId, answers: u32) {
    for (every, change) in [
        (10, Change::Status(Status::Triaged)),
        (50, Change::Status(Status::Spam)),
        (100, Change::Status(Status::Shipped)),
        (70, Change::Status(Status::Planned)),
        (20, Change::AddTag(String::from("slow"))),
    ] {
        let ids: Vec<_> = (1..answers).step_by(every).collect();
        put(store, project, &ids, change).await;
    }
    for n in (0..answers).step_by(1_000) {
        let note = store.add_note(nth(ResponseId::new, n), "Look".into(), deed(project));
        ok(note.await);
    }
}

fn told(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
    println!("{what:44} median {:7.1} ms  p95 {:7.1} ms", at(50), at(95));
}

async fn read(store: &SqliteStore, filter: &InboxFilter, query: &str) {
    let (mut lists, mut counts, mut n) = (Vec::new(), Vec::new(), 0);
    for _ in 0..N {
        let started = Instant::now();
        ok(store.inbox(filter.clone(), None, 50).await);
        lists.push(started.elapsed());
        let started = Instant::now();
        n = ok(store.inbox_counts(filter.clone()).await).total;
        counts.push(started.elapsed());
    }
    told(&format!("list   {query} ({n})"), lists);
    told(&format!("counts {query}"), counts);
}

async fn open_one(store: &SqliteStore, project: ProjectId, answers: u32) {
    let mut times = Vec::new();
    for n in 0..N as u32 {
        let id = nth(ResponseId::new, (n * 7_919) % answers);
        let started = Instant::now();
        ok(store.inbox_item(project, id).await);
        times.push(started.elapsed());
    }
    told("one item, with what is alike", times);
}

/// One by one, and all at once.
async fn steps(store: &SqliteStore, project: ProjectId) {
    let mut times = Vec::new();
    for n in 0..N as u32 {
        let started = Instant::now();
        put(store, project, &[n], Change::Status(Status::InProgress)).await;
        times.push(started.elapsed());
    }
    told("change of one", times);
    for change in [
        Change::Status(Status::Spam),
        Change::AddTag(String::from("all")),
    ] {
        let step = InboxStep {
            meant: Meant::All(Box::new(shown_by(project, ""))),
            ..step_of(project, &[], change.clone())
        };
        let started = Instant::now();
        let done = ok(store.inbox_change(step).await);
        println!(
            "{change:?}: {done:?} in {:.1} s",
            started.elapsed().as_secs_f64()
        );
        let store::Stepped::Done {
            step: Some(step), ..
        } = done
        else {
            return;
        };
        let started = Instant::now();
        ok(store.inbox_undo(step, deed(project)).await);
        println!("undone in {:.1} s", started.elapsed().as_secs_f64());
    }
}
