//! Turns names of the tree into absolute paths.

use std::path::{Path, PathBuf};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// The folder of everything built natively, and of what xtask itself keeps.
pub(crate) fn target() -> PathBuf {
    root().join("target")
}

/// The folder of everything compiled for the browser; apart from `target` because another compiler may own it.
pub(crate) fn wasm_target() -> PathBuf {
    target().join("wasm")
}

/// The folder of stamps and notes that xtask keeps between runs.
pub(crate) fn notes() -> PathBuf {
    target().join("xtask")
}

/// Tools that are installed for this workspace only.
pub(crate) fn tools() -> PathBuf {
    target().join("tools")
}

/// What the collector serves.
pub(crate) fn dist() -> PathBuf {
    root().join("www/dist")
}

/// A program that npm installed.
pub(crate) fn npm_bin(name: &str) -> PathBuf {
    root().join("node_modules/.bin").join(name)
}

/// The first program of this name on the PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(name))
        .find(|file| file.is_file())
}

/// Path relative to the root, for messages.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}
