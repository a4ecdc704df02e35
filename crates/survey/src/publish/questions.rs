//! Turns ids, numbers of things and limits of answers into what is wrong with them.

use std::collections::BTreeSet;

use protocol::limits::{MAX_ANSWERS, MAX_OPTIONS, MAX_SLUG_CHARS, MAX_TEXT_CHARS, is_slug};
use protocol::survey::{Choice, NONE, OTHER, Question, QuestionKind, ScaleLook, Survey};
use protocol::text::LocalText;

use super::{Code, Report, address};

/// Faces that people tell apart.
const MAX_FACES: u8 = 7;

/// Rules of one question. One for each option is enough.
const MAX_RULES: usize = 50;

/// Endings of one survey.
const MAX_ENDINGS: usize = 50;

pub(super) fn check(survey: &Survey, report: &mut Report<'_>) {
    ids("", [survey.id.as_str()], report);
    report.say_if(
        survey.name.trim().is_empty(),
        "/name",
        Code::Name,
        "The survey needs a name for the team.",
    );
    ids(
        "/questions",
        survey.questions.iter().map(|q| q.id.as_str()),
        report,
    );
    ids(
        "/endings",
        survey.endings.iter().map(|e| e.id.as_str()),
        report,
    );
    counts(survey, report);
    for (n, question) in survey.questions.iter().enumerate() {
        kind(&format!("/questions/{n}"), question, report);
    }
    for (n, ending) in survey.endings.iter().enumerate() {
        let at = format!("/endings/{n}");
        if let Some(link) = &ending.link {
            address::link(&format!("{at}/link/url"), &link.url, report);
        }
        if let Some(redirect) = &ending.redirect {
            address::redirect(&format!("{at}/redirect"), redirect, report);
        }
    }
}

/// Whether there are so few questions, rules and endings that all ways between them can be gone.
pub(super) fn are_bearable(survey: &Survey) -> bool {
    let rules = |question: &Question<LocalText>| question.rules.len() <= MAX_RULES;
    survey.questions.len() <= MAX_ANSWERS
        && survey.endings.len() <= MAX_ENDINGS
        && survey.questions.iter().all(rules)
}

/// Ids of one list, or of the survey itself.
fn ids<'a>(list: &str, ids: impl IntoIterator<Item = &'a str>, report: &mut Report<'_>) {
    let mut known = BTreeSet::new();
    for (n, id) in ids.into_iter().enumerate() {
        let at = if list.is_empty() {
            "/id".to_owned()
        } else {
            format!("{list}/{n}/id")
        };
        if !is_slug(id) {
            let sentence = format!(
                "An id is 1 to {MAX_SLUG_CHARS} of a-z, 0-9, hyphen and underscore; \"{id}\" is not."
            );
            report.say(at, Code::Id, sentence);
        } else if !known.insert(id) {
            let sentence = format!("The id \"{id}\" is taken in this list.");
            report.say(at, Code::DuplicateId, sentence);
        }
    }
}

fn counts(survey: &Survey, report: &mut Report<'_>) {
    let n = survey.questions.len();
    report.say_if(
        n == 0,
        "/questions",
        Code::NoQuestions,
        "The survey needs at least one question.",
    );
    report.say_if(
        n > MAX_ANSWERS,
        "/questions",
        Code::TooManyQuestions,
        format!("A survey has at most {MAX_ANSWERS} questions; this one has {n}."),
    );
    report.say_if(
        survey.endings.is_empty(),
        "/endings",
        Code::NoEndings,
        "The survey needs at least one ending.",
    );
    let n = survey.endings.len();
    report.say_if(
        n > MAX_ENDINGS,
        "/endings",
        Code::TooManyEndings,
        format!("A survey has at most {MAX_ENDINGS} endings; this one has {n}."),
    );
    for (at, question) in survey.questions.iter().enumerate() {
        let n = question.rules.len();
        report.say_if(
            n > MAX_RULES,
            format!("/questions/{at}/rules"),
            Code::TooManyRules,
            format!("A question has at most {MAX_RULES} rules; this one has {n}."),
        );
    }
}

fn kind(at: &str, question: &Question<LocalText>, report: &mut Report<'_>) {
    match &question.kind {
        QuestionKind::Text {
            max_chars,
            min_chars,
            ..
        } => text(&format!("{at}/kind/text"), *min_chars, *max_chars, report),
        QuestionKind::Rating { max, look, .. } => {
            rating(&format!("{at}/kind/rating"), *max, *look, report);
        }
        QuestionKind::SingleChoice(choice) => {
            let at = format!("{at}/kind/single_choice");
            options(&at, choice, report);
            for (name, limit) in [("min", choice.min), ("max", choice.max)] {
                report.say_if(
                    limit != 0,
                    format!("{at}/{name}"),
                    Code::ChoiceLimits,
                    "Only a multiple choice has limits; of a single choice one is chosen.",
                );
            }
        }
        QuestionKind::MultipleChoice(choice) => {
            let at = format!("{at}/kind/multiple_choice");
            options(&at, choice, report);
            limits(&at, choice, report);
        }
        QuestionKind::Statement { image, link, .. } => {
            report.say_if(
                question.required,
                format!("{at}/required"),
                Code::RequiredStatement,
                "An announcement asks nothing, so it can always be passed over.",
            );
            if let Some(image) = image {
                address::image(
                    &format!("{at}/kind/statement/image/url"),
                    &image.url,
                    report,
                );
            }
            if let Some(link) = link {
                address::link(&format!("{at}/kind/statement/link/url"), &link.url, report);
            }
        }
        QuestionKind::Nps { .. }
        | QuestionKind::Csat { .. }
        | QuestionKind::Ces { .. }
        | QuestionKind::Consent { .. } => {}
    }
}

fn text(at: &str, min: u32, max: u32, report: &mut Report<'_>) {
    report.say_if(
        !(1..=MAX_TEXT_CHARS).contains(&(max as usize)),
        format!("{at}/max_chars"),
        Code::TextLimits,
        format!("A text answer may have 1 to {MAX_TEXT_CHARS} characters."),
    );
    report.say_if(
        min > max,
        format!("{at}/min_chars"),
        Code::TextLimits,
        format!("No text has at least {min} and at most {max} characters."),
    );
}

fn rating(at: &str, max: u8, look: ScaleLook, report: &mut Report<'_>) {
    report.say_if(
        !(2..=10).contains(&max),
        format!("{at}/max"),
        Code::RatingMax,
        "A rating has 2 to 10 steps.",
    );
    report.say_if(
        look == ScaleLook::Emoji && max > MAX_FACES && max <= 10,
        format!("{at}/look"),
        Code::EmojiSteps,
        format!("There are faces for 2 to {MAX_FACES} steps, not for {max}."),
    );
}

fn options(at: &str, choice: &Choice<LocalText>, report: &mut Report<'_>) {
    let n = choice.options.len();
    report.say_if(
        !(2..=MAX_OPTIONS).contains(&n),
        format!("{at}/options"),
        Code::OptionCount,
        format!("A choice has 2 to {MAX_OPTIONS} options; this one has {n}."),
    );
    let list = format!("{at}/options");
    ids(
        &list,
        choice.options.iter().map(|option| option.id.as_str()),
        report,
    );
    for (n, option) in choice.options.iter().enumerate() {
        report.say_if(
            [OTHER, NONE].contains(&option.id.as_str()),
            format!("{list}/{n}/id"),
            Code::ReservedId,
            format!(
                "\"{0}\" is not an id of an option; say \"{0}\" beside the options.",
                option.id
            ),
        );
    }
}

fn limits(at: &str, choice: &Choice<LocalText>, report: &mut Report<'_>) {
    let n = choice.options.len() + usize::from(choice.other.is_some());
    let (min, max) = (usize::from(choice.min), usize::from(choice.max));
    if max > n {
        let sentence = format!("Nobody can choose {max} of {n} options.");
        report.say(format!("{at}/max"), Code::ChoiceLimits, sentence);
    }
    if min > n {
        let sentence = format!("Nobody can choose {min} of {n} options.");
        report.say(format!("{at}/min"), Code::ChoiceLimits, sentence);
    } else if max > 0 && min > max {
        let sentence = format!("Nobody can choose at least {min} and at most {max} options.");
        report.say(format!("{at}/min"), Code::ChoiceLimits, sentence);
    }
}
