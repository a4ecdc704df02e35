//! Turns days into days, weeks or months in which enough people answered.

use chrono::{DateTime, Datelike, Days, NaiveDate};
use chrono_tz::Tz;
use protocol::query::scores::Bucket;
use scores::Reading;
use store::{Cell, Span};

use super::DAY_MS;
use super::asked::{Asked, summed};
use super::figure::figure;
use crate::query::window::begins_ms;

/// Days before now that are told apart at most: ten years. Everything before them is the first.
const MAX_DAYS: u64 = 3_660;
/// Buckets at most, unless somebody asks for more.
const MANY: usize = 92;
/// Buckets at least, unless each of them is firm.
const FEW: usize = 4;

/// Length of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Day,
    Week,
    Month,
}

impl Step {
    const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == name)
    }

    /// The first day of the bucket that a day is in; weeks begin on Mondays.
    fn first(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => day,
            Self::Week => {
                let since = Days::new(day.weekday().num_days_from_monday().into());
                day.checked_sub_days(since).unwrap_or(day)
            }
            Self::Month => day.with_day(1).unwrap_or(day),
        }
    }
}

fn day_of(at_ms: u64, zone: Tz) -> Option<NaiveDate> {
    let at = DateTime::from_timestamp_millis(i64::try_from(at_ms).ok()?)?;
    Some(at.with_timezone(&zone).date_naive())
}

/// When each day of a span begins in a zone; the first may have begun before the span.
pub(super) fn days(span: Span, zone: Tz) -> Vec<u64> {
    let from_ms = span
        .from_ms
        .max(span.to_ms.saturating_sub(MAX_DAYS * DAY_MS));
    let mut starts = Vec::new();
    let mut next = day_of(from_ms, zone);
    while let Some(day) = next {
        match begins_ms(day, zone) {
            Some(at_ms) if at_ms < span.to_ms || starts.is_empty() => starts.push(at_ms),
            _ => break,
        }
        next = day.checked_add_days(Days::new(1));
    }
    starts
}

/// The buckets, of the step that is asked for or the shortest that is firm.
pub(super) fn trend(
    asked: &Asked,
    days: &[u64],
    cells: &[Cell],
    step: Option<Step>,
) -> (Step, Vec<Bucket>) {
    // Before the first answer of all time there is nothing to see.
    let skipped = match (asked.filter.view.from_ms, cells.first()) {
        (Some(1..), _) => 0,
        (_, Some(first)) => first.stretch,
        (_, None) => days.len(),
    };
    let of = |step: Step| buckets(asked, days, cells, step, skipped);
    if let Some(step) = step {
        return (step, of(step));
    }
    let mut last = (Step::Day, of(Step::Day));
    for step in Step::ALL {
        let buckets = of(step);
        if buckets.len() < FEW && last.1.len() <= MANY {
            break;
        }
        last = (step, buckets);
        if last.1.len() <= MANY && is_firm(&last.1) {
            break;
        }
    }
    last
}

/// Whether half of the buckets that are over have enough people.
fn is_firm(buckets: &[Bucket]) -> bool {
    let over = buckets.iter().filter(|bucket| bucket.complete);
    let mut n: Vec<u64> = over.map(|bucket| bucket.figure.n).collect();
    n.sort_unstable();
    n.get(n.len() / 2)
        .is_some_and(|n| *n >= Reading::MIN_FOR_FIRM)
}

fn buckets(asked: &Asked, days: &[u64], cells: &[Cell], step: Step, skipped: usize) -> Vec<Bucket> {
    let Span { from_ms, to_ms } = asked.span;
    let mut buckets: Vec<(NaiveDate, usize)> = Vec::new();
    for (nth, start) in days.iter().enumerate().skip(skipped) {
        let Some(day) = day_of(*start, asked.zone) else {
            continue;
        };
        let first = step.first(day);
        if buckets.last().is_none_or(|(last, _)| *last != first) {
            buckets.push((first, nth));
        }
    }
    let ends = buckets.iter().skip(1).map(|(_, nth)| *nth);
    let ends = ends.chain([days.len()]);
    let all = buckets.iter().zip(ends).map(|((_, first), end)| {
        let inside = cells.iter();
        let inside = inside.filter(|cell| (*first..end).contains(&cell.stretch));
        let over_ms = days.get(end).copied();
        let begins = days.get(*first).copied().unwrap_or(from_ms);
        Bucket {
            from_ms: begins.max(from_ms),
            to_ms: over_ms.unwrap_or(to_ms).min(to_ms),
            complete: over_ms.is_some() || to_ms <= asked.filter.now_ms,
            figure: figure(asked.kind, summed(inside)),
        }
    });
    all.collect()
}
