//! Turns the fuzz targets of `tests/fuzz` into minutes without a finding, or into the input of one.
//!
//! cargo-fuzz is installed for this workspace only. Its flags ask for a nightly compiler; `RUSTC_BOOTSTRAP` makes any take them.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::run;

const USAGE: &str = "usage: cargo xtask fuzz [envelope|gzip|histogram|budget|survey] [--minutes N]";

/// Each target with the folders of inputs that it begins with; what it finds worth keeping stays in `target`.
const TARGETS: [(&str, &str); 5] = [
    ("envelope", "tests/fixtures/wire/v1"),
    ("gzip", "tests/fuzz/seeds/gzip"),
    ("histogram", "tests/fuzz/seeds/histogram"),
    ("budget", "examples/budgets"),
    ("survey", "examples/surveys"),
];
/// Minutes of each target when nobody says how many.
const MINUTES: u32 = 1;
/// The version that the flags below are known to work with.
const CARGO_FUZZ: &str = "0.13.2";
/// Bytes of one input. Faults of readers show in small ones; large ones only make each try slower.
const MAX_BYTES: u32 = 64 << 10;
/// Seconds of one input after which it counts as a hang, and MiB that it may take.
const HANGS_S: u32 = 20;
const MAX_MIB: u32 = 2_500;

/// Runs all targets one after the other, or the one that is named.
///
/// # Errors
/// When an input makes a target panic, hang or run out of memory; the message names the file that holds it.
pub(crate) fn fuzz(args: &[&str]) -> Result<()> {
    let (name, minutes) = match args {
        [] => (None, MINUTES),
        ["--minutes", n] => (None, number(n)?),
        [name] => (Some(*name), MINUTES),
        [name, "--minutes", n] => (Some(*name), number(n)?),
        _ => bail!(USAGE),
    };
    if let Some(name) = name
        && !TARGETS.iter().any(|(target, _)| *target == name)
    {
        bail!("there is no target {name}\n{USAGE}");
    }
    install()?;
    let chosen = TARGETS
        .iter()
        .filter(|(target, _)| name.is_none_or(|it| it == *target));
    for (target, seeds) in chosen {
        one(target, seeds, minutes)?;
    }
    Ok(())
}

fn number(text: &str) -> Result<u32> {
    text.parse()
        .with_context(|| format!("{text} minutes\n{USAGE}"))
}

fn one(target: &str, seeds: &str, minutes: u32) -> Result<()> {
    let root = paths::root();
    let corpus = paths::target().join("fuzz/corpus").join(target);
    let found = paths::target().join("fuzz/found").join(target);
    for folder in [&corpus, &found] {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    run::say(format_args!("fuzzing {target} for {minutes} min"));
    let mut fuzz = run::cargo();
    fuzz.arg("fuzz")
        .args(["run", target, "--fuzz-dir", "tests/fuzz"])
        .arg(&corpus)
        .arg(root.join(seeds))
        .arg("--")
        .arg(format!("-max_total_time={}", minutes * 60))
        .arg(format!("-max_len={MAX_BYTES}"))
        .arg(format!("-timeout={HANGS_S}"))
        .arg(format!("-rss_limit_mb={MAX_MIB}"))
        .arg(format!("-artifact_prefix={}/", found.display()))
        .args(["-use_value_profile=1", "-print_final_stats=1"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", paths::target().join("fuzz"))
        .env("PATH", path()?);
    run::run_aloud(&format!("fuzzing {target}"), &mut fuzz)
        .with_context(|| format!("what {target} found is in {}", paths::shown(&found)))
}

/// Where cargo finds `cargo-fuzz`.
fn path() -> Result<std::ffi::OsString> {
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(home().join("bin")).chain(std::env::split_paths(&inherited));
    Ok(std::env::join_paths(all)?)
}

fn home() -> PathBuf {
    paths::tools().join("cargo-fuzz")
}

fn install() -> Result<()> {
    if home().join("bin/cargo-fuzz").is_file() {
        return Ok(());
    }
    run::say(format_args!("installing cargo-fuzz {CARGO_FUZZ}"));
    let mut install: Command = run::cargo();
    install
        .args(["install", "cargo-fuzz", "--version", CARGO_FUZZ, "--root"])
        .arg(home());
    run::run("cargo install cargo-fuzz", &mut install)
}
