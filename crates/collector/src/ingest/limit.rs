//! Turns lines into lines of a bearable number and length.

use protocol::limits::{MAX_ITEM_BYTES, MAX_ITEMS};
use protocol::outcome::{DiscardReason, ErrorCode};

use super::Refusal;
use super::decode::Decoded;
use crate::error::ApiError;

/// The lines of an envelope, each of which may be looked at.
#[derive(Debug)]
pub(super) struct Limited<'a> {
    pub(super) envelope: &'a Decoded<'a>,
    pub(super) lines: Vec<Result<&'a str, Refusal>>,
}

/// Counts and measures. Too many items refuse the body, so that the sender splits it.
pub(super) fn limit<'a>(envelope: &'a Decoded<'a>) -> Result<Limited<'a>, ApiError> {
    let mut lines = Vec::new();
    for line in envelope.lines() {
        if lines.len() == MAX_ITEMS {
            return Err(ApiError::new(
                ErrorCode::TooManyItems,
                format!("a body may have {MAX_ITEMS} items"),
            ));
        }
        lines.push(measured(line));
    }
    Ok(Limited { envelope, lines })
}

fn measured(line: &str) -> Result<&str, Refusal> {
    if line.len() <= MAX_ITEM_BYTES {
        return Ok(line);
    }
    Err(Refusal::new(
        DiscardReason::ItemTooLarge,
        format!("{} bytes; an item may have {MAX_ITEM_BYTES}", line.len()),
    ))
}
