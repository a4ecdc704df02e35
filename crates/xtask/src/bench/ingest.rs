//! Turns senders on this machine into acknowledged items a second, beside what server and disk allow.

use anyhow::{Result, bail};

use crate::conformance::page as docs_page;
use crate::{run, setup};

/// Runs `crates/collector/benches/ingest.rs`; with `--quick` for a moment, which writes no page.
///
/// # Errors
/// When it cannot be built or fails: also when something that was acknowledged is not on disk.
pub(super) fn ingest(args: &[&str]) -> Result<()> {
    let write = match args {
        [] => true,
        ["--quick"] => false,
        _ => bail!("usage: cargo xtask bench ingest [--quick]"),
    };
    let page = docs_page("ingest")?;
    let mut bench = run::cargo();
    bench.args(["bench", "-p", "collector", "--bench", "ingest", "--"]);
    if write {
        bench.arg("--write").arg(&page);
    } else {
        bench.arg("--quick");
    }
    run::run_aloud("the bench of ingest", &mut bench)?;
    if write {
        setup::packages()?;
        let mut prettier = run::npm_tool("prettier");
        run::run_quietly("prettier", prettier.arg("--write").arg(&page))?;
    }
    Ok(())
}
