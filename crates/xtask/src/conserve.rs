//! Turns browsers, a bad network and a collector into a proof that nothing acknowledged is lost between them.
//!
//! The proof is `tests/conserve`: seeds of pages, troubles and faults, each replayable, see its README.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::build;
use crate::paths;
use crate::run;
use crate::setup;
use crate::test;

const USAGE: &str = "usage: cargo xtask conserve [--seeds N] [--from N] [--seed N] \
    [--browser chromium|firefox] [--jobs N] [--no-control]";

/// Seeds that a run of all tests can wait for: each fault and each trouble at least once.
const FEW: &str = "24";
/// Firefox takes longer to start and to load; what it adds is its own storage and its own network.
const FEW_IN_FIREFOX: &str = "8";

/// Runs seeds in one browser.
///
/// # Errors
/// When a seed contradicts the promise, a broken promise goes unnoticed, or something cannot be built.
pub(crate) fn conserve(args: &[&str]) -> Result<()> {
    let is_flag = |arg: &str| arg == "--no-control";
    let mut rest = args.iter();
    let mut browser = "chromium";
    while let Some(arg) = rest.next() {
        match *arg {
            "--seeds" | "--from" | "--seed" | "--jobs" => {
                let number = rest.next().and_then(|it| it.parse::<u32>().ok());
                if number.is_none() {
                    bail!("{arg} needs a number\n{USAGE}");
                }
            }
            "--browser" => match rest.next() {
                Some(name @ (&"chromium" | &"firefox")) => browser = name,
                _ => bail!("--browser is chromium or firefox\n{USAGE}"),
            },
            flag if is_flag(flag) => {}
            _ => bail!("{USAGE}"),
        }
    }
    let path = match browser {
        "firefox" => test::firefox()?,
        _ => test::chromium()?,
    };
    setup::packages()?;
    build::collector()?;
    run::run_aloud("conservation", seeds(browser, path).args(args))
}

/// A few seeds in both browsers: a step of all tests.
///
/// # Errors
/// As [`conserve`].
pub(crate) fn few() -> Result<()> {
    conserve(&["--seeds", FEW])?;
    conserve(&[
        "--seeds",
        FEW_IN_FIREFOX,
        "--browser",
        "firefox",
        "--no-control",
    ])
}

fn seeds(browser: &str, path: PathBuf) -> Command {
    let variable = format!("FIRSTHAND_{}", browser.to_uppercase());
    let mut node = Command::new("node");
    node.current_dir(paths::root().join("tests/conserve"))
        .arg("run.mjs")
        .env(variable, path);
    node
}
