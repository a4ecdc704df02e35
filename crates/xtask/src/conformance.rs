//! Turns SDKs into a table of the behaviours that each of them shows in a real browser.
//!
//! The suite is `tests/conformance`; ours needs nothing that the other tests do not. The SDKs of others are fetched only
//! when they are asked for: their packages are ten times as many bytes as all that we need ourselves.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::build;
use crate::paths;
use crate::run;
use crate::setup;
use crate::stamp::{Inputs, Stamp};
use crate::test;

/// The adapter of ours, see `tests/conformance/sdk`.
const OURS: &str = "firsthand";

/// Runs the suite: `--only SDK[,SDK…]` puts some through it, else all do, and `www/docs` gets the table.
///
/// # Errors
/// When ours does not show a behaviour, a check lets pass what it must not, or something cannot be built.
pub(crate) fn conformance(args: &[&str]) -> Result<()> {
    let mut suite = match args {
        [] => {
            let sdks = ["bare", "bad", OURS, "faro", "sentry", "datadog", "otel"];
            let mut all = prepared(&sdks)?;
            all.args(["run.mjs", "--only", &sdks.join(","), "--write"])
                .arg(page("conformance")?);
            all
        }
        ["--only", sdks] => {
            let mut some = prepared(&sdks.split(',').collect::<Vec<_>>())?;
            some.args(["run.mjs", "--only", sdks]);
            some
        }
        _ => bail!("usage: cargo xtask conformance [--only SDK[,SDK…]]"),
    };
    run::run_aloud("the conformance suite", &mut suite)
}

/// Node in the suite's folder, with everything that these SDKs need in place.
///
/// # Errors
/// When something cannot be installed or built.
pub(crate) fn prepared(sdks: &[&str]) -> Result<Command> {
    setup::packages()?;
    if sdks
        .iter()
        .any(|sdk| !matches!(*sdk, "bare" | "bad" | "shim" | OURS))
    {
        peers()?;
    }
    if sdks.contains(&OURS) {
        build::collector()?;
    }
    let mut node = Command::new("node");
    node.current_dir(suite())
        .env("FIRSTHAND_CHROMIUM", test::chromium()?);
    Ok(node)
}

/// A page of measurements in the documentation, and the folder that it needs.
///
/// # Errors
/// When the folder cannot be made.
pub(crate) fn page(name: &str) -> Result<PathBuf> {
    let folder = paths::root().join("www/docs/bench");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{name}.md")))
}

fn suite() -> PathBuf {
    paths::root().join("tests/conformance")
}

/// Installs the SDKs of others when their lock file changed since the last time.
fn peers() -> Result<()> {
    let folder = suite().join("peers");
    let inputs = Inputs::default().file(&folder.join("package-lock.json"))?;
    let stamp = Stamp::new("peers", inputs);
    let outputs = [folder.join("node_modules/.package-lock.json")];
    if stamp.holds(&outputs) {
        return Ok(());
    }
    run::say("npm ci for the SDKs of others");
    run::run(
        "npm",
        Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .arg("--loglevel=error")
            .current_dir(&folder),
    )?;
    stamp.leave(&outputs)
}
