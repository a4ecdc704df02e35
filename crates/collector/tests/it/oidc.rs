//! Turns who goes to an OpenID provider, and how often, into where they are led.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use collector::settings::{OidcSecret, OidcSettings};
use collector::{Collector, Limits};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;

use crate::world::{Answer, EMAIL, World, cookie_pair};

const SECRET: &str = "a secret of provider and collector";

/// A token of the provider, signed with what both of them know.
fn signed(claims: &Value) -> String {
    let head = json!({ "alg": "HS256", "typ": "JWT" });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&head), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("{text}.{signature}")
}

/// What a provider says of the admin to whoever comes with a code.
fn token(issuer: &str, nonce: &str) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let claims = json!({
        "iss": issuer, "sub": "1", "aud": "firsthand", "nonce": nonce,
        "iat": now.as_secs(), "exp": now.as_secs() + 600,
        "email": EMAIL, "email_verified": true,
    });
    json!({ "access_token": "a", "token_type": "Bearer", "id_token": signed(&claims) })
}

/// A provider, and the nonce that it was given last.
async fn provider() -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let nonce = Arc::new(Mutex::new(String::new()));
    let about = json!({
        "issuer": issuer, "jwks_uri": format!("{issuer}/keys"),
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"), "response_types_supported": ["code"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["HS256"],
    });
    let (name, given) = (issuer.clone(), Arc::clone(&nonce));
    let token = move || {
        let told = token(&name, &given.lock().unwrap());
        async move { Json(told) }
    };
    let router = Router::new()
        .route(
            "/.well-known/openid-configuration",
            get(move || async move { Json(about) }),
        )
        .route("/keys", get(|| async { Json(json!({ "keys": [] })) }))
        .route("/token", post(token));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (issuer, nonce)
}

fn named(issuer: &str) -> OidcSettings {
    OidcSettings {
        issuer: issuer.parse().unwrap(),
        client_id: String::from("firsthand"),
        client_secret: OidcSecret(String::from(SECRET)),
        name: String::from("Shop login"),
        domains: Vec::new(),
    }
}

fn with_provider(collector: Collector, issuer: &str) -> Collector {
    let limits = Limits {
        address_header: Some(header::HeaderName::from_static("x-forwarded-for")),
        ..Limits::default()
    };
    let public = "http://collector.example".parse().unwrap();
    let collector = collector.with_limits(limits).with_public_url(Some(public));
    collector.with_oidc(Some(named(issuer)))
}

#[tokio::test]
async fn one_network_pushes_out_nobody_elses_attempts() {
    // Nobody answers there.
    let world = World::with(|it| with_provider(it, "http://127.0.0.1:9")).await;
    let begin = async |client: &str| -> Answer {
        let mut request = Request::get("/api/v1/oidc/begin")
            .header("x-forwarded-for", client)
            .body(Body::empty())
            .unwrap();
        let proxy: SocketAddr = "10.0.0.1:4000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(proxy));
        world.send(request).await
    };
    for n in 0..30 {
        let led = begin("203.0.113.5").await;
        assert_eq!(led.header("location"), Some("/#oidc=failed"), "{n}");
    }
    let refused = begin("203.0.113.5").await;
    assert_eq!(refused.refusal(), (429, "rate_limited"));
    assert_eq!(begin("198.51.100.7").await.status, 303);
    world.pass(1_000);
    assert_eq!(begin("203.0.113.5").await.status, 303);
}

/// Goes to the provider in a browser with this cookie, and comes back.
async fn sign_in(world: &World, nonce: &Mutex<String>, cookie: &str) -> Answer {
    let begun = world.get("/api/v1/oidc/begin").await;
    let to: url::Url = begun.header("location").unwrap().parse().unwrap();
    let of = |name: &str| {
        let mut pairs = to.query_pairs();
        let (_, value) = pairs.find(|(known, _)| known == name).unwrap();
        value.into_owned()
    };
    *nonce.lock().unwrap() = of("nonce");
    let path = format!("/api/v1/oidc/return?state={}&code=c", of("state"));
    let cookies = format!("{}; {cookie}", cookie_pair(&begun));
    let request = Request::get(path).header(header::COOKIE, cookies);
    world.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn whoever_signs_in_by_a_provider_is_written_down_and_leaves_no_session_behind() {
    let (issuer, nonce) = provider().await;
    let world = World::with(|it| with_provider(it, &issuer)).await;
    let before = world.sign_in().await;
    let deeds = async || {
        let all = world.deeds().await.into_iter();
        let told = all.filter(|deed| deed.contains("OpenID"));
        told.collect::<Vec<_>>()
    };
    assert_eq!(deeds().await, Vec::<String>::new());
    let led = sign_in(&world, &nonce, &before).await;
    assert_eq!(led.header("location"), Some("/"), "{led:?}");
    let now = cookie_pair(&led);
    let whoami = async |cookie: &str| {
        let answer = world.ask_as(cookie, "GET", "/session", &Value::Null).await;
        answer.status.as_u16()
    };
    assert_eq!((whoami(&now).await, whoami(&before).await), (200, 401));
    let begin = format!("session {EMAIL}: session.begin {EMAIL} by OpenID");
    let tie = format!("none {EMAIL}: identity.tie {EMAIL} by OpenID");
    assert_eq!(deeds().await, [begin.clone(), tie.clone()]);
    sign_in(&world, &nonce, &now).await;
    assert_eq!(deeds().await, [begin.clone(), begin, tie]);
}
