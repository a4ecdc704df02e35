//! Turns calls from JavaScript into inputs of the agent, and its commands into JSON.
//!
//! Nothing is decided here. Every call carries both clocks (`Date.now()`, `performance.now()`) and
//! returns an array of commands as JSON text. Few functions with few kinds of arguments: each one
//! costs bytes on both sides.

mod json;

use agent::{Command, Entropy, Now, Reply};
use protocol::item::DismissReason;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]);
}

/// The browser's generator.
#[derive(Debug)]
struct Random;

impl Entropy for Random {
    fn fill(&mut self, bytes: &mut [u8]) {
        get_random_values(bytes);
    }
}

type Inner = agent::Agent<Random>;

/// The inputs that carry nothing, in the order of `SIGNALS` of the facade.
const SIGNALS: [fn(&mut Inner, Now) -> Vec<Command>; 9] = [
    Inner::tick,
    Inner::visible,
    Inner::hidden,
    Inner::online,
    Inner::shown,
    Inner::show_failed,
    Inner::completed,
    |agent, now| agent.closed(DismissReason::Person, now),
    |agent, now| agent.closed(DismissReason::Page, now),
];

/// The brain of one page load.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Agent(Inner);

#[wasm_bindgen]
impl Agent {
    /// `state` is what an earlier page was told to save, or empty.
    #[wasm_bindgen(constructor)]
    pub fn new(state: &[u8], wall: f64, mono: f64) -> Self {
        let state = Some(state).filter(|state| !state.is_empty());
        Self(Inner::new(state, now(wall, mono), Random))
    }

    /// One of the inputs that carry nothing.
    pub fn signal(&mut self, signal: u8, wall: f64, mono: f64) -> String {
        let input = SIGNALS.get(usize::from(signal));
        commands(&input.map_or_else(Vec::new, |input| input(&mut self.0, now(wall, mono))))
    }

    /// The config arrived (status 200), or did not.
    pub fn configured(
        &mut self,
        status: u16,
        config: &[u8],
        retry_after_ms: u32,
        code: &str,
        wall: f64,
        mono: f64,
    ) -> String {
        let now = now(wall, mono);
        commands(&match status {
            200 => self.0.configure(config, now),
            _ => self.0.config_failed(status, retry_after_ms, code, now),
        })
    }

    /// The page was entered, or its address changed.
    pub fn page(&mut self, url: &str, language: &str, wall: f64, mono: f64) -> String {
        commands(&self.0.page(url, language, now(wall, mono)))
    }

    /// Another page of this browser saved `state`.
    pub fn synced(&mut self, state: &[u8], wall: f64, mono: f64) -> String {
        commands(&self.0.synced(state, now(wall, mono)))
    }

    /// The page asks for a survey.
    pub fn show(&mut self, survey: &str, wall: f64, mono: f64) -> String {
        commands(&self.0.show(survey, now(wall, mono)))
    }

    /// A question was answered: with `score`, or where that is absent with `text`; empty is a skip.
    pub fn answered(
        &mut self,
        question: &str,
        prompt: &str,
        score: Option<f64>,
        text: &str,
        wall: f64,
        mono: f64,
    ) -> String {
        let now = now(wall, mono);
        commands(&match score {
            Some(score) => self.0.answered_nps(question, prompt, byte(score), now),
            None => self.0.answered_text(question, prompt, text, now),
        })
    }

    /// An envelope was answered, or was not.
    #[expect(
        clippy::too_many_arguments,
        reason = "taking an object apart would cost more bytes than all these arguments"
    )]
    pub fn delivered(
        &mut self,
        batch: &str,
        status: u16,
        letters: &str,
        retry_after_ms: u32,
        code: &str,
        wall: f64,
        mono: f64,
    ) -> String {
        let reply = Reply {
            batch,
            status,
            letters,
            retry_after_ms,
            code,
        };
        commands(&self.0.delivered(&reply, now(wall, mono)))
    }
}

fn now(wall: f64, mono: f64) -> Now {
    Now {
        wall_ms: wall as u64,
        mono_ms: mono as u64,
    }
}

/// A number that must not become another one on its way into a byte; 255 is on no scale of ours.
fn byte(number: f64) -> u8 {
    let byte = number as u8;
    if f64::from(byte) == number {
        byte
    } else {
        u8::MAX
    }
}

fn commands(commands: &[Command]) -> String {
    // Cannot fail: commands hold only what `json` writes, and its tests see all of them.
    json::to_json(commands).unwrap_or_default()
}
