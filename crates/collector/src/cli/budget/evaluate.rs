//! Turns attempts of traces into how every objective of the budgets stands: the rules by which pages
//! measure, on what was recorded.

use std::collections::BTreeMap;

use latency::Histogram;
use latency::budgets::{compile, within};
use latency::class::{self, Class, Observed, availability, classify, counts_for_latency};
use latency::feature::{Request, Rule, fits};
use latency::objective::{Counts, actual, health, left};
use latency::template::{Keys, template};
use protocol::budget::{Budgets, Stage};
use protocol::config::{FeatureRule, Metering, RequestRule};
use protocol::latency::Within;
use protocol::query::Finding;
use protocol::query::performance::{Health, ObjectiveKind, Percentiles};
use serde::Serialize;

use super::har::{Attempt, LeftOut, Trace};

/// What became of a check.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Report {
    /// The worst of all features.
    pub(super) health: Health,
    /// Worst first.
    pub(super) features: Vec<FeatureReport>,
    /// Attempts that belong to no feature.
    pub(super) unmatched: u64,
    /// Attempts of all traces.
    pub(super) requests: u64,
    /// Names of the traces.
    pub(super) traces: Vec<String>,
    /// Entries that are no attempts.
    pub(super) left_out: LeftOut,
    /// What is worth a second look in the budgets.
    pub(super) findings: Vec<Finding>,
}

/// One feature.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct FeatureReport {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) owner: Option<String>,
    /// The worst of its objectives.
    pub(super) health: Health,
    /// Attempts of every class.
    pub(super) requests: u64,
    /// Attempts that count for latency.
    pub(super) n: u64,
    /// Attempts by class; those without any are absent.
    pub(super) classes: BTreeMap<&'static str, u64>,
    /// Milliseconds until headers; absent when `n` is 0.
    pub(super) percentiles: Option<Percentiles>,
    /// In the order of the budgets, availability last.
    pub(super) objectives: Vec<ObjectiveReport>,
    /// Those with most attempts over the first threshold first, then the slowest.
    pub(super) templates: Vec<TemplateReport>,
    /// The slowest attempt that counts.
    pub(super) slowest: Option<Slowest>,
}

/// One objective.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct ObjectiveReport {
    pub(super) kind: ObjectiveKind,
    pub(super) target: f64,
    /// Attempts that count.
    pub(super) n: u64,
    /// Those over the threshold, or those that failed.
    pub(super) bad: u64,
    /// Absent when `n` is 0.
    pub(super) actual: Option<f64>,
    /// Share of the error budget that is left; absent when `n` is 0 or nothing may be bad.
    pub(super) left: Option<f64>,
    pub(super) health: Health,
}

/// One template.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct TemplateReport {
    pub(super) method: String,
    pub(super) template: String,
    pub(super) requests: u64,
    /// Attempts that count for latency.
    pub(super) n: u64,
    /// Those of them over the first threshold.
    pub(super) over: u64,
    /// Attempts that failed.
    pub(super) failed: u64,
    /// Absent when `n` is 0.
    pub(super) p95_ms: Option<f64>,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Slowest {
    pub(super) ms: f64,
    pub(super) method: String,
    pub(super) template: String,
    pub(super) class: &'static str,
    /// Name of the trace, and place of the entry in its list, from 0.
    pub(super) trace: String,
    pub(super) entry: usize,
}

/// Holds traces, with their names, against budgets.
pub(super) fn evaluate(
    budgets: &Budgets,
    traces: &[(String, Trace)],
    findings: Vec<Finding>,
) -> Report {
    let metering = compile(budgets);
    let mut sums: Vec<Sums> = metering.features.iter().map(Sums::of).collect();
    let mut report = Report {
        health: Health::Unbudgeted,
        features: Vec::new(),
        unmatched: 0,
        requests: 0,
        traces: traces.iter().map(|(name, _)| name.clone()).collect(),
        left_out: LeftOut::default(),
        findings,
    };
    for (name, trace) in traces {
        // As many templates as one page load tells apart.
        let mut keys = Keys::new(usize::from(metering.max_keys));
        report.left_out.add(trace.left_out);
        for attempt in &trace.attempts {
            report.requests += 1;
            match feature_of(&metering, attempt) {
                Some(at) => {
                    sums[at].take(&metering, &metering.features[at], attempt, name, &mut keys)
                }
                None => report.unmatched += 1,
            }
        }
    }
    let features = budgets.features.iter().zip(sums);
    report.features = features
        .map(|(feature, sums)| sums.report(feature))
        .collect();
    // Of equally bad ones the order of the budgets.
    report.features.sort_by_key(|feature| feature.health);
    let worst = report.features.iter().map(|feature| feature.health).min();
    report.health = worst.unwrap_or(Health::Unbudgeted);
    report
}

/// The first that matches.
fn feature_of(metering: &Metering, attempt: &Attempt) -> Option<usize> {
    let request = Request {
        method: attempt.verb.as_bytes(),
        origin: attempt.origin.as_bytes(),
        is_own_origin: attempt.is_own_origin,
        path: attempt.path.as_bytes(),
        graphql: attempt.graphql.as_bytes(),
    };
    let is_match = |rule: &RequestRule| {
        let rule = Rule {
            method: rule.method.as_bytes(),
            origin: rule.origin.as_bytes(),
            path: rule.path.as_bytes(),
            graphql: rule.graphql.as_bytes(),
        };
        fits(&rule, &request)
    };
    let mut features = metering.features.iter();
    features.position(|feature| feature.matches.iter().any(is_match))
}

/// What was counted of one feature.
#[derive(Debug, Default)]
struct Sums {
    requests: u64,
    eligible: Counts,
    slow: Vec<Counts>,
    classes: BTreeMap<&'static str, u64>,
    times: Histogram,
    templates: BTreeMap<(String, String), TemplateSums>,
    slowest: Option<Slowest>,
}

#[derive(Debug, Default)]
struct TemplateSums {
    requests: u64,
    over: u64,
    failed: u64,
    times: Histogram,
}

impl Sums {
    fn of(rule: &FeatureRule) -> Self {
        Self {
            slow: vec![Counts::default(); rule.within.len()],
            ..Self::default()
        }
    }

    fn take(
        &mut self,
        metering: &Metering,
        rule: &FeatureRule,
        attempt: &Attempt,
        trace: &str,
        keys: &mut Keys,
    ) {
        let class = class_of(metering, rule, attempt);
        // Under way and within its budget: a page would not have told of it.
        if attempt.error == class::ERROR_PENDING && class == Class::Excluded {
            return;
        }
        let counts = counts_for_latency(class, attempt.flags, rule.background, rule.cache);
        self.requests += 1;
        *self.classes.entry(class.as_str()).or_default() += 1;
        if let Some(good) = availability(class, attempt.flags) {
            self.eligible.n += 1;
            self.eligible.bad += u64::from(!good);
        }
        let mut is_over_first = false;
        if counts {
            self.times.record(attempt.headers);
            for (place, (slow, within)) in self.slow.iter_mut().zip(&rule.within).enumerate() {
                let is_over = is_over(class, *within, attempt);
                slow.n += 1;
                slow.bad += u64::from(is_over);
                is_over_first |= place == 0 && is_over;
            }
        }
        let template = template_of(metering, attempt, keys);
        let key = (attempt.method.clone(), template);
        if counts {
            self.see(attempt, class, &key, trace);
        }
        let sums = self.templates.entry(key).or_default();
        sums.requests += 1;
        sums.over += u64::from(is_over_first);
        sums.failed += u64::from(class.is_failure());
        if counts {
            sums.times.record(attempt.headers);
        }
    }

    fn see(&mut self, attempt: &Attempt, class: Class, key: &(String, String), trace: &str) {
        let ms = f64::from(attempt.headers) / 10.0;
        if self.slowest.as_ref().is_none_or(|slowest| slowest.ms < ms) {
            self.slowest = Some(Slowest {
                ms,
                method: key.0.clone(),
                template: key.1.clone(),
                class: class.as_str(),
                trace: String::from(trace),
                entry: attempt.index,
            });
        }
    }

    fn report(self, feature: &protocol::budget::Feature) -> FeatureReport {
        let latency = feature
            .latency
            .iter()
            .zip(self.slow)
            .map(|(objective, counts)| {
                let Within(stage, within_ms) = within(objective);
                let kind = ObjectiveKind::Latency { stage, within_ms };
                judge(kind, objective.target, counts)
            });
        let availability = feature
            .availability
            .iter()
            .map(|objective| judge(ObjectiveKind::Availability, objective.target, self.eligible));
        let objectives: Vec<ObjectiveReport> = latency.chain(availability).collect();
        let worst = objectives.iter().map(|objective| objective.health).min();
        FeatureReport {
            id: feature.id.clone(),
            name: feature.name.clone(),
            owner: feature.owner.clone(),
            health: worst.unwrap_or(Health::Unbudgeted),
            requests: self.requests,
            n: self.times.count(),
            classes: self.classes,
            percentiles: percentiles(&self.times),
            objectives,
            templates: templates(self.templates),
            slowest: self.slowest,
        }
    }
}

fn class_of(metering: &Metering, rule: &FeatureRule, attempt: &Attempt) -> Class {
    classify(&Observed {
        status: attempt.status,
        error: attempt.error,
        flags: attempt.flags,
        elapsed_ms: attempt.headers / 10,
        budget_ms: rule.within.first().map_or(u32::MAX, |within| within.1),
        hard_timeout_ms: metering.hard_timeout_ms,
    })
}

/// Exactly on the threshold is within it.
fn is_over(class: Class, Within(stage, ms): Within, attempt: &Attempt) -> bool {
    let tenths = match stage {
        Stage::Headers => attempt.headers,
        Stage::Body => attempt.body.unwrap_or(attempt.headers),
    };
    class.is_censored() || u64::from(tenths) > u64::from(ms) * 10
}

/// With its origin where that is not the page's, and with its operation where it has one.
fn template_of(metering: &Metering, attempt: &Attempt, keys: &mut Keys) -> String {
    let mut key = Vec::new();
    if !attempt.is_own_origin {
        key.extend_from_slice(attempt.origin.as_bytes());
    }
    let declared = metering.templates.iter().map(String::as_bytes);
    template(attempt.path.as_bytes(), declared, &mut key);
    if !attempt.graphql.is_empty() {
        key.push(b' ');
        key.extend_from_slice(attempt.graphql.as_bytes());
    }
    String::from_utf8_lossy(keys.key(&key)).into_owned()
}

/// One attempt is enough to say something here: whoever records a trace knows what is in it.
fn judge(kind: ObjectiveKind, target: f64, counts: Counts) -> ObjectiveReport {
    ObjectiveReport {
        kind,
        target,
        n: counts.n,
        bad: counts.bad,
        actual: actual(counts),
        left: left(counts, target),
        health: health(counts, target, None, 1),
    }
}

fn percentiles(times: &Histogram) -> Option<Percentiles> {
    Some(Percentiles {
        p50: times.quantile(0.5)?,
        p75: times.quantile(0.75)?,
        p95: times.quantile(0.95)?,
        p99: times.quantile(0.99)?,
    })
}

fn templates(sums: BTreeMap<(String, String), TemplateSums>) -> Vec<TemplateReport> {
    let reports = sums
        .into_iter()
        .map(|((method, template), sums)| TemplateReport {
            method,
            template,
            requests: sums.requests,
            n: sums.times.count(),
            over: sums.over,
            failed: sums.failed,
            p95_ms: sums.times.quantile(0.95),
        });
    let mut reports: Vec<TemplateReport> = reports.collect();
    reports.sort_by(|a, b| {
        let slower = b
            .p95_ms
            .unwrap_or_default()
            .total_cmp(&a.p95_ms.unwrap_or_default());
        b.over.cmp(&a.over).then(slower)
    });
    reports
}

impl Report {
    /// Objectives that stand so.
    pub(super) fn count(&self, health: Health) -> usize {
        let objectives = self.features.iter().flat_map(|feature| &feature.objectives);
        objectives
            .filter(|objective| objective.health == health)
            .count()
    }
}
