//! Turns the promises of [`crate::Telemetry`] about sums into behaviours.

use protocol::budget::Stage;
use protocol::latency::{OTHER_TEMPLATE, SLICE_MS, Within};
use protocol::outcome::Outcome::{Accepted, Conflict, Duplicate};

use super::build::*;
use super::reports::*;
use crate::{
    Body, LatencyRow, NewItem, ProjectId, Retention, SliceRow, Span, Step, Store, SumsFilter,
    TemplateSum,
};

const HOUR_MS: u64 = 3_600_000;

async fn templates(store: &dyn Store, project: ProjectId, feature: &str) -> Vec<TemplateSum> {
    ok(store
        .templates(project, String::from(feature), ALWAYS)
        .await)
}

fn span(from: u64, to: u64) -> Span {
    Span {
        from_ms: T0 + from,
        to_ms: T0 + to,
    }
}

/// A report that comes again counts once; another under its id is a conflict and counts nothing.
pub async fn a_report_counts_once(store: &dyn Store) {
    let project = project(store).await;
    let first = reported(1, report("search", vec![slice(0, 20, 2, 3)], vec![]));
    let again = NewItem {
        age_ms: 99_000,
        ..first.clone()
    };
    let both = batch(project, 1, vec![first.clone(), again.clone()]);
    assert_eq!(append(store, both).await, [Accepted, Duplicate]);
    let mut other = reported(1, report("search", vec![slice(0, 90, 0, 0)], vec![]));
    other.body_hash = [7; 32];
    for _ in 0..2 {
        let outcomes = append(store, batch(project, 1, vec![again.clone(), other.clone()])).await;
        assert_eq!(outcomes, [Duplicate, Conflict]);
    }
    let totals = totals(store, project).await;
    assert_eq!((totals.eligible, totals.bad, totals.n), (20, 2, 18));
    assert_eq!((totals.voting, totals.failing), (1, 0));
    let threshold = totals.threshold(FAST).copied();
    assert_eq!(threshold.map(|it| (it.n, it.slow)), Some((18, 3)));
}

/// An id is that of a report or of another item, never of both.
pub async fn a_report_and_an_item_do_not_share_an_id(store: &dyn Store) {
    let project = project(store).await;
    let report = || report("search", vec![slice(0, 1, 0, 0)], vec![]);
    let both = vec![reported(1, report()), item(1, 0, impression())];
    assert_eq!(
        append(store, batch(project, 1, both)).await,
        [Accepted, Conflict]
    );
    let both = vec![item(2, 0, impression()), reported(2, report())];
    assert_eq!(
        append(store, batch(project, 1, both)).await,
        [Accepted, Conflict]
    );
    assert_eq!(totals(store, project).await.eligible, 1);
}

/// Whatever order reports arrive in, and whatever batches, all sums are the same. A vote may be
/// changed before it was cast.
pub async fn sums_do_not_depend_on_order(store: &dyn Store) {
    const ORDERS: [[usize; 3]; 6] = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    let change = SliceRow {
        voting: 0,
        failing: 1,
        ..slice(7, 5, 5, 0)
    };
    let reports = [
        report(
            "search",
            vec![slice(7, 9, 0, 2)],
            vec![key("/a", 7, &[120, 480])],
        ),
        report("search", vec![change, slice(400, 3, 1, 1)], vec![]),
        report(
            "search",
            vec![slice(0, 8, 1, 0)],
            vec![key("/a", 0, &[90]), key("/b", 3, &[700, 40])],
        ),
    ];
    let mut first = None;
    for (nth, order) in (0..).zip(ORDERS) {
        let project = project(store).await;
        let numbered = order.map(|n| reported(n as u32 + 1, reports[n].clone()));
        // Alone, or together.
        if nth % 2 == 0 {
            append(store, batch(project, 1, numbered.into())).await;
        } else {
            for one in numbered {
                append(store, batch(project, 1, vec![one])).await;
            }
        }
        let mut all = Vec::new();
        for step in Step::ALL {
            all.push(slices(store, project, step).await);
        }
        let found = (
            all,
            sums(store, project, ALWAYS).await,
            templates(store, project, "search").await,
        );
        assert_eq!(found.0[0].len(), 3, "{order:?}");
        let failing: u64 = found.0[0].iter().map(|it| it.totals.failing).sum();
        assert_eq!(failing, 1, "{order:?}");
        assert_eq!(&found, first.get_or_insert(found.clone()), "{order:?}");
    }
}

/// Longer steps hold what shorter ones hold, and a span is answered exactly.
pub async fn spans_are_answered_to_the_slice(store: &dyn Store) {
    let project = project(store).await;
    // One attempt in each slice of an hour and a half.
    for nth in 0..9_u64 {
        let all = (nth * 60..(nth + 1) * 60).map(|nth| slice(nth, 1, 0, 0));
        let row = report("search", all.collect(), vec![]);
        say(store, project, 1, nth as u32, row).await;
    }
    for (step, n) in [(Step::Slice, 540), (Step::Minute, 90), (Step::Hour, 2)] {
        let all = slices(store, project, step).await;
        assert_eq!(all.len(), n, "{step:?}");
        let eligible: u64 = all.iter().map(|slice| slice.totals.eligible).sum();
        assert_eq!(eligible, 540, "{step:?}");
        assert_eq!(all[1].start_ms, T0 + step.ms(), "{step:?}");
    }
    for (from, to, n) in [
        (0, HOUR_MS, 360),
        (10_000, HOUR_MS + 10_000, 360),
        (590_000, 4_000_000, 341),
        (50_000, 70_000, 2),
        (0, 0, 0),
    ] {
        let found = sums(store, project, span(from, to)).await;
        let eligible: u64 = found.iter().map(|it| it.totals.eligible).sum();
        assert_eq!(eligible, n, "{from} {to}");
    }
    let filter = SumsFilter {
        project,
        feature: Some(String::from("search")),
        spans: vec![
            span(0, 20_000),
            span(10_000, 60_000),
            span(9_000_000, 9_900_000),
        ],
        with_distribution: false,
    };
    let all = ok(store.sums(filter).await);
    let counted = all
        .iter()
        .map(|span| span.iter().map(|it| it.totals.eligible).sum());
    assert_eq!(counted.collect::<Vec<u64>>(), [2, 5, 0]);
}

/// A feature that is only seen in reports is there, and so is what belongs to none.
pub async fn features_are_those_that_were_seen(store: &dyn Store) {
    let project = project(store).await;
    assert_eq!(ok(store.seen_features(project).await), [""; 0]);
    assert_eq!(ok(store.newest_slice(project).await), None);
    let mut row = report("search", vec![slice(3, 2, 0, 0)], vec![]);
    let none = report("", vec![slice(5, 1, 0, 0)], vec![key("/x", 5, &[20])]);
    row.features.extend(none.features);
    say(store, project, 1, 1, row).await;
    assert_eq!(ok(store.seen_features(project).await), ["", "search"]);
    assert_eq!(ok(store.newest_slice(project).await), Some(T0 + 50_000));
    let found = sums(store, project, ALWAYS).await;
    let counted = found.iter().map(|it| (&*it.feature, it.totals.eligible));
    assert_eq!(counted.collect::<Vec<_>>(), [("", 1), ("search", 2)]);
    assert_eq!(found[0].distribution.requests(), 1);
}

/// Clients are installs, each counted once however long the step; those that failed and those that
/// were slow are told apart.
pub async fn clients_are_installs(store: &dyn Store) {
    let project = project(store).await;
    for n in 1..=9_u32 {
        let (bad, slow) = (u32::from(n <= 3) * 2, u32::from(n <= 5));
        let all = vec![slice(0, 4, bad, slow), slice(9, 4, bad, slow)];
        say(store, project, n, n, report("search", all, vec![])).await;
    }
    let totals = totals(store, project).await;
    assert_eq!((totals.voting, totals.failing), (18, 6));
    assert_eq!((totals.clients, totals.bad_clients), (9, 3));
    let slow = totals.threshold(FAST).map(|it| it.slow_clients);
    assert_eq!((slow, totals.held_clients), (Some(5), 0));
}

/// What is held is counted beside what is believed, by its own clients.
pub async fn what_is_held_is_counted_apart(store: &dyn Store) {
    let project = project(store).await;
    for n in 1..=2 {
        let held = SliceRow {
            voting: 0,
            failing: 0,
            held: 3,
            ..slice(0, 0, 0, 0)
        };
        say(store, project, n, n, report("search", vec![held], vec![])).await;
    }
    let before = totals(store, project).await;
    assert_eq!((before.held, before.held_clients), (6, 2));
    assert_eq!((before.voting, before.eligible), (0, 0));
    assert_eq!(before.thresholds, []);
    // A third one knows more of the same slice.
    let both = SliceRow {
        held: 1,
        ..slice(0, 2, 2, 0)
    };
    say(store, project, 3, 3, report("search", vec![both], vec![])).await;
    let totals = totals(store, project).await;
    assert_eq!((totals.held, totals.held_clients), (7, 2));
    assert_eq!((totals.voting, totals.eligible, totals.bad), (1, 2, 2));
}

/// A report whose clock jumped counts, and casts no vote.
pub async fn a_skewed_report_casts_no_vote(store: &dyn Store) {
    let project = project(store).await;
    let row = LatencyRow {
        skewed: true,
        ..report("search", vec![slice(0, 4, 4, 0)], vec![key("/a", 0, &[9])])
    };
    say(store, project, 1, 1, row).await;
    let found = sums(store, project, ALWAYS).await;
    let totals = &found[0].totals;
    assert_eq!((totals.eligible, totals.bad, totals.skewed), (4, 4, 4));
    assert_eq!((totals.voting, totals.failing, totals.clients), (0, 0, 0));
    assert_eq!(found[0].distribution.requests(), 1);
}

/// Each threshold counts only what was held against it.
pub async fn a_threshold_knows_what_was_held_against_it(store: &dyn Store) {
    let project = project(store).await;
    let slower = Within(Stage::Body, 300);
    let older = report("search", vec![slice(0, 10, 0, 4)], vec![]);
    let mut newer = report("search", vec![slice(1, 30, 0, 1)], vec![]);
    newer.features[0].within = vec![slower];
    say(store, project, 1, 1, older).await;
    say(store, project, 2, 2, newer).await;
    let totals = totals(store, project).await;
    assert_eq!(totals.n, 40);
    let counted = |within| totals.threshold(within).map(|it| (it.n, it.slow));
    assert_eq!(counted(FAST), Some((10, 4)));
    assert_eq!(counted(slower), Some((30, 1)));
}

/// Templates are added up by method and template, with the slowest attempts.
pub async fn templates_are_added_up(store: &dyn Store) {
    let project = project(store).await;
    for (n, nth) in [(1, 0), (2, 8), (3, 800)] {
        let mut posted = key("/a", nth, &[]);
        posted.method = String::from("POST");
        posted.classes[3] = 2;
        posted.errors.record(5);
        let keys = vec![
            key("/a", nth, &[10 * n, 100]),
            posted,
            key(OTHER_TEMPLATE, nth, &[1]),
        ];
        say(store, project, n, n, report("search", vec![], keys)).await;
    }
    let found = templates(store, project, "search").await;
    let names = found.iter().map(|it| (&*it.method, &*it.template));
    assert_eq!(
        names.collect::<Vec<_>>(),
        [("GET", "/a"), ("GET", OTHER_TEMPLATE), ("POST", "/a")]
    );
    let got = &found[0].distribution;
    assert_eq!((got.requests(), got.phase_n), (6, 6));
    assert_eq!(got.histogram.count(), 6);
    assert_eq!(got.phases[2], 360);
    let slowest = got.exemplars.iter().map(|it| (it.ms, it.slice - S0));
    assert_eq!(slowest.collect::<Vec<_>>(), [(100, 0), (100, 8)]);
    assert_eq!(got.exemplars[0].trace, format!("{:032x}", 100));
    let posted = &found[2].distribution;
    assert_eq!((posted.classes[3], posted.errors.count()), (6, 3));
    // The feature is the sum of them.
    let all = sums(store, project, ALWAYS).await;
    assert_eq!(all[0].distribution.histogram.count(), 9);
    assert_eq!(all[0].distribution.requests(), 15);
    let minute = Span {
        from_ms: T0 + 60_000,
        to_ms: T0 + 120_000,
    };
    let found = ok(store
        .templates(project, String::from("search"), minute)
        .await);
    assert_eq!(found[0].distribution.requests(), 2);
    let nowhere = ok(store.templates(project, String::from("none"), ALWAYS).await);
    assert_eq!(nowhere, []);
}

/// Vitals and overflow are counted when they are reported.
pub async fn vitals_and_overflow_are_added_up(store: &dyn Store) {
    let project = project(store).await;
    for n in 1..=3 {
        let row = LatencyRow {
            vitals: vec![(String::from("LCP"), 2_000_000), (String::from("CLS"), 100)],
            overflow: n,
            ..LatencyRow::default()
        };
        say(store, project, n, n, row).await;
    }
    let found = ok(store.vitals(project, ALWAYS).await);
    let told = found.iter().map(|it| (&*it.name, it.histogram.count()));
    assert_eq!(told.collect::<Vec<_>>(), [("CLS", 3), ("LCP", 3)]);
    let max = found.iter().map(|it| it.histogram.max_ms());
    assert_eq!(max.collect::<Vec<_>>(), [Some(100.0), Some(2_000.0)]);
    assert_eq!(ok(store.overflow(project, ALWAYS).await), 6);
    assert_eq!(ok(store.overflow(project, span(60_000, 90_000)).await), 0);
}

/// What changed since a mark is told once; what changed later is in the next answer.
pub async fn changes_are_told_once(store: &dyn Store) {
    let one = project(store).await;
    let two = project(store).await;
    let before = ok(store.changes(0).await);
    assert_eq!((before.mark, before.features), (0, vec![]));
    say(
        store,
        one,
        1,
        1,
        report("a", vec![slice(0, 1, 0, 0)], vec![]),
    )
    .await;
    say(
        store,
        two,
        1,
        1,
        report("b", vec![slice(4, 1, 0, 0)], vec![]),
    )
    .await;
    let first = ok(store.changes(0).await);
    let told = first.features.iter();
    let told = told.map(|it| (it.project, &*it.feature, it.newest_ms - T0));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [(one, "a", 0), (two, "b", 40_000)]
    );
    assert_eq!(ok(store.changes(first.mark).await).features, []);
    // Late data is a change as well, and does not make the newest slice older.
    say(
        store,
        two,
        1,
        2,
        report("b", vec![slice(2, 1, 0, 0)], vec![]),
    )
    .await;
    let second = ok(store.changes(first.mark).await);
    assert_eq!(second.features.len(), 1);
    assert_eq!(second.features[0].newest_ms, T0 + 40_000);
    assert_eq!(ok(store.changes(second.mark).await).features, []);
}

/// One feature in two projects is two features.
pub async fn projects_do_not_share_sums(store: &dyn Store) {
    let one = project(store).await;
    let two = project(store).await;
    for (project, n) in [(one, 3), (two, 5)] {
        let keys = vec![key("/a", 0, &[n])];
        let row = report("search", vec![slice(0, n, 0, 0)], keys);
        say(store, project, 1, 1, row).await;
        assert_eq!(totals(store, project).await.eligible, u64::from(n));
        let found = templates(store, project, "search").await;
        assert_eq!(found[0].distribution.phases[2], u64::from(n));
    }
}

/// Pruning takes shorter steps and leaves the sums of longer ones; what comes too late is counted in
/// those alone.
pub async fn pruning_leaves_the_longer_sums(store: &dyn Store) {
    let project = project(store).await;
    for (n, nth) in [(1, 0), (2, 100), (3, 360), (4, 800)] {
        let keys = vec![key("/a", nth, &[50])];
        let mut row = report("search", vec![slice(nth, 6, 1, 2)], keys);
        row.overflow = 1;
        let one = item(n, nth * SLICE_MS, Body::Latency(Box::new(row)));
        append(store, batch(project, n, vec![one])).await;
    }
    let before = sums(store, project, ALWAYS).await;
    let by_template = templates(store, project, "search").await;
    // Slices of the first two hours are gone, minutes of the first.
    let retention = Retention {
        slices_ms: HOUR_MS,
        minutes_ms: 2 * HOUR_MS,
        ..Retention::default()
    };
    let now_ms = T0 + 3 * HOUR_MS + 1;
    let pruned = ok(store.prune(now_ms, retention).await);
    assert_eq!((pruned.slices, pruned.minutes), (3, 4));
    assert_eq!(sums(store, project, ALWAYS).await, before);
    assert_eq!(templates(store, project, "search").await, by_template);
    assert_eq!(ok(store.overflow(project, ALWAYS).await), 4);
    let kept = |step| slices(store, project, step);
    assert_eq!(kept(Step::Slice).await.len(), 1);
    assert_eq!(kept(Step::Minute).await.len(), 2);
    assert_eq!(kept(Step::Hour).await.len(), 3);
    // Late, for each of the three hours.
    for (n, nth) in [(5, 1), (6, 361), (7, 801)] {
        let row = report("search", vec![slice(nth, 6, 1, 2)], vec![]);
        say(store, project, n, n, row).await;
    }
    assert_eq!(kept(Step::Slice).await.len(), 2);
    assert_eq!(kept(Step::Minute).await.len(), 2);
    let counted = kept(Step::Hour).await;
    let counted = counted.iter().map(|it| it.totals.eligible);
    assert_eq!(counted.collect::<Vec<_>>(), [18, 12, 12]);
    let after = totals(store, project).await;
    assert_eq!((after.eligible, after.bad), (42, 7));
    // A shorter retention later, then a longer one: what is gone stays gone.
    let again = ok(store.prune(now_ms, Retention::default()).await);
    assert_eq!((again.slices, again.minutes), (0, 0));
    let row = report("search", vec![slice(2, 1, 0, 0)], vec![]);
    say(store, project, 8, 8, row).await;
    assert_eq!(kept(Step::Slice).await.len(), 2);
}

/// The id of a report is known until it was pruned.
pub async fn ids_of_reports_are_kept_for_a_while(store: &dyn Store) {
    let project = project(store).await;
    let row = || reported(1, report("search", vec![slice(0, 1, 0, 0)], vec![]));
    let append_it = || append(store, batch(project, 1, vec![row()]));
    assert_eq!(append_it().await, [Accepted]);
    let day = 24 * HOUR_MS;
    for (days, pruned, outcome) in [(14, 0, Duplicate), (17, 1, Accepted)] {
        let now_ms = T0 + days * day;
        let found = ok(store.prune(now_ms, Retention::default()).await);
        assert_eq!(found.ids, pruned, "{days}");
        assert_eq!(append_it().await, [outcome], "{days}");
    }
}
