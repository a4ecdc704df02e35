//! Turns 100,000 answers and five million rows into how long people wait for each page of the console.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::conformance::page as docs_page;
use crate::{build, paths, run, setup, test};

const ADMIN: &str = "bench@firsthand.example";
const PASSWORD: &str = "firsthand-bench";

/// What is seeded: answers, impressions (a row of its own each, and one more for each item), requests.
struct Size {
    answers: &'static str,
    impressions: &'static str,
    requests: &'static str,
    days: &'static str,
}

const WHOLE: Size = Size {
    answers: "100000",
    impressions: "1700000",
    requests: "5000000",
    days: "60",
};
const QUICK: Size = Size {
    answers: "2000",
    impressions: "10000",
    requests: "200000",
    days: "45",
};

/// Seeds a store once, serves it, and runs `tests/browser/bench/console.mjs`; with `--quick` over a
/// fiftieth of the data, which writes no page.
///
/// # Errors
/// When something cannot be built or seeded, or a question is refused.
pub(super) fn console(args: &[&str]) -> Result<()> {
    let (size, name, write) = match args {
        [] => (WHOLE, "whole", true),
        ["--quick"] => (QUICK, "quick", false),
        _ => bail!("usage: cargo xtask bench console [--quick]"),
    };
    setup::packages()?;
    build::build(build::Profile::Release)?;
    run::run(
        "the collector, optimised",
        run::cargo().args(["build", "--release", "-p", "collector"]),
    )?;
    let binary = paths::target().join("release/firsthand");
    let data = paths::target().join("bench-console").join(name);
    let told = prepare(&binary, &data, &size)?;
    let (mut collector, url) = serve(&binary, &data)?;
    let mut bench = Command::new("node");
    bench
        .current_dir(paths::root().join("tests/browser"))
        .env("FIRSTHAND_CHROMIUM", test::chromium()?)
        .args(["bench/console.mjs", "--url", &url, "--email", ADMIN])
        .args(["--password", PASSWORD, "--data", &told]);
    let page = docs_page("console")?;
    if write {
        bench.arg("--write").arg(&page);
    }
    let done = run::run_aloud("the bench of the console", &mut bench);
    run::stop(&mut collector);
    done?;
    if write {
        let mut prettier = run::npm_tool("prettier");
        run::run_quietly("prettier", prettier.arg("--write").arg(&page))?;
    }
    Ok(())
}

/// Makes the store, unless it is there from an earlier run; answers what is in it.
fn prepare(binary: &Path, data: &Path, size: &Size) -> Result<String> {
    let note = data.join("seeded.txt");
    if let Ok(told) = std::fs::read_to_string(&note) {
        return Ok(told);
    }
    if data.exists() {
        std::fs::remove_dir_all(data).context("cannot take an unfinished store away")?;
    }
    std::fs::create_dir_all(data)?;
    run::say("seeding; once, some minutes");
    let mut seed = Command::new(binary);
    seed.args(["seed", "--answers", size.answers, "--days", size.days])
        .args([
            "--impressions",
            size.impressions,
            "--requests",
            size.requests,
        ])
        .arg("--data")
        .arg(data);
    let told = run::output(&mut seed)?;
    let mut init = Command::new(binary);
    init.args(["init", "--admin", ADMIN, "--password", PASSWORD])
        .args([
            "--site-key",
            "fh_demo_shop",
            "--origin",
            "http://localhost:*",
        ])
        .arg("--data")
        .arg(data);
    run::run("firsthand init", &mut init)?;
    let told = format!("In the store, {}.", told.trim());
    std::fs::write(&note, &told)?;
    Ok(told)
}

/// Starts a collector, and answers where it is.
fn serve(binary: &Path, data: &PathBuf) -> Result<(Child, String)> {
    let mut child = Command::new(binary)
        .args(["serve", "--listen", "127.0.0.1:0", "--log-level", "warn"])
        .arg("--data")
        .arg(data)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the collector")?;
    let out = child.stdout.take().context("the collector has no stdout")?;
    for line in BufReader::new(out).lines() {
        if let Some(url) = line?.strip_prefix("listening on ") {
            return Ok((child, String::from(url)));
        }
    }
    run::stop(&mut child);
    bail!("the collector ended before it was listening")
}
