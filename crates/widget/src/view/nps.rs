//! Turns a scale from 0 to 10 into eleven radio buttons with a meaning at either end.

use tachys::html::{element, event as ev};
use tachys::prelude::*;

use super::question::{DESCRIBED_BY, invalid};
use super::{Scene, truth};
use crate::words::number;

const TOP: u8 = 10;

/// Native radios under one name: the browser brings the arrow keys, mirrored where text is.
pub(super) fn scale(
    scene: Scene,
    low: &str,
    high: &str,
    required: bool,
) -> impl RenderHtml + use<> {
    let cells = (0..=TOP)
        .map(|score| {
            let meaning = match score {
                0 => low,
                TOP => high,
                _ => "",
            };
            cell(scene, score, meaning)
        })
        .collect::<Vec<_>>();
    element::fieldset()
        .class("nps")
        .role("radiogroup")
        .aria_labelledby("title")
        .aria_describedby(DESCRIBED_BY)
        .aria_required(truth(required))
        .aria_invalid(move || invalid(scene))
        .child((
            element::span().id("low").child(low.to_owned()),
            element::div().class("cells").child(cells),
            element::span().id("high").child(high.to_owned()),
        ))
}

/// One score. The number is what is seen; at the ends its name also says what it means.
fn cell(scene: Scene, score: u8, meaning: &str) -> impl RenderHtml + use<> {
    let number = number(score.into());
    let name = if meaning.is_empty() {
        number.clone()
    } else {
        [&number, ", ", meaning].concat()
    };
    element::label().child((
        element::input()
            .r#type("radio")
            .name("score")
            .value(number.clone())
            .aria_label(name)
            .on(ev::change, move |_| {
                scene.enter(|draft| draft.score = Some(score));
            }),
        element::span().aria_hidden("true").child(number),
    ))
}
