//! Turns a store and a few settings into everything that is served, without a socket.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use protocol::outcome::ErrorCode;
use store::{Retention, Store};

use crate::admission::{Limits, Turnstile};
use crate::assets::Assets;
use crate::attachments::Folder;
use crate::clock::Clock;
use crate::console_api::{self, Gate};
use crate::diag::{self, Tally};
use crate::error::{ApiError, RunError};
use crate::evaluate::Evaluator;
use crate::headers;
use crate::health::{self, Readiness};
use crate::ingest::{Clocks, Intake};
use crate::metrics::{self, Metrics};
use crate::oidc::Oidc;
use crate::outgoing::{Outgoing, Range};
use crate::settings::{BasePath, Keep, MetricsToken, OidcSettings, PublicUrl};
use crate::sites::Sites;
use crate::{attachments, config, cors, ingest, logs};

/// What every request can reach.
#[derive(Debug)]
pub struct Collector {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Clock,
    pub(crate) base_path: BasePath,
    pub(crate) public_url: Option<PublicUrl>,
    pub(crate) assets: Assets,
    pub(crate) sites: Sites,
    pub(crate) gate: Gate,
    pub(crate) readiness: Readiness,
    /// Where the database is, to know how much room there is.
    pub(crate) data_folder: Option<PathBuf>,
    /// Where images are; without it none are taken.
    pub(crate) images: Option<Folder>,
    pub(crate) turnstile: Turnstile,
    pub(crate) intake: Intake,
    pub(crate) clocks: Arc<Clocks>,
    pub(crate) tally: Tally,
    pub(crate) metrics: Metrics,
    pub(crate) metrics_token: Option<MetricsToken>,
    pub(crate) outgoing: Outgoing,
    /// Who else can tell who somebody is.
    pub(crate) oidc: Option<Oidc>,
    /// How long what is kept, as the configuration has it.
    pub(crate) kept: (Retention, Keep),
}

impl Collector {
    /// A collector at the root of its origin, with the assets that are in this binary.
    ///
    /// # Errors
    ///
    /// [`RunError::Password`] when the system gives no random bytes for a salt.
    pub fn new(store: Arc<dyn Store>, clock: Clock) -> Result<Self, RunError> {
        let base_path = BasePath::default();
        Ok(Self {
            sites: Sites::new(Arc::clone(&store), clock.clone()),
            assets: Assets::embedded(base_path.with_slash()),
            gate: Gate::new()?,
            readiness: Readiness::default(),
            data_folder: None,
            images: None,
            turnstile: Turnstile::new(Limits::default()),
            intake: Intake::new(),
            clocks: Arc::default(),
            tally: Tally::default(),
            metrics: Metrics::new(clock.now_ms()),
            metrics_token: None,
            outgoing: Outgoing::new(Vec::new()),
            oidc: None,
            kept: (Retention::default(), Keep::default()),
            public_url: None,
            base_path,
            clock,
            store,
        })
    }

    /// Serves below this path instead.
    #[must_use]
    pub fn with_base_path(mut self, base_path: BasePath) -> Self {
        self.assets = Assets::embedded(base_path.with_slash());
        self.base_path = base_path;
        self
    }

    /// Says where people reach the console, when a proxy stands in front of it.
    #[must_use]
    pub fn with_public_url(mut self, public_url: Option<PublicUrl>) -> Self {
        self.public_url = public_url;
        self
    }

    /// Takes images, and keeps them in this folder.
    ///
    /// # Errors
    ///
    /// [`RunError::System`] when the folder cannot be made.
    pub fn with_images(mut self, folder: PathBuf) -> Result<Self, RunError> {
        self.images = Some(Folder::open(folder)?);
        Ok(self)
    }

    /// Says where the database is; without room for more there, nothing is taken any more.
    #[must_use]
    pub fn with_data_folder(mut self, folder: PathBuf) -> Self {
        self.data_folder = Some(folder);
        self
    }

    /// Takes what pages send as often as this.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.turnstile = Turnstile::new(limits);
        self
    }

    /// Lets what people configure ask in these ranges too, though they are inside.
    #[must_use]
    pub fn with_outgoing_allowed(mut self, ranges: Vec<Range>) -> Self {
        self.outgoing = Outgoing::new(ranges);
        self
    }

    /// Keeps things for so long; of what the configuration does not name, admins choose it.
    #[must_use]
    pub fn with_kept(mut self, sums: Retention, keep: Keep) -> Self {
        self.kept = (sums, keep);
        self
    }

    /// Lets people in whom this OpenID provider vouches for. After base path, public URL and what may be
    /// asked inside.
    #[must_use]
    pub fn with_oidc(mut self, settings: Option<OidcSettings>) -> Self {
        let public = self.public_url.as_ref().map(PublicUrl::origin);
        self.oidc = settings.and_then(|settings| {
            let below = self.base_path.with_slash();
            // An origin and a path that were checked.
            let back = format!("{}{below}api/v1/oidc/return", public?)
                .parse()
                .ok()?;
            Some(Oidc::new(settings, back, &self.outgoing))
        });
        self
    }

    /// Lets whoever has this token read metrics, instead of this machine.
    #[must_use]
    pub fn with_metrics_token(mut self, token: Option<MetricsToken>) -> Self {
        self.metrics_token = token;
        self
    }

    /// What finds outages and alerts in what this collector takes.
    pub fn evaluator(&self, retention: Retention) -> Evaluator {
        Evaluator::new(Arc::clone(&self.store), retention)
    }

    /// Serves other files instead.
    #[must_use]
    pub fn with_assets(mut self, assets: Assets) -> Self {
        self.assets = assets;
        self
    }
}

/// Everything that is served.
pub fn app(collector: Arc<Collector>) -> Router {
    let base = collector.base_path.without_slash().to_owned();
    let routes = Router::new()
        .nest("/v1", wire())
        .nest("/api/v1", console_api::routes(&collector))
        .route("/sdk.js", get(sdk))
        .route("/a/{*path}", get(asset))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::metrics))
        .fallback(page)
        .method_not_allowed_fallback(not_with_this_method)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&collector),
            headers::harden,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&collector),
            metrics::count_requests,
        ))
        .layer(middleware::from_fn(logs::log_request))
        .with_state(collector);
    if base.is_empty() {
        routes
    } else {
        Router::new()
            .nest_service(&base, routes)
            .fallback(outside_base)
    }
}

/// What pages call.
fn wire() -> Router<Arc<Collector>> {
    Router::new()
        .route("/batch", post(ingest::batch))
        .route("/attachment", post(attachments::upload))
        .route("/diag", get(diag::diag))
        .route("/config", get(config::bytes))
        .route("/config.json", get(config::json))
        .route("/survey/{name}", get(config::survey))
        .route("/survey.schema.json", get(config::schema))
        .fallback(not_found)
        .method_not_allowed_fallback(not_with_this_method)
        .layer(middleware::from_fn(cors::cors))
}

async fn sdk(State(collector): State<Arc<Collector>>, headers: HeaderMap) -> Response {
    collector.assets.file("sdk.js", &headers)
}

async fn asset(
    State(collector): State<Arc<Collector>>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    collector.assets.file(&format!("a/{path}"), &headers)
}

/// The console for every path that a person may have bookmarked; nothing for the others.
async fn page(State(collector): State<Arc<Collector>>, request: Request) -> Response {
    let path = request.uri().path();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_file = path
        .rsplit('/')
        .next()
        .is_some_and(|last| last.contains('.'));
    let is_ours = ["/v1", "/api", "/a"]
        .iter()
        .any(|own| path == *own || path.strip_prefix(own).is_some_and(|p| p.starts_with('/')));
    let wants_page = path == "/" || accepts_html(request.headers());
    if reads && wants_page && !is_file && !is_ours {
        return collector.assets.index(request.headers());
    }
    not_found().await.into_response()
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    accept
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

pub(crate) async fn not_found() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "there is nothing at this path")
}

async fn outside_base() -> ApiError {
    ApiError::new(
        ErrorCode::NotFound,
        "everything is served below the base path",
    )
}

pub(crate) async fn not_with_this_method() -> ApiError {
    ApiError::new(
        ErrorCode::MethodNotAllowed,
        "the path exists, but not with this method",
    )
}
