//! Turns modules and bundles into `www/dist`: hashed names, and compressed twins beside each file.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};
use serde_json::json;

use super::{AGENT, CONSOLE, MODULES, Module, Profile, WIDGET, bundle};
use crate::paths;
use crate::run;
use crate::stamp::{Inputs, Stamp, list, long_hash, short_hash};

/// One file of `www/dist`.
#[derive(Debug)]
pub(crate) struct Piece {
    /// Name without hash, such as `agent.wasm`.
    pub(crate) asset: String,
    /// Bytes as they are, gzip and brotli.
    pub(crate) raw: u64,
    /// Bytes of the gzip twin.
    pub(crate) gzip: u64,
    /// Bytes of the brotli twin.
    pub(crate) brotli: u64,
}

struct File {
    /// Path below `www/dist`.
    path: String,
    bytes: Vec<u8>,
}

/// Writes `www/dist` when an input changed.
///
/// # Errors
/// When a bundle fails or a file cannot be written.
pub(super) fn assemble(profile: Profile) -> Result<()> {
    let stamp = stamp(profile)?;
    if stamp.holds(&[
        paths::dist().join("index.html"),
        paths::dist().join("sdk.js.br"),
    ]) {
        return Ok(());
    }
    let start = Instant::now();
    let files = files(profile)?;
    let dist = paths::dist();
    if dist.exists() {
        fs::remove_dir_all(&dist).with_context(|| format!("cannot clear {}", dist.display()))?;
    }
    for file in &files {
        run::write(&dist.join(&file.path), &file.bytes)?;
    }
    // A file system may date a file a moment before the clock says.
    let begun = SystemTime::now() - Duration::from_secs(1);
    compress_all(&files, profile)?;
    forget_twins(begun)?;
    run::say(format_args!(
        "bundled and compressed {} files: {}",
        files.len(),
        run::seconds(start.elapsed())
    ));
    stamp.leave(&shipped()?)
}

/// Every file below `www/dist`.
fn shipped() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    list(&paths::dist(), &mut files)?;
    files.sort();
    Ok(files)
}

fn stamp(profile: Profile) -> Result<Stamp> {
    let mut inputs = Inputs::default()
        .text(profile.cargo().0)
        .text(env!("CARGO_PKG_VERSION"))
        .text(include_str!("bundle.rs"))
        .text(include_str!("dist.rs"))
        .file(&paths::root().join("package-lock.json"))?;
    for module in MODULES {
        inputs = inputs.file(&module.glue())?.file(&module.wasm())?;
    }
    for source in bundle::sources() {
        inputs = inputs.tree(&source, bundle::is_source)?;
    }
    Ok(Stamp::new("dist", inputs))
}

fn files(profile: Profile) -> Result<Vec<File>> {
    let bundles = bundle::modules(profile)?;
    let read = |name: &str| run::read(&bundles.join(name));
    let wasm = |module: &Module| -> Result<File> {
        Ok(hashed(
            &format!("{}.wasm", module.asset),
            run::read(&module.wasm())?,
        ))
    };
    let agent = hashed("agent.js", read("agent.js")?);
    let agent_wasm = wasm(&AGENT)?;
    let widget = hashed("widget.js", read("widget.js")?);
    let widget_wasm = wasm(&WIDGET)?;
    let css = hashed("console.css", read("console.css")?);
    let console_wasm = wasm(&CONSOLE)?;
    let console = hashed("console.js", read("console.js")?);
    let loader = File {
        path: "sdk.js".to_owned(),
        bytes: bundle::loader(
            profile,
            &json!({
                "agent": agent.path,
                "agentWasm": agent_wasm.path,
                "widget": widget.path,
                "widgetWasm": widget_wasm.path,
            }),
        )?,
    };
    let page = page(&console.path, &console_wasm.path, &css.path)?;
    Ok(vec![
        loader,
        page,
        agent,
        agent_wasm,
        widget,
        widget_wasm,
        console,
        console_wasm,
        css,
    ])
}

fn page(script: &str, wasm: &str, style: &str) -> Result<File> {
    let source = paths::root().join("www/console/index.html");
    let html =
        fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let html = html
        .replace("{{console.js}}", script)
        .replace("{{console.wasm}}", wasm)
        .replace("{{console.css}}", style);
    Ok(File {
        path: "index.html".to_owned(),
        bytes: html.into_bytes(),
    })
}

/// `agent.js` becomes `a/agent-0123abcd.js`.
fn hashed(asset: &str, bytes: Vec<u8>) -> File {
    let (stem, ending) = asset.split_once('.').unwrap_or((asset, ""));
    File {
        path: format!("a/{stem}-{}.{ending}", short_hash(&bytes)),
        bytes,
    }
}

fn compress_all(files: &[File], profile: Profile) -> Result<()> {
    // The largest first, one thread each: brotli 11 on the console's module takes longer than all the rest.
    std::thread::scope(|scope| {
        let threads: Vec<_> = files
            .iter()
            .map(|file| scope.spawn(move || compress(file, profile)))
            .collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| anyhow::bail!("a compressor panicked"))
        })
    })
}

fn compress(file: &File, profile: Profile) -> Result<()> {
    let (quality, level) = match profile {
        Profile::Debug => (2, 1),
        Profile::Release => (11, 9),
    };
    twin(file, "gz", level, |bytes| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::new(level));
        gzip.write_all(bytes)?;
        Ok(gzip.finish()?)
    })?;
    twin(file, "br", quality, |mut bytes| {
        let params = brotli::enc::BrotliEncoderParams {
            quality: i32::try_from(quality)?,
            lgwin: 22,
            size_hint: bytes.len(),
            ..Default::default()
        };
        let mut packed = Vec::new();
        brotli::BrotliCompress(&mut bytes, &mut packed, &params)?;
        Ok(packed)
    })
}

/// Writes one compressed twin. Those of the last build are kept apart: most files are the same again, and
/// the largest takes longer to compress than all else takes to bundle.
fn twin(
    file: &File,
    ending: &str,
    level: u32,
    compressed: impl Fn(&[u8]) -> Result<Vec<u8>>,
) -> Result<()> {
    let kept = twins().join(format!("{}-{level}.{ending}", long_hash(&file.bytes)));
    let bytes = match fs::read(&kept) {
        Ok(bytes) => bytes,
        Err(_) => compressed(&file.bytes)?,
    };
    let path = paths::dist().join(format!("{}.{ending}", file.path));
    run::write(&path, &bytes)?;
    run::write(&kept, &bytes)
}

fn twins() -> PathBuf {
    paths::notes().join("twins")
}

/// Removes the kept twins that this build did not use.
fn forget_twins(since: SystemTime) -> Result<()> {
    let mut files = Vec::new();
    list(&twins(), &mut files)?;
    for file in files {
        if fs::metadata(&file)?.modified()? < since {
            fs::remove_file(&file)?;
        }
    }
    Ok(())
}

/// Reads the sizes of what lies in `www/dist`.
///
/// # Errors
/// When a file or one of its twins is missing.
pub(super) fn pieces() -> Result<Vec<Piece>> {
    let dist = paths::dist();
    let mut paths = vec![dist.join("sdk.js"), dist.join("index.html")];
    for entry in fs::read_dir(dist.join("a")).context("nothing is built yet")? {
        paths.push(entry?.path());
    }
    paths
        .into_iter()
        .filter(|path| {
            !path
                .extension()
                .is_some_and(|ending| ending == "br" || ending == "gz")
        })
        .map(piece)
        .collect()
}

fn piece(path: PathBuf) -> Result<Piece> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let (stem, ending) = name.split_once('.').unwrap_or((&name, ""));
    let stem = stem.split_once('-').map_or(stem, |(asset, _hash)| asset);
    let bytes = |path: PathBuf| -> Result<u64> {
        Ok(fs::metadata(&path)
            .with_context(|| format!("cannot read {}", path.display()))?
            .len())
    };
    Ok(Piece {
        asset: format!("{stem}.{ending}"),
        gzip: bytes(path.with_file_name(format!("{name}.gz")))?,
        brotli: bytes(path.with_file_name(format!("{name}.br")))?,
        raw: bytes(path)?,
    })
}
