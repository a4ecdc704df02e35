//! Turns counters into what Prometheus scrapes and what an OTLP receiver is sent.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use collector::settings::MetricsToken;
use serde_json::Value;
use store::Retention;

use crate::budgets::search;
use crate::reports::answered;
use crate::world::{Answer, T0, World, impression};

const TOKEN: &str = "a-token-of-a-scraper";

/// Asks for metrics from an address, with a header.
async fn scrape(world: &World, peer: &str, header: Option<(&str, &str)>) -> Answer {
    let mut request = Request::get("/metrics").body(Body::empty()).unwrap();
    let peer: SocketAddr = peer.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    if let Some((name, value)) = header {
        let name: axum::http::HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    world.send(request).await
}

const NEAR: &str = "127.0.0.1:40000";
const FAR: &str = "192.0.2.7:40000";

#[tokio::test]
async fn without_a_token_only_this_machine_may_ask() {
    let world = World::new().await;
    let check = async |peer: &str, header, expected: u16| {
        let answer = scrape(&world, peer, header).await;
        assert_eq!(answer.status, expected, "{peer} {header:?}");
    };
    check(NEAR, None, 200).await;
    check("[::1]:40000", None, 200).await;
    check("[::ffff:127.0.0.1]:40000", None, 200).await;
    check(FAR, None, 404).await;
    check(FAR, Some(("authorization", "Bearer ")), 404).await;
    // Through a proxy on this machine everybody is near.
    check(NEAR, Some(("x-forwarded-for", "192.0.2.7")), 404).await;
    check(NEAR, Some(("forwarded", "for=192.0.2.7")), 404).await;
    let answer = world.get("/metrics").await;
    assert_eq!(
        answer.status, 404,
        "whoever asks without an address is nobody"
    );
    let behind = World::with(|c| c.with_public_url(Some("https://f.example".parse().unwrap())));
    let answer = scrape(&behind.await, NEAR, None).await;
    assert_eq!(
        answer.status, 404,
        "a public address says that there is a proxy"
    );
}

#[tokio::test]
async fn with_a_token_whoever_has_it_may_ask() {
    let world = World::with(|c| c.with_metrics_token(Some(MetricsToken::of(TOKEN)))).await;
    let right = format!("Bearer {TOKEN}");
    let check = async |peer: &str, given: Option<&str>, expected: u16| {
        let header = given.map(|given| ("authorization", given));
        let answer = scrape(&world, peer, header).await;
        assert_eq!(answer.status, expected, "{peer} {given:?}");
    };
    check(FAR, Some(&right), 200).await;
    check(FAR, Some(&right.to_lowercase()), 200).await;
    check(NEAR, None, 404).await;
    check(NEAR, Some(TOKEN), 404).await;
    check(NEAR, Some("Bearer another-token-of-nobody"), 404).await;
}

/// A world in which something was counted: 8 fast and 2 slow answers, and 2 failures.
async fn counted() -> World {
    let world = World::new().await;
    world.promise(&search()).await;
    world.pass(60_000);
    let times = [vec![100; 8], vec![1_000; 2]].concat();
    let mut report = answered("search", world.slice(), &times);
    report["features"][0]["slices"][0][2] = 12.into();
    report["features"][0]["slices"][0][3] = 2.into();
    report["features"][0]["keys"][0]["c"] = serde_json::json!([10, 0, 0, 2]);
    let sent = world.report(1, 1, &report).await;
    assert_eq!(sent.outcomes().0, "a");
    // The same again is no more traffic.
    assert_eq!(world.report(1, 1, &report).await.outcomes().0, "d");
    let lines = [crate::world::header_line(2), impression(2), "{}".into()];
    assert_eq!(world.post(&lines).await.outcomes().0, "ax");
    let evaluator = world.collector.evaluator(Retention::default());
    evaluator.pass(world.now()).await;
    world
}

#[tokio::test]
async fn a_scrape_tells_counters_promises_and_histograms() {
    let world = counted().await;
    let answer = scrape(&world, NEAR, None).await;
    let mime = answer.header("content-type").unwrap();
    assert_eq!(mime, "text/plain; version=0.0.4; charset=utf-8");
    let text = String::from_utf8(answer.body).unwrap();
    let project = world.project.0;
    let of = format!("project=\"{project}\",feature=\"search\"");
    for line in [
        String::from("firsthand_items_total{type=\"latency\",outcome=\"accepted\"} 1"),
        String::from("firsthand_items_total{type=\"latency\",outcome=\"duplicate\"} 1"),
        String::from("firsthand_items_total{type=\"impression\",outcome=\"accepted\"} 1"),
        String::from("firsthand_items_refused_total{reason=\"malformed_item\"} 1"),
        String::from("firsthand_batches_waiting 0"),
        String::from("firsthand_commit_duration_seconds_count 3"),
        format!("firsthand_requests_total{{{of},class=\"ok\"}} 10"),
        format!("firsthand_requests_total{{{of},class=\"server_error\"}} 2"),
        format!("firsthand_requests_total{{{of},class=\"timeout\"}} 0"),
        format!(
            "firsthand_requests_budgeted_total{{{of},stage=\"headers\",within_ms=\"300\",\
             result=\"over\"}} 2"
        ),
        format!("firsthand_requests_eligible_total{{{of},result=\"good\"}} 10"),
        format!("firsthand_request_duration_seconds_bucket{{{of},le=\"0.064\"}} 0"),
        format!("firsthand_request_duration_seconds_bucket{{{of},le=\"0.128\"}} 8"),
        format!("firsthand_request_duration_seconds_bucket{{{of},le=\"1.024\"}} 10"),
        format!("firsthand_request_duration_seconds_bucket{{{of},le=\"+Inf\"}} 10"),
        format!("firsthand_request_duration_seconds_count{{{of}}} 10"),
        format!("firsthand_objective_target{{{of},objective=\"headers\",within_ms=\"300\"}} 0.95"),
        format!("firsthand_objective_actual{{{of},objective=\"headers\",within_ms=\"300\"}} 0.8"),
    ] {
        assert!(text.lines().any(|one| one == line), "no {line} in\n{text}");
    }
    // One client is no quorum: nobody knows whether it is up.
    assert!(!text.contains("firsthand_up{"), "{text}");
    check_format(&text);
    let sum = format!("firsthand_request_duration_seconds_sum{{{of}}} ");
    let sum = text
        .lines()
        .find_map(|line| line.strip_prefix(&sum))
        .unwrap();
    assert!((sum.parse::<f64>().unwrap() - 2.8).abs() < 1e-6, "{sum}");
}

/// Every line is a comment or a sample of the family that was announced last, and no sample comes
/// twice.
fn check_format(text: &str) {
    assert!(text.ends_with('\n'));
    let mut family = "";
    let mut seen = std::collections::HashSet::new();
    for line in text.lines() {
        if let Some(announced) = line.strip_prefix("# TYPE ") {
            family = announced.split(' ').next().unwrap();
            continue;
        }
        if line.starts_with("# HELP ") {
            continue;
        }
        let (sample, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok(), "{line}");
        assert!(sample.starts_with(family), "{family}: {line}");
        assert!(seen.insert(sample), "{line} comes twice");
    }
}

#[tokio::test]
async fn up_is_told_of_what_enough_clients_use() {
    let world = World::new().await;
    world.promise(&search()).await;
    let evaluator = world.collector.evaluator(Retention::default());
    let up = format!(
        "firsthand_up{{project=\"{}\",feature=\"search\"}} ",
        world.project.0
    );
    let told = async || {
        evaluator.pass(world.now()).await;
        let answer = scrape(&world, NEAR, None).await;
        let text = String::from_utf8(answer.body).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(&up));
        line.map(String::from)
    };
    assert_eq!(told().await, None);
    world.tell("search", 1, "GGGG").await;
    assert_eq!(told().await.as_deref(), Some("1"));
    world.tell("search", 11, "BBBB").await;
    assert_eq!(told().await.as_deref(), Some("0"));
    world.tell("search", 21, "GGGG").await;
    assert_eq!(told().await.as_deref(), Some("1"));
    world.pass(10 * 60_000);
    assert_eq!(told().await, None);
}

/// Takes one request, answers it with this status, and hands over its head and its body.
fn receiver(status: &'static str) -> (String, mpsc::Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, received) = mpsc::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = Vec::new();
        let mut chunk = [0; 4_096];
        let (head, body) = loop {
            let n = stream.read(&mut chunk).unwrap();
            bytes.extend_from_slice(&chunk[..n]);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.parse::<usize>())
            });
            if body.len() >= length.unwrap().unwrap() {
                break (head.to_owned(), body.to_owned());
            }
        };
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\n\r\n{{}}");
        stream.write_all(answer.as_bytes()).unwrap();
        sender.send((head, body)).unwrap();
    });
    (url, received)
}

#[tokio::test]
async fn an_export_is_what_otlp_receivers_read() {
    let world = counted().await;
    let (url, received) = receiver("200 OK");
    world.collector.export(&url.parse().unwrap()).await.unwrap();
    let (head, body) = received.recv().unwrap();
    assert!(head.starts_with("POST /v1/metrics HTTP/1.1\r\n"), "{head}");
    let head = head.to_lowercase();
    assert!(head.contains("content-type: application/json"), "{head}");
    let body: Value = serde_json::from_str(&body).unwrap();
    let resource = &body["resourceMetrics"][0];
    let service = &resource["resource"]["attributes"][0];
    assert_eq!(service["key"], "service.name");
    assert_eq!(service["value"]["stringValue"], "firsthand");
    let metrics = resource["scopeMetrics"][0]["metrics"].as_array().unwrap();
    let find = |name: &str| {
        metrics
            .iter()
            .find(|metric| metric["name"] == name)
            .unwrap()
    };

    let sum = &find("firsthand.requests")["sum"];
    assert_eq!(
        (&sum["aggregationTemporality"], &sum["isMonotonic"]),
        (&2.into(), &true.into())
    );
    let point = &sum["dataPoints"][0];
    assert_eq!(point["asInt"], "10");
    assert_eq!(point["startTimeUnixNano"], (T0 * 1_000_000).to_string());
    assert_eq!(point["timeUnixNano"], (world.now() * 1_000_000).to_string());
    assert_eq!(point["attributes"][1]["value"]["stringValue"], "search");

    let histogram = &find("firsthand.request.duration")["exponentialHistogram"];
    let point = &histogram["dataPoints"][0];
    assert_eq!(
        (&point["count"], &point["zeroCount"]),
        (&"10".into(), &"0".into())
    );
    let counts = point["positive"]["bucketCounts"].as_array().unwrap();
    let counts: Vec<u64> = counts
        .iter()
        .map(|n| n.as_str().unwrap().parse().unwrap())
        .collect();
    assert_eq!(counts.iter().sum::<u64>(), 10);
    assert_eq!((counts[0], counts[counts.len() - 1]), (8, 2));
    // Both values lie in the buckets that scale and offset say.
    let base = (-point["scale"].as_f64().unwrap()).exp2().exp2();
    let offset = i32::try_from(point["positive"]["offset"].as_i64().unwrap()).unwrap();
    let last = offset + i32::try_from(counts.len()).unwrap() - 1;
    for (index, ms) in [(offset, 100.0), (last, 1_000.0)] {
        assert!(
            base.powi(index) < ms && ms <= base.powi(index + 1),
            "{index} {ms}"
        );
    }
    let actual = &find("firsthand.objective.actual")["gauge"]["dataPoints"][0];
    assert_eq!(actual["asDouble"], 0.8);
    assert!(
        metrics
            .iter()
            .all(|metric| metric["name"] != "firsthand.up")
    );
}

#[tokio::test]
async fn an_export_that_is_refused_is_an_error() {
    let world = World::new().await;
    let (url, received) = receiver("503 Service Unavailable");
    let refused = world.collector.export(&url.parse().unwrap()).await;
    assert!(refused.unwrap_err().to_string().contains("503"));
    assert!(received.recv().is_ok());
    // Nobody is there any more.
    let gone = world.collector.export(&url.parse().unwrap()).await;
    assert!(gone.is_err());
}
