//! Turns where the page is and what it asks for into the one survey that is shown, or none.

use protocol::config::{Class, Outcome};
use survey::eligibility::{Asked, Gate, Verdict, Visit, verdict};
use survey::pick::pick;

use super::candidate::Candidate;
use super::pass::{NO_RESPONSE, Pass, Stage};
use super::place::Place;
use crate::agent::Agent;
use crate::command::{Event, WarnCode};
use crate::memory::Memory;
use crate::time::{Entropy, Now};

/// Flags of `show`.
const BY_PERSON: u32 = 1;
const PAST_ALL: u32 = 2;

/// The guard's reason while nobody looks at the page.
const HIDDEN: u32 = 1;

impl<E: Entropy> Agent<E> {
    /// Shows a survey if one may be shown; tells when to ask again, on the monotonic clock.
    pub(crate) fn decide(&mut self) -> u64 {
        if !self.configured || self.url.is_empty() {
            return u64::MAX;
        }
        if let Some((wanted, flags)) = self.asking.wanted.take()
            && let Err(code) = self.grant(&wanted, flags)
        {
            self.turn.out.say_warn(code, &wanted);
        }
        // In a hidden page nobody would see it.
        if self.review() || self.hidden || self.asking.rests || self.resume() {
            return u64::MAX;
        }
        self.choose()
    }

    /// Follows the survey that is waiting, open or parked. Tells whether it leaves no room.
    fn review(&mut self) -> bool {
        let Some(pass) = &self.asking.pass else {
            return false;
        };
        let may_stay = self.judge(pass, 0).closed.is_none();
        let (hidden, pass) = (self.hidden, &mut self.asking.pass);
        let Some(it) = pass else { return false };
        let out = &mut self.turn.out;
        match (it.stage, may_stay) {
            (Stage::Waiting | Stage::Open, true) => return true,
            (Stage::Waiting | Stage::Open, false) => {
                out.say("hide");
                it.stage = Stage::Parked;
                // Nothing of it was seen, or nothing is left to do in it.
                if it.complete || !it.counted {
                    *pass = None;
                }
            }
            (Stage::Parked, true) if !hidden => {
                it.stage = Stage::Waiting;
                out.say_show(&it.survey, &it.resume, it.by_person);
                return true;
            }
            (Stage::Parked, _) => {}
        }
        false
    }

    /// Shows again what an earlier page of this session began.
    fn resume(&mut self) -> bool {
        let begun = self.memory.begun().filter(|_| self.asking.may_resume);
        let Some(begun) = begun else { return false };
        let Some(candidate) = self.candidate(begun.survey.id) else {
            return false;
        };
        // A feedback form waits for the person to open it again.
        let rule = &candidate.rule;
        if rule.survey != begun.survey || rule.class == Class::Feedback {
            return false;
        }
        let asked = if begun.explicit {
            Asked::RUNNING
        } else {
            Asked::RESUMED
        };
        let pass = Pass::new(rule, asked, Some(begun));
        if self.judge(&pass, 0).closed.is_some() {
            return false;
        }
        self.start(pass);
        true
    }

    /// Chooses among all surveys that show themselves.
    fn choose(&mut self) -> u64 {
        let now = self.turn.now;
        let visit = visit(
            &self.memory,
            &self.asking.place,
            &self.url,
            self.consents,
            0,
            now,
        );
        let out = &mut self.turn.out;
        let pick = pick(self.asking.candidates.iter_mut().map(|candidate| {
            let (verdict, news) = candidate.judge(&visit, now.mono_ms);
            let rule = &candidate.rule;
            if news {
                out.say_emit(Event::Eligible, Some(&rule.survey), &NO_RESPONSE);
            }
            (rule, verdict)
        }));
        let Some(at) = pick.show else {
            return self.turn.after(pick.in_ms);
        };
        let pass = Pass::new(&self.asking.candidates[at].rule, Asked::ALL, None);
        self.start(pass);
        u64::MAX
    }

    fn start(&mut self, pass: Pass) {
        let out = &mut self.turn.out;
        out.say_show(&pass.survey, &pass.resume, pass.by_person);
        self.asking.pass = Some(pass);
    }

    /// Shows the survey that was asked for, or tells why not.
    fn grant(&mut self, wanted: &[u8], flags: u32) -> Result<(), WarnCode> {
        let by_person = flags & BY_PERSON != 0;
        if let Some(open) = &self.asking.pass {
            let is_busy =
                open.stage == Stage::Open || (open.stage == Stage::Waiting && open.explicit);
            if is_busy && (open.by_person || !by_person) {
                return Err(WarnCode::AlreadyOpen);
            }
        }
        let rule = self.candidate(wanted).map(|it| &it.rule);
        let rule = rule.ok_or(WarnCode::UnknownSurvey)?;
        let begun = self.memory.begun().filter(|it| it.survey == rule.survey);
        let asked = if by_person {
            Asked::NOTHING
        } else if begun.is_some() || flags & PAST_ALL != 0 {
            Asked::RUNNING
        } else {
            Asked::PROTECTION
        };
        let mut pass = Pass::new(rule, asked, begun);
        pass.explicit = true;
        pass.by_person = by_person;
        if self.judge(&pass, 0).closed.is_some() {
            return Err(WarnCode::NotAgainYet);
        }
        if self
            .asking
            .pass
            .as_ref()
            .is_some_and(|it| it.stage != Stage::Parked)
        {
            self.turn.out.say("hide");
        }
        self.start(pass);
        Ok(())
    }

    /// The facade could open the widget now. Everything is asked once more, with what other pages
    /// have kept: time has passed since the decision.
    pub(super) fn ready(&mut self, guard: u32, state: &[u8]) {
        self.asking.guard = guard;
        self.merge(state);
        let waiting = |it: &&Pass| it.stage == Stage::Waiting;
        let Some(pass) = self.asking.pass.as_ref().filter(waiting) else {
            return;
        };
        // Another page went on with it, or ended it: what this one would go on from is of before.
        let goes_on = pass.answered && !pass.complete;
        if goes_on && !self.memory.has_begun(pass.response, pass.revision) {
            self.asking.wanted = pass.by_person.then(|| (pass.survey.id.to_vec(), BY_PERSON));
            self.asking.pass = None;
            self.turn.out.say("hide");
            return;
        }
        match self.judge(pass, self.guard_now()).closed {
            None => self.open(),
            // Not at this moment: the facade says "ready" again.
            Some(Gate::Guard) => {}
            // The review at the end of this input takes it back.
            Some(_) if pass.explicit => {
                let about = pass.survey.id;
                self.turn.out.say_warn(WarnCode::NotAgainYet, about);
            }
            Some(_) => {}
        }
    }

    /// Takes in what other pages have kept. What is open here counts on from their revisions.
    pub(crate) fn merge(&mut self, state: &[u8]) {
        self.unsaved |= self.memory.merge(state);
        let open = |it: &&mut Pass| it.stage == Stage::Open;
        if let Some(pass) = self.asking.pass.as_mut().filter(open)
            && let Some(begun) = self.memory.begun()
            && begun.response == pass.response
        {
            pass.revision = pass.revision.max(begun.revision);
        }
    }

    /// Puts the waiting survey on the page. It counts as seen, and is kept as seen, before anything
    /// can fail.
    fn open(&mut self) {
        let Some(pass) = &mut self.asking.pass else {
            return;
        };
        pass.stage = Stage::Open;
        pass.asked = if pass.explicit {
            Asked::NOTHING
        } else {
            Asked::ADDRESS
        };
        self.asking.may_resume = false;
        if !core::mem::replace(&mut pass.counted, true) {
            let memory = &mut self.memory;
            let (id, now) = (pass.survey.id, self.turn.now);
            memory
                .ledger
                .note(id, pass.class, Outcome::Seen, now.wall_ms);
            memory.asked += u64::from(!pass.explicit && !pass.inline);
            let is_it = |it: &&mut Candidate| it.rule.survey.id == id;
            if let Some(candidate) = self.asking.candidates.iter_mut().find(is_it) {
                candidate.spent();
            }
        }
        self.unsaved = true;
        self.save();
        self.turn.out.say("open");
    }

    /// The widget could not be opened. It is tried again on the next page.
    pub(super) fn show_failed(&mut self) {
        self.asking.pass = None;
        self.asking.may_resume = false;
        self.asking.rests = true;
    }

    /// Takes the survey off the page for good.
    pub(super) fn put_away(&mut self) {
        if self.asking.pass.take().is_some() {
            self.asking.may_resume = false;
            self.asking.rests = true;
            self.turn.out.say("hide");
        }
    }

    /// What stands between `pass` and the page.
    fn judge(&self, pass: &Pass, guard: u32) -> Verdict {
        if pass.asked == Asked::NOTHING {
            return Verdict::SHOW;
        }
        let Some(candidate) = self.candidate(pass.survey.id) else {
            return Verdict {
                // What is open when the config changes may be finished.
                closed: (pass.stage != Stage::Open).then_some(Gate::Automatic),
                ..Verdict::SHOW
            };
        };
        let arming = candidate.arming(self.turn.now.mono_ms);
        verdict(&candidate.rule, &self.visit(guard), arming, pass.asked)
    }

    pub(super) fn candidate(&self, survey: &[u8]) -> Option<&Candidate> {
        let mut candidates = self.asking.candidates.iter();
        candidates.find(|it| it.rule.survey.id == survey)
    }

    pub(super) fn guard_now(&self) -> u32 {
        if self.hidden {
            HIDDEN
        } else {
            self.asking.guard
        }
    }

    pub(super) fn visit(&self, guard: u32) -> Visit<'_> {
        let now = self.turn.now;
        let place = &self.asking.place;
        visit(&self.memory, place, &self.url, self.consents, guard, now)
    }
}

fn visit<'a>(
    memory: &'a Memory,
    place: &'a Place,
    url: &'a [u8],
    consents: bool,
    guard: u32,
    now: Now,
) -> Visit<'a> {
    Visit {
        install: memory.install,
        consents,
        facts: place.facts(url, &[], memory.pages, now.mono_ms),
        wall_ms: now.wall_ms,
        asked: memory.asked,
        guard: guard.into(),
        ledger: &memory.ledger,
    }
}
