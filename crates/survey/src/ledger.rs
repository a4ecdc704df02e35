//! Turns what happened to surveys in this browser into what is remembered of them.

use protocol::config::{Class, Outcome, Scope};

use crate::rule::Rule;

/// Kinds of outcome.
const OUTCOMES: usize = 5;

/// What one browser remembers of all surveys.
///
/// Times are milliseconds since 1970 (UTC) by the browser's clock; 0 is never. They only grow, so
/// that a clock that is set back makes nothing come earlier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// By id of the survey.
    pub entries: Vec<Entry>,
}

/// What one browser remembers of one survey.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Id of the survey.
    pub survey: Vec<u8>,
    /// What it measured when it was last seen.
    pub class: Class,
    /// Impressions since the last answer or dismissal.
    pub impressions: u64,
    /// When each [`Outcome`] last happened, in the order of its declaration.
    pub clocks: [u64; OUTCOMES],
}

impl Entry {
    /// When it was last answered or dismissed: since then, impressions count anew.
    fn decided(&self) -> u64 {
        let [_, _, dismissed, partial, completed] = self.clocks;
        dismissed.max(partial).max(completed)
    }

    /// When `outcome` last happened. What was answered in part and then completed was not left.
    fn last(&self, outcome: Outcome) -> u64 {
        let at = self.clocks[outcome as usize];
        let was_left = at > self.clocks[Outcome::Completed as usize];
        if outcome == Outcome::Partial && !was_left {
            0
        } else {
            at
        }
    }

    fn seen(&self) -> u64 {
        self.clocks[Outcome::Seen as usize]
    }
}

impl Ledger {
    /// Notes what happened to the survey of `rule`.
    pub fn note(&mut self, survey: &[u8], class: Class, outcome: Outcome, wall_ms: u64) {
        let entry = self.entry(survey);
        entry.class = class;
        // Later than every decision before, whatever the clock says: what counts anew from here is
        // then known to be newer by everybody who merges it.
        let mut at = wall_ms.max(1);
        match outcome {
            Outcome::Seen => entry.impressions += 1,
            Outcome::Snoozed => {}
            Outcome::Dismissed | Outcome::Partial | Outcome::Completed => {
                at = at.max(entry.decided() + 1);
                entry.impressions = 0;
            }
        }
        let clock = &mut entry.clocks[outcome as usize];
        *clock = at.max(*clock);
    }

    /// When `outcome` last happened to a survey in `scope` of `rule`; 0 is never.
    pub fn last(&self, rule: &Rule<'_>, scope: Scope, outcome: Outcome) -> u64 {
        let mut last = 0;
        for entry in &self.entries {
            let is_meant = match scope {
                Scope::Survey => entry.survey == rule.survey.id,
                Scope::Class => entry.class as u8 == rule.class as u8,
                Scope::Any => true,
            };
            if is_meant {
                last = last.max(entry.last(outcome));
            }
        }
        last
    }

    /// Impressions of `survey` since it was last answered or dismissed.
    pub fn impressions(&self, survey: &[u8]) -> u64 {
        let mut entries = self.entries.iter();
        let entry = entries.find(|entry| entry.survey == survey);
        entry.map_or(0, |entry| entry.impressions)
    }

    /// Takes over what another page of this browser remembers. All come to the same end, in whatever
    /// order and how often they hear of each other.
    pub fn merge(&mut self, other: &Self) {
        for theirs in &other.entries {
            let mine = self.entry(&theirs.survey);
            let age = |it: &Entry| (it.decided(), it.impressions);
            // Counted from the last decision, so they cannot be added up: the newer count holds.
            if age(theirs) > age(mine) {
                mine.impressions = theirs.impressions;
            }
            let named = |it: &Entry| (it.seen(), it.class as u8);
            if named(theirs) > named(mine) {
                mine.class = theirs.class;
            }
            for (mine, theirs) in mine.clocks.iter_mut().zip(theirs.clocks) {
                *mine = theirs.max(*mine);
            }
        }
    }

    fn entry(&mut self, survey: &[u8]) -> &mut Entry {
        let not_before = |entry: &Entry| &entry.survey[..] >= survey;
        let at = self.entries.iter().position(not_before);
        let at = at.unwrap_or(self.entries.len());
        if self.entries.get(at).is_none_or(|it| it.survey != survey) {
            let entry = Entry {
                survey: survey.to_vec(),
                ..Entry::default()
            };
            self.entries.insert(at, entry);
        }
        &mut self.entries[at]
    }
}
