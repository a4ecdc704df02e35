//! Turns two windows into verdicts, and verdicts into changes that somebody is told of.

use latency::burn::{Verdict, can_fire, default_alerts, detected_after_ms, fires, max_burn, next};
use latency::objective::{Counts, burn};
use protocol::budget::{BurnAlert, Severity, Span};
use protocol::query::performance::AlertState;

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

fn counts(n: u64, bad: u64) -> Counts {
    Counts { n, bad }
}

/// The first of the usual alerts.
fn page() -> BurnAlert {
    default_alerts(30 * DAY_MS).remove(0)
}

#[track_caller]
fn factors(days: u64, expected: [f64; 4]) {
    let found = default_alerts(days * DAY_MS);
    assert_eq!(found.len(), 4);
    for (alert, expected) in found.iter().zip(expected) {
        assert!(
            (alert.factor - expected).abs() < 5e-4,
            "{alert:?} {expected}"
        );
    }
}

#[test]
fn the_usual_factors_follow_from_the_window() {
    factors(30, [14.4, 6.0, 3.0, 1.0]);
    factors(28, [13.44, 5.6, 2.8, 0.9333]);
    factors(7, [3.36, 1.4, 0.7, 0.2333]);
    factors(90, [43.2, 18.0, 9.0, 3.0]);
    // Shorter than a week, the windows shrink and the factors stay.
    factors(1, [14.4, 6.0, 3.0, 1.0]);
}

#[test]
fn the_usual_windows() {
    let windows = |window_ms| -> Vec<(Severity, u64, u64)> {
        let alerts = default_alerts(window_ms).into_iter();
        alerts
            .map(|alert| (alert.severity, alert.long.0, alert.short.0))
            .collect()
    };
    use Severity::{Page, Ticket};
    let usual = [
        (Page, HOUR_MS, 5 * MINUTE_MS),
        (Page, 6 * HOUR_MS, 30 * MINUTE_MS),
        (Ticket, DAY_MS, 2 * HOUR_MS),
        (Ticket, 3 * DAY_MS, 6 * HOUR_MS),
    ];
    assert_eq!(windows(30 * DAY_MS), usual);
    assert_eq!(windows(7 * DAY_MS), usual);
    let day = [
        (Page, 2 * MINUTE_MS, 10_000),
        (Page, 12 * MINUTE_MS, MINUTE_MS),
        (Ticket, 48 * MINUTE_MS, 4 * MINUTE_MS),
        (Ticket, 144 * MINUTE_MS, 12 * MINUTE_MS),
    ];
    assert_eq!(windows(DAY_MS), day);
    // Never less than a slice, however short the window.
    for (_, long_ms, short_ms) in windows(HOUR_MS).into_iter().chain(windows(1)) {
        assert!(
            short_ms >= 10_000 && long_ms >= short_ms,
            "{long_ms} {short_ms}"
        );
        assert_eq!((long_ms % 10_000, short_ms % 10_000), (0, 0));
    }
}

#[test]
fn a_total_outage_is_detected_after() {
    let alerts = default_alerts(30 * DAY_MS);
    let expected = [51_840.0, 129_600.0, 259_200.0, 259_200.0];
    for (alert, expected) in alerts.iter().zip(expected) {
        let found = detected_after_ms(alert, 0.999);
        assert!((found - expected).abs() < 1e-3, "{found} {expected}");
    }
}

#[test]
fn a_factor_that_burn_can_never_exceed() {
    assert!((max_burn(0.9) - 10.0).abs() < 1e-9);
    assert!((max_burn(0.999) - 1_000.0).abs() < 1e-9);
    assert!(max_burn(1.0).is_infinite());
    // 1 - 1 / 14.4 is 0.93055...
    assert!(!can_fire(14.4, 0.9305));
    assert!(can_fire(14.4, 0.9306));
    assert!(!can_fire(10.0, 0.9));
}

#[track_caller]
fn check(long: Counts, short: Counts, clients: u32, expected: Verdict) {
    let found = fires(&page(), 0.999, long, short, clients, 3);
    assert_eq!(found, expected, "{long:?} {short:?} {clients}");
}

#[test]
fn both_windows_have_to_burn() {
    let (long, short) = (counts(5_000, 90), counts(400, 8));
    assert!((burn(long, 0.999).unwrap() - 18.0).abs() < 1e-9);
    assert!((burn(short, 0.999).unwrap() - 20.0).abs() < 1e-9);
    check(long, short, 12, Verdict::Fires);
    // It is over already, and it has only just begun.
    check(long, counts(400, 1), 12, Verdict::Quiet);
    check(counts(5_000, 20), short, 12, Verdict::Quiet);
    // The factor itself is not above it.
    check(counts(10_000, 144), counts(10_000, 144), 12, Verdict::Quiet);
    check(counts(10_000, 145), counts(10_000, 145), 12, Verdict::Fires);
}

#[test]
fn one_failure_at_night_wakes_nobody() {
    let night = counts(30, 1);
    assert!((burn(night, 0.999).unwrap() - 100.0 / 3.0).abs() < 1e-9);
    check(night, counts(5, 1), 1, Verdict::Insufficient);
    check(counts(60, 1), counts(60, 1), 1, Verdict::Insufficient);
    check(counts(30, 9), counts(30, 9), 9, Verdict::Insufficient);
    check(counts(30, 10), counts(30, 9), 2, Verdict::Insufficient);
    check(counts(30, 10), counts(30, 9), 3, Verdict::Fires);
}

#[test]
fn silence_is_no_data() {
    check(counts(0, 0), counts(0, 0), 0, Verdict::NoData);
    check(counts(5_000, 90), counts(0, 0), 12, Verdict::NoData);
}

#[test]
fn where_nothing_may_be_bad_any_violation_of_enough_clients_counts() {
    let check = |bad, clients, expected| {
        let counted = counts(1_000, bad);
        let found = fires(&page(), 1.0, counted, counted, clients, 3);
        assert_eq!(found, expected, "{bad} {clients}");
    };
    check(0, 0, Verdict::Quiet);
    check(1, 1, Verdict::Insufficient);
    check(3, 3, Verdict::Fires);
}

#[test]
fn only_changes_are_told() {
    use AlertState::{Page, Resolved, Ticket, Unknown};
    use Verdict::{Fires, Insufficient, NoData, Quiet};
    let check = |severity, verdicts: &[Verdict], expected: &[AlertState]| {
        let mut was = None;
        let mut told = Vec::new();
        for verdict in verdicts {
            if let Some(state) = next(was, severity, *verdict) {
                told.push(state);
                was = Some(state);
            }
        }
        assert_eq!(told, expected, "{verdicts:?}");
    };
    let page = |verdicts: &[Verdict], expected: &[AlertState]| {
        check(Severity::Page, verdicts, expected);
    };
    page(&[Quiet, Insufficient, NoData, Quiet], &[]);
    page(
        &[Quiet, Fires, Fires, Fires, Quiet, Quiet],
        &[Page, Resolved],
    );
    page(&[Fires, NoData, NoData, Quiet], &[Page, Unknown, Resolved]);
    page(&[Fires, NoData, Fires], &[Page, Unknown, Page]);
    page(&[Fires, Insufficient, Fires], &[Page]);
    page(&[Fires, Insufficient, Quiet], &[Page, Resolved]);
    page(&[Fires, Quiet, NoData, Fires], &[Page, Resolved, Page]);
    check(Severity::Ticket, &[Fires, Quiet], &[Ticket, Resolved]);
}

#[test]
fn spans_are_what_people_write() {
    assert_eq!(page().long, Span(HOUR_MS));
    assert_eq!(page().long.to_string(), "1h");
}
