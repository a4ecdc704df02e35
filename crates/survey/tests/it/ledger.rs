//! Turns two tabs, reloads and a clock that is set back into never too often and never too early.

use proptest::prelude::*;
use protocol::config::{Class, Outcome, Quiet, Scope};
use survey::eligibility::{Arming, Asked, Verdict, Visit};
use survey::ledger::Ledger;

use crate::eligibility::{NOW, rule, verdict, visit};

const DAY: u64 = 24 * 60 * 60 * 1000;
const OUTCOMES: [Outcome; 5] = [
    Outcome::Seen,
    Outcome::Snoozed,
    Outcome::Dismissed,
    Outcome::Partial,
    Outcome::Completed,
];
const CLASSES: [Class; 2] = [Class::Nps, Class::Csat];

type Note = (usize, usize, usize, u64);

fn ledger(notes: &[Note]) -> Ledger {
    let mut ledger = Ledger::default();
    for (survey, class, outcome, at) in notes {
        let survey = [b"a", b"b"][*survey];
        ledger.note(survey, CLASSES[*class], OUTCOMES[*outcome], *at);
    }
    ledger
}

fn merged(a: &Ledger, b: &Ledger) -> Ledger {
    let mut merged = a.clone();
    merged.merge(b);
    merged
}

fn notes() -> impl Strategy<Value = Vec<Note>> {
    prop::collection::vec((0..2_usize, 0..2_usize, 0..5_usize, 0..20_u64), 0..12)
}

/// What happens in one of two tabs that share a store.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The tab has the lock, reads the store, and shows if it may.
    Show(usize),
    /// What the person does with what was shown last.
    End(usize, usize),
    Reload(usize),
    /// The tab hears what the other one has stored.
    Sync(usize),
    Pass(u64),
    SetBack(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..2_usize).prop_map(Step::Show),
        2 => (0..2_usize, 1..5_usize).prop_map(|(tab, outcome)| Step::End(tab, outcome)),
        1 => (0..2_usize).prop_map(Step::Reload),
        1 => (0..2_usize).prop_map(Step::Sync),
        3 => (0..12 * DAY).prop_map(Step::Pass),
        1 => (0..30 * DAY).prop_map(Step::SetBack),
    ];
    prop::collection::vec(step, 0..60)
}

proptest! {
    #[test]
    fn merging_is_the_same_in_any_order_and_however_often(a in notes(), b in notes(), c in notes()) {
        let (a, b, c) = (ledger(&a), ledger(&b), ledger(&c));
        prop_assert_eq!(merged(&a, &b), merged(&b, &a));
        prop_assert_eq!(merged(&a, &a), a.clone());
        prop_assert_eq!(merged(&merged(&a, &b), &b), merged(&a, &b));
        prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
    }

    #[test]
    fn never_more_often_and_never_earlier_than_allowed(steps in steps()) {
        let waits = [None, Some(7), Some(30), Some(60), Some(90)];
        let mut nps = rule("nps");
        nps.waits = (1..5).map(|i| Quiet {
            scope: Scope::Survey,
            outcome: OUTCOMES[i],
            days: waits[i],
        }).collect();
        let (mut now, mut back) = (0_u64, 0_u64);
        let mut tabs = [Ledger::default(), Ledger::default()];
        let mut store = Ledger::default();
        let mut shown = 0;
        // When each outcome really happened last.
        let mut last = [None; 5];
        for step in steps {
            let wall = (NOW + now).saturating_sub(back);
            match step {
                Step::Show(tab) => {
                    tabs[tab].merge(&store);
                    let visit = Visit { wall_ms: wall, ..visit(&tabs[tab]) };
                    if verdict(&nps, &visit, Arming::default(), Asked::ALL) != Verdict::SHOW {
                        continue;
                    }
                    shown += 1;
                    prop_assert!(shown <= nps.max_impressions);
                    for (i, days) in waits.into_iter().enumerate() {
                        // What was answered in part and completed later counts as completed.
                        let is_void = OUTCOMES[i] == Outcome::Partial && last[4] >= last[i];
                        if let Some((at, days)) = last[i].zip(days).filter(|_| !is_void) {
                            prop_assert!(now >= at + u64::from(days) * DAY);
                        }
                    }
                    tabs[tab].note(b"nps", Class::Nps, Outcome::Seen, wall);
                    store = tabs[tab].clone();
                }
                Step::End(tab, outcome) if shown > 0 => {
                    tabs[tab].merge(&store);
                    tabs[tab].note(b"nps", Class::Nps, OUTCOMES[outcome], wall);
                    store = tabs[tab].clone();
                    last[outcome] = Some(now);
                    if OUTCOMES[outcome] != Outcome::Snoozed {
                        shown = 0;
                    }
                }
                Step::End(..) => {}
                Step::Reload(tab) => tabs[tab] = store.clone(),
                Step::Sync(tab) => tabs[tab].merge(&store),
                Step::Pass(ms) => now += ms,
                Step::SetBack(ms) => back += ms,
            }
        }
    }
}

#[test]
fn a_wait_looks_at_its_scope_only() {
    let mut memory = Ledger::default();
    memory.note(b"other", Class::Nps, Outcome::Completed, NOW - DAY);
    for (scope, class, shows) in [
        (Scope::Survey, Class::Nps, true),
        (Scope::Class, Class::Nps, false),
        (Scope::Class, Class::Ces, true),
        (Scope::Any, Class::Ces, false),
    ] {
        for (days, over) in [(Some(1), true), (Some(2), false), (None, false)] {
            let mut nps = rule("nps");
            nps.class = class;
            nps.waits = vec![Quiet {
                scope,
                outcome: Outcome::Completed,
                days,
            }];
            let verdict = verdict(&nps, &visit(&memory), Arming::default(), Asked::ALL);
            assert_eq!(
                verdict == Verdict::SHOW,
                shows || over,
                "{scope:?} {days:?}"
            );
        }
    }
}
