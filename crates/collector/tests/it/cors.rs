//! Turns pages of many origins into answers that they may read, and into what they may do.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use store::Site;

use crate::world::{Answer, KEY, SHOP, World, batch_path, header_line};

const EXPOSED: &str = "Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset";
const STRANGER: &str = "https://evil.test";

async fn ask(world: &World, method: Method, path: &str, origin: Option<&str>) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(origin) = origin {
        request = request.header(header::ORIGIN, origin);
    }
    let request = request.body(Body::from(header_line(1))).unwrap();
    world.send(request).await
}

#[tokio::test]
async fn only_listed_origins_may_use_a_site() {
    let world = World::new().await;
    let config = format!("/v1/config?k={KEY}&v=1");
    let people = format!("/v1/config.json?k={KEY}");
    let survey = format!("/v1/survey/nps@1?k={KEY}");
    for path in [config, people, survey] {
        for (origin, status) in [(Some(SHOP), 200), (None, 200), (Some(STRANGER), 403)] {
            let answer = ask(&world, Method::GET, &path, origin).await;
            assert_eq!(answer.status.as_u16(), status, "{path} {origin:?}");
        }
    }
    for (origin, status) in [(Some(SHOP), 200), (None, 200), (Some("null"), 403)] {
        let answer = ask(&world, Method::POST, &batch_path(1), origin).await;
        assert_eq!(answer.status.as_u16(), status, "{origin:?}");
    }
    let answer = ask(&world, Method::POST, &batch_path(1), Some(STRANGER)).await;
    assert_eq!(answer.refusal(), (403, "origin_not_allowed"));
}

#[tokio::test]
async fn every_answer_can_be_read_by_the_page_that_asked() {
    let world = World::new().await;
    let paths = [
        (Method::POST, batch_path(1)),
        (Method::GET, format!("/v1/config?k={KEY}")),
        (Method::GET, String::from("/v1/config?k=fh_nobody_here")),
        (Method::GET, String::from("/v1/config")),
        (Method::GET, String::from("/v1/nothing")),
        (Method::DELETE, batch_path(1)),
    ];
    for (method, path) in paths {
        let answer = ask(&world, method, &path, Some(STRANGER)).await;
        let expected = [
            ("access-control-allow-origin", Some(STRANGER)),
            ("access-control-expose-headers", Some(EXPOSED)),
            ("access-control-allow-credentials", None),
            ("timing-allow-origin", Some(STRANGER)),
            ("cross-origin-resource-policy", Some("cross-origin")),
            ("cache-control", Some("no-cache")),
            ("vary", Some("Origin")),
            ("x-content-type-options", Some("nosniff")),
        ];
        for (name, value) in expected {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
    }
}

#[tokio::test]
async fn a_preflight_is_answered_all_the_same() {
    let world = World::new().await;
    let request = Request::options(batch_path(1))
        .header(header::ORIGIN, SHOP)
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "x-traced-by-host");
    let answer = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let expected = [
        ("access-control-allow-origin", SHOP),
        ("access-control-allow-methods", "GET, POST"),
        ("access-control-allow-headers", "x-traced-by-host"),
        ("access-control-max-age", "7200"),
    ];
    for (name, value) in expected {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
}

#[tokio::test]
async fn a_change_of_the_list_is_seen_within_a_second() {
    let world = World::new().await;
    let path = format!("/v1/config?k={KEY}");
    let answer = ask(&world, Method::GET, &path, Some(STRANGER)).await;
    assert_eq!(answer.status.as_u16(), 403);
    let site = Site {
        key: KEY.into(),
        project: world.project,
        origins: vec![STRANGER.into()],
    };
    world.store.put_site(site, 1).await.unwrap();
    world.pass(1_000);
    let answer = ask(&world, Method::GET, &path, Some(STRANGER)).await;
    assert_eq!(answer.status.as_u16(), 200);
}

#[tokio::test]
async fn the_console_is_for_its_own_origin() {
    let world = World::new().await;
    let answer = ask(&world, Method::GET, "/api/v1/session", Some(SHOP)).await;
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}
