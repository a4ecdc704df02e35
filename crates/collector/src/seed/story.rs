//! Turns a length of time into what happened in it: when people came, what was released, what broke.

use fastrand::Rng;

pub(super) const HOUR_MS: u64 = 3_600_000;
pub(super) const DAY_MS: u64 = 24 * HOUR_MS;
const MINUTE_MS: u64 = 60_000;

/// People by hour of the day (UTC), as a share of the busiest: a shop in Europe.
const HOURS: [f64; 24] = [
    0.12, 0.08, 0.06, 0.05, 0.08, 0.16, 0.30, 0.46, 0.58, 0.66, 0.72, 0.78, 0.80, 0.76, 0.72, 0.72,
    0.76, 0.84, 0.95, 1.00, 0.92, 0.70, 0.44, 0.24,
];
/// By day of the week, from Thursday on, as 1970 began with one.
const WEEK: [f64; 7] = [0.92, 0.90, 1.10, 1.15, 1.00, 0.95, 0.93];

/// What happened to a shop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Story {
    pub(super) from_ms: u64,
    pub(super) until_ms: u64,
}

impl Story {
    pub(super) fn new(until_ms: u64, days: u64) -> Self {
        Self {
            from_ms: until_ms.saturating_sub(days * DAY_MS),
            until_ms,
        }
    }

    fn days(&self) -> f64 {
        (self.until_ms - self.from_ms) as f64 / DAY_MS as f64
    }

    /// How far the story has come, 0 to 1.
    fn share(&self, at_ms: u64) -> f64 {
        (at_ms.saturating_sub(self.from_ms)) as f64 / (self.until_ms - self.from_ms).max(1) as f64
    }

    /// When the recommendation survey got other words.
    pub(super) fn reworded_ms(&self) -> u64 {
        self.from_ms + (self.until_ms - self.from_ms) * 2 / 5
    }

    /// How many come on a day, beside other days: a week's rhythm, and two thirds more at the end.
    pub(super) fn weight(&self, day: u64) -> f64 {
        let at_ms = self.from_ms + day * DAY_MS;
        let of_week = WEEK[(at_ms / DAY_MS % 7) as usize];
        of_week * (1.0 + 0.66 * self.share(at_ms))
    }

    /// A moment of a day.
    pub(super) fn moment(&self, day: u64, random: &mut Rng) -> u64 {
        let begin = self.from_ms + day * DAY_MS;
        loop {
            let at_ms = begin + random.u64(..DAY_MS);
            let hour = (at_ms % DAY_MS / HOUR_MS) as usize;
            if random.f64() < HOURS[hour] {
                return at_ms;
            }
        }
    }

    /// So many days before the end, scaled down where the story is short.
    fn before_end(&self, days: f64) -> u64 {
        let days = days * (self.days() / 45.0).min(1.0);
        self.until_ms - (days * DAY_MS as f64) as u64
    }

    /// When versions came out, the oldest first.
    pub(super) fn releases(&self) -> [(&'static str, u64); 4] {
        [
            ("5.0.0", self.from_ms),
            ("5.1.0", self.before_end(32.0)),
            ("5.2.0", self.before_end(19.0)),
            ("5.2.1", self.before_end(12.5)),
        ]
    }

    /// What was in use at a time.
    pub(super) fn version(&self, at_ms: u64) -> &'static str {
        let releases = self.releases();
        let out = releases.iter().rev().find(|(_, from)| *from <= at_ms);
        out.map_or(releases[0].0, |(version, _)| version)
    }

    /// How many times as long a feature took as usual: 5.2.0 made searching and browsing slow.
    pub(super) fn slowness(&self, feature: &str, at_ms: u64) -> f64 {
        match (self.version(at_ms), feature) {
            ("5.2.0", "search") => 3.2,
            ("5.2.0", "catalogue") => 2.1,
            ("5.2.0", _) => 1.2,
            _ => 1.0,
        }
    }

    /// When a feature was down: from, to.
    pub(super) fn outages(&self) -> [(&'static str, u64, u64); 3] {
        let at = |days: f64, minutes: u64| {
            let from = self.before_end(days) / MINUTE_MS * MINUTE_MS;
            (from, from + minutes * MINUTE_MS)
        };
        let (long, short, old) = (at(6.2, 47), at(1.1, 9), at(27.4, 18));
        [
            ("checkout", long.0, long.1),
            ("search", short.0, short.1),
            ("checkout", old.0, old.1),
        ]
    }

    /// Whether a feature is down.
    pub(super) fn is_down(&self, feature: &str, at_ms: u64) -> bool {
        let mut outages = self.outages().into_iter();
        outages.any(|(of, from, to)| of == feature && (from..to).contains(&at_ms))
    }

    /// Whether somebody who comes at a time has met an outage of the last hours.
    pub(super) fn remembers_outage(&self, at_ms: u64) -> bool {
        let mut outages = self.outages().into_iter();
        outages.any(|(_, from, to)| (from..to + 4 * HOUR_MS).contains(&at_ms))
    }

    /// How much better people think of the shop than usual, in points of 0 to 10.
    pub(super) fn mood(&self, at_ms: u64) -> f64 {
        let trend = 0.5 * self.share(at_ms);
        let slow = if self.version(at_ms) == "5.2.0" {
            -0.55
        } else {
            0.0
        };
        let down = if self.remembers_outage(at_ms) {
            -1.2
        } else {
            0.0
        };
        trend + slow + down
    }
}

/// From a normal distribution, nearly: the sum of twelve.
pub(super) fn normal(random: &mut Rng) -> f64 {
    (0..12).map(|_| random.f64()).sum::<f64>() - 6.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_of_any_length_keeps_its_order() {
        for days in [1, 3, 14, 45, 400] {
            let story = Story::new(1_793_491_200_000, days);
            let releases = story.releases();
            assert!(releases.is_sorted_by_key(|(_, at)| *at), "{days}");
            for (feature, from, to) in story.outages() {
                assert!(story.from_ms < from && to < story.until_ms, "{days}");
                assert!(story.is_down(feature, from) && !story.is_down(feature, to));
            }
            assert_eq!(story.version(story.until_ms), "5.2.1");
            let begin = story.from_ms..story.from_ms + DAY_MS;
            assert!(begin.contains(&story.moment(0, &mut Rng::with_seed(1))));
        }
    }
}
