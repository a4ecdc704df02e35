//! Turns a machine into one with the browsers of the tests, and the driver that speaks for Chromium.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::run;
use crate::setup;

const DEBIAN_CHROMIUM: [&str; 3] = ["chromium", "chromium-driver", "fonts-dejavu-core"];
const DEBIAN_FIREFOX: [&str; 2] = ["firefox-esr", "fonts-dejavu-core"];
/// Fetches browsers where no package manager has them.
const FETCHER: &str = "@puppeteer/browsers";

/// A Chromium or Chrome: `FIRSTHAND_CHROMIUM`, the system's, or one installed now.
///
/// # Errors
/// When none can be installed.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(path) = named("FIRSTHAND_CHROMIUM")? {
        return Ok(path);
    }
    found_or_installed(
        &[
            "chromium",
            "google-chrome",
            "google-chrome-stable",
            "chromium-browser",
        ],
        "chrome",
        &DEBIAN_CHROMIUM,
    )
}

/// A Firefox: `FIRSTHAND_FIREFOX`, the system's, or one installed now.
///
/// # Errors
/// When none can be installed.
pub(crate) fn firefox() -> Result<PathBuf> {
    if let Some(path) = named("FIRSTHAND_FIREFOX")? {
        return Ok(path);
    }
    found_or_installed(&["firefox-esr", "firefox"], "firefox", &DEBIAN_FIREFOX)
}

/// The browser that a variable of the environment names.
fn named(variable: &str) -> Result<Option<PathBuf>> {
    let Some(path) = std::env::var_os(variable).map(PathBuf::from) else {
        return Ok(None);
    };
    if !path.is_file() {
        bail!("{variable} is {}, which is not there", path.display());
    }
    Ok(Some(path))
}

/// The driver of [`chromium`]: `CHROMEDRIVER`, the system's, or one installed now.
///
/// # Errors
/// When none can be installed.
pub(super) fn driver() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMEDRIVER") {
        return Ok(path.into());
    }
    found_or_installed(&["chromedriver"], "chromedriver", &DEBIAN_CHROMIUM)
}

fn found_or_installed(names: &[&str], product: &str, debian: &[&str]) -> Result<PathBuf> {
    let found = || {
        names
            .iter()
            .find_map(|name| paths::on_path(name))
            .or_else(|| fetched(product))
    };
    if let Some(path) = found() {
        return Ok(path);
    }
    match setup::apt_install(debian) {
        Ok(()) => {}
        Err(error) if error.is::<run::Interrupted>() => return Err(error),
        Err(error) => {
            run::say(format_args!("{error:#}; fetching {product} with {FETCHER}"));
            fetch(product)?;
        }
    }
    found().with_context(|| {
        format!("no {product}: install it, or name it in FIRSTHAND_CHROMIUM or FIRSTHAND_FIREFOX")
    })
}

fn fetch(product: &str) -> Result<()> {
    run::run(
        FETCHER,
        Command::new("npx")
            .args([
                "--yes",
                FETCHER,
                "install",
                &format!("{product}@stable"),
                "--path",
            ])
            .arg(paths::tools())
            .current_dir(paths::root()),
    )
}

/// `target/tools/PRODUCT/PLATFORM-VERSION/PRODUCT-PLATFORM/PRODUCT`, as the fetcher lays it out.
fn fetched(product: &str) -> Option<PathBuf> {
    let below = |dir: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(dir)
            .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
            .unwrap_or_default()
    };
    below(&paths::tools().join(product))
        .iter()
        .flat_map(|version| below(version))
        .map(|folder| folder.join(product))
        .find(|file| file.is_file())
}
