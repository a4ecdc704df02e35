//! Turns the browser crates into raw wasm modules, one of them into two.

use std::fs;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use super::{MODULES, Module, Profile};
use crate::paths;
use crate::run;
use crate::setup::{Std, Wasm};

/// Room for the local values of an agent. Nothing in it calls itself, and the frames of its deepest calls take 3 KB;
/// what comes behind has addresses of two bytes then, and a page 1 MB more. Who needs more is stopped by the browser: below
/// the stack there is nothing.
const STACK_BYTES: usize = 5_120;

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
        let what = format!("compiling {} for the browser", module.asset);
        let mut cargo = wasm.cargo("rustc", std);
        cargo
            .args(["--profile", profile.cargo().0])
            .args(["--package", module.package]);
        if module.is_bare {
            cargo.arg("--no-default-features");
        }
        if module.is_library {
            // The library for tests that these packages also make costs the module 2 KB: what two
            // outputs share is optimised for neither.
            cargo.args(["--lib", "--crate-type", "cdylib"]);
        } else {
            cargo.args(["--bin", module.stem]);
        }
        if module.is_split {
            add_flags(&mut cargo, ERASED);
            // Where each function and datum is used, which is how they can be told apart later.
            cargo.args(["--", "-Clink-arg=--emit-relocs", "-Cstrip=none"]);
        }
        if module.is_woven(profile) {
            cargo.args(["--", &format!("-Clink-arg=-zstack-size={STACK_BYTES}")]);
        }
        let start = Instant::now();
        run::run(&what, &mut cargo)?;
        take(module, profile)?;
        run::say(format_args!("{what}: {}", run::seconds(start.elapsed())));
    }
    Ok(())
}

/// Components by one type instead of one each: compiled sooner, and a tenth less of the console.
const ERASED: &str = "--cfg erase_components";

/// Adds to the flags that every crate is compiled with.
fn add_flags(cargo: &mut Command, flags: &str) {
    let set = cargo.get_envs().find(|(name, _)| *name == "RUSTFLAGS");
    let set = set.and_then(|(_, value)| value?.to_str()).unwrap_or("");
    let all = format!("{set} {flags}");
    cargo.env("RUSTFLAGS", all.trim_start());
}

/// Keeps what was compiled: the next module may be of the same package, and then has the same name.
fn take(module: &Module, profile: Profile) -> Result<()> {
    let compiled = paths::wasm_target()
        .join("wasm32-unknown-unknown")
        .join(profile.cargo().1)
        .join(format!("{}.wasm", module.stem));
    let bytes =
        fs::read(&compiled).with_context(|| format!("cannot read {}", paths::shown(&compiled)))?;
    run::write(&module.raw(profile), &bytes)
}
