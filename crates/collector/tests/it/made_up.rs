//! Turns bodies that nobody would send into one outcome a line or one refusal, never into a panic.

use collector::DryRun;
use proptest::prelude::*;
use protocol::envelope::Encoding;
use protocol::limits::{MAX_DECODED_BYTES, MAX_ITEMS};
use protocol::outcome::{DiscardReason, ErrorCode};

use crate::world::gzip;

const FULL: &str = include_str!("../../../../tests/fixtures/wire/v1/full.ndjson");
const LATENCY: &str = include_str!("../../../../tests/fixtures/wire/v1/latency.ndjson");
const ANSWERS: &str = include_str!("../../../../tests/fixtures/wire/v1/every-answer.ndjson");

/// A golden body with some of its bytes replaced by others.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let parts = prop::sample::select(vec![
        &b"0"[..],
        b"-1",
        b"1e99",
        b"18446744073709551616",
        b"\"\"",
        b"[]",
        b"{}",
        b"null",
        b"\n",
        b"\r",
        b"\xff",
        b"\\ud800",
        b"\0",
        b"\"AAAA\"",
        b",",
    ]);
    let change = (any::<prop::sample::Index>(), 0..60_usize, parts);
    let changes = prop::collection::vec(change, 1..6);
    (prop::sample::select(vec![FULL, LATENCY, ANSWERS]), changes).prop_map(|(golden, changes)| {
        let mut bytes = golden.as_bytes().to_vec();
        for (at, length, part) in changes {
            let from = at.index(bytes.len() + 1);
            let to = (from + length).min(bytes.len());
            bytes.splice(from..to, part.iter().copied());
        }
        bytes
    })
}

/// Compressed or not, a body comes to the same.
#[track_caller]
fn check(body: &[u8]) {
    let site = DryRun::new(Vec::new());
    let outcomes = site.outcomes(Encoding::Identity, body);
    assert_eq!(site.outcomes(Encoding::Gzip, &gzip(body)), outcomes);
    match outcomes {
        Ok(outcomes) => {
            let lines = std::str::from_utf8(body).unwrap().lines().count();
            assert_eq!(outcomes.len(), lines.saturating_sub(1));
        }
        Err(code) => assert_eq!(code, ErrorCode::UnreadableBody),
    }
}

#[test]
fn golden_bodies_are_read_and_their_surveys_missed() {
    let site = DryRun::new(Vec::new());
    let outcomes = site.outcomes(Encoding::Identity, FULL.as_bytes()).unwrap();
    assert!(outcomes.contains(&Err(DiscardReason::UnknownSurvey)));
    check(FULL.as_bytes());
    check(LATENCY.as_bytes());
}

#[test]
fn what_unfolds_without_end_is_cut_off() {
    let site = DryRun::new(Vec::new());
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < MAX_DECODED_BYTES / 8);
    let outcomes = site.outcomes(Encoding::Gzip, &bomb);
    assert_eq!(outcomes, Err(ErrorCode::BodyTooLarge));
}

#[test]
fn lines_are_counted_before_they_are_looked_at() {
    let header = FULL.lines().next().unwrap();
    let site = DryRun::new(Vec::new());
    let body = |lines: usize| format!("{header}\n{}", "{}\n".repeat(lines));
    let read = |lines| site.outcomes(Encoding::Identity, body(lines).as_bytes());
    let all = vec![Err(DiscardReason::MalformedItem); MAX_ITEMS];
    assert_eq!(read(MAX_ITEMS), Ok(all));
    assert_eq!(read(MAX_ITEMS + 1), Err(ErrorCode::TooManyItems));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes);
    }

    #[test]
    fn nearly_golden_bodies_are_read_or_refused(bytes in nearly()) {
        check(&bytes);
    }

    #[test]
    fn any_gzip_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let site = DryRun::new(Vec::new());
        let mut packed = gzip(FULL.as_bytes());
        let at = bytes.len() % packed.len();
        packed.splice(at..at, bytes);
        if let Err(code) = site.outcomes(Encoding::Gzip, &packed) {
            prop_assert_eq!(code, ErrorCode::UnreadableBody);
        }
    }
}
