//! Turns cargo's metadata into findings about edges that the design does not have.
//!
//! Dependencies point one way: wire, pure rules, agent and screens on the browser's side, store and collector on the server's.
//! The two sides meet only in the pure crates.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Finding;
use crate::paths;
use crate::run;

/// Who may use whom, dev-dependencies apart. xtask is free.
const TABLE: [(&str, &[&str]); 14] = [
    ("protocol", &[]),
    ("survey", &["protocol"]),
    ("latency", &["protocol"]),
    ("scores", &["protocol"]),
    ("agent", &["latency", "protocol", "scores", "survey"]),
    (
        "agent-wasm",
        &["agent", "latency", "protocol", "scores", "survey"],
    ),
    // Only tests use it.
    ("faulty-disk", &[]),
    ("ui", &[]),
    ("widget", &["protocol", "survey", "ui"]),
    (
        "console",
        &["latency", "protocol", "scores", "survey", "ui"],
    ),
    ("store", &["latency", "protocol", "scores", "survey"]),
    (
        "store-sqlite",
        &["latency", "protocol", "scores", "store", "survey"],
    ),
    (
        "collector",
        &[
            "latency",
            "protocol",
            "scores",
            "store",
            "store-sqlite",
            "survey",
        ],
    ),
    ("xtask", &[]),
];

/// Checks the workspace as cargo sees it.
///
/// # Errors
/// When cargo cannot read it.
pub(super) fn check() -> Result<Vec<Finding>> {
    let text = run::output(run::cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value =
        serde_json::from_str(&text).context("cargo metadata printed something else than JSON")?;
    Ok(findings(&metadata, |manifest| {
        std::fs::read_to_string(manifest).unwrap_or_default()
    }))
}

fn findings(metadata: &Value, manifest_text: impl Fn(&Path) -> String) -> Vec<Finding> {
    let empty = Vec::new();
    let packages = metadata["packages"].as_array().unwrap_or(&empty);
    let members: Vec<&str> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    let mut findings = Vec::new();
    for package in packages {
        let (Some(name), Some(manifest)) =
            (package["name"].as_str(), package["manifest_path"].as_str())
        else {
            continue;
        };
        let manifest = Path::new(manifest);
        let shown = paths::shown(manifest);
        let Some((_, allowed)) = TABLE.iter().find(|(user, _)| *user == name) else {
            findings.push(Finding::new(
                shown,
                1,
                format!("the crate {name} is not in the dependency table of tidy"),
            ));
            continue;
        };
        let text = manifest_text(manifest);
        for dependency in package["dependencies"].as_array().unwrap_or(&empty) {
            let used = dependency["name"].as_str().unwrap_or_default();
            if name != "xtask"
                && dependency["kind"] != "dev"
                && members.contains(&used)
                && !allowed.contains(&used)
            {
                findings.push(Finding::new(
                    shown.as_str(),
                    line_of(&text, used),
                    format!("{name} must not depend on {used}: the table of dependencies has no such edge"),
                ));
            }
        }
    }
    findings
}

fn line_of(manifest: &str, dependency: &str) -> usize {
    manifest
        .lines()
        .position(|line| {
            let after = line.strip_prefix(dependency).unwrap_or_default();
            after.starts_with([' ', '.', '='])
        })
        .map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check_edge(user: &str, used: &str, kind: Option<&str>, lines: &[usize]) {
        let package = |name: &str, dependencies: Value| json!({ "name": name, "manifest_path": format!("crates/{name}/Cargo.toml"), "dependencies": dependencies });
        let metadata = json!({ "packages": [
            package(user, json!([{ "name": used, "kind": kind }, { "name": "serde", "kind": null }])),
            package(used, json!([])),
        ] });
        let manifest = format!("[dependencies]\nserde.workspace = true\n{used}.workspace = true\n");
        let found: Vec<usize> = findings(&metadata, |_| manifest.clone())
            .iter()
            .map(|finding| finding.line)
            .collect();
        assert_eq!(found, lines, "{user} -> {used}");
    }

    #[test]
    fn the_table_decides() {
        check_edge("collector", "store-sqlite", None, &[]);
        check_edge("widget", "survey", None, &[]);
        check_edge("console", "store", None, &[3]);
        check_edge("protocol", "survey", Some("build"), &[3]);
        check_edge("agent", "ui", None, &[3]);
    }

    #[test]
    fn tests_and_xtask_are_free() {
        check_edge("agent", "ui", Some("dev"), &[]);
        check_edge("xtask", "protocol", None, &[]);
    }

    #[test]
    fn a_crate_outside_the_table_is_told() {
        check_edge("newcomer", "protocol", None, &[1]);
    }

    #[test]
    fn the_table_points_one_way() {
        let rank = |name: &str| TABLE.iter().position(|(user, _)| *user == name).unwrap();
        for (user, allowed) in TABLE {
            for used in allowed {
                assert!(rank(used) < rank(user), "{user} -> {used}");
            }
        }
    }
}
