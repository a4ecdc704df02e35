//! Turns slices, or the hours that they were scored in, into how much of a window is known.

use latency::availability::Interval;
use latency::outage::{Rules, share};
use store::{HourScore, ProjectId, SlicesFilter, Span, Step, Store, StoreError};

use super::rules::slice_of;

/// Windows up to this long are read slice by slice, and longer ones by the hour: a month of slices
/// would be a quarter of a million of them.
const BY_SLICE_MS: u64 = 6 * HOUR_MS;
const HOUR_MS: u64 = 3_600_000;

/// How much of a window is known. None of it is within a maintenance.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Known {
    /// Milliseconds in which enough clients said something.
    pub(super) data_ms: u64,
    /// Milliseconds in which nobody said enough, and which are in no outage.
    pub(super) unknown_ms: u64,
    /// Sum of the share of clients that failed, in milliseconds.
    pub(super) ratio_down_ms: u64,
    /// When nobody said enough: stretches, in order. By the hour where slices are not read.
    pub(super) gaps: Vec<(u64, u64)>,
}

/// One stretch of a window, and what was said in it.
struct Stretch {
    from_ms: u64,
    to_ms: u64,
    data_ms: f64,
    ratio_down_ms: f64,
}

impl Known {
    /// How much is known of a feature.
    pub(super) async fn of(
        store: &dyn Store,
        project: ProjectId,
        feature: &str,
        span: Span,
        (rules, step): (&Rules, Step),
        (down, maintenance): (&[Interval], &[(u64, u64)]),
    ) -> Result<Self, StoreError> {
        let stretches = if span.to_ms.saturating_sub(span.from_ms) <= BY_SLICE_MS {
            by_slice(store, project, feature, span, (rules, step)).await?
        } else {
            by_hour(store, project, feature, span).await?
        };
        let down: Vec<(u64, u64)> = down
            .iter()
            .map(|one| (one.from_ms, one.to_ms.unwrap_or(u64::MAX)))
            .collect();
        Ok(sum(&stretches, &down, maintenance))
    }
}

/// Every step of the window, those of which nothing is known too.
async fn by_slice(
    store: &dyn Store,
    project: ProjectId,
    feature: &str,
    span: Span,
    (rules, step): (&Rules, Step),
) -> Result<Vec<Stretch>, StoreError> {
    let step_ms = step.ms();
    let first_ms = span.from_ms / step_ms * step_ms;
    let filter = SlicesFilter {
        project,
        feature: Some(String::from(feature)),
        span: Span {
            from_ms: first_ms,
            to_ms: span.to_ms,
        },
        step,
    };
    let mut slices = store.slices(filter).await?.into_iter().peekable();
    let mut stretches = Vec::new();
    let mut at_ms = first_ms;
    while at_ms < span.to_ms {
        let from_ms = at_ms.max(span.from_ms);
        let to_ms = (at_ms + step_ms).min(span.to_ms);
        let mut stretch = Stretch::unknown(from_ms, to_ms);
        if let Some(kept) = slices.next_if(|slice| slice.start_ms == at_ms) {
            let slice = slice_of(&kept, step);
            if let Some(share) = share(&slice, rules) {
                stretch.data_ms = (to_ms - from_ms) as f64;
                stretch.ratio_down_ms = stretch.data_ms * share;
            }
        }
        stretches.push(stretch);
        at_ms += step_ms;
    }
    Ok(stretches)
}

/// Every hour of the window. Of one that is in it in part, the known time is in it in the same part.
async fn by_hour(
    store: &dyn Store,
    project: ProjectId,
    feature: &str,
    span: Span,
) -> Result<Vec<Stretch>, StoreError> {
    let first_ms = span.from_ms / HOUR_MS * HOUR_MS;
    let hours = Span {
        from_ms: first_ms,
        to_ms: span.to_ms,
    };
    let scores = store.hour_scores(project, String::from(feature), hours);
    let mut scores = scores.await?.into_iter().peekable();
    let mut stretches = Vec::new();
    let mut at_ms = first_ms;
    while at_ms < span.to_ms {
        let from_ms = at_ms.max(span.from_ms);
        let to_ms = (at_ms + HOUR_MS).min(span.to_ms);
        let mut stretch = Stretch::unknown(from_ms, to_ms);
        if let Some(score) = scores.next_if(|score| score.start_ms == at_ms) {
            stretch.take(&score);
        }
        stretches.push(stretch);
        at_ms += HOUR_MS;
    }
    Ok(stretches)
}

impl Stretch {
    const fn unknown(from_ms: u64, to_ms: u64) -> Self {
        Self {
            from_ms,
            to_ms,
            data_ms: 0.0,
            ratio_down_ms: 0.0,
        }
    }

    const fn ms(&self) -> u64 {
        self.to_ms - self.from_ms
    }

    /// The part of an hour that this is. What an hour that is not over has said, it has said so far.
    fn take(&mut self, score: &HourScore) {
        let is_cut = self.from_ms > score.start_ms;
        let part = if is_cut {
            self.ms() as f64 / HOUR_MS as f64
        } else {
            1.0
        };
        self.data_ms = (score.known_ms as f64 * part).min(self.ms() as f64);
        self.ratio_down_ms = score.ratio_down_ms as f64 * part;
    }
}

fn sum(stretches: &[Stretch], down: &[(u64, u64)], maintenance: &[(u64, u64)]) -> Known {
    let mut known = Known::default();
    let (mut data, mut unknown, mut ratio) = (0.0, 0.0, 0.0);
    for stretch in stretches {
        let whole = (stretch.from_ms, stretch.to_ms);
        let announced = overlap_ms(whole, maintenance);
        let counts_ms = stretch.ms() - announced;
        if counts_ms == 0 {
            continue;
        }
        let part = counts_ms as f64 / stretch.ms() as f64;
        let said = stretch.data_ms * part;
        let down_ms = down_in(whole, down, maintenance);
        data += said;
        ratio += stretch.ratio_down_ms * part;
        // An outage in which nobody says anything lasts: that time is known to be down.
        unknown += counts_ms as f64 - said.max(down_ms as f64);
        let is_gap = stretch.data_ms * 2.0 < stretch.ms() as f64;
        if is_gap {
            match known.gaps.last_mut() {
                Some(last) if last.1 == stretch.from_ms => last.1 = stretch.to_ms,
                _ => known.gaps.push(whole),
            }
        }
    }
    known.data_ms = data.round() as u64;
    known.unknown_ms = unknown.round() as u64;
    known.ratio_down_ms = ratio.round() as u64;
    known
}

/// Milliseconds of a stretch that lie in an outage and in no maintenance.
fn down_in(stretch: (u64, u64), down: &[(u64, u64)], maintenance: &[(u64, u64)]) -> u64 {
    let parts = down.iter().map(|outage| {
        let cut = (outage.0.max(stretch.0), outage.1.min(stretch.1));
        let length_ms = cut.1.saturating_sub(cut.0);
        length_ms.saturating_sub(overlap_ms(cut, maintenance))
    });
    parts.sum()
}

/// Milliseconds of a stretch that lie in others, which do not overlap.
fn overlap_ms((from_ms, to_ms): (u64, u64), others: &[(u64, u64)]) -> u64 {
    let parts = others.iter().map(|other| {
        let end = other.1.min(to_ms);
        end.saturating_sub(other.0.max(from_ms))
    });
    parts.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(nth: u64, data_ms: u64) -> Stretch {
        let from_ms = nth * HOUR_MS;
        Stretch {
            data_ms: data_ms as f64,
            ..Stretch::unknown(from_ms, from_ms + HOUR_MS)
        }
    }

    fn check(
        stretches: &[Stretch],
        down: &[(u64, u64)],
        maintenance: &[(u64, u64)],
        expected: (u64, u64),
    ) {
        let known = sum(stretches, down, maintenance);
        assert_eq!((known.data_ms, known.unknown_ms), expected);
    }

    #[test]
    fn what_nobody_said_is_unknown_except_within_an_outage() {
        let half = HOUR_MS / 2;
        check(
            &[hour(0, HOUR_MS), hour(1, 0)],
            &[],
            &[],
            (HOUR_MS, HOUR_MS),
        );
        check(&[hour(0, half)], &[], &[], (half, half));
        // Down for the whole hour, half of it in silence.
        check(&[hour(0, half)], &[(0, HOUR_MS)], &[], (half, 0));
        check(&[hour(0, 0)], &[(0, u64::MAX)], &[], (0, 0));
    }

    #[test]
    fn maintenance_is_neither_known_nor_unknown() {
        let half = HOUR_MS / 2;
        check(&[hour(0, 0)], &[], &[(0, half)], (0, half));
        check(&[hour(0, HOUR_MS)], &[], &[(0, half)], (half, 0));
        check(&[hour(0, HOUR_MS)], &[], &[(0, u64::MAX)], (0, 0));
        // An outage that is announced is no outage.
        check(&[hour(0, 0)], &[(0, half)], &[(0, half)], (0, half));
    }

    #[test]
    fn an_hour_of_which_less_than_half_is_known_is_a_gap() {
        let half = HOUR_MS / 2;
        let known = sum(
            &[hour(0, half), hour(1, half - 1), hour(2, 0), hour(3, half)],
            &[],
            &[],
        );
        assert_eq!(known.gaps, [(HOUR_MS, 3 * HOUR_MS)]);
    }

    #[test]
    fn an_hour_that_is_cut_is_known_in_the_same_part() {
        let score = HourScore {
            start_ms: 0,
            known_ms: HOUR_MS / 2,
            ratio_down_ms: 0,
        };
        let check = |from_ms, to_ms, expected: u64| {
            let mut stretch = Stretch::unknown(from_ms, to_ms);
            stretch.take(&score);
            assert_eq!(
                stretch.data_ms.round() as u64,
                expected,
                "{from_ms} {to_ms}"
            );
        };
        check(0, HOUR_MS, HOUR_MS / 2);
        check(HOUR_MS / 2, HOUR_MS, HOUR_MS / 4);
        // Not over yet: all of it was said in the part that is.
        check(0, HOUR_MS / 2, HOUR_MS / 2);
    }
}
