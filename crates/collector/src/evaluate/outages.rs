//! Turns slices of one feature into outages and scored hours, and keeps them.

use latency::outage::{self, Rules, Slice, SliceState, outages, state};
use store::{HourScore, Outage, ProjectId, Scoring, SlicesFilter, Span, Step};

use super::Evaluator;
use crate::budgets::InForce;
use crate::error::ApiError;
use crate::query::{rules, slice_of, step};

/// How long reports may be late and still change an outage.
const LATE_MS: u64 = 48 * HOUR_MS;
/// How far back is looked every time: the hour that is not over, and the one before.
const QUICK_MS: u64 = HOUR_MS;
const HOUR_MS: u64 = 3_600_000;

impl Evaluator {
    /// Scores a feature anew: what late reports can still change, or only the last hours.
    pub(super) async fn score(
        &self,
        in_force: &InForce,
        (project, feature): &(ProjectId, String),
        thorough: bool,
        now_ms: u64,
    ) -> Result<(), ApiError> {
        let (project, feature) = (*project, feature.as_str());
        let (rules, step) = (rules(in_force, feature), step(&in_force.budgets));
        let (since_ms, carried) = self.since(project, feature, thorough, now_ms).await?;
        let filter = SlicesFilter {
            project,
            feature: Some(String::from(feature)),
            span: Span {
                from_ms: since_ms,
                to_ms: now_ms.saturating_add(1),
            },
            step,
        };
        let slices = self.store.slices(filter).await?;
        let slices: Vec<Slice> = slices.iter().map(|slice| slice_of(slice, step)).collect();
        let found = find(since_ms, now_ms, &slices, (&rules, step), carried);
        let before = Span {
            from_ms: since_ms,
            to_ms: u64::MAX,
        };
        let before = self
            .store
            .outages(project, Some(String::from(feature)), before);
        log(project, feature, &before.await?, &found);
        let scoring = Scoring {
            project,
            feature: String::from(feature),
            since_ms,
            outages: found,
            hours: hours(since_ms, now_ms, &slices, &rules, step),
        };
        Ok(self.store.put_scoring(scoring).await?)
    }

    /// From where on to look: the start of an hour, in which no outage is under way. The second is
    /// whether one is all the same, because it began when nothing can be changed any more.
    async fn since(
        &self,
        project: ProjectId,
        feature: &str,
        thorough: bool,
        now_ms: u64,
    ) -> Result<(u64, Option<bool>), ApiError> {
        let late_ms = LATE_MS.min(self.retention.slices_ms);
        // What was pruned was pruned by the hour.
        let oldest_ms = now_ms.saturating_sub(late_ms).next_multiple_of(HOUR_MS);
        let quick_ms = now_ms.saturating_sub(QUICK_MS) / HOUR_MS * HOUR_MS;
        let mut since_ms = if thorough {
            oldest_ms
        } else {
            quick_ms.max(oldest_ms)
        };
        loop {
            let moment = Span {
                from_ms: since_ms,
                to_ms: since_ms + 1,
            };
            let under_way = self
                .store
                .outages(project, Some(String::from(feature)), moment);
            let under_way = under_way.await?;
            let earlier = under_way.iter().filter(|row| row.outage.from_ms < since_ms);
            let Some(first) = earlier.min_by_key(|row| row.outage.from_ms) else {
                return Ok((since_ms, None));
            };
            if since_ms == oldest_ms {
                return Ok((since_ms, Some(first.outage.partial)));
            }
            since_ms = (first.outage.from_ms / HOUR_MS * HOUR_MS).max(oldest_ms);
        }
    }
}

/// Outages in slices from `since_ms` on. One that is carried over goes on from there.
fn find(
    since_ms: u64,
    now_ms: u64,
    slices: &[Slice],
    (rules, step): (&Rules, Step),
    carried: Option<bool>,
) -> Vec<Outage> {
    let first = since_ms / step.ms();
    let end = now_ms / step.ms() + 1;
    let found = match carried {
        None => outages(first, end, slices, rules),
        Some(partial) => {
            // The machine has no memory but slices: it is told that all was bad until then.
            let before = (first.saturating_sub(CARRIED)..first).map(|number| bad(number, rules));
            let all: Vec<Slice> = before.chain(slices.iter().cloned()).collect();
            let found = outages(first.saturating_sub(CARRIED), end, &all, rules).into_iter();
            // What began before is the one that is carried; of two kinds, only the one that was.
            let is_carried = |one: &outage::Outage| one.from < first;
            found
                .filter(|one| !is_carried(one) || one.partial == partial)
                .map(|one| without_before(one, first))
                .collect()
        }
    };
    let ms = |number: u64| number * step.ms();
    let found = found.into_iter().map(|one| Outage {
        from_ms: ms(one.from),
        to_ms: one.to.map(ms),
        partial: one.partial,
        peak_share: one.peak_share,
        failed: one.failed,
    });
    found.collect()
}

/// Slices that an outage which is carried over is told with: more than any rule asks for.
const CARRIED: u64 = 6;
/// Attempts and clients in each of them.
const CARRIED_ATTEMPTS: u64 = 1_000;

fn bad(number: u64, rules: &Rules) -> Slice {
    let clients = rules.min_clients.max(10);
    let attempts = CARRIED_ATTEMPTS.max(u64::from(rules.min_samples));
    Slice {
        number,
        eligible: attempts,
        bad: attempts,
        voting: clients,
        failing: clients,
        clients,
        ..Slice::default()
    }
}

/// The outage as it was from `first` on.
fn without_before(mut one: outage::Outage, first: u64) -> outage::Outage {
    if one.from < first {
        one.from = first;
        one.failed = one.failed.saturating_sub(CARRIED * CARRIED_ATTEMPTS);
    }
    one
}

/// Every hour from `since_ms` on.
fn hours(
    since_ms: u64,
    now_ms: u64,
    slices: &[Slice],
    rules: &Rules,
    step: Step,
) -> Vec<HourScore> {
    let mut hours: Vec<HourScore> = (since_ms..=now_ms)
        .step_by(HOUR_MS as usize)
        .map(|start_ms| HourScore {
            start_ms,
            ..HourScore::default()
        })
        .collect();
    for slice in slices {
        let Some(after_ms) = (slice.number * step.ms()).checked_sub(since_ms) else {
            continue;
        };
        let Some(hour) = hours.get_mut((after_ms / HOUR_MS) as usize) else {
            continue;
        };
        if state(slice, rules) != SliceState::NoData {
            hour.known_ms += step.ms();
            let share = f64::from(slice.failing) / f64::from(slice.voting.max(1));
            hour.ratio_down_ms += (step.ms() as f64 * share.min(1.0)).round() as u64;
        }
    }
    hours
}

/// Tells what began and what ended.
fn log(project: ProjectId, feature: &str, before: &[store::OutageRow], found: &[Outage]) {
    for one in found {
        let known = before.iter().find(|row| {
            let row = &row.outage;
            row.partial == one.partial
                && row.from_ms < one.to_ms.unwrap_or(u64::MAX)
                && one.from_ms < row.to_ms.unwrap_or(u64::MAX)
        });
        let (project, from_ms, partial) = (project.0, one.from_ms, one.partial);
        let was_open = known.is_some_and(|row| row.outage.to_ms.is_none());
        match one.to_ms {
            None if known.is_none() => {
                tracing::warn!(project, feature, from_ms, partial, "an outage began");
            }
            Some(to_ms) if was_open => {
                tracing::info!(project, feature, from_ms, to_ms, partial, "an outage ended");
            }
            _ => {}
        }
    }
}
