//! Turns a body into its header and its lines.

use std::borrow::Cow;
use std::io::Read;

use axum::body::Bytes;
use flate2::bufread::GzDecoder;
use protocol::envelope::{Encoding, Header, Hints};
use protocol::limits::{MAX_DECODED_BYTES, MAX_ITEM_BYTES};
use protocol::outcome::ErrorCode;

use super::clocks::applied_ms;
use super::receive::Received;
use super::shortened;
use super::slices::Clocks;
use super::validate::is_object;
use crate::error::ApiError;

/// Characters of the sender's name and version.
const MAX_SDK_CHARS: usize = 200;

/// Gzip members of a body. Browsers make one. Each takes a window of its own, and a megabyte of members
/// with nothing in them would take fifty thousand.
const MAX_MEMBERS: usize = 16;

/// The largest integer that JavaScript tells from its neighbours; clocks are well below it.
pub(super) const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// A text that has a header.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub(super) received: &'a Received,
    pub(super) header: Header,
    pub(super) hints: Hints,
    /// The sender's clock, as far as it is known: our time minus its own.
    pub(super) offset_ms: i64,
    /// Of the body itself, unless that was compressed.
    text: Cow<'a, str>,
    /// Where the line after the header begins.
    items_at: usize,
}

impl Decoded<'_> {
    /// The lines after the header. What follows the last line break is a line only if it is not
    /// empty.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.text[self.items_at..].lines()
    }

    /// The first line.
    pub(super) fn header_line(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }

    /// How its times become ours, and when it came.
    pub(super) const fn clocks(&self) -> Clocks {
        Clocks {
            applied_ms: applied_ms(self.offset_ms),
            received_ms: self.received.received_ms,
        }
    }
}

/// Decompresses, never past the limit, and reads the header.
pub(super) fn decode(received: &Received) -> Result<Decoded<'_>, ApiError> {
    let text = match received.encoding {
        Encoding::Identity => str::from_utf8(&received.body).ok().map(Cow::Borrowed),
        Encoding::Gzip => String::from_utf8(gunzip(&received.body)?)
            .ok()
            .map(Cow::Owned),
    };
    let text = text.ok_or_else(|| unreadable("the body is not UTF-8"))?;
    let (line, items_at) = match text.split_once('\n') {
        Some((line, _)) => (line, line.len() + 1),
        None => (&*text, text.len()),
    };
    let header = header_from(line)?;
    let own_ms = offset_ms(received.received_ms, header.sent_wall);
    let project = received.site.project;
    Ok(Decoded {
        received,
        hints: hints_from(line),
        offset_ms: received.clocks.least(project, header.boot, own_ms),
        header,
        items_at,
        text,
    })
}

fn unreadable(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::UnreadableBody, shortened(message))
}

/// Decompresses as a stream: a small body that grows without end is cut off, not unfolded.
fn gunzip(body: &Bytes) -> Result<Vec<u8>, ApiError> {
    let (mut text, mut rest) = (Vec::new(), &body[..]);
    for _ in 0..MAX_MEMBERS {
        let limit = (MAX_DECODED_BYTES + 1 - text.len()) as u64;
        let mut member = GzDecoder::new(rest).take(limit);
        member
            .read_to_end(&mut text)
            .map_err(|error| unreadable(format!("the body is not gzip: {error}")))?;
        if text.len() > MAX_DECODED_BYTES {
            return Err(ApiError::new(
                ErrorCode::BodyTooLarge,
                format!("a body may have {MAX_DECODED_BYTES} bytes after decompression"),
            ));
        }
        rest = member.into_inner().into_inner();
        if rest.is_empty() {
            return Ok(text);
        }
    }
    Err(unreadable(format!(
        "a body may be {MAX_MEMBERS} gzip members in a row"
    )))
}

/// Our time minus that of the sender, the way of the envelope included.
pub(super) fn offset_ms(received_ms: u64, sent_wall_ms: u64) -> i64 {
    // Both are below 2^53 and this cannot overflow, unless our own clock is beyond all reason.
    i64::try_from(i128::from(received_ms) - i128::from(sent_wall_ms)).unwrap_or(i64::MAX)
}

/// What only some senders say. None of it is worth an envelope.
fn hints_from(line: &str) -> Hints {
    if line.contains("\"webdriver\"") || line.contains("\"page\"") {
        serde_json::from_str(line).unwrap_or_default()
    } else {
        Hints::default()
    }
}

fn header_from(line: &str) -> Result<Header, ApiError> {
    if line.len() > MAX_ITEM_BYTES {
        return Err(unreadable("the header line is too long"));
    }
    if !is_object(line) {
        return Err(unreadable("the first line is no header"));
    }
    let mut json = serde_json::Deserializer::from_str(line);
    let header: Header = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| unreadable(format!("the header line is wrong at {error}")))?;
    json.end()
        .map_err(|error| unreadable(format!("the header line goes on after its end: {error}")))?;
    if header.sdk.chars().count() > MAX_SDK_CHARS {
        return Err(unreadable("the header line is wrong at sdk: too long"));
    }
    if header.sent_wall > MAX_SAFE_INTEGER {
        return Err(unreadable(
            "the header line is wrong at sent_wall: too large",
        ));
    }
    Ok(header)
}
