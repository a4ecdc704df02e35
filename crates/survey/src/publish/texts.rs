//! Turns every text of a survey into what is missing in it: words, languages, answers to take.

use std::collections::BTreeSet;

use protocol::limits::{MAX_LABEL_CHARS, MAX_TEXT_CHARS};
use protocol::survey::{Choice, Ending, Image, Link, Question, QuestionKind, Survey, SurveyKind};
use protocol::text::LocalText;

use super::{Code, Report, below, is_language_tag};

/// One text and where it stands.
struct Text<'a> {
    pointer: String,
    text: &'a LocalText,
    /// Characters that it may have.
    most: usize,
    /// Whether it may say nothing, as the description of an image that only decorates.
    may_be_empty: bool,
    /// How many questions lie before it, where earlier answers are put into it.
    pipes: Option<usize>,
}

pub(super) fn check(survey: &Survey, report: &mut Report<'_>) {
    languages(survey, report);
    for text in all(survey) {
        words(&text, survey, report);
        translations(&text, survey, report);
        if let Some(before) = text.pipes {
            pipes(&text, before, survey, report);
        }
    }
    nps_wording(survey, report);
}

fn languages(survey: &Survey, report: &mut Report<'_>) {
    let wrong = |tag: &str| format!("\"{tag}\" is not a language tag such as \"en\" or \"pt-BR\".");
    if !is_language_tag(&survey.language) {
        report.say("/language", Code::LanguageTag, wrong(&survey.language));
    }
    let mut known = BTreeSet::from([survey.language.to_ascii_lowercase()]);
    for (n, tag) in survey.languages.iter().enumerate() {
        let at = format!("/languages/{n}");
        if !is_language_tag(tag) {
            report.say(at, Code::LanguageTag, wrong(tag));
        } else if !known.insert(tag.to_ascii_lowercase()) {
            let sentence = format!("The language \"{tag}\" is named before.");
            report.say(at, Code::DuplicateLanguage, sentence);
        }
    }
}

/// Each written form: where it is, its language, and what it says.
fn forms<'a>(text: &'a Text<'_>, own: &'a str) -> Vec<(String, &'a str, &'a str)> {
    match text.text {
        LocalText::One(words) => vec![(text.pointer.clone(), own, words)],
        LocalText::Many(all) => all
            .iter()
            .map(|(tag, words)| (below(&text.pointer, tag), tag.as_str(), words.as_str()))
            .collect(),
    }
}

fn words(text: &Text<'_>, survey: &Survey, report: &mut Report<'_>) {
    for (at, tag, words) in forms(text, &survey.language) {
        if words.trim().is_empty() && !text.may_be_empty {
            let sentence =
                "The text says nothing; write one, or leave it out where it may be absent.";
            report.say(at.as_str(), Code::EmptyText, sentence);
        }
        if words.chars().count() > text.most {
            let sentence = format!("The text has more than {} characters.", text.most);
            report.say(at.as_str(), Code::TextTooLong, sentence);
        }
        if matches!(text.text, LocalText::One(_)) {
            continue;
        }
        let offered = || [&survey.language].into_iter().chain(&survey.languages);
        if !is_language_tag(tag) {
            let sentence = format!("\"{tag}\" is not a language tag such as \"en\" or \"pt-BR\".");
            report.say(at, Code::LanguageTag, sentence);
        } else if !offered().any(|offered| offered.eq_ignore_ascii_case(tag)) {
            let sentence = format!(
                "The survey does not have the language \"{tag}\"; add it to its languages."
            );
            report.say(at, Code::UnusedTranslation, sentence);
        }
    }
}

fn translations(text: &Text<'_>, survey: &Survey, report: &mut Report<'_>) {
    let forms = forms(text, &survey.language);
    // An image that says nothing in any language only decorates.
    if text.may_be_empty && forms.iter().all(|(_, _, words)| words.trim().is_empty()) {
        return;
    }
    for language in [&survey.language].into_iter().chain(&survey.languages) {
        let has = |(_, tag, _): &(_, &str, _)| tag.eq_ignore_ascii_case(language);
        if !forms.iter().any(has) {
            let sentence = format!("The text is missing in \"{language}\".");
            report.say(text.pointer.as_str(), Code::MissingTranslation, sentence);
        }
    }
}

fn pipes(text: &Text<'_>, before: usize, survey: &Survey, report: &mut Report<'_>) {
    for (at, _, words) in forms(text, &survey.language) {
        for (id, otherwise) in super::size::pipes(words) {
            let Some(index) = survey.questions.iter().position(|q| q.id == id) else {
                let sentence = format!("There is no question \"{id}\" to take an answer from.");
                report.say(at.as_str(), Code::PipeUnknown, sentence);
                continue;
            };
            if index >= before {
                let sentence = format!("The question \"{id}\" is not answered before this text.");
                report.say(at.as_str(), Code::PipeLater, sentence);
            } else if otherwise.trim().is_empty() {
                let sentence =
                    format!("Say what stands there without an answer: {{{{{id}|otherwise}}}}.");
                report.say(at.as_str(), Code::PipeWithoutFallback, sentence);
            }
        }
    }
}

fn all(survey: &Survey) -> Vec<Text<'_>> {
    let mut list = List(Vec::new());
    if let SurveyKind::Feedback(feedback) = &survey.kind {
        list.maybe("/kind/feedback/label", feedback.label.as_ref(), None);
    }
    if let Some(intro) = &survey.intro {
        list.add("/intro/title", &intro.title, None);
        list.maybe("/intro/text", intro.text.as_ref(), None);
        list.maybe("/intro/button", intro.button.as_ref(), None);
    }
    for (n, question) in survey.questions.iter().enumerate() {
        list.question(&format!("/questions/{n}"), n, question);
    }
    for (n, ending) in survey.endings.iter().enumerate() {
        list.ending(&format!("/endings/{n}"), survey.questions.len(), ending);
    }
    list.0
}

struct List<'a>(Vec<Text<'a>>);

impl<'a> List<'a> {
    fn add(&mut self, pointer: impl Into<String>, text: &'a LocalText, pipes: Option<usize>) {
        self.0.push(Text {
            pointer: pointer.into(),
            text,
            most: MAX_TEXT_CHARS,
            may_be_empty: false,
            pipes,
        });
    }

    fn maybe(
        &mut self,
        pointer: impl Into<String>,
        text: Option<&'a LocalText>,
        pipes: Option<usize>,
    ) {
        if let Some(text) = text {
            self.add(pointer, text, pipes);
        }
    }

    fn question(&mut self, at: &str, n: usize, question: &'a Question<LocalText>) {
        self.add(format!("{at}/title"), &question.title, Some(n));
        let description = question.description.as_ref();
        self.maybe(format!("{at}/description"), description, Some(n));
        self.maybe(format!("{at}/button"), question.button.as_ref(), None);
        match &question.kind {
            QuestionKind::Nps { low, high } => self.ends(&format!("{at}/kind/nps"), low, high),
            QuestionKind::Csat { low, high, .. } => {
                self.ends(&format!("{at}/kind/csat"), low, high);
            }
            QuestionKind::Ces { low, high } => self.ends(&format!("{at}/kind/ces"), low, high),
            QuestionKind::Rating { low, high, .. } => {
                self.ends(&format!("{at}/kind/rating"), low, high);
            }
            QuestionKind::SingleChoice(choice) => {
                self.choice(&format!("{at}/kind/single_choice"), choice);
            }
            QuestionKind::MultipleChoice(choice) => {
                self.choice(&format!("{at}/kind/multiple_choice"), choice);
            }
            QuestionKind::Consent { label } => {
                self.add(format!("{at}/kind/consent/label"), label, None);
            }
            QuestionKind::Statement { image, link, .. } => {
                self.image(&format!("{at}/kind/statement/image"), image.as_ref());
                self.link(&format!("{at}/kind/statement/link"), link.as_ref());
            }
            QuestionKind::Text { .. } => {}
        }
    }

    fn ends(&mut self, at: &str, low: &'a LocalText, high: &'a LocalText) {
        self.add(format!("{at}/low"), low, None);
        self.add(format!("{at}/high"), high, None);
    }

    fn choice(&mut self, at: &str, choice: &'a Choice<LocalText>) {
        for (n, option) in choice.options.iter().enumerate() {
            self.label(format!("{at}/options/{n}/label"), &option.label);
        }
        for (key, label) in [("other", &choice.other), ("none", &choice.none)] {
            if let Some(label) = label {
                self.label(format!("{at}/{key}"), label);
            }
        }
    }

    /// What a response repeats of an option that was chosen.
    fn label(&mut self, pointer: String, text: &'a LocalText) {
        self.0.push(Text {
            pointer,
            text,
            most: MAX_LABEL_CHARS,
            may_be_empty: false,
            pipes: None,
        });
    }

    fn image(&mut self, at: &str, image: Option<&'a Image<LocalText>>) {
        if let Some(image) = image {
            self.0.push(Text {
                pointer: format!("{at}/alt"),
                text: &image.alt,
                most: MAX_TEXT_CHARS,
                may_be_empty: true,
                pipes: None,
            });
        }
    }

    fn link(&mut self, at: &str, link: Option<&'a Link<LocalText>>) {
        self.maybe(format!("{at}/label"), link.map(|link| &link.label), None);
    }

    fn ending(&mut self, at: &str, before: usize, ending: &'a Ending<LocalText>) {
        self.add(format!("{at}/title"), &ending.title, Some(before));
        self.maybe(format!("{at}/text"), ending.text.as_ref(), Some(before));
        self.link(&format!("{at}/link"), ending.link.as_ref());
    }
}

/// Stems of "recommend" by language; the score of another question is no NPS.
///
/// # Source
/// F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.
const RECOMMEND: [(&str, &[&str]); 11] = [
    ("en", &["recommend"]),
    ("de", &["empfehl"]),
    ("fr", &["recommand"]),
    ("es", &["recomend", "recomien"]),
    ("pt", &["recomend"]),
    ("it", &["raccomand", "consigli"]),
    ("nl", &["aanbeve", "aanra"]),
    ("pl", &["polec"]),
    ("ja", &["薦", "勧", "すすめ"]),
    ("zh", &["推荐", "推薦"]),
    ("ar", &["توصي", "توصى", "نصح"]),
];

fn nps_wording(survey: &Survey, report: &mut Report<'_>) {
    for (n, question) in survey.questions.iter().enumerate() {
        if !matches!(question.kind, QuestionKind::Nps { .. }) {
            continue;
        }
        let text = Text {
            pointer: format!("/questions/{n}/title"),
            text: &question.title,
            most: MAX_TEXT_CHARS,
            may_be_empty: false,
            pipes: None,
        };
        for (at, tag, words) in forms(&text, &survey.language) {
            let stems = RECOMMEND
                .iter()
                .find(|(language, _)| crate::language::is_within(tag, language));
            let words = words.to_lowercase();
            if stems.is_some_and(|(_, stems)| !stems.iter().any(|stem| words.contains(stem))) {
                let sentence = "An NPS can be compared only when the question is how likely people are to recommend.";
                report.say(at, Code::NpsWording, sentence);
            }
        }
    }
}
