//! Turns traffic into "far less than usual", which silence alone would not say.

use store::Span;

/// Traffic below this share of what is usual is dark.
const SHARE: f64 = 0.2;
/// What is looked at: long enough for the slowest flush of every page, short enough to tell soon.
const RECENT_MS: u64 = 10 * 60_000;
/// Days that say what is usual.
const DAYS: u64 = 7;
/// Attempts in [`RECENT_MS`] that have to be usual: below that, silence is usual too.
const MIN_USUAL: f64 = 20.0;

const HOUR_MS: u64 = 3_600_000;

/// What has to be counted to tell: the last ten minutes, then this hour of the last seven days.
pub(super) fn spans(now_ms: u64) -> Vec<Span> {
    let to_ms = now_ms.saturating_add(1);
    let recent = Span {
        from_ms: to_ms.saturating_sub(RECENT_MS),
        to_ms,
    };
    let this_hour = now_ms / HOUR_MS * HOUR_MS;
    let days = (1..=DAYS).map(|day| {
        let from_ms = this_hour.saturating_sub(day * 24 * HOUR_MS);
        Span {
            from_ms,
            to_ms: from_ms + HOUR_MS,
        }
    });
    std::iter::once(recent).chain(days).collect()
}

/// Whether attempts in those spans say that traffic is far below what this hour usually has: the
/// median of the days, so that neither one bad day nor a young project decides.
pub(super) fn is_dark(attempts: &[u64]) -> bool {
    let [recent, days @ ..] = attempts else {
        return false;
    };
    let mut days = days.to_vec();
    days.sort_unstable();
    let Some(median) = days.get(days.len() / 2) else {
        return false;
    };
    let usual = *median as f64 * RECENT_MS as f64 / HOUR_MS as f64;
    usual >= MIN_USUAL && (*recent as f64) < usual * SHARE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(recent: u64, days: [u64; 7], expected: bool) {
        let attempts = [&[recent], &days[..]].concat();
        assert_eq!(is_dark(&attempts), expected, "{attempts:?}");
    }

    #[test]
    fn a_fifth_of_what_is_usual_is_dark() {
        // 600 an hour are 100 in ten minutes.
        check(20, [600; 7], false);
        check(19, [600; 7], true);
        check(0, [600; 7], true);
        // One day without traffic changes nothing, and neither does one with much.
        check(19, [600, 600, 600, 0, 600, 90_000, 600], true);
        check(20, [600, 600, 600, 0, 600, 90_000, 600], false);
    }

    #[test]
    fn where_little_is_usual_silence_says_nothing() {
        check(0, [119; 7], false);
        check(0, [120; 7], true);
        // A project of three days: the other four had none.
        check(0, [600, 600, 600, 0, 0, 0, 0], false);
        check(0, [600, 600, 600, 600, 0, 0, 0], true);
        assert!(!is_dark(&[]));
    }

    #[test]
    fn the_same_hour_of_seven_days_is_usual() {
        let now = 1_793_491_200_000 + 90 * 60_000;
        let spans = spans(now);
        assert_eq!(spans.len(), 8);
        assert_eq!(
            (spans[0].from_ms, spans[0].to_ms),
            (now + 1 - 600_000, now + 1)
        );
        let yesterday = now - 24 * HOUR_MS - 30 * 60_000;
        assert_eq!(
            (spans[1].from_ms, spans[1].to_ms),
            (yesterday, yesterday + HOUR_MS)
        );
        assert_eq!(spans[7].from_ms, yesterday - 6 * 24 * HOUR_MS);
    }
}
