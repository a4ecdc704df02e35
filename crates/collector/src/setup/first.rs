//! Turns nothing into what every product begins with: an NPS survey and a feedback form.

use protocol::survey::{
    Again, Choice, ChoiceOption, DisplayRule, Ending, Feedback, Launcher, Look, MissingLanguage,
    Question, QuestionKind, Survey, SurveyKind, TextFormat, Wait, Waits,
};
use protocol::text::LocalText;

/// A text in English and in German.
fn both(en: &str, de: &str) -> LocalText {
    let texts = [("en", en), ("de", de)];
    LocalText::Many(texts.map(|(tag, text)| (tag.into(), text.into())).into())
}

/// A survey in English and German that asks nothing yet.
fn bilingual(id: &str, name: &str, ending: Ending<LocalText>) -> Survey {
    Survey {
        schema: None,
        id: id.into(),
        name: name.into(),
        kind: SurveyKind::default(),
        language: "en".into(),
        languages: vec!["de".into()],
        otherwise: MissingLanguage::default(),
        intro: None,
        questions: Vec::new(),
        endings: vec![ending],
        look: Look::default(),
        show: DisplayRule::default(),
    }
}

/// A question that goes on to the next.
fn question(id: &str, title: LocalText, kind: QuestionKind<LocalText>) -> Question<LocalText> {
    Question {
        id: id.into(),
        title,
        kind,
        ..Question::default()
    }
}

const fn text(max_chars: u32, format: TextFormat, short: bool) -> QuestionKind<LocalText> {
    QuestionKind::Text {
        max_chars,
        min_chars: 0,
        format,
        short,
    }
}

fn ending(title: LocalText, text: Option<LocalText>) -> Ending<LocalText> {
    Ending {
        id: "thanks".into(),
        title,
        text,
        ..Ending::default()
    }
}

/// The survey that every product begins with: how likely people are to recommend it, and why.
pub fn first_survey() -> Survey {
    let title = both(
        "How likely are you to recommend us to a friend or colleague?",
        "Wie wahrscheinlich ist es, dass Sie uns Freunden oder Kollegen weiterempfehlen?",
    );
    let scale = QuestionKind::Nps {
        low: both("Not at all likely", "Äußerst unwahrscheinlich"),
        high: both("Extremely likely", "Äußerst wahrscheinlich"),
    };
    let why = both(
        "What is the main reason for your score?",
        "Was ist der wichtigste Grund für Ihre Bewertung?",
    );
    let mut survey = bilingual("nps", "NPS", ending(both("Thank you", "Vielen Dank"), None));
    survey.questions = vec![
        Question {
            required: true,
            ..question("score", title, scale)
        },
        question("reason", why, text(2_000, TextFormat::Any, false)),
    ];
    survey.show = DisplayRule {
        delay_ms: 1_500,
        again: Again {
            survey: Waits {
                seen: None,
                snoozed: Some(Wait::Days(7)),
                dismissed: Some(Wait::Days(30)),
                partial: Some(Wait::Days(90)),
                completed: Some(Wait::Days(90)),
            },
            ..Again::default()
        },
        ..DisplayRule::default()
    };
    survey
}

/// The feedback form that every product begins with: what it is about, what there is to say, and an
/// address for whoever wants an answer.
pub fn first_feedback() -> Survey {
    let option = |id: &str, en, de| ChoiceOption {
        id: id.into(),
        label: both(en, de),
    };
    let categories = QuestionKind::SingleChoice(Choice {
        options: vec![
            option(
                "problem",
                "Something does not work",
                "Etwas funktioniert nicht",
            ),
            option("idea", "I have an idea", "Ich habe eine Idee"),
            option("praise", "I like something", "Mir gefällt etwas"),
        ],
        ..Choice::default()
    });
    let about = both("What is it about?", "Worum geht es?");
    let message = both(
        "What would you like to tell us?",
        "Was möchten Sie uns sagen?",
    );
    let email = both("Your e-mail address", "Ihre E-Mail-Adresse");
    let answer = both(
        "Only if you would like an answer.",
        "Nur wenn Sie eine Antwort möchten.",
    );
    let thanks = ending(
        both("Thank you", "Vielen Dank"),
        Some(both("We read everything.", "Wir lesen alles.")),
    );
    let mut survey = bilingual("feedback", "Feedback", thanks);
    survey.kind = SurveyKind::Feedback(Feedback {
        launcher: Launcher::Button,
        ..Feedback::default()
    });
    survey.look.together = true;
    survey.questions = vec![
        question("category", about, categories),
        Question {
            required: true,
            ..question("message", message, text(4_000, TextFormat::Any, false))
        },
        Question {
            description: Some(answer),
            ..question("email", email, text(254, TextFormat::Email, true))
        },
    ];
    survey
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_product_begins_with_can_be_published() {
        for survey in [first_survey(), first_feedback()] {
            assert_eq!(survey::publish::check(&survey), [], "{}", survey.id);
        }
    }
}
