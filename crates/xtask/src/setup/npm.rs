//! Turns `package-lock.json` into `node_modules`, only when one is newer than the other.

use std::process::Command;

use anyhow::Result;

use crate::paths;
use crate::run;
use crate::stamp::{Inputs, Stamp};

/// Installs the npm packages when the lock file or a manifest changed since the last time.
///
/// # Errors
/// When npm is missing or fails.
pub(crate) fn install() -> Result<()> {
    let root = paths::root();
    let lock = root.join("package-lock.json");
    let outputs = [root.join("node_modules/.package-lock.json")];
    if stamp()?.holds(&outputs) {
        return Ok(());
    }
    let command = if lock.exists() { "ci" } else { "install" };
    run::say(format_args!("npm {command}"));
    run::run(
        "npm",
        Command::new("npm")
            .arg(command)
            .args(["--no-audit", "--no-fund", "--loglevel=error"])
            // The browser comes from the system or from `target/tools`, see the wasm and e2e tests.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(&root),
    )?;
    // Taken again: `npm install` writes the lock file that it did not find.
    stamp()?.leave(&outputs)
}

fn stamp() -> Result<Stamp> {
    let root = paths::root();
    let inputs = [
        "package.json",
        "package-lock.json",
        "pkg/sdk/package.json",
        "tests/browser/package.json",
        "tests/conformance/package.json",
        "tests/conserve/package.json",
        "www/console/package.json",
    ]
    .iter()
    .try_fold(Inputs::default(), |inputs, name| {
        inputs.file(&root.join(name))
    })?;
    Ok(Stamp::new("npm", inputs))
}
