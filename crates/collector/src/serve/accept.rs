//! Turns a listener into connections, as many as this process can hold, until it is told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::connection::converse;
use super::register::Register;
use crate::logs::Seldom;

/// How long requests under way may take after the signal. Orchestrators often kill after ten more.
const GRACE: Duration = Duration::from_secs(10);

/// How often connections are looked through for those that take too long.
const SWEEP: Duration = Duration::from_secs(1);

/// How long no connection is accepted after the system had no room for one.
const PAUSE: Duration = Duration::from_millis(50);

/// Accepts connections until `stop`, then gives those under way [`GRACE`].
pub(super) async fn accept_until(
    listener: TcpListener,
    routes: Router,
    limit: usize,
    stop: impl Future<Output = ()>,
) {
    let register = Arc::new(Register::new(limit));
    let (told, stopping) = watch::channel(false);
    let mut sweeps = tokio::time::interval(SWEEP);
    let mut stop = std::pin::pin!(stop);
    let refused = Seldom::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = sweeps.tick() => {
                register.sweep();
                continue;
            }
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => begin(stream, peer, &routes, &register, &stopping),
            Err(error) if is_of_the_connection(&error) => {}
            Err(error) => {
                if let Some(unsaid) = refused.line() {
                    tracing::error!(%error, unsaid, "no connection can be accepted");
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    tracing::info!("stopping");
    // Whoever connects from here on is refused by the system, and goes elsewhere.
    drop(listener);
    // There is at least our own receiver.
    let _ = told.send(true);
    if tokio::time::timeout(GRACE, register.emptied())
        .await
        .is_err()
    {
        tracing::warn!("some requests took longer than {GRACE:?} to end, and were cut off");
        register.clear();
    }
}

fn begin(
    stream: TcpStream,
    peer: SocketAddr,
    routes: &Router,
    register: &Arc<Register>,
    stopping: &watch::Receiver<bool>,
) {
    // Answers are small and whole: there is nothing to wait for before they leave.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection stays with delays");
    }
    let entry = register.enter();
    tokio::spawn(converse(
        stream,
        peer,
        routes.clone(),
        entry,
        stopping.clone(),
    ));
}

/// Whether only this connection failed: its client has gone already.
fn is_of_the_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}
