//! Turns counters, and where promises stand, into families of series that any format can be made of.

use latency::{Class, Histogram};
use protocol::budget::Stage;
use protocol::query::performance::{ObjectiveKind, ObjectiveReport};
use store::ProjectId;

use super::{Counted, Counts, Standing};

/// Names and values of one series.
pub(super) type Labels = Vec<(&'static str, String)>;

/// Series of one name.
#[derive(Debug)]
pub(super) struct Family<'a> {
    /// With dots, as OTLP has it.
    pub(super) name: &'static str,
    /// For people.
    pub(super) meaning: &'static str,
    pub(super) series: Series<'a>,
}

/// The series of a family, by kind.
#[derive(Debug)]
pub(super) enum Series<'a> {
    /// Only ever grow.
    Counters(Vec<(Labels, u64)>),
    /// Go up and down.
    Gauges(Vec<(Labels, f64)>),
    /// Of milliseconds.
    Histograms(Vec<(Labels, &'a Histogram)>),
}

/// Everything that is counted, and where every promise stands.
pub(super) fn families<'a>(counts: &'a Counts, standings: &[Standing]) -> Vec<Family<'a>> {
    let mut families = of_the_process(counts);
    families.extend(of_features(counts));
    families.extend(of_promises(standings));
    families
}

const fn family<'a>(name: &'static str, meaning: &'static str, series: Series<'a>) -> Family<'a> {
    Family {
        name,
        meaning,
        series,
    }
}

fn label(name: &'static str, value: &(impl ToString + ?Sized)) -> (&'static str, String) {
    (name, value.to_string())
}

fn of_the_process(counts: &Counts) -> Vec<Family<'_>> {
    let items = counts.items.iter().map(|((kind, outcome), count)| {
        let labels = vec![label("type", kind), label("outcome", outcome)];
        (labels, *count)
    });
    let refused = counts.refused.iter();
    let refused = refused.map(|(reason, count)| (vec![label("reason", reason)], *count));
    let requests = counts.requests.iter();
    let requests = requests.map(|(status, count)| (vec![label("status", status)], *count));
    let waiting = vec![(Labels::new(), counts.waiting as f64)];
    vec![
        family(
            "firsthand.items",
            "Items that reached the store, by type and outcome.",
            Series::Counters(items.collect()),
        ),
        family(
            "firsthand.items.refused",
            "Items that were refused before, by reason.",
            Series::Counters(refused.collect()),
        ),
        family(
            "firsthand.http.requests",
            "Requests that were answered, by status.",
            Series::Counters(requests.collect()),
        ),
        family(
            "firsthand.batches.waiting",
            "Batches that wait for their commit.",
            Series::Gauges(waiting),
        ),
        family(
            "firsthand.commit.duration",
            "How long batches waited for their commit, the queue included.",
            Series::Histograms(vec![(Labels::new(), &counts.commits)]),
        ),
    ]
}

fn of_features(counts: &Counts) -> Vec<Family<'_>> {
    vec![
        family(
            "firsthand.requests",
            "Requests of pages, by what became of them.",
            Series::Counters(of_each(counts, |counted| {
                let classes = Class::ALL.into_iter();
                let classes = classes.map(|class| {
                    let count = counted.classes[class as usize];
                    (vec![label("class", class.as_str())], count)
                });
                classes.collect()
            })),
        ),
        family(
            "firsthand.requests.budgeted",
            "Requests that were held against a threshold, by whether they were within.",
            Series::Counters(of_each(counts, budgeted)),
        ),
        family(
            "firsthand.requests.eligible",
            "Requests that count for availability, by whether they failed.",
            Series::Counters(of_each(counts, |counted| {
                let (all, bad) = counted.eligible;
                let results = [("good", all.saturating_sub(bad)), ("bad", bad)];
                let results = results.map(|(result, n)| (vec![label("result", result)], n));
                results.into()
            })),
        ),
        family(
            "firsthand.request.duration",
            "Time until the answer begins, of what counts for latency.",
            Series::Histograms(of_each(counts, |counted| {
                vec![(Labels::new(), &counted.histogram)]
            })),
        ),
    ]
}

fn budgeted(counted: &Counted) -> Vec<(Labels, u64)> {
    let thresholds = counted.thresholds.iter();
    let series = thresholds.flat_map(|(within, (n, slow))| {
        let labels = [
            label("stage", stage(within.0)),
            label("within_ms", &within.1),
        ];
        let results = [("within", n.saturating_sub(*slow)), ("over", *slow)];
        results.map(|(result, count)| ([&labels[..], &[label("result", result)]].concat(), count))
    });
    series.collect()
}

/// What is told of every feature that anything was counted for.
fn of_each<'a, T>(
    counts: &'a Counts,
    told: impl Fn(&'a Counted) -> Vec<(Labels, T)>,
) -> Vec<(Labels, T)> {
    let features = counts.features.iter();
    let series = features.flat_map(|((project, feature), counted)| {
        let named = named(*project, feature);
        let told = told(counted).into_iter();
        told.map(move |(labels, value)| ([&named[..], &labels].concat(), value))
    });
    series.collect()
}

fn named(project: ProjectId, feature: &str) -> [(&'static str, String); 2] {
    [label("project", &project.0), label("feature", feature)]
}

fn of_promises(standings: &[Standing]) -> Vec<Family<'static>> {
    let gauge = |name, meaning, value: fn(&ObjectiveReport) -> Option<f64>| {
        let mut series = Vec::new();
        for standing in standings {
            let named = named(standing.project, &standing.feature);
            for objective in &standing.objectives {
                if let Some(value) = value(objective) {
                    let labels = [&named[..], &objective_labels(objective.kind)].concat();
                    series.push((labels, value));
                }
            }
        }
        family(name, meaning, Series::Gauges(series))
    };
    let up = standings.iter().filter_map(|standing| {
        let value = f64::from(u8::from(standing.is_up?));
        Some((named(standing.project, &standing.feature).into(), value))
    });
    vec![
        gauge("firsthand.objective.target", "What was promised.", |one| {
            Some(one.target)
        }),
        gauge(
            "firsthand.objective.actual",
            "What was kept, over the window of the budgets.",
            |one| one.actual,
        ),
        gauge(
            "firsthand.budget.left",
            "Share of the error budget that is left; below 0 when more than all is used.",
            |one| one.left,
        ),
        gauge(
            "firsthand.burn.rate",
            "Burn rate over the last hour: 1 uses up the budget exactly in its window.",
            |one| one.burn,
        ),
        family(
            "firsthand.up",
            "Whether a feature works for its clients: 1 or 0, absent where nobody knows.",
            Series::Gauges(up.collect()),
        ),
    ]
}

fn objective_labels(kind: ObjectiveKind) -> [(&'static str, String); 2] {
    let (objective, within_ms) = match kind {
        ObjectiveKind::Latency {
            stage: until,
            within_ms,
        } => (stage(until), within_ms.to_string()),
        ObjectiveKind::Availability => ("availability", String::new()),
    };
    [
        label("objective", objective),
        label("within_ms", &within_ms),
    ]
}

const fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Headers => "headers",
        Stage::Body => "body",
    }
}
