//! Turns entries of traces, as recorders write them, into classes and features.

use serde_json::{Value, json};

use super::{Files, report};
use crate::budgets::search;

/// A trace of these entries.
pub(super) fn har(entries: &[Value]) -> Value {
    json!({ "log": { "version": "1.2", "entries": entries } })
}

/// An answer with this status whose headers came after so many milliseconds, and its body five later.
fn entry(path: &str, status: i32, ms: f64) -> Value {
    json!({
        "startedDateTime": "2026-11-27T09:00:00.000Z",
        "time": ms + 5.0,
        "_resourceType": "fetch",
        "request": { "method": "GET", "url": format!("https://shop.example{path}"), "headers": [] },
        "response": { "status": status, "content": { "size": 2, "mimeType": "application/json" } },
        "timings": { "blocked": -1, "dns": -1, "connect": -1, "send": 0, "wait": ms, "receive": 5 },
    })
}

/// An answer that is good.
pub(super) fn answered(path: &str, ms: f64) -> Value {
    entry(path, 200, ms)
}

fn with(mut entry: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    entry.pointer_mut(parent).unwrap()[key] = value;
    entry
}

/// Expects one attempt of this class, which is so many times bad for availability and over 300 ms.
fn check(entry: Value, class: &str, (eligible, bad): (u64, u64), (n, slow): (u64, u64)) {
    let shown = entry.to_string();
    let told = report(&search(), &[entry]);
    let feature = &told["features"][0];
    assert_eq!(feature["classes"], json!({ class: 1 }), "{shown}: {told}");
    let latency = &feature["objectives"][0];
    let availability = &feature["objectives"][1];
    let found = [
        &latency["n"],
        &latency["bad"],
        &availability["n"],
        &availability["bad"],
    ];
    assert_eq!(
        found.map(|n| n.as_u64().unwrap()),
        [n, slow, eligible, bad],
        "{shown}"
    );
}

const PATH: &str = "/api/search/a";

#[test]
fn every_answer_has_its_class() {
    let status = |status| entry(PATH, status, 100.0);
    check(status(200), "ok", (1, 0), (1, 0));
    check(status(304), "ok", (1, 0), (1, 0));
    check(status(404), "client_error", (1, 0), (0, 0));
    check(status(429), "throttled", (1, 1), (0, 0));
    check(status(408), "server_error", (1, 1), (0, 0));
    check(status(503), "server_error", (1, 1), (0, 0));
    check(entry(PATH, 200, 900.0), "ok", (1, 0), (1, 1));
    // Longer than the hard timeout.
    check(entry(PATH, 200, 61_000.0), "timeout", (1, 1), (1, 1));
}

#[test]
fn what_ended_without_an_answer_has_its_class() {
    let failed = |error: &str, ms: f64| with(entry(PATH, 0, ms), "/response/_error", json!(error));
    check(
        failed("net::ERR_CONNECTION_REFUSED", 2.0),
        "network",
        (1, 1),
        (0, 0),
    );
    check(entry(PATH, -1, 2.0), "network", (1, 1), (0, 0));
    check(failed("net::ERR_ABORTED", 100.0), "aborted", (0, 0), (0, 0));
    check(
        failed("NS_BINDING_ABORTED", 100.0),
        "aborted",
        (0, 0),
        (0, 0),
    );
    check(
        failed("net::ERR_ABORTED", 400.0),
        "abandoned_slow",
        (0, 0),
        (1, 1),
    );
    check(
        failed("net::ERR_BLOCKED_BY_CLIENT", 1.0),
        "excluded",
        (0, 0),
        (0, 0),
    );
    check(
        failed("net::ERR_INTERNET_DISCONNECTED", 1.0),
        "excluded",
        (0, 0),
        (0, 0),
    );
    let playwright = with(
        entry(PATH, -1, 100.0),
        "/response/_failureText",
        json!("net::ERR_ABORTED"),
    );
    check(playwright, "aborted", (0, 0), (0, 0));
    // Under way when the trace ended: nobody knows how long.
    let pending = with(entry(PATH, -1, -1.0), "/time", json!(-1));
    let told = report(&search(), &[pending]);
    assert_eq!(told["features"][0]["health"], "unknown", "{told}");
}

#[test]
fn answers_of_the_cache_are_not_fast() {
    let cached = with(answered(PATH, 1.0), "/_fromCache", json!("disk"));
    check(cached.clone(), "ok", (1, 0), (0, 0));
    let free = with(answered(PATH, 1.0), "/response/_transferSize", json!(0));
    check(free, "ok", (1, 0), (0, 0));
    let mut budgets = search();
    budgets["features"][0]["include"] = json!(["cache"]);
    let told = report(&budgets, &[cached]);
    assert_eq!(told["features"][0]["n"], 1, "{told}");
}

#[test]
fn a_stage_ends_with_headers_or_body() {
    let mut budgets = search();
    budgets["features"][0]["latency"] = json!([
        { "stage": "headers", "within": "100ms", "target": 0.9 },
        { "stage": "body", "within": "100ms", "target": 0.9 },
    ]);
    let bad = |entry: Value| {
        let told = report(&budgets, &[entry]);
        let objectives = &told["features"][0]["objectives"];
        [&objectives[0]["bad"], &objectives[1]["bad"]].map(|n| n.as_u64().unwrap())
    };
    assert_eq!(bad(answered(PATH, 95.0)), [0, 0]);
    assert_eq!(bad(answered(PATH, 98.0)), [0, 1]);
    assert_eq!(bad(answered(PATH, 101.0)), [1, 1]);
    // A stream lasts as long as the page wants it to.
    let stream = with(answered(PATH, 98.0), "/timings/receive", json!(90_000));
    let stream = with(
        stream,
        "/response/content/mimeType",
        json!("text/event-stream"),
    );
    assert_eq!(bad(stream), [0, 0]);
    // Waiting for a connection is waiting.
    let queued = with(answered(PATH, 60.0), "/timings/blocked", json!(50));
    assert_eq!(bad(queued), [1, 1]);
    // TLS is part of connecting, and is not counted twice.
    let secured = with(answered(PATH, 50.0), "/timings/connect", json!(40));
    let secured = with(secured, "/timings/ssl", json!(30));
    assert_eq!(bad(secured), [0, 0]);
    // Without phases there is the whole.
    let whole = with(answered(PATH, 0.0), "/timings", json!(null));
    assert_eq!(bad(with(whole.clone(), "/time", json!(99))), [0, 0]);
    assert_eq!(bad(with(whole, "/time", json!(101))), [1, 1]);
}

#[test]
fn what_the_sdk_does_not_measure_is_left_out() {
    let kind = |kind: &str| with(answered(PATH, 10.0), "/_resourceType", json!(kind));
    let dest = |dest: &str| {
        let headers = json!([{ "name": "Sec-Fetch-Dest", "value": dest }]);
        with(
            with(answered(PATH, 10.0), "/request/headers", headers),
            "/_resourceType",
            json!(null),
        )
    };
    let mime = |mime: &str| {
        let entry = with(
            answered(PATH, 10.0),
            "/response/content/mimeType",
            json!(mime),
        );
        with(entry, "/_resourceType", json!(null))
    };
    let asks = json!([{ "name": "Access-Control-Request-Method", "value": "POST" }]);
    let preflight = with(answered(PATH, 10.0), "/request/method", json!("OPTIONS"));
    let left_out = [
        kind("script"),
        kind("image"),
        kind("preflight"),
        dest("style"),
        dest("iframe"),
        mime("image/png"),
        mime("text/javascript"),
        with(preflight, "/request/headers", asks),
    ];
    let measured = [
        kind("xhr"),
        kind("fetch"),
        kind("document"),
        kind("ping"),
        dest("empty"),
        dest("document"),
        mime("application/json"),
        mime("text/html"),
        mime(""),
    ];
    let told = report(&search(), &[&left_out[..], &measured[..]].concat());
    assert_eq!(told["left_out"]["not_measured"], left_out.len(), "{told}");
    assert_eq!(told["features"][0]["requests"], measured.len(), "{told}");
}

#[test]
fn entries_that_cannot_be_read_cost_only_themselves() {
    let files = Files::new();
    let odd = json!([
        null, 3, {}, { "request": null }, { "request": { "url": "data:text/plain,~" } },
        { "request": { "url": "/relative" } },
        { "request": { "url": "https://shop.example/api/search/a" }, "response": { "status": 200 } },
        // Everything that can be missing is missing.
        { "request": { "url": "https://shop.example/api/search/a" }, "time": 20,
          "response": { "status": 200, "content": null }, "timings": {}, "pageref": null },
        { "request": { "url": "https://shop.example/api/search/a", "method": "get", "headers": null,
                       "postData": null },
          "time": 1e300, "timings": { "wait": 30, "receive": null },
          "response": { "status": 200, "redirectURL": null } },
    ]);
    let text = json!({ "log": { "pages": 7, "entries": odd } }).to_string();
    let budgets = files.put("budgets.json", search().to_string());
    // As Windows writes it, and cut within a character.
    let mut bytes = b"\xef\xbb\xbf".to_vec();
    bytes.extend(text.bytes());
    let at = bytes.iter().position(|byte| *byte == b'~').unwrap();
    bytes[at] = 0xc3;
    let trace = files.put("odd.har", bytes);
    let told = super::run(&[
        "check".as_ref(),
        budgets.as_os_str(),
        trace.as_os_str(),
        "--format".as_ref(),
        "json".as_ref(),
    ]);
    let report: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(report["left_out"]["unreadable"], 7, "{told:?}");
    assert_eq!(report["features"][0]["n"], 2, "{told:?}");
}

#[test]
fn redirects_are_one_attempt() {
    let moved = with(
        entry(PATH, 302, 100.0),
        "/response/redirectURL",
        json!("/moved#top"),
    );
    let told = report(
        &search(),
        &[
            moved.clone(),
            answered("/elsewhere", 1.0),
            answered("/moved", 190.0),
        ],
    );
    // 105 ms until the redirect was read, and 190 ms more: within 300 ms.
    assert_eq!(told["left_out"]["redirects"], 1, "{told}");
    let feature = &told["features"][0];
    assert_eq!(
        (&feature["n"], &feature["objectives"][0]["bad"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(feature["slowest"]["ms"], 295.0, "{told}");
    // What it led to decides.
    check_chain(&[moved.clone(), answered("/moved", 196.0)], "ok", 1);
    check_chain(
        &[moved.clone(), entry("/moved", 500, 10.0)],
        "server_error",
        0,
    );
    // Nobody followed it.
    check_chain(&[moved], "ok", 0);
    // In a circle there is an end.
    let round = with(entry(PATH, 302, 1.0), "/response/redirectURL", json!(PATH));
    let told = report(&search(), &vec![round; 60]);
    assert_eq!(told["features"][0]["requests"], 3, "{told}");
}

fn check_chain(entries: &[Value], class: &str, slow: u64) {
    let told = report(&search(), entries);
    let feature = &told["features"][0];
    assert_eq!(feature["classes"], json!({ class: 1 }), "{told}");
    assert_eq!(feature["objectives"][0]["bad"], slow, "{told}");
}

#[test]
fn the_page_decides_what_is_its_own() {
    let count = |entries: &[Value], more: &[&str]| {
        let words = [&["--format", "json"], more].concat();
        let told = Files::new().check(&search(), entries, &words);
        let report: Value = serde_json::from_str(&told.out).unwrap();
        report["features"][0]["requests"].as_u64().unwrap()
    };
    let at = |entry: Value, url: &str| with(entry, "/request/url", json!(url));
    let api = at(answered("", 10.0), "https://api.example/api/search/a");
    let document = with(answered("/", 10.0), "/_resourceType", json!("document"));
    // Alone, the first request is taken for the page's own.
    assert_eq!(count(std::slice::from_ref(&api), &[]), 1);
    assert_eq!(count(&[document.clone(), api.clone()], &[]), 0);
    assert_eq!(count(&[api.clone(), document.clone()], &[]), 0);
    assert_eq!(count(&[document.clone(), answered(PATH, 10.0)], &[]), 1);
    let own = ["--origin", "https://API.example:443/"];
    assert_eq!(count(&[document.clone(), api.clone()], &own), 1);
    // Each page has its own.
    let of = |entry: Value, page: &str| with(entry, "/pageref", json!(page));
    let other = with(
        at(answered("", 10.0), "https://api.example/"),
        "/_resourceType",
        json!("document"),
    );
    let entries = [
        of(document, "1"),
        of(other, "2"),
        of(api.clone(), "1"),
        of(api, "2"),
    ];
    assert_eq!(count(&entries, &[]), 1);
}

#[test]
fn operations_of_graphql_are_named() {
    let mut budgets = search();
    budgets["features"][0]["match"] = json!([{ "graphql": "Search" }]);
    budgets["graphql"] = json!({ "paths": ["/gql"], "errors": true });
    let sent = |path: &str, body: Value| {
        let entry = with(answered(path, 10.0), "/request/method", json!("POST"));
        with(
            entry,
            "/request/postData",
            json!({ "mimeType": "a", "text": body.to_string() }),
        )
    };
    let query = |query: &str| json!({ "query": query });
    let matched = |entry: Value| {
        let told = report(&budgets, &[entry]);
        told["features"][0]["requests"].as_u64().unwrap()
    };
    let named = json!({ "operationName": "Search", "query": "query Other { a }" });
    assert_eq!(matched(sent("/graphql", named.clone())), 1);
    assert_eq!(matched(sent("/gql", named.clone())), 1);
    assert_eq!(matched(sent("/other", named.clone())), 0);
    assert_eq!(
        matched(sent("/graphql", query("query Search($q: Int) { a }"))),
        1
    );
    assert_eq!(
        matched(sent("/graphql", query("{ a } query\n  Search { a }"))),
        1
    );
    assert_eq!(matched(sent("/graphql", query("query { Search }"))), 0);
    assert_eq!(matched(sent("/graphql", query("subquery Search"))), 0);
    assert_eq!(
        matched(sent(
            "/graphql",
            json!([query("query Cart { a }"), named.clone()])
        )),
        1
    );
    assert_eq!(
        matched(answered("/graphql?operationName=Search&v=1", 10.0)),
        1
    );
    // Errors in a good status count where the budgets say so.
    let failed = |text: &str, encoding: Value| {
        let content = json!({ "size": 9, "text": text, "encoding": encoding });
        with(sent("/gql", named.clone()), "/response/content", content)
    };
    let class = |budgets: &Value, entry: Value| {
        let told = report(budgets, &[entry]);
        told["features"][0]["classes"].clone()
    };
    let plain = r#"{"errors":[{"message":"no"}]}"#;
    assert_eq!(
        class(&budgets, failed(plain, json!(null))),
        json!({ "server_error": 1 })
    );
    let base64 = "W3siZXJyb3JzIjpbe31dfV0=";
    assert_eq!(
        class(&budgets, failed(base64, json!("base64"))),
        json!({ "server_error": 1 })
    );
    assert_eq!(
        class(&budgets, failed(r#"{"errors":[]}"#, json!(null))),
        json!({ "ok": 1 })
    );
    let mut lenient = budgets.clone();
    lenient["graphql"]["errors"] = json!(false);
    assert_eq!(
        class(&lenient, failed(plain, json!(null))),
        json!({ "ok": 1 })
    );
}

#[test]
fn templates_tell_where_it_was_slow() {
    let mut budgets = search();
    budgets["features"][0]["match"] = json!([{ "origin": "*" }]);
    budgets["templates"] = json!(["/api/users/:id/:tab"]);
    budgets["max_keys"] = json!(3);
    let mut entries = vec![
        answered("/api/users/anna/orders", 400.0),
        answered("/api/users/bert/orders", 100.0),
        answered("/items/7", 100.0),
    ];
    entries.push(with(
        answered("", 900.0),
        "/request/url",
        json!("https://b.example/x"),
    ));
    entries.extend((0..4).map(|n| answered(&format!("/page-{n}x"), 50.0)));
    let told = report(&budgets, &entries);
    let templates = told["features"][0]["templates"].as_array().unwrap();
    let names: Vec<_> = templates
        .iter()
        .map(|one| one["template"].as_str().unwrap())
        .collect();
    let expected = [
        "https://b.example/x",
        "/api/users/:id/:tab",
        "/items/:n",
        "__other__",
    ];
    assert_eq!(names, expected, "{told}");
    assert_eq!(
        (&templates[1]["n"], &templates[1]["over"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(templates[3]["requests"], 4);
}
