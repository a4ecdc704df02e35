//! Turns the folder of built browser assets into a table of bytes inside the binary.
//!
//! Reads `FIRSTHAND_DIST`, or `www/dist` of the workspace. A folder that is not there makes an empty
//! table: the binary then says at start how to build the assets.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest, Sha256};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=FIRSTHAND_DIST");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let dist =
        env::var_os("FIRSTHAND_DIST").map_or_else(|| root.join("../../www/dist"), PathBuf::from);
    let mut files = Vec::new();
    if dist.is_dir() {
        println!("cargo::rerun-if-changed={}", dist.display());
        collect(&dist, &mut files)?;
    } else {
        // A path that does not exist would make every build run this again: watch where it appears.
        let parent = dist.parent().filter(|parent| parent.is_dir());
        println!(
            "cargo::rerun-if-changed={}",
            parent.unwrap_or(&root).display()
        );
    }
    files.sort();
    let table = table(&dist, &files)?;
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("assets.rs");
    fs::write(out, table)
}

/// Every file below `folder`, but for the compressed variants beside another.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if !matches!(extension(&path), "br" | "gz") {
            files.push(path);
        }
    }
    Ok(())
}

/// The source of a `&[Asset]`.
fn table(dist: &Path, files: &[PathBuf]) -> io::Result<String> {
    let mut out = String::from("&[\n");
    for file in files {
        let name = file.strip_prefix(dist).unwrap_or(file);
        let name = name.to_string_lossy().replace('\\', "/");
        let raw = fs::read(file)?;
        let digest = Sha256::digest(&raw);
        let etag = digest[..8].iter().fold(String::new(), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let _ = writeln!(
            out,
            "Asset {{ path: {name:?}, mime: {:?}, etag: {etag:?}, raw: {}, br: {}, gz: {} }},",
            mime(file),
            include(file)?,
            variant(file, "br")?,
            variant(file, "gz")?,
        );
    }
    out.push_str("]\n");
    Ok(out)
}

fn variant(file: &Path, extension: &str) -> io::Result<String> {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    let path = PathBuf::from(name);
    if path.is_file() {
        Ok(format!("Some({})", include(&path)?))
    } else {
        Ok(String::from("None"))
    }
}

fn include(file: &Path) -> io::Result<String> {
    Ok(format!("include_bytes!({:?})", fs::canonicalize(file)?))
}

fn extension(file: &Path) -> &str {
    file.extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
}

fn mime(file: &Path) -> &'static str {
    match extension(file) {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
