//! Turns budgets and recorded traces into exit codes, tables and XML, by the real binary.

mod trace;

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use protocol::latency::SLICE_MS;
use serde_json::{Value, json};

use self::trace::{answered, har};
use crate::budgets::search;
use crate::process::{Running, firsthand, init};
use crate::reports;
use crate::socket::send;
use crate::world::{SHOP, batch_path, id, item};

/// What a run printed, and how it ended.
#[derive(Debug)]
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

fn run<S: AsRef<std::ffi::OsStr>>(words: &[S]) -> Run {
    let output = firsthand().arg("budget").args(words).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// A folder with budgets and traces in it.
struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Checks a trace of these entries, with more words behind.
    fn check(&self, budgets: &Value, entries: &[Value], more: &[&str]) -> Run {
        let budgets = self.put("budgets.json", budgets.to_string());
        let trace = self.put("trace.har", har(entries).to_string());
        let mut words = vec!["check".into(), budgets.into_os_string(), trace.into()];
        words.extend(more.iter().map(Into::into));
        run(&words)
    }
}

/// What is told of these entries as JSON.
fn report(budgets: &Value, entries: &[Value]) -> Value {
    let told = Files::new().check(budgets, entries, &["--format", "json"]);
    serde_json::from_str(&told.out).unwrap_or_else(|error| panic!("{error}: {told:?}"))
}

fn example(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join("examples/budgets").join(name)
}

#[test]
fn the_example_says_what_its_readme_does() {
    let (budgets, trace) = (example("shop.json"), example("trace.har"));
    let told = run(&["check".as_ref(), budgets.as_os_str(), trace.as_os_str()]);
    assert_eq!(told.code, Some(1), "{told:?}");
    let line = |start: &str| {
        let line = told.out.lines().find(|line| line.starts_with(start));
        line.unwrap_or_else(|| panic!("{start}: {told:?}"))
    };
    assert!(line("search").contains("BREACHED"), "{told:?}");
    assert!(line("export").contains("unknown"), "{told:?}");
    assert!(line("checkout").contains("kept"), "{told:?}");
    let slowest = "slowest: 422 ms, GET /api/search";
    assert!(told.out.contains(slowest), "{told:?}");
    let summary = "1 breached, 1 unknown, 5 kept; 18 requests";
    assert!(line("objectives:").contains(summary), "{told:?}");
    assert!(told.err.contains("1 breached, 1 unknown"), "{told:?}");
    let readme = std::fs::read_to_string(example("README.md")).unwrap();
    for line in told.out.lines().filter(|line| !line.contains("trace.har")) {
        assert!(readme.contains(line), "{line}");
    }
}

#[test]
fn the_exit_code_says_whether_budgets_are_kept() {
    let files = Files::new();
    let times = |slow: usize| -> Vec<Value> {
        let fast = (slow..20).map(|_| answered("/api/search/a", 100.0));
        fast.chain((0..slow).map(|_| answered("/api/search/a", 301.0)))
            .collect()
    };
    // One of twenty may be slow.
    let kept = files.check(&search(), &times(1), &[]);
    assert_eq!((kept.code, kept.err.as_str()), (Some(0), ""), "{kept:?}");
    let breached = files.check(&search(), &times(2), &[]);
    assert_eq!(breached.code, Some(1), "{breached:?}");
    // What no request says anything about is not fine, and no breach.
    let other = [answered("/api/cart", 100.0)];
    let unknown = files.check(&search(), &other, &[]);
    assert_eq!(unknown.code, Some(0), "{unknown:?}");
    assert!(unknown.out.contains("unknown"), "{unknown:?}");
    let none = files.check(&search(), &[], &[]);
    assert_eq!(none.code, Some(0), "{none:?}");
    for entries in [&other[..], &[]] {
        let told = files.check(&search(), entries, &["--fail-unknown"]);
        assert_eq!(told.code, Some(1), "{told:?}");
    }
}

#[test]
fn a_threshold_is_within_itself() {
    let slow = |ms: f64| {
        let told = report(&search(), &[answered("/api/search/a", ms)]);
        told["features"][0]["objectives"][0]["bad"].clone()
    };
    assert_eq!(slow(300.0), 0);
    assert_eq!(slow(300.04), 0);
    assert_eq!(slow(300.1), 1);
}

#[test]
fn bad_input_is_told_apart_from_a_breach() {
    let files = Files::new();
    let check = |words: &[&Path], says: &str| {
        let words: Vec<_> = [Path::new("check")].iter().chain(words).copied().collect();
        let told = run(&words);
        assert_eq!(told.code, Some(2), "{told:?}");
        assert!(
            format!("{}{}", told.out, told.err).contains(says),
            "{says}: {told:?}"
        );
    };
    let good = files.put("good.json", search().to_string());
    let trace = files.put("good.har", har(&[]).to_string());
    let mut budgets = search();
    budgets["features"][0]["latency"][0]["targte"] = json!(0.9);
    let unknown = files.put("unknown.json", budgets.to_string());
    check(&[&unknown, &trace], "error /features/0/latency/0/targte: ");
    budgets = search();
    budgets["timezone"] = json!("Mars/Olympus");
    let zone = files.put("zone.json", budgets.to_string());
    check(&[&zone, &trace], "(unknown_timezone)");
    check(
        &[&files.0.path().join("none.json"), &trace],
        "cannot be read",
    );
    check(&[&good, &files.0.path().join("none.har")], "cannot be read");
    for (n, text) in [
        "",
        "{}",
        "[]",
        r#"{"log":{}}"#,
        "GET / HTTP/1.1",
        "{\"log\":{\"entries\":3}}",
    ]
    .iter()
    .enumerate()
    {
        let trace = files.put(&format!("{n}.har"), text);
        check(&[&good, &trace], "is no HAR");
    }
    let origin = Path::new("shop.example");
    check(
        &[&good, &trace, Path::new("--origin"), origin],
        "is no origin",
    );
    // Without a trace, the budgets alone.
    let told = run(&[Path::new("check"), &good]);
    assert_eq!(
        (told.code, told.out.contains(": good")),
        (Some(0), true),
        "{told:?}"
    );
    let told = run(&[Path::new("check"), &unknown]);
    assert_eq!(told.code, Some(2), "{told:?}");
}

#[test]
fn what_programs_read_has_nothing_else_in_it() {
    let mut budgets = search();
    budgets["features"][0]["latency"][0]["target"] = json!(0.9);
    let files = Files::new();
    let told = files.check(&budgets, &[], &["--format", "json"]);
    let report: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(report["findings"][0]["code"], "usual_alert_never_fires");
    assert!(told.err.contains("warning"), "{told:?}");
    let table = files.check(&budgets, &[], &[]);
    assert!(table.out.contains("warning /features/0"), "{table:?}");
}

#[test]
fn a_ci_server_reads_junit() {
    let mut budgets = search();
    budgets["features"][0]["match"] = json!([{ "path": "/api/**" }]);
    budgets["features"][0]["latency"] = json!([{ "within": "300ms", "target": 0.95 }]);
    budgets["features"].as_array_mut().unwrap().push(json!({
        "id": "cart", "match": [{ "path": "/cart" }],
        "latency": [{ "within": "1s", "target": 0.95 }],
    }));
    let entries = [answered("/api/<a>&b", 900.0)];
    let files = Files::new();
    let told = files.check(&budgets, &entries, &["--format", "junit"]);
    assert_eq!(told.code, Some(1), "{told:?}");
    let parts = [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "tests=\"3\" failures=\"1\" skipped=\"1\"",
        "<testcase classname=\"search\" name=\"95 % headers within 300ms\">",
        "<failure message=\"1 of 1 requests were bad: 0 % headers within 300ms, and 95 % were promised\"/>",
        "<testcase classname=\"search\" name=\"99.9 % available (requests)\"/>",
        "<skipped message=\"no request in the traces says anything\"/>",
    ];
    for part in parts {
        assert!(told.out.contains(part), "{part}: {}", told.out);
    }
    assert!(!told.out.contains("<a>"), "{}", told.out);
    let told = files.check(&budgets, &entries, &["--format", "junit", "--fail-unknown"]);
    assert!(
        told.out.contains("failures=\"2\" skipped=\"0\""),
        "{told:?}"
    );
}

#[test]
fn the_schema_is_that_of_the_package() {
    let told = run(&["schema"]);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pkg/sdk/schema");
    let kept = std::fs::read_to_string(file.join("budgets.schema.json")).unwrap();
    assert_eq!((told.code, told.out), (Some(0), kept));
}

#[test]
fn budgets_in_a_file_become_versions() {
    let files = Files::new();
    let data = files.0.path().join("data");
    assert!(init(&data).status.success());
    let publish = |budgets: &Value| {
        let file = files.put("budgets.json", budgets.to_string());
        let words = [Path::new("publish"), &file, Path::new("--data"), &data];
        run(&words)
    };
    let first = publish(&search());
    assert_eq!(first.code, Some(0), "{first:?}");
    assert_eq!(first.out, "budgets version 1\n");
    assert_eq!(publish(&search()).out, "budgets version 1, unchanged\n");
    let mut changed = search();
    changed["features"][0]["latency"][0]["within"] = json!("400ms");
    assert_eq!(publish(&changed).out, "budgets version 2\n");
    changed["features"][0]["latency"][0]["within"] = json!("2m");
    let refused = publish(&changed);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(
        refused.out.contains("threshold_above_timeout"),
        "{refused:?}"
    );
    assert_eq!(publish(&search()).out, "budgets version 3\n");
}

#[test]
fn history_proposes_budgets_with_their_cost() {
    let dir = tempfile::tempdir().unwrap();
    assert!(init(dir.path()).status.success());
    let suggest = |more: &[&str]| {
        let data = dir.path().to_str().unwrap();
        run(&[&["suggest", "--data", data], more].concat())
    };
    let nothing = suggest(&[]);
    assert_eq!(nothing.code, Some(2), "{nothing:?}");
    assert!(nothing.err.contains("in the last 30d"), "{nothing:?}");

    let collector = Running::start(dir.path());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now_ms = u64::try_from(now.as_millis()).unwrap();
    // 90 of 100 after 100 ms, 10 after a second.
    let times = [vec![100; 90], vec![1_000; 10]].concat();
    let report = reports::answered("search", now_ms / SLICE_MS - 6, &times);
    let header = json!({
        "sdk": "firsthand-js/0.1.0", "install": id(1), "session": id(2),
        "boot": id(1), "sent_wall": now_ms, "report": {},
    });
    let body = format!("{header}\n{}", item(1, "latency", &report));
    let headers = [
        ("Origin", SHOP),
        ("Content-Type", "text/plain;charset=UTF-8"),
    ];
    let path = batch_path(1);
    let answer = send(&collector.address, "POST", &path, &headers, body.as_bytes()).unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");

    // Beside a collector that runs.
    let told = suggest(&["--feature", "search", "--window", "24h"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(
        told.out.starts_with("search: 100 requests in the last 1d"),
        "{told:?}"
    );
    // Ten of a hundred are over 120 ms: twice what may be at 95 %, of a thirtieth of the window.
    let proposal = told.out.split("  within 120ms").nth(1).unwrap();
    assert!(proposal.contains("90 % within"), "{told:?}");
    let line = proposal
        .lines()
        .find(|line| line.contains("target 95 %"))
        .unwrap();
    assert!(line.contains("2.00") && line.contains("6.66 %"), "{told:?}");
    let none = suggest(&["--feature", "cart"]);
    assert_eq!(none.code, Some(2), "{none:?}");
    let wrong = suggest(&["--window", "soon"]);
    assert_eq!(
        (wrong.code, wrong.err.contains("--window")),
        (Some(2), true),
        "{wrong:?}"
    );
}
