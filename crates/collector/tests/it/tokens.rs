//! Turns what programs may do with a token, and what is noted of everybody, into tests.

use axum::body::Body;
use axum::http::{Request, header};
use collector::{ConsoleRoute, Need, console_routes};
use protocol::query::access::{Audit, MadeToken, Role, Scope, Tokens};
use serde_json::{Value, json};

use crate::budgets::search;
use crate::world::{Answer, EMAIL, World};

const DAY: u64 = 86_400_000;

impl World {
    pub(crate) async fn token(&self, role: Role, scopes: &[Scope]) -> MadeToken {
        let cookie = self.sign_in().await;
        let body = json!({ "name": "dashboard", "role": role, "scopes": scopes, "days": 30 });
        let answer = self.ask_as(&cookie, "POST", "/tokens", &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    async fn with_token(&self, secret: &str, method: &str, path: &str, body: &Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {secret}"))
            .body(Body::from(body.to_string()));
        self.send(request.unwrap()).await
    }
}

#[tokio::test]
async fn a_token_is_told_once_and_kept_as_a_hash() {
    let world = World::new().await;
    let made = world.token(Role::Viewer, &[Scope::Answers]).await;
    assert_eq!(made.secret.len(), "fh_token_".len() + 64);
    assert!(made.secret.starts_with(&made.token.prefix));
    let list = world.fetch("/api/v1/tokens").await;
    assert!(!String::from_utf8_lossy(&list.body).contains(&made.secret));
    let list: Tokens = list.json();
    assert_eq!(list.items, [made.token]);
    world.store.probe(1).await.unwrap();
    let db = world.db();
    let n: u32 = db
        .query_row("SELECT count(*) FROM api_token WHERE instr(hex(token_hash), upper(?1)) > 0 OR prefix = ?1", [&made.secret], |row| row.get(0))
        .unwrap();
    assert_eq!(n, 0);
    assert!(!world.deeds().await.join("\n").contains(&made.secret));
}

fn allowed(route: &ConsoleRoute, role: Role, scope: Scope) -> bool {
    match route.need {
        Need::Anyone => true,
        Need::Person(_) => false,
        Need::Scoped(least, needed) => role >= least && scope == needed,
    }
}

#[tokio::test]
async fn a_token_does_what_its_role_and_scope_say_and_no_more() {
    for role in Role::ALL {
        for scope in Scope::ALL {
            let world = World::new().await;
            let made = world.token(role, &[scope]).await;
            for route in console_routes() {
                // From any page, and with nobody's cookie.
                let request = Request::builder()
                    .method(route.method.clone())
                    .uri(route.path.replace("{id}", "7"))
                    .header(header::AUTHORIZATION, format!("Bearer {}", made.secret))
                    .body(Body::empty());
                let answer = world.send(request.unwrap()).await;
                if allowed(&route, role, scope) {
                    assert!(
                        ![401, 403].contains(&answer.status.as_u16()),
                        "{role} {scope} {route:?} {answer:?}"
                    );
                } else {
                    assert_eq!(
                        answer.refusal(),
                        (403, "forbidden"),
                        "{role} {scope} {route:?}"
                    );
                }
                assert!(
                    answer
                        .header("set-cookie")
                        .is_none_or(|cookie| cookie.contains("Max-Age=0")),
                    "{route:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_token_works_until_it_ends_or_is_revoked() {
    let world = World::new().await;
    let made = world.token(Role::Manager, &[Scope::Performance]).await;
    let put = async |secret: &str| {
        world
            .with_token(secret, "PUT", "/api/v1/budgets", &search())
            .await
    };
    assert_eq!(put(&made.secret).await.status, 200);
    assert!(
        world.deeds().await[0].starts_with("token dashboard: budgets.publish budgets version 1")
    );
    let list: Tokens = world.ask("/api/v1/tokens").await;
    assert_eq!(list.items[0].used_ms, Some(world.now()));
    for wrong in ["fh_token_", "fh_token_0", &format!("{}0", made.secret)] {
        assert_eq!(
            put(wrong).await.refusal(),
            (401, "not_signed_in"),
            "{wrong}"
        );
    }
    world.pass(30 * DAY - 1);
    assert_eq!(put(&made.secret).await.status, 200);
    world.pass(1);
    assert_eq!(put(&made.secret).await.refusal(), (401, "not_signed_in"));

    let second = world.token(Role::Manager, &[Scope::Performance]).await;
    let path = format!("/tokens/{}", second.token.id);
    let admin = world.sign_in().await;
    assert_eq!(
        world
            .ask_as(&admin, "DELETE", &path, &Value::Null)
            .await
            .status,
        204
    );
    assert_eq!(
        world
            .ask_as(&admin, "DELETE", &path, &Value::Null)
            .await
            .refusal(),
        (404, "not_found")
    );
    assert_eq!(put(&second.secret).await.refusal(), (401, "not_signed_in"));
}

#[tokio::test]
async fn a_token_is_used_so_often_and_no_more() {
    let world = World::new().await;
    let made = world.token(Role::Viewer, &[Scope::Surveys]).await;
    let get = async || {
        world
            .with_token(&made.secret, "GET", "/api/v1/surveys", &Value::Null)
            .await
    };
    for n in 0..60 {
        assert_eq!(get().await.status, 200, "{n}");
    }
    let answer = get().await;
    assert_eq!(answer.refusal(), (429, "rate_limited"));
    assert_eq!(answer.header("retry-after"), Some("1"));
    world.pass(1_000);
    assert_eq!(get().await.status, 200);
}

#[tokio::test]
async fn somebody_elses_bearer_does_not_hide_a_cookie() {
    let world = World::new().await;
    let cookie = world.sign_in().await;
    let get = |token: &str| {
        let request = Request::get("/api/v1/session")
            .header(header::COOKIE, &cookie)
            .header(header::AUTHORIZATION, token);
        request.body(Body::empty()).unwrap()
    };
    for foreign in ["Bearer eyJhbGciOi.x.y", "Basic YTpi"] {
        assert_eq!(world.send(get(foreign)).await.status, 200, "{foreign}");
    }
    // Nor does such a header make a write of another page one of ours.
    let request = Request::put("/api/v1/budgets")
        .header(header::COOKIE, &cookie)
        .header(header::AUTHORIZATION, "Bearer eyJhbGciOi.x.y")
        .header("sec-fetch-site", "cross-site")
        .body(Body::empty());
    assert_eq!(
        world.send(request.unwrap()).await.refusal(),
        (403, "cross_origin")
    );
}

#[tokio::test]
async fn a_token_that_could_do_nothing_or_too_long_is_refused() {
    let world = World::new().await;
    let cookie = world.sign_in().await;
    let long = "x".repeat(101);
    for (name, scopes, days) in [
        ("", json!(["answers"]), 1),
        (long.as_str(), json!(["answers"]), 1),
        ("a", json!([]), 1),
        ("a", json!(["answers"]), 0),
        ("a", json!(["answers"]), 3_661),
    ] {
        let body = json!({ "name": name, "role": "viewer", "scopes": scopes, "days": days });
        let answer = world.ask_as(&cookie, "POST", "/tokens", &body).await;
        assert_eq!(answer.refusal(), (400, "invalid_parameter"), "{body}");
    }
}

#[tokio::test]
async fn the_audit_log_is_read_page_by_page() {
    let world = World::new().await;
    let cookie = world.sign_in().await;
    for n in 1..=3 {
        let mut budgets = search();
        budgets["features"][0]["name"] = json!(format!("Search {n}"));
        let answer = world.ask_as(&cookie, "PUT", "/budgets", &budgets).await;
        assert_eq!(answer.status, 200);
        // The same again is no change.
        world.ask_as(&cookie, "PUT", "/budgets", &budgets).await;
    }
    let page = async |query: &str| -> Audit {
        world
            .ask_as(&cookie, "GET", &format!("/audit{query}"), &Value::Null)
            .await
            .json()
    };
    let first = page("?limit=2").await;
    let told: Vec<_> = first
        .items
        .iter()
        .map(|line| (line.action.as_str(), line.detail.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("budgets.publish", "version 3"),
            ("budgets.publish", "version 2")
        ]
    );
    assert_eq!(
        (first.items[0].actor.as_str(), first.items[0].at_ms),
        (EMAIL, world.now())
    );
    let rest = page(&format!("?limit=200&after={}", first.next.unwrap())).await;
    let told: Vec<_> = rest.items.iter().map(|line| line.action.as_str()).collect();
    assert_eq!(told, ["budgets.publish", "session.begin"]);
    assert_eq!(rest.next, None);
    for query in ["?limit=0", "?limit=201", "?after=x"] {
        let answer = world
            .ask_as(&cookie, "GET", &format!("/audit{query}"), &Value::Null)
            .await;
        assert_eq!(answer.refusal(), (400, "invalid_parameter"), "{query}");
    }
}
