//! Turns a person's way and what they entered into bytes for another page, and back.

use protocol::item::{AnswerValue, Chosen, ChosenOption};
use protocol::score::NpsScore;
use protocol::survey::Reaction;
use survey::walk::{Given, Place, Walk};

use super::Draft;
use super::bytes::{Reader, Writer};

/// Counts up when the bytes change.
const FORMAT: u8 = 1;

/// What another page needs to go on.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) walk: Walk,
    pub(super) drafts: Vec<Draft>,
    /// Whether the person agreed to attach what the browser knows.
    pub(super) agreed: bool,
}

pub(super) fn write(kept: &Kept) -> Vec<u8> {
    let mut w = Writer::default();
    let (kind, at) = match kept.walk.at {
        Place::Intro => (0, 0),
        Place::Question(at) => (1, at),
        Place::Ending(at) => (2, at),
    };
    for byte in [FORMAT, u8::from(kept.agreed), kind] {
        w.byte(byte);
    }
    w.number(at.into());
    w.number(kept.walk.seed.into());
    w.list(&kept.walk.behind, |w, question| {
        w.number((*question).into())
    });
    w.list(&kept.walk.given, |w, given| {
        w.number(given.question.into());
        w.text(&given.prompt);
        write_value(w, &given.value);
    });
    w.list(&kept.drafts, |w, draft| {
        w.number(draft.picked);
        w.text(&draft.text);
    });
    w.0
}

fn write_value(w: &mut Writer, value: &AnswerValue) {
    let (kind, n) = match value {
        AnswerValue::Skipped => (0, 0),
        AnswerValue::Nps(score) => (1, u8::from(*score)),
        AnswerValue::Csat(score) => (2, *score),
        AnswerValue::Ces(score) => (3, *score),
        AnswerValue::Rating(score) => (4, *score),
        AnswerValue::Consent(agreed) => (5, u8::from(*agreed)),
        AnswerValue::Reaction(reaction) => (6, *reaction as u8),
        AnswerValue::Text(_) => (7, 0),
        AnswerValue::Choice(_) => (8, 0),
    };
    w.byte(kind);
    w.byte(n);
    match value {
        AnswerValue::Text(text) => w.text(text),
        AnswerValue::Choice(chosen) => {
            w.list(&chosen.options, |w, option| {
                w.text(&option.id);
                w.text(&option.label);
            });
            // Never empty when it is there.
            w.text(chosen.other.as_deref().unwrap_or_default());
        }
        _ => {}
    }
}

pub(super) fn read(bytes: &[u8]) -> Option<Kept> {
    let r = &mut Reader(bytes);
    if r.byte()? != FORMAT {
        return None;
    }
    let agreed = r.flag()?;
    let kind = r.byte()?;
    let at = short(r)?;
    let walk = Walk {
        at: match kind {
            0 => Place::Intro,
            1 => Place::Question(at),
            _ => Place::Ending(at),
        },
        seed: r.small()?,
        behind: r.list(short)?,
        given: r.list(given)?,
    };
    let drafts = r.list(draft)?;
    Some(Kept {
        walk,
        drafts,
        agreed,
    })
}

fn short(r: &mut Reader<'_>) -> Option<u16> {
    u16::try_from(r.number()?).ok()
}

fn draft(r: &mut Reader<'_>) -> Option<Draft> {
    Some(Draft {
        picked: r.number()?,
        text: r.text()?,
    })
}

fn given(r: &mut Reader<'_>) -> Option<Given> {
    Some(Given {
        question: short(r)?,
        prompt: r.text()?,
        value: read_value(r)?,
    })
}

fn read_value(r: &mut Reader<'_>) -> Option<AnswerValue> {
    use Reaction::{Down, Heart, Up};
    let kind = r.byte()?;
    let n = r.byte()?;
    Some(match kind {
        0 => AnswerValue::Skipped,
        1 => AnswerValue::Nps(NpsScore::try_from(n).ok()?),
        2 => AnswerValue::Csat(n),
        3 => AnswerValue::Ces(n),
        4 => AnswerValue::Rating(n),
        5 => AnswerValue::Consent(n > 0),
        6 => AnswerValue::Reaction(*[Up, Down, Heart].get(usize::from(n))?),
        7 => AnswerValue::Text(r.text()?),
        _ => AnswerValue::Choice(Chosen {
            options: r.list(option)?,
            other: Some(r.text()?).filter(|text| !text.is_empty()),
        }),
    })
}

fn option(r: &mut Reader<'_>) -> Option<ChosenOption> {
    Some(ChosenOption {
        id: r.text()?,
        label: r.text()?,
    })
}
