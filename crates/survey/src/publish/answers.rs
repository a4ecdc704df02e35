//! Turns a question into all answers that rules can tell apart.

use protocol::item::{AnswerValue, Chosen, ChosenOption};
use protocol::score::NpsScore;
use protocol::survey::{Choice, NONE, OTHER, Question, QuestionKind, Reaction};
use protocol::text::LocalText;

/// Options of a multiple choice that may be named in rules before their combinations, two to the
/// power of this, are too many to go through.
const MAX_NAMED: usize = 10;

/// One answer of each sort that tests naming only the options `named` can tell apart, or nothing
/// when these are too many.
pub(super) fn all(question: &Question<LocalText>, named: &[&str]) -> Option<Vec<AnswerValue>> {
    let mut all: Vec<AnswerValue> = match &question.kind {
        QuestionKind::Nps { .. } => NpsScore::all().map(AnswerValue::Nps).collect(),
        QuestionKind::Csat { .. } => (1..=5).map(AnswerValue::Csat).collect(),
        QuestionKind::Ces { .. } => (1..=7).map(AnswerValue::Ces).collect(),
        QuestionKind::Rating { max, .. } => (1..=*max).map(AnswerValue::Rating).collect(),
        QuestionKind::Text { .. } => vec![AnswerValue::Text("a text".to_owned())],
        QuestionKind::Consent { .. } => vec![AnswerValue::Consent(true)],
        QuestionKind::Statement { reactions, .. } => {
            let one = reactions.then_some(AnswerValue::Reaction(Reaction::Up));
            one.into_iter().collect()
        }
        QuestionKind::SingleChoice(choice) => {
            ids(choice).into_iter().map(|id| chosen(&[id])).collect()
        }
        QuestionKind::MultipleChoice(choice) => combinations(choice, named)?,
    };
    if can_be_skipped(question) {
        all.push(AnswerValue::Skipped);
    }
    Some(all)
}

/// Whether the question can be passed over.
pub(super) const fn can_be_skipped(question: &Question<LocalText>) -> bool {
    !question.required || matches!(question.kind, QuestionKind::Statement { .. })
}

/// Ids of everything that can be chosen.
pub(super) fn ids(choice: &Choice<LocalText>) -> Vec<&str> {
    let written = choice.options.iter().map(|option| option.id.as_str());
    let other = choice.other.as_ref().map(|_| OTHER);
    let none = choice.none.as_ref().map(|_| NONE);
    written.chain(other).chain(none).collect()
}

fn chosen(ids: &[&str]) -> AnswerValue {
    let option = |id: &&str| ChosenOption {
        id: (*id).to_owned(),
        label: String::new(),
    };
    AnswerValue::Choice(Chosen {
        options: ids.iter().map(option).collect(),
        other: None,
    })
}

fn combinations(choice: &Choice<LocalText>, named: &[&str]) -> Option<Vec<AnswerValue>> {
    let (named, unnamed): (Vec<&str>, Vec<&str>) = ids(choice)
        .into_iter()
        .filter(|id| *id != NONE)
        .partition(|id| named.contains(id));
    if named.len() > MAX_NAMED {
        return None;
    }
    let least = usize::from(choice.min.max(1));
    let most = match choice.max {
        0 => usize::MAX,
        max => usize::from(max),
    };
    let mut all: Vec<AnswerValue> = (0..1_usize << named.len())
        .filter_map(|bits| {
            let picked = named.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1);
            let mut picked: Vec<&str> = picked.map(|(_, id)| *id).collect();
            let missing = least.saturating_sub(picked.len());
            picked.extend(unnamed.iter().take(missing));
            (picked.len() >= least && picked.len() <= most).then(|| chosen(&picked))
        })
        .collect();
    all.extend(choice.none.as_ref().map(|_| chosen(&[NONE])));
    Some(all)
}
