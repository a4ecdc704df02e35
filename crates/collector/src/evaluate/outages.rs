//! Turns slices of one feature into outages and scored hours, and keeps them.

use latency::outage::{self, Rules, Slice, outages, share};
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

/// Outages in slices from `since_ms` on, in order. One that is carried over goes on from there.
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
            let before = first.saturating_sub(CARRIED)..first;
            let told = before.clone().map(|number| bad(number, partial));
            let told: Vec<Slice> = told.chain(slices.iter().copied()).collect();
            let mut found = outages(before.start, end, &told, rules);
            for one in found.iter_mut().filter(|one| one.from < first) {
                cut(one, first, slices, rules);
            }
            found
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

/// Slices that an outage which is carried over is told with: more than the usual rules ask for.
const CARRIED: u64 = 6;

/// A slice that is bad by any rules: for everybody, or for some.
fn bad(number: u64, partial: bool) -> Slice {
    const CLIENTS: u32 = 1_000;
    let failing = if partial { CLIENTS * 3 / 10 } else { CLIENTS };
    Slice {
        number,
        eligible: u64::from(CLIENTS) * 100,
        bad: u64::from(failing) * 100,
        voting: CLIENTS,
        failing,
        clients: CLIENTS,
        ..Slice::default()
    }
}

/// Takes away what an outage was told with.
fn cut(one: &mut outage::Outage, first: u64, slices: &[Slice], rules: &Rules) {
    let end = one.to.unwrap_or(u64::MAX);
    let own = slices.iter().filter(|slice| slice.number < end);
    (one.failed, one.peak_share) = own.fold((0, 0.0), |(failed, peak): (u64, f64), slice| {
        (
            failed + slice.bad,
            peak.max(share(slice, rules).unwrap_or(0.0)),
        )
    });
    one.from = first;
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
        if let Some(share) = share(slice, rules) {
            hour.known_ms += step.ms();
            hour.ratio_down_ms += (step.ms() as f64 * share).round() as u64;
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

#[cfg(test)]
mod tests {
    use super::*;

    const SINCE_MS: u64 = 1_793_491_200_000;
    const SLICE_MS: u64 = 10_000;

    /// Slices from [`SINCE_MS`] on in which so many of a hundred clients fail; none where nobody says
    /// anything.
    fn slices(failing: &[Option<u32>]) -> Vec<Slice> {
        let numbers = SINCE_MS / SLICE_MS..;
        let told = numbers.zip(failing).filter_map(|(number, failing)| {
            failing.map(|failing| Slice {
                number,
                eligible: 100,
                bad: u64::from(failing),
                voting: 100,
                failing,
                clients: 100,
                ..Slice::default()
            })
        });
        told.collect()
    }

    fn check(
        carried: Option<bool>,
        failing: &[Option<u32>],
        expected: &[(u64, Option<u64>, bool, u64)],
    ) {
        let now_ms = SINCE_MS + failing.len() as u64 * SLICE_MS;
        let how = (&Rules::default(), Step::Slice);
        let found = find(SINCE_MS, now_ms, &slices(failing), how, carried);
        let nth = |ms: u64| (ms - SINCE_MS) / SLICE_MS;
        let found: Vec<_> = found
            .iter()
            .map(|one| {
                (
                    nth(one.from_ms),
                    one.to_ms.map(nth),
                    one.partial,
                    one.failed,
                )
            })
            .collect();
        assert_eq!(found, expected, "{carried:?} {failing:?}");
    }

    #[test]
    fn an_outage_that_is_carried_over_goes_on() {
        const GOOD: Option<u32> = Some(0);
        let (half, some) = (Some(60), Some(30));
        let (whole, partial) = (Some(false), Some(true));
        // Silence does not end it, and what failed before is not counted again.
        check(whole, &[None, None], &[(0, None, false, 0)]);
        check(
            whole,
            &[None, half, GOOD, GOOD, GOOD],
            &[(0, Some(2), false, 60)],
        );
        check(
            whole,
            &[GOOD, GOOD, GOOD, half, half],
            &[(0, Some(0), false, 0), (3, None, false, 120)],
        );
        check(partial, &[None, some], &[(0, None, true, 30)]);
        check(partial, &[GOOD, GOOD, GOOD], &[(0, Some(0), true, 0)]);
        // Nothing is carried over: what was there has to be there again.
        check(None, &[None, half, GOOD, GOOD, GOOD], &[]);
        let both = [(0, Some(2), true, 60), (2, Some(4), false, 120)];
        check(None, &[some, some, half, half, GOOD, GOOD, GOOD], &both);
    }
}
