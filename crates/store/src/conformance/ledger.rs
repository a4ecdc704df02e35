//! Turns the promises of [`crate::Ledger`] into behaviours.

use protocol::id::{BootId, InstallId, ItemId};
use protocol::outcome::DiscardReason;
use protocol::query::delivery::{Bot, Browser};

use super::build::*;
use crate::{
    Batch, Fate, FateSum, HeldKind, LedgerRetention, LettersFilter, Loss, LossSum, ProjectId,
    Refused, Span, Store, Subject,
};

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

/// A batch of page load number `boot` with items of these numbers, received `at` after [`T0`].
fn sent(project: ProjectId, boot: u32, seqs: &[u64], at: u64) -> Batch {
    let items = seqs.iter().map(|seq| {
        let n = boot * 1_000 + *seq as u32;
        let mut one = item(n, 0, impression());
        one.seq = *seq;
        one
    });
    let mut sent = batch(project, boot, items.collect());
    sent.id = nth(protocol::id::BatchId::new, boot * 1_000 + at as u32 % 997);
    sent.received_ms = T0 + at;
    sent.signs.browser = Browser::Firefox;
    sent.signs.page = String::from("/cart");
    sent
}

/// A line that was refused, number `n` of its page load.
fn refused(n: u32, reason: DiscardReason) -> Refused {
    let mut hash = [0; 16];
    hash[..4].copy_from_slice(&n.to_be_bytes());
    Refused {
        id: Some(nth(ItemId::new, n)),
        seq: Some(u64::from(n)),
        reason,
        message: String::from("p: is wrong"),
        line: format!(r#"{{"n":{n}}}"#),
        hash,
        is_cut: false,
    }
}

async fn fates(store: &dyn Store, project: ProjectId) -> Vec<(Fate, u64)> {
    let sums = ok(store.delivery(project, ALWAYS, T0).await);
    let mut fates: Vec<_> = sums
        .fates
        .into_iter()
        .map(|sum| (sum.fate, sum.items))
        .collect();
    fates.sort();
    fates
}

fn letters_of(project: ProjectId) -> LettersFilter {
    LettersFilter {
        project,
        reason: None,
        after: 0,
        limit: 100,
    }
}

/// Every way in which an item can end is counted, once for each time that it came.
pub async fn every_fate_is_counted(store: &dyn Store) {
    let project = project(store).await;
    let first = sent(project, 1, &[0, 1], 0);
    ok(store.append(first.clone()).await);
    ok(store.append(first).await);
    let mut other = sent(project, 1, &[1], 10);
    other.items[0].body_hash = [9; 32];
    ok(store.append(other).await);
    let mut junk = sent(project, 1, &[], 20);
    junk.refused = vec![refused(2, DiscardReason::UnknownSurvey)];
    junk.losses = vec![Loss {
        reason: String::from("queue_full"),
        count: 5,
    }];
    ok(store.append(junk.clone()).await);
    // An answer that was lost on its way: nothing of this is new.
    ok(store.append(junk).await);
    let expected = [
        (Fate::Accepted, 2),
        (Fate::Duplicate, 2),
        (Fate::Conflict, 1),
        (Fate::Rejected(String::from("unknown_survey")), 1),
        (Fate::Dropped(String::from("queue_full")), 5),
    ];
    assert_eq!(fates(store, project).await, expected);
}

/// Counts are told by browser and by whether somebody sits before it, in the hours of the span.
pub async fn fates_are_told_by_sender_and_hour(store: &dyn Store) {
    let project = project(store).await;
    ok(store.append(sent(project, 1, &[0], 0)).await);
    let mut later = sent(project, 2, &[0, 1], HOUR_MS);
    later.signs.bot = Some(Bot::Driven);
    ok(store.append(later).await);
    let span = |from, to| Span {
        from_ms: T0 + from * HOUR_MS,
        to_ms: T0 + to * HOUR_MS,
    };
    let told = async |span| ok(store.delivery(project, span, T0).await).fates;
    let sum = |bot, items| FateSum {
        browser: Browser::Firefox,
        bot,
        fate: Fate::Accepted,
        items,
    };
    assert_eq!(told(span(0, 1)).await, [sum(None, 1)]);
    assert_eq!(told(span(1, 2)).await, [sum(Some(Bot::Driven), 2)]);
    assert_eq!(told(span(2, 9)).await, []);
    let other = super::build::project(store).await;
    assert_eq!(ok(store.delivery(other, ALWAYS, T0).await).fates, []);
}

/// A number that never came is missed, whatever the order of the others; one that was refused came.
pub async fn holes_are_what_never_came(store: &dyn Store) {
    let project = project(store).await;
    let told = async |settled_ms: u64| {
        let sums = store.delivery(project, ALWAYS, settled_ms);
        ok(sums.await).losses
    };
    let sum = |boots, came, open, lost, dropped| LossSum {
        browser: Browser::Firefox,
        bot: None,
        page: String::from("/cart"),
        boots,
        came,
        open,
        lost,
        dropped,
    };
    ok(store.append(sent(project, 1, &[4, 1], 0)).await);
    assert_eq!(told(T0).await, [sum(1, 2, 3, 0, 0)]);
    let mut more = sent(project, 1, &[0], 500);
    more.refused = vec![refused(2, DiscardReason::InvalidItem)];
    ok(store.append(more).await);
    assert_eq!(told(T0).await, [sum(1, 4, 1, 0, 0)]);
    // Nothing more comes of a page load that has been silent for long.
    assert_eq!(told(T0 + 501).await, [sum(1, 4, 0, 1, 0)]);
    let mut second = sent(project, 2, &[0, 2], 600);
    second.losses = vec![Loss {
        reason: String::from("too_large"),
        count: 1,
    }];
    ok(store.append(second).await);
    assert_eq!(told(T0).await, [sum(2, 6, 2, 0, 1)]);
}

/// Whatever a span begins and ends with, page loads in it are those first heard of in it.
pub async fn a_span_has_its_page_loads(store: &dyn Store) {
    let project = project(store).await;
    let begins = [
        0,
        1,
        HOUR_MS / 2,
        HOUR_MS,
        HOUR_MS + 1,
        2 * HOUR_MS - 1,
        4 * HOUR_MS,
    ];
    for (boot, at) in (0..).zip(begins) {
        // Two come, one is missing; later another one comes, and the page is known, which stays.
        let mut first = sent(project, boot, &[0, 2], at);
        first.signs.page = String::new();
        ok(store.append(first).await);
        ok(store.append(sent(project, boot, &[4], at + HOUR_MS)).await);
        let mut last = sent(project, boot, &[], at + HOUR_MS);
        last.signs.page = String::from("/other");
        ok(store.append(last).await);
    }
    let edges = [
        0,
        1,
        2,
        HOUR_MS / 2 + 1,
        HOUR_MS,
        3 * HOUR_MS / 2,
        2 * HOUR_MS,
        5 * HOUR_MS,
    ];
    for from in edges {
        for to in edges
            .into_iter()
            .filter(|to| *to >= from)
            .chain([u64::MAX - T0])
        {
            let span = Span {
                from_ms: T0 + from,
                to_ms: T0 + to,
            };
            let within = begins.iter().filter(|at| (from..to).contains(at)).count() as u64;
            let loads = ok(store.page_loads(project, span).await);
            let cart = (within > 0).then(|| (String::from("/cart"), within));
            assert_eq!(loads, Vec::from_iter(cart), "{from} to {to}");
            let losses = ok(store.delivery(project, span, T0 + 2 * HOUR_MS).await).losses;
            let told = losses
                .iter()
                .map(|sum| (sum.boots, sum.came, sum.open + sum.lost));
            let told = told.collect::<Vec<_>>();
            let expected = (within, within * 3, within * 2);
            assert_eq!(told, Vec::from_iter((within > 0).then_some(expected)));
            // Those that were heard of an hour after they began, and later than two.
            let open = begins
                .iter()
                .filter(|at| (from..to).contains(at) && **at >= HOUR_MS);
            let open = open.count() as u64 * 2;
            assert_eq!(losses.iter().map(|sum| sum.open).sum::<u64>(), open);
        }
    }
}

/// The same numbers a second time change nothing, nor do those that nobody could have reached.
pub async fn holes_are_not_made_up(store: &dyn Store) {
    let project = project(store).await;
    let batch = sent(project, 1, &[0, 1, 1 << 40], 0);
    for _ in 0..2 {
        ok(store.append(batch.clone()).await);
    }
    let losses = ok(store.delivery(project, ALWAYS, T0).await).losses;
    assert_eq!((losses[0].came, losses[0].open), (2, 0));
}

/// The smallest difference of a page load's clock is known.
pub async fn a_clock_offset_is_the_smallest(store: &dyn Store) {
    let project = project(store).await;
    for (at, offset_ms) in [(0, 900), (1, -50), (2, 172_800_000)] {
        let mut batch = sent(project, 1, &[at], at);
        batch.sender.clock_offset_ms = offset_ms;
        ok(store.append(batch).await);
    }
    let boot = nth(BootId::new, 1);
    assert_eq!(ok(store.clock_offset(project, boot).await), Some(-50));
    let other = nth(BootId::new, 2);
    assert_eq!(ok(store.clock_offset(project, other).await), None);
}

/// What is refused can be read, found by reason, and discarded.
pub async fn letters_are_kept_until_they_are_discarded(store: &dyn Store) {
    let project = project(store).await;
    let mut junk = sent(project, 1, &[], 7);
    junk.header = String::from(r#"{"sdk":"x"}"#);
    junk.refused = vec![
        refused(0, DiscardReason::UnknownSurvey),
        refused(1, DiscardReason::InvalidItem),
    ];
    ok(store.append(junk.clone()).await);
    ok(store.append(junk).await);
    let all = ok(store.letters(letters_of(project)).await);
    let reasons: Vec<_> = all.iter().map(|letter| letter.reason.as_str()).collect();
    assert_eq!(reasons, ["unknown_survey", "invalid_item"]);
    let first = &all[0];
    assert_eq!(first.line, r#"{"n":0}"#);
    assert_eq!(first.header, r#"{"sdk":"x"}"#);
    assert_eq!(first.message, "p: is wrong");
    assert_eq!((first.received_ms, first.is_cut), (T0 + 7, false));
    assert_eq!(first.site_key, "fh_demo_shop");
    let mut filter = letters_of(project);
    filter.reason = Some(String::from("invalid_item"));
    assert_eq!(ok(store.letters(filter.clone()).await), all[1..]);
    filter.after = all[1].number;
    assert_eq!(ok(store.letters(filter).await), []);
    let other = super::build::project(store).await;
    let gone = store.discard_letters(other, vec![first.number]);
    assert_eq!(ok(gone.await), 0);
    let gone = store.discard_letters(project, vec![first.number, 999]);
    assert_eq!(ok(gone.await), 1);
    let sums = ok(store.letter_sums(project).await);
    let sums: Vec<_> = sums
        .iter()
        .map(|sum| (sum.reason.as_str(), sum.letters, sum.bytes))
        .collect();
    assert_eq!(sums, [("invalid_item", 1, 7)]);
}

/// There is a bounded number of letters of one reason, and those of another are not what has to go.
pub async fn the_oldest_letters_of_a_reason_go(store: &dyn Store) {
    let project = project(store).await;
    let mut kept = sent(project, 1, &[], 0);
    kept.refused = vec![refused(0, DiscardReason::UnknownSurvey)];
    ok(store.append(kept).await);
    for group in 0..30_u32 {
        let mut junk = sent(project, 2, &[], u64::from(group));
        let numbers = group * 100..(group + 1) * 100;
        junk.refused = numbers
            .map(|n| refused(n + 1, DiscardReason::MalformedItem))
            .collect();
        ok(store.append(junk).await);
    }
    let sums = ok(store.letter_sums(project).await);
    let malformed = &sums[0];
    assert_eq!(malformed.reason, "malformed_item");
    assert!(malformed.letters < 3_000, "{malformed:?}");
    assert_eq!(malformed.letters + malformed.dropped, 3_000);
    assert_eq!((sums[1].letters, sums[1].dropped), (1, 0));
    let mut filter = letters_of(project);
    filter.reason = Some(String::from("malformed_item"));
    let oldest = &ok(store.letters(filter).await)[0];
    assert_eq!(oldest.line, format!(r#"{{"n":{}}}"#, malformed.dropped + 1));
}

/// Old page loads and letters go, and what they lost is still known.
pub async fn what_is_forgotten_stays_counted(store: &dyn Store) {
    let project = project(store).await;
    ok(store.append(sent(project, 1, &[0, 3], 0)).await);
    let mut junk = sent(project, 1, &[], 5);
    junk.refused = vec![refused(1, DiscardReason::InvalidItem)];
    ok(store.append(junk).await);
    ok(store.append(sent(project, 2, &[0, 2], 20 * DAY_MS)).await);
    let keep = LedgerRetention::default();
    assert_eq!(ok(store.prune_ledger(T0 + 14 * DAY_MS, keep).await), 0);
    let gone = store.prune_ledger(T0 + 31 * DAY_MS, keep);
    assert_eq!(ok(gone.await), 2, "one page load, one letter");
    let losses = ok(store.delivery(project, ALWAYS, T0 + 31 * DAY_MS).await).losses;
    let told: Vec<_> = losses
        .iter()
        .map(|sum| (sum.page.as_str(), sum.boots, sum.came, sum.lost))
        .collect();
    assert_eq!(told, [("", 1, 3, 1), ("/cart", 1, 2, 1)]);
    let sums = ok(store.letter_sums(project).await);
    assert_eq!((sums[0].letters, sums[0].dropped), (0, 1));
    assert_eq!(ok(store.prune_ledger(T0 + 31 * DAY_MS, keep).await), 0);
}

/// What was refused of an install goes with the rest of it.
pub async fn letters_go_with_their_install(store: &dyn Store) {
    let project = project(store).await;
    for n in [1, 2] {
        let mut junk = sent(project, n, &[], 0);
        junk.refused = vec![refused(n, DiscardReason::MalformedItem)];
        ok(store.append(junk).await);
    }
    let install = Subject::Install(nth(InstallId::new, 1));
    let erased = ok(store.erase(project, install, T0 + DAY_MS).await);
    assert_eq!(erased.counts.get(&HeldKind::Letter), Some(&1));
    let sums = ok(store.letter_sums(project).await);
    assert_eq!((sums[0].letters, sums[0].bytes), (1, 7));
}

/// What came under an id of another item can be read beside it.
pub async fn what_was_kept_aside_can_be_read(store: &dyn Store) {
    let project = project(store).await;
    ok(store.append(sent(project, 1, &[0, 1], 0)).await);
    assert_eq!(ok(store.asides(project, 9).await), []);
    for (at, byte) in [(10, 9), (20, 8)] {
        let mut other = sent(project, 1, &[1], at);
        other.items[0].body_hash = [byte; 32];
        other.items[0].line = format!(r#"{{"n":"{byte}"}}"#);
        ok(store.append(other).await);
    }
    let all = ok(store.asides(project, 9).await);
    let lines: Vec<_> = all.iter().map(|aside| aside.line.as_str()).collect();
    assert_eq!(lines, [r#"{"n":"9"}"#, r#"{"n":"8"}"#]);
    let first = &all[0];
    assert_eq!(first.id, nth(ItemId::new, 1_001));
    assert_eq!(first.install, nth(InstallId::new, 1));
    assert_eq!(first.received_ms, T0 + 10);
    assert_eq!(
        first.kept.as_deref(),
        Some(r#"{"n":1001,"kept":"as it came"}"#)
    );
    assert_eq!(ok(store.asides(project, 1).await), all[..1]);
    let other = super::build::project(store).await;
    assert_eq!(ok(store.asides(other, 9).await), []);
}
