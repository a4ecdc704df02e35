//! Turns a few numbers into answers of a collector, for tests.

use protocol::budget::{Severity, Stage};
use protocol::query::Window;
use protocol::query::performance::{
    AlertRow, AlertState, Blame, FeatureAvailability, FeatureDetail, FeatureSummary, Health,
    ObjectiveKind, ObjectiveReport, Percentiles,
};

const HOUR_MS: u64 = 3_600_000;

/// 95 % within 300 ms.
pub(crate) fn objective(n: u64, bad: u64) -> ObjectiveReport {
    let actual = (n > 0).then(|| 1.0 - bad as f64 / n as f64);
    ObjectiveReport {
        kind: ObjectiveKind::Latency {
            stage: Stage::Headers,
            within_ms: 300,
        },
        target: 0.95,
        n,
        bad,
        actual,
        left: actual.map(|actual| 1.0 - (1.0 - actual) / 0.05),
        burn: Some(0.4),
        exhausted_in_ms: None,
        health: Health::Within,
        estimated: false,
    }
}

pub(crate) fn summary(name: &str, health: Health) -> FeatureSummary {
    let objectives = match health {
        Health::Unbudgeted => vec![],
        Health::Unknown => vec![ObjectiveReport {
            health,
            ..objective(0, 0)
        }],
        _ => vec![ObjectiveReport {
            health,
            ..objective(1_000, 66)
        }],
    };
    FeatureSummary {
        id: name.to_lowercase(),
        name: String::from(name),
        owner: None,
        health,
        n: objectives.first().map_or(1_000, |one| one.n),
        requests: 1_200,
        objectives,
        percentiles: Some(Percentiles {
            p50: 120.0,
            p75: 180.0,
            p95: 412.0,
            p99: 1_940.0,
        }),
        alerts: vec![],
        down: false,
    }
}

pub(crate) fn alert() -> AlertRow {
    AlertRow {
        at_ms: 0,
        feature: String::from("search"),
        objective: objective(1, 0).kind,
        state: AlertState::Page,
        severity: Severity::Page,
        long_ms: HOUR_MS,
        short_ms: 300_000,
        burn: Some(14.4),
    }
}

pub(crate) fn detail(classes: Vec<u64>) -> FeatureDetail {
    FeatureDetail {
        summary: summary("Search", Health::Within),
        window: window(),
        timezone: String::from("UTC"),
        step_ms: HOUR_MS,
        distribution: vec![],
        beyond: 0,
        series: vec![],
        blame: Blame::default(),
        classes,
        templates: vec![],
        exemplars: vec![],
        other_share: None,
        apdex: None,
        releases: vec![],
    }
}

/// The day before 2026-11-27 00:00 UTC.
pub(crate) fn window() -> Window {
    let to_ms = 1_795_737_600_000;
    Window {
        from_ms: to_ms - 24 * HOUR_MS,
        to_ms,
    }
}

pub(crate) fn availability(name: &str, health: Health) -> FeatureAvailability {
    FeatureAvailability {
        id: name.to_lowercase(),
        name: String::from(name),
        target: Some(0.999),
        health,
        time: (health != Health::Unknown).then_some(0.9995),
        requests: None,
        ratio_down_ms: 0,
        down_ms: 0,
        allowed_ms: Some(86_400),
        coverage: 1.0,
        outages: vec![],
        mtbf_ms: None,
        mttr_ms: None,
        start_to_start_ms: None,
        flapping: false,
        timeline: vec![],
    }
}
