//! Turns "as fast as it could be" into figures: a server that keeps nothing, a store that nobody calls
//! over a network.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::routing::post;
use protocol::id::{ItemId, ResponseId};
use store::conformance::{batch, impression, item, project, response, score};
use store::{Batch, Body, ProjectId, Store};
use store_sqlite::SqliteStore;
use tokio::task::JoinSet;

use crate::load::{Measured, Shape};
use crate::server::told;
use crate::{Failure, items};

/// A handler in a process of its own, as the collector is.
pub(crate) struct Handler {
    child: Child,
    pub(crate) address: String,
}

impl Handler {
    pub(crate) fn start(items: u32) -> Result<Self, Failure> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("--bare-handler")
            .arg(items.to_string())
            .stdout(Stdio::piped())
            .spawn()?;
        let address = told(&mut child, "listening on ")?;
        Ok(Self { child, address })
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        // As for the collector.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads every body, and says that all of it is accepted.
pub(crate) fn serve_handler() -> Result<(), Failure> {
    use std::io::Write;
    let items = std::env::args()
        .find_map(|arg| arg.parse().ok())
        .unwrap_or(1);
    let answer = format!(r#"{{"r":"{}"}}"#, "a".repeat(items));
    let read = move |body: Bytes| {
        let answer = answer.clone();
        async move {
            drop(body);
            ([(header::CONTENT_TYPE, "application/json")], answer)
        }
    };
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        writeln!(std::io::stdout(), "listening on {}", listener.local_addr()?)?;
        axum::serve(listener, Router::new().route("/v1/batch", post(read))).await?;
        Ok(())
    })
}

/// The store without anything before it: the same lines, as rows.
pub(crate) async fn writer(shape: Shape, length: Duration) -> Result<Measured, Failure> {
    let dir = tempfile::tempdir()?;
    let store = SqliteStore::open(&dir.path().join("firsthand.db"))?;
    let store: Arc<dyn Store> = Arc::new(store);
    let project = project(&*store).await;
    let start = Instant::now();
    let mut senders = JoinSet::new();
    for sender in 0..shape.senders {
        let store = Arc::clone(&store);
        senders.spawn(async move {
            let (mut n, mut took) = (1, Vec::new());
            while start.elapsed() < length {
                let batch = full_batch(project, sender, n, shape.items)?;
                let began = Instant::now();
                store.append(batch).await?;
                took.push(began.elapsed());
                n += shape.items;
            }
            Ok::<_, Failure>((u64::from(n - 1), took))
        });
    }
    let (mut kept, mut took) = (0, Vec::new());
    while let Some(sent) = senders.join_next().await {
        let (items, times) = sent??;
        kept += items;
        took.extend(times);
    }
    Ok(Measured::new(kept, start.elapsed(), took))
}

fn full_batch(project: ProjectId, sender: u32, first: u32, items: u32) -> Result<Batch, Failure> {
    let mut all = Vec::with_capacity(items as usize);
    for n in first..first + items {
        let id: ItemId = items::item_id(sender, n).parse()?;
        let body = if n.is_multiple_of(10) {
            let mut row = response(0, 1, vec![score(9)]);
            row.response = ResponseId(id.0);
            Body::Response(Box::new(row))
        } else {
            impression()
        };
        let mut one = item(n, u64::from(n), body);
        one.id = id;
        one.line = items::line(sender, n);
        all.push(one);
    }
    Ok(batch(project, sender, all))
}
