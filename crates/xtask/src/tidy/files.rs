//! Turns the text of one source file into findings about its opening and its length.

use super::Finding;

/// A file longer than this does more than one thing.
const MOST_LINES: usize = 600;

/// What a file is, as far as these rules care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Rust,
    TypeScript,
    Other,
}

impl Kind {
    /// The kind of a source file; `None` for data, lock files and generated code.
    pub(super) fn of(name: &str) -> Option<Self> {
        if name.ends_with(".gen.ts") || name.ends_with(".d.ts") {
            return None;
        }
        let (_, ending) = name.rsplit_once('.')?;
        match ending {
            "rs" => Some(Self::Rust),
            "ts" | "tsx" => Some(Self::TypeScript),
            "css" | "html" | "js" | "mjs" | "md" | "sql" | "toml" | "yaml" | "yml" => {
                Some(Self::Other)
            }
            _ => None,
        }
    }
}

pub(super) fn check(name: &str, kind: Kind, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(opening) = opening(kind)
        && !opens_with(text, opening)
    {
        let says =
            format!("opens without a `{opening}` sentence that says what the file turns into what");
        findings.push(Finding::new(name, 1, says));
    }
    let lines = text.lines().count();
    if lines > MOST_LINES {
        let says = format!("has {lines} lines; more than {MOST_LINES} do more than one thing");
        findings.push(Finding::new(name, MOST_LINES + 1, says));
    }
    findings
}

fn opening(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Rust => Some("//!"),
        Kind::TypeScript => Some("//"),
        Kind::Other => None,
    }
}

/// The marker, then words: an empty comment says nothing, and a directive is for tools.
fn opens_with(text: &str, opening: &str) -> bool {
    let first = text
        .lines()
        .find(|line| !line.starts_with("#!") || line.starts_with("#!["));
    first
        .and_then(|line| line.strip_prefix(opening))
        .is_some_and(|rest| {
            rest.starts_with(' ') && rest.trim().contains(' ') && !rest.trim().starts_with('@')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_one(name: &str, text: &str, lines: &[usize]) {
        let kind = Kind::of(name).unwrap();
        let found: Vec<usize> = check(name, kind, text)
            .iter()
            .map(|finding| finding.line)
            .collect();
        assert_eq!(found, lines, "{name}: {text:?}");
    }

    #[test]
    fn rust_opens_with_a_sentence() {
        check_one("a.rs", "//! Turns a into b.\nfn a() {}\n", &[]);
        check_one("a.rs", "#![no_std]\n//! Turns a into b.\n", &[1]);
        check_one("a.rs", "// Turns a into b.\n", &[1]);
        check_one("a.rs", "//!\nfn a() {}\n", &[1]);
        check_one("a.rs", "", &[1]);
    }

    #[test]
    fn typescript_opens_with_a_sentence() {
        check_one("a.ts", "// Turns a into b.\n", &[]);
        check_one("a.ts", "#!/usr/bin/env node\n// Turns a into b.\n", &[]);
        check_one("a.ts", "// @ts-nocheck and more\n", &[1]);
        check_one("a.ts", "import a from \"b\";\n", &[1]);
    }

    #[test]
    fn generated_and_data_files_are_free() {
        assert_eq!(Kind::of("pkg/sdk/src/types.gen.ts"), None);
        assert_eq!(Kind::of("pkg/sdk/src/css.d.ts"), None);
        assert_eq!(Kind::of("Cargo.lock"), None);
        assert_eq!(Kind::of("tests/fixtures/wire/v1/full.ndjson"), None);
    }

    #[test]
    fn long_files_are_told() {
        check_one("a.css", &"a{}\n".repeat(MOST_LINES), &[]);
        check_one("a.css", &"a{}\n".repeat(MOST_LINES + 1), &[MOST_LINES + 1]);
    }
}
