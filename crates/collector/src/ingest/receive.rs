//! Turns an HTTP request into a body of a site that is known, sent by a page that may.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use protocol::WIRE_VERSION;
use protocol::envelope::Encoding;
use protocol::id::BatchId;
use protocol::limits::MAX_BODY_BYTES;
use protocol::outcome::ErrorCode;
use store::Signs;

use super::clocks::Clocks;
use super::intake::{Intake, Room};
use super::signs::signs;
use crate::admission::{Params, admitted_site};
use crate::app::Collector;
use crate::error::ApiError;
use crate::sites::SiteView;

/// How long a body may take from its first byte to its last. A megabyte at 35 KB/s.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// How long nothing of a body may come. A phone that changes from one network to another takes as
/// long; whoever needs more sends again.
const PAUSE_TIMEOUT: Duration = Duration::from_secs(8);

/// Bytes that are made room for at once; more than an SDK sends in one body.
const FIRST_BYTES: usize = 64 << 10;

/// Bytes that are read past the limit and thrown away: a sender that is still writing when the
/// connection closes would see a broken connection instead of the 413.
const MAX_DRAINED_BYTES: usize = 8 << 20;

/// A body, where it belongs, and how to read it.
#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) key: String,
    pub(super) site: Arc<SiteView>,
    pub(super) batch: BatchId,
    pub(super) attempt: u32,
    pub(super) encoding: Encoding,
    pub(super) received_ms: u64,
    pub(super) body: Bytes,
    /// What the request shows of its sender.
    pub(super) signs: Signs,
    /// What is known of the clocks of page loads.
    pub(super) clocks: Arc<Clocks>,
    /// Given back with the last copy.
    _room: Arc<Room>,
}

impl Received {
    /// A body that nobody has sent.
    pub(super) fn made_up(
        site: Arc<SiteView>,
        encoding: Encoding,
        received_ms: u64,
        body: Bytes,
    ) -> Self {
        let batch = BatchId::new(received_ms, &[0; 10]);
        let again = Self::again(String::from("fh_made_up"), site, batch, received_ms, body);
        Self { encoding, ..again }
    }

    /// A body that no request brought: what was kept of an earlier one, for instance.
    pub(super) fn again(
        key: String,
        site: Arc<SiteView>,
        batch: BatchId,
        received_ms: u64,
        body: Bytes,
    ) -> Self {
        Self {
            key,
            site,
            batch,
            attempt: 1,
            encoding: Encoding::Identity,
            received_ms,
            body,
            signs: Signs::default(),
            clocks: Arc::default(),
            _room: Arc::default(),
        }
    }

    pub(super) fn is_compressed(&self) -> bool {
        self.encoding != Encoding::Identity
    }

    /// Takes the site as it was after the body had arrived; whether that is another.
    pub(super) async fn refresh(&mut self, collector: &Collector) -> Result<bool, ApiError> {
        let found = collector.sites.newer_than(&self.key, self.received_ms);
        let Some(site) = found.await? else {
            return Ok(false);
        };
        let is_another = !Arc::ptr_eq(&self.site, &site);
        self.site = site;
        Ok(is_another)
    }
}

/// Takes in a request: key and origin first, so that a stranger costs nothing but a look.
pub(super) async fn receive(collector: &Collector, request: Request) -> Result<Received, ApiError> {
    let (parts, body) = request.into_parts();
    let params = Params::from_query(parts.uri.query().unwrap_or_default());
    let key = String::from(params.required("k")?);
    let site = admitted_site(collector, &key, &parts).await?;
    if collector.readiness.is_stopping() {
        return Err(ApiError::nothing_kept());
    }
    check_version(&params)?;
    let encoding = encoding(&params)?;
    let batch = params
        .required("b")?
        .parse()
        .map_err(|_| invalid("b must be the batch's UUID"))?;
    let attempt = match params.get("n") {
        None => 1,
        Some(n) => n
            .parse()
            .map_err(|_| invalid("n must be the number of the attempt, from 1"))?,
    };
    let mut room = Room::default();
    let body = read(&collector.intake, &mut room, &parts.headers, body).await?;
    Ok(Received {
        key,
        site,
        batch,
        attempt,
        encoding,
        // Read after the body, which may have taken a while: the clock offset stands on it.
        received_ms: collector.clock.now_ms(),
        body,
        signs: signs(&parts.headers),
        clocks: Arc::clone(&collector.clocks),
        _room: Arc::new(room),
    })
}

fn invalid(message: &str) -> ApiError {
    ApiError::new(ErrorCode::InvalidParameter, message)
}

fn check_version(params: &Params) -> Result<(), ApiError> {
    let version: u32 = params
        .required("v")?
        .parse()
        .map_err(|_| invalid("v must be the version of the wire, a number"))?;
    if version == u32::from(WIRE_VERSION) {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::UnsupportedEncoding,
        format!("this collector speaks version {WIRE_VERSION} of the wire, not {version}"),
    ))
}

fn encoding(params: &Params) -> Result<Encoding, ApiError> {
    match params.get("z") {
        None | Some("-") => Ok(Encoding::Identity),
        Some("gz") => Ok(Encoding::Gzip),
        Some(other) => Err(ApiError::new(
            ErrorCode::UnsupportedEncoding,
            format!("z must be - or gz, not {other:?}"),
        )),
    }
}

async fn read(
    intake: &Intake,
    room: &mut Room,
    headers: &HeaderMap,
    body: Body,
) -> Result<Bytes, ApiError> {
    let announced: Option<usize> = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    let announced = announced.unwrap_or(0);
    if announced > MAX_DRAINED_BYTES {
        return Err(too_large());
    }
    let read = tokio::time::timeout(BODY_TIMEOUT, collect(intake, room, body, announced)).await;
    read.unwrap_or_else(|_| Err(too_slow()))
}

/// Nothing is wrong with the items: the sender keeps them and tries again.
fn too_slow() -> ApiError {
    let message = "the body took too long to arrive";
    ApiError::new(ErrorCode::Overloaded, message)
}

/// Reads to the end, whether or not a length was announced, and keeps no more than is allowed. Where
/// there is no room the rest is read all the same: whoever is cut off while sending never hears when to
/// come back.
async fn collect(
    intake: &Intake,
    room: &mut Room,
    mut body: Body,
    announced: usize,
) -> Result<Bytes, ApiError> {
    // Small ones arrive whole, and need no room for more. What is announced is not believed further.
    let mut kept = Vec::with_capacity(announced.min(FIRST_BYTES));
    let (mut length, mut has_room) = (0_usize, true);
    loop {
        let frame = tokio::time::timeout(PAUSE_TIMEOUT, body.frame()).await;
        let Some(frame) = frame.map_err(|_| too_slow())? else {
            break;
        };
        let frame = frame.map_err(|_| {
            ApiError::new(
                ErrorCode::UnreadableBody,
                "the body broke off before its end",
            )
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length += data.len();
        if length > MAX_DRAINED_BYTES {
            break;
        }
        if length <= MAX_BODY_BYTES {
            has_room = has_room && intake.take(room, data.len());
            if has_room {
                kept.extend_from_slice(&data);
            } else {
                // What others can use is theirs at once.
                (*room, kept) = (Room::default(), Vec::new());
            }
        }
    }
    if !has_room {
        return Err(ApiError::nothing_kept());
    }
    if length > MAX_BODY_BYTES {
        return Err(too_large());
    }
    Ok(kept.into())
}

fn too_large() -> ApiError {
    ApiError::new(
        ErrorCode::BodyTooLarge,
        format!("a body may have {MAX_BODY_BYTES} bytes as sent"),
    )
}
