//! Turns the door of the console, and whoever stands before it, into tests.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use collector::Collector;
use protocol::query::Session;

use crate::world::{Answer, EMAIL, PASSWORD, World, cookie_pair, sign_in};

const DAY: u64 = 86_400_000;

async fn whoami(world: &World, cookie: &str) -> Answer {
    let request = Request::get("/api/v1/session").header(header::COOKIE, cookie);
    world.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_right_password_opens_the_door() {
    let world = World::new().await;
    let answer = world
        .send(sign_in("DEMO@firsthand.Example ", PASSWORD))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    let session: Session = answer.json();
    assert_eq!(
        (session.email.as_str(), session.project.as_str()),
        (EMAIL, "Shop")
    );
    assert_eq!(session.sites.len(), 1);
    assert_eq!(session.surveys[0].id, "nps");
    let question = session.surveys[0].nps_question.as_ref().unwrap();
    assert_eq!(question.0, "score");
    let again = whoami(&world, &cookie_pair(&answer)).await;
    assert_eq!(again.json::<Session>(), session);
}

#[tokio::test]
async fn the_cookie_is_for_the_browser_alone() {
    let world = World::new().await;
    let answer = world.send(sign_in(EMAIL, PASSWORD)).await;
    let cookie = answer.header("set-cookie").unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(
        attributes,
        "Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"
    );
    let (name, token) = pair.split_once('=').unwrap();
    assert_eq!((name, token.len()), ("firsthand_session", 64));
    // Behind a proxy that speaks https.
    let mut request = sign_in(EMAIL, PASSWORD);
    let proto = header::HeaderValue::from_static("https");
    request.headers_mut().insert("x-forwarded-proto", proto);
    let answer = world.send(request).await;
    assert!(answer.header("set-cookie").unwrap().ends_with("; Secure"));
}

#[tokio::test]
async fn a_public_url_stands_in_for_what_a_proxy_hides() {
    let public = "https://collector.example/firsthand".parse().unwrap();
    let change = |collector: Collector| {
        collector
            .with_base_path("/firsthand".parse().unwrap())
            .with_public_url(Some(public))
    };
    let world = World::with(change).await;
    let mut request = sign_in(EMAIL, PASSWORD);
    *request.uri_mut() = "/firsthand/api/v1/session".parse().unwrap();
    let headers = request.headers_mut();
    headers.insert(
        header::HOST,
        header::HeaderValue::from_static("10.0.0.7:8787"),
    );
    let origin = header::HeaderValue::from_static("https://collector.example");
    headers.insert(header::ORIGIN, origin);
    let answer = world.send(request).await;
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.contains("; Path=/firsthand/; "), "{cookie}");
    assert!(cookie.ends_with("; Secure"), "{cookie}");
}

#[tokio::test]
async fn nobody_learns_whether_an_address_exists() {
    let world = World::new().await;
    let wrong = world.send(sign_in(EMAIL, "wrong-password")).await;
    let nobody = world
        .send(sign_in("nobody@firsthand.example", PASSWORD))
        .await;
    assert_eq!(wrong.refusal(), (401, "wrong_credentials"));
    assert_eq!(wrong.body, nobody.body);
    assert_eq!(wrong.header("set-cookie"), None);
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let world = World::new().await;
    for _ in 0..5 {
        let answer = world.send(sign_in(EMAIL, "wrong-password")).await;
        assert_eq!(answer.refusal(), (401, "wrong_credentials"));
    }
    let answer = world.send(sign_in(EMAIL, PASSWORD)).await;
    assert_eq!(answer.refusal(), (429, "too_many_attempts"));
    assert_eq!(answer.header("retry-after"), Some("1"));
    world.pass(1_000);
    let answer = world.send(sign_in(EMAIL, PASSWORD)).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn what_we_could_not_check_is_no_guess() {
    let world = World::new().await;
    world.tamper("ALTER TABLE person RENAME TO elsewhere");
    for _ in 0..6 {
        let answer = world.send(sign_in(EMAIL, PASSWORD)).await;
        assert_eq!(answer.refusal(), (503, "overloaded"));
    }
    world.tamper("ALTER TABLE elsewhere RENAME TO person");
    let answer = world.send(sign_in(EMAIL, PASSWORD)).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn another_page_cannot_sign_anybody_in_or_out() {
    let world = World::new().await;
    let cookie = world.sign_in().await;
    let evil = header::HeaderValue::from_static("https://evil.test");
    let mut request = sign_in(EMAIL, PASSWORD);
    request.headers_mut().insert(header::ORIGIN, evil.clone());
    let answer = world.send(request).await;
    assert_eq!(answer.refusal(), (403, "cross_origin"));
    let request = Request::delete("/api/v1/session")
        .header(header::COOKIE, &cookie)
        .header(header::HOST, "collector.example")
        .header(header::ORIGIN, evil);
    let answer = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.refusal(), (403, "cross_origin"));
    assert_eq!(whoami(&world, &cookie).await.status, StatusCode::OK);
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let world = World::new().await;
    let cookie = world.sign_in().await;
    let request = Request::delete("/api/v1/session").header(header::COOKIE, &cookie);
    let answer = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    let after = whoami(&world, &cookie).await;
    assert_eq!(after.refusal(), (401, "not_signed_in"));
}

#[tokio::test]
async fn a_session_lasts_thirty_days_after_its_last_use_and_ninety_in_all() {
    let world = World::new().await;
    let cookie = world.sign_in().await;
    // Within a day nothing is written.
    world.pass(DAY - 1);
    assert_eq!(whoami(&world, &cookie).await.header("set-cookie"), None);
    world.pass(28 * DAY);
    let used = whoami(&world, &cookie).await;
    assert_eq!(cookie_pair(&used), cookie);
    for _ in 0..2 {
        world.pass(29 * DAY);
        assert_eq!(whoami(&world, &cookie).await.status, StatusCode::OK);
    }
    world.pass(4 * DAY);
    assert_eq!(whoami(&world, &cookie).await.refusal().0, 401);
    let idle = world.sign_in().await;
    world.pass(30 * DAY);
    assert_eq!(whoami(&world, &idle).await.refusal().0, 401);
}

#[tokio::test]
async fn the_console_answers_nobody_without_a_session() {
    let world = World::new().await;
    let paths = [
        "/api/v1/session",
        "/api/v1/scores/nps?survey=nps",
        "/api/v1/comments?survey=nps",
    ];
    for path in paths {
        for cookie in ["", "firsthand_session=", "firsthand_session=abc", "other=1"] {
            let request = Request::get(path).header(header::COOKIE, cookie);
            let answer = world.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.refusal(), (401, "not_signed_in"), "{path} {cookie}");
        }
    }
}

#[tokio::test]
async fn what_is_no_sign_in_is_refused_without_being_repeated() {
    let world = World::new().await;
    for text in [
        "",
        "{}",
        "null",
        r#"{"email":"a@b.c","password":7,"x":"s3cret"}"#,
    ] {
        let request = Request::post("/api/v1/session")
            .body(Body::from(text))
            .unwrap();
        let answer = world.send(request).await;
        assert_eq!(answer.refusal(), (400, "unreadable_body"), "{text}");
        assert!(!String::from_utf8(answer.body).unwrap().contains("s3cret"));
    }
    let long = "x".repeat(1 << 20);
    let answer = world.send(sign_in(EMAIL, &long)).await;
    assert_eq!(answer.status.as_u16(), 400);
}

/// A sign-in from this address, as a connection of its own would bring it.
fn from(peer: &str, email: &str, password: &str) -> Request<Body> {
    let mut request = sign_in(email, password);
    let peer: std::net::SocketAddr = peer.parse().unwrap();
    request
        .extensions_mut()
        .insert(axum::extract::ConnectInfo(peer));
    request
}

/// An attacker with one network guesses as fast as the door lets them, for a day.
#[tokio::test]
async fn brute_force_gets_nowhere_and_the_owner_gets_in() {
    let world = World::new().await;
    let owner = "198.51.100.7:1000";
    assert_eq!(
        world.send(from(owner, EMAIL, PASSWORD)).await.status,
        StatusCode::OK
    );
    let (mut checked, mut waited_s) = (0, 0);
    while waited_s < 86_400 {
        let answer = world.send(from("203.0.113.9:1000", EMAIL, "a guess")).await;
        if answer.status == 401 {
            checked += 1;
            continue;
        }
        assert_eq!(answer.refusal(), (429, "too_many_attempts"));
        let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        waited_s += seconds;
        world.pass(seconds * 1000);
    }
    // Five, ten while pauses double, and four an hour: a thousand years for 40 million guesses.
    assert!((90..=120).contains(&checked), "{checked}");
    assert_eq!(
        world.send(from(owner, EMAIL, PASSWORD)).await.status,
        StatusCode::OK
    );
    // Whoever else is in the attacker's network waits with them for that address.
    let guess = world.send(from("203.0.113.9:1000", EMAIL, "a guess")).await;
    assert_eq!(guess.status, StatusCode::UNAUTHORIZED);
    let answer = world.send(from("203.0.113.250:1", EMAIL, PASSWORD)).await;
    assert_eq!(answer.refusal(), (429, "too_many_attempts"));
}
