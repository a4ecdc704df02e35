//! Turns calls between the page's JavaScript and the view into typed ones.

use std::fmt;

use any_spawner::Executor;
use reactive_graph::owner::Owner;
use tachys::renderer::types::Element;
use wasm_bindgen::prelude::*;

use crate::flow::Flow;
use crate::view::{Scene, Stage};

#[wasm_bindgen]
extern "C" {
    /// What the JavaScript around the view does when it is told something.
    ///
    /// None of these may throw: an exception would pass through Rust without running destructors.
    #[derive(Clone, Debug)]
    pub type Page;

    /// The question `id`, shown as `prompt`, is answered with a score.
    #[wasm_bindgen(method)]
    pub(crate) fn score(this: &Page, id: &str, prompt: &str, score: u8);
    /// The question `id`, shown as `prompt`, is answered with a text.
    #[wasm_bindgen(method)]
    pub(crate) fn text(this: &Page, id: &str, prompt: &str, text: &str);
    /// The question `id`, shown as `prompt`, is passed over.
    #[wasm_bindgen(method)]
    pub(crate) fn skipped(this: &Page, id: &str, prompt: &str);
    /// The ending is reached.
    #[wasm_bindgen(method)]
    pub(crate) fn completed(this: &Page);
    /// The button in the corner is pressed.
    #[wasm_bindgen(method)]
    pub(crate) fn closed(this: &Page);
    /// The person went a step on, or was held back: the focus belongs on the new first control.
    #[wasm_bindgen(method)]
    pub(crate) fn moved(this: &Page);
}

/// One survey on the screen; freeing it takes it off.
#[wasm_bindgen]
pub struct Shown {
    scene: Scene,
    _stage: Stage,
    _owner: Owner,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown")
    }
}

/// Draws the survey in `content`, the `postcard` bytes of a `SurveyContent`, into `container`.
///
/// # Errors
/// A JavaScript `Error` with the sentence of [`crate::flow::ContentError`].
#[wasm_bindgen]
pub fn mount(container: &Element, content: &[u8], page: Page) -> Result<Shown, JsError> {
    let flow = Flow::start(content).map_err(|error| JsError::new(error.as_str()))?;
    // An error means that it is already set, by an earlier survey.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let (scene, stage) = owner.with(|| {
        let scene = Scene::new(flow, page);
        (scene, Stage::set(scene, container))
    });
    Ok(Shown {
        scene,
        _stage: stage,
        _owner: owner,
    })
}

#[wasm_bindgen]
impl Shown {
    /// Says to screen readers, without moving anything, that a survey is there and how to reach it.
    pub fn announce(&self) {
        self.scene.announce();
    }

    /// Shows on the ending what became of the answers: `sending`, `waiting`, `stored` or `refused`.
    /// Another word changes nothing.
    #[wasm_bindgen(js_name = setDelivery)]
    pub fn set_delivery(&self, state: &str) {
        self.scene.deliver(state);
    }
}
