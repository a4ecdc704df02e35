//! Turns the workspace into a verdict: every check and test, in the order in which they are cheap to fail.

mod browser;
mod deny;
mod wasm;

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::build::{self, Profile};
use crate::conformance;
use crate::conserve;
use crate::paths;
use crate::run::{self, cargo, npm_tool, run_aloud};
use crate::setup;
use crate::size;
use crate::tidy;

pub(crate) use browser::{chromium, firefox};

struct Step {
    name: &'static str,
    what: &'static str,
    run: fn() -> Result<()>,
}

const STEPS: [Step; 15] = [
    Step {
        name: "fmt",
        what: "Rust is formatted",
        run: fmt,
    },
    Step {
        name: "tidy",
        what: "the source tree keeps its rules",
        run: tidy::tidy,
    },
    Step {
        name: "deny",
        what: "dependencies are allowed, and have no known hole",
        run: deny::check,
    },
    Step {
        name: "clippy",
        what: "Rust has no lint",
        run: clippy,
    },
    Step {
        name: "doc",
        what: "rustdoc has no warning",
        run: doc,
    },
    Step {
        name: "native",
        what: "Rust tests, natively",
        run: native,
    },
    Step {
        name: "build",
        what: "set up, and build the browser assets",
        run: || build::build(Profile::Release),
    },
    Step {
        name: "size",
        what: "every piece keeps its budget",
        run: size::size,
    },
    Step {
        name: "prettier",
        what: "TypeScript and styles are formatted",
        run: prettier,
    },
    Step {
        name: "tsc",
        what: "TypeScript has its types right",
        run: tsc,
    },
    Step {
        name: "vitest",
        what: "TypeScript tests",
        run: vitest,
    },
    Step {
        name: "wasm",
        what: "Rust tests in a browser",
        run: wasm::test,
    },
    Step {
        name: "e2e",
        what: "end to end, in a browser",
        run: end_to_end,
    },
    Step {
        name: "conformance",
        what: "what a page may ask of an SDK that measures it",
        run: || conformance::conformance(&["--only", "firsthand"]),
    },
    Step {
        name: "conserve",
        what: "nothing acknowledged is lost, in two browsers",
        run: conserve::few,
    },
];

/// Runs every step, or those asked for, and stops at the first failure.
///
/// # Errors
/// When a step fails or does not exist.
pub(crate) fn test(args: &[&str]) -> Result<()> {
    let index = |name: &str| {
        STEPS
            .iter()
            .position(|step| step.name == name)
            .with_context(|| format!("there is no step `{name}`; there are {}", names()))
    };
    let steps = match args {
        [] => &STEPS[..],
        ["--only", name] => &STEPS[index(name)?..=index(name)?],
        ["--from", name] => &STEPS[index(name)?..],
        ["--list"] => {
            eprintln!("{}", names());
            return Ok(());
        }
        _ => bail!("usage: cargo xtask test [--only STEP | --from STEP | --list]"),
    };
    let start = Instant::now();
    for (done, step) in steps.iter().enumerate() {
        eprintln!(
            "\n── {}/{} {}: {}",
            done + 1,
            steps.len(),
            step.name,
            step.what
        );
        let begun = Instant::now();
        (step.run)().with_context(|| format!("step `{}`", step.name))?;
        // Nothing follows the last step's own result.
        if done + 1 < steps.len() {
            eprintln!(
                "── {} ok, {} (all so far: {})",
                step.name,
                run::seconds(begun.elapsed()),
                run::seconds(start.elapsed())
            );
        }
    }
    Ok(())
}

fn names() -> String {
    STEPS.map(|step| step.name).join(" ")
}

fn fmt() -> Result<()> {
    run_aloud("cargo fmt", cargo().args(["fmt", "--all", "--check"]))?;
    // A workspace of its own.
    let fuzz = ["--manifest-path", "tests/fuzz/Cargo.toml", "--check"];
    run_aloud("cargo fmt", cargo().arg("fmt").args(fuzz))
}

fn clippy() -> Result<()> {
    run_aloud(
        "cargo clippy",
        cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]),
    )
}

fn doc() -> Result<()> {
    run_aloud(
        "cargo doc",
        cargo()
            .args(["doc", "--workspace", "--no-deps"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )
}

fn native() -> Result<()> {
    run_aloud("cargo test", cargo().args(["test", "--workspace"]))?;
    // The agent of pages that are only measured.
    run_aloud(
        "cargo test",
        cargo().args(["test", "--package", "agent", "--no-default-features"]),
    )
}

fn prettier() -> Result<()> {
    setup::packages()?;
    run_aloud(
        "prettier",
        npm_tool("prettier").args([
            "--check",
            "--log-level",
            "warn",
            "pkg",
            "www",
            "examples",
            "tests/browser",
            "tests/conformance",
            "tests/conserve",
            "crates/**/*.{css,mjs}",
        ]),
    )
}

fn tsc() -> Result<()> {
    setup::packages()?;
    for project in ["pkg/sdk", "tests/browser", "www/console"] {
        run_aloud(
            "tsc",
            npm_tool("tsc").args(["--noEmit", "--project", project]),
        )?;
    }
    Ok(())
}

fn vitest() -> Result<()> {
    setup::packages()?;
    run_aloud(
        "vitest",
        npm_tool("vitest").args(["run", "--root", "pkg/sdk"]),
    )
}

fn end_to_end() -> Result<()> {
    build::collector()?;
    let chromium = browser::chromium()?;
    run_aloud(
        "playwright",
        Command::new(paths::npm_bin("playwright"))
            .arg("test")
            .env("FIRSTHAND_CHROMIUM", chromium)
            .current_dir(paths::root().join("tests/browser")),
    )
}
