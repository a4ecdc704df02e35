//! Turns one survey's content into questions on the screen, and a person's answers into calls.
//!
//! The lazy half of what runs in a page: fetched only when a survey is to be shown, without network
//! and without storage. [`mount`] is the whole surface. `pkg/sdk/src/widget/` makes the shadow root
//! it draws in, keeps keystrokes inside, moves the focus, and hands the answers on.
//!
//! Leptos, but only its renderer (`tachys`): the `leptos` crate brings server functions, whose
//! exported classes no optimiser may drop, and its signals would weigh a fifth of the widget for the
//! few texts that change within a step. Elements are made through the renderer's own calls (`dom`),
//! never from `view!` or a typed builder: the macro writes parts that never change through
//! `innerHTML`, which pages that require Trusted Types forbid, and every shape of a typed element is
//! code of its own.

#[cfg(all(target_arch = "wasm32", not(target_feature = "atomics")))]
use talc::{
    cell::TalcSyncCell,
    wasm::{WasmBinning, WasmGrowAndClaim},
};

mod bridge;
mod dom;
pub mod flow;
pub mod json;
mod view;
pub mod words;

/// Kilobytes smaller than the allocator of the standard library, and quick enough for a few elements.
#[cfg(all(target_arch = "wasm32", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: TalcSyncCell<WasmGrowAndClaim, WasmBinning> =
    TalcSyncCell::new_wasm(WasmGrowAndClaim);

pub use bridge::{Page, Shown, look, mount};
