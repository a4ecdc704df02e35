//! Turns published and hand-computed figures into checks of every formula.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod coverage;
mod kinds;
mod oracles;
mod properties;

use scores::Nps;

/// Asserts that two numbers agree to the three decimals that the oracles are given with.
#[track_caller]
fn close(actual: f64, expected: f64) {
    assert!(
        (actual - expected).abs() < 1e-3,
        "got {actual}, expected {expected}"
    );
}

fn nps((promoters, passives, detractors): (u64, u64, u64)) -> Nps {
    Nps::from_counts(promoters, passives, detractors)
}
