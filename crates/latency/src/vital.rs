//! Turns the 75th percentile of a web vital into what people make of it.

use protocol::query::performance::Rating;

/// Vitals in the order in which people read them, and the values up to which each is good, and beyond
/// which it is poor: milliseconds, of `CLS` its own unit.
///
/// # Source
///
/// <https://web.dev/articles/vitals> (LCP, INP, CLS), <https://web.dev/articles/fcp>,
/// <https://web.dev/articles/ttfb>; each is about the 75th percentile of page loads.
pub const VITALS: [(&str, f64, f64); 5] = [
    ("LCP", 2_500.0, 4_000.0),
    ("INP", 200.0, 500.0),
    ("CLS", 0.1, 0.25),
    ("FCP", 1_800.0, 3_000.0),
    ("TTFB", 800.0, 1_800.0),
];

/// How good a 75th percentile is; absent for what is no vital.
pub fn rating(name: &str, p75: f64) -> Option<Rating> {
    let (_, good, poor) = VITALS.iter().find(|vital| vital.0 == name)?;
    Some(if p75 <= *good {
        Rating::Good
    } else if p75 <= *poor {
        Rating::NeedsImprovement
    } else {
        Rating::Poor
    })
}
