//! Turns documents, good and bad, into findings and into what pages are told.

use latency::budgets::{Code, check, compile, parse};
use protocol::budget::{Budgets, Stage};
use protocol::config::{FeatureRule, Metering, RequestRule};
use protocol::latency::Within;
use protocol::query::Finding;
use serde_json::{Value, json};

/// A document without anything to say about.
fn good() -> Value {
    json!({
        "v": 1,
        "features": [
            {
                "id": "search", "name": "Search", "owner": "pm-a",
                "match": [
                    { "method": "GET", "path": "/api/search/**" },
                    { "graphql": "SearchProducts" },
                ],
                "latency": [
                    { "stage": "headers", "within": "300ms", "target": 0.95 },
                    { "within": "2s", "target": 0.999 },
                ],
                "availability": { "target": 0.999 },
            },
            {
                "id": "checkout",
                "match": [{ "method": "POST", "origin": "https://pay.example:8443", "path": "/pay/*" }],
                "latency": [{ "stage": "body", "within": "1s", "target": 0.99 }],
                "include": ["background", "cache"],
            },
            { "id": "report" },
        ],
        "templates": ["/api/users/:id", "/api/orders/:id/items/:n"],
        "graphql": { "paths": ["/graphql"], "errors": true },
    })
}

fn findings(document: &Value) -> Vec<Finding> {
    match parse(&document.to_string()) {
        Ok(budgets) => check(&budgets),
        Err(found) => found,
    }
}

/// Changes the good document, and expects these findings, in order.
#[track_caller]
fn expect(change: impl FnOnce(&mut Value), expected: &[(&str, Code)]) {
    let mut document = good();
    change(&mut document);
    let found = findings(&document);
    let got: Vec<_> = found
        .iter()
        .map(|one| (one.pointer.as_str(), one.code.as_str()))
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(pointer, code)| (*pointer, code.as_str()))
        .collect();
    assert_eq!(got, expected, "{found:#?}");
    for one in found {
        assert!(
            one.message.ends_with('.') && one.message.len() > 10,
            "{one:?}"
        );
        let code = Code::ALL.iter().find(|code| code.as_str() == one.code);
        assert_eq!(code.map(|code| code.is_error()), Some(one.is_error));
    }
}

/// Sets what a pointer points to.
fn set(pointer: &'static str, value: Value) -> impl FnOnce(&mut Value) {
    move |document| {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match document.pointer_mut(parent).unwrap() {
            Value::Object(parent) => drop(parent.insert(String::from(key), value)),
            Value::Array(parent) if key == "-" => parent.push(value),
            Value::Array(parent) => parent[key.parse::<usize>().unwrap()] = value,
            other => panic!("{other}"),
        }
    }
}

#[test]
fn a_good_document_says_nothing() {
    expect(|_| {}, &[]);
    expect(
        |document| *document = json!({ "v": 1, "features": [] }),
        &[],
    );
    assert_eq!(check(&Budgets::default()), []);
}

#[test]
fn what_cannot_be_read_has_a_place() {
    let check = |text: &str, expected: &[(&str, &str)]| {
        let found = parse(text).unwrap_err();
        let found: Vec<_> = found
            .iter()
            .map(|one| (one.pointer.as_str(), one.code.as_str()))
            .collect();
        assert_eq!(found, expected, "{text}");
    };
    check("{", &[("", "syntax")]);
    check(r#"{"v":1,"features":[]} x"#, &[("", "trailing")]);
    check(r#"{"v":1}"#, &[("", "shape")]);
    check(r#"{"v":1,"v":1,"features":[]}"#, &[("", "shape")]);
    check(
        r#"{"v":1,"features":[],"windw":"7d"}"#,
        &[("/windw", "unknown_key")],
    );
    check(
        r#"{"v":1,"features":[],"window":"7 days"}"#,
        &[("/window", "shape")],
    );
    check(
        r#"{"v":1,"features":[{"id":"a","latency":[{"within":"1s","target":"95%"}]}]}"#,
        &[("/features/0/latency/0/target", "shape")],
    );
    check(
        r#"{"v":1,"features":[{"id":"a","include":["bg"]}]}"#,
        &[("/features/0/include/0", "shape")],
    );
    // All unknown keys at once, and what would be wrong without them.
    check(
        r#"{"a/b":1,"v":1,"features":[{"id":"a","latncy":[]},{"id":"b","latency":[{"in":"1s"}]}]}"#,
        &[
            ("/a~1b", "unknown_key"),
            ("/features/0/latncy", "unknown_key"),
            ("/features/1/latency/0/in", "unknown_key"),
            ("/features/1/latency/0", "shape"),
        ],
    );
}

#[test]
fn numbers_of_the_document_have_limits() {
    expect(set("/v", json!(2)), &[("/v", Code::Version)]);
    for window in ["23h", "0s"] {
        expect(
            set("/window", json!(window)),
            &[("/window", Code::WindowRange)],
        );
    }
    // In three months a budget is so large that 95 % cannot burn it fast enough for the first alert.
    let first = ("/features/0/latency/0/target", Code::UsualAlertNeverFires);
    expect(set("/window", json!("90d")), &[first]);
    expect(
        set("/window", json!("91d")),
        &[("/window", Code::WindowRange), first],
    );
    expect(
        set("/slice", json!("30s")),
        &[("/slice", Code::SliceLength)],
    );
    expect(set("/slice", json!("1m")), &[]);
    expect(
        set("/hard_timeout", json!("11m")),
        &[("/hard_timeout", Code::HardTimeoutRange)],
    );
    for zone in ["", "Mars Olympus", "Europe//Berlin", "/UTC", "9", "a/../b"] {
        expect(
            set("/timezone", json!(zone)),
            &[("/timezone", Code::Timezone)],
        );
    }
    for zone in [
        "UTC",
        "Europe/Berlin",
        "America/Argentina/Buenos_Aires",
        "Etc/GMT+5",
    ] {
        expect(set("/timezone", json!(zone)), &[]);
    }
    expect(
        set("/max_keys", json!(0)),
        &[("/max_keys", Code::MaxKeysRange)],
    );
    expect(
        set("/max_keys", json!(501)),
        &[("/max_keys", Code::MaxKeysRange)],
    );
    expect(
        set("/graphql/paths/-", json!("graph")),
        &[("/graphql/paths/1", Code::Graphql)],
    );
    let many = |document: &mut Value, n: usize| {
        let features = (0..n).map(|n| json!({ "id": format!("f{n}") }));
        document["features"] = features.collect();
    };
    expect(|document| many(document, 64), &[]);
    expect(
        |document| many(document, 65),
        &[("/features", Code::TooManyFeatures)],
    );
}

#[test]
fn ids_and_names() {
    expect(
        set("/features/1/id", json!("Check out")),
        &[("/features/1/id", Code::Id)],
    );
    expect(
        set("/features/1/id", json!("-")),
        &[("/features/1/id", Code::ReservedId)],
    );
    expect(
        set("/features/2/id", json!("search")),
        &[("/features/2/id", Code::DuplicateId)],
    );
    expect(
        set("/features/0/name", json!(" ")),
        &[("/features/0/name", Code::Name)],
    );
    expect(
        set("/features/0/owner", json!("")),
        &[("/features/0/owner", Code::Name)],
    );
    expect(
        set("/features/0/min_samples", json!(0)),
        &[("/features/0/min_samples", Code::QuorumRange)],
    );
    expect(
        set("/features/0/min_clients", json!(0)),
        &[("/features/0/min_clients", Code::QuorumRange)],
    );
    expect(
        set("/features/1/include", json!(["cache", "cache"])),
        &[("/features/1/include/1", Code::DuplicateInclude)],
    );
}

#[test]
fn objectives() {
    let latency = |value| set("/features/1/latency", value);
    let at = |target: f64| json!([{ "within": "1s", "target": target }]);
    let target = "/features/1/latency/0/target";
    for wrong in [0.0, -0.5, 1.000_001, 95.0] {
        expect(latency(at(wrong)), &[(target, Code::TargetRange)]);
    }
    expect(
        set("/features/0/availability/target", json!(99.9)),
        &[("/features/0/availability/target", Code::TargetRange)],
    );
    let within = "/features/1/latency/0/within";
    expect(
        latency(json!([{ "within": "0s", "target": 0.99 }])),
        &[(within, Code::ThresholdZero)],
    );
    expect(
        latency(json!([{ "within": "61s", "target": 0.99 }])),
        &[(within, Code::ThresholdAboveTimeout)],
    );
    expect(latency(json!([{ "within": "60s", "target": 0.99 }])), &[]);
    // The same, however it is written; another stage is another objective.
    expect(
        latency(json!([
            { "within": "1s", "target": 0.99 },
            { "within": "1000ms", "target": 0.95 },
            { "stage": "body", "within": "1s", "target": 0.99 },
        ])),
        &[("/features/1/latency/1/within", Code::DuplicateThreshold)],
    );
    expect(
        latency(json!([
            { "within": "3s", "target": 0.95 },
            { "within": "1s", "target": 0.95 },
        ])),
        &[("/features/1/latency/0", Code::ImpliedObjective)],
    );
    let five: Vec<Value> = (1..=5)
        .map(|n| json!({ "within": format!("{n}s"), "target": 0.95 + f64::from(n) / 1_000.0 }))
        .collect();
    expect(
        latency(json!(five)),
        &[("/features/1/latency", Code::TooManyObjectives)],
    );
}

#[test]
fn matches_that_fit_nothing_or_cannot_be_read() {
    let rule = |value| set("/features/1/match/0", value);
    let at = "/features/1/match/0";
    expect(rule(json!({})), &[(at, Code::EmptyMatch)]);
    for method in ["", "get", "GET "] {
        expect(
            rule(json!({ "method": method })),
            &[("/features/1/match/0/method", Code::Method)],
        );
    }
    for origin in [
        "pay.example",
        "https://Pay.example",
        "https://pay.example/",
        "https://pay.example:443",
        "https://",
        "ftp://a",
        "https://a*",
    ] {
        expect(
            rule(json!({ "origin": origin })),
            &[("/features/1/match/0/origin", Code::Origin)],
        );
    }
    for origin in [
        "*",
        "http://localhost:8080",
        "https://[::1]:8443",
        "wss://live.example",
    ] {
        expect(rule(json!({ "origin": origin })), &[]);
    }
    for path in ["", "pay", "/pay?x=1", "/a b", "/a/***", "/users/:id", "*/a"] {
        expect(
            rule(json!({ "path": path })),
            &[("/features/1/match/0/path", Code::Glob)],
        );
    }
    expect(
        rule(json!({ "graphql": "" })),
        &[("/features/1/match/0/graphql", Code::Graphql)],
    );
    let many: Vec<Value> = (0..21)
        .map(|n| json!({ "path": format!("/pay/{n}") }))
        .collect();
    expect(
        set("/features/1/match", json!(many)),
        &[("/features/1/match", Code::TooManyMatches)],
    );
}

#[test]
fn features_that_hide_each_other() {
    let last = |value| set("/features/2/match", json!([value]));
    let hidden = [("/features/2/match/0", Code::HiddenMatch)];
    expect(
        last(json!({ "method": "GET", "path": "/api/search/**" })),
        &hidden,
    );
    expect(
        last(json!({ "method": "GET", "path": "/api/search" })),
        &hidden,
    );
    expect(
        last(json!({ "method": "GET", "path": "/api/search/*/x" })),
        &hidden,
    );
    expect(
        last(json!({ "graphql": "SearchProducts", "method": "POST" })),
        &hidden,
    );
    let pay = "https://pay.example:8443";
    expect(
        last(json!({ "method": "POST", "origin": pay, "path": "/pay/7" })),
        &hidden,
    );
    // What differs anywhere is not hidden.
    for free in [
        json!({ "path": "/api/search/**" }),
        json!({ "method": "POST", "path": "/api/search/**" }),
        json!({ "method": "GET", "path": "/api/**" }),
        json!({ "method": "GET", "path": "/api/searching" }),
        json!({ "method": "GET", "path": "/api/search/**", "origin": "https://pay.example:8443" }),
        json!({ "method": "GET", "path": "/api/search/**", "origin": "*" }),
        json!({ "method": "GET" }),
        json!({ "graphql": "Cart" }),
        json!({ "method": "POST", "path": "/pay/7" }),
        json!({ "method": "POST", "origin": pay, "path": "/pay/7/8" }),
        json!({ "method": "POST", "origin": pay }),
    ] {
        expect(last(free), &[]);
    }
    // A match without an origin is for the page's own; one with a star for all of them.
    expect(set("/features/0/match/0/origin", json!("*")), &[]);
    expect(
        |document| {
            set("/features/0/match/0", json!({ "origin": "*" }))(document);
        },
        &[
            ("/features/0/match/1", Code::RedundantMatch),
            ("/features/1/match/0", Code::HiddenMatch),
        ],
    );
}

#[test]
fn templates() {
    let template = |value: &str| set("/templates/-", json!(value));
    let at = "/templates/2";
    for wrong in [
        "api/users",
        "/a?b",
        "/a/*",
        "/a//b",
        "/a/",
        "/a b",
        "/a/:",
        "/a/:i-d",
        "/a#b",
    ] {
        expect(template(wrong), &[(at, Code::Template)]);
    }
    expect(template("/"), &[]);
    expect(template("/api/users/:id"), &[(at, Code::DuplicateTemplate)]);
    expect(template("/api/users/me"), &[(at, Code::HiddenTemplate)]);
    expect(template("/api/users/:id/posts"), &[]);
    let many: Vec<String> = (0..201).map(|n| format!("/{n}")).collect();
    expect(
        set("/templates", json!(many)),
        &[("/templates", Code::TooManyTemplates)],
    );
    let large: Vec<String> = (0..190)
        .map(|n| format!("/{n}/{}", "x".repeat(150)))
        .collect();
    expect(set("/templates", json!(large)), &[("", Code::TooLarge)]);
}

fn alert(long: &str, short: &str, factor: f64) -> Value {
    json!({ "severity": "page", "long": long, "short": short, "factor": factor })
}

#[test]
fn alerts_that_can_never_fire() {
    let alerts = |value| set("/alerts", value);
    expect(alerts(json!([])), &[]);
    expect(alerts(json!([alert("1h", "5m", 14.4)])), &[]);
    // 95 % burns at 20 times its pace at most.
    let factor = "/alerts/0/factor";
    expect(
        alerts(json!([alert("1h", "5m", 20.0)])),
        &[(factor, Code::AlertNeverFires)],
    );
    expect(alerts(json!([alert("1h", "5m", 19.9)])), &[]);
    expect(
        alerts(json!([alert("1h", "5m", 0.0)])),
        &[(factor, Code::AlertFactor)],
    );
    let short = "/alerts/0/short";
    expect(
        alerts(json!([alert("1h", "1h", 2.0)])),
        &[(short, Code::AlertWindows)],
    );
    expect(
        alerts(json!([alert("1h", "5s", 2.0)])),
        &[(short, Code::AlertRange)],
    );
    expect(
        alerts(json!([alert("31d", "1d", 2.0)])),
        &[("/alerts/0/long", Code::AlertRange)],
    );
    let twice = json!([alert("1h", "5m", 14.4), alert("60m", "300s", 10.0)]);
    expect(alerts(twice), &[("/alerts/1", Code::DuplicateAlert)]);
    let many: Vec<Value> = (2..11)
        .map(|n| alert("1h", &format!("{n}m"), 2.0))
        .collect();
    expect(alerts(json!(many)), &[("/alerts", Code::TooManyAlerts)]);
}

#[test]
fn a_target_of_one_leaves_nothing_to_burn() {
    let target = "/features/1/latency/0/target";
    let one = || set("/features/1/latency/0/target", json!(1.0));
    expect(one(), &[]);
    let with = |alerts: Value| {
        move |document: &mut Value| {
            one()(document);
            set("/alerts", alerts)(document);
        }
    };
    expect(with(json!([])), &[]);
    expect(
        with(json!([alert("1h", "5m", 14.4)])),
        &[(target, Code::TargetWithoutBudget)],
    );
}

#[test]
fn usual_alerts_that_can_never_fire_are_worth_a_look() {
    let target = "/features/1/latency/0/target";
    let with = |value: f64| set("/features/1/latency/0/target", json!(value));
    expect(with(0.9306), &[]);
    expect(with(0.9305), &[(target, Code::UsualAlertNeverFires)]);
    expect(with(0.9), &[(target, Code::UsualAlertNeverFires)]);
    let mut document = good();
    with(0.5)(&mut document);
    let found = findings(&document);
    // At most twice its pace: neither 14.4, nor 6, nor 3.
    assert!(!found[0].is_error);
    for long in ["over 1h", "over 6h", "over 1d"] {
        assert!(found[0].message.contains(long), "{found:?}");
    }
    assert!(!found[0].message.contains("3d"), "{found:?}");
}

#[test]
fn pages_are_told_what_they_need() {
    let budgets = parse(&good().to_string()).unwrap();
    let rule = |method: &str, origin: &str, path: &str, graphql: &str| RequestRule {
        method: String::from(method),
        origin: String::from(origin),
        path: String::from(path),
        graphql: String::from(graphql),
    };
    let expected = Metering {
        hard_timeout_ms: 60_000,
        max_keys: 50,
        graphql_paths: vec![String::from("/graphql")],
        graphql_errors: true,
        templates: vec![
            String::from("/api/users/:id"),
            String::from("/api/orders/:id/items/:n"),
        ],
        features: vec![
            FeatureRule {
                id: String::from("search"),
                matches: vec![
                    rule("GET", "", "/api/search/**", ""),
                    rule("", "", "", "SearchProducts"),
                ],
                within: vec![Within(Stage::Headers, 300), Within(Stage::Headers, 2_000)],
                background: false,
                cache: false,
            },
            FeatureRule {
                id: String::from("checkout"),
                matches: vec![rule("POST", "https://pay.example:8443", "/pay/*", "")],
                within: vec![Within(Stage::Body, 1_000)],
                background: true,
                cache: true,
            },
            FeatureRule {
                id: String::from("report"),
                matches: vec![],
                within: vec![],
                background: false,
                cache: false,
            },
        ],
    };
    assert_eq!(compile(&budgets), expected);
    assert_eq!(compile(&Budgets::default()), Metering::default());
}
