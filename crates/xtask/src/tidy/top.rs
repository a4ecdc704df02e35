//! Turns the root folder into findings about what does not belong there.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::Finding;

/// What a visitor sees first, and nothing else besides dotfiles.
const ALLOWED: [&str; 17] = [
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "clippy.toml",
    "crates",
    "deny.toml",
    "examples",
    "package-lock.json",
    "package.json",
    "pkg",
    "rustfmt.toml",
    "tests",
    "www",
];

pub(super) fn check(root: &Path) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for entry in
        std::fs::read_dir(root).with_context(|| format!("cannot list {}", root.display()))?
    {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !belongs(&name) && !is_ignored(root, &name) {
            findings.push(Finding::new(
                name,
                1,
                "does not belong into the root folder",
            ));
        }
    }
    Ok(findings)
}

fn belongs(name: &str) -> bool {
    name.starts_with('.') || ALLOWED.contains(&name)
}

/// Build output and local data: whatever git is told to leave out.
fn is_ignored(root: &Path, name: &str) -> bool {
    crate::stamp::GENERATED.contains(&name)
        || Command::new("git")
            .args(["check-ignore", "--quiet", name])
            .current_dir(root)
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::belongs;

    #[test]
    fn only_the_list_and_dotfiles_belong() {
        for name in ["Cargo.toml", "crates", "www", ".gitignore", ".ci"] {
            assert!(belongs(name), "{name}");
        }
        for name in ["NOTES.md", "src", "rust-toolchain.toml", "scripts"] {
            assert!(!belongs(name), "{name}");
        }
    }
}
