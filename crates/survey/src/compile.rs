//! Turns a survey as written into what agent and widget are given.

mod rules;

use protocol::item::SurveyRef;
use protocol::survey::{
    CONTENT_FORMAT, Choice, ChoiceOption, Ending, FeedbackParts, Image, Intro, Link, Look, Palette,
    Question, QuestionKind, Survey, SurveyContent, SurveyKind,
};
use protocol::text::{LocalText, Phrase};

use crate::contrast::{self, Color};
use crate::language;

pub use rules::rules;

/// What the widget shows of `survey` to a person who reads `language`.
///
/// A language that the survey does not have leads to the nearest that it has, field by field.
pub fn content(survey: &Survey, version: u32, language: &str) -> SurveyContent {
    let offered: Vec<&str> = survey.languages.iter().map(String::as_str).collect();
    let words = Words {
        language: language::resolve(&[language], &offered, &survey.language),
        own: &survey.language,
    };
    SurveyContent {
        format: CONTENT_FORMAT,
        survey: SurveyRef {
            id: survey.id.clone(),
            version,
        },
        language: words.language.to_owned(),
        feedback: match &survey.kind {
            SurveyKind::Survey => None,
            SurveyKind::Feedback(feedback) => Some(FeedbackParts {
                screenshot: feedback.screenshot,
                context: feedback.context,
            }),
        },
        intro: survey.intro.as_ref().map(|intro| words.intro(intro)),
        questions: survey.questions.iter().map(|q| words.question(q)).collect(),
        endings: survey.endings.iter().map(|e| words.ending(e)).collect(),
        look: filled(&survey.look),
    }
}

/// The look with every colour that follows from another.
fn filled(look: &Look) -> Look {
    let mut look = look.clone();
    for palette in [&mut look.colors.light, &mut look.colors.dark] {
        fill(palette);
    }
    look
}

fn fill(palette: &mut Palette) {
    if palette.on_accent.is_none() {
        let accent = palette.accent.as_deref().and_then(Color::parse);
        palette.on_accent = accent.map(|accent| contrast::on(accent).to_owned());
    }
}

/// The languages of one content: the one asked for, and the one that every text has.
struct Words<'a> {
    language: &'a str,
    own: &'a str,
}

impl Words<'_> {
    fn phrase(&self, text: &LocalText) -> Phrase {
        language::phrase(text, self.language, self.own)
    }

    fn maybe(&self, text: Option<&LocalText>) -> Option<Phrase> {
        text.map(|text| self.phrase(text))
    }

    fn intro(&self, intro: &Intro<LocalText>) -> Intro<Phrase> {
        Intro {
            title: self.phrase(&intro.title),
            text: self.maybe(intro.text.as_ref()),
            button: self.maybe(intro.button.as_ref()),
        }
    }

    fn question(&self, question: &Question<LocalText>) -> Question<Phrase> {
        Question {
            id: question.id.clone(),
            title: self.phrase(&question.title),
            description: self.maybe(question.description.as_ref()),
            required: question.required,
            kind: self.kind(&question.kind),
            rules: question.rules.clone(),
            otherwise: question.otherwise.clone(),
            button: self.maybe(question.button.as_ref()),
        }
    }

    fn kind(&self, kind: &QuestionKind<LocalText>) -> QuestionKind<Phrase> {
        match kind {
            QuestionKind::Nps { low, high } => QuestionKind::Nps {
                low: self.phrase(low),
                high: self.phrase(high),
            },
            &QuestionKind::Text {
                max_chars,
                min_chars,
                format,
                short,
            } => QuestionKind::Text {
                max_chars,
                min_chars,
                format,
                short,
            },
            QuestionKind::Csat { low, high, look } => QuestionKind::Csat {
                low: self.phrase(low),
                high: self.phrase(high),
                look: *look,
            },
            QuestionKind::Ces { low, high } => QuestionKind::Ces {
                low: self.phrase(low),
                high: self.phrase(high),
            },
            QuestionKind::Rating {
                max,
                low,
                high,
                look,
            } => QuestionKind::Rating {
                max: *max,
                low: self.phrase(low),
                high: self.phrase(high),
                look: *look,
            },
            QuestionKind::SingleChoice(choice) => QuestionKind::SingleChoice(self.choice(choice)),
            QuestionKind::MultipleChoice(choice) => {
                QuestionKind::MultipleChoice(self.choice(choice))
            }
            QuestionKind::Consent { label } => QuestionKind::Consent {
                label: self.phrase(label),
            },
            QuestionKind::Statement {
                image,
                link,
                reactions,
            } => QuestionKind::Statement {
                image: image.as_ref().map(|image| self.image(image)),
                link: link.as_ref().map(|link| self.link(link)),
                reactions: *reactions,
            },
        }
    }

    fn choice(&self, choice: &Choice<LocalText>) -> Choice<Phrase> {
        let option = |option: &ChoiceOption<LocalText>| ChoiceOption {
            id: option.id.clone(),
            label: self.phrase(&option.label),
        };
        Choice {
            options: choice.options.iter().map(option).collect(),
            other: self.maybe(choice.other.as_ref()),
            none: self.maybe(choice.none.as_ref()),
            shuffle: choice.shuffle,
            min: choice.min,
            max: choice.max,
        }
    }

    fn image(&self, image: &Image<LocalText>) -> Image<Phrase> {
        Image {
            url: image.url.clone(),
            alt: self.phrase(&image.alt),
        }
    }

    fn link(&self, link: &Link<LocalText>) -> Link<Phrase> {
        Link {
            url: link.url.clone(),
            label: self.phrase(&link.label),
        }
    }

    fn ending(&self, ending: &Ending<LocalText>) -> Ending<Phrase> {
        Ending {
            id: ending.id.clone(),
            title: self.phrase(&ending.title),
            text: self.maybe(ending.text.as_ref()),
            link: ending.link.as_ref().map(|link| self.link(link)),
            redirect: ending.redirect.clone(),
        }
    }
}
