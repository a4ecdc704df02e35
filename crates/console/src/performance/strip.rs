//! Turns stretches of one state into a strip of time that shows the shortest outage.

use protocol::query::Window;
use protocol::query::performance::{FeatureAvailability, OutageRow, Stretch, UpState};

use super::health;
use super::quantity;
use super::zone::Zone;
use crate::words::say;

/// What is drawn of an outage at least, as a share of the strip: two pixels of six hundred.
const LEAST: f64 = 0.0033;

/// One stretch on the strip.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Where it begins, from 0 to 1.
    pub from: f64,
    /// How long it is.
    pub width: f64,
    /// In which state.
    pub state: UpState,
    /// `Down from 27 Nov, 07:15:20 to 07:17:00, 1 min 40 s`.
    pub told: String,
}

/// The stretches of one feature, those that must be seen last, so that nothing covers them.
pub fn pieces(timeline: &[Stretch], window: Window, zone: &Zone) -> Vec<Piece> {
    let length = window.to_ms.saturating_sub(window.from_ms).max(1) as f64;
    let mut pieces: Vec<_> = timeline
        .iter()
        .map(|stretch| {
            let ms = stretch.to_ms.saturating_sub(stretch.from_ms);
            let exact = ms as f64 / length;
            let width = match stretch.state {
                UpState::Down | UpState::Degraded => exact.max(LEAST),
                _ => exact,
            };
            let from = stretch.from_ms.saturating_sub(window.from_ms) as f64 / length;
            Piece {
                from: from.min(1.0 - width).max(0.0),
                width: width.min(1.0),
                state: stretch.state,
                told: say::up_piece(
                    &zone.stamp_s(stretch.from_ms),
                    health::state_word(stretch.state),
                    &quantity::lasting(ms),
                    &zone.stamp_s(stretch.to_ms),
                ),
            }
        })
        .collect();
    pieces.sort_by_key(|piece| {
        (
            piece.state == UpState::Down,
            piece.state == UpState::Degraded,
        )
    });
    pieces
}

/// How long a feature was in each state, in the order that people ask; states without any are absent.
pub fn totals(timeline: &[Stretch]) -> Vec<(UpState, u64)> {
    let states = [
        UpState::Down,
        UpState::Degraded,
        UpState::Unknown,
        UpState::Maintenance,
        UpState::Up,
    ];
    let total = |state| {
        let of = timeline.iter().filter(|stretch| stretch.state == state);
        of.map(|stretch| stretch.to_ms.saturating_sub(stretch.from_ms))
            .sum()
    };
    let totals = states.map(|state| (state, total(state)));
    totals.into_iter().filter(|(_, ms)| *ms > 0).collect()
}

/// The strip in one sentence, for those who do not see it: `Down 1 min 40 s, up 23 h 58 min`.
pub fn sentence(timeline: &[Stretch]) -> String {
    let parts: Vec<_> = totals(timeline)
        .iter()
        .map(|(state, ms)| format!("{} {}", health::state_word(*state), quantity::lasting(*ms)))
        .collect();
    match parts.is_empty() {
        true => String::from(say::state_unknown()),
        false => parts.join(", "),
    }
}

/// Marks of the axis of time under a strip.
pub fn ticks(window: Window, zone: &Zone) -> Vec<(f64, String)> {
    let length = window.to_ms.saturating_sub(window.from_ms).max(1) as f64;
    let ticks = zone.ticks(window, 6).into_iter();
    ticks
        .map(|(at_ms, label)| (at_ms.saturating_sub(window.from_ms) as f64 / length, label))
        .collect()
}

/// Down time against what is allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct Used {
    /// `1 min 40 s down, 43 min 12 s allowed`.
    pub told: String,
    /// Share of what is allowed, from 0; more than 1 when more was used. Absent where none is allowed.
    pub share: Option<f64>,
}

/// How much of the allowed down time is used; absent without a promise.
pub fn used(feature: &FeatureAvailability) -> Option<Used> {
    let allowed_ms = feature.allowed_ms?;
    let down = match feature.down_ms {
        0 => String::from(say::up_never_down()),
        ms => say::up_down(&quantity::lasting(ms)),
    };
    Some(Used {
        told: match feature.time {
            None => say::up_used_unknown(&quantity::lasting(allowed_ms)),
            Some(_) => say::up_used(&quantity::lasting(allowed_ms), &down),
        },
        share: (allowed_ms > 0).then(|| feature.down_ms as f64 / allowed_ms as f64),
    })
}

/// How long an outage took; of one that lasts, until `now_ms`.
pub fn took(outage: &OutageRow, now_ms: u64) -> String {
    let ms = outage
        .to_ms
        .unwrap_or(now_ms)
        .saturating_sub(outage.from_ms);
    match outage.to_ms {
        Some(_) => quantity::lasting(ms),
        None => say::up_so_far(&quantity::lasting(ms)),
    }
}

/// What else there is to say of an outage.
pub fn notes(outage: &OutageRow) -> String {
    let mut notes = Vec::new();
    if outage.to_ms.is_none() {
        notes.push(String::from(say::up_note_lasts()));
    }
    if outage.partial {
        notes.push(String::from(say::up_note_partial()));
    }
    if outage.provisional {
        notes.push(String::from(say::up_note_provisional()));
    }
    match outage.revision {
        0 => {}
        n => notes.push(say::up_note_anew(u64::from(n))),
    }
    notes.join("; ")
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;
    use protocol::query::performance::Health;

    const MINUTE: u64 = 60_000;

    fn stretches(told: &[(u64, UpState)]) -> Vec<Stretch> {
        let mut at_ms = example::window().from_ms;
        let mut stretches = Vec::new();
        for (minutes, state) in told {
            let to_ms = at_ms + minutes * MINUTE;
            stretches.push(Stretch {
                from_ms: at_ms,
                to_ms,
                state: *state,
            });
            at_ms = to_ms;
        }
        stretches
    }

    fn utc() -> Zone {
        Zone::new("UTC", |_, _| 0)
    }

    #[test]
    fn the_shortest_outage_is_seen_and_on_top() {
        let day = stretches(&[
            (600, UpState::Up),
            (1, UpState::Down),
            (600, UpState::Unknown),
            (238, UpState::Up),
            (1, UpState::Down),
        ]);
        let pieces = pieces(&day, example::window(), &utc());
        let down: Vec<_> = pieces.iter().filter(|p| p.state == UpState::Down).collect();
        assert_eq!(down.len(), 2);
        assert!(
            down.iter()
                .all(|p| p.width >= LEAST && p.from + p.width <= 1.0 + 1e-9)
        );
        assert_eq!(pieces.last().map(|p| p.state), Some(UpState::Down));
        assert_eq!(
            down[0].told,
            "Down from 26 Nov, 10:00:00 to 26 Nov, 10:01:00, 1 min"
        );
    }

    #[test]
    fn states_are_summed_in_words() {
        let day = stretches(&[
            (600, UpState::Up),
            (10, UpState::Down),
            (230, UpState::Unknown),
            (600, UpState::Up),
        ]);
        assert_eq!(sentence(&day), "Down 10 min, Unknown 3 h 50 min, Up 20 h");
        assert_eq!(sentence(&[]), "Unknown");
    }

    #[test]
    fn down_time_is_held_against_what_is_allowed() {
        let mut feature = example::availability("Cart", Health::Within);
        assert_eq!(
            used(&feature).unwrap().told,
            "never down, 1 min 26 s allowed"
        );
        feature.down_ms = 172_800;
        let twice = used(&feature).unwrap();
        assert_eq!(twice.told, "2 min 52 s down, 1 min 26 s allowed");
        assert!((twice.share.unwrap() - 2.0).abs() < 1e-9);
        feature.time = None;
        assert!(used(&feature).unwrap().told.starts_with("nothing known"));
        feature.allowed_ms = None;
        assert_eq!(used(&feature), None);
    }

    #[test]
    fn an_outage_says_what_is_not_certain() {
        let mut outage = OutageRow {
            from_ms: 0,
            to_ms: None,
            partial: false,
            peak_share: 1.0,
            failed: 30,
            provisional: true,
            revision: 2,
        };
        assert_eq!(took(&outage, 90_000), "1 min 30 s so far");
        assert_eq!(
            notes(&outage),
            "lasts; may still change; scored anew 2 times"
        );
        outage.to_ms = Some(60_000);
        (outage.provisional, outage.revision, outage.partial) = (false, 0, true);
        assert_eq!(took(&outage, 90_000), "1 min");
        assert_eq!(notes(&outage), "some clients only, not part of the SLA");
    }
}
