//! Turns the bytes of a survey's content into its shapes, field by field in the order of `protocol`.

use protocol::item::SurveyRef;
use protocol::survey::{
    Bucket, Choice, ChoiceOption, Colors, Corner, Ending, FeedbackParts, Image, Intro, Link, Look,
    Palette, Placement, Question, QuestionKind, Rule, ScaleLook, SurveyContent, Target, Test,
    TextFormat,
};
use protocol::text::Phrase;

use super::bytes::Reader;

type Kind = QuestionKind<Phrase>;

/// The content, and nothing behind it.
pub(super) fn content(bytes: &[u8]) -> Option<SurveyContent> {
    let r = &mut Reader(bytes);
    let content = SurveyContent {
        format: r.byte()?,
        survey: SurveyRef {
            id: r.text()?,
            version: r.small()?,
        },
        language: r.text()?,
        feedback: r.maybe(feedback)?,
        intro: r.maybe(intro)?,
        questions: r.list(question)?,
        endings: r.list(ending)?,
        look: look(r)?,
    };
    Some(content)
}

fn feedback(r: &mut Reader<'_>) -> Option<FeedbackParts> {
    Some(FeedbackParts {
        screenshot: r.flag()?,
        context: r.flag()?,
    })
}

fn phrase(r: &mut Reader<'_>) -> Option<Phrase> {
    Some(Phrase {
        text: r.text()?,
        language: r.text()?,
    })
}

fn intro(r: &mut Reader<'_>) -> Option<Intro<Phrase>> {
    Some(Intro {
        title: phrase(r)?,
        text: r.maybe(phrase)?,
        button: r.maybe(phrase)?,
    })
}

fn question(r: &mut Reader<'_>) -> Option<Question<Phrase>> {
    Some(Question {
        id: r.text()?,
        title: phrase(r)?,
        description: r.maybe(phrase)?,
        required: r.flag()?,
        kind: kind(r)?,
        rules: r.list(rule)?,
        otherwise: target(r)?,
        button: r.maybe(phrase)?,
    })
}

fn kind(r: &mut Reader<'_>) -> Option<Kind> {
    Some(match r.byte()? {
        0 => Kind::Nps {
            low: phrase(r)?,
            high: phrase(r)?,
        },
        1 => text(r)?,
        2 => Kind::Csat {
            low: phrase(r)?,
            high: phrase(r)?,
            look: scale(r)?,
        },
        3 => Kind::Ces {
            low: phrase(r)?,
            high: phrase(r)?,
        },
        4 => Kind::Rating {
            max: r.byte()?,
            low: phrase(r)?,
            high: phrase(r)?,
            look: scale(r)?,
        },
        5 => Kind::SingleChoice(choice(r)?),
        6 => Kind::MultipleChoice(choice(r)?),
        7 => Kind::Consent { label: phrase(r)? },
        8 => Kind::Statement {
            image: r.maybe(image)?,
            link: r.maybe(link)?,
            reactions: r.flag()?,
        },
        _ => return None,
    })
}

fn text(r: &mut Reader<'_>) -> Option<Kind> {
    use TextFormat::{Any, Email, Number, Url};
    Some(Kind::Text {
        max_chars: r.small()?,
        min_chars: r.small()?,
        format: r.one(&[Any, Email, Url, Number])?,
        short: r.flag()?,
    })
}

fn scale(r: &mut Reader<'_>) -> Option<ScaleLook> {
    r.one(&[ScaleLook::Numbers, ScaleLook::Stars, ScaleLook::Emoji])
}

fn choice(r: &mut Reader<'_>) -> Option<Choice<Phrase>> {
    Some(Choice {
        options: r.list(option)?,
        other: r.maybe(phrase)?,
        none: r.maybe(phrase)?,
        shuffle: r.flag()?,
        min: r.byte()?,
        max: r.byte()?,
    })
}

fn option(r: &mut Reader<'_>) -> Option<ChoiceOption<Phrase>> {
    Some(ChoiceOption {
        id: r.text()?,
        label: phrase(r)?,
    })
}

fn image(r: &mut Reader<'_>) -> Option<Image<Phrase>> {
    Some(Image {
        url: r.text()?,
        alt: phrase(r)?,
    })
}

fn link(r: &mut Reader<'_>) -> Option<Link<Phrase>> {
    Some(Link {
        url: r.text()?,
        label: phrase(r)?,
    })
}

fn rule(r: &mut Reader<'_>) -> Option<Rule> {
    Some(Rule {
        of: r.maybe(Reader::text)?,
        when: test(r)?,
        go: target(r)?,
    })
}

fn test(r: &mut Reader<'_>) -> Option<Test> {
    Some(match r.byte()? {
        0 => Test::Between(r.byte()?, r.byte()?),
        1 => Test::Bucket(r.one(&[Bucket::Low, Bucket::Middle, Bucket::High])?),
        2 => Test::AnyOf(r.list(Reader::text)?),
        3 => Test::AllOf(r.list(Reader::text)?),
        4 => Test::NoneOf(r.list(Reader::text)?),
        5 => Test::Answered,
        6 => Test::Skipped,
        _ => return None,
    })
}

fn target(r: &mut Reader<'_>) -> Option<Target> {
    Some(match r.byte()? {
        0 => Target::Next,
        1 => Target::Question(r.text()?),
        2 => Target::End(r.text()?),
        _ => return None,
    })
}

fn ending(r: &mut Reader<'_>) -> Option<Ending<Phrase>> {
    Some(Ending {
        id: r.text()?,
        title: phrase(r)?,
        text: r.maybe(phrase)?,
        link: r.maybe(link)?,
        redirect: r.maybe(Reader::text)?,
    })
}

fn look(r: &mut Reader<'_>) -> Option<Look> {
    use Placement::{Inline, Modal, Popover, Tab};
    Some(Look {
        placement: r.one(&[Popover, Modal, Inline, Tab])?,
        corner: r.maybe(corner)?,
        element: r.maybe(Reader::text)?,
        together: r.flag()?,
        progress: r.flag()?,
        back: r.flag()?,
        snooze: r.flag()?,
        mark: r.flag()?,
        colors: Colors {
            light: palette(r)?,
            dark: palette(r)?,
        },
    })
}

fn corner(r: &mut Reader<'_>) -> Option<Corner> {
    use Corner::{BottomLeft, BottomRight, TopLeft, TopRight};
    r.one(&[BottomRight, BottomLeft, TopRight, TopLeft])
}

fn palette(r: &mut Reader<'_>) -> Option<Palette> {
    Some(Palette {
        accent: r.maybe(Reader::text)?,
        on_accent: r.maybe(Reader::text)?,
        surface: r.maybe(Reader::text)?,
        ink: r.maybe(Reader::text)?,
    })
}
