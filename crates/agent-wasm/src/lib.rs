//! Turns one call from JavaScript into one input of the agent, and hands its commands back.
//!
//! Nothing is decided here, and there are two functions only: each one costs bytes on both sides.

use core::cell::Cell;

use agent::{Agent, Entropy, Now};
#[cfg(target_arch = "wasm32")]
use lol_alloc::{FreeListAllocator, LockedAllocator};
use wasm_bindgen::prelude::wasm_bindgen;

/// 6 KB smaller than the allocator of the standard library: one list of what is free. An agent holds a
/// few hundred small things, so the list is short.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> =
    LockedAllocator::new(FreeListAllocator::new());

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

thread_local! {
    /// The agent of this page: there is one module instance for each page load, so it is never let
    /// go of, and the code that would is not there.
    static AGENT: Cell<Option<&'static mut Agent<Random>>> = const { Cell::new(None) };
}

/// Starts the agent of this page. `state` is what an earlier page was told to save, or empty.
/// The clocks are `Date.now()` and `performance.now()`.
#[wasm_bindgen]
pub fn start(state: &[u8], wall: f64, mono: f64) {
    let agent = Agent::new(state, now(wall, mono), Random);
    AGENT.set(Some(Box::leak(Box::new(agent))));
}

/// Gives one input, as [`Agent::hear`] reads it, to the agent that was started; returns its commands
/// as JSON in UTF-8.
#[wasm_bindgen]
pub fn hear(input: &[u8], wall: f64, mono: f64) -> Vec<u8> {
    let Some(agent) = AGENT.take() else {
        return b"[]".to_vec();
    };
    let commands = agent.hear(input, now(wall, mono));
    AGENT.set(Some(agent));
    commands
}

fn now(wall: f64, mono: f64) -> Now {
    Now {
        wall_ms: wall as u64,
        mono_ms: mono as u64,
    }
}
