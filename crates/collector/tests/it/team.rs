//! Turns what admins decide about people, and people about their passwords, into tests.

use axum::body::Body;
use axum::http::{Request, header};
use protocol::query::Session;
use protocol::query::access::{Invited, People, Role, Sessions};
use serde_json::{Value, json};

use crate::world::{Answer, EMAIL, PASSWORD, World, cookie_pair, sign_in};

impl World {
    /// Asks as whoever has this cookie, from the console's own page.
    pub(crate) async fn ask_as(
        &self,
        cookie: &str,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Answer {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    /// What the audit log says was done, the newest first: credential, actor, action, target, detail.
    pub(crate) async fn deeds(&self) -> Vec<String> {
        let log = self
            .store
            .audit_log(self.project, None, 1_000)
            .await
            .unwrap();
        let line = |(_, entry): (u64, store::AuditEntry)| {
            let credential = entry.credential.as_str();
            let store::AuditEntry {
                actor,
                action,
                target,
                detail,
                ..
            } = entry;
            format!("{credential} {actor}: {action} {target} {detail}")
        };
        log.into_iter().map(line).collect()
    }
}

async fn is_signed_in(world: &World, cookie: &str) -> bool {
    world
        .ask_as(cookie, "GET", "/session", &Value::Null)
        .await
        .status
        == 200
}

async fn invite(world: &World, admin: &str, email: &str, role: &str) -> Invited {
    let body = json!({ "email": email, "role": role });
    let answer = world.ask_as(admin, "POST", "/team", &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

async fn choose(world: &World, link: &Invited, password: &str) -> Answer {
    let secret = link.link.strip_prefix("/password#").unwrap();
    let body = json!({ "link": secret, "password": password });
    world.ask_as("", "POST", "/password-link", &body).await
}

#[tokio::test]
async fn an_invitation_lets_somebody_in_once() {
    let world = World::new().await;
    let admin = world.sign_in().await;
    let link = invite(&world, &admin, " Eve@Firsthand.example ", "responder").await;
    let before = world.send(sign_in("eve@firsthand.example", "")).await;
    assert_eq!(
        before.refusal(),
        (401, "wrong_credentials"),
        "no password is no password"
    );

    assert_eq!(
        choose(&world, &link, "short").await.refusal(),
        (400, "invalid_parameter")
    );
    assert_eq!(choose(&world, &link, "a long password").await.status, 204);
    assert_eq!(
        choose(&world, &link, "another password").await.refusal(),
        (410, "link_expired")
    );
    let door = world
        .send(sign_in("eve@firsthand.example", "a long password"))
        .await;
    assert_eq!(door.json::<Session>().role, Role::Responder);

    let taken = json!({ "email": "eve@firsthand.example", "role": "admin" });
    let answer = world.ask_as(&admin, "POST", "/team", &taken).await;
    assert_eq!(answer.refusal(), (409, "address_taken"));
    for email in [
        "",
        "eve",
        "eve@",
        "@example.com",
        "e ve@example.com",
        "e\nve@example.com",
    ] {
        let body = json!({ "email": email, "role": "viewer" });
        let answer = world.ask_as(&admin, "POST", "/team", &body).await;
        assert_eq!(answer.refusal(), (400, "invalid_parameter"), "{email:?}");
    }
    let body = json!({ "email": "bob@example.com", "role": "owner" });
    let answer = world.ask_as(&admin, "POST", "/team", &body).await;
    assert_eq!(answer.refusal(), (400, "unreadable_body"));

    let people: People = world.ask("/api/v1/team").await;
    let told: Vec<_> = people
        .items
        .iter()
        .map(|p| (p.email.as_str(), p.role, p.has_password))
        .collect();
    assert_eq!(
        told,
        [
            (EMAIL, Role::Admin, true),
            ("eve@firsthand.example", Role::Responder, true)
        ]
    );
    let deeds = world.deeds().await.join("\n");
    assert!(
        deeds.contains("link eve@firsthand.example: password.change eve@"),
        "{deeds}"
    );
    assert!(
        deeds.contains(&format!(
            "session {EMAIL}: person.invite eve@firsthand.example role responder"
        )),
        "{deeds}"
    );
}

#[tokio::test]
async fn a_link_ends_and_is_replaced() {
    let world = World::new().await;
    let admin = world.sign_in().await;
    let first = invite(&world, &admin, "eve@example.com", "viewer").await;
    let path = format!("/team/{}/password-link", first.id);
    let second: Invited = world
        .ask_as(&admin, "POST", &path, &Value::Null)
        .await
        .json();
    assert_eq!(
        choose(&world, &first, "a long password").await.refusal(),
        (410, "link_expired")
    );
    world.pass(3 * 86_400_000);
    assert_eq!(
        choose(&world, &second, "a long password").await.refusal(),
        (410, "link_expired")
    );
    // The secret is told once, and what is kept is another.
    let secret = second.link.split('#').nth(1).unwrap().to_owned();
    assert!(!world.deeds().await.join("\n").contains(&secret));
    let kept: Vec<u8> = world
        .db()
        .query_row("SELECT token_hash FROM password_link", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept.len(), 32);
    assert_ne!(kept, secret.as_bytes());
}

#[tokio::test]
async fn a_reset_ends_every_session_when_it_is_used() {
    let world = World::new().await;
    let admin = world.sign_in().await;
    let eve = world.sign_in_as(Role::Viewer).await;
    let people: People = world.ask("/api/v1/team").await;
    let id = people
        .items
        .iter()
        .find(|p| p.role == Role::Viewer)
        .unwrap()
        .id;
    let path = format!("/team/{id}/password-link");
    let link: Invited = world
        .ask_as(&admin, "POST", &path, &Value::Null)
        .await
        .json();
    assert!(is_signed_in(&world, &eve).await);
    assert_eq!(choose(&world, &link, "a long password").await.status, 204);
    assert!(!is_signed_in(&world, &eve).await);
    let old = world
        .send(sign_in("viewer@firsthand.example", PASSWORD))
        .await;
    assert_eq!(old.refusal(), (401, "wrong_credentials"));
}

#[tokio::test]
async fn another_role_counts_at_once_and_ends_sessions() {
    let world = World::new().await;
    let admin = world.sign_in().await;
    let eve = world.sign_in_as(Role::Manager).await;
    let people: People = world.ask("/api/v1/team").await;
    let id = |role| people.items.iter().find(|p| p.role == role).unwrap().id;
    let change = async |id: i64, role: &str| {
        let body = json!({ "role": role });
        world
            .ask_as(&admin, "PUT", &format!("/team/{id}/role"), &body)
            .await
    };
    assert_eq!(change(id(Role::Manager), "viewer").await.status, 204);
    assert!(!is_signed_in(&world, &eve).await);
    let again = world
        .send(sign_in("manager@firsthand.example", PASSWORD))
        .await;
    let refused = world
        .ask_as(&cookie_pair(&again), "PUT", "/budgets", &json!({ "v": 1 }))
        .await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
    assert_eq!(
        change(id(Role::Admin), "manager").await.refusal(),
        (409, "last_admin")
    );
    assert_eq!(change(999, "viewer").await.refusal(), (404, "not_found"));
    let deeds = world.deeds().await.join("\n");
    assert!(
        deeds.contains("person.role manager@firsthand.example manager to viewer"),
        "{deeds}"
    );
}

#[tokio::test]
async fn whoever_is_removed_is_out_and_the_last_admin_stays() {
    let world = World::new().await;
    let admin = world.sign_in().await;
    let eve = world.sign_in_as(Role::Admin).await;
    let people: People = world.ask("/api/v1/team").await;
    let id = |email: &str| people.items.iter().find(|p| p.email == email).unwrap().id;
    let remove = async |id: i64| {
        world
            .ask_as(&admin, "DELETE", &format!("/team/{id}"), &Value::Null)
            .await
    };
    assert_eq!(remove(id("admin@firsthand.example")).await.status, 204);
    assert!(!is_signed_in(&world, &eve).await);
    assert_eq!(remove(id(EMAIL)).await.refusal(), (409, "last_admin"));
    assert!(is_signed_in(&world, &admin).await);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_rotates_this_one() {
    let world = World::new().await;
    let (one, two) = (world.sign_in().await, world.sign_in().await);
    assert_ne!(one, two);
    let change = async |current: &str, new: &str| {
        let body = json!({ "current": current, "new": new });
        world.ask_as(&one, "PUT", "/password", &body).await
    };
    assert_eq!(
        change("wrong-password", "a long password").await.refusal(),
        (401, "wrong_credentials")
    );
    assert_eq!(
        change(PASSWORD, "short").await.refusal(),
        (400, "invalid_parameter")
    );
    assert!(is_signed_in(&world, &two).await);
    let changed = change(PASSWORD, "a long password").await;
    assert_eq!(changed.status, 204, "{changed:?}");
    assert!(!is_signed_in(&world, &one).await);
    assert!(!is_signed_in(&world, &two).await);
    let three = cookie_pair(&changed);
    assert!(is_signed_in(&world, &three).await);
    assert!(
        changed
            .header("set-cookie")
            .unwrap()
            .contains("HttpOnly; SameSite=Lax")
    );
    assert_eq!(
        world.send(sign_in(EMAIL, "a long password")).await.status,
        200
    );
    assert_eq!(world.send(sign_in(EMAIL, PASSWORD)).await.status, 401);
}

#[tokio::test]
async fn an_open_browser_is_no_place_to_guess_passwords() {
    let world = World::new().await;
    let cookie = world.sign_in().await;
    for _ in 0..5 {
        let body = json!({ "current": "wrong-password", "new": "a long password" });
        let answer = world.ask_as(&cookie, "PUT", "/password", &body).await;
        assert_eq!(answer.refusal(), (401, "wrong_credentials"));
    }
    let body = json!({ "current": PASSWORD, "new": "a long password" });
    let answer = world.ask_as(&cookie, "PUT", "/password", &body).await;
    assert_eq!(answer.refusal(), (429, "too_many_attempts"));
}

#[tokio::test]
async fn signing_in_again_ends_what_the_browser_had() {
    let world = World::new().await;
    let before = world.sign_in().await;
    let mut request = sign_in(EMAIL, PASSWORD);
    request
        .headers_mut()
        .insert(header::COOKIE, before.parse().unwrap());
    let after = cookie_pair(&world.send(request).await);
    assert_ne!(before, after);
    assert!(!is_signed_in(&world, &before).await);
    assert!(is_signed_in(&world, &after).await);
}

#[tokio::test]
async fn own_sessions_are_listed_and_ended() {
    let world = World::new().await;
    let one = world.sign_in().await;
    world.pass(1_000);
    let two = world.sign_in().await;
    let stranger = world.sign_in_as(Role::Admin).await;
    let list = async |cookie: &str| -> Sessions {
        world
            .ask_as(cookie, "GET", "/sessions", &Value::Null)
            .await
            .json()
    };
    let seen = list(&two).await;
    assert_eq!(seen.items.len(), 2);
    assert!(seen.items[0].is_this && !seen.items[1].is_this);
    let path = format!("/sessions/{}", seen.items[1].id);
    let other = world.ask_as(&stranger, "DELETE", &path, &Value::Null).await;
    assert_eq!(other.refusal(), (404, "not_found"), "another's session");
    assert_eq!(
        world
            .ask_as(&two, "DELETE", &path, &Value::Null)
            .await
            .status,
        204
    );
    assert!(!is_signed_in(&world, &one).await);
    let three = world.sign_in().await;
    assert_eq!(
        world
            .ask_as(&two, "DELETE", "/sessions", &Value::Null)
            .await
            .status,
        204
    );
    assert!(!is_signed_in(&world, &three).await);
    assert!(is_signed_in(&world, &two).await);
    assert!(is_signed_in(&world, &stranger).await);
}
