//! Turns a simulated day of requests into what is stored of it, how fast, and how soon it is read.

use anyhow::{Result, bail};

use crate::conformance::page as docs_page;
use crate::{run, setup};

/// Runs `crates/store-sqlite/benches/rollup.rs`: 10 million requests, or with `--quick` one in a
/// hundred of them, which writes no page.
///
/// # Errors
/// When it cannot be built or fails.
pub(super) fn rollup(args: &[&str]) -> Result<()> {
    let write = match args {
        [] => true,
        ["--quick"] => false,
        _ => bail!("usage: cargo xtask bench rollup [--quick]"),
    };
    let page = docs_page("rollup")?;
    let mut bench = run::cargo();
    bench.args(["bench", "-p", "store-sqlite", "--bench", "rollup", "--"]);
    if write {
        bench.arg("--write").arg(&page);
    } else {
        bench.arg("--quick");
    }
    run::run_aloud("the bench of sums", &mut bench)?;
    if write {
        setup::packages()?;
        let mut prettier = run::npm_tool("prettier");
        run::run_quietly("prettier", prettier.arg("--write").arg(&page))?;
    }
    Ok(())
}
