//! Turns the answers so far into the place where a person is in a survey, and the way there.
//!
//! A [`Walk`] is what another page needs to go on: it serialises, and fits the same version of the
//! survey in any of its languages, because it knows questions by position and options by id.

use protocol::item::{Answer, AnswerValue};
use protocol::survey::{Bucket, Choice, Question, Rule, SurveyContent, Target, Test};
use protocol::text::Phrase;
use serde::{Deserialize, Serialize};

use crate::answer::{Mismatch, check_answer};

/// A screen of a survey; numbers count from 0 in the order of the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// Before the first question.
    Intro,
    /// At this question.
    Question(u16),
    /// At this ending. The first is reached also when the content has none.
    Ending(u16),
}

/// How far a person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// At the question with this number, from 1, of so many: nothing branches.
    Step(usize, usize),
    /// This share of the questions, in percent, lies behind.
    Share(usize),
}

/// What was last answered to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The position of the question.
    pub question: u16,
    /// The question as it was read.
    pub prompt: String,
    /// The answer.
    pub value: AnswerValue,
}

/// One person's way through one version of a survey.
///
/// Whoever makes one of kept parts asks whether it [fits](Self::fits) before anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    /// What the orders of options follow from.
    pub seed: u32,
    /// Where the person is.
    pub at: Place,
    /// Questions left behind, in the order of the visit; going back takes the last one off.
    pub behind: Vec<u16>,
    /// The latest answer to each question, in the order of the questions.
    pub given: Vec<Given>,
}

impl Walk {
    /// Starts at the intro, or else at the first question. Orders of options follow from `seed`.
    pub fn start(content: &SurveyContent, seed: u32) -> Self {
        let mut walk = Self {
            seed,
            at: Place::Intro,
            behind: Vec::new(),
            given: Vec::new(),
        };
        if content.intro.is_none() {
            walk.begin(content);
        }
        walk
    }

    /// Whether every place in it exists in `content`: what was kept elsewhere may be damaged.
    pub fn fits(&self, content: &SurveyContent) -> bool {
        let known = |question: u16| usize::from(question) < content.questions.len();
        let here = match self.at {
            Place::Intro => content.intro.is_some(),
            Place::Question(question) => known(question),
            Place::Ending(ending) => ending == 0 || usize::from(ending) < content.endings.len(),
        };
        here && self.behind.iter().all(|question| known(*question))
            && self.given.iter().all(|given| {
                let asked = content.questions.get(usize::from(given.question));
                asked.is_some_and(|asked| check_answer(asked, &given.value).is_ok())
            })
    }

    /// Leaves the intro.
    pub fn begin(&mut self, content: &SurveyContent) {
        if self.at == Place::Intro {
            self.at = if content.questions.is_empty() {
                Place::Ending(0)
            } else {
                Place::Question(0)
            };
        }
    }

    /// Answers the present question, read as `prompt`, and goes on; elsewhere nothing happens.
    ///
    /// # Errors
    /// The [`Mismatch`] when `value` cannot be an answer; the walk is as before.
    pub fn answer(
        &mut self,
        content: &SurveyContent,
        prompt: &str,
        value: AnswerValue,
    ) -> Result<(), Mismatch> {
        let Place::Question(here) = self.at else {
            return Ok(());
        };
        let Some(asked) = content.questions.get(usize::from(here)) else {
            return Ok(());
        };
        check_answer(asked, &value)?;
        self.put(here, prompt, value);
        self.behind.push(here);
        self.at = self.after(content, &self.behind);
        Ok(())
    }

    /// Passes over the present question and goes on.
    ///
    /// # Errors
    /// [`Mismatch::Required`] when it has to be answered; the walk is as before.
    pub fn skip(&mut self, content: &SurveyContent, prompt: &str) -> Result<(), Mismatch> {
        self.answer(content, prompt, AnswerValue::Skipped)
    }

    /// Answers all questions at once, in their order, and goes to the ending that follows from the
    /// rules of the last one. Nothing is skipped over: rules of other questions are not asked.
    ///
    /// # Errors
    /// The first question whose answer cannot be one, and why; the walk is as before.
    pub fn answer_all(
        &mut self,
        content: &SurveyContent,
        values: Vec<(String, AnswerValue)>,
    ) -> Result<(), (usize, Mismatch)> {
        for (idx, (asked, (_, value))) in content.questions.iter().zip(&values).enumerate() {
            check_answer(asked, value).map_err(|mismatch| (idx, mismatch))?;
        }
        self.behind.clear();
        for (question, (prompt, value)) in (0..).zip(values) {
            self.put(question, &prompt, value);
            self.behind.push(question);
        }
        self.at = match self.after(content, &self.behind) {
            Place::Ending(ending) => Place::Ending(ending),
            _ => Place::Ending(0),
        };
        Ok(())
    }

    fn put(&mut self, question: u16, prompt: &str, value: AnswerValue) {
        let given = Given {
            question,
            prompt: prompt.to_owned(),
            value,
        };
        let at = self.given.iter().position(|old| old.question >= question);
        match at {
            Some(at) if self.given[at].question == question => self.given[at] = given,
            Some(at) => self.given.insert(at, given),
            None => self.given.push(given),
        }
    }

    /// Whether there is a question to go back to.
    pub const fn can_go_back(&self) -> bool {
        !self.behind.is_empty()
    }

    /// Goes back to the question before; its answer and all others stay. `false` at the first one.
    pub fn back(&mut self) -> bool {
        let before = self.behind.pop();
        if let Some(before) = before {
            self.at = Place::Question(before);
        }
        before.is_some()
    }

    /// Goes back to the first question, for a form that shows all of them at once.
    pub fn reopen(&mut self) {
        while self.back() {}
    }

    /// What was last answered to the question at this position.
    pub fn given(&self, question: usize) -> Option<&AnswerValue> {
        let given = self
            .given
            .iter()
            .find(|given| usize::from(given.question) == question);
        given.map(|given| &given.value)
    }

    /// Every answer, in the order of the questions.
    ///
    /// One is off the path when the way here did not pass it, and the way on from here, with the
    /// answers that were given, would not either: going back alone takes nothing off.
    pub fn answers(&self, content: &SurveyContent) -> Vec<Answer> {
        let path = self.path(content);
        let answer = |given: &Given| {
            let asked = content.questions.get(usize::from(given.question))?;
            Some(Answer {
                question: asked.id.clone(),
                prompt: given.prompt.clone(),
                value: given.value.clone(),
                off_path: !path.contains(&given.question),
            })
        };
        self.given.iter().filter_map(answer).collect()
    }

    /// Whether anything was answered rather than passed over.
    pub fn answered(&self) -> bool {
        self.given
            .iter()
            .any(|given| given.value != AnswerValue::Skipped)
    }

    /// Whether an ending is reached.
    pub const fn complete(&self) -> bool {
        matches!(self.at, Place::Ending(_))
    }

    /// The questions behind, the present one, and those that the answers given lead on to.
    fn path(&self, content: &SurveyContent) -> Vec<u16> {
        let mut path = self.behind.clone();
        let mut at = self.at;
        while let Place::Question(here) = at {
            path.push(here);
            if self.given(usize::from(here)).is_none() {
                break;
            }
            at = self.after(content, &path);
        }
        path
    }

    /// Where the last question of `path` leads.
    fn after(&self, content: &SurveyContent, path: &[u16]) -> Place {
        // Rules of a survey that was checked do not lead in circles; these may be of any.
        let worn_out = path.len() >= content.questions.len() * 2;
        let Some(&here) = path.last().filter(|_| !worn_out) else {
            return Place::Ending(0);
        };
        let index = usize::from(here);
        let Some(asked) = content.questions.get(index) else {
            return Place::Ending(0);
        };
        let rule = asked.rules.iter().find(|rule| {
            let of = subject(content, rule, index);
            // What was answered off the path is as if it had not been.
            let known = of.filter(|of| path.iter().any(|passed| usize::from(*passed) == *of));
            let value = known.and_then(|of| Some((of, self.given(of)?)));
            value.is_some_and(|(of, value)| holds(&rule.when, value, &content.questions[of]))
        });
        go(
            content,
            rule.map_or(&asked.otherwise, |rule| &rule.go),
            index,
        )
    }

    /// How far the person is, to be shown; nothing at intro and endings.
    pub fn progress(&self, content: &SurveyContent) -> Option<Progress> {
        let Place::Question(here) = self.at else {
            return None;
        };
        let (here, of) = (usize::from(here), content.questions.len());
        let straight =
            |asked: &Question<Phrase>| asked.rules.is_empty() && asked.otherwise == Target::Next;
        Some(if content.questions.iter().all(straight) {
            Progress::Step(here + 1, of)
        } else {
            Progress::Share(here * 100 / of.max(1))
        })
    }

    /// The order in which this person sees the options of a choice, as positions in its definition.
    ///
    /// The same for every call, page and language.
    pub fn order<T>(&self, question: usize, choice: &Choice<T>) -> Vec<usize> {
        let mut order: Vec<usize> = (0..choice.options.len()).collect();
        if choice.shuffle {
            shuffle(
                &mut order,
                self.seed ^ (question as u32).wrapping_mul(0x9e37_79b9),
            );
        }
        order
    }
}

/// Whether every way on from this question leads to an ending.
pub fn is_last(content: &SurveyContent, question: usize) -> bool {
    let ends = |target| matches!(go(content, target, question), Place::Ending(_));
    content
        .questions
        .get(question)
        .is_none_or(|asked| ends(&asked.otherwise) && asked.rules.iter().all(|rule| ends(&rule.go)))
}

/// The position of the question whose answer a rule looks at.
fn subject(content: &SurveyContent, rule: &Rule, own: usize) -> Option<usize> {
    match &rule.of {
        None => Some(own),
        Some(id) => content.questions.iter().position(|asked| asked.id == *id),
    }
}

/// Where `target` is; one that does not exist is the next question.
fn go(content: &SurveyContent, target: &Target, from: usize) -> Place {
    let questions = &content.questions;
    let found = match target {
        Target::Next => None,
        Target::Question(id) => questions
            .iter()
            .position(|asked| asked.id == *id)
            .map(|at| Place::Question(at as u16)),
        Target::End(id) => content
            .endings
            .iter()
            .position(|ending| ending.id == *id)
            .map(|at| Place::Ending(at as u16)),
    };
    found.unwrap_or(if from + 1 < questions.len() {
        Place::Question(from as u16 + 1)
    } else {
        Place::Ending(0)
    })
}

/// Whether an answer to `question` passes a test. One that does not fit its kind never passes.
pub fn holds<T>(test: &Test, value: &AnswerValue, question: &Question<T>) -> bool {
    let chosen = |id: &String| match value {
        AnswerValue::Choice(chosen) => chosen.options.iter().any(|option| option.id == *id),
        _ => false,
    };
    let choice = matches!(value, AnswerValue::Choice(_));
    match test {
        Test::Between(low, high) => score(value).is_some_and(|n| (*low..=*high).contains(&n)),
        Test::Bucket(wanted) => bucket(value, question) == Some(*wanted),
        Test::AnyOf(ids) => ids.iter().any(chosen),
        Test::AllOf(ids) => choice && ids.iter().all(chosen),
        Test::NoneOf(ids) => choice && !ids.iter().any(chosen),
        Test::Answered => *value != AnswerValue::Skipped,
        Test::Skipped => *value == AnswerValue::Skipped,
    }
}

fn score(value: &AnswerValue) -> Option<u8> {
    match value {
        AnswerValue::Nps(score) => Some(u8::from(*score)),
        AnswerValue::Csat(score) | AnswerValue::Ces(score) | AnswerValue::Rating(score) => {
            Some(*score)
        }
        _ => None,
    }
}

fn bucket<T>(value: &AnswerValue, question: &Question<T>) -> Option<Bucket> {
    use protocol::survey::QuestionKind as Kind;
    let n = u32::from(score(value)?);
    let (low, high) = match &question.kind {
        Kind::Nps { .. } => (n <= 6, n >= 9),
        Kind::Csat { .. } => (n < 3, n > 3),
        Kind::Ces { .. } => (n < 4, n > 4),
        // Twice the middle of 1 to `max` is a whole number.
        Kind::Rating { max, .. } => (n * 2 < u32::from(*max) + 1, n * 2 > u32::from(*max) + 1),
        _ => return None,
    };
    Some(match (low, high) {
        (true, _) => Bucket::Low,
        (_, true) => Bucket::High,
        _ => Bucket::Middle,
    })
}

/// Puts `items` into one of all orders, each as likely.
///
/// # Source
/// R. A. Fisher and F. Yates as written down by R. Durstenfeld; numbers from the finaliser of
/// `MurmurHash3` (A. Appleby) over a counter, as in `SplitMix` (G. Steele, D. Lea, C. Flood).
fn shuffle(items: &mut [usize], seed: u32) {
    let mut state = seed;
    for last in (1..items.len()).rev() {
        state = state.wrapping_add(0x9e37_79b9);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 16)).wrapping_mul(0x85eb_ca6b);
        mixed = (mixed ^ (mixed >> 13)).wrapping_mul(0xc2b2_ae35);
        mixed ^= mixed >> 16;
        // The high half of the product: no remainder, so hardly a bias.
        let pick = (u64::from(mixed) * (last as u64 + 1)) >> 32;
        items.swap(last, pick as usize);
    }
}
