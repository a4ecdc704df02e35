//! Turns the frozen files of `tests/fixtures/wire/v1` into a check that today's types still read them.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot be set up has failed"
)]

mod codes;
mod envelopes;
mod layouts;
mod replies;

use std::path::{Path, PathBuf};

/// The folder of frozen files.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/wire/v1")
}

/// The text of one frozen file.
fn read(name: &str) -> String {
    let path = folder().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Names of the frozen files that end in `suffix`, without it, sorted; fails when there are none,
/// so that a moved folder cannot pass as "all of them decode".
fn names(suffix: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder of frozen files")
        .map(|entry| entry.expect("an entry").file_name())
        .filter_map(|name| Some(name.to_str()?.strip_suffix(suffix)?.to_owned()))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no file ends in {suffix}");
    names
}
