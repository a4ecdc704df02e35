//! Turns outages, announced times and gaps into stretches of one state each.

use latency::availability::Interval;
use protocol::query::performance::{Stretch, UpState};
use store::Span;

/// Stretches that a picture of a window can show.
const MAX_STRETCHES: usize = 400;

/// The window in stretches, in order, without gaps between them. What was announced covers what was
/// down, that what was degraded, and that what nobody knows.
pub(super) fn timeline(
    span: Span,
    down: &[Interval],
    degraded: &[Interval],
    announced: &[(u64, u64)],
    gaps: &[(u64, u64)],
) -> Vec<Stretch> {
    let closed = |intervals: &[Interval]| -> Vec<(u64, u64)> {
        let closed = intervals.iter();
        closed
            .map(|one| (one.from_ms, one.to_ms.unwrap_or(span.to_ms)))
            .collect()
    };
    let layers = [
        (UpState::Maintenance, announced.to_vec()),
        (UpState::Down, closed(down)),
        (UpState::Degraded, closed(degraded)),
        (UpState::Unknown, gaps.to_vec()),
    ];
    let mut borders = vec![span.from_ms, span.to_ms];
    for (_, times) in &layers {
        let ends = times.iter().flat_map(|(from_ms, to_ms)| [*from_ms, *to_ms]);
        borders.extend(ends.filter(|at| (span.from_ms..span.to_ms).contains(at)));
    }
    borders.sort_unstable();
    borders.dedup();
    let mut stretches: Vec<Stretch> = Vec::new();
    for pair in borders.windows(2) {
        let (from_ms, to_ms) = (pair[0], pair[1]);
        let covers = |times: &[(u64, u64)]| times.iter().any(|t| t.0 <= from_ms && to_ms <= t.1);
        let layer = layers.iter().find(|(_, times)| covers(times));
        let state = layer.map_or(UpState::Up, |(state, _)| *state);
        match stretches.last_mut() {
            Some(last) if last.state == state => last.to_ms = to_ms,
            _ => stretches.push(Stretch {
                from_ms,
                to_ms,
                state,
            }),
        }
    }
    shorten(&mut stretches);
    stretches
}

/// What may be lost to its neighbours first. Time of which nobody knows is not drawn as fine, and an
/// outage is what people look for.
const fn rank(state: UpState) -> u8 {
    match state {
        UpState::Up => 0,
        UpState::Degraded | UpState::Maintenance => 1,
        UpState::Unknown => 2,
        UpState::Down => 3,
    }
}

/// Lets the shortest stretches be part of what was before them.
fn shorten(stretches: &mut Vec<Stretch>) {
    while stretches.len() > MAX_STRETCHES {
        let length = |one: &Stretch| one.to_ms - one.from_ms;
        let least = stretches.iter().enumerate().skip(1);
        let least = least.min_by_key(|(_, one)| (rank(one.state), length(one)));
        let Some(index) = least.map(|(index, _)| index) else {
            return;
        };
        let gone = stretches.remove(index);
        stretches[index - 1].to_ms = gone.to_ms;
        if index < stretches.len() && stretches[index].state == stretches[index - 1].state {
            let next = stretches.remove(index);
            stretches[index - 1].to_ms = next.to_ms;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Span = Span {
        from_ms: 100,
        to_ms: 1_000,
    };

    fn interval(from_ms: u64, to_ms: Option<u64>) -> Interval {
        Interval { from_ms, to_ms }
    }

    #[test]
    fn states_cover_each_other_in_order() {
        let down = [interval(50, Some(200)), interval(900, None)];
        let degraded = [interval(150, Some(300))];
        let found = timeline(SPAN, &down, &degraded, &[(950, 2_000)], &[(250, 400)]);
        let found: Vec<_> = found
            .iter()
            .map(|s| (s.from_ms, s.to_ms, s.state))
            .collect();
        let expected = [
            (100, 200, UpState::Down),
            (200, 300, UpState::Degraded),
            (300, 400, UpState::Unknown),
            (400, 900, UpState::Up),
            (900, 950, UpState::Down),
            (950, 1_000, UpState::Maintenance),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_window_without_anything_is_one_stretch() {
        assert_eq!(timeline(SPAN, &[], &[], &[], &[]).len(), 1);
        let unknown = timeline(SPAN, &[], &[], &[], &[(0, 5_000)]);
        assert_eq!(unknown.len(), 1);
        assert_eq!(unknown[0].state, UpState::Unknown);
    }

    #[test]
    fn there_are_never_too_many() {
        let gaps: Vec<_> = (0..900).map(|n| (n * 1_000, n * 1_000 + 500)).collect();
        let down = [interval(1_400, Some(1_401))];
        let span = Span {
            from_ms: 0,
            to_ms: 900_000,
        };
        let found = timeline(span, &down, &[], &[], &gaps);
        assert!(found.len() <= MAX_STRETCHES, "{}", found.len());
        assert!(found.iter().any(|one| one.state == UpState::Down));
        assert!(
            found
                .windows(2)
                .all(|pair| pair[0].to_ms == pair[1].from_ms)
        );
        assert_eq!(
            (found[0].from_ms, found[found.len() - 1].to_ms),
            (0, 900_000)
        );
    }
}
