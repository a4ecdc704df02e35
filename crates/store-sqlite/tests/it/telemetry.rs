//! Turns what this backend does with names that nobody budgets for, and with any reports in any
//! order, into tests.

use std::collections::BTreeMap;

use proptest::prelude::*;
use protocol::latency::OTHER_TEMPLATE;
use store::conformance::{
    ALWAYS, FAST, S0, T0, batch, key, ok, project, report, reported, say, slice, slices, sums,
};
use store::{LatencyRow, NewItem, ProjectId, Retention, SliceRow, Span, Step, Store};
use tokio::runtime::Runtime;

use crate::open;

/// Templates past the number that a feature tells apart are counted together.
#[tokio::test]
async fn made_up_templates_are_the_rest() {
    let (_dir, store) = open();
    let project = project(&*store).await;
    // Two features, side by side in the keys of rows.
    for (feature, n) in [("a", 3_000), ("b", 10)] {
        for part in 0..n / 10_u32 {
            let keys = (part * 10..part * 10 + 10).map(|n| key(&format!("/{n}"), 0, &[5]));
            let row = report(feature, vec![], keys.collect());
            let number = part * 2 + u32::from(feature == "b");
            say(&*store, project, 1, number, row).await;
        }
    }
    for (feature, n, requests) in [("a", 2_048, 3_000), ("b", 10, 10)] {
        let found = ok(store.templates(project, feature.into(), ALWAYS).await);
        assert_eq!(found.len(), n, "{feature}");
        let all: u64 = found.iter().map(|it| it.distribution.requests()).sum();
        assert_eq!(all, requests, "{feature}");
        let rest = found.iter().find(|it| it.template == OTHER_TEMPLATE);
        let rest = rest.map_or(0, |it| it.distribution.requests());
        assert_eq!(rest, requests - n as u64 + u64::from(feature == "a"));
    }
}

/// Features past the number that a project tells apart are counted as none.
#[tokio::test]
async fn made_up_features_belong_to_none() {
    let (_dir, store) = open();
    let project = project(&*store).await;
    for part in 0..11 {
        let mut row = LatencyRow::default();
        for n in 0..100 {
            let one = report(&format!("f{part}-{n}"), vec![slice(0, 1, 0, 0)], vec![]);
            row.features.extend(one.features);
        }
        say(&*store, project, 1, part, row).await;
    }
    let found = sums(&*store, project, ALWAYS).await;
    assert_eq!(found.len(), 1_001);
    assert_eq!((&*found[0].feature, found[0].totals.eligible), ("", 100));
}

/// Some attempts in one slice, of a feature by number.
type Said = (u8, u64, u32, u32);

fn row((feature, at, eligible, bad): Said) -> LatencyRow {
    let said = slice(at, eligible, bad.min(eligible), 1);
    let keys = vec![key("/a", at, &[eligible * 7 + 1, 30])];
    report(&format!("f{feature}"), vec![said], keys)
}

/// Appends all, in batches of one commit each.
fn append(
    runtime: &Runtime,
    store: &dyn Store,
    project: ProjectId,
    rows: &[(u32, Said)],
    cut: usize,
) {
    for part in rows.chunks(cut.max(1)) {
        let items: Vec<NewItem> = part
            .iter()
            .map(|(n, said)| reported(*n, row(*said)))
            .collect();
        ok(runtime.block_on(store.append(batch(project, 1, items))));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Any reports, in any order and any batches, pruned in between: a span that is a whole number
    /// of hours holds exactly what was said of it.
    #[test]
    fn any_order_gives_the_same_sums(
        said in prop::collection::vec((0..3_u8, 0..1_500_u64, 1..9_u32, 0..9_u32), 1..40),
        cut in 1..12_usize,
        prune_at in 0..5_u64,
    ) {
        let runtime = Runtime::new().unwrap();
        let (_dir, store) = open();
        let numbered: Vec<(u32, Said)> = (0..).zip(said.iter().copied()).collect();
        let mut other = numbered.clone();
        other.sort_by_key(|(n, said)| (said.3, u32::MAX - n));
        let mut found = Vec::new();
        for (rows, cut) in [(&numbered, cut), (&other, 40)] {
            let project = runtime.block_on(project(&*store));
            append(&runtime, &*store, project, rows, cut);
            let mut spans = Vec::new();
            for hour in 0..5 {
                let from_ms = T0 + hour * 3_600_000;
                let span = Span { from_ms, to_ms: from_ms + 3_600_000 };
                spans.push(runtime.block_on(sums(&*store, project, span)));
            }
            for step in Step::ALL {
                let all = runtime.block_on(slices(&*store, project, step));
                let eligible: u64 = all.iter().map(|it| it.totals.eligible).sum();
                prop_assert_eq!(eligible, said.iter().map(|it| u64::from(it.2)).sum::<u64>());
            }
            found.push(spans);
        }
        prop_assert_eq!(&found[0], &found[1]);
        let mut counted: BTreeMap<(u64, String), (u64, u64, u64)> = BTreeMap::new();
        for (feature, at, eligible, bad) in said {
            let counts = counted.entry((at / 360, format!("f{feature}"))).or_default();
            counts.0 += u64::from(eligible);
            counts.1 += u64::from(bad.min(eligible));
            counts.2 += 2;
        }
        let told = (0..).zip(&found[0]).flat_map(|(hour, all)| all.iter().map(move |it| {
            let counts = (it.totals.eligible, it.totals.bad, it.distribution.requests());
            ((hour, it.feature.clone()), counts)
        }));
        prop_assert_eq!(told.collect::<BTreeMap<_, _>>(), counted);
        // Pruned, the same hours hold the same.
        let retention = Retention { slices_ms: 0, minutes_ms: 0, ..Retention::default() };
        ok(runtime.block_on(store.prune(T0 + prune_at * 3_600_000, retention)));
        let last = ProjectId(2);
        for (hour, before) in (0..).zip(&found[1]) {
            let from_ms = T0 + hour * 3_600_000;
            let span = Span { from_ms, to_ms: from_ms + 3_600_000 };
            prop_assert_eq!(&runtime.block_on(sums(&*store, last, span)), before);
        }
    }
}

/// A batch that cannot be kept takes nothing of its group's sums with it, and leaves none.
#[tokio::test]
async fn what_was_not_kept_was_not_counted() {
    let (dir, store) = open();
    let project = project(&*store).await;
    say(
        &*store,
        project,
        1,
        1,
        report("a", vec![slice(0, 5, 0, 0)], vec![]),
    )
    .await;
    let db = rusqlite::Connection::open(dir.path().join("firsthand.db")).unwrap();
    db.execute_batch(
        "CREATE TRIGGER refuse BEFORE INSERT ON latency_minute
        BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    .unwrap();
    let again = reported(2, report("a", vec![slice(0, 7, 0, 0)], vec![]));
    let refused = store.append(batch(project, 1, vec![again.clone()])).await;
    assert!(refused.is_err(), "{refused:?}");
    db.execute_batch("DROP TRIGGER refuse").unwrap();
    for expected in ["Accepted", "Duplicate"] {
        let outcomes = ok(store.append(batch(project, 1, vec![again.clone()])).await);
        assert_eq!(format!("{:?}", outcomes[0]), expected);
        let found = sums(&*store, project, ALWAYS).await;
        assert_eq!(found[0].totals.eligible, 12);
    }
}

/// A row that cannot be read is told to readers, and does not keep reports out.
#[tokio::test]
async fn an_unreadable_sum_begins_anew() {
    let (dir, store) = open();
    let project = project(&*store).await;
    say(
        &*store,
        project,
        1,
        1,
        report("a", vec![slice(0, 5, 0, 0)], vec![]),
    )
    .await;
    let db = rusqlite::Connection::open(dir.path().join("firsthand.db")).unwrap();
    db.execute_batch("UPDATE latency_slice SET totals = x'ff00'")
        .unwrap();
    let span = Span {
        from_ms: T0,
        to_ms: T0 + 10_000,
    };
    let filter = store::SumsFilter {
        project,
        feature: None,
        spans: vec![span],
        with_distribution: false,
    };
    let refused = store.sums(filter.clone()).await;
    assert!(
        matches!(refused, Err(store::StoreError::Unreadable { .. })),
        "{refused:?}"
    );
    say(
        &*store,
        project,
        1,
        2,
        report("a", vec![slice(0, 7, 0, 0)], vec![]),
    )
    .await;
    let found = ok(store.sums(filter).await);
    assert_eq!(found[0][0].totals.eligible, 7);
}

/// Numbers of slices that cannot be true are kept somewhere, and break nothing.
#[tokio::test]
async fn impossible_times_break_nothing() {
    let (_dir, store) = open();
    let project = project(&*store).await;
    for (n, number) in [(1, 0), (2, u64::MAX), (3, S0)] {
        let said = SliceRow {
            slice: number,
            ..slice(0, 4, 0, 1)
        };
        say(&*store, project, 1, n, report("a", vec![said], vec![])).await;
    }
    let found = sums(
        &*store,
        project,
        Span {
            from_ms: T0,
            to_ms: T0 + 10_000,
        },
    )
    .await;
    assert_eq!(found[0].totals.eligible, 4);
    assert_eq!(found[0].totals.threshold(FAST).map(|it| it.slow), Some(1));
    // The year 2055: as far as slices are numbered.
    let newest = ok(store.newest_slice(project).await);
    assert_eq!(newest, Some(((1 << 28) - 1) * 10_000));
}
