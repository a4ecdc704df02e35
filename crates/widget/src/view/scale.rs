//! Turns a scale into radio buttons with a meaning at either end: numbers, stars or faces.

use protocol::survey::{Question, QuestionKind, ScaleLook};
use protocol::text::Phrase;

use super::Scene;
use super::choice::{Mark, picks};
use super::question::{describe, id};
use crate::dom::{El, el, icon};
use crate::words::{Word, decimal};

const STAR: &str = "M12 3.2l2.7 5.6l6.1.8l-4.5 4.3l1.1 6.1l-5.4-3l-5.4 3l1.1-6.1l-4.5-4.3l6.1-.8z";

struct Scale<'a> {
    from: u8,
    to: u8,
    low: &'a Phrase,
    high: &'a Phrase,
    look: ScaleLook,
}

fn read(kind: &QuestionKind<Phrase>) -> Option<Scale<'_>> {
    let (from, to, low, high, look) = match kind {
        QuestionKind::Nps { low, high } => (0, 10, low, high, ScaleLook::Numbers),
        QuestionKind::Csat { low, high, look } => (1, 5, low, high, *look),
        QuestionKind::Ces { low, high } => (1, 7, low, high, ScaleLook::Numbers),
        QuestionKind::Rating {
            max,
            low,
            high,
            look,
        } => (1, *max, low, high, *look),
        _ => return None,
    };
    Some(Scale {
        from,
        // Bits of a draft.
        to: to.min(10),
        low,
        high,
        look,
    })
}

/// Native radios under one name: the browser brings the arrow keys, mirrored where text is.
///
/// The cells are in two rows, which are one where there is room.
pub(super) fn scale(scene: &Scene, part: El, asked: &Question<Phrase>, here: usize) -> El {
    let Some(scale) = read(&asked.kind) else {
        return part;
    };
    let n = usize::from(scale.to - scale.from) + 1;
    let first = if n > 5 { n.div_ceil(2) } else { n };
    let rows = [el("span", "row"), el("span", "row")];
    let mut marks = Vec::new();
    for (idx, value) in (scale.from..=scale.to).enumerate() {
        let mark = cell(scene, &scale, value, here);
        let row = &rows[usize::from(idx >= first)];
        row.clone().add(&mark.label);
        marks.push(mark);
    }
    let [top, foot] = rows;
    let cells = el("div", "cells").add(&top);
    let cells = if n > first { cells.add(&foot) } else { cells };
    let look = match scale.look {
        ScaleLook::Numbers => "numbers",
        ScaleLook::Stars => "stars",
        ScaleLook::Emoji => "emoji",
    };
    let size = match n {
        ..=5 => "short",
        6 | 7 => "middle",
        _ => "long",
    };
    let end = |kind: &str, text| scene.phrase("span", kind, text).set("id", &id(kind, here));
    let whole = el("div", "scale")
        .set("data-look", look)
        .set("data-size", size)
        .add(&end("l", scale.low))
        .add(&cells)
        .add(&end("r", scale.high));
    picks(
        scene,
        here,
        &whole,
        marks,
        scale.look == ScaleLook::Stars,
        None,
    );
    describe(scene, part.set("role", "radiogroup"), here, asked.required).add(&whole)
}

/// One step. At the ends its name also says what it means.
fn cell(scene: &Scene, scale: &Scale<'_>, value: u8, here: usize) -> Mark {
    let stars = scale.look == ScaleLook::Stars;
    let word = if stars { Word::Stars } else { Word::Step };
    let name = scene.words(|words| words.with_of(word, value.into(), scale.to.into()));
    let meaning = match value {
        _ if value == scale.from => &scale.low.text,
        _ if value == scale.to => &scale.high.text,
        _ => "",
    };
    let comma = if meaning.is_empty() { "" } else { ", " };
    let face = el("span", "face").set("aria-hidden", "true");
    let face = match scale.look {
        ScaleLook::Numbers => face.text(&scene.words(|words| words.number(value.into()))),
        ScaleLook::Stars => face.add(&icon(STAR)),
        ScaleLook::Emoji => face.add(&mood(value - scale.from, scale.to - scale.from)),
    };
    let mark = Mark::new("radio", here, value);
    mark.input
        .clone()
        .set("aria-label", &[&name, comma, meaning].concat());
    Mark {
        label: mark.label.add(&face),
        ..mark
    }
}

/// A face between sad (0) and glad (`top`): the corners of the mouth and its middle change places.
fn mood(rank: u8, top: u8) -> El {
    // In tenths of a unit, so that no float is written.
    let bend = usize::from(rank) * 60 / usize::from(top.max(1));
    let (corner, middle) = (decimal(172 - bend / 2), decimal(128 + bend));
    let path = [
        "M120 25a95 95 0 1 0 0 190a95 95 0 1 0 0-190M88 92v8M152 92v8M80 ",
        &corner,
        "Q120 ",
        &middle,
        " 160 ",
        &corner,
    ];
    icon(&path.concat()).set("viewBox", "0 0 240 240")
}
