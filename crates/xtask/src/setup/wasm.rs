//! Turns what a machine has into a way to compile for `wasm32-unknown-unknown`.
//!
//! Two ways exist. The active Rust toolchain has the target or can fetch it; or rustup can fetch nothing, and Debian's own
//! compiler builds its standard library from source. `FIRSTHAND_WASM=toolchain` or `FIRSTHAND_WASM=debian` takes one of them
//! without looking further.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::apt;
use crate::paths;
use crate::run;

const TARGET: &str = "wasm32-unknown-unknown";
/// What Debian calls a compiler kept new enough for its browsers, its source, and the linker for wasm.
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
const DEBIAN_LINKER: &str = "wasm-ld-22";
/// No unwinding, no panic messages, no source locations, no `Debug` text: a fifth off every module.
const SMALL_FLAGS: &str =
    "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";
/// Enough for a component over a slow line; a machine without a way out waits for it once.
const DOWNLOAD: Duration = Duration::from_secs(90);

/// A way to compile for the browser.
#[derive(Debug, Clone)]
pub(crate) struct Wasm {
    way: Way,
    /// What `rustc --version` says.
    pub(crate) version: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The active toolchain with its precompiled std; `small` when it can also build std from source.
    Toolchain { small: bool },
    /// Debian's `rustc-web`, std from source.
    Debian,
}

/// Which standard library a compilation is linked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Std {
    /// With panic messages: development.
    Plain,
    /// Optimised for size, silent panics: what ships, where the toolchain can.
    Small,
    /// [`Std::Plain`] and the test harness.
    Test,
}

impl fmt::Display for Wasm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.way {
            Way::Toolchain { small: true } => {
                "the active toolchain; release builds get a std optimised for size"
            }
            Way::Toolchain { small: false } => {
                "the active toolchain; without rust-src, so release builds are larger than the published ones"
            }
            Way::Debian => {
                "Debian's compiler with std from source; release builds get a std optimised for size"
            }
        };
        write!(f, "wasm: {how} ({})", self.version)
    }
}

impl Wasm {
    /// A cargo for the browser, in `target/wasm`: `cargo SUBCOMMAND --target …` with the std asked for.
    pub(crate) fn cargo(&self, subcommand: &str, std: Std) -> Command {
        let mut command = match self.way {
            Way::Toolchain { .. } => run::cargo(),
            Way::Debian => debian_cargo(),
        };
        command
            .env("CARGO_TARGET_DIR", paths::wasm_target())
            .env_remove("RUSTFLAGS")
            .args([subcommand, "--target", TARGET]);
        let from_source = match self.way {
            Way::Debian => true,
            Way::Toolchain { small } => small && std == Std::Small,
        };
        if from_source {
            command.env("RUSTC_BOOTSTRAP", "1").arg(match std {
                Std::Test => "-Zbuild-std=std,panic_abort,test",
                Std::Plain | Std::Small => "-Zbuild-std=std,panic_abort",
            });
            if std == Std::Small {
                command
                    .arg("-Zbuild-std-features=optimize_for_size")
                    .env("RUSTFLAGS", SMALL_FLAGS);
            }
        }
        command
    }
}

fn debian_cargo() -> Command {
    let mut command = Command::new("/usr/bin/cargo");
    command
        .current_dir(paths::root())
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTDOC", "/usr/bin/rustdoc")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER)
        // Set by the cargo that runs us, for its own toolchain.
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("LD_LIBRARY_PATH");
    command
}

/// Finds or installs a way to wasm.
///
/// # Errors
/// When none can be had; the message says what to install.
pub(crate) fn choose() -> Result<Wasm> {
    let wanted = std::env::var("FIRSTHAND_WASM").unwrap_or_default();
    if !["", "toolchain", "debian"].contains(&wanted.as_str()) {
        bail!("FIRSTHAND_WASM is `{wanted}`; it can be `toolchain` or `debian`");
    }
    if wanted != "debian"
        && let Some(wasm) = toolchain()?
    {
        return Ok(wasm);
    }
    if wanted != "toolchain" {
        match debian() {
            Ok(wasm) => return Ok(wasm),
            Err(error) if error.is::<run::Interrupted>() => return Err(error),
            Err(error) => run::say(format_args!("no Debian compiler either: {error:#}")),
        }
    }
    bail!(
        "cannot compile for the browser: run `rustup target add {TARGET}`, or on Debian or Ubuntu install {}",
        DEBIAN_PACKAGES.join(" ")
    )
}

fn toolchain() -> Result<Option<Wasm>> {
    let version = run::output(Command::new("rustc").arg("--version"))
        .context("Rust is needed; see https://rustup.rs")?;
    let sysroot = PathBuf::from(run::output(
        Command::new("rustc").args(["--print", "sysroot"]),
    )?);
    let has_std = || {
        sysroot
            .join("lib/rustlib")
            .join(TARGET)
            .join("lib")
            .is_dir()
    };
    if !has_std() {
        fetch("target", TARGET, &version)?;
    }
    if !has_std() {
        return Ok(None);
    }
    let has_source = || {
        sysroot
            .join("lib/rustlib/src/rust/library/Cargo.lock")
            .is_file()
    };
    if !has_source() {
        fetch("component", "rust-src", &version)?;
    }
    let small = has_source() && takes_small_flags();
    Ok(Some(Wasm {
        way: Way::Toolchain { small },
        version,
    }))
}

/// `rustup KIND add NAME`. A refusal is noted in `target/xtask`, so that it costs its time only once per toolchain.
fn fetch(kind: &str, name: &str, version: &str) -> Result<()> {
    let refused = paths::notes().join(format!("no-{name}"));
    if paths::on_path("rustup").is_none()
        || std::fs::read_to_string(&refused).is_ok_and(|kept| kept == version)
    {
        return Ok(());
    }
    run::say(format_args!("rustup {kind} add {name}"));
    let what = format!("rustup {kind} add");
    if !run::attempt(
        &what,
        Command::new("rustup").args([kind, "add", name]),
        DOWNLOAD,
    )? {
        run::say(format_args!(
            "rustup cannot fetch {name} here; delete {} to try again",
            paths::shown(&refused)
        ));
        run::write(&refused, version)?;
    }
    Ok(())
}

/// The flags are unstable: another compiler may have renamed them.
fn takes_small_flags() -> bool {
    run::output(
        Command::new("rustc")
            .env("RUSTC_BOOTSTRAP", "1")
            .args(["--target", TARGET, "--print", "cfg"])
            .args(SMALL_FLAGS.split(' ')),
    )
    .is_ok()
}

fn debian() -> Result<Wasm> {
    let ready = || {
        Path::new("/usr/bin/cargo").is_file()
            && Path::new("/usr/lib/rustlib/src/rust/library/Cargo.lock").is_file()
            && paths::on_path(DEBIAN_LINKER).is_some()
    };
    if !ready() {
        apt::install(&DEBIAN_PACKAGES)?;
    }
    if !ready() {
        bail!(
            "{} are installed, but not where they were expected",
            DEBIAN_PACKAGES.join(" ")
        );
    }
    let version = run::output(
        Command::new("/usr/bin/rustc")
            .arg("--version")
            .env_remove("LD_LIBRARY_PATH"),
    )?;
    Ok(Wasm {
        way: Way::Debian,
        version,
    })
}
