//! Turns the table of routes and the wire's own types into the document of the API, and that into a page.
//!
//! What there is, and who may use it, comes from the table that serves it; what goes in and comes out, from
//! the types that are read and written. `about` adds a sentence and the types of each route.

mod about;
mod page;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use protocol::query::views::SHARE_HEADER;
use serde_json::{Value, json};
use utoipa::PartialSchema;
use utoipa::openapi::{RefOr, Schema};

use self::about::{About, Body};
use super::routes::{ConsoleRoute, Need, console_routes};

/// The policy of the page: its style sheet, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static JSON: LazyLock<String> = LazyLock::new(|| format!("{:#}\n", document()));
static PAGE: LazyLock<String> = LazyLock::new(|| page::page(&document()));

/// `GET /api/v1/openapi.json`.
pub(super) async fn json() -> Response {
    let mime = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, mime)], JSON.as_str()).into_response()
}

/// `GET /api/v1/docs`: the same for people.
pub(super) async fn page() -> Response {
    let mime = HeaderValue::from_static("text/html; charset=utf-8");
    let policy = HeaderValue::from_static(POLICY);
    let headers = [
        (header::CONTENT_TYPE, mime),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (headers, PAGE.as_str()).into_response()
}

/// `GET /api/v1/docs.css`.
pub(super) async fn style() -> Response {
    let mime = HeaderValue::from_static("text/css; charset=utf-8");
    let style = include_str!("openapi/page.css");
    ([(header::CONTENT_TYPE, mime)], style).into_response()
}

/// The document of the API: `OpenAPI` 3.1, as JSON.
pub fn document() -> Value {
    let about: Vec<About> = about::all();
    let mut schemas: Vec<(String, RefOr<Schema>)> = Vec::new();
    let mut paths: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    for route in console_routes() {
        let found = about.iter().find(|one| one.is_of(&route));
        let operations = paths.entry(route.path.clone()).or_default();
        let method = route.method.as_str().to_lowercase();
        operations.insert(method, operation(&route, found));
    }
    for one in &about {
        one.collect(&mut schemas);
    }
    Body::of::<protocol::outcome::ErrorReply>().collect(&mut schemas);
    let schemas: BTreeMap<String, Value> = schemas
        .into_iter()
        .map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default()))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Firsthand",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Everything that the console does. Times are milliseconds since 1970 (UTC) \
                unless a name says otherwise; errors have a stable code and a sentence.",
        },
        "servers": [{ "url": "../../", "description": "The collector that serves this document" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": "firsthand_session" },
                "token": { "type": "http", "scheme": "bearer", "bearerFormat": "fh_token_…" },
                "share": { "type": "apiKey", "in": "header", "name": SHARE_HEADER },
            },
        },
    })
}

fn operation(route: &ConsoleRoute, about: Option<&About>) -> Value {
    let (who, security) = need(route);
    let mut parameters: Vec<Value> = Vec::new();
    for name in route.path.split('{').skip(1) {
        let name = name.split('}').next().unwrap_or_default();
        parameters.push(json!({
            "name": name, "in": "path", "required": true, "schema": { "type": "string" },
        }));
    }
    let mut operation = json!({
        "summary": about.map_or("", |about| about.summary),
        "description": who,
        "tags": [route.path.trim_start_matches("/api/v1/").split('/').next()],
        "security": security,
    });
    for (name, what) in about.map_or(&[][..], |about| about.query) {
        parameters.push(json!({
            "name": name, "in": "query", "description": what, "schema": { "type": "string" },
        }));
    }
    operation["parameters"] = Value::from(parameters);
    let content = |body: &Body| match body {
        Body::Json { name, .. } => {
            let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
            json!({ "application/json": { "schema": schema } })
        }
        Body::Other(mime) => json!({ *mime: { "schema": { "type": "string" } } }),
    };
    if let Some(takes) = about.and_then(|about| about.takes.as_ref()) {
        operation["requestBody"] = json!({ "required": true, "content": content(takes) });
    }
    let answers = about.and_then(|about| about.answers.as_ref());
    let done = match answers {
        Some(answers) => (
            "200",
            json!({ "description": "Done.", "content": content(answers) }),
        ),
        None => ("204", json!({ "description": "Done." })),
    };
    let refused = json!({ "$ref": "#/components/schemas/ErrorReply" });
    let refused = json!({ "application/json": { "schema": refused } });
    operation["responses"] = json!({
        done.0: done.1,
        "default": { "description": "Refused: a stable code, and a sentence.", "content": refused },
    });
    operation
}

/// Who may use a route, in words and as `OpenAPI` says it.
fn need(route: &ConsoleRoute) -> (String, Value) {
    match route.need {
        Need::Anyone => (String::from("Anybody may ask this."), json!([])),
        Need::Person(role) => (
            format!("Takes a session and the role {role}; no token reaches it."),
            json!([{ "session": [] }]),
        ),
        Need::Scoped(role, scope) => {
            let by = match route.method == Method::GET {
                true => " Some of it is answered to links of shared views.",
                false => "",
            };
            (
                format!("Takes the role {role}; a token also takes the scope {scope}.{by}"),
                json!([{ "session": [] }, { "token": [scope.as_str()] }]),
            )
        }
    }
}

/// The schema of a type as it stands in the document.
fn schema_of<T: PartialSchema>() -> RefOr<Schema> {
    T::schema()
}
