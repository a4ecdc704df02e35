//! Turns the promises of [`crate::Telemetry`] about what follows from sums into behaviours.

use protocol::budget::{Severity, Stage};
use protocol::query::performance::{AlertState, NewMaintenance, ObjectiveKind};

use super::build::*;
use crate::{
    AlertChange, HourScore, Outage, OutageRow, ProjectId, Scoring, Span, Store, StoreError,
};

fn outage(from: u64, to: Option<u64>, failed: u64) -> Outage {
    Outage {
        from_ms: T0 + from,
        to_ms: to.map(|to| T0 + to),
        partial: false,
        peak_share: 0.75,
        failed,
    }
}

async fn score(store: &dyn Store, project: ProjectId, since: u64, outages: Vec<Outage>) {
    let scoring = Scoring {
        project,
        feature: String::from("pay"),
        since_ms: T0 + since,
        outages,
        hours: Vec::new(),
    };
    ok(store.put_scoring(scoring).await);
}

/// Outages of the feature `pay`, the newest first: start, end, failed, revision.
async fn told(store: &dyn Store, project: ProjectId) -> Vec<(u64, Option<u64>, u64, u32)> {
    let all = store.outages(project, Some(String::from("pay")), ALWAYS);
    let all = ok(all.await).into_iter();
    all.map(
        |OutageRow {
             outage, revision, ..
         }| {
            let end = outage.to_ms.map(|to| to - T0);
            (outage.from_ms - T0, end, outage.failed, revision)
        },
    )
    .collect()
}

/// What is scored anew replaces what was found before: one that changed has another revision, one
/// that is gone is gone.
pub async fn outages_are_scored_anew(store: &dyn Store) {
    let project = project(store).await;
    score(store, project, 0, vec![outage(100, None, 5)]).await;
    assert_eq!(told(store, project).await, [(100, None, 5, 0)]);
    score(store, project, 0, vec![outage(100, None, 5)]).await;
    assert_eq!(told(store, project).await, [(100, None, 5, 0)]);
    // Late reports: it began earlier, and is over.
    let both = vec![outage(90, Some(300), 8), outage(500, Some(600), 2)];
    score(store, project, 0, both).await;
    assert_eq!(
        told(store, project).await,
        [(500, Some(600), 2, 0), (90, Some(300), 8, 1)]
    );
    score(store, project, 0, vec![outage(500, Some(600), 3)]).await;
    assert_eq!(told(store, project).await, [(500, Some(600), 3, 1)]);
}

/// What began before the time that is scored stays as it was; only one that had no end may get one.
pub async fn outages_freeze(store: &dyn Store) {
    let project = project(store).await;
    let all = vec![outage(100, Some(200), 1), outage(900, None, 4)];
    score(store, project, 0, all).await;
    score(store, project, 500, vec![outage(900, Some(950), 4)]).await;
    assert_eq!(
        told(store, project).await,
        [(900, Some(950), 4, 1), (100, Some(200), 1, 0)]
    );
    // One that goes on over the border is one.
    score(store, project, 2_000, vec![outage(2_500, None, 6)]).await;
    score(store, project, 3_000, vec![outage(3_000, None, 9)]).await;
    assert_eq!(told(store, project).await[0], (2_500, None, 9, 1));
    score(store, project, 4_000, vec![outage(4_000, Some(4_200), 2)]).await;
    assert_eq!(told(store, project).await[0], (2_500, Some(4_200), 9, 2));
    // And one that does not ended there.
    score(store, project, 5_000, vec![outage(5_100, None, 1)]).await;
    score(store, project, 6_000, vec![]).await;
    assert_eq!(told(store, project).await[0], (5_100, Some(6_000), 1, 1));
    assert_eq!(told(store, project).await.len(), 4);
}

/// Partial outages are scored beside the others.
pub async fn partial_outages_are_others(store: &dyn Store) {
    let project = project(store).await;
    let partial = Outage {
        partial: true,
        ..outage(50, Some(400), 2)
    };
    let all = vec![partial.clone(), outage(100, Some(200), 1)];
    score(store, project, 0, all).await;
    score(store, project, 0, vec![partial]).await;
    assert_eq!(told(store, project).await, [(50, Some(400), 2, 0)]);
}

/// Outages are found by overlap, of one feature or of all.
pub async fn outages_are_found_by_overlap(store: &dyn Store) {
    let project = project(store).await;
    let all = vec![outage(100, Some(200), 1), outage(300, None, 1)];
    score(store, project, 0, all).await;
    let other = Scoring {
        project,
        feature: String::new(),
        since_ms: 0,
        outages: vec![outage(150, Some(160), 1)],
        hours: Vec::new(),
    };
    ok(store.put_scoring(other).await);
    for (from, to, only, all) in [
        (0, 100, 0, 0),
        (0, 101, 1, 1),
        (199, 300, 1, 1),
        (200, 300, 0, 0),
        (155, 900, 2, 3),
        (1_000, 2_000, 1, 1),
    ] {
        let span = Span {
            from_ms: T0 + from,
            to_ms: T0 + to,
        };
        for (feature, n) in [(Some(String::from("pay")), only), (None, all)] {
            let found = ok(store.outages(project, feature, span).await);
            assert_eq!(found.len(), n, "{span:?}");
        }
    }
}

/// Hours keep their latest score.
pub async fn hours_are_scored(store: &dyn Store) {
    let project = project(store).await;
    let hour = |nth: u64, known_ms, ratio_down_ms| HourScore {
        start_ms: T0 + nth * 3_600_000,
        known_ms,
        ratio_down_ms,
    };
    for hours in [
        vec![hour(0, 100, 5), hour(1, 200, 0)],
        vec![hour(1, 300, 7)],
    ] {
        let scoring = Scoring {
            project,
            feature: String::from("pay"),
            since_ms: T0,
            outages: Vec::new(),
            hours,
        };
        ok(store.put_scoring(scoring).await);
    }
    let read = |span| store.hour_scores(project, String::from("pay"), span);
    let all = [hour(0, 100, 5), hour(1, 300, 7)];
    assert_eq!(ok(read(ALWAYS).await), all);
    let later = Span {
        from_ms: T0 + 1,
        to_ms: u64::MAX,
    };
    assert_eq!(ok(read(later).await), all[1..]);
}

fn change(at: u64, state: AlertState, objective: ObjectiveKind) -> AlertChange {
    AlertChange {
        at_ms: T0 + at,
        feature: String::from("pay"),
        objective,
        severity: Severity::Page,
        long_ms: 3_600_000,
        short_ms: 300_000,
        state,
        burn: (state != AlertState::Unknown).then_some(14.5),
    }
}

/// Every change is told, the newest first, and where each alert stands.
pub async fn alerts_stand_where_they_changed_last(store: &dyn Store) {
    let project = project(store).await;
    let latency = ObjectiveKind::Latency {
        stage: Stage::Body,
        within_ms: 300,
    };
    let all = [
        change(1, AlertState::Page, ObjectiveKind::Availability),
        change(2, AlertState::Page, latency),
        change(3, AlertState::Resolved, ObjectiveKind::Availability),
        change(4, AlertState::Unknown, latency),
        AlertChange {
            severity: Severity::Ticket,
            long_ms: 86_400_000,
            ..change(5, AlertState::Ticket, latency)
        },
    ];
    ok(store.put_alerts(project, all[..2].to_vec()).await);
    ok(store.put_alerts(project, all[2..].to_vec()).await);
    let mut states = ok(store.alert_states(project).await);
    states.sort_by_key(|change| change.at_ms);
    assert_eq!(states, all[2..]);
    let newest = ok(store.alerts(project, 4).await);
    let expected: Vec<AlertChange> = all.iter().rev().take(4).cloned().collect();
    assert_eq!(newest, expected);
    let elsewhere = super::build::project(store).await;
    assert_eq!(ok(store.alert_states(elsewhere).await), []);
    assert_eq!(ok(store.alerts(elsewhere, 4).await), []);
}

/// Announced times can be withdrawn, by their own project only.
pub async fn maintenance_is_announced_and_withdrawn(store: &dyn Store) {
    let project = project(store).await;
    let other = super::build::project(store).await;
    let new = |from, feature: Option<&str>| NewMaintenance {
        from_ms: T0 + from,
        to_ms: T0 + from + 100,
        feature: feature.map(String::from),
        note: String::from("Database"),
    };
    let first = ok(store.announce(project, new(0, None)).await);
    let second = ok(store.announce(project, new(50, Some("pay"))).await);
    assert_eq!((first.from_ms, &*first.note), (T0, "Database"));
    assert_eq!(second.feature.as_deref(), Some("pay"));
    let all = ok(store.maintenance(project, ALWAYS).await);
    assert_eq!(all, [second.clone(), first.clone()]);
    let later = Span {
        from_ms: T0 + 100,
        to_ms: T0 + 200,
    };
    assert_eq!(
        ok(store.maintenance(project, later).await),
        std::slice::from_ref(&second)
    );
    assert_eq!(ok(store.maintenance(other, ALWAYS).await), []);
    assert!(!ok(store.withdraw(other, second.id).await));
    assert!(ok(store.withdraw(project, second.id).await));
    assert!(!ok(store.withdraw(project, second.id).await));
    let third = ok(store.announce(project, new(70, None)).await);
    assert_ne!(third.id, second.id);
    assert_eq!(ok(store.maintenance(project, ALWAYS).await), [third, first]);
}

/// Budgets count their versions; the same again, however it is written, is no new one.
pub async fn budgets_count_their_versions(store: &dyn Store) {
    let project = project(store).await;
    let publish = |text: &str, now| store.publish_budgets(project, String::from(text), T0 + now);
    assert_eq!(ok(store.budgets(project).await), []);
    for (text, version, is_new) in [
        (r#"{"v":1,"features":[]}"#, 1, true),
        (r#"{ "features": [], "v": 1 }"#, 1, false),
        (r#"{"v":1,"features":[],"max_keys":9}"#, 2, true),
        // Back to what it was is a change.
        (r#"{"v":1,"features":[]}"#, 3, true),
    ] {
        let found = ok(publish(text, u64::from(version)).await);
        assert_eq!((found.version, found.is_new), (version, is_new), "{text}");
    }
    let all = ok(store.budgets(project).await);
    let told = all.iter().map(|it| (it.version, it.published_ms - T0));
    assert_eq!(told.collect::<Vec<_>>(), [(1, 1), (2, 2), (3, 3)]);
    assert_eq!(all[2].document, r#"{"v":1,"features":[]}"#);
    let refused = publish("{", 9).await;
    assert!(
        matches!(refused, Err(StoreError::Unreadable { .. })),
        "{refused:?}"
    );
    let other = super::build::project(store).await;
    assert_eq!(ok(store.budgets(other).await), []);
}
