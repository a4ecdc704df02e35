//! Turns a span into the longest steps that fill it exactly.

use std::ops::Range;

use store::{Span, Step};

use super::place::{slices_of, steps_in};

/// Before which hours which steps have been pruned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Floors {
    /// Of slices, in hours since 1970.
    pub(super) slice: u64,
    /// Of minutes, in hours since 1970. Never after that of slices.
    pub(super) minute: u64,
}

impl Floors {
    /// Whether sums of this length are still there, and may be added to, at this slice.
    pub(super) fn keeps(&self, step: Step, slice: u64) -> bool {
        let hour = slice / slices_of(Step::Hour);
        match step {
            Step::Slice => hour >= self.slice,
            Step::Minute => hour >= self.minute,
            Step::Hour => true,
        }
    }
}

/// Some steps in a row: numbers since 1970.
pub(super) type Piece = (Step, Range<u64>);

/// Pieces of a span, none shorter than `finest`, in order of time.
///
/// Where shorter steps have been pruned, the longer one is in the span that it begins in: spans that
/// follow each other still count everything once.
pub(super) fn cover(span: Span, finest: Step, floors: Floors) -> Vec<Piece> {
    let whole = steps_in(span, finest);
    let slices = whole.start * slices_of(finest)..whole.end * slices_of(finest);
    let mut cover = Cover {
        finest,
        floors,
        pieces: Vec::new(),
    };
    cover.fill(Step::Hour, slices);
    cover.pieces
}

struct Cover {
    finest: Step,
    floors: Floors,
    pieces: Vec<Piece>,
}

impl Cover {
    /// Fills slices with steps of this length as far as whole ones fit, and what is left before and
    /// after them with shorter ones.
    fn fill(&mut self, step: Step, slices: Range<u64>) {
        let size = slices_of(step);
        let whole = slices.start.div_ceil(size)..slices.end / size;
        if whole.start <= whole.end {
            self.fill_part(step, slices.start..whole.start * size);
            let after = whole.end * size..slices.end;
            self.push(step, whole);
            self.fill_part(step, after);
        } else {
            self.fill_part(step, slices);
        }
    }

    /// Fills slices that lie within one step of this length.
    fn fill_part(&mut self, step: Step, slices: Range<u64>) {
        let shorter = match step {
            Step::Hour => Step::Minute,
            Step::Minute | Step::Slice => Step::Slice,
        };
        if step > self.finest && self.floors.keeps(shorter, slices.start) {
            self.fill(shorter, slices);
        } else {
            let size = slices_of(step);
            let begun = slices.start.div_ceil(size)..slices.end.div_ceil(size);
            self.push(step, begun);
        }
    }

    fn push(&mut self, step: Step, steps: Range<u64>) {
        if steps.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some((last, before)) if *last == step && before.end == steps.start => {
                before.end = steps.end;
            }
            _ => self.pieces.push((step, steps)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: u64 = 60_000;
    const HOUR: u64 = 3_600_000;

    fn check(from_ms: u64, to_ms: u64, finest: Step, floors: (u64, u64), expected: &[Piece]) {
        let floors = Floors {
            slice: floors.0,
            minute: floors.1,
        };
        let found = cover(Span { from_ms, to_ms }, finest, floors);
        assert_eq!(found, expected, "{from_ms} {to_ms}");
    }

    #[test]
    fn the_longest_steps_that_fit_are_taken() {
        use Step::{Hour, Minute, Slice};
        let from = HOUR - MINUTE - 10_000;
        let to = 3 * HOUR + 2 * MINUTE + 20_000;
        let all = [
            (Slice, 353..354),
            (Minute, 59..60),
            (Hour, 1..3),
            (Minute, 180..182),
            (Slice, 1092..1094),
        ];
        check(from, to, Slice, (0, 0), &all);
        // To the minute: one is in the span that it begins in.
        check(
            from,
            to,
            Minute,
            (0, 0),
            &[(Minute, 59..60), (Hour, 1..3), (Minute, 180..183)],
        );
        // Slices are gone: the minute that the span begins in began before it.
        check(
            from,
            to,
            Slice,
            (9, 0),
            &[(Minute, 59..60), (Hour, 1..3), (Minute, 180..183)],
        );
        check(from, to, Slice, (9, 9), &[(Hour, 1..4)]);
        check(10_000, 30_000, Slice, (0, 0), &[(Slice, 1..3)]);
        check(50_000, 70_000, Slice, (0, 0), &[(Slice, 5..7)]);
        check(5, 5, Slice, (0, 0), &[]);
        check(10_000, 5, Slice, (0, 0), &[]);
    }

    proptest! {
        /// Each slice of a row of spans is counted once, whatever has been pruned.
        #[test]
        fn spans_that_follow_each_other_count_everything_once(
            mut borders in prop::collection::vec(0..20_000_u64, 1..6),
            floors in (0..6_u64, 0..6_u64),
            by_minute: bool,
        ) {
            borders.extend([0, 6 * HOUR / 1_000]);
            borders.sort_unstable();
            let floors = Floors { slice: floors.0.max(floors.1), minute: floors.1 };
            let finest = if by_minute { Step::Minute } else { Step::Slice };
            let mut counted = Vec::new();
            for pair in borders.windows(2) {
                let span = Span { from_ms: pair[0] * 1_000, to_ms: pair[1] * 1_000 };
                for (step, steps) in cover(span, finest, floors) {
                    let size = slices_of(step);
                    prop_assert!(floors.keeps(step, steps.start * size));
                    counted.extend(steps.start * size..steps.end * size);
                }
            }
            counted.sort_unstable();
            prop_assert_eq!(counted, (0..6 * 360).collect::<Vec<u64>>());
        }
    }
}
