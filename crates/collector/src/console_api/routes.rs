//! Turns one table into the router of `/api/v1`: no route is there without saying who may use it.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware;
use axum::routing::{self, MethodFilter, MethodRouter};
use protocol::query::access::Role::{self, Admin, Manager, Responder, Viewer};
use protocol::query::access::Scope::{self, Answers, Audit, Data, Delivery, Performance, Surveys};

use self::Need::{Anyone, Person, Scoped};
use super::guard::{Guard, guard};
use super::{
    attachments, audit_log, budgets, comments, custody, delivery, inbox, maintenance, oidc,
    openapi, own, performance, releases, retention, scores, session, shared, sites, surveys, team,
    tokens, views,
};
use crate::app::Collector;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Everybody: it is the door itself.
    Anyone,
    /// People of at least this role, and no API token.
    Person(Role),
    /// People of at least this role, and API tokens of at least this role that reach the scope.
    Scoped(Role, Scope),
}

/// One route of `/api/v1`, for whoever wants to know what there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleRoute {
    /// Method.
    pub method: Method,
    /// Path from the base path on, with names in braces where anything may stand.
    pub path: String,
    /// Who may use it.
    pub need: Need,
}

struct Route {
    method: Method,
    path: &'static str,
    need: Need,
    handler: MethodRouter<Arc<Collector>>,
}

/// The table.
#[rustfmt::skip]
fn table() -> Vec<Route> {
    vec![
        on(Method::GET,    "/session", Person(Viewer), session::read),
        on(Method::POST,   "/session", Anyone, session::sign_in),
        on(Method::DELETE, "/session", Anyone, session::sign_out),

        on(Method::GET,    "/sessions", Person(Viewer), own::sessions),
        on(Method::DELETE, "/sessions", Person(Viewer), own::end_others),
        on(Method::DELETE, "/sessions/{id}", Person(Viewer), own::end_session),
        on(Method::PUT,    "/password", Person(Viewer), own::change_password),
        on(Method::POST,   "/password-link", Anyone, own::use_link),

        on(Method::GET,    "/team", Person(Admin), team::list),
        on(Method::POST,   "/team", Person(Admin), team::invite),
        on(Method::DELETE, "/team/{id}", Person(Admin), team::remove),
        on(Method::PUT,    "/team/{id}/role", Person(Admin), team::change_role),
        on(Method::POST,   "/team/{id}/password-link", Person(Admin), team::link),
        on(Method::GET,    "/tokens", Person(Admin), tokens::list),
        on(Method::POST,   "/tokens", Person(Admin), tokens::make),
        on(Method::DELETE, "/tokens/{id}", Person(Admin), tokens::revoke),
        on(Method::GET,    "/audit", Scoped(Admin, Audit), audit_log::audit),
        on(Method::GET,    "/audit/export", Scoped(Admin, Audit), audit_log::export),
        on(Method::GET,    "/audit/names", Scoped(Admin, Audit), audit_log::names),

        on(Method::GET,    "/sites", Person(Admin), sites::list),
        on(Method::POST,   "/sites", Person(Admin), sites::add),
        on(Method::PUT,    "/sites/{id}", Person(Admin), sites::edit),
        on(Method::DELETE, "/sites/{id}", Person(Admin), sites::remove),
        on(Method::POST,   "/sites/{id}/key", Person(Admin), sites::replace_key),
        on(Method::POST,   "/sites/{id}/end-key", Person(Admin), sites::end_key),
        on(Method::PUT,    "/project", Person(Admin), sites::rename_project),
        on(Method::GET,    "/retention", Scoped(Viewer, Data), retention::read),
        on(Method::PUT,    "/retention/{key}", Person(Admin), retention::choose),
        on(Method::GET,    "/retention/{key}/older", Person(Admin), retention::older),
        on(Method::GET,    "/oidc", Anyone, oidc::providers),
        on(Method::GET,    "/oidc/begin", Anyone, oidc::begin),
        on(Method::GET,    "/oidc/return", Anyone, oidc::back),

        on(Method::GET,    "/scores/nps", Scoped(Viewer, Answers), scores::nps),
        on(Method::GET,    "/scores", Scoped(Viewer, Answers), scores::scores),
        on(Method::GET,    "/scores/breakdown", Scoped(Viewer, Answers), scores::breakdown),
        on(Method::GET,    "/scores/slow", Scoped(Viewer, Answers), scores::slow),
        on(Method::GET,    "/scores/export", Scoped(Viewer, Answers), scores::export::export),
        on(Method::GET,    "/releases", Scoped(Viewer, Performance), releases::list),
        on(Method::POST,   "/releases", Scoped(Manager, Performance), releases::add),
        on(Method::DELETE, "/releases/{id}", Scoped(Manager, Performance), releases::remove),
        on(Method::GET,    "/comments", Scoped(Viewer, Answers), comments::comments),
        on(Method::GET,    "/attachments/{id}", Scoped(Viewer, Answers), attachments::attachment),

        on(Method::GET,    "/inbox", Scoped(Viewer, Answers), inbox::list),
        on(Method::GET,    "/inbox/items/{id}", Scoped(Viewer, Answers), inbox::item),
        on(Method::POST,   "/inbox/change", Scoped(Responder, Answers), inbox::change),
        on(Method::POST,   "/inbox/undo/{id}", Scoped(Responder, Answers), inbox::undo),
        on(Method::GET,    "/inbox/counts", Scoped(Viewer, Answers), inbox::counts),
        on(Method::GET,    "/inbox/export", Scoped(Viewer, Answers), inbox::export::export),
        on(Method::GET,    "/inbox/assignees", Scoped(Viewer, Answers), inbox::assignees),
        on(Method::POST,   "/inbox/items/{id}/notes", Scoped(Responder, Answers), inbox::notes::add),
        on(Method::PUT,    "/inbox/notes/{id}", Scoped(Responder, Answers), inbox::notes::edit),
        on(Method::DELETE, "/inbox/notes/{id}", Scoped(Responder, Answers), inbox::notes::remove),
        on(Method::GET,    "/inbox/tags", Scoped(Viewer, Answers), inbox::tags::list),
        on(Method::POST,   "/inbox/tags", Scoped(Responder, Answers), inbox::tags::make),
        on(Method::PUT,    "/inbox/tags/{id}", Scoped(Responder, Answers), inbox::tags::rename),
        on(Method::DELETE, "/inbox/tags/{id}", Scoped(Responder, Answers), inbox::tags::remove),
        on(Method::POST,   "/inbox/tags/merge", Scoped(Responder, Answers), inbox::tags::merge),
        on(Method::GET,    "/people/timeline", Scoped(Viewer, Answers), inbox::timeline),

        on(Method::GET,    "/surveys", Scoped(Viewer, Surveys), surveys::list),
        on(Method::PUT,    "/surveys/{id}", Scoped(Manager, Surveys), surveys::publish),
        on(Method::GET,    "/survey-board", Scoped(Viewer, Surveys), surveys::board::board),
        on(Method::GET,    "/surveys/{id}", Scoped(Viewer, Surveys), surveys::board::desk),
        on(Method::GET,    "/surveys/{id}/export", Scoped(Viewer, Surveys), surveys::board::export),
        on(Method::PUT,    "/surveys/{id}/draft", Scoped(Manager, Surveys), surveys::draft::save),
        on(Method::DELETE, "/surveys/{id}/draft", Scoped(Manager, Surveys), surveys::draft::forget),
        on(Method::POST,   "/surveys/{id}/publish", Scoped(Manager, Surveys), surveys::running::publish),
        on(Method::POST,   "/surveys/{id}/rollback", Scoped(Manager, Surveys), surveys::running::roll_back),
        on(Method::PUT,    "/surveys/{id}/state", Scoped(Manager, Surveys), surveys::running::pause),
        on(Method::POST,   "/survey-reach", Scoped(Viewer, Surveys), surveys::reach::reach),
        on(Method::POST,   "/survey-preview", Scoped(Viewer, Surveys), surveys::preview::preview),

        on(Method::GET,    "/delivery", Scoped(Viewer, Delivery), delivery::read),

        on(Method::GET,    "/performance", Scoped(Viewer, Performance), performance::performance),
        on(Method::GET,    "/performance/features/{id}", Scoped(Viewer, Performance), performance::feature),
        on(Method::GET,    "/performance/availability", Scoped(Viewer, Performance), performance::availability),
        on(Method::GET,    "/alerts", Scoped(Viewer, Performance), performance::alerts),
        on(Method::GET,    "/budgets", Scoped(Viewer, Performance), budgets::read),
        on(Method::PUT,    "/budgets", Scoped(Manager, Performance), budgets::publish),
        on(Method::POST,   "/budgets/check", Scoped(Manager, Performance), budgets::check),
        on(Method::GET,    "/maintenance", Scoped(Viewer, Performance), maintenance::list),
        on(Method::POST,   "/maintenance", Scoped(Manager, Performance), maintenance::announce),
        on(Method::DELETE, "/maintenance/{id}", Scoped(Manager, Performance), maintenance::withdraw),

        on(Method::GET,    "/views", Person(Viewer), views::list),
        on(Method::POST,   "/views", Person(Viewer), views::save),
        on(Method::DELETE, "/views/{id}", Person(Viewer), views::forget),
        on(Method::GET,    "/shares", Person(Responder), views::shares),
        on(Method::POST,   "/shares", Person(Responder), views::share),
        on(Method::DELETE, "/shares/{id}", Person(Responder), views::revoke),
        on(Method::POST,   "/shared", Anyone, shared::open),

        on(Method::GET,    "/openapi.json", Anyone, openapi::json),
        on(Method::GET,    "/docs", Anyone, openapi::page),
        on(Method::GET,    "/docs.css", Anyone, openapi::style),

        on(Method::GET,    "/people/held", Scoped(Admin, Data), custody::held),
        on(Method::GET,    "/people/export", Scoped(Admin, Data), custody::export),
        on(Method::POST,   "/people/erase", Scoped(Admin, Data), custody::erase),
    ]
}

fn on<H, T>(method: Method, path: &'static str, need: Need, handler: H) -> Route
where
    H: Handler<T, Arc<Collector>>,
    T: 'static,
{
    // Every method of the table is one that a filter knows; another would be served to nobody.
    let filter = MethodFilter::try_from(method.clone());
    let handler = filter.map_or_else(
        |_| MethodRouter::new(),
        |filter| routing::on(filter, handler),
    );
    Route {
        method,
        path,
        need,
        handler,
    }
}

/// Every route of the table, behind its guard.
pub(super) fn guarded(collector: &Arc<Collector>) -> Router<Arc<Collector>> {
    let routes = table().into_iter();
    routes.fold(Router::new(), |router, route| {
        let at = Guard {
            collector: Arc::clone(collector),
            need: route.need,
        };
        let guarded = middleware::from_fn_with_state(at, guard);
        router.route(route.path, route.handler.route_layer(guarded))
    })
}

/// Every route of `/api/v1` and who may use it, in the order of the table that serves them.
pub fn console_routes() -> Vec<ConsoleRoute> {
    let routes = table().into_iter();
    let told = routes.map(|route| ConsoleRoute {
        method: route.method,
        path: format!("/api/v1{}", route.path),
        need: route.need,
    });
    told.collect()
}
