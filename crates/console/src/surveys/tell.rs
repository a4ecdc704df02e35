//! Turns states, counts and reach of surveys into words.

use protocol::query::surveys::{BoardEntry, Reach, State, Unknown};

use crate::performance::zone::Zone;
use crate::scores_url::Span;
use crate::words::{self, say};

/// Digits of a share and how many it is of: `20.8 %` and `n = 1,030`; none where nobody was shown it.
pub fn rate(entry: &BoardEntry) -> Option<(String, String)> {
    let counts = entry.counts;
    let percent = words::percent(counts.shown_and_answered, counts.shown)?;
    Some((percent, say::survey_n(&words::count(counts.shown))))
}

/// Name of a state.
pub fn state(state: State) -> &'static str {
    match state {
        State::Draft => say::survey_state_draft(),
        State::Scheduled => say::survey_state_scheduled(),
        State::Running => say::survey_state_running(),
        State::Paused => say::survey_state_paused(),
        State::Ended => say::survey_state_ended(),
    }
}

/// The sentence above the list.
pub fn board(items: &[BoardEntry], span: Span) -> String {
    let running = items.iter().filter(|one| one.state == State::Running);
    let running = say::survey_running(running.count() as u64);
    let sum = |of: fn(&BoardEntry) -> u64| items.iter().map(of).sum::<u64>();
    match sum(|one| one.counts.responses) {
        0 => say::survey_board_quiet(&span.phrase(), &running),
        n => say::survey_board(n, &span.phrase(), &running),
    }
}

/// The sentence above one survey.
pub fn desk(entry: &BoardEntry, zone: &Zone) -> String {
    let at = |ms: Option<u64>| ms.map(|ms| zone.stamp(ms)).unwrap_or_default();
    let version = entry.version.unwrap_or_default().to_string();
    match entry.state {
        State::Draft => String::from(say::survey_desk_draft()),
        State::Scheduled => say::survey_desk_scheduled(&at(entry.from_ms), &version),
        State::Ended => say::survey_desk_ended(&at(entry.until_ms), &version),
        State::Paused => say::survey_desk_paused(&version),
        State::Running => match entry.until_ms {
            Some(until) => say::survey_desk_until(&zone.stamp(until), &version),
            None => say::survey_desk_running(&at(entry.published_ms), &version),
        },
    }
}

/// What came of one survey so far.
pub fn outcome(entry: &BoardEntry) -> String {
    let counts = entry.counts;
    if counts.responses == 0 && counts.shown == 0 {
        return String::from(say::survey_nobody_yet());
    }
    if entry.feedback {
        return say::survey_feedback_so_far(counts.responses);
    }
    let shown = words::people(counts.shown);
    let answered = words::count(counts.shown_and_answered);
    match words::percent(counts.shown_and_answered, counts.shown) {
        Some(percent) => say::survey_so_far(&answered, &percent, &shown),
        None => say::survey_feedback_so_far(counts.responses),
    }
}

/// Who would have seen it: the sentence, and what it is based on.
pub fn reach(reach: &Reach) -> (String, Vec<String>) {
    let (some, all) = (reach.people.some, reach.people.all);
    let sentence = match words::percent(some, all) {
        Some(percent) => say::survey_reach(&words::count(all), &percent, &words::count(some)),
        None => String::from(say::survey_reach_nobody()),
    };
    let mut based = Vec::new();
    if all > 0 {
        based.push(say::survey_reach_people(all));
    }
    if let Some(percent) = words::percent(reach.views.some, reach.views.all) {
        let (some, all) = (
            words::count(reach.views.some),
            words::count(reach.views.all),
        );
        based.push(say::survey_reach_views(&all, &percent, &some));
    }
    if reach.unplaced > 0 {
        based.push(say::survey_reach_unplaced(reach.unplaced));
    }
    if !reach.unknown.is_empty() {
        let parts: Vec<_> = reach.unknown.iter().map(|one| unknown(*one)).collect();
        based.push(say::survey_reach_unknown(&parts.join(", ")));
    }
    (sentence, based)
}

fn unknown(what: Unknown) -> &'static str {
    match what {
        Unknown::Devices => say::survey_unknown_devices(),
        Unknown::Traits => say::survey_unknown_traits(),
        Unknown::Expressions => say::survey_unknown_expressions(),
        Unknown::Visit => say::survey_unknown_visit(),
        Unknown::Triggers => say::survey_unknown_triggers(),
        Unknown::Waits => say::survey_unknown_waits(),
    }
}

#[cfg(test)]
mod tests {
    use protocol::query::surveys::{Counts, Share};

    use super::*;

    fn entry(counts: Counts) -> BoardEntry {
        BoardEntry {
            id: "nps".into(),
            name: "NPS".into(),
            feedback: false,
            state: State::Running,
            version: Some(3),
            published_ms: Some(1_772_353_800_000),
            from_ms: None,
            until_ms: None,
            draft: None,
            counts,
        }
    }

    #[test]
    fn nothing_is_not_zero() {
        let nobody = entry(Counts::default());
        assert_eq!(rate(&nobody), None);
        assert_eq!(outcome(&nobody), "Nobody has seen it yet.");
        let shown = entry(Counts {
            shown: 1_030,
            shown_and_answered: 0,
            ..Counts::default()
        });
        assert_eq!(rate(&shown).unwrap().1, "n = 1,030");
        assert!(outcome(&shown).starts_with("0 of 1,030 people"));
    }

    #[test]
    fn reach_says_what_it_is_based_on() {
        let told = reach(&Reach {
            days: 7,
            people: Share { some: 87, all: 240 },
            views: Share { some: 0, all: 0 },
            unplaced: 5,
            unknown: vec![Unknown::Traits, Unknown::Visit],
            ..Reach::default()
        });
        assert!(told.0.starts_with("87 of 240"), "{}", told.0);
        assert_eq!(told.1.len(), 3);
        let nobody = reach(&Reach::default());
        assert!(nobody.1.is_empty());
    }
}
