//! What requests add up to, and when that is told.

use agent::Body;
use protocol::budget::Stage;
use protocol::config::{FeatureRule, Metering, RequestRule};
use protocol::latency::{LatencyReport, OTHER_TEMPLATE, SLICE_MS, Vote, Within};

use crate::page::{Page, SECOND, START};

/// A row as capture writes it.
#[derive(Clone, Debug)]
struct Row {
    kind: u32,
    method: &'static str,
    url: String,
    graphql: &'static str,
    start: u64,
    tenths: u32,
    status: u16,
    error: u8,
    flags: u32,
    feature: &'static str,
}

const OFFLINE: u32 = 2;
const CACHE: u32 = 64;
const GRAPHQL_ERRORS: u32 = 256;

/// `GET path` of the page's own origin, answered after `ms`.
fn get(start: u64, path: &str, ms: u32) -> Row {
    Row {
        kind: 0,
        method: "GET",
        url: format!("https://shop.example{path}"),
        graphql: "",
        start,
        tenths: ms * 10,
        status: 200,
        error: 0,
        flags: 0,
        feature: "",
    }
}

fn failed(start: u64, status: u16) -> Row {
    Row {
        status,
        ..get(start, "/api/orders/7", 5)
    }
}

/// It got no answer.
fn lost(start: u64, error: u8) -> Row {
    Row {
        error,
        ..failed(start, 0)
    }
}

fn text(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let Row {
            kind,
            method,
            url,
            graphql,
            start,
            tenths,
            status,
            error,
            flags,
            feature,
        } = row;
        [
            kind.to_string(),
            (*method).to_owned(),
            url.clone(),
            (*graphql).to_owned(),
            start.to_string(),
            tenths.to_string(),
            String::new(),
            status.to_string(),
            error.to_string(),
            flags.to_string(),
            String::from("10\u{1f}\u{1f}40\u{1f}\u{1f}"),
            String::new(),
            (*feature).to_owned(),
        ]
        .join("\u{1f}")
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\u{1e}")
}

/// Orders must answer within 300 ms, and within 2 s.
fn orders() -> Metering {
    Metering {
        features: vec![FeatureRule {
            id: String::from("orders"),
            matches: vec![RequestRule {
                path: String::from("/api/orders/**"),
                ..RequestRule::default()
            }],
            within: vec![Within(Stage::Headers, 300), Within(Stage::Headers, 2_000)],
            background: false,
            cache: false,
        }],
        ..Metering::default()
    }
}

/// A page whose config has come, at the beginning of a slice.
fn page(metering: Metering) -> Page {
    let mut page = Page::bare();
    page.metering = metering;
    page.configure(&[]);
    let wall = START.next_multiple_of(SLICE_MS);
    page.set_wall(wall);
    page
}

fn measure(page: &mut Page, rows: &[Row]) {
    page.call("measured", [0; 3], [&text(rows), "", ""]);
}

/// Everything that was told so far.
fn reports(page: &Page) -> Vec<LatencyReport> {
    let items = page.sent.iter().flat_map(|sent| &sent.items);
    items
        .filter_map(|item| match &item.p {
            Body::Latency(report) => Some(report.clone()),
            _ => None,
        })
        .collect()
}

/// The only report, once it was time.
fn report(page: &mut Page) -> LatencyReport {
    page.wait(60 * SECOND);
    let [report] = &reports(page)[..] else {
        panic!("{} reports", reports(page).len());
    };
    report.clone()
}

/// What the only feature's slices say.
#[track_caller]
fn check(rows: &[Row], slices: &[&[u32]]) {
    let mut page = page(orders());
    let at = page.time();
    let shifted: Vec<Row> = rows
        .iter()
        .map(|row| Row {
            start: row.start + at,
            ..row.clone()
        })
        .collect();
    page.wait(25 * SECOND);
    measure(&mut page, &shifted);
    let report = report(&mut page);
    let [feature] = &report.features[..] else {
        panic!("{:?}", report.features);
    };
    assert_eq!(feature.slices, slices);
}

#[test]
fn each_threshold_is_counted_exactly_and_is_within_itself() {
    check(
        &[
            get(0, "/api/orders/1", 300),
            get(1, "/api/orders/2", 301),
            get(2, "/api/orders/3", 2_001),
        ],
        &[&[0, Vote::Good as u32, 3, 0, 0, 3, 2, 1]],
    );
}

#[test]
fn a_slice_is_that_of_the_start() {
    check(
        &[
            get(9_999, "/api/orders/1", 5_000),
            get(10_000, "/api/orders/2", 10),
        ],
        &[
            &[0, Vote::Good as u32, 1, 0, 0, 1, 1, 1],
            &[1, Vote::Good as u32, 1, 0, 0, 1, 0, 0],
        ],
    );
}

#[test]
fn failures_have_no_duration_and_half_of_them_are_a_bad_vote() {
    check(
        &[get(0, "/api/orders/1", 10), failed(1, 503)],
        &[&[0, Vote::Bad as u32, 2, 1, 0, 1, 0, 0]],
    );
    check(
        &[
            get(0, "/api/orders/1", 10),
            get(0, "/api/orders/2", 10),
            failed(1, 429),
            failed(1, 404),
        ],
        &[&[0, Vote::Good as u32, 4, 1, 0, 2, 0, 0]],
    );
}

#[test]
fn timeouts_are_over_every_threshold() {
    check(&[lost(0, 3)], &[&[0, Vote::Bad as u32, 1, 1, 0, 1, 1, 1]]);
}

#[test]
fn what_the_browser_knows_to_be_offline_says_nothing() {
    let offline = Row {
        flags: OFFLINE,
        ..lost(1, 1)
    };
    check(
        &[get(0, "/api/orders/1", 10), offline],
        &[&[0, Vote::Good as u32, 1, 0, 0, 1, 0, 0]],
    );
}

#[test]
fn a_lost_network_is_held_unless_something_worked_before_and_after() {
    // Nothing came back: a tunnel.
    check(
        &[get(0, "/api/orders/1", 10), lost(1_000, 1)],
        &[&[0, Vote::Good as u32, 1, 0, 1, 1, 0, 0]],
    );
    // The page's other calls went on: the service is away.
    check(
        &[
            get(0, "/api/orders/1", 10),
            lost(1_000, 1),
            lost(1_500, 1),
            get(8_000, "/api/orders/2", 10),
        ],
        &[&[0, Vote::Bad as u32, 4, 2, 0, 2, 0, 0]],
    );
    // The last thing that worked, just before the tunnel.
    check(
        &[
            get(0, "/api/orders/1", 10),
            get(2_100, "/api/orders/1", 10),
            lost(2_300, 1),
        ],
        &[&[0, Vote::Good as u32, 2, 0, 1, 2, 0, 0]],
    );
    // What worked long before proves nothing.
    check(
        &[
            get(0, "/api/orders/1", 10),
            lost(18_000, 1),
            get(19_500, "/api/orders/2", 10),
        ],
        &[
            &[0, Vote::Good as u32, 1, 0, 0, 1, 0, 0],
            &[1, Vote::Good as u32, 1, 0, 1, 1, 0, 0],
        ],
    );
}

#[test]
fn the_cache_counts_for_availability_only() {
    let cached = Row {
        flags: CACHE,
        ..get(0, "/api/orders/1", 2)
    };
    check(&[cached], &[&[0, Vote::Good as u32, 1, 0, 0, 0, 0, 0]]);
}

#[test]
fn a_call_under_way_counts_when_the_page_goes_and_its_budget_is_over() {
    let mut page = page(orders());
    let at = page.time();
    page.wait(5 * SECOND);
    let pending = |ms: u32| Row {
        error: 4,
        status: 0,
        ..get(at, "/api/orders/1", ms)
    };
    page.call(
        "measured",
        [0, 1, 0],
        [&text(&[pending(299), pending(5_000)]), "", ""],
    );
    page.hide();
    let [report] = &reports(&page)[..] else {
        panic!("{} reports", reports(&page).len());
    };
    let [feature] = &report.features[..] else {
        panic!("{:?}", report.features);
    };
    assert_eq!(feature.slices, [[0, 0, 0, 0, 0, 1, 1, 1]]);
    assert_eq!(feature.keys[0].c, [0, 0, 0, 0, 0, 0, 0, 1]);
}

#[test]
fn a_page_that_comes_back_changes_its_vote_instead_of_voting_twice() {
    let mut page = page(orders());
    let at = page.time();
    page.wait(SECOND);
    measure(&mut page, &[get(at, "/api/orders/1", 10)]);
    page.hide();
    page.accept();
    page.see();
    measure(&mut page, &[failed(at + 500, 503), failed(at + 600, 503)]);
    page.wait(60 * SECOND);
    let votes: Vec<u32> = reports(&page)
        .iter()
        .map(|report| report.features[0].slices[0][1])
        .collect();
    assert_eq!(votes, [Vote::Good as u32, Vote::NowBad as u32]);
}

#[test]
fn a_clock_that_is_set_leaves_reports_that_can_be_kept() {
    const DAY: u64 = 86_400 * SECOND;
    let mut page = page(orders());
    let wall = START.next_multiple_of(SLICE_MS);
    for (day, path) in [
        (0, "/api/orders/1"),
        (1, "/api/orders/lines"),
        (0, "/api/orders"),
    ] {
        page.set_wall(wall + day * DAY);
        let at = page.time();
        page.wait(SECOND);
        measure(&mut page, &[get(at, path, 10)]);
    }
    page.wait(60 * SECOND);
    page.hide();
    let reports = reports(&page);
    assert!(!reports.is_empty());
    let features = reports.iter().flat_map(|report| &report.features);
    for key in features.flat_map(|feature| &feature.keys) {
        assert!(key.x.iter().all(|slow| slow.1 <= 360), "{key:?}");
    }
}

#[test]
fn templates_are_bounded_and_marks_have_a_name() {
    let mut page = page(Metering {
        max_keys: 2,
        ..orders()
    });
    let at = page.time();
    let mark = Row {
        kind: 6,
        method: "",
        url: String::new(),
        feature: "orders",
        status: 200,
        ..get(at, "", 400)
    };
    let elsewhere = Row {
        url: String::from("https://cdn.example/a/1"),
        ..get(at, "", 5)
    };
    let rows = [
        get(at, "/api/orders/1/items/2", 10),
        get(at, "/api/orders/9/items/8", 20),
        mark,
        elsewhere,
        get(at, "/three", 1),
    ];
    page.wait(25 * SECOND);
    measure(&mut page, &rows);
    let report = report(&mut page);
    let keys = |feature: usize| -> Vec<(String, String)> {
        let keys = report.features[feature].keys.iter();
        keys.map(|key| (key.m.clone(), key.t.clone())).collect()
    };
    let pair = |m: &str, t: &str| (m.to_owned(), t.to_owned());
    assert_eq!(
        keys(0),
        [
            pair("GET", "/api/orders/:n/items/:n"),
            pair("MARK", "orders")
        ]
    );
    assert_eq!(keys(1), [pair("GET", OTHER_TEMPLATE)]);
    assert_eq!(report.features[1].keys[0].c, [2]);
    let slow = &report.features[0].keys[1].x[0];
    assert_eq!((slow.0, slow.1), (400, 0));
}

#[test]
fn graphql_errors_count_where_they_were_asked_for() {
    let row = |at| Row {
        graphql: "Me",
        flags: GRAPHQL_ERRORS,
        ..get(at, "/api/orders/graphql", 5)
    };
    for (graphql_errors, classes) in [(false, &[1][..]), (true, &[0, 0, 0, 1])] {
        let mut page = page(Metering {
            graphql_errors,
            ..orders()
        });
        let at = page.time();
        page.wait(25 * SECOND);
        measure(&mut page, &[row(at)]);
        let key = report(&mut page).features[0].keys[0].clone();
        assert_eq!(key.c, classes);
        assert_eq!(key.t, "/api/orders/graphql Me");
    }
}

#[test]
fn rows_from_before_the_config_are_measured_by_it() {
    let mut page = Page::bare();
    let at = page.time();
    measure(&mut page, &[get(at, "/api/orders/1", 10)]);
    page.metering = orders();
    page.configure(&[]);
    let report = report(&mut page);
    assert_eq!(report.features[0].id, "orders");
}

#[test]
fn a_thousand_requests_of_fifty_templates_are_one_small_item() {
    let mut page = page(orders());
    let at = page.time();
    let rows: Vec<Row> = (0..1_000)
        .map(|i| get(at + i, &format!("/api/area{}/list", i % 50), (i % 7) as u32))
        .collect();
    page.wait(25 * SECOND);
    measure(&mut page, &rows);
    let report = report(&mut page);
    let json = serde_json::to_string(&report).unwrap();
    let counted: u32 = report.features[0].keys.iter().map(|key| key.c[0]).sum();
    assert_eq!((counted, report.features[0].keys.len()), (1_000, 50));
    assert!(json.len() < 7 << 10, "{} bytes", json.len());
}

#[test]
fn examples_are_of_what_was_slow_or_failed() {
    for (row, ms) in [
        (get(0, "/other", 99), None),
        (get(0, "/other", 100), Some(100)),
        (get(0, "/api/orders/1", 99), None),
        (failed(0, 503), Some(5)),
    ] {
        let mut page = page(orders());
        let at = page.time();
        page.wait(25 * SECOND);
        measure(&mut page, &[Row { start: at, ..row }]);
        let slowest = report(&mut page).features[0].keys[0].x.first().cloned();
        assert_eq!(slowest.map(|it| it.0), ms);
    }
}

#[cfg(feature = "surveys")]
#[test]
fn answers_carry_what_the_person_waited_for() {
    let mut page = Page::bare();
    page.metering = orders();
    page.configure(&[crate::page::rule("nps")]);
    page.shown();
    let at = page.time();
    let rows = [
        get(at, "/api/orders/1", 100),
        get(at, "/api/orders/2", 900),
        get(at, "/other", 50),
        failed(at, 503),
    ];
    measure(&mut page, &rows);
    page.nps(3);
    page.wait(SECOND);
    let latency = crate::page::response(&page).latency.unwrap();
    assert_eq!((latency.requests, latency.p75_ms), (3, Some(900)));
    assert_eq!((latency.budgeted, latency.over_budget), (2, 1));
    assert_eq!(latency.worst.as_deref(), Some("orders"));
    assert_eq!(latency.recent_failures, 1);
}
