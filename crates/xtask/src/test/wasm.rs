//! Turns the browser tests of the crates into a run inside headless Chromium.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::browser;
use crate::paths;
use crate::run;
use crate::setup::{self, Std};

const RUNNER: &str = "wasm-bindgen-test-runner";

/// A debug module is large and the machine may be busy: the runner's own limit of 20 s is for small ones. In seconds.
const TIMEOUT: &str = "120";

/// Runs the integration tests of every crate that has `wasm-bindgen-test` among its dev-dependencies.
///
/// # Errors
/// When a tool cannot be installed or a test fails.
pub(super) fn test() -> Result<()> {
    let crates = tested_crates()?;
    if crates.is_empty() {
        run::say("no crate has browser tests");
        return Ok(());
    }
    let wasm = setup::all()?;
    let runner = runner()?;
    let chromium = browser::chromium()?;
    let driver = browser::driver()?;
    let mut cargo = wasm.cargo("test", Std::Test);
    for name in &crates {
        cargo.args(["--package", name]);
    }
    cargo
        .args(["--test", "*"])
        // Nothing splits a module of tests.
        .args(["--features", "console/whole"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CHROMEDRIVER", driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities(&chromium)?)
        .env("WASM_BINDGEN_TEST_TIMEOUT", TIMEOUT);
    run::run_aloud("browser tests", &mut cargo)
}

fn tested_crates() -> Result<Vec<String>> {
    let metadata = metadata(&["--no-deps"])?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata names no packages")?;
    Ok(packages
        .iter()
        .filter(|package| {
            let dependencies = package["dependencies"].as_array();
            dependencies.is_some_and(|all| {
                all.iter()
                    .any(|one| one["name"] == "wasm-bindgen-test" && one["kind"] == "dev")
            })
        })
        .filter_map(|package| package["name"].as_str().map(str::to_owned))
        .collect())
}

fn metadata(args: &[&str]) -> Result<Value> {
    let text = run::output(
        run::cargo()
            .args(["metadata", "--format-version", "1"])
            .args(args),
    )?;
    serde_json::from_str(&text).context("cargo metadata printed something else than JSON")
}

/// The runner of exactly the wasm-bindgen that the crates use; another version refuses their modules.
fn runner() -> Result<PathBuf> {
    let lock = std::fs::read_to_string(paths::root().join("Cargo.lock"))
        .context("cannot read Cargo.lock")?;
    let version =
        locked_version(&lock, "wasm-bindgen").context("Cargo.lock does not name wasm-bindgen")?;
    let file = paths::tools().join("bin").join(RUNNER);
    let installed =
        run::output(std::process::Command::new(&file).arg("--version")).unwrap_or_default();
    if installed.ends_with(&format!(" {version}")) {
        return Ok(file);
    }
    run::say(format_args!(
        "installing {RUNNER} {version}: a few minutes, once"
    ));
    run::run(
        RUNNER,
        run::cargo()
            .args([
                "install",
                "wasm-bindgen-cli",
                "--version",
                version,
                "--bin",
                RUNNER,
                "--force",
            ])
            // Light optimisation: compiled in half the time, and quick enough for modules of our size.
            .args(["--debug", "--root"])
            .arg(paths::tools())
            .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_TARGET_DIR", paths::tools().join("build")),
    )?;
    Ok(file)
}

fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let (_, after) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    after.split('"').next()
}

/// Writes the browser's options where the runner reads them.
fn capabilities(chromium: &Path) -> Result<PathBuf> {
    let file = paths::notes().join("webdriver.json");
    let options = json!({
        "goog:chromeOptions": {
            "binary": chromium,
            "args": [
                "--headless",
                // A container's root has no user namespace to make a sandbox from.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        },
    });
    run::write(&file, options.to_string())?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn the_version_is_that_of_the_very_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-shared\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "serde"), None);
    }
}
