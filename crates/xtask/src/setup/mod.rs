//! Turns a bare machine into one that can build: picks the way to wasm, installs npm packages.

mod apt;
mod npm;
mod wasm;

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run;

pub(crate) use apt::install as apt_install;
pub(crate) use wasm::{Std, Wasm};

/// Vite, vitest and Playwright ask for it.
const OLDEST_NODE: u32 = 20;

/// Makes ready what TypeScript needs: Node and the npm packages.
///
/// # Errors
/// When Node is missing or too old, or npm fails.
pub(crate) fn packages() -> Result<()> {
    check_node()?;
    npm::install()
}

/// Makes everything ready that a build needs, and says in one line which way to wasm it took.
///
/// # Errors
/// When something is missing that cannot be installed here; the message says what to install.
pub(crate) fn all() -> Result<Wasm> {
    packages()?;
    let wasm = wasm::choose()?;
    run::say(&wasm);
    Ok(wasm)
}

fn check_node() -> Result<()> {
    let version = run::output(Command::new("node").arg("--version"))
        .context("Node is needed; install Node 20 or later")?;
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => bail!("Node {version} is too old; install Node {OLDEST_NODE} or later"),
    }
}
