//! When sums are told, in how many parts, and what of the clocks is believed.

use agent::Body;
use protocol::budget::Stage;
use protocol::config::{FeatureRule, Metering, RequestRule};
use protocol::latency::{LatencyReport, SLICE_MS, Within};

use crate::page::{HOUR, MINUTE, Page, SECOND, START, check};

/// `GET url` of the page's own origin: start, tenths until headers, tenths until the end of the body.
fn row(start: u64, path: &str, headers: u32, body: Option<u32>) -> String {
    let body = body.map(|tenths| tenths.to_string()).unwrap_or_default();
    let url = format!("https://shop.example{path}");
    let mut fields = ["0", "GET", &url, "", "", "", &body, "200", "0", "0"].map(str::to_owned);
    fields[4] = start.to_string();
    fields[5] = headers.to_string();
    fields.join("\u{1f}") + &"\u{1f}".repeat(7)
}

fn feature(id: &str, path: &str, within: &[Within]) -> FeatureRule {
    FeatureRule {
        id: id.to_owned(),
        matches: vec![RequestRule {
            path: path.to_owned(),
            ..RequestRule::default()
        }],
        within: within.to_vec(),
        background: false,
        cache: false,
    }
}

/// A page whose config has come, at the beginning of a slice.
fn page(features: Vec<FeatureRule>, max_keys: u16) -> Page {
    let mut page = Page::bare();
    page.metering = Metering {
        features,
        max_keys,
        ..Metering::default()
    };
    page.configure(&[]);
    page.set_wall(START.next_multiple_of(SLICE_MS));
    page
}

fn measure(page: &mut Page, lost: u32, rows: &[String]) -> String {
    page.call("measured", [lost, 0, 0], [&rows.join("\u{1e}"), "", ""])
}

fn reports(page: &Page) -> Vec<LatencyReport> {
    let items = page.sent.iter().flat_map(|sent| &sent.items);
    let of = |body: &Body| match body {
        Body::Latency(report) => Some(report.clone()),
        _ => None,
    };
    items.filter_map(|item| of(&item.p)).collect()
}

#[test]
fn a_report_goes_on_in_parts_that_an_exit_has_room_for() {
    let within = [Within(Stage::Headers, 300)];
    let features = (0..40).map(|n| feature(&format!("f{n}"), &format!("/f{n}/**"), &within));
    let mut page = page(features.collect(), 500);
    let long = "x".repeat(150);
    let mut rows = Vec::new();
    for at in 0..100 {
        for n in 0..40 {
            let start = page.time() + at * 10 * SECOND;
            let path = format!("/f{n}/page-{}-{long}", at % 10);
            rows.push(row(start, &path, 10 * (1 + at as u32 * n), None));
        }
    }
    page.wait(1_000 * SECOND);
    measure(&mut page, 7, &rows);
    page.wait(MINUTE);
    while !page.flights.is_empty() {
        page.accept();
        page.wait(MINUTE);
    }
    let reports = reports(&page);
    assert!(reports.len() > 3, "{}", reports.len());
    let (mut attempts, mut counted) = (0, 0);
    for report in &reports {
        let bytes = serde_json::to_string(report).unwrap().len();
        assert!(bytes <= 16 << 10, "{bytes}");
        let mut ids: Vec<&str> = report.features.iter().map(|it| it.id.as_str()).collect();
        ids.dedup();
        assert_eq!(ids.len(), report.features.len());
        for feature in &report.features {
            attempts += feature.slices.iter().map(|slice| slice[2]).sum::<u32>();
            counted += feature.keys.iter().map(|key| key.c[0]).sum::<u32>();
        }
    }
    assert_eq!((attempts, counted), (4_000, 4_000));
    let overflow: Vec<u32> = reports.iter().map(|report| report.overflow).collect();
    assert_eq!(overflow.iter().sum::<u32>(), 7);
}

#[test]
fn sums_wait_while_nothing_can_be_delivered() {
    let mut page = page(Vec::new(), 50);
    for _ in 0..60 {
        let start = page.time();
        measure(&mut page, 0, &[row(start, "/a", 10, None)]);
        page.wait(30 * SECOND);
        while !page.flights.is_empty() {
            page.reply(503, "");
        }
    }
    assert!(page.requests.len() < 30, "{}", page.requests.len());
    // The network is back.
    for _ in 0..20 {
        page.wait(MINUTE);
        while !page.flights.is_empty() {
            page.accept();
        }
    }
    let reports = reports(&page);
    let keys = reports.iter().flat_map(|report| &report.features);
    let counted: u32 = keys.flat_map(|it| &it.keys).map(|key| key.c[0]).sum();
    assert_eq!(counted, 60);
    assert!(reports.len() <= 6, "{}", reports.len());
}

#[test]
fn a_quiet_page_tells_once_and_sleeps() {
    let mut page = page(Vec::new(), 50);
    let start = page.time();
    measure(&mut page, 0, &[row(start, "/a", 10, None)]);
    page.wait(HOUR);
    page.accept();
    page.wait(24 * HOUR);
    assert_eq!(reports(&page).len(), 1);
    assert_eq!(page.requests.len(), 1);
}

#[test]
fn a_slice_is_as_long_ago_as_the_monotonic_clock_says() {
    let mut page = page(Vec::new(), 50);
    let start = page.time();
    // The machine slept: the monotonic clock stood still. The request began 25 s of it ago.
    page.wait(25 * SECOND);
    let wall = START.next_multiple_of(SLICE_MS) + HOUR;
    page.set_wall(wall);
    measure(&mut page, 0, &[row(start, "/a", 10, None)]);
    page.hide();
    let report = &reports(&page)[0];
    let began = report.slice + u64::from(report.features[0].slices[0][0]);
    assert_eq!(began, (wall - 25 * SECOND) / SLICE_MS);
    assert!(!report.skewed);
}

#[test]
fn a_clock_that_was_set_back_is_marked() {
    let mut page = page(Vec::new(), 50);
    let start = page.time();
    measure(&mut page, 0, &[row(start, "/a", 10, None)]);
    page.set_wall(START - HOUR);
    measure(&mut page, 0, &[row(start, "/a", 10, None)]);
    page.hide();
    assert!(reports(&page)[0].skewed);
    page.accept();
    page.see();
    measure(&mut page, 0, &[row(start, "/a", 10, None)]);
    page.hide();
    assert!(!reports(&page)[1].skewed);
}

#[test]
fn the_body_counts_where_its_end_was_promised() {
    let within = [Within(Stage::Headers, 300), Within(Stage::Body, 500)];
    let mut page = page(vec![feature("f", "/**", &within)], 50);
    let start = page.time();
    let rows = [
        row(start, "/a", 3_000, Some(5_001)),
        row(start, "/b", 3_001, Some(5_000)),
        // Nobody saw its end.
        row(start, "/c", 3_000, None),
    ];
    measure(&mut page, 0, &rows);
    page.hide();
    assert_eq!(reports(&page)[0].features[0].slices[0][5..], [3, 1, 1]);
    assert_eq!(reports(&page)[0].features[0].within, within);
}

#[test]
fn a_call_under_way_says_nothing_without_a_budget() {
    let mut page = page(Vec::new(), 50);
    let start = page.time();
    let pending = row(start, "/a", 400_000, None).replace("\u{1f}200\u{1f}0", "\u{1f}0\u{1f}4");
    measure(&mut page, 0, &[pending]);
    page.hide();
    assert_eq!(reports(&page), []);
}

#[test]
fn vitals_are_told_once_by_their_latest_value() {
    let vital = |name: &str, value: u32| {
        format!("7\u{1f}{name}\u{1f}\u{1f}\u{1f}\u{1f}{value}") + &"\u{1f}".repeat(11)
    };
    let mut page = page(Vec::new(), 50);
    let rows = [vital("CLS", 100), vital("LCP", 2_500_000), vital("CLS", 0)];
    measure(&mut page, 0, &rows);
    measure(&mut page, 0, &[vital("FUN", 1)]);
    page.hide();
    let [report] = &reports(&page)[..] else {
        panic!("{:?}", reports(&page));
    };
    let told = [("CLS", 0), ("LCP", 2_500_000)];
    assert_eq!(report.vitals, told.map(|(name, n)| (name.to_owned(), n)));
    assert_eq!(report.features, []);
}

#[test]
fn what_is_no_method_is_told_as_none() {
    let mut page = page(Vec::new(), 50);
    let start = page.time();
    let odd = row(start, "/a", 10, None).replace("GET", "a b");
    measure(
        &mut page,
        0,
        &[odd, row(start, "/a", 10, None).replace("GET", "M-SEARCH")],
    );
    page.hide();
    let report = &reports(&page)[0];
    let methods: Vec<&str> = report.features[0].keys.iter().map(|key| &*key.m).collect();
    assert_eq!(methods, ["-", "M-SEARCH"]);
}

#[test]
fn rows_of_a_page_that_goes_are_told_at_once() {
    let mut page = page(Vec::new(), 50);
    let start = page.time();
    check(page.hide(), "");
    let last = row(start, "/a", 10, None);
    let said = page.call("measured", [0, 1, 0], [&last, "", ""]);
    check(said, "send b1 [latency of 1] exit");
}
