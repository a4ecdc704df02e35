//! Turns the ways between questions into those that lead nowhere, in circles, or too far.

use protocol::survey::{QuestionKind, Survey, SurveyKind};

use super::rules::{Place, Way, ways};
use super::{Code, Report, listed};

/// Questions in a row that most people answer.
const FEW: usize = 3;

pub(super) fn check(survey: &Survey, report: &mut Report<'_>) {
    if survey.questions.is_empty() {
        return;
    }
    let graph: Vec<Vec<Way>> = (0..survey.questions.len())
        .map(|here| ways(survey, here, report))
        .collect();
    unreachable(survey, &graph, report);
    unasked(survey, &graph, report);
    if !has_loop(survey, &graph, report) {
        length(survey, &graph, report);
    }
}

/// The questions that the one at `from` can lead to, itself included, and the endings.
fn reached(survey: &Survey, graph: &[Vec<Way>], from: usize) -> (Vec<bool>, Vec<bool>) {
    let mut questions = vec![false; graph.len()];
    let mut endings = vec![false; survey.endings.len()];
    let mut ahead = vec![from];
    questions[from] = true;
    while let Some(here) = ahead.pop() {
        for way in &graph[here] {
            match way.to {
                Place::Question(next) if !questions[next] => {
                    questions[next] = true;
                    ahead.push(next);
                }
                Place::Question(_) => {}
                // A missing ending is a finding of its own.
                Place::Ending(ending) => {
                    if let Some(seen) = endings.get_mut(ending) {
                        *seen = true;
                    }
                }
            }
        }
    }
    (questions, endings)
}

fn unreachable(survey: &Survey, graph: &[Vec<Way>], report: &mut Report<'_>) {
    let (questions, endings) = reached(survey, graph, 0);
    for (n, question) in survey.questions.iter().enumerate() {
        let sentence = format!("No answer leads to the question \"{}\".", question.id);
        let at = format!("/questions/{n}");
        report.say_if(!questions[n], at, Code::UnreachableQuestion, sentence);
    }
    for (n, ending) in survey.endings.iter().enumerate() {
        let sentence = format!("No answer leads to the ending \"{}\".", ending.id);
        let at = format!("/endings/{n}");
        report.say_if(!endings[n], at, Code::UnreachableEnding, sentence);
    }
}

/// Rules that look at a question that no way here passes.
fn unasked(survey: &Survey, graph: &[Vec<Way>], report: &mut Report<'_>) {
    for (here, question) in survey.questions.iter().enumerate() {
        for (n, rule) in question.rules.iter().enumerate() {
            let of = rule.of.as_ref();
            let of = of.and_then(|id| survey.questions[..here].iter().position(|q| q.id == *id));
            if let Some(of) = of.filter(|of| !reached(survey, graph, *of).0[here]) {
                let sentence = format!(
                    "No way leads from \"{}\" to \"{}\", so nobody has answered it here.",
                    survey.questions[of].id, question.id
                );
                let at = format!("/questions/{here}/rules/{n}/of");
                report.say(at, Code::RuleNever, sentence);
            }
        }
    }
}

fn has_loop(survey: &Survey, graph: &[Vec<Way>], report: &mut Report<'_>) -> bool {
    let mut search = Search {
        survey,
        graph,
        path: Vec::new(),
        done: vec![false; graph.len()],
        found: false,
    };
    for start in 0..graph.len() {
        search.visit(start, report);
    }
    search.found
}

/// Depth first: what is on the path and met again closes a circle.
struct Search<'a> {
    survey: &'a Survey,
    graph: &'a [Vec<Way>],
    path: Vec<usize>,
    done: Vec<bool>,
    found: bool,
}

impl Search<'_> {
    fn visit(&mut self, here: usize, report: &mut Report<'_>) {
        if self.done[here] {
            return;
        }
        self.path.push(here);
        for way in &self.graph[here] {
            let Place::Question(next) = way.to else {
                continue;
            };
            if let Some(start) = self.path.iter().position(|passed| *passed == next) {
                let round = self.path[start..].iter();
                let ids = round.map(|passed| self.survey.questions[*passed].id.as_str());
                let sentence = format!("This leads in a circle through {}.", listed(ids));
                report.say(way.at.as_str(), Code::Loop, sentence);
                self.found = true;
            } else {
                self.visit(next, report);
            }
        }
        self.path.pop();
        self.done[here] = true;
    }
}

/// The longest way, in questions that want an answer.
fn length(survey: &Survey, graph: &[Vec<Way>], report: &mut Report<'_>) {
    let mut known = vec![None; graph.len()];
    let most = longest(survey, graph, 0, &mut known);
    if most > FEW && survey.kind == SurveyKind::Survey {
        let sentence = format!(
            "Some people are asked {most} questions; beyond {FEW}, fewer and fewer reach the end."
        );
        report.say("/questions", Code::ManyQuestions, sentence);
    }
}

fn longest(
    survey: &Survey,
    graph: &[Vec<Way>],
    here: usize,
    known: &mut Vec<Option<usize>>,
) -> usize {
    if let Some(known) = known[here] {
        return known;
    }
    let mut most = 0;
    for way in &graph[here] {
        if let Place::Question(next) = way.to {
            most = most.max(longest(survey, graph, next, known));
        }
    }
    let free = matches!(
        survey.questions[here].kind,
        QuestionKind::Statement { .. } | QuestionKind::Consent { .. }
    );
    most += usize::from(!free);
    known[here] = Some(most);
    most
}
