//! Turns outages, announced times and gaps into stretches of one state each, for a picture.

use protocol::query::performance::{Stretch, UpState};

use super::Interval;

/// Stretches that a picture of a window can show.
pub const MAX_STRETCHES: usize = 400;

/// A window (start inclusive, end exclusive) in stretches, in order and without gaps between them.
///
/// What was announced covers what was down, that what was degraded, and that what nobody knows. Where
/// there are more than [`MAX_STRETCHES`], short ones become part of what was before them: first those
/// in which all was well, last those of outages.
pub fn timeline(
    window: (u64, u64),
    down: &[Interval],
    degraded: &[Interval],
    maintenance: &[(u64, u64)],
    unknown: &[(u64, u64)],
) -> Vec<Stretch> {
    let mut changes = Vec::new();
    let mut add = |layer: usize, from: u64, to: u64| {
        let (from, to) = (from.max(window.0), to.min(window.1));
        if from < to {
            changes.push((from, layer, 1_i64));
            changes.push((to, layer, -1));
        }
    };
    for (from, to) in maintenance {
        add(0, *from, *to);
    }
    for (layer, intervals) in [(1, down), (2, degraded)] {
        for one in intervals {
            add(layer, one.from_ms, one.end());
        }
    }
    for (from, to) in unknown {
        add(3, *from, *to);
    }
    changes.sort_unstable();
    let mut stretches = draw(window, &changes);
    while stretches.len() > MAX_STRETCHES {
        stretches = shortened(&stretches);
    }
    stretches
}

/// The states of the layers, the upper ones first.
const LAYERS: [UpState; 4] = [
    UpState::Maintenance,
    UpState::Down,
    UpState::Degraded,
    UpState::Unknown,
];

/// Stretches between changes: when, of which layer, and by how much it is covered from then on.
fn draw(window: (u64, u64), changes: &[(u64, usize, i64)]) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut covered = [0_i64; 4];
    let mut at = window.0;
    for (when, layer, by) in changes {
        add(&mut stretches, at, *when, top(&covered));
        at = *when;
        covered[*layer] += by;
    }
    add(&mut stretches, at, window.1, top(&covered));
    stretches
}

fn top(covered: &[i64; 4]) -> UpState {
    let mut layers = covered.iter().zip(LAYERS);
    let top = layers.find(|(covered, _)| **covered > 0);
    top.map_or(UpState::Up, |(_, state)| state)
}

/// Adds a stretch, or makes the last one longer.
fn add(stretches: &mut Vec<Stretch>, from_ms: u64, to_ms: u64, state: UpState) {
    match stretches.last_mut() {
        _ if from_ms >= to_ms => {}
        Some(last) if last.state == state => last.to_ms = to_ms,
        _ => stretches.push(Stretch {
            from_ms,
            to_ms,
            state,
        }),
    }
}

/// What may be lost first. Time of which nobody knows is not drawn as fine, and an outage is what
/// people look for.
const fn rank(state: UpState) -> u8 {
    match state {
        UpState::Up => 0,
        UpState::Degraded | UpState::Maintenance => 1,
        UpState::Unknown => 2,
        UpState::Down => 3,
    }
}

/// Fewer of them: each that goes takes at most one neighbour with it, so half of what is too many.
fn shortened(stretches: &[Stretch]) -> Vec<Stretch> {
    let gone = (stretches.len() - MAX_STRETCHES).div_ceil(2);
    let mut order: Vec<usize> = (1..stretches.len()).collect();
    order.sort_by_key(|index| {
        let one = &stretches[*index];
        (rank(one.state), one.to_ms - one.from_ms)
    });
    let mut keeps = vec![true; stretches.len()];
    for index in order.iter().take(gone) {
        keeps[*index] = false;
    }
    let mut left: Vec<Stretch> = Vec::with_capacity(stretches.len());
    for (one, keeps) in stretches.iter().zip(keeps) {
        let before = left.last().map_or(one.state, |last| last.state);
        let state = if keeps { one.state } else { before };
        add(&mut left, one.from_ms, one.to_ms, state);
    }
    left
}
