//! Turns a simulated day of requests into what is stored of it, how fast, and how soon it is read.

use anyhow::{Result, bail};

use crate::conformance::page as docs_page;
use crate::run;

/// Runs `crates/store-sqlite/benches/rollup.rs`: 10 million requests, or with `--quick` one in a
/// hundred of them, which writes no page.
///
/// # Errors
/// When it cannot be built or fails.
pub(super) fn rollup(args: &[&str]) -> Result<()> {
    let mut bench = run::cargo();
    bench.args(["bench", "-p", "store-sqlite", "--bench", "rollup", "--"]);
    match args {
        [] => bench.arg("--write").arg(docs_page("rollup")?),
        ["--quick"] => bench.arg("--quick"),
        _ => bail!("usage: cargo xtask bench rollup [--quick]"),
    };
    run::run_aloud("the bench of sums", &mut bench)
}
