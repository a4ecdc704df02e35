//! Turns a step of time and what is counted in it into the key of a row.
//!
//! One integer is the smallest and fastest key that the engine has, and puts what is written together
//! side by side.

use std::ops::Range;

use protocol::latency::SLICE_MS;
use store::{Span, Step};

/// Features of a store: 24 bits of a key.
const FEATURE_BITS: u32 = 24;
/// Templates that one feature tells apart: 11 bits. Number 0 stands for the rest.
const TEMPLATE_BITS: u32 = 11;
/// Steps since 1970: 28 bits. In slices of 10 s that lasts until 2055, and nothing later is true.
pub(super) const LAST_STEP: u64 = (1 << 28) - 1;

/// Slices of 10 s in one of these.
pub(super) const fn slices_of(step: Step) -> u64 {
    step.ms() / SLICE_MS
}

/// Keys of all features in these steps.
pub(super) fn keys_of_features(steps: &Range<u64>) -> Range<i64> {
    feature_key(steps.start, 0)..feature_key(steps.end, 0)
}

/// Key of one feature in one step.
pub(super) fn feature_key(step: u64, feature: i64) -> i64 {
    (step.min(LAST_STEP) as i64) << FEATURE_BITS | feature
}

/// Step and feature of a key.
pub(super) const fn feature_of_key(key: i64) -> (u64, i64) {
    (
        (key >> FEATURE_BITS) as u64,
        key & ((1 << FEATURE_BITS) - 1),
    )
}

/// Id of a template that is number `n` of a feature.
pub(super) const fn template_id(feature: i64, n: i64) -> i64 {
    feature << TEMPLATE_BITS | n
}

/// Key of one template in one step.
pub(super) fn template_key(step: u64, template: i64) -> i64 {
    (step.min(LAST_STEP) as i64) << (FEATURE_BITS + TEMPLATE_BITS) | template
}

/// Keys of all templates of a feature in one step.
pub(super) fn keys_of_templates(step: u64, feature: i64) -> Range<i64> {
    let key = |feature| template_key(step, template_id(feature, 0));
    key(feature)..key(feature + 1)
}

/// Step and template of a key.
pub(super) const fn template_of_key(key: i64) -> (u64, i64) {
    let bits = FEATURE_BITS + TEMPLATE_BITS;
    ((key >> bits) as u64, key & ((1 << bits) - 1))
}

/// The steps that begin in a span.
pub(super) fn steps_in(span: Span, step: Step) -> Range<u64> {
    let first = |at: u64| at.div_ceil(step.ms()).min(LAST_STEP);
    first(span.from_ms)..first(span.to_ms)
}

/// When a step begins; milliseconds since 1970 (UTC).
pub(super) const fn start_ms(number: u64, step: Step) -> u64 {
    number * step.ms()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_hold_what_they_are_made_of() {
        let last = (1 << FEATURE_BITS) - 1;
        for (step, feature) in [(0, 1), (29_900_000, 7), (LAST_STEP, last)] {
            assert_eq!(feature_of_key(feature_key(step, feature)), (step, feature));
            let template = template_id(feature, (1 << TEMPLATE_BITS) - 1);
            let key = template_key(step, template);
            assert!(key > 0, "{key}");
            assert_eq!(template_of_key(key), (step, template));
            assert!(keys_of_templates(step, feature).contains(&key) || feature == last);
        }
    }

    #[test]
    fn steps_that_begin_in_a_span() {
        let check = |from_ms, to_ms, expected| {
            let span = Span { from_ms, to_ms };
            assert_eq!(steps_in(span, Step::Minute), expected, "{span:?}");
        };
        check(0, 60_000, 0..1);
        check(1, 60_001, 1..2);
        check(60_000, 60_000, 1..1);
        check(0, u64::MAX, 0..LAST_STEP);
    }
}
