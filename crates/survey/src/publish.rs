//! Turns a survey as written into what is wrong with it, before anyone sees it.
//!
//! [`parse`] reads the JSON, [`check`] the survey. Every finding says where it is, what it is by a
//! stable name, and what would be right.

mod address;
mod answers;
mod code;
mod display;
mod filters;
mod flow;
mod look;
mod questions;
mod rules;
mod size;
mod texts;
mod urls;

use std::fmt;

use protocol::survey::Survey;
use serde::Serialize;
use serde_path_to_error::Segment;

pub use code::{Code, Severity};

/// One thing that is wrong with a survey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Where, as a JSON pointer (RFC 6901) such as `/questions/2/rules/0/go`; empty for the whole.
    pub pointer: String,
    /// Id, as written, of the question it is about, if it is about one.
    pub question: Option<String>,
    /// What.
    pub problem: Problem,
    /// Whether the survey may run all the same.
    pub severity: Severity,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Its stable name.
    pub code: Code,
    /// What is wrong and what would be right, for the author.
    pub sentence: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (code, sentence) = (self.problem.code.as_str(), &self.problem.sentence);
        write!(f, "{}: {sentence} ({code})", self.pointer)
    }
}

/// Reads a survey from JSON, after which nothing may follow.
///
/// # Errors
/// What is not JSON, or not a survey, and where. What is wrong within a survey, [`check`] tells.
pub fn parse(json: &str) -> Result<Survey, Vec<Finding>> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let survey = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = error.path().iter().map(segment).collect();
        let error = error.into_inner();
        let code = if error.is_data() {
            Code::Shape
        } else {
            Code::Syntax
        };
        vec![finding(pointer, None, code, sentence(&error.to_string()))]
    })?;
    match reader.end() {
        Ok(()) => Ok(survey),
        Err(_) => Err(vec![finding(
            String::new(),
            None,
            Code::Trailing,
            "Something follows the end of the survey.".to_owned(),
        )]),
    }
}

fn segment(segment: &Segment) -> String {
    match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => below("", key),
        Segment::Enum { variant } => below("", variant),
        Segment::Unknown => String::new(),
    }
}

/// A parser's message as a sentence.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

/// Everything that is wrong with `survey`, in reading order; without an error it may run.
///
/// Where there are too many questions, rules or endings, only they are looked at.
pub fn check(survey: &Survey) -> Vec<Finding> {
    let mut report = Report {
        survey,
        found: Vec::new(),
    };
    questions::check(survey, &mut report);
    // What follows takes a way of its own through every question and rule.
    if questions::are_bearable(survey) {
        texts::check(survey, &mut report);
        flow::check(survey, &mut report);
        size::check(survey, &mut report);
        look::check(survey, &mut report);
        display::check(survey, &mut report);
    }
    let mut found = report.found;
    found.sort_by_key(|finding| place(&finding.pointer));
    found.dedup();
    found
}

/// Parts of a survey in the order in which they are read, then by number.
fn place(pointer: &str) -> (usize, Vec<(usize, String)>) {
    const PARTS: [&str; 11] = [
        "",
        "id",
        "name",
        "kind",
        "language",
        "languages",
        "intro",
        "questions",
        "endings",
        "look",
        "show",
    ];
    let mut parts = pointer.split('/').skip(1);
    let first = parts.next().unwrap_or_default();
    let rank = PARTS.iter().position(|part| *part == first);
    let rest = parts.map(|part| match part.parse() {
        Ok(number) => (number, String::new()),
        Err(_) => (usize::MAX, part.to_owned()),
    });
    (rank.unwrap_or(PARTS.len()), rest.collect())
}

fn finding(pointer: String, question: Option<String>, code: Code, sentence: String) -> Finding {
    Finding {
        pointer,
        question,
        severity: code.severity(),
        problem: Problem { code, sentence },
    }
}

/// What was found so far.
struct Report<'a> {
    survey: &'a Survey,
    found: Vec<Finding>,
}

impl Report<'_> {
    fn say(&mut self, pointer: impl Into<String>, code: Code, sentence: impl Into<String>) {
        let pointer = pointer.into();
        let about = pointer.strip_prefix("/questions/").and_then(|rest| {
            let index: usize = rest.split('/').next()?.parse().ok()?;
            Some(self.survey.questions.get(index)?.id.clone())
        });
        let found = finding(pointer, about, code, sentence.into());
        self.found.push(found);
    }

    fn say_if(
        &mut self,
        wrong: bool,
        pointer: impl Into<String>,
        code: Code,
        sentence: impl Into<String>,
    ) {
        if wrong {
            self.say(pointer, code, sentence);
        }
    }
}

/// The pointer to the part `key` of what `pointer` points to.
fn below(pointer: &str, key: &str) -> String {
    let key = key.replace('~', "~0").replace('/', "~1");
    format!("{pointer}/{key}")
}

/// Whether `tag` has the shape of a BCP 47 tag: a language, then parts of letters and digits.
fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    let fits = |part: &str| (1..=8).contains(&part.len());
    fits(language)
        && language.len() > 1
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| fits(part) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// "a, b and c", each in quotes.
fn listed<'a>(all: impl IntoIterator<Item = &'a str>) -> String {
    let mut all: Vec<String> = all.into_iter().map(|one| format!("\"{one}\"")).collect();
    match (all.pop(), all.is_empty()) {
        (None, _) => String::new(),
        (Some(last), true) => last,
        (Some(last), false) => format!("{} and {last}", all.join(", ")),
    }
}
