//! Turns a list of files into what browsers of every kind are given.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use collector::Collector;
use collector::assets::{Asset, Assets};

use crate::world::{Answer, World};

const FILES: &[Asset] = &[
    Asset {
        path: "a/agent-01234567.wasm",
        mime: "application/wasm",
        etag: "agent",
        raw: b"raw agent",
        br: Some(b"brotli agent"),
        gz: Some(b"gzip agent"),
    },
    Asset {
        path: "a/console-01234567.js",
        mime: "text/javascript; charset=utf-8",
        etag: "console",
        raw: b"raw console",
        br: None,
        gz: None,
    },
    Asset {
        path: "index.html",
        mime: "text/html; charset=utf-8",
        etag: "index",
        raw: b"<base href=\"{{base}}\">",
        br: Some(b"stale, its base is not filled in"),
        gz: None,
    },
    Asset {
        path: "sdk.js",
        mime: "text/javascript; charset=utf-8",
        etag: "sdk",
        raw: b"raw sdk",
        br: None,
        gz: Some(b"gzip sdk"),
    },
];

async fn world() -> World {
    World::with(|collector| collector.with_assets(Assets::new(FILES, "/"))).await
}

async fn fetch(world: &World, path: &str, sent: &[(header::HeaderName, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in sent {
        request = request.header(name, *value);
    }
    world.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_best_coding_that_is_accepted_is_sent() {
    let world = world().await;
    let cases: [(&str, &[u8], Option<&str>); 13] = [
        ("", b"raw agent", None),
        ("br", b"brotli agent", Some("br")),
        ("gzip", b"gzip agent", Some("gzip")),
        ("gzip, deflate, br, zstd", b"brotli agent", Some("br")),
        ("br;q=0.5, gzip;q=0.8", b"gzip agent", Some("gzip")),
        ("BR;q=1.0", b"brotli agent", Some("br")),
        ("br;q=0, gzip;q=0", b"raw agent", None),
        ("*", b"brotli agent", Some("br")),
        ("*;q=0.1, br;q=0", b"gzip agent", Some("gzip")),
        ("identity, gzip;q=0.5", b"raw agent", None),
        ("identity;q=0, gzip;q=0.1", b"gzip agent", Some("gzip")),
        ("zstd", b"raw agent", None),
        ("br;q=nonsense", b"raw agent", None),
    ];
    for (accepted, body, coding) in cases {
        let sent = [(header::ACCEPT_ENCODING, accepted)];
        let answer = fetch(&world, "/a/agent-01234567.wasm", &sent).await;
        assert_eq!(answer.status, StatusCode::OK, "{accepted}");
        assert_eq!(answer.body, body, "{accepted}");
        assert_eq!(answer.header("content-encoding"), coding, "{accepted}");
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"), "{accepted}");
        assert_eq!(answer.header("content-type"), Some("application/wasm"));
    }
    let sent = [(header::ACCEPT_ENCODING, "br, gzip")];
    assert_eq!(fetch(&world, "/sdk.js", &sent).await.body, b"gzip sdk");
}

#[tokio::test]
async fn what_has_a_hash_in_its_name_is_fresh_for_a_year() {
    let world = world().await;
    let cases = [
        (
            "/a/agent-01234567.wasm",
            "public, max-age=31536000, immutable",
        ),
        ("/sdk.js", "public, max-age=300"),
    ];
    for (path, fresh) in cases {
        let answer = fetch(&world, path, &[]).await;
        let expected = [
            ("cache-control", fresh),
            ("access-control-allow-origin", "*"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("timing-allow-origin", "*"),
            ("x-content-type-options", "nosniff"),
        ];
        for (name, value) in expected {
            assert_eq!(answer.header(name), Some(value), "{path} {name}");
        }
    }
}

#[tokio::test]
async fn what_only_the_console_loads_is_for_no_other_page() {
    let answer = fetch(&world().await, "/a/console-01234567.js", &[]).await;
    assert_eq!(answer.body, b"raw console");
    for name in [
        "access-control-allow-origin",
        "cross-origin-resource-policy",
        "timing-allow-origin",
    ] {
        assert_eq!(answer.header(name), None, "{name}");
    }
}

#[tokio::test]
async fn an_entity_tag_belongs_to_one_coding() {
    let world = world().await;
    let gzip = [(header::ACCEPT_ENCODING, "gzip")];
    let first = fetch(&world, "/sdk.js", &gzip).await;
    let tag = first.header("etag").unwrap();
    for known in [tag, "*", &format!("\"other\", W/{tag}")] {
        let sent = [gzip[0].clone(), (header::IF_NONE_MATCH, known)];
        let again = fetch(&world, "/sdk.js", &sent).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(again.header("etag"), Some(tag));
        assert_eq!(again.header("cache-control"), Some("public, max-age=300"));
        assert_eq!(again.body, b"");
    }
    let plain = [(header::IF_NONE_MATCH, tag)];
    let plain = fetch(&world, "/sdk.js", &plain).await;
    assert_eq!(
        (plain.status, plain.body.as_slice()),
        (StatusCode::OK, &b"raw sdk"[..])
    );
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let world = world().await;
    for path in ["/sdk.js", "/a/agent-01234567.wasm", "/", "/scores"] {
        let request = Request::builder()
            .method(Method::HEAD)
            .uri(path)
            .header(header::ACCEPT, "text/html");
        let head = world.send(request.body(Body::empty()).unwrap()).await;
        let get = fetch(&world, path, &[(header::ACCEPT, "text/html")]).await;
        assert_eq!(head.status, StatusCode::OK, "{path}");
        assert_eq!(head.body, b"", "{path}");
        assert_eq!(head.header("etag"), get.header("etag"), "{path}");
        let length = get.body.len().to_string();
        assert_eq!(
            head.header("content-length"),
            Some(length.as_str()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_console_is_one_page_with_many_paths() {
    let world = world().await;
    let html = [(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")];
    for path in ["/", "/scores", "/scores/nps?days=28"] {
        let answer = fetch(&world, path, &html).await;
        assert_eq!(answer.body, b"<base href=\"/\">", "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
        assert_eq!(answer.header("content-encoding"), None);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"));
        for directive in [
            "frame-ancestors 'none'",
            "form-action 'none'",
            "object-src 'none'",
        ] {
            assert!(policy.contains(directive), "{policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        for (name, value) in [
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", ""),
        ] {
            assert_eq!(answer.header(name).unwrap_or_default(), value, "{name}");
        }
    }
    // Whatever cannot be the console is told so, and not given a page.
    for path in [
        "/favicon.ico",
        "/v1/scores",
        "/api/scores",
        "/a/none",
        "/index.html",
        "/v1",
    ] {
        let answer = fetch(&world, path, &html).await;
        assert_eq!(answer.refusal(), (404, "not_found"), "{path}");
    }
    let script = [(header::ACCEPT, "*/*")];
    assert_eq!(fetch(&world, "/scores", &script).await.status.as_u16(), 404);
}

/// What gzip made smaller, as it was.
fn inflated(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut decoder = flate2::read::GzDecoder::new(bytes);
    std::io::Read::read_to_string(&mut decoder, &mut text).unwrap();
    text
}

#[tokio::test]
async fn the_console_comes_compressed() {
    let world = world().await;
    let asked = [
        (header::ACCEPT, "text/html"),
        (header::ACCEPT_ENCODING, "br, gzip"),
    ];
    let answer = fetch(&world, "/scores", &asked).await;
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
    assert_eq!(inflated(&answer.body), "<base href=\"/\">");
    let plain = fetch(&world, "/scores", &asked[..1]).await;
    assert_ne!(plain.header("etag"), answer.header("etag"));
    let tag = answer.header("etag").unwrap();
    let again = [
        asked[0].clone(),
        asked[1].clone(),
        (header::IF_NONE_MATCH, tag),
    ];
    let again = fetch(&world, "/scores", &again).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn what_the_api_tells_is_compressed_for_whoever_accepts_that() {
    let world = world().await;
    let gzip = [(header::ACCEPT_ENCODING, "gzip")];
    let path = "/api/v1/openapi.json";
    let (plain, small) = (
        fetch(&world, path, &[]).await,
        fetch(&world, path, &gzip).await,
    );
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(small.header("content-encoding"), Some("gzip"));
    assert!(small.body.len() * 4 < plain.body.len());
    assert_eq!(inflated(&small.body).as_bytes(), plain.body);
    // Who asks matters as well as how.
    for answer in [&plain, &small] {
        let vary = answer.headers.get_all(header::VARY).iter();
        let vary: Vec<_> = vary.map(|value| value.to_str().unwrap()).collect();
        assert_eq!(vary, ["Cookie, Authorization", "accept-encoding"]);
    }
    let site = header::HeaderName::from_static("sec-fetch-site");
    for (sites, coding) in [
        ("same-origin", Some("gzip")),
        ("none", Some("gzip")),
        ("same-site", None),
        ("cross-site", None),
    ] {
        let asked = [gzip[0].clone(), (site.clone(), sites)];
        let answer = fetch(&world, path, &asked).await;
        assert_eq!(answer.header("content-encoding"), coding, "{sites}");
    }
    // Who accepts nothing is told all the same what became of it.
    let nothing = [(header::ACCEPT_ENCODING, "*;q=0")];
    let answer = fetch(&world, path, &nothing).await;
    assert_eq!((answer.status, answer.body), (StatusCode::OK, plain.body));
}

#[tokio::test]
async fn everything_moves_below_a_base_path() {
    let base = |collector: Collector| {
        collector
            .with_base_path("/tools/firsthand".parse().unwrap())
            .with_assets(Assets::new(FILES, "/tools/firsthand/"))
    };
    let world = World::with(base).await;
    let html = [(header::ACCEPT, "text/html")];
    for path in [
        "/tools/firsthand",
        "/tools/firsthand/",
        "/tools/firsthand/scores",
    ] {
        let answer = fetch(&world, path, &html).await;
        assert_eq!(answer.body, b"<base href=\"/tools/firsthand/\">", "{path}");
    }
    assert_eq!(
        fetch(&world, "/tools/firsthand/sdk.js", &[]).await.body,
        b"raw sdk"
    );
    assert_eq!(
        fetch(&world, "/tools/firsthand/healthz", &[])
            .await
            .status
            .as_u16(),
        200
    );
    for path in ["/", "/sdk.js", "/tools", "/tools/firsthandish", "/healthz"] {
        let answer = fetch(&world, path, &html).await;
        assert_eq!(answer.refusal(), (404, "not_found"), "{path}");
    }
}

#[tokio::test]
async fn without_assets_the_way_to_them_is_told() {
    let none = |collector: Collector| collector.with_assets(Assets::new(&[], "/"));
    let world = World::with(none).await;
    for path in ["/", "/sdk.js"] {
        let answer = fetch(&world, path, &[]).await;
        assert_eq!(answer.refusal(), (404, "not_found"), "{path}");
        let text = String::from_utf8(answer.body).unwrap();
        assert!(text.contains("cargo xtask build"), "{text}");
    }
}

#[tokio::test]
async fn https_is_insisted_on_where_people_come_by_it() {
    let public = "https://collector.example/".parse().unwrap();
    let world = World::with(|collector| collector.with_public_url(Some(public))).await;
    for path in ["/healthz", "/api/v1/session", "/v1/config"] {
        let answer = world.get(path).await;
        let said = answer.header("strict-transport-security");
        assert_eq!(said, Some("max-age=31536000"), "{path}");
    }
    let answer = world.get("/api/v1/session").await;
    let policy = answer.header("content-security-policy");
    assert_eq!(policy, Some("default-src 'none'; frame-ancestors 'none'"));
}
