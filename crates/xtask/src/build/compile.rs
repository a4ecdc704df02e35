//! Turns the three browser crates into raw wasm modules.

use std::time::Instant;

use anyhow::Result;

use super::{AGENT, CONSOLE, Module, Profile, WIDGET};
use crate::run;
use crate::setup::{Std, Wasm};

/// Cargo unites the features of everything it builds at once, so the agent, where every byte is always paid, is built apart
/// from the leptos crates.
const GROUPS: [&[&Module]; 2] = [&[&AGENT], &[&WIDGET, &CONSOLE]];

/// Compiles the modules into `target/wasm`; cargo itself knows what is fresh.
///
/// # Errors
/// When a crate does not compile.
pub(super) fn compile(wasm: &Wasm, profile: Profile) -> Result<()> {
    let std = match profile {
        Profile::Debug => Std::Plain,
        Profile::Release => Std::Small,
    };
    for group in GROUPS {
        let names: Vec<&str> = group.iter().map(|module| module.package).collect();
        let what = format!("compiling {} for the browser", names.join(", "));
        let mut cargo = wasm.cargo("build", std);
        cargo.args(["--profile", profile.cargo().0]);
        for name in &names {
            cargo.args(["--package", name]);
        }
        let start = Instant::now();
        run::run(&what, &mut cargo)?;
        run::say(format_args!("{what}: {}", run::seconds(start.elapsed())));
    }
    Ok(())
}
