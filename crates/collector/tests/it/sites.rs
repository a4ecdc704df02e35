//! Turns what admins do with sites, while pages use them, into tests of what pages are told.

use axum::body::Body;
use axum::http::{Request, header};
use protocol::query::access::{Audit, AuditNames, Role};
use protocol::query::setup::{SiteEntry, Sites};
use serde_json::{Value, json};

use crate::world::{Answer, KEY, SHOP, World, batch_path, header_line, impression};

const HOUR: u64 = 3_600_000;

/// Sends one impression with a key, from the shop.
async fn send(world: &World, key: &str, n: u32) -> Answer {
    let path = batch_path(n).replace(KEY, key);
    let lines = [header_line(n), impression(n)].join("\n");
    let request = Request::post(path)
        .header(header::ORIGIN, SHOP)
        .body(Body::from(lines));
    world.send(request.unwrap()).await
}

async fn add(world: &World, cookie: &str) -> SiteEntry {
    let body = json!({ "name": " Shop two ", "origins": [SHOP, SHOP, "https://*.shop.example"] });
    let answer = world.ask_as(cookie, "POST", "/sites", &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

async fn site(world: &World, id: i64) -> SiteEntry {
    let sites: Sites = world.ask("/api/v1/sites").await;
    sites.items.into_iter().find(|one| one.id == id).unwrap()
}

#[tokio::test]
async fn a_site_that_was_added_is_heard_from_at_once() {
    let world = World::new().await;
    let admin = world.sign_in_as(Role::Admin).await;
    let made = add(&world, &admin).await;
    assert_eq!(made.name, "Shop two");
    assert_eq!(made.origins, [SHOP, "https://*.shop.example"]);
    assert!(made.first_ms.is_none() && made.key.starts_with("fh_"));
    assert_eq!(send(&world, &made.key, 1).await.status, 200);
    let heard = site(&world, made.id).await;
    assert_eq!(heard.first_ms, Some(world.now()));
    let deeds = world.deeds().await.join("\n");
    assert!(deeds.contains("site.add Shop two"), "{deeds}");
}

#[tokio::test]
async fn a_key_is_replaced_while_pages_use_it() {
    let world = World::new().await;
    let admin = world.sign_in_as(Role::Admin).await;
    let made = add(&world, &admin).await;
    assert_eq!(send(&world, &made.key, 1).await.status, 200);
    let path = format!("/sites/{}/key", made.id);
    let body = json!({ "rev": made.rev, "hours": 2 });
    let now: SiteEntry = world.ask_as(&admin, "POST", &path, &body).await.json();
    assert_ne!(now.key, made.key);
    assert_eq!(now.former[0].key, made.key);
    world.pass(2 * HOUR - 1);
    assert_eq!(send(&world, &made.key, 2).await.status, 200);
    assert_eq!(send(&world, &now.key, 3).await.status, 200);
    world.pass(1_001);
    assert_eq!(
        send(&world, &made.key, 4).await.refusal(),
        (403, "unknown_site_key")
    );
    assert_eq!(send(&world, &now.key, 5).await.status, 200);
    let again = world.ask_as(&admin, "POST", &path, &body).await;
    assert_eq!(again.refusal(), (409, "conflict"));
    let path = format!("/sites/{}", made.id);
    let gone = world.ask_as(&admin, "DELETE", &path, &Value::Null).await;
    assert_eq!(gone.status, 204);
    world.pass(1_001);
    assert_eq!(
        send(&world, &now.key, 6).await.refusal(),
        (403, "unknown_site_key")
    );
}

#[tokio::test]
async fn of_two_who_change_a_site_one_is_told() {
    let world = World::new().await;
    let admin = world.sign_in_as(Role::Admin).await;
    let made = add(&world, &admin).await;
    let path = format!("/sites/{}", made.id);
    let edit = |name: &str| json!({ "rev": made.rev, "name": name, "origins": [SHOP] });
    let first = world.ask_as(&admin, "PUT", &path, &edit("First")).await;
    assert_eq!(first.status, 200);
    let second = world.ask_as(&admin, "PUT", &path, &edit("Second")).await;
    assert_eq!(second.refusal(), (409, "conflict"));
    assert_eq!(site(&world, made.id).await.name, "First");
    let n = world
        .deeds()
        .await
        .iter()
        .filter(|deed| deed.contains("site.change"))
        .count();
    assert_eq!(n, 1);
}

#[tokio::test]
async fn what_is_no_site_is_told_with_its_place() {
    let world = World::new().await;
    let admin = world.sign_in_as(Role::Admin).await;
    let check = async |name: &str, origins: Value, part: &str| {
        let body = json!({ "name": name, "origins": origins });
        let answer = world.ask_as(&admin, "POST", "/sites", &body).await;
        assert_eq!(answer.refusal(), (400, "invalid_parameter"), "{answer:?}");
        let told = String::from_utf8(answer.body).unwrap();
        assert!(told.contains(part), "{told}");
    };
    check("", json!([SHOP]), "name must have").await;
    check("a\nb", json!([SHOP]), "name must have").await;
    check(&"x".repeat(101), json!([SHOP]), "name must have").await;
    check("x", json!([]), "origins must name").await;
    check("x", json!([SHOP, "shop.example"]), "origins/1").await;
    check("x", json!(["https://shop.example/"]), "without a slash").await;
    let sites: Sites = world.ask("/api/v1/sites").await;
    assert_eq!(sites.items.len(), 1);
}

#[tokio::test]
async fn the_project_is_renamed_and_the_log_is_filtered_and_exported() {
    let world = World::new().await;
    let admin = world.sign_in_as(Role::Admin).await;
    add(&world, &admin).await;
    let body = json!({ "known": "Shop", "name": "=Best shop" });
    assert_eq!(
        world.ask_as(&admin, "PUT", "/project", &body).await.status,
        204
    );
    let late = world.ask_as(&admin, "PUT", "/project", &body).await;
    assert_eq!(late.refusal(), (409, "conflict"));
    let lines: Audit = world.ask("/api/v1/audit?action=project&days=1").await;
    assert_eq!(lines.items.len(), 1);
    assert_eq!(lines.items[0].target, "=Best shop");
    let none: Audit = world.ask("/api/v1/audit?action=project&q=nothing").await;
    assert_eq!((none.items.len(), none.next), (0, None));
    let names: AuditNames = world.ask("/api/v1/audit/names").await;
    assert!(
        names.actions.contains(&String::from("site.add")),
        "{names:?}"
    );
    let csv = world.fetch("/api/v1/audit/export?action=project").await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = String::from_utf8(csv.body).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains(",'=Best shop,"), "{text}");
    let ndjson = world
        .fetch("/api/v1/audit/export?action=project&format=ndjson")
        .await;
    let line: Value = serde_json::from_slice(&ndjson.body).unwrap();
    assert_eq!(line["target"], "=Best shop");
    let refused = world.fetch("/api/v1/audit/export?format=xml").await;
    assert_eq!(refused.refusal(), (400, "invalid_parameter"));
}
