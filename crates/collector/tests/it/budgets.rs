//! Turns documents of budgets into what pages are told, and mistakes into findings.

use axum::body::Body;
use axum::http::{Request, header};
use protocol::budget::Stage;
use protocol::config::Config;
use protocol::latency::Within;
use protocol::query::Refused;
use protocol::query::performance::{BudgetsEntry, Maintenance, MaintenanceList, PublishedBudgets};
use serde_json::{Value, json};

use crate::world::{Answer, KEY, T0, World};

/// Budgets of one feature, `search`.
pub(crate) fn search() -> Value {
    json!({
        "v": 1, "timezone": "Europe/Berlin",
        "features": [{
            "id": "search", "name": "Search", "owner": "pm-a",
            "match": [{ "method": "GET", "path": "/api/search/**" }],
            "latency": [{ "within": "300ms", "target": 0.95 }],
            "availability": { "target": 0.999 },
        }],
        "templates": ["/api/users/:id"],
    })
}

impl World {
    /// Asks for a change as somebody who is signed in, from the console's own page.
    pub(crate) async fn change(&self, method: &str, path: &str, body: &Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, self.sign_in().await)
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body.to_string()));
        self.send(request.unwrap()).await
    }

    /// Puts budgets in force.
    pub(crate) async fn promise(&self, budgets: &Value) -> PublishedBudgets {
        let answer = self.change("PUT", "/api/v1/budgets", budgets).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }
}

#[tokio::test]
async fn budgets_are_versions_and_reach_pages_within_a_second() {
    let world = World::new().await;
    let none: BudgetsEntry = world.ask("/api/v1/budgets").await;
    assert_eq!((none.version, none.budgets.features.len()), (0, 0));
    let config = format!("/v1/config.json?k={KEY}");
    let before: Config = world.get(&config).await.json();
    assert_eq!(before.metering, protocol::config::Metering::default());

    let first = world.promise(&search()).await;
    assert_eq!((first.version, first.is_new), (1, true));
    let same = world.promise(&search()).await;
    assert_eq!((same.version, same.is_new), (1, false));
    world.pass(1_001);
    let after: Config = world.get(&config).await.json();
    let feature = &after.metering.features[0];
    assert_eq!(feature.id, "search");
    assert_eq!(feature.within, [Within(Stage::Headers, 300)]);
    assert_eq!(feature.matches[0].path, "/api/search/**");
    assert_eq!(after.metering.templates, ["/api/users/:id"]);
    let bytes = world.get(&format!("/v1/config?k={KEY}")).await;
    assert_eq!(postcard::from_bytes::<Config>(&bytes.body).unwrap(), after);

    let kept: BudgetsEntry = world.ask("/api/v1/budgets").await;
    assert_eq!((kept.version, kept.published_ms), (1, T0));
    assert_eq!(kept.budgets, serde_json::from_value(search()).unwrap());
}

/// Has the document changed, and expects a finding at this place.
async fn check(change: impl FnOnce(&mut Value), pointer: &str) {
    let world = World::new().await;
    let mut budgets = search();
    change(&mut budgets);
    let answer = world.change("PUT", "/api/v1/budgets", &budgets).await;
    assert_eq!(answer.refusal(), (422, "invalid_budgets"), "{answer:?}");
    let refused: Refused = answer.json();
    let mut errors = refused.findings.iter().filter(|finding| finding.is_error);
    assert!(
        errors.any(|finding| finding.pointer == pointer && !finding.message.is_empty()),
        "{pointer}: {refused:?}"
    );
    let kept: BudgetsEntry = world.ask("/api/v1/budgets").await;
    assert_eq!(kept.version, 0);
}

#[tokio::test]
async fn a_mistake_is_refused_with_its_place() {
    check(|b| b["timezone"] = json!("Mars/Olympus"), "/timezone").await;
    let target = "/features/0/latency/0/target";
    check(
        |b| b["features"][0]["latency"][0]["target"] = json!(1.5),
        target,
    )
    .await;
    // An unknown key, a burn alert on a promise that leaves no budget, one that can never fire.
    check(|b| b["windw"] = json!("7d"), "/windw").await;
    let page = json!([{ "severity": "page", "long": "1h", "short": "5m", "factor": 14.4 }]);
    let with_alert = |target: f64| {
        let page = page.clone();
        move |b: &mut Value| {
            b["alerts"] = page;
            b["features"][0]["latency"][0]["target"] = json!(target);
        }
    };
    check(with_alert(1.0), "/features/0/latency/0/target").await;
    check(with_alert(0.9), "/alerts/0/factor").await;
}

#[tokio::test]
async fn only_the_consoles_own_page_may_change_something() {
    let world = World::new().await;
    let cookie = world.sign_in().await;
    for (method, path) in [
        ("PUT", "/api/v1/budgets"),
        ("POST", "/api/v1/maintenance"),
        ("DELETE", "/api/v1/maintenance/1"),
    ] {
        let request = |cookie: &str, site: &str| {
            let request = Request::builder().method(method).uri(path);
            let request = request.header(header::COOKIE, cookie);
            let request = request.header("sec-fetch-site", site);
            request.body(Body::from(search().to_string())).unwrap()
        };
        let foreign = world.send(request(&cookie, "cross-site")).await;
        assert_eq!(foreign.refusal(), (403, "cross_origin"), "{method} {path}");
        let stranger = world.send(request("", "same-origin")).await;
        assert_eq!(
            stranger.refusal(),
            (401, "not_signed_in"),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn times_are_announced_and_withdrawn() {
    let world = World::new().await;
    let new = |from_ms: u64, to_ms: u64| json!({ "from_ms": from_ms, "to_ms": to_ms });
    let path = "/api/v1/maintenance";
    let list = world.change("POST", path, &new(T0 + 1, T0 + 2)).await;
    let list: MaintenanceList = list.json();
    let expected = Maintenance {
        id: list.items[0].id,
        from_ms: T0 + 1,
        to_ms: T0 + 2,
        feature: None,
        note: String::new(),
    };
    assert_eq!(list.items, [expected]);
    assert_eq!(world.ask::<MaintenanceList>(path).await, list);
    let one = format!("{path}/{}", list.items[0].id);
    let withdraw = || world.change("DELETE", &one, &Value::Null);
    assert_eq!(withdraw().await.status, 204);
    assert_eq!(withdraw().await.refusal(), (404, "not_found"));
    assert!(world.ask::<MaintenanceList>(path).await.items.is_empty());
    for wrong in [
        new(T0, T0),
        new(T0, T0 + 32 * 86_400_000),
        new(T0 + 400 * 86_400_000, T0 + 401 * 86_400_000),
        json!({ "from_ms": 1, "to_ms": 2, "feature": "No Slug" }),
        json!({ "from_ms": 1, "to_ms": 2, "note": "x".repeat(1_001) }),
    ] {
        let refused = world.change("POST", path, &wrong).await;
        assert_eq!(refused.refusal(), (400, "invalid_parameter"), "{wrong}");
    }
    let refused = world.change("POST", path, &json!({ "from_ms": 1 })).await;
    assert_eq!(refused.refusal(), (400, "unreadable_body"));
}
