//! Turns durations, shares and multiples into words, always with their unit.
//!
//! Rounding never flatters: what was kept is rounded down, what was used up is rounded up.

use crate::words::{self, decimal, say};

const SECOND_MS: u64 = 1_000;
const MINUTE_MS: u64 = 60 * SECOND_MS;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// What is lost when a decimal fraction is written in binary; far below what is ever shown.
const DUST: f64 = 1e-9;

/// A measured latency in milliseconds, to three digits: `4.2 ms`, `412 ms`, `1.94 s`, `12.3 s`.
pub fn latency(ms: f64) -> String {
    // Where rounding would reach the next form, that form is taken.
    if ms < 1.0 {
        String::from("<1 ms")
    } else if ms < 9.95 {
        decimal(format!("{ms:.1} ms"))
    } else if ms < 999.5 {
        format!("{ms:.0} ms")
    } else if ms < 9_995.0 {
        decimal(format!("{:.2} s", ms / 1e3))
    } else if ms < 59_950.0 {
        decimal(format!("{:.1} s", ms / 1e3))
    } else {
        lasting(ms.round() as u64)
    }
}

/// A promised latency, exactly as promised: `300 ms`, `1.5 s`, `2 s`.
pub fn threshold(ms: u32) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        _ => decimal(format!("{} s", f64::from(ms) / 1e3)),
    }
}

/// A stretch of time, to its two largest units: `40 s`, `12 min 30 s`, `3 h 5 min`, `2 d 4 h`.
pub fn lasting(ms: u64) -> String {
    let (large, unit, small, fraction) = match ms {
        0 => return String::from("0 s"),
        1..SECOND_MS => return format!("{ms} ms"),
        SECOND_MS..MINUTE_MS => return format!("{} s", ms / SECOND_MS),
        MINUTE_MS..HOUR_MS => (MINUTE_MS, "min", SECOND_MS, "s"),
        HOUR_MS..DAY_MS => (HOUR_MS, "h", MINUTE_MS, "min"),
        _ => (DAY_MS, say::time_unit_d(), HOUR_MS, "h"),
    };
    match ms % large / small {
        0 => format!("{} {unit}", ms / large),
        rest => format!("{} {unit} {rest} {fraction}", ms / large),
    }
}

/// A promised share, exactly as promised: `95 %`, `99.95 %`.
pub fn target(share: f64) -> String {
    decimal(exact(share))
}

fn exact(share: f64) -> String {
    let text = format!("{:.5}", share * 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text} %")
}

/// Digits after the point of a promised share in percent.
fn decimals(target: f64) -> usize {
    let text = exact(target);
    let digits = text.trim_end_matches(" %");
    digits.split_once('.').map_or(0, |(_, after)| after.len())
}

/// A share that was kept, one digit finer than what was promised, rounded down: held against a
/// promise of 95 %, 94.96 % reads `94.9 %` and never `95 %`.
pub fn actual(share: f64, target: f64) -> String {
    decimal(kept(share, target))
}

fn kept(share: f64, target: f64) -> String {
    let digits = (decimals(target) + 1).min(5);
    let unit = 10_f64.powi(i32::try_from(digits).unwrap_or(5));
    let kept = ((share * 100.0 * unit) + DUST).floor() / unit;
    if kept >= 100.0 {
        return String::from("100 %");
    }
    format!("{kept:.digits$} %")
}

/// What is missing to all of a share that was kept, to the same digits: together they are 100 %.
pub fn missing(share: f64, target: f64) -> String {
    let text = kept(share, target);
    let kept = text.trim_end_matches(" %");
    let digits = kept.split_once('.').map_or(0, |(_, after)| after.len());
    let missing = 100.0 - kept.parse::<f64>().unwrap_or(100.0);
    decimal(format!("{missing:.digits$} %"))
}

/// Any other share: `38 %`, `4.2 %`, `<0.1 %`.
pub fn share(share: f64) -> String {
    let percent = share * 100.0;
    if percent <= 0.0 {
        String::from("0 %")
    } else if percent < 0.1 {
        decimal(String::from("<0.1 %"))
    } else if percent < 9.95 {
        decimal(format!("{percent:.1} %"))
    } else if percent < 99.5 {
        format!("{percent:.0} %")
    } else if percent < 100.0 {
        String::from(">99 %")
    } else {
        String::from("100 %")
    }
}

/// A multiple: `0.4×`, `14×`.
pub fn multiple(times: f64) -> String {
    if times > 0.0 && times < 0.05 {
        decimal(String::from("<0.1\u{d7}"))
    } else if times < 9.95 {
        decimal(format!("{times:.1}\u{d7}"))
    } else {
        format!("{}\u{d7}", words::count(times.round() as u64))
    }
}

/// An error budget: `68 % left`, `none left`, `232 % used`.
pub fn budget_left(left: f64) -> String {
    let percent = left * 100.0;
    if left < 0.0 {
        let used = (100.0 - percent - DUST).ceil();
        return say::goal_used(&words::count(used as u64));
    }
    match (percent + DUST).floor() as u64 {
        0 if left > 0.0 => decimal(String::from(say::goal_little_left())),
        0 => String::from(say::goal_none_left()),
        whole => say::goal_left(&whole.to_string()),
    }
}

/// A count of requests: `no requests`, `1 request`, `12,345 requests`.
pub fn requests(n: u64) -> String {
    match n {
        0 => String::from(say::requests_none()),
        _ => say::requests(n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T>(write: fn(T) -> String, value: T, expect: &str) {
        assert_eq!(write(value), expect);
    }

    #[test]
    fn latencies_have_three_digits_at_most() {
        check(latency, 0.4, "<1 ms");
        check(latency, 4.24, "4.2 ms");
        check(latency, 9.96, "10 ms");
        check(latency, 412.4, "412 ms");
        check(latency, 999.7, "1.00 s");
        check(latency, 1_940.0, "1.94 s");
        check(latency, 12_340.0, "12.3 s");
        check(latency, 72_000.0, "1 min 12 s");
    }

    #[test]
    fn promises_are_written_as_they_were_made() {
        check(threshold, 300, "300 ms");
        check(threshold, 1_500, "1.5 s");
        check(threshold, 2_000, "2 s");
        check(target, 0.95, "95 %");
        check(target, 0.999, "99.9 %");
        check(target, 0.9995, "99.95 %");
        check(target, 1.0, "100 %");
    }

    #[test]
    fn stretches_name_their_two_largest_units() {
        check(lasting, 0, "0 s");
        check(lasting, 400, "400 ms");
        check(lasting, 40_999, "40 s");
        check(lasting, 60_000, "1 min");
        check(lasting, 750_000, "12 min 30 s");
        check(lasting, 3 * HOUR_MS + 5 * MINUTE_MS, "3 h 5 min");
        check(
            lasting,
            2 * DAY_MS + 4 * HOUR_MS + 59 * MINUTE_MS,
            "2 d 4 h",
        );
    }

    fn check_actual(share: f64, target: f64, expect: &str) {
        assert_eq!(actual(share, target), expect);
    }

    #[test]
    fn what_was_kept_is_never_flattered() {
        check_actual(0.9496, 0.95, "94.9 %");
        check_actual(0.95, 0.95, "95.0 %");
        check_actual(0.99899, 0.999, "99.89 %");
        check_actual(0.9999, 0.95, "99.9 %");
        check_actual(1.0, 0.95, "100 %");
        check_actual(0.0, 0.5, "0.0 %");
        assert_eq!(missing(0.8325, 0.95), "16.8 %");
        assert_eq!(missing(0.99899, 0.999), "0.11 %");
        assert_eq!(missing(1.0, 0.95), "0 %");
    }

    #[test]
    fn budgets_say_what_is_left_or_used() {
        check(budget_left, 0.689, "68 % left");
        check(budget_left, 0.004, "<1 % left");
        check(budget_left, 0.0, "none left");
        check(budget_left, -0.5, "150 % used");
        check(budget_left, -1.321, "233 % used");
        check(budget_left, 1.0, "100 % left");
    }

    #[test]
    fn shares_and_multiples_keep_to_what_can_be_read() {
        check(share, 0.0, "0 %");
        check(share, 0.0004, "<0.1 %");
        check(share, 0.0421, "4.2 %");
        check(share, 0.384, "38 %");
        check(share, 0.999, ">99 %");
        check(multiple, 0.0, "0.0\u{d7}");
        check(multiple, 0.01, "<0.1\u{d7}");
        check(multiple, 4.23, "4.2\u{d7}");
        check(multiple, 14.4, "14\u{d7}");
        check(requests, 0, "no requests");
        check(requests, 1, "1 request");
        check(requests, 12_345, "12,345 requests");
    }
}
