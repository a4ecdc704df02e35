//! Turns the rules of the source tree into findings: a path, a line, and a sentence each.
//!
//! What a reader could only hope for is checked here: who depends on whom, that every file says what it does, that
//! ARCHITECTURE.md names what exists, that generated code is fresh.

mod edges;
mod files;
mod map;
mod top;

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::codegen;
use crate::paths;
use crate::run;
use crate::stamp;

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    /// From 1.
    line: usize,
    says: String,
}

impl Finding {
    fn new(path: impl Into<String>, line: usize, says: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line,
            says: says.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.says)
    }
}

/// Checks every rule and prints each finding on stderr.
///
/// # Errors
/// When a rule is broken, or the tree cannot be read.
pub(crate) fn tidy() -> Result<()> {
    let mut findings = check(&paths::root())?;
    findings.extend(edges::check()?);
    findings.extend(stale_files()?);
    findings.sort();
    for finding in &findings {
        eprintln!("{finding}");
    }
    match findings.len() {
        0 => {
            run::say("tidy finds nothing");
            Ok(())
        }
        n => bail!("tidy found {n} broken rules"),
    }
}

/// The rules that only need the files below `root`.
fn check(root: &Path) -> Result<Vec<Finding>> {
    let mut findings = top::check(root)?;
    let mut paths: Vec<PathBuf> = Vec::new();
    stamp::list(root, &mut paths)?;
    for path in paths {
        let name = path
            .strip_prefix(root)
            .unwrap_or(&path)
            .display()
            .to_string();
        if let Some(kind) = files::Kind::of(&name) {
            let text = String::from_utf8_lossy(&run::read(&path)?).into_owned();
            findings.extend(files::check(&name, kind, &text));
        }
    }
    findings.extend(map::check(root)?);
    Ok(findings)
}

fn stale_files() -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for generated in &codegen::ALL {
        let file = generated.file();
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        if kept != generated.generate()? {
            let says = "is not what the wire types generate; run `cargo xtask codegen`";
            findings.push(Finding::new(paths::shown(&file), 1, says));
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Findings in a tree of these files, without their sentences.
    fn check_tree(files: &[(&str, &str)]) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            run::write(&dir.path().join(name), text).unwrap();
        }
        let findings = check(dir.path()).unwrap();
        findings
            .iter()
            .map(|finding| format!("{}:{}", finding.path, finding.line))
            .collect()
    }

    #[test]
    fn a_good_tree_is_silent() {
        let tree = [
            ("Cargo.toml", ""),
            (".gitignore", ""),
            (
                "ARCHITECTURE.md",
                "`crates/agent/src/lib.rs` is the brain: `agent`.\n",
            ),
            (
                "crates/agent/src/lib.rs",
                "//! Turns events into commands.\n",
            ),
            ("pkg/sdk/src/index.ts", "// Turns calls into events.\n"),
            ("pkg/sdk/src/types.gen.ts", "export type A = 1;\n"),
            ("node_modules/x/index.ts", "export {};\n"),
        ];
        assert_eq!(check_tree(&tree), [""; 0]);
    }

    #[test]
    fn a_bad_tree_is_told_file_by_file() {
        let tree = [
            ("REPORT.md", ""),
            ("ARCHITECTURE.md", "See\n`crates/agent/src/gone.rs`.\n"),
            ("crates/agent/src/lib.rs", "use std::fmt;\n"),
            ("pkg/sdk/src/index.ts", "export {};\n"),
        ];
        let expected = [
            "REPORT.md:1",
            "crates/agent/src/lib.rs:1",
            "pkg/sdk/src/index.ts:1",
            "ARCHITECTURE.md:2",
            "ARCHITECTURE.md:1",
        ];
        let mut found = check_tree(&tree);
        let mut expected = expected.map(str::to_owned).to_vec();
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
    }
}
