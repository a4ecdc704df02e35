//! Turns moments into the words of the project's time zone, which everybody who looks has in common.

use core::fmt;

use protocol::query::Window;

use crate::words::{self, Moment, say};

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// Between two marks of a time axis.
const STEPS_MS: [u64; 12] = [
    10 * MINUTE_MS,
    15 * MINUTE_MS,
    30 * MINUTE_MS,
    HOUR_MS,
    3 * HOUR_MS,
    6 * HOUR_MS,
    12 * HOUR_MS,
    DAY_MS,
    2 * DAY_MS,
    7 * DAY_MS,
    14 * DAY_MS,
    28 * DAY_MS,
];

/// Milliseconds of 1970-01-05, the first Monday that is counted.
const MONDAY_MS: u64 = 4 * DAY_MS;

/// A time zone.
#[derive(Clone)]
pub struct Zone {
    /// IANA name.
    pub name: String,
    /// Minutes that it is ahead of UTC at a time.
    ahead_min: fn(&str, u64) -> i32,
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name)
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Zone {
    /// The zone of this name; `ahead_min` knows how many minutes it is ahead of UTC at a time.
    pub fn new(name: &str, ahead_min: fn(&str, u64) -> i32) -> Self {
        Self {
            name: String::from(name),
            ahead_min,
        }
    }

    /// This time with the offset of the zone at that time.
    pub fn moment(&self, at_ms: u64) -> Moment {
        Moment {
            at_ms,
            ahead_min: (self.ahead_min)(&self.name, at_ms),
        }
    }

    /// When clocks here show so many milliseconds since 1970; a time that they skip is the one after it.
    pub fn at(&self, local_ms: i64) -> u64 {
        let utc = |ahead_min: i32| local_ms - i64::from(ahead_min) * MINUTE_MS as i64;
        let guess = u64::try_from(local_ms).unwrap_or_default();
        let ahead = self.moment(guess).ahead_min;
        let near = u64::try_from(utc(ahead)).unwrap_or_default();
        let then = utc(self.moment(near).ahead_min);
        let then = u64::try_from(then).unwrap_or_default();
        // Of a time that is skipped one of the two is before the change, wherever clocks are behind.
        match self.local(then).cast_signed() == local_ms {
            true => then,
            false => then.max(near),
        }
    }

    /// When a day such as `2026-11-01` begins here; nothing for what is no day.
    pub fn day_begins(&self, day: &str) -> Option<u64> {
        let mut parts = day.splitn(3, '-').map(|part| part.parse::<i64>().ok());
        let [year, month, day] = [parts.next()??, parts.next()??, parts.next()??];
        let local_ms = shown_ms([year, month, day, 0, 0, 0]);
        let begin = self.at(local_ms);
        // The 31st of a month that has 30 days is no day.
        let date = self.moment(begin).civil();
        let is_day = (date.year, date.month, date.day) == (year, month, day);
        (is_day && year >= 1970).then_some(begin)
    }

    /// Time of day: `07:15`.
    pub fn clock(&self, at_ms: u64) -> String {
        self.moment(at_ms).clock()
    }

    /// Time of day to the second, as precise as slices are: `07:15:20`.
    pub fn clock_s(&self, at_ms: u64) -> String {
        format!("{}:{:02}", self.clock(at_ms), at_ms / 1_000 % 60)
    }

    /// `27 Nov`.
    pub fn day(&self, at_ms: u64) -> String {
        let date = self.moment(at_ms).civil();
        say::time_day_short(&words::day(date.day), words::month_short(date.month))
    }

    /// `27 Nov, 07:15`.
    pub fn stamp(&self, at_ms: u64) -> String {
        say::time_stamp(&self.clock(at_ms), &self.day(at_ms))
    }

    /// `27 Nov, 07:15:20`.
    pub fn stamp_s(&self, at_ms: u64) -> String {
        say::time_stamp(&self.clock_s(at_ms), &self.day(at_ms))
    }

    /// From when to when, and whose clock that is: `20 Nov, 07:15 to 27 Nov, 07:15 (Europe/Berlin)`.
    pub fn stretch(&self, window: Window) -> String {
        let (from, to) = (self.moment(window.from_ms), self.moment(window.to_ms));
        let to = match from.civil().day_number == to.civil().day_number {
            true => to.clock(),
            false => self.stamp(window.to_ms),
        };
        say::time_stretch(&self.stamp(window.from_ms), &to, &self.name)
    }

    /// Year and month: `(2026, 11)`.
    pub fn month(&self, at_ms: u64) -> (i64, i64) {
        let date = self.moment(at_ms).civil();
        (date.year, date.month)
    }

    /// Marks of a time axis, at most `most`: on whole hours, days and Mondays of the zone.
    pub fn ticks(&self, window: Window, most: u64) -> Vec<(u64, String)> {
        let length_ms = window.to_ms.saturating_sub(window.from_ms);
        let fits = |step: &&u64| length_ms / **step < most.max(1);
        let longest = STEPS_MS[STEPS_MS.len() - 1];
        let step = STEPS_MS.iter().find(fits).copied().unwrap_or(longest);
        let origin = if step >= 7 * DAY_MS { MONDAY_MS } else { 0 };
        let mut local = self.local(window.from_ms);
        local = origin + (local - origin.min(local)).div_ceil(step) * step;
        let mut ticks = Vec::new();
        while let Some(at_ms) = self.instant(local).filter(|at| *at <= window.to_ms) {
            let label = match local % DAY_MS {
                0 => self.day(at_ms),
                _ => self.clock(at_ms),
            };
            ticks.push((at_ms, label));
            local += step;
        }
        ticks
    }

    /// What the clocks of the zone show, in milliseconds since they showed 1970.
    fn local(&self, at_ms: u64) -> u64 {
        let ahead_ms = i64::from((self.ahead_min)(&self.name, at_ms)) * 60_000;
        at_ms.saturating_add_signed(ahead_ms)
    }

    /// When the clocks of the zone show this.
    pub(crate) fn instant(&self, local_ms: u64) -> Option<u64> {
        i64::try_from(local_ms).ok().map(|local| self.at(local))
    }
}

/// What a clock shows (year, month, day, hour, minute, second), in milliseconds since it showed 1970.
///
/// # Source
/// H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
pub fn shown_ms([year, month, day, hour, minute, second]: [i64; 6]) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    let days = era * 146_097 + doe - 719_468;
    ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1_000
}

/// A time as ISO 8601 in UTC, to the second, for machines and tooltips: `2026-11-27T07:15:20Z`.
pub fn iso(at_ms: u64) -> String {
    let utc = Moment {
        at_ms,
        ahead_min: 0,
    };
    let date = utc.civil();
    format!(
        "{:04}-{:02}-{:02}T{}:{:02}Z",
        date.year,
        date.month,
        date.day,
        utc.clock(),
        at_ms / 1_000 % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-27 07:15:20 UTC.
    const NOW: u64 = 1_795_763_720_000;

    fn berlin() -> Zone {
        // Winter since 2026-10-25 01:00 UTC.
        Zone::new("Europe/Berlin", |_, at_ms| {
            if at_ms < 1_792_890_000_000 { 120 } else { 60 }
        })
    }

    #[test]
    fn a_clock_is_read_as_it_shows() {
        assert_eq!(shown_ms([1970, 1, 1, 0, 0, 0]), 0);
        assert_eq!(shown_ms([2026, 11, 27, 7, 15, 20]), NOW.cast_signed());
        // A leap day, and the end of a year.
        assert_eq!(shown_ms([2028, 2, 29, 9, 0, 0]), 1_835_427_600_000);
        assert_eq!(shown_ms([2025, 12, 31, 23, 59, 59]), 1_767_225_599_000);
    }

    #[test]
    fn times_are_those_of_the_zone() {
        assert_eq!(iso(NOW), "2026-11-27T07:15:20Z");
        assert_eq!(berlin().clock(NOW), "08:15");
        assert_eq!(berlin().stamp(NOW), "27 Nov, 08:15");
        assert_eq!(berlin().stamp_s(NOW), "27 Nov, 08:15:20");
        assert_eq!(berlin().month(1_793_487_600_000), (2026, 11));
    }

    #[test]
    fn days_begin_where_the_zone_is() {
        let check = |day, utc: Option<&str>| {
            let begins = berlin().day_begins(day).map(iso);
            assert_eq!(begins.as_deref(), utc, "{day}");
        };
        check("2026-11-27", Some("2026-11-26T23:00:00Z"));
        check("2026-10-25", Some("2026-10-24T22:00:00Z"));
        check("2026-10-26", Some("2026-10-25T23:00:00Z"));
        for no_day in [
            "2026-11-31",
            "2026-13-01",
            "1969-12-31",
            "2026-11",
            "today",
            "",
        ] {
            check(no_day, None);
        }
    }

    #[test]
    fn a_midnight_that_clocks_skip_is_the_moment_after_it() {
        // From 4 hours behind to 3, and from 2 ahead to 3: both at midnight.
        let santiago = Zone::new("America/Santiago", |_, at_ms| {
            if at_ms < 1_788_667_200_000 {
                -240
            } else {
                -180
            }
        });
        let beirut = Zone::new("Asia/Beirut", |_, at_ms| {
            if at_ms < 1_774_735_200_000 { 120 } else { 180 }
        });
        for (zone, day, utc) in [
            (&santiago, "2026-09-05", "2026-09-05T04:00:00Z"),
            (&santiago, "2026-09-06", "2026-09-06T04:00:00Z"),
            (&santiago, "2026-09-07", "2026-09-07T03:00:00Z"),
            (&beirut, "2026-03-29", "2026-03-28T22:00:00Z"),
        ] {
            let begins = zone.day_begins(day).map(iso);
            assert_eq!(begins.as_deref(), Some(utc), "{zone:?} {day}");
        }
        let window = Window {
            from_ms: 1_788_480_000_000,
            to_ms: 1_788_850_000_000,
        };
        let labels: Vec<_> = santiago.ticks(window, 6);
        let labels: Vec<_> = labels.into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["4 Sep", "5 Sep", "6 Sep", "7 Sep", "8 Sep"]);
    }

    #[test]
    fn a_stretch_names_its_clock() {
        let check = |before_ms, expect| {
            let window = Window {
                from_ms: NOW - before_ms,
                to_ms: NOW,
            };
            assert_eq!(berlin().stretch(window), expect);
        };
        check(HOUR_MS, "27 Nov, 07:15 to 08:15 (Europe/Berlin)");
        check(DAY_MS, "26 Nov, 08:15 to 27 Nov, 08:15 (Europe/Berlin)");
    }

    fn check_ticks(length_ms: u64, most: u64, expect: &[&str]) {
        let window = Window {
            from_ms: NOW - length_ms,
            to_ms: NOW,
        };
        let ticks = berlin().ticks(window, most);
        let labels: Vec<_> = ticks.iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(labels, expect);
    }

    #[test]
    fn an_axis_is_marked_at_whole_times() {
        check_ticks(HOUR_MS, 5, &["07:30", "07:45", "08:00", "08:15"]);
        check_ticks(DAY_MS, 6, &["12:00", "18:00", "27 Nov", "06:00"]);
        check_ticks(
            7 * DAY_MS,
            8,
            &[
                "21 Nov", "22 Nov", "23 Nov", "24 Nov", "25 Nov", "26 Nov", "27 Nov",
            ],
        );
        // Mondays.
        check_ticks(30 * DAY_MS, 6, &["2 Nov", "9 Nov", "16 Nov", "23 Nov"]);
    }

    #[test]
    fn a_change_of_the_clocks_moves_no_midnight() {
        let window = Window {
            from_ms: 1_792_800_000_000,
            to_ms: 1_793_100_000_000,
        };
        for (at_ms, label) in berlin().ticks(window, 4) {
            assert_eq!(berlin().clock(at_ms), "00:00", "{label}");
        }
    }
}
