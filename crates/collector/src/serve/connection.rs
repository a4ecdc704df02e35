//! Turns one accepted socket into requests, and tells the register what it is doing meanwhile.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use http_body::Frame;
use http_body::SizeHint;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tower::Service;

use super::register::{Connection, Entry, Phase};

/// Bytes of a request's head, and of what is read ahead of its body. Browsers stay below 16 KiB; the
/// library's own limit is six times as much, for each of thousands of connections.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// Serves until the other end has enough, or has to go, or `stopping` and the request under way is
/// answered.
pub(super) async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    routes: Router,
    entry: Entry,
    mut stopping: watch::Receiver<bool>,
) {
    let connection = &entry.connection;
    let io = TokioIo::new(Watched {
        stream,
        connection: Arc::clone(connection),
    });
    let service = service_fn(|request: Request<Incoming>| {
        let answer = routes.clone().call(watched(request, peer, connection));
        let connection = Arc::clone(connection);
        async move {
            let answer = answer.await;
            connection.enter(Phase::Answer);
            answer
        }
    });
    let served = http1::Builder::new()
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(io, service);
    let mut served = std::pin::pin!(served);
    let mut is_last = false;
    loop {
        tokio::select! {
            ended = served.as_mut() => {
                if let Err(error) = ended {
                    // Somebody went away, or speaks something else. Nothing that we could change.
                    tracing::trace!(%error, "a connection broke off");
                }
                return;
            }
            () = connection.gone.notified() => return,
            _ = stopping.wait_for(|stopping| *stopping), if !is_last => {
                is_last = true;
                served.as_mut().graceful_shutdown();
            }
        }
    }
}

/// The request as the routes take it.
fn watched(
    request: Request<Incoming>,
    peer: SocketAddr,
    connection: &Arc<Connection>,
) -> Request<Body> {
    let (mut parts, body) = request.into_parts();
    // Who asks matters: for metrics, and for how often.
    parts.extensions.insert(ConnectInfo(peer));
    // Also of a body, until somebody asks for it.
    connection.enter(Phase::Work);
    let body = if http_body::Body::is_end_stream(&body) {
        Body::empty()
    } else {
        Body::new(WatchedBody {
            body,
            connection: Arc::clone(connection),
        })
    };
    Request::from_parts(parts, body)
}

/// A body, after whose end it is our turn.
struct WatchedBody {
    body: Incoming,
    connection: Arc<Connection>,
}

impl http_body::Body for WatchedBody {
    type Data = axum::body::Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if polled.is_pending() && self.connection.phase() != Phase::Body {
            self.connection.enter(Phase::Body);
        }
        let frame = ready!(polled);
        if frame.is_none() || self.body.is_end_stream() {
            self.connection.enter(Phase::Work);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A socket, whose first byte of a request begins its head.
struct Watched {
    stream: TcpStream,
    connection: Arc<Connection>,
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buf.filled().len();
        let read = ready!(Pin::new(&mut self.stream).poll_read(cx, buf));
        let is_new = matches!(self.connection.phase(), Phase::Opening | Phase::Answer);
        if is_new && buf.filled().len() > before {
            self.connection.enter(Phase::Head);
        }
        Poll::Ready(read)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes));
        self.went_on();
        Poll::Ready(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write_vectored(cx, bytes));
        self.went_on();
        Poll::Ready(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl Watched {
    /// A long answer over a slow line is none that stands still.
    fn went_on(&self) {
        if self.connection.phase() == Phase::Answer {
            self.connection.enter(Phase::Answer);
        }
    }
}
