//! Turns senders that send too often into refusals that say when to come back.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use collector::{Limits, Rate};

use crate::world::{Answer, KEY, SHOP, World, batch_path, header_line};

fn limits(per_key: Option<u32>, per_network: Option<u32>) -> Limits {
    let rate = |burst| Rate {
        per_second: 1,
        burst,
    };
    Limits {
        per_key: per_key.map(rate),
        per_network: per_network.map(rate),
        address_header: Some(header::HeaderName::from_static("x-forwarded-for")),
    }
}

async fn post(world: &World, client: &str, path: &str) -> Answer {
    let mut request = Request::post(path)
        .header(header::ORIGIN, SHOP)
        .header("x-forwarded-for", client)
        .body(Body::from(header_line(1)))
        .unwrap();
    let proxy: SocketAddr = "10.0.0.1:4000".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(proxy));
    world.send(request).await
}

#[tokio::test]
async fn a_network_that_sends_too_often_is_told_when_to_come_back() {
    let world = World::with(|c| c.with_limits(limits(None, Some(3)))).await;
    for _ in 0..3 {
        assert_eq!(
            post(&world, "203.0.113.5", &batch_path(1)).await.status,
            200
        );
    }
    let refused = post(&world, "203.0.113.200", &batch_path(1)).await;
    assert_eq!(refused.refusal(), (429, "rate_limited"));
    let expected = [
        ("retry-after", "1"),
        ("ratelimit-limit", "3"),
        ("ratelimit-remaining", "0"),
        ("ratelimit-reset", "3"),
        ("access-control-allow-origin", SHOP),
    ];
    for (name, value) in expected {
        assert_eq!(refused.header(name), Some(value), "{name}");
    }
    let exposed = refused.header("access-control-expose-headers").unwrap();
    for name in ["Retry-After", "RateLimit-Reset"] {
        assert!(exposed.contains(name), "{exposed}");
    }
    // Somebody else is let in, and so is the network itself after a second.
    assert_eq!(
        post(&world, "198.51.100.1", &batch_path(1)).await.status,
        200
    );
    world.pass(1_000);
    assert_eq!(
        post(&world, "203.0.113.5", &batch_path(1)).await.status,
        200
    );
    assert_eq!(
        post(&world, "203.0.113.5", &batch_path(1)).await.status,
        429
    );
}

#[tokio::test]
async fn a_key_that_sends_too_often_is_refused_wherever_it_comes_from() {
    let world = World::with(|c| c.with_limits(limits(Some(2), None))).await;
    for client in ["203.0.113.5", "198.51.100.1"] {
        assert_eq!(post(&world, client, &batch_path(1)).await.status, 200);
    }
    let refused = post(&world, "192.0.2.1", &batch_path(1)).await;
    assert_eq!(refused.refusal(), (429, "rate_limited"));
    // Keys that do not exist have no bucket.
    for _ in 0..5 {
        let path = batch_path(1).replace(KEY, "fh_nobody_here");
        let refused = post(&world, "192.0.2.1", &path).await;
        assert_eq!(refused.refusal(), (403, "unknown_site_key"));
    }
}

#[tokio::test]
async fn whoever_guesses_keys_is_a_network_too() {
    let world = World::with(|c| c.with_limits(limits(None, Some(2)))).await;
    let path = batch_path(1).replace(KEY, "fh_nobody_here");
    for status in [403, 403, 429] {
        assert_eq!(post(&world, "203.0.113.5", &path).await.status, status);
    }
}
