//! Turns a body into its header and its lines.

use std::borrow::Cow;
use std::io::Read;

use axum::body::Bytes;
use flate2::read::MultiGzDecoder;
use protocol::envelope::{Encoding, Header};
use protocol::limits::{MAX_DECODED_BYTES, MAX_ITEM_BYTES};
use protocol::outcome::ErrorCode;

use super::receive::Received;
use super::shortened;
use super::slices::Clocks;
use super::validate::is_object;
use crate::error::ApiError;

/// Characters of the sender's name and version.
const MAX_SDK_CHARS: usize = 200;

/// The largest integer that JavaScript tells from its neighbours; clocks are well below it.
pub(super) const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// A text that has a header.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub(super) received: &'a Received,
    pub(super) header: Header,
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

    /// When it was sent, and when it came.
    pub(super) const fn clocks(&self) -> Clocks {
        Clocks {
            sent_wall_ms: self.header.sent_wall,
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
    Ok(Decoded {
        received,
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
    let mut text = Vec::new();
    let limit = MAX_DECODED_BYTES as u64 + 1;
    MultiGzDecoder::new(&body[..])
        .take(limit)
        .read_to_end(&mut text)
        .map_err(|error| unreadable(format!("the body is not gzip: {error}")))?;
    if text.len() > MAX_DECODED_BYTES {
        return Err(ApiError::new(
            ErrorCode::BodyTooLarge,
            format!("a body may have {MAX_DECODED_BYTES} bytes after decompression"),
        ));
    }
    Ok(text)
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
