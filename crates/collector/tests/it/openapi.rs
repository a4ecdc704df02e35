//! Turns the document of the API into questions about each route: whether it is there, and said in full.

use std::collections::BTreeSet;

use collector::{console_routes, openapi_document};
use serde_json::Value;

use crate::world::World;

/// Every `$ref` of a document.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(reference) if name == "$ref" => {
                        found.insert(String::from(reference));
                    }
                    _ => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn every_route_is_described() {
    let document = openapi_document();
    for route in console_routes() {
        let method = route.method.as_str().to_lowercase();
        let operation = &document["paths"][&route.path][&method];
        let summary = operation["summary"].as_str().unwrap_or_default();
        assert!(
            summary.ends_with('.') || summary.contains("see "),
            "{} {}: add it to `about.rs`",
            route.method,
            route.path
        );
        assert!(
            operation["description"]
                .as_str()
                .is_some_and(|who| who.len() > 10)
        );
    }
}

#[test]
fn every_type_that_is_named_is_there() {
    let document = openapi_document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 60, "{}", found.len());
    for reference in found {
        let place = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{reference}");
    }
    // Taken from the types themselves, with their words.
    let score = &document["components"]["schemas"]["NpsReport"]["properties"];
    assert!(score["score"].is_object() && score["histogram"]["description"].is_string());
    let role = &document["components"]["schemas"]["Role"]["enum"];
    assert_eq!(role.as_array().map(Vec::len), Some(4), "{role}");
}

#[tokio::test]
async fn it_is_served_to_programs_and_to_people() {
    let world = World::new().await;
    let answer = world.get("/api/v1/openapi.json").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json::<Value>(), openapi_document());
    let page = world.get("/api/v1/docs").await;
    let html = String::from_utf8_lossy(&page.body);
    assert!(html.contains("/api/v1/inbox/change") && html.contains("type-NewChange"));
    assert!(!html.contains("<script") && !html.contains("style=\""));
    let policy = page.header("content-security-policy").unwrap_or_default();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self'"),
        "{policy}"
    );
    let style = world.get("/api/v1/docs.css").await;
    assert!(String::from_utf8_lossy(&style.body).contains("--paper"));
}
