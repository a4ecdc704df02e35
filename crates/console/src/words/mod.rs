//! Turns counts, shares and moments into the words that people read, in the language that they chose.
//!
//! `say` has one function for each text of `words/en.json`: `say::rail_scores()`.

mod language;
pub(crate) mod say;

pub use language::Language;
pub use say::{language, speak};

/// Milliseconds of one day.
const DAY_MS: i64 = 86_400_000;

/// A moment with the offset of the reader's clock at that moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970 (UTC).
    pub at_ms: u64,
    /// Minutes that local time is ahead of UTC; negative in the Americas.
    pub ahead_min: i32,
}

/// A local date and time of day.
pub(crate) struct Civil {
    /// Days since 1970-01-01.
    pub(crate) day_number: i64,
    pub(crate) year: i64,
    /// From 1.
    pub(crate) month: i64,
    pub(crate) day: i64,
    hour: i64,
    minute: i64,
}

impl Moment {
    /// The local calendar date and time.
    ///
    /// # Source
    /// H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    pub(crate) fn civil(self) -> Civil {
        let local_ms = self.at_ms as i64 + i64::from(self.ahead_min) * 60_000;
        let day_number = local_ms.div_euclid(DAY_MS);
        let minutes = local_ms.rem_euclid(DAY_MS) / 60_000;
        let z = day_number + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        Civil {
            day_number,
            year: yoe + era * 400 + i64::from(month <= 2),
            month,
            day: doy - (153 * mp + 2) / 5 + 1,
            hour: minutes / 60,
            minute: minutes % 60,
        }
    }

    /// The local time of day: `14:05`.
    pub fn clock(self) -> String {
        let c = self.civil();
        format!("{:02}:{:02}", c.hour, c.minute)
    }
}

/// The name of a month, from 1: `November`.
pub(crate) fn month(month: i64) -> &'static str {
    name(say::time_months(), month)
}

/// A month as it stands in a table: `Nov`.
pub(crate) fn month_short(month: i64) -> &'static str {
    name(say::time_months_short(), month)
}

fn name(names: &'static str, month: i64) -> &'static str {
    let nth = usize::try_from(month - 1).ok();
    nth.and_then(|nth| names.split(' ').nth(nth))
        .unwrap_or_default()
}

/// A day of a month. French counts from the first.
pub(crate) fn day(day: i64) -> String {
    match (language(), day) {
        (Language::Fr, 1) => String::from("1er"),
        _ => day.to_string(),
    }
}

/// When something happened, seen from `now`: `5 minutes ago`, `yesterday at 14:05`, `3 May 2025`.
///
/// A moment that lies ahead (two clocks never agree) reads `just now`.
pub fn when(at: Moment, now: Moment) -> String {
    let minutes = now.at_ms.saturating_sub(at.at_ms) / 60_000;
    let (then, today) = (at.civil(), now.civil());
    match (today.day_number - then.day_number, minutes) {
        (_, 0) => String::from(say::time_just_now()),
        (_, 1..60) => say::time_minutes_ago(minutes),
        (..=0, _) => say::time_hours_ago(minutes / 60),
        (1, _) => say::time_yesterday(&at.clock()),
        _ => {
            let (day, month) = (day(then.day), month(then.month));
            if then.year == today.year {
                say::time_at(&at.clock(), &say::time_day_month(&day, month))
            } else {
                say::time_day_month_year(&day, month, &then.year.to_string())
            }
        }
    }
}

/// A count with thousands set apart: `1,284`.
pub fn count(n: u64) -> String {
    let language = language();
    let digits = n.to_string();
    if digits.len() < language.least_digits() {
        return digits;
    }
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(language.thousands());
        }
        out.push(digit);
    }
    out
}

/// A number with a fraction, as it is written here: `4.2` reads `4,2` in most languages.
pub fn decimal(number: String) -> String {
    match language().point() {
        '.' => number,
        point => number.replace('.', point.encode_utf8(&mut [0; 4])),
    }
}

/// A count of people: `1 person`, `1,284 people`.
pub fn people(n: u64) -> String {
    say::people(n)
}

/// A share in whole percent, half up: `38 %`; `None` when `whole` is 0.
///
/// Only nobody reads `0 %` and only everybody `100 %`; in between it says `<1 %` or `>99 %`.
pub fn percent(part: u64, whole: u64) -> Option<String> {
    if whole == 0 {
        return None;
    }
    let (part, wide) = (u128::from(part), u128::from(whole));
    let rounded = (part * 200 + wide) / (wide * 2);
    Some(match rounded {
        0 if part > 0 => String::from("<1 %"),
        100 if part < wide => String::from(">99 %"),
        _ => format!("{rounded} %"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22 14:05:30 UTC.
    const NOW: u64 = 1_795_356_330_000;
    const MIN: u64 = 60_000;
    const HOUR: u64 = 60 * MIN;

    fn check_when(before_ms: u64, ahead_min: i32, expect: &str) {
        let moment = |at_ms| Moment { at_ms, ahead_min };
        assert_eq!(when(moment(NOW - before_ms), moment(NOW)), expect);
    }

    #[test]
    fn the_near_past_is_counted() {
        check_when(0, 0, "just now");
        check_when(MIN - 1, 0, "just now");
        check_when(MIN, 0, "1 minute ago");
        check_when(59 * MIN, 0, "59 minutes ago");
        check_when(HOUR, 0, "1 hour ago");
        check_when(14 * HOUR, 0, "14 hours ago");
    }

    #[test]
    fn the_far_past_is_dated() {
        check_when(15 * HOUR, 0, "yesterday at 23:05");
        check_when(38 * HOUR, 0, "yesterday at 00:05");
        check_when(39 * HOUR, 0, "20 November at 23:05");
        check_when(321 * 24 * HOUR, 0, "5 January at 14:05");
        check_when(326 * 24 * HOUR, 0, "31 December 2025");
        check_when(1_461 * 24 * HOUR, 0, "22 November 2022");
    }

    #[test]
    fn days_are_those_of_the_reader() {
        // It is 01:05 of the next day in Sydney, and 09:05 in New York.
        check_when(13 * HOUR, 660, "yesterday at 12:05");
        check_when(13 * HOUR, -300, "yesterday at 20:05");
        check_when(9 * HOUR, -300, "9 hours ago");
    }

    #[test]
    fn a_few_minutes_over_midnight_stay_minutes() {
        let midnight = NOW - NOW % (24 * HOUR);
        let at = |at_ms| Moment {
            at_ms,
            ahead_min: 0,
        };
        assert_eq!(
            when(at(midnight - 5 * MIN), at(midnight + 5 * MIN)),
            "10 minutes ago"
        );
    }

    #[test]
    fn a_clock_ahead_of_ours_reads_now() {
        let at = |at_ms| Moment {
            at_ms,
            ahead_min: 0,
        };
        assert_eq!(when(at(NOW + HOUR), at(NOW)), "just now");
    }

    #[test]
    fn leap_days_exist() {
        // 2028-02-29 09:00 UTC.
        let at = Moment {
            at_ms: 1_835_427_600_000,
            ahead_min: 0,
        };
        let later = Moment {
            at_ms: 1_840_000_000_000,
            ahead_min: 0,
        };
        assert_eq!(when(at, later), "29 February at 09:00");
    }

    fn check_count(n: u64, expect: &str) {
        assert_eq!(count(n), expect);
    }

    #[test]
    fn thousands_are_set_apart() {
        check_count(0, "0");
        check_count(999, "999");
        check_count(1_000, "1,000");
        check_count(1_234_567, "1,234,567");
    }

    fn check_percent(part: u64, whole: u64, expect: Option<&str>) {
        assert_eq!(percent(part, whole).as_deref(), expect);
    }

    #[test]
    fn shares_never_overstate() {
        check_percent(0, 0, None);
        check_percent(0, 10, Some("0 %"));
        check_percent(1, 1_000, Some("<1 %"));
        check_percent(1, 8, Some("13 %"));
        check_percent(999, 1_000, Some(">99 %"));
        check_percent(10, 10, Some("100 %"));
    }

    #[test]
    fn moments_are_written_as_the_language_does() {
        let moment = |at_ms| Moment {
            at_ms,
            ahead_min: 0,
        };
        let check = |language, before_ms, expect: &str| {
            let said = say::in_language(language, || when(moment(NOW - before_ms), moment(NOW)));
            assert_eq!(said, expect);
        };
        check(Language::De, HOUR, "vor 1 Stunde");
        check(Language::De, 39 * HOUR, "20. November um 23:05");
        check(Language::Fr, 21 * 24 * HOUR, "1er novembre à 14:05");
        check(Language::Es, 326 * 24 * HOUR, "31 de diciembre de 2025");
    }

    #[test]
    fn people_are_counted_as_people() {
        assert_eq!(people(1), "1 person");
        assert_eq!(people(0), "0 people");
        assert_eq!(people(1_284), "1,284 people");
    }
}
