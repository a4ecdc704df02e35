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
use tokio::time::Instant;

use super::clocks::Clocks;
use super::intake::{Intake, Place, Room};
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

/// How long nothing of a body may come before others have its place. It goes on without: what has
/// arrived of it is bounded as well, and nobody keeps others out by sending nothing.
const PLACE_TIMEOUT: Duration = Duration::from_millis(100);

/// How long a body has its place while it arrives, however little at a time: what arrives slowly is not
/// what the place is for, and nobody keeps others out by sending next to nothing.
const PLACE_LIMIT: Duration = Duration::from_secs(1);

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
    /// Kept until the answer, where it still has one.
    pub(super) place: Option<Arc<Place>>,
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
            place: None,
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
    let mut taking = Taking::default();
    let body = read(&collector.intake, &mut taking, &parts.headers, body).await?;
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
        _room: Arc::new(taking.room),
        place: taking.place.map(Arc::new),
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

/// What a body that is read has of what is bounded.
#[derive(Default)]
struct Taking {
    room: Room,
    place: Option<Place>,
}

async fn read(
    intake: &Intake,
    taking: &mut Taking,
    headers: &HeaderMap,
    body: Body,
) -> Result<Bytes, ApiError> {
    let announced: Option<usize> = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|bytes| bytes > MAX_DRAINED_BYTES) {
        return Err(too_large());
    }
    taking.place = intake.enter(announced).await;
    let announced = announced.unwrap_or(0);
    let read = tokio::time::timeout(BODY_TIMEOUT, collect(intake, taking, body, announced)).await;
    read.unwrap_or_else(|_| Err(too_slow()))
}

/// Nothing is wrong with the items: the sender keeps them and tries again.
fn too_slow() -> ApiError {
    let message = "the body took too long to arrive";
    ApiError::new(ErrorCode::Overloaded, message)
}

/// Reads to the end, whether or not a length was announced, and keeps no more than is allowed. Where
/// there is no place or no room the rest is read all the same: whoever is cut off while sending never
/// hears when to come back.
async fn collect(
    intake: &Intake,
    taking: &mut Taking,
    mut body: Body,
    announced: usize,
) -> Result<Bytes, ApiError> {
    let (mut length, mut has_room) = (0_usize, taking.place.is_some());
    // Small ones arrive whole, and need no room for more. What is announced is not believed further.
    let first = if has_room {
        announced.min(FIRST_BYTES)
    } else {
        0
    };
    let mut kept = Vec::with_capacity(first);
    let limit = Instant::now() + PLACE_LIMIT;
    while let Some(data) = next_of(&mut body, &mut taking.place, limit).await? {
        length += data.len();
        if length > MAX_DRAINED_BYTES {
            break;
        }
        if length <= MAX_BODY_BYTES {
            has_room = has_room && intake.take(&mut taking.room, data.len());
            if has_room {
                kept.extend_from_slice(&data);
            } else {
                // What others can use is theirs at once.
                (*taking, kept) = (Taking::default(), Vec::new());
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

/// What comes next of a body, which gives up its place when that takes a while, or when its time is over;
/// nothing at its end.
async fn next_of(
    body: &mut Body,
    place: &mut Option<Place>,
    limit: Instant,
) -> Result<Option<Bytes>, ApiError> {
    loop {
        let frame = match place {
            Some(_) => {
                let until = limit.min(Instant::now() + PLACE_TIMEOUT);
                tokio::time::timeout_at(until, body.frame()).await.ok()
            }
            None => None,
        };
        let frame = match frame {
            Some(frame) => frame,
            None => {
                *place = None;
                let frame = tokio::time::timeout(PAUSE_TIMEOUT, body.frame()).await;
                frame.map_err(|_| too_slow())?
            }
        };
        let Some(frame) = frame else {
            return Ok(None);
        };
        let frame = frame.map_err(|_| {
            ApiError::new(
                ErrorCode::UnreadableBody,
                "the body broke off before its end",
            )
        })?;
        if let Ok(data) = frame.into_data() {
            return Ok(Some(data));
        }
    }
}

fn too_large() -> ApiError {
    ApiError::new(
        ErrorCode::BodyTooLarge,
        format!("a body may have {MAX_BODY_BYTES} bytes as sent"),
    )
}

#[cfg(test)]
mod tests {
    use http_body_util::channel::Channel;

    use super::*;

    /// Sends `pieces` bytes, one every `pause`, and tells whether all of it was kept, and whether it had its
    /// place to the end.
    async fn check(pieces: usize, pause: Duration, expected: (bool, bool)) {
        let intake = Intake::new();
        let (mut sender, body) = Channel::<Bytes, std::io::Error>::new(1);
        let mut taking = Taking {
            place: intake.enter(Some(pieces)).await,
            ..Taking::default()
        };
        let send = async move {
            for _ in 0..pieces {
                tokio::time::sleep(pause).await;
                sender.send_data(Bytes::from_static(b"x")).await.unwrap();
            }
        };
        let (read, ()) = tokio::join!(collect(&intake, &mut taking, Body::new(body), pieces), send);
        let is_whole = read.is_ok_and(|body| body.len() == pieces);
        assert_eq!((is_whole, taking.place.is_some()), expected, "{pause:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_keeps_its_place_while_it_comes_and_no_longer() {
        let (short, long) = (PLACE_TIMEOUT * 9 / 10, PLACE_TIMEOUT * 2);
        check(5, short, (true, true)).await;
        // It goes on without.
        check(2, long, (true, false)).await;
        check(50, short, (true, false)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_without_a_place_is_read_to_its_end_and_refused() {
        let intake = Intake::new();
        let (mut sender, body) = Channel::<Bytes, std::io::Error>::new(1);
        let sent = async move {
            for _ in 0..3 {
                sender.send_data(Bytes::from_static(b"x")).await.unwrap();
            }
        };
        let mut taking = Taking::default();
        let read = collect(&intake, &mut taking, Body::new(body), 3);
        let (read, ()) = tokio::join!(read, sent);
        assert_eq!(read.unwrap_err().code(), ErrorCode::Overloaded);
    }
}
