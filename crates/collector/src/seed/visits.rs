//! Turns a person at a moment into what they were asked, and what they answered or not.

use std::collections::BTreeMap;

use fastrand::Rng;
use protocol::id::ResponseId;
use protocol::item::{
    Answer, AnswerValue, Chosen, ChosenOption, DismissReason, Dismissal, Impression, PageContext,
    Person as Named, Response, SurveyRef,
};
use protocol::latency::LatencyContext;
use protocol::survey::{QuestionKind, Survey};
use protocol::text::LocalText;
use store::Publication;

use super::people::{Person, pick};
use super::story::{Story, normal};
use super::texts::{Texts, Theme, Tone};

/// Slug of the survey that asks for a recommendation.
pub(super) const NPS: &str = "nps";
/// Slugs of what is shown, and how many of a hundred it is.
const SHOWN: [(&str, u32); 4] = [
    (NPS, 55),
    ("support-csat", 18),
    ("checkout-ces", 14),
    (FEEDBACK, 13),
];
const FEEDBACK: &str = "feedback";

/// What is shown: surveys in the versions that the store gave them.
#[derive(Debug)]
pub(super) struct Shown(BTreeMap<String, (Survey, u32, u32)>);

impl Shown {
    /// Surveys with the version that they begin with, and the one that some have later.
    pub(super) fn new(surveys: Vec<Survey>, begin: &[Publication], change: &[Publication]) -> Self {
        let version = |all: &[Publication], id: &str| {
            let found = all.iter().find(|one| one.survey == id);
            found.map(|one| one.version)
        };
        let shown = surveys.into_iter().map(|survey| {
            let first = version(begin, &survey.id).unwrap_or(1);
            let later = version(change, &survey.id).unwrap_or(first);
            (survey.id.clone(), (survey, first, later))
        });
        Self(shown.collect())
    }
}

/// What somebody met.
#[derive(Debug)]
pub(super) struct Visit<'p, 'a> {
    pub(super) person: &'p Person,
    pub(super) at_ms: u64,
    pub(super) story: &'a Story,
    pub(super) texts: &'a Texts,
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Came {
    Shown(Impression),
    Closed(Dismissal),
    Answered(Box<Response>),
}

/// What the team finds in an answer.
#[derive(Debug)]
pub(super) struct Gist<'a> {
    pub(super) response: ResponseId,
    pub(super) theme: &'a Theme,
    pub(super) tone: Tone,
    pub(super) is_spam: bool,
    /// Whether there is something to read.
    pub(super) is_written: bool,
}

impl<'a> Visit<'_, 'a> {
    /// What is shown, and what follows: an answer where there shall be one.
    pub(super) fn outcome(
        &self,
        shown: &Shown,
        answers: bool,
        random: &mut Rng,
    ) -> (Vec<Came>, Option<Gist<'a>>) {
        let slug = pick(&SHOWN, |one| one.1, random).0;
        // All of them were published before.
        let Some((survey, first, later)) = shown.0.get(slug) else {
            return (Vec::new(), None);
        };
        let is_later = self.at_ms >= self.story.reworded_ms();
        let survey_ref = SurveyRef {
            id: String::from(slug),
            version: if is_later { *later } else { *first },
        };
        let theme = self.theme(random);
        let page = PageContext {
            url: format!("https://shop.example{}", theme.page),
            language: String::from(self.person.shown_language()),
        };
        let mut came = vec![Came::Shown(Impression {
            survey: survey_ref.clone(),
            page: page.clone(),
        })];
        if answers {
            let (response, gist) = self.answer(survey, survey_ref, (theme, page), random);
            came.push(Came::Answered(Box::new(response)));
            return (came, Some(gist));
        }
        let reason = match random.u32(..100) {
            0..48 => Some(DismissReason::Person),
            48..58 => Some(DismissReason::Snoozed),
            58..62 => Some(DismissReason::Page),
            _ => None,
        };
        came.extend(reason.map(|reason| {
            Came::Closed(Dismissal {
                survey: survey_ref,
                response: None,
                reason,
                page,
            })
        }));
        (came, None)
    }

    /// What is on their mind: what is slow or broken these days more than else.
    fn theme(&self, random: &mut Rng) -> &'a Theme {
        let weight = |theme: &Theme| {
            let slow = self.story.slowness(&theme.feature, self.at_ms);
            let is_hurt = theme.feature == "checkout" && self.story.remembers_outage(self.at_ms);
            let usual = if theme.tag == "speed" { 12.0 } else { 10.0 };
            (usual * slow * if is_hurt { 6.0 } else { 1.0 }) as u32
        };
        pick(&self.texts.themes, weight, random)
    }

    fn answer(
        &self,
        survey: &Survey,
        survey_ref: SurveyRef,
        (theme, page): (&'a Theme, PageContext),
        random: &mut Rng,
    ) -> (Response, Gist<'a>) {
        let latency = self.latency(theme, random);
        let points = self.points(&latency, random);
        let is_feedback = survey.id == FEEDBACK;
        let tone = match random.u32(..10) {
            0..2 if is_feedback => Tone::Idea,
            0 => Tone::Idea,
            _ if points >= 8.2 => Tone::Good,
            _ => Tone::Bad,
        };
        let is_spam = random.u32(..1_000) < if is_feedback { 40 } else { 3 };
        let says = is_feedback || is_spam || random.u32(..100) < if points < 7.0 { 62 } else { 36 };
        let text = says.then(|| {
            if is_spam {
                return self.texts.spam(random);
            }
            let who = (self.person.language, self.person.browser_name());
            self.texts.write(theme, tone, who, random)
        });
        let mut bytes = [0; 10];
        random.fill(&mut bytes);
        let response = ResponseId::new(self.at_ms, &bytes);
        let gist = Gist {
            response,
            theme,
            tone,
            is_spam,
            is_written: says,
        };
        let version = self.story.version(self.at_ms);
        let response = Response {
            survey: survey_ref,
            response,
            revision: 1,
            complete: says || random.u32(..100) < 82,
            answers: answers(survey, &page.language, (points, tone, text), random),
            page,
            person: Some(Named {
                id: self.person.id.clone().unwrap_or_default(),
                signature: String::new(),
                traits: self.person.traits(version),
            }),
            attachments: Vec::new(),
            context: BTreeMap::new(),
            latency: Some(latency),
        };
        (response, gist)
    }

    /// What they had waited for.
    fn latency(&self, theme: &Theme, random: &mut Rng) -> LatencyContext {
        let slow = self.story.slowness("catalogue", self.at_ms);
        let own = 1.0 + 2.2 * self.person.slowness;
        let p75 = 140.0 * own * slow * (0.45 * normal(random)).exp();
        let requests = random.u32(6..90);
        let budgeted = requests * 4 / 5;
        let share = (0.02 + (p75 - 180.0).max(0.0) / 900.0).min(0.9) * random.f64();
        let over_budget = (f64::from(budgeted) * share) as u32;
        let is_down = self.story.is_down("checkout", self.at_ms);
        let worst = match theme.feature.as_str() {
            "" => "catalogue",
            feature => feature,
        };
        LatencyContext {
            requests,
            p75_ms: Some(p75 as u32),
            budgeted,
            over_budget,
            worst: (over_budget > 0).then(|| String::from(worst)),
            recent_failures: if is_down {
                random.u32(1..7)
            } else {
                u32::from(random.u32(..60) == 0)
            },
        }
    }

    /// What they think of the shop, 0 to 10 and a little beyond.
    fn points(&self, latency: &LatencyContext, random: &mut Rng) -> f64 {
        let over = f64::from(latency.over_budget) / f64::from(latency.budgeted.max(1));
        let failed = f64::from(latency.recent_failures.min(3));
        let usual = 8.35 + self.person.kindness + self.story.mood(self.at_ms);
        usual - 3.2 * over - 0.9 * failed + 0.9 * normal(random)
    }
}

/// Answers to the questions of a survey, as far as somebody came.
fn answers(
    survey: &Survey,
    language: &str,
    (points, tone, text): (f64, Tone, Option<String>),
    random: &mut Rng,
) -> Vec<Answer> {
    let mut answers = Vec::new();
    for question in &survey.questions {
        let scale = |top: f64| (points / 10.0 * top).round().clamp(1.0, top) as u8;
        let value = match &question.kind {
            QuestionKind::Nps { .. } => {
                let whole = points.round().clamp(0.0, 10.0) as u8;
                match whole.try_into() {
                    Ok(score) => AnswerValue::Nps(score),
                    Err(_) => continue,
                }
            }
            QuestionKind::Csat { .. } => AnswerValue::Csat(scale(5.0)),
            QuestionKind::Ces { .. } => AnswerValue::Ces(scale(7.0)),
            QuestionKind::SingleChoice(choice) => {
                let wanted = match tone {
                    Tone::Bad => "problem",
                    Tone::Good => "praise",
                    Tone::Idea => "idea",
                };
                let Some(option) = choice.options.iter().find(|one| one.id == wanted) else {
                    continue;
                };
                AnswerValue::Choice(Chosen {
                    options: vec![ChosenOption {
                        id: option.id.clone(),
                        label: in_language(&option.label, language).to_owned(),
                    }],
                    other: None,
                })
            }
            QuestionKind::Text { .. } => match &text {
                Some(text) => AnswerValue::Text(text.clone()),
                None if random.bool() => AnswerValue::Skipped,
                None => continue,
            },
            _ => continue,
        };
        answers.push(Answer {
            question: question.id.clone(),
            prompt: in_language(&question.title, language).to_owned(),
            value,
            off_path: false,
        });
    }
    answers
}

fn in_language<'a>(text: &'a LocalText, language: &str) -> &'a str {
    match text {
        LocalText::One(text) => text,
        LocalText::Many(texts) => {
            let found = texts.get(language).or_else(|| texts.get("en"));
            found.map_or("", String::as_str)
        }
    }
}
