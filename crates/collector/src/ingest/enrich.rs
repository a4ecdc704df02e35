//! Turns items into rows: times by the collector's clock, hashes, and the fields of a table.

use protocol::outcome::DiscardReason;
use protocol::query::delivery::Bot;
use sha2::{Digest, Sha256};
use store::{Batch, Body, Loss, NewItem, Sender, Signs};

use super::decode::{Decoded, offset_ms};
use super::letter::letter;
use super::rows::body;
use super::signs::page;
use super::slices::{self, Clocks};
use super::validate::{Checked, CheckedItem};
use super::{Refusal, scrub};

/// Reasons of loss that one header may report. Ours has fewer than ten.
const MAX_LOSSES: usize = 32;

/// Rows for the store, and the fate of what goes no further.
#[derive(Debug)]
pub(super) struct Enriched {
    pub(super) key: String,
    pub(super) attempt: u32,
    pub(super) batch: Batch,
    /// One entry per line; those without a refusal are the batch's items, in order.
    pub(super) refusals: Vec<Option<Refusal>>,
    /// Whether the sender's clock is off by so much that it matters.
    is_corrected: bool,
}

impl Enriched {
    /// Whether times are corrected by what may be the way of the envelope alone.
    pub(super) fn has_odd_clock(&self) -> bool {
        self.is_corrected
    }

    /// Whether something was refused only because its survey is not known.
    pub(super) fn names_unknown_survey(&self) -> bool {
        let mut refusals = self.refusals.iter().flatten();
        refusals.any(|refusal| refusal.reason == DiscardReason::UnknownSurvey)
    }
}

/// Makes rows of everything that was not refused, and letters of what was.
pub(super) fn enrich(checked: Checked<'_>) -> Enriched {
    let envelope = checked.envelope;
    let received = envelope.received;
    let mut items = Vec::with_capacity(checked.items.len());
    let mut refusals = Vec::with_capacity(checked.items.len());
    let mut letters = Vec::new();
    let mut signs = signs(envelope);
    for (item, line) in checked.items.into_iter().zip(envelope.lines()) {
        match item {
            Ok(item) => {
                if signs.page.is_empty() {
                    signs.page = item.body.page_url().map(page).unwrap_or_default();
                }
                items.push(row(envelope, item));
                refusals.push(None);
            }
            Err(refusal) => {
                letters.push(letter(envelope, line, &refusal));
                refusals.push(Some(refusal));
            }
        }
    }
    Enriched {
        key: received.key.clone(),
        attempt: received.attempt,
        is_corrected: envelope.clocks().applied_ms != 0,
        batch: Batch {
            project: received.site.project,
            id: received.batch,
            received_ms: received.received_ms,
            sender: sender(envelope),
            losses: losses(envelope),
            items,
            signs,
            header: if letters.is_empty() {
                String::new()
            } else {
                String::from(envelope.header_line())
            },
            site_key: received.key.clone(),
            refused: letters,
        },
        refusals,
    }
}

/// What the request and its header show of the sender.
fn signs(envelope: &Decoded<'_>) -> Signs {
    let mut signs = envelope.received.signs.clone();
    signs.test = envelope.received.site.is_test;
    if envelope.hints.webdriver {
        signs.bot = signs.bot.or(Some(Bot::Driven));
    }
    if !envelope.hints.page.is_empty() {
        signs.page = page(&envelope.hints.page);
    }
    signs
}

fn sender(envelope: &Decoded<'_>) -> Sender {
    let header = &envelope.header;
    Sender {
        sdk: header.sdk.clone(),
        install: header.install,
        session: header.session,
        boot: header.boot,
        sent_wall_ms: header.sent_wall,
        clock_offset_ms: offset_ms(envelope.received.received_ms, header.sent_wall),
    }
}

/// The sender's report, as far as it can be one of ours.
fn losses(envelope: &Decoded<'_>) -> Vec<Loss> {
    let report = envelope.header.report.iter();
    report
        .filter(|(reason, count)| protocol::limits::is_slug(reason) && **count > 0)
        .take(MAX_LOSSES)
        .map(|(reason, count)| Loss {
            reason: reason.clone(),
            count: *count,
        })
        .collect()
}

fn row(envelope: &Decoded<'_>, item: CheckedItem<'_>) -> NewItem {
    let mut body = body(item.body, &envelope.received.site);
    if let Body::Latency(report) = &mut body {
        slices::correct(report, envelope.clocks());
    }
    let at_ms = corrected_ms(envelope.header.sent_wall, item.age_ms, envelope.clocks());
    NewItem {
        id: item.id,
        seq: item.seq,
        age_ms: item.age_ms,
        at_ms,
        body_hash: body_hash(body.kind().as_str(), item.seq, item.raw),
        line: scrub::line(item.line).into_owned(),
        body,
    }
}

/// Tells one body from another. The age is left out: it grows between attempts.
fn body_hash(kind: &str, seq: u64, raw: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(kind);
    hash.update(b"\n");
    hash.update(seq.to_be_bytes());
    hash.update(raw);
    hash.finalize().into()
}

/// When something happened, by our clock as far as theirs is wrong.
///
/// Never after its arrival: a clock that is a little ahead would put an answer outside every window
/// that ends now.
fn corrected_ms(sent_wall_ms: u64, age_ms: u64, clocks: Clocks) -> u64 {
    let sent_ms = sent_wall_ms.saturating_add_signed(clocks.applied_ms);
    sent_ms.saturating_sub(age_ms).min(clocks.received_ms)
}

#[cfg(test)]
mod tests {
    use super::super::clocks::applied_ms;
    use super::*;

    #[test]
    fn a_clock_is_corrected_only_when_it_is_more_than_a_minute_off() {
        const NOW: u64 = 1_793_491_200_000;
        let check = |sent: u64, age: u64, expected: u64| {
            let clocks = Clocks {
                applied_ms: applied_ms(offset_ms(NOW, sent)),
                received_ms: NOW,
            };
            assert_eq!(corrected_ms(sent, age, clocks), expected, "{sent} {age}");
        };
        check(NOW, 500, NOW - 500);
        // Exactly a minute behind is taken as it is, one millisecond more is not.
        check(NOW - 60_000, 500, NOW - 60_500);
        check(NOW - 60_001, 500, NOW - 500);
        check(NOW + 60_001, 500, NOW - 500);
        // Ahead by less: as it is, but not in the future.
        check(NOW + 30_000, 40_000, NOW - 10_000);
        check(NOW + 30_000, 500, NOW);
        // A clock that was never set.
        check(0, 500, NOW - 500);
        check(0, u64::MAX, 0);
    }

    #[test]
    fn offsets_have_a_sign() {
        assert_eq!(offset_ms(5, 8), -3);
        assert_eq!(offset_ms(8, 5), 3);
    }

    #[test]
    fn a_hash_knows_type_position_and_body_and_no_age() {
        let base = body_hash("response", 1, "{}");
        assert_eq!(base, body_hash("response", 1, "{}"));
        assert_ne!(base, body_hash("dismissal", 1, "{}"));
        assert_ne!(base, body_hash("response", 2, "{}"));
        assert_ne!(base, body_hash("response", 1, "{ }"));
    }
}
