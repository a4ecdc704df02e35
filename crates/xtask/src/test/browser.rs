//! Turns a machine into one with a Chromium and the driver that speaks for it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::run;
use crate::setup;

const DEBIAN_PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-dejavu-core"];
/// Fetches browsers where no package manager has them.
const FETCHER: &str = "@puppeteer/browsers";

/// A Chromium or Chrome: `FIRSTHAND_CHROMIUM`, the system's, or one installed now.
///
/// # Errors
/// When none can be installed.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("FIRSTHAND_CHROMIUM") {
        let path = PathBuf::from(path);
        if !path.is_file() {
            bail!(
                "FIRSTHAND_CHROMIUM is {}, which is not there",
                path.display()
            );
        }
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
    )
}

/// The driver of [`chromium`]: `CHROMEDRIVER`, the system's, or one installed now.
///
/// # Errors
/// When none can be installed.
pub(super) fn driver() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMEDRIVER") {
        return Ok(path.into());
    }
    found_or_installed(&["chromedriver"], "chromedriver")
}

fn found_or_installed(names: &[&str], product: &str) -> Result<PathBuf> {
    let found = || {
        names
            .iter()
            .find_map(|name| paths::on_path(name))
            .or_else(|| fetched(product))
    };
    if let Some(path) = found() {
        return Ok(path);
    }
    match setup::apt_install(&DEBIAN_PACKAGES) {
        Ok(()) => {}
        Err(error) if error.is::<run::Interrupted>() => return Err(error),
        Err(error) => {
            run::say(format_args!("{error:#}; fetching {product} with {FETCHER}"));
            fetch(product)?;
        }
    }
    found().with_context(|| format!("no {product}: install Chromium and chromedriver, or name the browser in FIRSTHAND_CHROMIUM"))
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
