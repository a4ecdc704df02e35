//! Turns the browser crates, the SDK and the console page into `www/dist`, which the collector embeds.
//!
//! compile (cargo) -> pack (wasm-bindgen, wasm-opt, weave) -> bundle (esbuild) -> dist (hashed names, compressed twins).

mod bundle;
mod compile;
mod compress;
mod dist;
mod pack;
mod split;
mod trim;
mod weave;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;

use crate::paths;
use crate::run;
use crate::setup;

pub(crate) use dist::Piece;
pub(crate) use split::around;

/// How browser assets are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build, large, with panic messages.
    Debug,
    /// What ships.
    Release,
}

impl Profile {
    /// The cargo profile, and the folder that cargo puts its output in.
    fn cargo(self) -> (&'static str, &'static str) {
        match self {
            Self::Debug => ("dev", "debug"),
            Self::Release => ("wasm-release", "wasm-release"),
        }
    }
}

/// One wasm module and its glue.
#[derive(Debug)]
struct Module {
    package: &'static str,
    /// Stem of the files: the crate's name as an identifier.
    stem: &'static str,
    /// Name of the shipped files.
    asset: &'static str,
    /// Whether the package's default features are left out: one package can be two modules.
    is_bare: bool,
    /// Where the packed module goes, relative to the root.
    out: &'static str,
    /// What is bundled with the glue, relative to the root; the glue itself when absent.
    entry: Option<&'static str>,
    /// Whether it is a library of functions for TypeScript, rather than a program.
    is_library: bool,
    /// Whether parts of it are fetched only when they are needed.
    is_split: bool,
}

/// The agent of pages that are only measured.
const AGENT: Module = Module {
    package: "agent-wasm",
    stem: "agent_wasm",
    asset: "agent",
    is_bare: true,
    out: "pkg/sdk/wasm/agent",
    entry: None,
    is_library: true,
    is_split: false,
};
/// The same where surveys run: it also asks.
const ASKER: Module = Module {
    asset: "asker",
    is_bare: false,
    out: "pkg/sdk/wasm/asker",
    ..AGENT
};
const WIDGET: Module = Module {
    package: "widget",
    stem: "widget",
    asset: "widget",
    is_bare: false,
    out: "pkg/sdk/wasm/widget",
    entry: Some("pkg/sdk/src/widget/index.ts"),
    is_library: true,
    is_split: false,
};
const CONSOLE: Module = Module {
    package: "console",
    stem: "console",
    asset: "console",
    is_bare: false,
    out: "target/wasm-bindgen/console",
    entry: Some("www/console/start.js"),
    is_library: false,
    is_split: true,
};
const MODULES: [&Module; 4] = [&AGENT, &ASKER, &WIDGET, &CONSOLE];

impl Module {
    fn glue(&self) -> PathBuf {
        paths::root()
            .join(self.out)
            .join(format!("{}.js", self.stem))
    }

    /// The module as it was compiled, before it is packed.
    fn raw(&self, profile: Profile) -> PathBuf {
        paths::wasm_target()
            .join("raw")
            .join(profile.cargo().1)
            .join(format!("{}.wasm", self.asset))
    }

    fn entry(&self) -> PathBuf {
        self.entry
            .map_or_else(|| self.glue(), |entry| paths::root().join(entry))
    }

    /// Whether it ships woven, and is put together by its glue.
    fn is_woven(&self, profile: Profile) -> bool {
        profile == Profile::Release && self.entry.is_none()
    }

    /// Name of the shipped module.
    fn shipped(&self, profile: Profile) -> String {
        let ending = if self.is_woven(profile) {
            "woven"
        } else {
            "wasm"
        };
        format!("{}.{ending}", self.asset)
    }

    fn wasm(&self) -> PathBuf {
        paths::root()
            .join(self.out)
            .join(format!("{}_bg.wasm", self.stem))
    }
}

/// Sets up and builds every browser asset; steps whose inputs did not change are skipped.
///
/// # Errors
/// When a tool is missing or fails.
pub(crate) fn build(profile: Profile) -> Result<()> {
    let start = Instant::now();
    let _alone = run::lock("build")?;
    let wasm = setup::all()?;
    compile::compile(&wasm, profile)?;
    for module in MODULES {
        pack::pack(module, profile)?;
    }
    dist::assemble(profile)?;
    run::say(format_args!(
        "{} is ready after {}",
        paths::shown(&paths::dist()),
        run::seconds(start.elapsed())
    ));
    Ok(())
}

/// Builds the browser assets as they ship, and a collector that carries them.
///
/// # Errors
/// When a tool is missing or fails.
pub(crate) fn collector() -> Result<()> {
    build(Profile::Release)?;
    run::run(
        "building the collector",
        run::cargo().args(["build", "--package", "collector"]),
    )
}

/// The shipped pieces of the last build.
///
/// # Errors
/// When there was none.
pub(crate) fn pieces() -> Result<Vec<Piece>> {
    dist::pieces()
}

/// What the pages of the console load besides its start: assets by the name of the page. One that is drawn
/// inside another is named after it, as `settings_data` is, and loads these on top.
///
/// # Errors
/// When the console was not built.
pub(crate) fn routes() -> Result<BTreeMap<String, Vec<String>>> {
    let needs = split::Parts::read(&CONSOLE)?.files().into_iter();
    Ok(needs
        .map(|(page, chunks)| {
            let assets = chunks.iter().map(|it| dist::chunk_asset(it));
            (page, assets.collect())
        })
        .collect())
}
