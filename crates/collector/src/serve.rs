//! Turns settings into a process that serves until it is told to stop, and then stops in order.

use std::future::Future;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use store::{Retention, Store};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::{Collector, app};
use crate::clock::Clock;
use crate::error::RunError;
use crate::evaluate::evaluate_forever;
use crate::metrics::export_forever;
use crate::settings::{Settings, Settled};
use crate::{logs, setup};

/// The folder of images in the data folder.
const IMAGES: &str = "attachments";

/// How long requests under way may take after the signal. Orchestrators often kill after ten more.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or SIGINT, then finishes what was begun.
///
/// # Errors
///
/// Whatever keeps it from starting, or the store from closing.
pub async fn serve(settings: Settings, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
    logs::start(settings.log, settings.log_level);
    let store: Arc<dyn Store> = Arc::new(setup::open(&settings.data)?);
    let clock = Clock::system();
    // Whatever may fail comes before a first start: its password is kept only as a hash.
    let listener = listen(&settings.listen).await?;
    let stop = stop_signal()?;
    let address = listener.local_addr().map_err(|source| RunError::System {
        doing: "read the address",
        source,
    })?;
    let collector = Collector::new(Arc::clone(&store), clock.clone())?
        .with_base_path(settings.base_path.clone())
        .with_public_url(settings.public_url.clone())
        .with_metrics_token(settings.metrics_token.clone())
        .with_images(settings.data.value.join(IMAGES))?;
    if collector.assets.is_empty() {
        tracing::warn!("built without the browser's assets; `cargo xtask build` makes them");
    }
    if let Some(first) = setup::first_start(&*store, &clock).await? {
        first.announce(out)?;
    }
    let base = settings.base_path.with_slash();
    setup::say(out, &format!("listening on http://{address}{base}\n"))?;
    let collector = Arc::new(collector);
    let beside = spawn_beside(&collector, &settings, clock);
    let served = serve_until(listener, app(collector), stop).await;
    drop(beside);
    served?;
    store.close().await?;
    tracing::info!("stopped");
    Ok(())
}

/// Starts what goes on beside requests, until the set is dropped.
fn spawn_beside(collector: &Arc<Collector>, settings: &Settings, clock: Clock) -> JoinSet<()> {
    let mut beside = JoinSet::new();
    beside.spawn(tidy_hourly(Arc::clone(collector), settings.retention));
    let evaluator = collector.evaluator(settings.retention);
    beside.spawn(evaluate_forever(evaluator, clock));
    if let Some(endpoint) = settings.otlp_endpoint.clone() {
        beside.spawn(export_forever(Arc::clone(collector), endpoint));
    }
    beside
}

/// Removes what nobody needs, once an hour, for as long as there is somebody to do it.
async fn tidy_hourly(collector: Arc<Collector>, retention: Retention) {
    let mut hours = tokio::time::interval(Duration::from_secs(3_600));
    loop {
        hours.tick().await;
        let now_ms = collector.clock.now_ms();
        match collector.store.prune(now_ms, retention).await {
            Ok(pruned) => tracing::debug!(?pruned, "sums that are old enough were forgotten"),
            Err(error) => tracing::warn!(%error, "sums stay for another hour"),
        }
        if let Err(error) = collector.remove_orphans().await {
            tracing::warn!(%error, "images that no response names stay for another hour");
        }
    }
}

async fn listen(address: &Settled<SocketAddr>) -> Result<TcpListener, RunError> {
    let bound = TcpListener::bind(address.value).await;
    bound.map_err(|error| {
        let reason = format!("cannot be listened on: {error}");
        address.given.wrong(reason).into()
    })
}

/// Accepts connections until `stop`, then gives those under way [`GRACE`].
async fn serve_until(
    listener: TcpListener,
    routes: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), RunError> {
    let (told, mut stopping) = watch::channel(false);
    // Answers are small and whole: there is nothing to wait for before they leave.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection stays with delays");
        }
    });
    // Who asks for metrics matters.
    let routes = routes.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, routes).with_graceful_shutdown(async move {
        stop.await;
        tracing::info!("stopping");
        // The receiver below lives as long as this.
        let _ = told.send(true);
    });
    let grace_is_over = async move {
        if stopping.wait_for(|stopping| *stopping).await.is_err() {
            // Never told to stop, so there is no grace to be over.
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = serving.into_future() => served.map_err(|source| RunError::System {
            doing: "serve",
            source,
        }),
        () = grace_is_over => {
            tracing::warn!("some requests took longer than {GRACE:?} to end, and were cut off");
            Ok(())
        }
    }
}

/// Ends when the process is asked to.
#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, RunError> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| {
        signal(kind).map_err(|source| RunError::System {
            doing: "listen for signals",
            source,
        })
    };
    let mut terminate = listen(SignalKind::terminate())?;
    let mut interrupt = listen(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ends when the process is asked to.
#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, RunError> {
    Ok(async {
        // Without a handler there is nothing to wait for but the end of the process.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
