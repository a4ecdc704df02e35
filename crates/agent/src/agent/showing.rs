//! Turns where the page is and what it asks for into the one survey that is shown, or none.

use protocol::config::SurveyRule;
use protocol::item::{Impression, SurveyRef};
use protocol::limits::MAX_URL_CHARS;
use survey::eligibility::{self, Gate, Visit};
use survey::pick::{Pick, pick};

use super::Agent;
use crate::command::{Body, Command, Event, WarnCode};
use crate::pass::Pass;
use crate::time::{Entropy, Now};

impl<E: Entropy> Agent<E> {
    /// The page was entered, or its address changed. `url` may carry query and fragment: they are
    /// not kept. `language` is the BCP 47 tag that the page declares.
    pub fn page(&mut self, url: &str, language: &str, now: Now) -> Vec<Command> {
        self.begin(now);
        let end = url.find(['?', '#']).unwrap_or(url.len());
        let url = &url[..url.floor_char_boundary(end.min(MAX_URL_CHARS))];
        if url != self.page.url {
            url.clone_into(&mut self.page.url);
            self.entered_ms = now.mono_ms;
            self.rests = false;
        }
        language.clone_into(&mut self.page.language);
        let open = self.pass.as_ref();
        if open.is_some_and(|pass| !pass.explicit && !self.belongs_here(&pass.survey)) {
            self.pass = None;
            self.turn.say(Command::Hide);
        }
        self.finish()
    }

    /// The page asks for a survey: whatever its delay, sample and URLs say, but not past what
    /// protects the person from being asked again.
    pub fn show(&mut self, survey: &str, now: Now) -> Vec<Command> {
        self.turn.now = now;
        self.wanted = Some(survey.to_owned());
        self.finish()
    }

    /// The widget can be seen.
    pub fn shown(&mut self, now: Now) -> Vec<Command> {
        self.begin(now);
        if let Some(pass) = self.pass.as_mut().filter(|pass| !pass.visible) {
            pass.visible = true;
            let impression = Impression {
                survey: pass.survey.clone(),
                page: self.page.clone(),
            };
            self.memory.shown(&impression.survey.id);
            self.emit(Event::Shown, None);
            let body = Body::Impression(impression);
            self.transport.push(body, &mut self.turn);
        }
        self.finish()
    }

    /// The widget could not be opened. It is tried again on the next page.
    pub fn show_failed(&mut self, now: Now) -> Vec<Command> {
        self.turn.now = now;
        self.pass = None;
        self.rests = true;
        self.finish()
    }

    /// Shows a survey if one may be shown; tells when to ask again, on the monotonic clock.
    pub(super) fn decide(&mut self) -> u64 {
        if self.rules.is_none() {
            return u64::MAX;
        }
        if let Some(wanted) = self.wanted.take() {
            match self.grant(&wanted) {
                Ok(survey) => self.open(survey, true),
                Err(code) => self.turn.warn(code, &wanted),
            }
        }
        // In a hidden page nobody would see it, and it would count as seen.
        if self.pass.is_some() || self.rests || self.hidden || self.page.url.is_empty() {
            return u64::MAX;
        }
        let rules = self.rules.as_deref().unwrap_or_default();
        match pick(rules, &self.visit(), |id| self.memory.seen(id)) {
            Pick::Nothing => return u64::MAX,
            Pick::Wait { in_ms } => return self.turn.after(in_ms),
            Pick::Show { index } => self.open(rules[index].survey.clone(), false),
        }
        u64::MAX
    }

    fn open(&mut self, survey: SurveyRef, explicit: bool) {
        self.pass = Some(Pass::new(survey.clone(), explicit));
        self.turn.say(Command::Show { survey });
    }

    /// The survey that the page asked for, or why it is not shown.
    fn grant(&self, wanted: &str) -> Result<SurveyRef, WarnCode> {
        let rule = self.rule(wanted).ok_or(WarnCode::UnknownSurvey)?;
        if self.pass.is_some() {
            return Err(WarnCode::AlreadyOpen);
        }
        let triggers = [Gate::Sample, Gate::Url, Gate::Delay];
        if self.passes(rule, |gate| !triggers.contains(&gate)) {
            Ok(rule.survey.clone())
        } else {
            Err(WarnCode::NotAgainYet)
        }
    }

    /// Whether the page's address allows `survey`.
    fn belongs_here(&self, survey: &SurveyRef) -> bool {
        let rule = self.rule(&survey.id);
        rule.is_some_and(|rule| self.passes(rule, |gate| gate == Gate::Url))
    }

    fn rule(&self, survey: &str) -> Option<&SurveyRule> {
        let mut rules = self.rules.iter().flatten();
        rules.find(|rule| rule.survey.id == survey)
    }

    /// Whether those gates of `rule` are open that `counts` tells to count.
    fn passes(&self, rule: &SurveyRule, counts: impl Fn(Gate) -> bool) -> bool {
        let seen = self.memory.seen(&rule.survey.id);
        let checks = eligibility::checks(rule, &self.visit(), &seen);
        checks
            .iter()
            .all(|check| check.passes || !counts(check.gate))
    }

    fn visit(&self) -> Visit<'_> {
        let now = self.turn.now;
        Visit {
            install: self.memory.install,
            url: &self.page.url,
            wall_ms: now.wall_ms,
            on_page_ms: now.mono_ms.saturating_sub(self.entered_ms),
        }
    }
}
