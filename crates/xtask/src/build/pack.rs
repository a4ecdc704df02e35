//! Turns a raw wasm module into the one that ships, with its JavaScript glue.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::{Module, Profile, bundle, split, trim, weave};
use crate::paths;
use crate::run;
use crate::stamp::{Inputs, Stamp};

/// The features that rustc emits for the target; wasm-opt must be told, because the module's own list is stripped.
pub(super) const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Runs wasm-bindgen and, for release, wasm-opt, when the module or a tool changed.
///
/// # Errors
/// When the module is missing or a tool refuses it.
pub(super) fn pack(module: &Module, profile: Profile) -> Result<()> {
    let raw = module.raw(profile);
    let stamp = stamp(module, profile, &raw)?;
    if outputs(module).is_ok_and(|outputs| stamp.holds(&outputs)) {
        return Ok(());
    }
    let start = Instant::now();
    bind(module, profile, &raw)?;
    if profile == Profile::Release {
        trim::exports(module)?;
        optimise(&module.wasm())?;
        trim::imports(module)?;
        if module.is_woven(profile) {
            trim::names(module)?;
            run::write(&module.wasm(), weave::weave(&run::read(&module.wasm())?)?)?;
        }
        if module.is_split {
            optimise_all(&split::chunks(module)?)?;
        }
    }
    run::say(format_args!(
        "packed {}: {}",
        module.asset,
        run::seconds(start.elapsed())
    ));
    stamp.leave(&outputs(module)?)
}

fn outputs(module: &Module) -> Result<Vec<PathBuf>> {
    let mut outputs = vec![module.glue(), module.wasm()];
    if module.is_split {
        outputs.extend(split::outputs(module)?);
    }
    Ok(outputs)
}

fn stamp(module: &Module, profile: Profile, raw: &Path) -> Result<Stamp> {
    let root = paths::root();
    let mut inputs = Inputs::default()
        .text(profile.cargo().0)
        .text(include_str!("pack.rs"))
        .text(include_str!("split.rs"))
        .text(include_str!("trim.rs"))
        .text(include_str!("weave.rs"))
        .text(include_str!("bundle.rs"))
        .file(&bundle::script())?
        .file(&script())?
        .file(raw)?
        .file(&root.join("Cargo.lock"))?
        .file(&root.join("package-lock.json"))?;
    // What the script around the module calls decides which exports stay.
    if module.entry.is_some()
        && let Some(folder) = module.entry().parent()
    {
        inputs = inputs.tree(folder, bundle::is_script)?;
    }
    Ok(Stamp::new(&format!("pack-{}", module.asset), inputs))
}

fn bind(module: &Module, profile: Profile, raw: &Path) -> Result<()> {
    let release = profile == Profile::Release;
    let out = paths::root().join(module.out);
    if out.exists() {
        std::fs::remove_dir_all(&out).with_context(|| format!("cannot clear {}", out.display()))?;
    }
    let start = match module.is_split {
        true => split::split(module, raw)?,
        false => raw.to_path_buf(),
    };
    Bindgen::new()
        .input_path(&start)
        // Chunks find functions and data by the linker's names.
        .keep_lld_exports(module.is_split)
        .demangle(!module.is_split)
        .out_name(module.stem)
        .web(true)?
        .typescript(module.is_library)
        // Whoever loads the module knows its hashed name; the glue must not guess.
        .omit_default_module_path(true)
        .remove_name_section(release)
        .remove_producers_section(release)
        .generate(&out)
        .with_context(|| format!("wasm-bindgen refuses {}", raw.display()))
}

/// As [`optimise`], in one process: there are hundreds, and each would take a second to start one.
fn optimise_all(files: &[PathBuf]) -> Result<()> {
    run::run_quietly("binaryen", Command::new("node").arg(script()).args(files))
}

fn script() -> PathBuf {
    paths::root().join("crates/xtask/js/optimise.mjs")
}

fn optimise(file: &Path) -> Result<()> {
    run::run_quietly(
        "wasm-opt",
        run::npm_tool("wasm-opt")
            // Control flow that is taken apart and made anew has fewer forms, and so does memory access without
            // hints of its alignment: 2 % less of the agent once it is compressed.
            .args(["--dealign", "--flatten", "--rereloop", "-Oz", "-Oz"])
            .arg("--low-memory-unused")
            .args(["--strip-producers", "--strip-target-features"])
            .args(WASM_FEATURES)
            .arg(file)
            .arg("-o")
            .arg(file),
    )
}
