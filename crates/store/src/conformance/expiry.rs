//! Turns ages, and what was refused, into behaviours of [`crate::Custody`].

use std::collections::BTreeMap;

use protocol::outcome::Outcome::{Accepted, Duplicate};

use super::build::*;
use super::custody::{
    LATER, closed, erase, held, held_counts, image_of, install, kinds, named, said, shown, told,
    with_loss,
};
use crate::{
    Batch, Body, Held, HeldKind, KeepFor, KeepKind, LedgerRetention, NewItem, ProjectId, Store,
};

const FOR_GOOD: KeepFor = KeepFor {
    responses_ms: None,
    impressions_ms: None,
    dismissals_ms: None,
    attachments_ms: None,
    vitals_ms: None,
    dead_letters_ms: None,
    losses_ms: None,
    ids_ms: 15 * DAY,
};
const DAY: u64 = 86_400_000;

/// Expires everything at a time; answers how many of each kind.
async fn expire(store: &dyn Store, now_ms: u64, keep: KeepFor) -> BTreeMap<HeldKind, u64> {
    let mut all = BTreeMap::new();
    loop {
        let some = ok(store.expire(now_ms, keep).await);
        for (kind, n) in some.counts {
            *all.entry(kind).or_default() += n;
        }
        if !some.more {
            return all;
        }
    }
}

/// Each kind goes when it is old enough, and only then.
pub async fn each_kind_has_its_own_age(store: &dyn Store) {
    let project = project(store).await;
    ok(store.put_attachment(image_of(project, 1)).await);
    let all = vec![shown(1), said(2, None, "said", &[1]), closed(3, Some(2))];
    append(store, with_loss(batch(project, 1, all))).await;
    let mut conflict = shown(1);
    conflict.body_hash = [9; 32];
    append(store, batch(project, 1, vec![conflict])).await;
    let day = Some(DAY);
    let cases: [(KeepFor, &[(&str, u64)]); 7] = [
        (FOR_GOOD, &[]),
        (
            KeepFor {
                impressions_ms: day,
                ..FOR_GOOD
            },
            &[("item", 1)],
        ),
        (
            KeepFor {
                dismissals_ms: day,
                ..FOR_GOOD
            },
            &[("item", 1)],
        ),
        (
            KeepFor {
                dead_letters_ms: day,
                ..FOR_GOOD
            },
            &[("conflict", 1)],
        ),
        (
            KeepFor {
                losses_ms: day,
                ..FOR_GOOD
            },
            &[("loss", 1)],
        ),
        (
            KeepFor {
                attachments_ms: day,
                ..FOR_GOOD
            },
            &[("attachment", 1)],
        ),
        (
            KeepFor {
                responses_ms: day,
                ..FOR_GOOD
            },
            &[("item", 1), ("response", 1)],
        ),
    ];
    let arrived = T0 + 60_000;
    for (keep, expected) in cases {
        assert_eq!(kinds(&expire(store, T0 + DAY, keep).await), [], "{keep:?}");
        let gone = expire(store, arrived + DAY + 1, keep).await;
        assert_eq!(kinds(&gone), expected, "{keep:?}");
    }
    assert_eq!(held(store, project, install(1)).await, Held::default());
    assert_eq!(texts(store, project).await, Vec::<String>::new());
}

/// What would go is what goes, kind by kind, also where things did not arrive in order.
pub async fn what_would_go_is_counted(store: &dyn Store) {
    const HOUR: u64 = 3_600_000;
    let project = project(store).await;
    let arrived = T0 + 60_000;
    let now_ms = arrived + DAY + HOUR;
    for n in [1, 2] {
        ok(store.put_attachment(image_of(project, n)).await);
    }
    let report = crate::LatencyRow {
        vitals: vec![(String::from("LCP"), 2_500_000)],
        ..crate::LatencyRow::default()
    };
    let vital = item(9, 0, Body::Latency(Box::new(report)));
    let first = vec![shown(1), said(2, None, "said", &[1]), vital];
    append(store, with_loss(batch(project, 1, first))).await;
    let mut conflict = shown(1);
    conflict.body_hash = [9; 32];
    append(store, batch(project, 1, vec![conflict])).await;
    append(store, junk(project, 1, String::from("junk"), arrived)).await;
    let at = async |received_ms: u64, items: Vec<NewItem>| {
        let mut batch = batch(project, 1, items);
        batch.received_ms = received_ms;
        append(store, batch).await;
    };
    // Our clock was ahead for a while, and at the end something is replayed.
    at(now_ms + 400 * DAY, vec![shown(3)]).await;
    at(arrived + 1, vec![shown(4), closed(5, None)]).await;
    at(arrived + DAY, vec![shown(6), said(7, None, "young", &[])]).await;
    at(arrived, vec![shown(8)]).await;
    let expected = [1, 2, 1, 1, 1, 2, 1];
    for (kind, n) in KeepKind::ALL.into_iter().zip(expected) {
        let older = async || ok(store.older(now_ms, kind, DAY).await);
        assert_eq!(ok(store.older(arrived, kind, DAY).await), 0, "{kind:?}");
        assert_eq!(older().await, n, "{kind:?}");
        assert_eq!(gone(store, now_ms, kind).await, n, "{kind:?} as counted");
        assert_eq!(older().await, 0, "{kind:?} once");
    }
}

/// Takes away what is a day old of one kind; answers how much of that kind.
async fn gone(store: &dyn Store, now_ms: u64, kind: KeepKind) -> u64 {
    let mut keep = FOR_GOOD;
    keep.set(kind, Some(DAY));
    let some = ok(store.expire(now_ms, keep).await);
    assert!(!some.more);
    let of = |held: HeldKind| some.counts.get(&held).copied().unwrap_or(0);
    match kind {
        KeepKind::Responses => of(HeldKind::Response),
        KeepKind::Impressions | KeepKind::Dismissals => of(HeldKind::Item),
        KeepKind::Attachments => of(HeldKind::Attachment),
        KeepKind::Vitals => some.vitals,
        KeepKind::Losses => of(HeldKind::Loss),
        KeepKind::DeadLetters => {
            let accounts = LedgerRetention {
                letters_ms: DAY,
                ..LedgerRetention::default()
            };
            of(HeldKind::Conflict) + ok(store.prune_ledger(now_ms, accounts).await)
        }
    }
}

/// An id outlives what it named, for as long as ids are kept: until then the same is a duplicate and
/// anything else a conflict.
pub async fn ids_outlive_what_they_name(store: &dyn Store) {
    let project = project(store).await;
    append(
        store,
        batch(project, 1, vec![shown(1), said(2, None, "said", &[])]),
    )
    .await;
    let keep = KeepFor {
        impressions_ms: Some(DAY),
        responses_ms: Some(DAY),
        ..FOR_GOOD
    };
    let gone_ms = T0 + 3 * DAY;
    expire(store, gone_ms, keep).await;
    let again = || batch(project, 1, vec![shown(1), said(2, None, "said", &[])]);
    assert_eq!(append(store, again()).await, [Duplicate, Duplicate]);
    let mut other = shown(1);
    other.body_hash = [9; 32];
    let outcomes = append(store, batch(project, 1, vec![other])).await;
    assert_eq!(outcomes, [protocol::outcome::Outcome::Conflict]);
    assert_eq!(texts(store, project).await, Vec::<String>::new());
    for (after, is_known) in [(15 * DAY, true), (17 * DAY, false)] {
        let step = ok(store.expire(gone_ms + after, keep).await);
        assert_eq!(step.ids == 0, is_known, "{after}");
    }
    assert_eq!(append(store, again()).await, [Accepted, Accepted]);
}

/// Expiry goes in steps, and what arrives between them has its own time.
pub async fn expiry_goes_in_steps(store: &dyn Store) {
    let project = project(store).await;
    for first in (0..1_000).step_by(100) {
        append(
            store,
            batch(project, 1, (first..first + 100).map(shown).collect()),
        )
        .await;
    }
    let keep = KeepFor {
        impressions_ms: Some(DAY),
        ..FOR_GOOD
    };
    let now_ms = T0 + 2 * DAY;
    let step = ok(store.expire(now_ms, keep).await);
    assert!(step.more, "{step:?}");
    let taken = step
        .counts
        .get(&HeldKind::Item)
        .copied()
        .unwrap_or_default();
    assert!((1..1_000).contains(&taken), "{taken}");
    let mut young = batch(project, 2, vec![shown(5_000)]);
    young.received_ms = now_ms;
    append(store, young).await;
    let rest = expire(store, now_ms, keep).await;
    assert_eq!(kinds(&rest), [("item", 1_000 - taken)]);
    // All are gone, and new ones come: they go when their time has come.
    assert_eq!(
        kinds(&expire(store, now_ms + DAY + 1, keep).await),
        [("item", 1)]
    );
    let mut new = batch(project, 3, vec![shown(6_000), shown(6_001)]);
    new.received_ms = now_ms + 2 * DAY;
    append(store, new).await;
    assert_eq!(kinds(&expire(store, now_ms + 2 * DAY, keep).await), []);
    assert_eq!(
        kinds(&expire(store, now_ms + 4 * DAY, keep).await),
        [("item", 2)]
    );
    assert_eq!(super::build::counts(store, project).await.shown, 0);
}

/// Web vitals go by the hour.
pub async fn vitals_expire(store: &dyn Store) {
    let project = project(store).await;
    let report = crate::LatencyRow {
        vitals: vec![(String::from("LCP"), 2_500_000)],
        ..crate::LatencyRow::default()
    };
    append(
        store,
        batch(
            project,
            1,
            vec![item(1, 0, Body::Latency(Box::new(report)))],
        ),
    )
    .await;
    let keep = KeepFor {
        vitals_ms: Some(DAY),
        ..FOR_GOOD
    };
    for (after, n) in [(DAY, 0), (DAY + 3_600_000, 1), (2 * DAY, 0)] {
        assert_eq!(
            ok(store.expire(T0 + after, keep).await).vitals,
            n,
            "{after}"
        );
    }
    assert_eq!(ok(store.vitals(project, ALWAYS).await).len(), 0);
}

/// A batch of install `n` of which one line was refused.
fn junk(project: ProjectId, n: u32, line: String, received_ms: u64) -> Batch {
    let mut junk = batch(project, n, Vec::new());
    junk.received_ms = received_ms;
    junk.refused = vec![crate::Refused {
        id: None,
        seq: None,
        reason: protocol::outcome::DiscardReason::MalformedItem,
        message: String::from("is no JSON"),
        hash: [line.len() as u8 ^ n as u8; 16],
        line,
        is_cut: false,
    }];
    junk
}

/// What was refused of an install that was erased does not come back while it may be from before.
pub async fn letters_of_whom_was_erased_stay_away(store: &dyn Store) {
    let project = project(store).await;
    for n in [1, 2] {
        append(store, junk(project, n, format!("junk of {n}"), T0)).await;
    }
    let text = format!("{:?}", told(store, project, install(1)).await);
    assert!(text.contains("junk of 1"), "{text}");
    let erased = erase(store, project, install(1)).await;
    assert_eq!(kinds(&erased.counts), [("letter", 1)]);
    let sums = ok(store.letter_sums(project).await);
    assert_eq!((sums[0].letters, sums[0].bytes), (1, 9));
    for (after, letters) in [(0, 1), (7 * DAY, 1), (9 * DAY, 2)] {
        append(
            store,
            junk(project, 1, String::from("junk of 1"), LATER + after),
        )
        .await;
        assert_eq!(
            ok(store.letter_sums(project).await)[0].letters,
            letters,
            "{after}"
        );
    }
}

/// What was refused is found, and kept out, by whom its line names.
pub async fn letters_name_people(store: &dyn Store) {
    let project = project(store).await;
    let line = |n, person| said(n, Some(person), "refused", &[]).line;
    append(store, junk(project, 1, line(1, "ada"), T0)).await;
    append(store, junk(project, 1, line(20, "bob"), T0)).await;
    assert_eq!(
        held_counts(store, project, named("ada")).await,
        [("letter", 1)]
    );
    assert_eq!(
        kinds(&erase(store, project, named("ada")).await.counts),
        [("letter", 1)]
    );
    append(store, junk(project, 3, line(1, "ada"), LATER)).await;
    assert_eq!(held_counts(store, project, named("ada")).await, []);
    assert_eq!(
        held_counts(store, project, named("bob")).await,
        [("letter", 1)]
    );
}
