//! Turns the inputs of a build step into a stamp that says whether the step can be skipped.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};

use crate::paths;
use crate::run;

/// Collects what a step depends on.
#[derive(Clone, Default)]
pub(crate) struct Inputs(Sha256);

impl Inputs {
    /// Adds a setting, such as a profile or a version.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.0.update(text.len().to_le_bytes());
        self.0.update(text);
        self
    }

    /// Adds a file's name and content; a missing file counts as an input too.
    ///
    /// # Errors
    /// When the file exists and cannot be read.
    pub(crate) fn file(self, path: &Path) -> Result<Self> {
        let next = self.text(&paths::shown(path));
        if !path.exists() {
            return Ok(next.text("missing"));
        }
        let mut next = next;
        let bytes = run::read(path)?;
        next.0.update(bytes.len().to_le_bytes());
        next.0.update(bytes);
        Ok(next)
    }

    /// Adds every file below a folder whose name `keep` accepts, in the order of their names.
    ///
    /// # Errors
    /// When a folder or file cannot be read.
    pub(crate) fn tree(self, dir: &Path, keep: fn(&Path) -> bool) -> Result<Self> {
        let mut files = Vec::new();
        list(dir, &mut files)?;
        files.sort();
        files
            .iter()
            .filter(|file| keep(file))
            .try_fold(self, |inputs, file| inputs.file(file))
    }

    fn hex(self) -> String {
        hex(&self.0.finalize())
    }
}

/// Every file below a folder, without what tools generate.
///
/// # Errors
/// When a folder cannot be read.
pub(crate) fn list(dir: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(dir).with_context(|| format!("cannot list {}", dir.display()))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            if !GENERATED.contains(&name.as_str()) && name != ".git" {
                list(&path, files)?;
            }
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Folders that hold what tools made, wherever they are.
pub(crate) const GENERATED: [&str; 7] = [
    "target",
    "node_modules",
    "dist",
    "wasm",
    "test-results",
    "playwright-report",
    "firsthand-data",
];

/// The mark that a step leaves behind: what went in, and what came out.
pub(crate) struct Stamp {
    path: PathBuf,
    inputs: String,
}

impl Stamp {
    /// The stamp of the step `name` with these inputs.
    pub(crate) fn new(name: &str, inputs: Inputs) -> Self {
        Self {
            path: paths::notes().join("stamps").join(name),
            inputs: inputs.hex(),
        }
    }

    /// True when the step ran with the same inputs, and nobody touched its outputs since.
    pub(crate) fn holds(&self, outputs: &[PathBuf]) -> bool {
        let now = self.text(outputs);
        now.is_ok_and(|now| std::fs::read_to_string(&self.path).is_ok_and(|kept| kept == now))
    }

    /// Says that the step is done.
    ///
    /// # Errors
    /// When an output is unreadable or the stamp cannot be written.
    pub(crate) fn leave(&self, outputs: &[PathBuf]) -> Result<()> {
        run::write(&self.path, self.text(outputs)?)
    }

    fn text(&self, outputs: &[PathBuf]) -> Result<String> {
        let outputs = outputs
            .iter()
            .try_fold(Inputs::default(), |all, file| all.file(file))?;
        Ok(format!("{}\n{}\n", self.inputs, outputs.hex()))
    }
}

/// The first eight hex digits of a content's SHA-256: enough for a file name that changes with the content.
pub(crate) fn short_hash(bytes: &[u8]) -> String {
    let mut hash = long_hash(bytes);
    hash.truncate(8);
    hash
}

/// A content's whole SHA-256 in hex digits.
pub(crate) fn long_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Leaves a stamp for input and output `a`, changes both, and asks whether it still holds.
    fn check(input: &str, output: &str, holds: bool) {
        let dir = tempfile::tempdir().unwrap();
        let outputs = [dir.path().join("output")];
        let stamp = |input: &str| Stamp {
            path: dir.path().join("stamp"),
            inputs: Inputs::default().text(input).hex(),
        };
        run::write(&outputs[0], "a").unwrap();
        stamp("a").leave(&outputs).unwrap();
        run::write(&outputs[0], output).unwrap();
        assert_eq!(stamp(input).holds(&outputs), holds, "{input} {output}");
    }

    #[test]
    fn a_stamp_holds_while_inputs_and_outputs_are_the_same() {
        check("a", "a", true);
        check("b", "a", false);
        check("a", "b", false);
    }

    #[test]
    fn a_file_that_moves_is_another_input() {
        let dir = tempfile::tempdir().unwrap();
        let digest = |name: &str| {
            run::write(&dir.path().join(name), "same").unwrap();
            Inputs::default()
                .file(&dir.path().join(name))
                .unwrap()
                .hex()
        };
        assert_ne!(digest("a"), digest("b"));
        assert_eq!(digest("a"), digest("a"));
    }
}
