//! Turns the glue, the SDK's TypeScript and the console's stylesheet into minified bundles.
//!
//! In the order in which they know each other's hashed names: modules and screenshot tools, stage, loader.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use serde_json::{Value, json};

use super::{AGENT, ASKER, CONSOLE, Module, Profile, WIDGET, split};
use crate::paths;
use crate::run;

/// The oldest JavaScript that a browser with the wasm features of [`super::pack`] can be.
const MODULE_TARGET: &str = "es2021";
/// The loader runs in every browser a page may meet, also where it only says "not here".
const LOADER_TARGET: &str = "es2020";

/// Bundles whatever does not depend on hashed names; answers with the folder of the results.
///
/// # Errors
/// When esbuild finds a mistake.
pub(super) fn modules(profile: Profile) -> Result<PathBuf> {
    let out = folder();
    let file = |module: &Module| out.join(format!("{}.js", module.asset));
    esbuild(&json!([
        module(&AGENT, &file(&AGENT), profile),
        module(&ASKER, &file(&ASKER), profile),
        module(&WIDGET, &file(&WIDGET), profile),
        parted(&CONSOLE, &file(&CONSOLE), profile)?,
        chunk("shot", &out, profile),
        chunk("rows", &out, profile),
        chunk("outbox", &out, profile),
        vitals(&out, profile),
        {
            "entryPoints": [paths::root().join("www/console/console.css")],
            "outfile": out.join("console.css"),
            "minify": profile == Profile::Release,
        },
    ]))?;
    Ok(out)
}

/// Bundles one module as it would ship, to see what is left of its glue.
///
/// # Errors
/// When esbuild finds a mistake.
pub(super) fn probe(of: &Module) -> Result<Vec<u8>> {
    let out = folder().join(format!("{}.probe.js", of.asset));
    esbuild(&json!([module(of, &out, Profile::Release)]))?;
    run::read(&out)
}

fn module(of: &Module, out: &Path, profile: Profile) -> Value {
    json!({
        "entryPoints": [of.entry()],
        "outfile": out,
        "format": "esm",
        "target": MODULE_TARGET,
        "minify": profile == Profile::Release,
        "textCss": true,
    })
}

/// A module with parts of its own, which carries who needs which and where it lies.
fn parted(of: &Module, out: &Path, profile: Profile) -> Result<Value> {
    let mut bundle = module(of, out, profile);
    bundle["define"] = json!({ "__PARTS__": split::Parts::read(of)?.table().to_string() });
    Ok(bundle)
}

/// A lazy part of the SDK: `src/<name>/index.ts`, with its stylesheets as text.
fn chunk(name: &str, out: &Path, profile: Profile) -> Value {
    json!({
        "entryPoints": [paths::root().join(format!("pkg/sdk/src/{name}/index.ts"))],
        "outfile": out.join(format!("{name}.js")),
        "format": "esm",
        "target": MODULE_TARGET,
        "minify": profile == Profile::Release,
        "textCss": true,
    })
}

/// The lazy part that carries the work of others, and says so.
fn vitals(out: &Path, profile: Profile) -> Value {
    let mut bundle = chunk("vitals", out, profile);
    bundle["banner"] = json!({ "js": "/* web-vitals: Copyright Google LLC, Apache-2.0 */" });
    bundle
}

/// Bundles the stage, which carries the hashed names of what it fetches.
///
/// # Errors
/// When esbuild finds a mistake.
pub(super) fn stage(profile: Profile, assets: &Value) -> Result<Vec<u8>> {
    let mut bundle = chunk("stage", &folder(), profile);
    bundle["define"] = json!({ "__STAGE__": assets.to_string() });
    esbuild(&json!([bundle]))?;
    run::read(&folder().join("stage.js"))
}

/// Bundles the editor of surveys, which carries the hashed names of the widget that it previews.
///
/// # Errors
/// When esbuild finds a mistake.
pub(super) fn editor(profile: Profile, assets: &Value) -> Result<Vec<u8>> {
    let out = folder().join("editor.js");
    esbuild(&json!([{
        "entryPoints": [paths::root().join("www/console/editor/index.ts")],
        "outfile": out,
        "format": "esm",
        "target": MODULE_TARGET,
        "minify": profile == Profile::Release,
        "define": { "__PREVIEW__": assets.to_string() },
        "banner": { "js": "/* CodeMirror and Lezer: Copyright Marijn Haverbeke and others, MIT */" },
    }]))?;
    run::read(&out)
}

/// Bundles the loader, which carries the hashed names of what it fetches.
///
/// # Errors
/// When esbuild finds a mistake.
pub(super) fn loader(profile: Profile, assets: &Value) -> Result<Vec<u8>> {
    let out = folder().join("sdk.js");
    esbuild(&json!([{
        "entryPoints": [paths::root().join("pkg/sdk/src/loader.ts")],
        "outfile": out,
        "format": "iife",
        "target": LOADER_TARGET,
        "minify": profile == Profile::Release,
        "define": {
            "__ASSETS__": assets.to_string(),
            "__VERSION__": serde_json::to_string(env!("CARGO_PKG_VERSION"))?,
        },
    }]))?;
    run::read(&out)
}

/// The sources that end up in a bundle besides the glue of the modules.
pub(super) fn sources() -> [PathBuf; 3] {
    let root = paths::root();
    [
        root.join("pkg/sdk/src"),
        root.join("www/console"),
        root.join("crates"),
    ]
}

/// Whether a file of [`sources`] can end up in a bundle.
pub(super) fn is_source(file: &Path) -> bool {
    let ending = file.extension().unwrap_or_default().to_string_lossy();
    ["ts", "js", "mjs", "css", "html", "svg", "json"].contains(&ending.as_ref())
}

/// Whether a file is TypeScript or JavaScript.
pub(super) fn is_script(file: &Path) -> bool {
    let ending = file.extension().unwrap_or_default().to_string_lossy();
    ["ts", "js", "mjs"].contains(&ending.as_ref())
}

fn folder() -> PathBuf {
    paths::target().join("bundle")
}

/// What hands the bundles to esbuild.
pub(super) fn script() -> PathBuf {
    paths::root().join("crates/xtask/js/bundle.mjs")
}

fn esbuild(bundles: &Value) -> Result<()> {
    run::run(
        "esbuild",
        Command::new("node")
            .arg(script())
            .arg(bundles.to_string())
            .current_dir(paths::root()),
    )
}
