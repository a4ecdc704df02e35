//! Turns the three browser crates into raw wasm modules.

use std::time::Instant;

use anyhow::Result;

use super::{MODULES, Profile};
use crate::run;
use crate::setup::{Std, Wasm};

/// Compiles the modules into `target/wasm`, one after the other; cargo itself knows what is fresh.
///
/// Cargo unites the features of everything it builds at once. Built alone, the widget carries nothing that only the
/// console asked of a crate that both share; such a crate is compiled twice for it.
///
/// # Errors
/// When a crate does not compile.
pub(super) fn compile(wasm: &Wasm, profile: Profile) -> Result<()> {
    let std = match profile {
        Profile::Debug => Std::Plain,
        Profile::Release => Std::Small,
    };
    for module in MODULES {
        let what = format!("compiling {} for the browser", module.package);
        let mut cargo = wasm.cargo("rustc", std);
        cargo
            .args(["--profile", profile.cargo().0])
            .args(["--package", module.package]);
        if module.is_library {
            // The library for tests that these packages also make costs the module 2 KB: what two
            // outputs share is optimised for neither.
            cargo.args(["--lib", "--crate-type", "cdylib"]);
        }
        let start = Instant::now();
        run::run(&what, &mut cargo)?;
        run::say(format_args!("{what}: {}", run::seconds(start.elapsed())));
    }
    Ok(())
}
