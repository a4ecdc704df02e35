//! Turns what a field of date and time says in the project's zone into RFC 3339, and back.

use crate::performance::zone::Zone;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// `2026-11-27T09:30` in a zone as `2026-11-27T09:30:00+01:00`; none where it is no date.
pub fn rfc3339(field: &str, zone: &Zone) -> Option<String> {
    let local_ms = local_ms(field)?;
    // The offset at that time, as far as it is known before the time itself is.
    let mut ahead = zone.moment(u64::try_from(local_ms).ok()?).ahead_min;
    let at_ms = local_ms - i64::from(ahead) * MINUTE_MS;
    ahead = zone.moment(u64::try_from(at_ms).ok()?).ahead_min;
    let sign = if ahead < 0 { '-' } else { '+' };
    let (hours, minutes) = (ahead.abs() / 60, ahead.abs() % 60);
    let field = field.get(..16)?;
    Some(format!("{field}:00{sign}{hours:02}:{minutes:02}"))
}

/// A time as such a field has it.
pub fn field(at_ms: u64, zone: &Zone) -> String {
    let moment = zone.moment(at_ms);
    let date = moment.civil();
    let (year, month, day) = (date.year, date.month, date.day);
    format!("{year:04}-{month:02}-{day:02}T{}", moment.clock())
}

/// Milliseconds since 1970 as if the field were in UTC.
///
/// # Source
/// H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
fn local_ms(field: &str) -> Option<i64> {
    let (date, time) = field.split_once('T')?;
    let mut parts = date.split('-').map(str::parse::<i64>);
    let (year, month, day) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    let (hour, minute) = time.split_once(':')?;
    let hour: i64 = hour.parse().ok()?;
    let minute: i64 = minute.get(..2)?.parse().ok()?;
    let is_date =
        (1..=12).contains(&month) && (1..=31).contains(&day) && (1970..10_000).contains(&year);
    if !is_date || hour > 23 || minute > 59 {
        return None;
    }
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y - era * 400;
    let doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    let days = era * 146_097 + doe - 719_468;
    Some(days * DAY_MS + (hour * 60 + minute) * MINUTE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An hour ahead, two from the last Sunday of March 2026 on.
    fn berlin(_: &str, at_ms: u64) -> i32 {
        if at_ms < 1_774_746_000_000 { 60 } else { 120 }
    }

    fn check(field_text: &str, expected: Option<&str>) {
        let zone = Zone::new("Europe/Berlin", berlin);
        assert_eq!(
            rfc3339(field_text, &zone).as_deref(),
            expected,
            "{field_text}"
        );
    }

    #[test]
    fn a_field_is_in_the_zone() {
        check("2026-03-01T09:30", Some("2026-03-01T09:30:00+01:00"));
        check("2026-07-01T00:00", Some("2026-07-01T00:00:00+02:00"));
        check("2026-03-29T03:00", Some("2026-03-29T03:00:00+02:00"));
        for wrong in [
            "",
            "2026-03-01",
            "2026-13-01T00:00",
            "2026-03-01T24:00",
            "x",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn a_time_reads_back() {
        let zone = Zone::new("Europe/Berlin", berlin);
        // 2026-03-01T08:30:00Z
        assert_eq!(field(1_772_353_800_000, &zone), "2026-03-01T09:30");
    }
}
