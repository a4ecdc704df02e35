//! Turns the product into figures: what it costs, beside others where there are any.

mod console;
mod ingest;
mod page;
mod rollup;

use anyhow::{Result, bail};

/// Runs one of the benches; each prints a table and writes a page of `www/docs/bench`.
///
/// # Errors
/// When there is no such bench, or it cannot run.
pub(crate) fn bench(args: &[&str]) -> Result<()> {
    match args {
        ["page", rest @ ..] => page::page(rest),
        ["console", rest @ ..] => console::console(rest),
        ["ingest", rest @ ..] => ingest::ingest(rest),
        ["rollup", rest @ ..] => rollup::rollup(rest),
        _ => bail!("usage: cargo xtask bench console|ingest|page|rollup"),
    }
}
