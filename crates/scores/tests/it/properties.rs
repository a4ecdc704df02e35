//! Turns what must hold for all counts into checks over many.

use proptest::prelude::*;
use scores::display;

use crate::nps;

fn counts() -> impl Strategy<Value = (u64, u64, u64)> {
    (0..5_000_u64, 0..5_000_u64, 0..5_000_u64)
        .prop_filter("somebody answered", |(p, n, d)| p + n + d > 0)
}

proptest! {
    #[test]
    fn swapping_promoters_and_detractors_mirrors_everything((p, n, d) in counts()) {
        let (a, b) = (nps((p, n, d)), nps((d, n, p)));
        let (i, j) = (a.interval().unwrap(), b.interval().unwrap());
        prop_assert!((a.score().unwrap() + b.score().unwrap()).abs() < 1e-9);
        prop_assert!((i.low + j.high).abs() < 1e-9 && (i.high + j.low).abs() < 1e-9);
    }

    #[test]
    fn more_of_the_same_keeps_the_score_and_narrows_it((p, n, d) in counts(), k in 1..50_u64) {
        let (a, b) = (nps((p, n, d)), nps((k * p, k * n, k * d)));
        prop_assert!((a.score().unwrap() - b.score().unwrap()).abs() < 1e-9);
        let shrunk = a.standard_error().unwrap() / (k as f64).sqrt();
        prop_assert!((b.standard_error().unwrap() - shrunk).abs() < 1e-9);
    }

    #[test]
    fn intervals_are_inside_the_scale_and_never_empty(c in counts()) {
        let interval = nps(c).interval().unwrap();
        prop_assert!(-100.0 <= interval.low && interval.low < interval.high && interval.high <= 100.0);
    }

    #[test]
    fn shares_always_total_one_hundred((p, n, d) in counts()) {
        let shares = display::shares([p, n, d]).unwrap();
        prop_assert_eq!(shares.iter().sum::<u32>(), 100);
    }
}
