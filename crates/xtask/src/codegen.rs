//! Turns the wire types into the TypeScript that the SDK compiles against.

use std::path::PathBuf;

use anyhow::Result;

use crate::paths;
use crate::run;

/// The generated file.
pub(crate) fn file() -> PathBuf {
    paths::root().join("pkg/sdk/src/types.gen.ts")
}

/// The TypeScript that belongs to the wire types as they are now.
///
/// # Errors
/// When the generator does not compile or fails.
pub(crate) fn generate() -> Result<String> {
    let mut text = run::output(run::cargo().args([
        "run",
        "--quiet",
        "--package",
        "agent",
        "--features",
        "ts",
        "--example",
        "types",
    ]))?;
    text.push('\n');
    Ok(text)
}

/// Writes the generated file when it changed.
///
/// # Errors
/// As [`generate`], and when the file cannot be written.
pub(crate) fn write() -> Result<()> {
    let text = generate()?;
    let file = file();
    let shown = paths::shown(&file);
    if std::fs::read_to_string(&file).is_ok_and(|kept| kept == text) {
        run::say(format_args!("{shown} is up to date"));
        return Ok(());
    }
    run::write(&file, text)?;
    run::say(format_args!("wrote {shown}"));
    Ok(())
}
