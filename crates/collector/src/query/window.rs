//! Turns "7d" or "2026-11" into a stretch of time, in the zone of the project.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use protocol::outcome::ErrorCode;
use protocol::query::Window;
use store::Span;

use crate::error::ApiError;

/// The shortest rolling window: what is distributed is known to the minute.
const MIN_ROLLING_MS: u64 = 60_000;
/// The longest rolling window: 90 days, as long as the window of budgets may be.
const MAX_ROLLING_MS: u64 = 90 * 86_400_000;

/// The window that is asked for, or the rolling one of the budgets.
///
/// # Errors
///
/// [`ErrorCode::InvalidParameter`] for what is no window, or one that has not begun.
pub(crate) fn window(
    asked: Option<&str>,
    budget_window_ms: u64,
    zone: Tz,
    now_ms: u64,
) -> Result<Span, ApiError> {
    let Some(text) = asked else {
        return Ok(rolling(budget_window_ms, now_ms));
    };
    if let Ok(length) = text.parse::<protocol::budget::Span>() {
        if !(MIN_ROLLING_MS..=MAX_ROLLING_MS).contains(&length.0) {
            return Err(refused("window must be from 1m to 90d"));
        }
        return Ok(rolling(length.0, now_ms));
    }
    let span = calendar(text, zone).ok_or_else(|| {
        refused("window must be a length such as 7d, or a day, month or year such as 2026-11-27")
    })?;
    if span.from_ms > now_ms {
        return Err(refused("window has not begun"));
    }
    Ok(Span {
        to_ms: span.to_ms.min(after(now_ms)),
        ..span
    })
}

/// The last `length_ms`. This very millisecond is in it.
pub(crate) const fn rolling(length_ms: u64, now_ms: u64) -> Span {
    let to_ms = after(now_ms);
    Span {
        from_ms: to_ms.saturating_sub(length_ms),
        to_ms,
    }
}

const fn after(now_ms: u64) -> u64 {
    now_ms.saturating_add(1)
}

/// The same, as the console is told.
pub(crate) const fn told(span: Span) -> Window {
    Window {
        from_ms: span.from_ms,
        to_ms: span.to_ms,
    }
}

fn refused(message: &str) -> ApiError {
    ApiError::new(ErrorCode::InvalidParameter, message)
}

/// When a day such as `2026-11-27` begins, in milliseconds since 1970 (UTC).
pub(crate) fn day_begins_ms(text: &str, zone: Tz) -> Option<u64> {
    let is_day = text.split('-').count() == 3;
    let day = is_day.then(|| calendar(text, zone))??;
    Some(day.from_ms)
}

/// A day, a month or a year, whole.
fn calendar(text: &str, zone: Tz) -> Option<Span> {
    let mut parts = text.split('-');
    let year = number(parts.next()?, 4)?;
    let month = parts.next().map(|month| number(month, 2));
    let day = parts.next().map(|day| number(day, 2));
    if parts.next().is_some() {
        return None;
    }
    let (first, after) = match (month, day) {
        (None, _) => {
            let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
            (first, first.with_year(year + 1)?)
        }
        (Some(month), None) => {
            let first = NaiveDate::from_ymd_opt(year, month?.try_into().ok()?, 1)?;
            (first, first.checked_add_months(Months::new(1))?)
        }
        (Some(month), Some(day)) => {
            let (month, day) = (month?.try_into().ok()?, day?.try_into().ok()?);
            let first = NaiveDate::from_ymd_opt(year, month, day)?;
            (first, first.checked_add_days(Days::new(1))?)
        }
    };
    Some(Span {
        from_ms: begins_ms(first, zone)?,
        to_ms: begins_ms(after, zone)?,
    })
}

fn number(text: &str, digits: usize) -> Option<i32> {
    let is_number = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// The first moment of a day. Where clocks are put forward at midnight, that is later than 0:00;
/// where they are put back to it, it is the first of two.
pub(crate) fn begins_ms(day: NaiveDate, zone: Tz) -> Option<u64> {
    let midnight = day.and_time(NaiveTime::MIN);
    // Whole days have been left out too (Samoa, 2011-12-30): then the next one begins at once.
    let quarters = (0..=24 * 4).map(|quarter| midnight + TimeDelta::minutes(15 * quarter));
    let first = quarters.map(|time| zone.from_local_datetime(&time).earliest());
    let first = first.flatten().next()?;
    u64::try_from(first.timestamp_millis()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-27T12:00:00Z.
    const NOW: u64 = 1_795_780_800_000;
    const HOUR: u64 = 3_600_000;
    const DAY: u64 = 24 * HOUR;

    fn check(text: &str, zone: &str, expected: (u64, u64)) {
        let zone = zone.parse().unwrap();
        let span = window(Some(text), DAY, zone, NOW).unwrap();
        assert_eq!((span.from_ms, span.to_ms), expected, "{text} {zone}");
    }

    #[test]
    fn a_rolling_window_ends_now() {
        check("24h", "UTC", (NOW + 1 - DAY, NOW + 1));
        check("90d", "Europe/Berlin", (NOW + 1 - 90 * DAY, NOW + 1));
        let budgets = window(None, 7 * DAY, Tz::UTC, NOW).unwrap();
        assert_eq!(budgets, rolling(7 * DAY, NOW));
    }

    #[test]
    fn a_calendar_window_begins_and_ends_where_people_live() {
        // Berlin is an hour ahead of UTC in winter and two in summer.
        let noon = NOW - 12 * HOUR;
        check(
            "2026-11-26",
            "Europe/Berlin",
            (noon - DAY - HOUR, noon - HOUR),
        );
        check("2026-11-27", "Europe/Berlin", (noon - HOUR, NOW + 1));
        check(
            "2026-11-26",
            "America/New_York",
            (noon - DAY + 5 * HOUR, noon + 5 * HOUR),
        );
        check("2026-11", "UTC", (noon - 26 * DAY, NOW + 1));
        check("2026", "UTC", (noon - 330 * DAY, NOW + 1));
    }

    #[test]
    fn a_day_on_which_clocks_change_is_an_hour_longer_or_shorter() {
        let length = |text: &str, zone: &str| {
            let span = window(Some(text), DAY, zone.parse().unwrap(), NOW).unwrap();
            (span.to_ms - span.from_ms) / HOUR
        };
        assert_eq!(length("2026-03-29", "Europe/Berlin"), 23);
        assert_eq!(length("2026-10-25", "Europe/Berlin"), 25);
        assert_eq!(length("2026-10-25", "UTC"), 24);
        assert_eq!(length("2026-10", "Europe/Berlin"), 31 * 24 + 1);
        // Clocks are put forward at midnight: the day begins at one.
        assert_eq!(length("2018-11-04", "America/Sao_Paulo"), 23);
        assert_eq!(length("2011-12-30", "Pacific/Apia"), 0);
    }

    #[test]
    fn what_is_no_window_is_told() {
        for text in [
            "",
            "7",
            "0d",
            "91d",
            "1s",
            "7w",
            "2026-13",
            "2026-02-30",
            "2026-2",
            "26",
            "2026-11-27-1",
            "2026-12",
            "2027",
            "2026-11-28",
            "-2026",
            "2026-",
            "20261",
        ] {
            assert!(window(Some(text), DAY, Tz::UTC, NOW).is_err(), "{text}");
        }
    }
}
