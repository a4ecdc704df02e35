//! Turns 1,000 requests of a page into what each SDK on it costs: main thread, network, memory.

use anyhow::{Result, bail};

use crate::conformance::{page as docs_page, prepared};
use crate::run;

const SDKS: &str = "firsthand,faro,sentry,datadog,otel";

/// Runs `tests/conformance/bench/page.mjs`: all SDKs and the page, or `--only SDK[,SDK…]` without the page.
///
/// # Errors
/// When something cannot be installed, built or run.
pub(super) fn page(args: &[&str]) -> Result<()> {
    let (sdks, write) = match args {
        [] => (SDKS, true),
        ["--only", sdks] => (*sdks, false),
        _ => bail!("usage: cargo xtask bench page [--only SDK[,SDK…]]"),
    };
    let mut bench = prepared(&sdks.split(',').collect::<Vec<_>>())?;
    bench.args(["bench/page.mjs", "--only", sdks]);
    if write {
        bench.arg("--write").arg(docs_page("page")?);
    }
    run::run_aloud("the bench of SDKs", &mut bench)
}
