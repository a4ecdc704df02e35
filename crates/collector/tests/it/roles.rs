//! Turns the table of routes into requests by everybody, each of which has one right answer.

use axum::body::Body;
use axum::http::{Method, Request, header};
use collector::{ConsoleRoute, Need, console_routes};
use protocol::query::access::{Role, Scope};

use crate::world::{Answer, World, get};

/// Who may use which route, written down a second time: a route that is not here fails, and so does
/// one that asks for less than this.
const EXPECTED: &str = "
GET /api/v1/session: viewer
POST /api/v1/session: anyone
DELETE /api/v1/session: anyone
GET /api/v1/sessions: viewer
DELETE /api/v1/sessions: viewer
DELETE /api/v1/sessions/{id}: viewer
PUT /api/v1/password: viewer
POST /api/v1/password-link: anyone
GET /api/v1/team: admin
POST /api/v1/team: admin
DELETE /api/v1/team/{id}: admin
PUT /api/v1/team/{id}/role: admin
POST /api/v1/team/{id}/password-link: admin
GET /api/v1/tokens: admin
POST /api/v1/tokens: admin
DELETE /api/v1/tokens/{id}: admin
GET /api/v1/audit: admin, audit
GET /api/v1/audit/export: admin, audit
GET /api/v1/audit/names: admin, audit
GET /api/v1/sites: admin
POST /api/v1/sites: admin
PUT /api/v1/sites/{id}: admin
DELETE /api/v1/sites/{id}: admin
POST /api/v1/sites/{id}/key: admin
POST /api/v1/sites/{id}/end-key: admin
PUT /api/v1/project: admin
GET /api/v1/retention: viewer, data
PUT /api/v1/retention/{key}: admin
GET /api/v1/retention/{key}/older: admin
GET /api/v1/oidc: anyone
GET /api/v1/oidc/begin: anyone
GET /api/v1/oidc/return: anyone
GET /api/v1/scores/nps: viewer, answers
GET /api/v1/scores: viewer, answers
GET /api/v1/scores/breakdown: viewer, answers
GET /api/v1/scores/slow: viewer, answers
GET /api/v1/scores/export: viewer, answers
GET /api/v1/releases: viewer, performance
POST /api/v1/releases: manager, performance
DELETE /api/v1/releases/{id}: manager, performance
GET /api/v1/comments: viewer, answers
GET /api/v1/attachments/{id}: viewer, answers
GET /api/v1/inbox: viewer, answers
GET /api/v1/inbox/items/{id}: viewer, answers
POST /api/v1/inbox/change: responder, answers
POST /api/v1/inbox/undo/{id}: responder, answers
GET /api/v1/inbox/counts: viewer, answers
GET /api/v1/inbox/export: viewer, answers
GET /api/v1/inbox/assignees: viewer, answers
POST /api/v1/inbox/items/{id}/notes: responder, answers
PUT /api/v1/inbox/notes/{id}: responder, answers
DELETE /api/v1/inbox/notes/{id}: responder, answers
GET /api/v1/inbox/tags: viewer, answers
POST /api/v1/inbox/tags: responder, answers
PUT /api/v1/inbox/tags/{id}: responder, answers
DELETE /api/v1/inbox/tags/{id}: responder, answers
POST /api/v1/inbox/tags/merge: responder, answers
GET /api/v1/people/timeline: viewer, answers
GET /api/v1/surveys: viewer, surveys
PUT /api/v1/surveys/{id}: manager, surveys
GET /api/v1/survey-board: viewer, surveys
GET /api/v1/surveys/{id}: viewer, surveys
GET /api/v1/surveys/{id}/export: viewer, surveys
PUT /api/v1/surveys/{id}/draft: manager, surveys
DELETE /api/v1/surveys/{id}/draft: manager, surveys
POST /api/v1/surveys/{id}/publish: manager, surveys
POST /api/v1/surveys/{id}/rollback: manager, surveys
PUT /api/v1/surveys/{id}/state: manager, surveys
POST /api/v1/survey-reach: viewer, surveys
POST /api/v1/survey-preview: viewer, surveys
GET /api/v1/delivery: viewer, delivery
GET /api/v1/performance: viewer, performance
GET /api/v1/performance/features/{id}: viewer, performance
GET /api/v1/performance/availability: viewer, performance
GET /api/v1/alerts: viewer, performance
GET /api/v1/budgets: viewer, performance
PUT /api/v1/budgets: manager, performance
POST /api/v1/budgets/check: manager, performance
GET /api/v1/maintenance: viewer, performance
POST /api/v1/maintenance: manager, performance
DELETE /api/v1/maintenance/{id}: manager, performance
GET /api/v1/views: viewer
POST /api/v1/views: viewer
DELETE /api/v1/views/{id}: viewer
GET /api/v1/shares: responder
POST /api/v1/shares: responder
DELETE /api/v1/shares/{id}: responder
POST /api/v1/shared: anyone
GET /api/v1/openapi.json: anyone
GET /api/v1/docs: anyone
GET /api/v1/docs.css: anyone
GET /api/v1/people/held: admin, data
GET /api/v1/people/export: admin, data
POST /api/v1/people/erase: admin, data
";

fn written(route: &ConsoleRoute) -> String {
    let need = match route.need {
        Need::Anyone => String::from("anyone"),
        Need::Person(role) => role.to_string(),
        Need::Scoped(role, scope) => format!("{role}, {scope}"),
    };
    format!("{} {}: {need}", route.method, route.path)
}

/// The least role of a route; none where anyone may.
fn least(route: &ConsoleRoute) -> Option<Role> {
    match route.need {
        Need::Anyone => None,
        Need::Person(role) | Need::Scoped(role, _) => Some(role),
    }
}

/// A request to a route from the console's own page, with nothing in it.
fn request(route: &ConsoleRoute) -> axum::http::request::Builder {
    Request::builder()
        .method(route.method.clone())
        .uri(route.path.replace("{id}", "7"))
        .header("sec-fetch-site", "same-origin")
}

async fn send(world: &World, request: axum::http::request::Builder) -> Answer {
    world.send(request.body(Body::empty()).unwrap()).await
}

#[test]
fn every_route_is_written_down() {
    let mut expected: Vec<_> = EXPECTED.lines().filter(|line| !line.is_empty()).collect();
    let found: Vec<String> = console_routes().iter().map(written).collect();
    let mut found: Vec<_> = found.iter().map(String::as_str).collect();
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(Role::ALL.len(), 4);
    assert_eq!(Scope::ALL.len(), 6);
}

#[tokio::test]
async fn nobody_without_a_session_is_let_in() {
    let world = World::new().await;
    for route in console_routes() {
        let answer = send(&world, request(&route)).await;
        if least(&route).is_some() {
            assert_eq!(answer.refusal(), (401, "not_signed_in"), "{route:?}");
        } else {
            assert_ne!(answer.status, 403, "{route:?}");
        }
    }
}

#[tokio::test]
async fn every_role_does_what_it_may_and_no_more() {
    let world = World::new().await;
    for role in Role::ALL {
        let mut cookie = world.sign_in_as(role).await;
        for route in console_routes() {
            let asked = request(&route).header(header::COOKIE, &cookie);
            let answer = send(&world, asked).await;
            let may = least(&route).is_none_or(|least| role >= least);
            if may {
                let code = answer.status.as_u16();
                assert!(
                    ![401, 403, 404, 405, 500].contains(&code) || is_missing(&answer),
                    "{role} {route:?} {answer:?}"
                );
            } else {
                assert_eq!(answer.refusal(), (403, "forbidden"), "{role} {route:?}");
                let told = String::from_utf8(answer.body).unwrap();
                assert!(told.contains(role.as_str()), "{told}");
            }
            // Some routes end the session.
            let asked = get("/api/v1/session");
            let (mut parts, body) = asked.into_parts();
            parts
                .headers
                .insert(header::COOKIE, cookie.parse().unwrap());
            if world.send(Request::from_parts(parts, body)).await.status == 401 {
                cookie = world.sign_in_as(role).await;
            }
        }
    }
}

/// A thing that is named and does not exist: the handler was reached.
fn is_missing(answer: &Answer) -> bool {
    answer.status == 404 && answer.refusal().1 == "not_found"
}

#[tokio::test]
async fn no_other_page_changes_anything() {
    let world = World::new().await;
    let cookie = world.sign_in_as(Role::Admin).await;
    let writes = console_routes().into_iter();
    for route in writes.filter(|route| route.method != Method::GET) {
        for (name, value) in [
            ("origin", "https://evil.test"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let asked = Request::builder()
                .method(route.method.clone())
                .uri(route.path.replace("{id}", "7"))
                .header(header::HOST, "collector.example")
                .header(header::COOKIE, &cookie)
                .header(name, value);
            let answer = send(&world, asked).await;
            assert_eq!(answer.refusal(), (403, "cross_origin"), "{route:?} {value}");
        }
    }
    let asked = Request::get("/api/v1/session").header(header::COOKIE, &cookie);
    assert_eq!(send(&world, asked).await.status, 200, "still signed in");
}
