//! Turns ARCHITECTURE.md into findings about names in it that the tree does not have.
//!
//! A map that is wrong is worse than none. In backticks, a path must exist (`crates/agent/`, `crates/*/src`,
//! `pkg/sdk/src/{index,loader}.ts`), a module of a crate must exist (`agent::queue`), and `x` before the word "crate" must be one.
//! A path that starts with a slash is a route of the collector and not meant. Every crate must be on the map.

use std::path::Path;

use anyhow::{Context, Result};

use super::Finding;

const MAP: &str = "ARCHITECTURE.md";

pub(super) fn check(root: &Path) -> Result<Vec<Finding>> {
    let file = root.join(MAP);
    if !file.exists() {
        return Ok(vec![Finding::new(MAP, 1, "is missing")]);
    }
    let text = std::fs::read_to_string(&file).context("cannot read ARCHITECTURE.md")?;
    let crates = crates(root)?;
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for (name, rest) in quoted(line) {
            if let Some(says) = complaint(root, &crates, name, rest) {
                findings.push(Finding::new(MAP, index + 1, says));
            }
        }
    }
    for name in &crates {
        let named = [format!("`{name}`"), format!("`crates/{name}`")];
        if !named.iter().any(|name| text.contains(name)) {
            findings.push(Finding::new(
                MAP,
                1,
                format!("does not say what the crate `{name}` is for"),
            ));
        }
    }
    Ok(findings)
}

fn crates(root: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let dir = root.join("crates");
    if dir.is_dir() {
        for entry in std::fs::read_dir(&dir).context("cannot list crates")? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// What stands between backticks, each with the text after it.
fn quoted(line: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((_, after)) = rest.split_once('`')
        && let Some((name, after)) = after.split_once('`')
    {
        found.push((name, after));
        rest = after;
    }
    found
}

fn complaint(root: &Path, crates: &[String], name: &str, rest: &str) -> Option<String> {
    if let Some((owner, item)) = name.split_once("::") {
        let source = root.join("crates").join(owner).join("src");
        let module = item.split("::").next().unwrap_or_default();
        let is_module =
            module.starts_with(|first: char| first.is_ascii_lowercase()) && !module.contains('(');
        let exists = source.join(format!("{module}.rs")).exists() || source.join(module).is_dir();
        let owned = crates.iter().any(|one| one == owner);
        return (owned && is_module && !exists)
            .then(|| format!("names `{name}`, and {owner} has no module {module}"));
    }
    if is_path(name) {
        let missing = expand(name).into_iter().find(|path| !exists(root, path))?;
        return Some(format!("names `{missing}`, which does not exist"));
    }
    let said_to_be = rest
        .strip_prefix(' ')
        .is_some_and(|after| after.starts_with("crate"));
    (said_to_be && !crates.iter().any(|one| one == name))
        .then(|| format!("names the crate `{name}`, which does not exist"))
}

/// Told from routes, MIME types and pages of the collector by its first folder or its ending.
fn is_path(name: &str) -> bool {
    let source = [".md", ".rs", ".ts", ".mjs", ".css", ".sql", ".toml"]
        .iter()
        .any(|ending| name.ends_with(ending));
    let folder = [
        "crates/",
        "examples/",
        "pkg/",
        "tests/",
        "www/",
        ".ci/",
        ".cargo/",
    ]
    .iter()
    .any(|start| name.starts_with(start));
    let letters = |letter: char| letter.is_ascii_alphanumeric() || "._-/*{},@".contains(letter);
    (source || folder) && !name.starts_with(['/', '*']) && name.chars().all(letters)
}

/// `a/{b,c}.rs` becomes `a/b.rs` and `a/c.rs`.
fn expand(path: &str) -> Vec<String> {
    let Some((before, after)) = path.split_once('{') else {
        return vec![path.to_owned()];
    };
    let Some((choices, after)) = after.split_once('}') else {
        return vec![path.to_owned()];
    };
    choices
        .split(',')
        .flat_map(|choice| expand(&format!("{before}{}{after}", choice.trim())))
        .collect()
}

/// Output of the build may be missing: it exists where somebody built.
fn exists(root: &Path, path: &str) -> bool {
    let built = path
        .split('/')
        .any(|part| crate::stamp::GENERATED.contains(&part));
    let path = path.trim_end_matches('/');
    // Of a pattern, the folder before the star.
    let known = match path.split_once('*') {
        Some((before, _)) => before.rsplit_once('/').map_or("", |(folder, _)| folder),
        None => path,
    };
    built || root.join(known).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks one line of a map in a tree with `crates/agent/src/{lib,queue}.rs`, where `agent` is on the map.
    fn check_line(line: &str, says: &[&str]) {
        let dir = tempfile::tempdir().unwrap();
        for name in ["lib.rs", "queue.rs"] {
            crate::run::write(&dir.path().join("crates/agent/src").join(name), "").unwrap();
        }
        crate::run::write(&dir.path().join(MAP), format!("{line} And `agent`.\n")).unwrap();
        let found: Vec<String> = check(dir.path())
            .unwrap()
            .into_iter()
            .map(|finding| finding.says)
            .collect();
        assert_eq!(found.len(), says.len(), "{line}: {found:?}");
        for (found, says) in found.iter().zip(says) {
            assert!(found.contains(says), "{found} / {says}");
        }
    }

    #[test]
    fn what_exists_may_be_named() {
        check_line(
            "`crates/agent/`, `crates/agent/src/{lib,queue}.rs`, `crates/*/src`, `agent::queue`.",
            &[],
        );
        check_line(
            "`POST /v1/batch`, `/v1/config`, `www/dist/`, `text/plain`, `std::fmt`, `agent::Command`.",
            &[],
        );
    }

    #[test]
    fn what_does_not_exist_is_told() {
        check_line("`crates/agent/src/gone.rs`.", &["crates/agent/src/gone.rs"]);
        check_line("`crates/agent/src/{lib,gone}.rs`.", &["src/gone.rs"]);
        check_line("`agent::gone`.", &["no module gone"]);
        check_line("The `stats` crate.", &["crate `stats`"]);
        check_line("`CONTRIBUTING.md`.", &["CONTRIBUTING.md"]);
    }

    #[test]
    fn every_crate_is_on_the_map() {
        let dir = tempfile::tempdir().unwrap();
        crate::run::write(&dir.path().join("crates/agent/src/lib.rs"), "").unwrap();
        crate::run::write(&dir.path().join(MAP), "Empty.\n").unwrap();
        assert_eq!(check(dir.path()).unwrap().len(), 1);
    }
}
