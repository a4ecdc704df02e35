//! Turns the rules of one question into the ways that they can open, and what is wrong with them.

use protocol::item::AnswerValue;
use protocol::survey::{Bucket, Question, QuestionKind, Rule, Survey, Target, Test};
use protocol::text::LocalText;

use super::{Code, Report, answers, listed};
use crate::walk::holds;

/// Where a way leads: positions in the lists of questions and of endings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Question(usize),
    Ending(usize),
}

/// A way that some answer opens.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) to: Place,
    /// What says so, as a pointer.
    pub(super) at: String,
}

/// The ways on from the question at `here`, and what is wrong with its rules.
pub(super) fn ways(survey: &Survey, here: usize, report: &mut Report<'_>) -> Vec<Way> {
    let at = format!("/questions/{here}");
    let question = &survey.questions[here];
    let last = here + 1 == survey.questions.len();
    let mut ways = Vec::new();
    let mut open = Open::default();
    for (n, rule) in question.rules.iter().enumerate() {
        let at = format!("{at}/rules/{n}");
        let target = target(survey, here, &rule.go, &format!("{at}/go"), report);
        let Some(of) = subject(survey, here, rule, &at, report) else {
            continue;
        };
        if let Some((code, sentence)) = fault(&rule.when, &survey.questions[of]) {
            report.say(format!("{at}/when"), code, sentence);
        } else if open.take(survey, here, of, &rule.when) {
            ways.extend(target);
        } else {
            let sentence = "Earlier rules take every answer that this one is for.";
            report.say(at, Code::RuleShadowed, sentence);
        }
    }
    let otherwise = format!("{at}/otherwise");
    let otherwise = target(survey, here, &question.otherwise, &otherwise, report);
    if !open.is_closed(here) {
        ways.extend(otherwise);
    }
    if survey.look.together && !last {
        report.say_if(
            !question.rules.is_empty() || question.otherwise != Target::Next,
            format!("{at}/rules"),
            Code::RulesTogether,
            "All questions are on one screen, so only the rules of the last one are followed.",
        );
        let to = Place::Question(here + 1);
        return vec![Way { to, at }];
    }
    if survey.look.together {
        // From one screen only endings follow.
        for way in &mut ways {
            if matches!(way.to, Place::Question(_)) {
                way.to = Place::Ending(0);
            }
        }
    }
    ways
}

fn target(
    survey: &Survey,
    here: usize,
    target: &Target,
    at: &str,
    report: &mut Report<'_>,
) -> Option<Way> {
    let (found, what, id) = match target {
        Target::Next => (None, "", ""),
        Target::Question(id) => {
            let found = survey.questions.iter().position(|q| q.id == *id);
            (found.map(Place::Question), "question", id.as_str())
        }
        Target::End(id) => {
            let found = survey.endings.iter().position(|e| e.id == *id);
            (found.map(Place::Ending), "ending", id.as_str())
        }
    };
    if found.is_none() && !what.is_empty() {
        let sentence = format!("There is no {what} \"{id}\" to go to.");
        report.say(at, Code::UnknownTarget, sentence);
    }
    let next = if here + 1 < survey.questions.len() {
        Some(Place::Question(here + 1))
    } else {
        (!survey.endings.is_empty()).then_some(Place::Ending(0))
    };
    Some(Way {
        to: found.or(next)?,
        at: at.to_owned(),
    })
}

/// The position of the question whose answer `rule` looks at.
fn subject(
    survey: &Survey,
    here: usize,
    rule: &Rule,
    at: &str,
    report: &mut Report<'_>,
) -> Option<usize> {
    let Some(id) = &rule.of else {
        return Some(here);
    };
    match survey.questions.iter().position(|q| q.id == *id) {
        Some(of) if of <= here => Some(of),
        Some(_) => {
            let sentence =
                format!("The question \"{id}\" comes later: nobody has answered it here.");
            report.say(format!("{at}/of"), Code::LaterQuestion, sentence);
            None
        }
        None => {
            let sentence = format!("There is no question \"{id}\" to look at.");
            report.say(format!("{at}/of"), Code::UnknownQuestion, sentence);
            None
        }
    }
}

/// Why no answer to `question` fulfils `test`, whatever other rules say.
fn fault(test: &Test, question: &Question<LocalText>) -> Option<(Code, String)> {
    let misfit = |needs: &str| {
        let sentence = format!(
            "This test is for {needs}, and \"{}\" is not one.",
            question.id
        );
        Some((Code::RuleMisfit, sentence))
    };
    match test {
        Test::Between(from, to) => {
            let Some((first, last)) = scale(&question.kind) else {
                return misfit("a scale");
            };
            (from > to || *from < first || *to > last).then(|| {
                let sentence = format!(
                    "The range {from} to {to} is not within the scale of {first} to {last}."
                );
                (Code::RuleRange, sentence)
            })
        }
        Test::Bucket(bucket) => {
            let Some((_, last)) = scale(&question.kind) else {
                return misfit("a scale");
            };
            let is_even = !matches!(question.kind, QuestionKind::Nps { .. }) && last % 2 == 0;
            (*bucket == Bucket::Middle && is_even).then(|| {
                let sentence = format!("A scale of {last} steps has no middle.");
                (Code::RuleNever, sentence)
            })
        }
        Test::AnyOf(ids) | Test::AllOf(ids) | Test::NoneOf(ids) => match &question.kind {
            QuestionKind::SingleChoice(choice) | QuestionKind::MultipleChoice(choice) => {
                options(test, ids, question, &answers::ids(choice))
            }
            _ => misfit("a choice"),
        },
        Test::Answered => match question.kind {
            QuestionKind::Statement {
                reactions: false, ..
            } => misfit("a question that can be answered"),
            _ => None,
        },
        Test::Skipped => (!answers::can_be_skipped(question)).then(|| {
            let sentence = format!("\"{}\" is required: nobody passes it over.", question.id);
            (Code::RuleSkipped, sentence)
        }),
    }
}

fn options(
    test: &Test,
    ids: &[String],
    question: &Question<LocalText>,
    known: &[&str],
) -> Option<(Code, String)> {
    if ids.is_empty() {
        return Some((Code::RuleNever, "The test names no option.".to_owned()));
    }
    let unknown: Vec<&str> = ids
        .iter()
        .map(String::as_str)
        .filter(|id| !known.contains(id))
        .collect();
    if !unknown.is_empty() {
        let sentence = format!("\"{}\" has no option {}.", question.id, listed(unknown));
        return Some((Code::RuleOption, sentence));
    }
    let named: Vec<&str> = ids.iter().map(String::as_str).collect();
    let possible = answers::all(question, &named)
        .is_none_or(|all| all.iter().any(|value| holds(test, value, question)));
    (!possible).then(|| {
        let sentence = format!("No answer to \"{}\" fulfils this.", question.id);
        (Code::RuleNever, sentence)
    })
}

/// First and last score.
const fn scale(kind: &QuestionKind<LocalText>) -> Option<(u8, u8)> {
    match kind {
        QuestionKind::Nps { .. } => Some((0, 10)),
        QuestionKind::Csat { .. } => Some((1, 5)),
        QuestionKind::Ces { .. } => Some((1, 7)),
        QuestionKind::Rating { max, .. } => Some((1, *max)),
        _ => None,
    }
}

/// The answers that no rule so far has taken, by the question that they are to.
#[derive(Debug, Default)]
struct Open(Vec<(usize, Option<Vec<AnswerValue>>)>);

impl Open {
    /// Takes away the answers to `of` that fulfil `test`; whether there were any left.
    fn take(&mut self, survey: &Survey, here: usize, of: usize, test: &Test) -> bool {
        // Once every answer to the question itself is taken, no later rule is asked.
        if self.is_closed(here) {
            return false;
        }
        let question = &survey.questions[of];
        let known = self.0.iter().position(|(known, _)| *known == of);
        let index = known.unwrap_or_else(|| {
            let named = named(&survey.questions[here].rules, question, of == here);
            self.0.push((of, answers::all(question, &named)));
            self.0.len() - 1
        });
        let Some(left) = &mut self.0[index].1 else {
            return true;
        };
        let before = left.len();
        left.retain(|value| !holds(test, value, question));
        left.len() < before
    }

    /// Whether the rules have taken every answer to the question at `here`. An earlier question may
    /// not have been asked, so its answers alone never close a way.
    fn is_closed(&self, here: usize) -> bool {
        let own = self.0.iter().find(|(of, _)| *of == here);
        own.is_some_and(|(_, left)| left.as_ref().is_some_and(Vec::is_empty))
    }
}

/// Options of `question` that `rules` name.
fn named<'a>(rules: &'a [Rule], question: &Question<LocalText>, own: bool) -> Vec<&'a str> {
    let about = |rule: &&Rule| rule.of.as_ref().map_or(own, |of| *of == question.id);
    let ids = |rule: &'a Rule| match &rule.when {
        Test::AnyOf(ids) | Test::AllOf(ids) | Test::NoneOf(ids) => ids.as_slice(),
        _ => &[],
    };
    let rules = rules.iter().filter(about);
    rules.flat_map(ids).map(String::as_str).collect()
}
