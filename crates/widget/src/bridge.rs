//! Turns calls between the page's JavaScript and the view into typed ones.

use std::fmt;

use tachys::renderer::types::Element;
use wasm_bindgen::prelude::*;

use crate::flow::{ContentError, Flow, decode};
use crate::json;
use crate::view::Scene;
use crate::words::{Words, decimal};

#[wasm_bindgen]
extern "C" {
    /// What the JavaScript around the view does when it is told something.
    #[derive(Clone, Debug)]
    pub type Page;

    /// Something happened: `what` is one of [`Told`].
    ///
    /// Must not throw: an exception would pass through Rust without running destructors.
    #[wasm_bindgen(method)]
    pub(crate) fn tell(this: &Page, what: u8, text: &str);
}

/// What the page is told.
#[derive(Clone, Copy)]
pub(crate) enum Told {
    /// The button in the corner is pressed.
    Closed,
    /// The person asks to be asked later.
    Snoozed,
    /// The person went a step, or was held back: the focus belongs on the first control, or on the
    /// first that is to be mended.
    Moved,
    /// A step was taken. The text is the answer given with it, as a JSON array of one or none.
    Progressed,
    /// The answers are kept, and the page is to go to the address in the text.
    Go,
}

/// Opens the card of a tab at once.
const OPEN: u8 = 1;
/// The page has tools for screenshots, which it puts into the element `shots`.
const SHOTS: u8 = 2;

/// One survey on the screen; freeing it takes it off.
#[wasm_bindgen]
pub struct Shown {
    scene: Scene,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown")
    }
}

impl From<ContentError> for JsValue {
    fn from(error: ContentError) -> Self {
        JsError::new(error.as_str()).into()
    }
}

/// How the survey in `content` stands on the page, as lines.
///
/// Placement, corner or nothing, then accent, text on the accent, surface and ink for the light theme, and the same for the dark one;
/// then, of an inline survey, the selector of the element that it is put into; then the language.
///
/// # Errors
/// A JavaScript `Error` with the sentence of [`ContentError`].
#[wasm_bindgen]
pub fn look(content: &[u8]) -> Result<String, JsValue> {
    use protocol::survey::{Corner, Placement};
    let content = decode(content)?;
    let look = content.look;
    let mut lines = String::from(match look.placement {
        Placement::Popover => "popover",
        Placement::Modal => "modal",
        Placement::Inline => "inline",
        Placement::Tab => "tab",
    });
    let corner = match look.corner {
        None => "",
        Some(Corner::BottomRight) => "bottom-right",
        Some(Corner::BottomLeft) => "bottom-left",
        Some(Corner::TopRight) => "top-right",
        Some(Corner::TopLeft) => "top-left",
    };
    let (light, dark) = (look.colors.light, look.colors.dark);
    for line in [
        Some(corner.to_owned()),
        light.accent,
        light.on_accent,
        light.surface,
        light.ink,
        dark.accent,
        dark.on_accent,
        dark.surface,
        dark.ink,
        look.element,
        Some(content.language),
    ] {
        lines.push('\n');
        lines.push_str(&line.unwrap_or_default());
    }
    Ok(lines)
}

/// Draws the survey in `content`, the `postcard` bytes of a `SurveyContent`, into `container`.
///
/// `words` are the lines that [`Words::new`] reads, `kept` what an earlier [`Shown::kept`] gave or
/// nothing, `seed` decides the orders of options. `flags`: 1 opens the card of a tab at once, 2 says
/// that the page has tools for screenshots.
///
/// # Errors
/// A JavaScript `Error` with the sentence of [`ContentError`].
#[wasm_bindgen]
pub fn mount(
    container: &Element,
    content: &[u8],
    words: &str,
    kept: &[u8],
    seed: u32,
    flags: u8,
    page: Page,
) -> Result<Shown, JsValue> {
    let flow = Flow::start(decode(content)?, kept, seed);
    let scene = Scene::new(flow, Words::new(words), page, flags & SHOTS != 0);
    scene.stage(container, flags & OPEN != 0);
    Ok(Shown { scene })
}

#[wasm_bindgen]
impl Shown {
    /// Says to screen readers, without moving anything, that a survey is there and how to reach it.
    pub fn announce(&self) {
        self.scene.announce();
    }

    /// Shows what became of the answers: `sending`, `waiting`, `kept`, `stored` or `refused`. Another
    /// word changes nothing.
    #[wasm_bindgen(js_name = setDelivery)]
    pub fn set_delivery(&self, state: &str) {
        self.scene.deliver(state);
    }

    /// Shows the same survey in another language; what was answered and entered stays.
    ///
    /// # Errors
    /// A JavaScript `Error` when `content` is not the same survey; everything is as before.
    #[wasm_bindgen(js_name = setContent)]
    pub fn set_content(&self, content: &[u8], words: &str) -> Result<(), JsValue> {
        self.scene.translate(decode(content)?, Words::new(words))?;
        Ok(())
    }

    /// How far the person is: a JSON array of all answers, behind it one digit: 1 for something
    /// answered, 2 for an ending reached, 4 for a context that may be attached, added up.
    pub fn progress(&self) -> String {
        self.scene.flow(|flow| {
            let walk = flow.walk();
            let flags = usize::from(walk.answered())
                + usize::from(walk.complete()) * 2
                + usize::from(flow.agreed()) * 4;
            json::answers(&flow.answers()) + &decimal(flags)
        })
    }

    /// What another page needs to go on here.
    pub fn kept(&self) -> Vec<u8> {
        self.scene.flow(Flow::kept)
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.scene.strike();
    }
}
