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
    /// The page was entered, or its address changed. `url` is origin and path: the facade keeps
    /// query and fragment, which may hold secrets, to itself. `language` is the BCP 47 tag that the
    /// page declares.
    pub fn page(&mut self, url: &str, language: &str, now: Now) -> Vec<Command> {
        self.begin(now);
        let url = &url[..url.floor_char_boundary(MAX_URL_CHARS)];
        if url != self.page.url {
            self.page.url = url.to_owned();
            self.entered_ms = now.mono_ms;
            self.rests = false;
        }
        self.page.language = language.to_owned();
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
        if !self.configured {
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
        match pick(&self.rules, &self.visit(), |id| self.memory.seen(id)) {
            Pick::Nothing => return u64::MAX,
            Pick::Wait { in_ms } => return self.turn.after(in_ms),
            Pick::Show { index } => self.open(self.rules[index].survey.clone(), false),
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
        // What protects the person, not what triggers.
        let gates = [Gate::Impressions, Gate::AfterAnswer, Gate::AfterDismissal];
        if self.passes(rule, &gates) {
            Ok(rule.survey.clone())
        } else {
            Err(WarnCode::NotAgainYet)
        }
    }

    /// Whether the page's address allows `survey`.
    fn belongs_here(&self, survey: &SurveyRef) -> bool {
        let rule = self.rule(&survey.id);
        rule.is_some_and(|rule| self.passes(rule, &[Gate::Url]))
    }

    fn rule(&self, survey: &str) -> Option<&SurveyRule> {
        let mut rules = self.rules.iter();
        rules.find(|rule| rule.survey.id == survey)
    }

    /// Whether `gates` are open for `rule`.
    fn passes(&self, rule: &SurveyRule, gates: &[Gate]) -> bool {
        let seen = self.memory.seen(&rule.survey.id);
        let checks = eligibility::checks(rule, &self.visit(), &seen);
        checks
            .iter()
            .all(|check| check.passes || !gates.contains(&check.gate))
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
