//! Turns the dependencies into a verdict: licences, sources, what is not wanted, known holes.
//!
//! By `cargo deny`, where it is installed (`cargo install cargo-deny`). Its database of advisories is a
//! git repository on GitHub; where that cannot be reached the rest is checked all the same, and it is
//! said what was not.

use std::process::Command;

use anyhow::Result;

use crate::run::{self, run_aloud};

/// Checks what can be checked here.
pub(super) fn check() -> Result<()> {
    if run::output(Command::new("cargo-deny").arg("--version")).is_err() {
        eprintln!(
            "xtask: dependencies are not checked; `cargo install cargo-deny` brings what does"
        );
        return Ok(());
    }
    let allowed = ["check", "licenses", "bans", "sources"];
    run_aloud("cargo deny", deny().args(allowed))?;
    if run::output(deny().args(["fetch", "db"])).is_err() {
        eprintln!("xtask: advisories are not checked; their database cannot be reached from here");
        return Ok(());
    }
    run_aloud("cargo deny", deny().args(["check", "advisories"]))
}

fn deny() -> Command {
    let mut command = Command::new("cargo-deny");
    command.args(["--log-level", "error"]);
    command
}
