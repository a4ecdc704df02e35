//! Turns settings into a process that serves until it is told to stop, and then stops in order.

mod accept;
mod connection;
mod files;
mod register;

use std::future::Future;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use store::Store;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinSet;

use self::accept::accept_until;
use self::files::room_for_connections;

use crate::app::{Collector, app};
use crate::attachments::IMAGES;
use crate::clock::Clock;
use crate::error::RunError;
use crate::evaluate::evaluate_forever;
use crate::metrics::export_forever;
use crate::settings::{Settings, Settled};
use crate::{logs, setup};

/// Hours between two looks for files that nothing names: each takes a look at every file.
const STRAYS_EVERY: u64 = 24;

/// Connections that may wait to be accepted; the system may allow fewer.
const BACKLOG: u32 = 4_096;

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
        .with_limits(settings.limits.clone())
        .with_data_folder(settings.data.value.clone())
        .with_outgoing_allowed(settings.outgoing_allowed.clone())
        .with_oidc(settings.oidc.clone())
        .with_kept(settings.retention, settings.keep.clone())
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
    let stop = {
        let collector = Arc::clone(&collector);
        async move {
            stop.await;
            collector.readiness.stop();
        }
    };
    accept_until(listener, app(collector), room_for_connections(), stop).await;
    drop(beside);
    store.close().await?;
    tracing::info!("stopped");
    Ok(())
}

/// Starts what goes on beside requests, until the set is dropped.
fn spawn_beside(collector: &Arc<Collector>, settings: &Settings, clock: Clock) -> JoinSet<()> {
    let mut beside = JoinSet::new();
    beside.spawn(tidy_hourly(Arc::clone(collector)));
    let evaluator = collector.evaluator(settings.retention);
    beside.spawn(evaluate_forever(evaluator, clock));
    if let Some(endpoint) = settings.otlp_endpoint.clone() {
        beside.spawn(export_forever(Arc::clone(collector), endpoint));
    }
    beside
}

/// Removes what nobody needs and puts together what is over, once an hour, for as long as there is somebody to do it.
async fn tidy_hourly(collector: Arc<Collector>) {
    let mut hours = tokio::time::interval(Duration::from_secs(3_600));
    for hour in 0_u64.. {
        hours.tick().await;
        let now_ms = collector.clock.now_ms();
        match collector.store.prune(now_ms, collector.kept.0).await {
            Ok(pruned) => tracing::debug!(?pruned, "sums that are old enough were forgotten"),
            Err(error) => tracing::warn!(%error, "sums stay for another hour"),
        }
        // Where nobody knows what admins chose nothing goes: the default may be shorter.
        if let Err(error) = collector.let_go(now_ms).await {
            tracing::warn!(%error, "what is old enough stays for another hour");
        }
        // After whatever takes impressions away.
        match collector.store.gather(now_ms).await {
            Ok(days) => tracing::debug!(days, "days that are over were put together"),
            Err(error) => {
                tracing::warn!(%error, "days that are over are read one by one for an hour")
            }
        }
        if let Err(error) = collector.remove_orphans().await {
            tracing::warn!(%error, "images that no response names stay for another hour");
        }
        if hour % STRAYS_EVERY == 0
            && let Err(error) = collector.remove_strays().await
        {
            tracing::warn!(%error, "files that nothing names stay for another day");
        }
    }
}

async fn listen(address: &Settled<SocketAddr>) -> Result<TcpListener, RunError> {
    bind(address.value).map_err(|error| {
        let reason = format!("cannot be listened on: {error}");
        address.given.wrong(reason).into()
    })
}

fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // As the standard library does: elsewhere than on Unix this would share the port with others.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
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
