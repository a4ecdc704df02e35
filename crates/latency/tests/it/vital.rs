//! Turns the limits of web vitals into assertions about their ratings.

use latency::vital::{VITALS, rating};
use protocol::query::performance::Rating;

fn check(name: &str, p75: f64, expected: Option<Rating>) {
    assert_eq!(rating(name, p75), expected, "{name} {p75}");
}

#[test]
fn limits_belong_to_the_better_side() {
    for (name, good, poor) in VITALS {
        check(name, 0.0, Some(Rating::Good));
        check(name, good, Some(Rating::Good));
        check(name, good + 0.01, Some(Rating::NeedsImprovement));
        check(name, poor, Some(Rating::NeedsImprovement));
        check(name, poor + 0.01, Some(Rating::Poor));
    }
}

#[test]
fn what_is_no_vital_has_no_rating() {
    check("FID", 1.0, None);
    check("lcp", 1.0, None);
}
