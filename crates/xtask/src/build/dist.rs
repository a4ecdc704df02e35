//! Turns modules and bundles into `www/dist`: hashed names, and compressed twins beside each file.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{AGENT, ASKER, CONSOLE, MODULES, Module, Profile, WIDGET, bundle, compress, split};
use crate::paths;
use crate::run;
use crate::stamp::{Inputs, Stamp, list, short_hash};

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

/// A file to ship.
pub(super) struct File {
    /// Path below `www/dist`.
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

/// Writes `www/dist` when an input changed.
///
/// # Errors
/// When a bundle fails or a file cannot be written.
pub(super) fn assemble(profile: Profile) -> Result<()> {
    let stamp = stamp(profile)?;
    if stamp.holds(&shipped()?) {
        return Ok(());
    }
    let start = Instant::now();
    let files = files(profile)?;
    let dist = paths::dist();
    // In place: who reads the folder meanwhile finds every file, and an unchanged one keeps its date.
    for file in &files {
        let path = dist.join(&file.path);
        if !fs::read(&path).is_ok_and(|bytes| bytes == file.bytes) {
            run::write(&path, &file.bytes)?;
        }
    }
    compress::all(&files, profile)?;
    remove_others(&files)?;
    run::say(format_args!(
        "bundled and compressed {} files: {}",
        files.len(),
        run::seconds(start.elapsed())
    ));
    stamp.leave(&shipped()?)
}

/// Removes what an earlier build left.
fn remove_others(files: &[File]) -> Result<()> {
    let dist = paths::dist();
    let ours: Vec<PathBuf> = files
        .iter()
        .flat_map(|file| {
            ["", ".br", ".gz"].map(|ending| dist.join(format!("{}{ending}", file.path)))
        })
        .collect();
    for file in shipped()? {
        if !ours.contains(&file) {
            fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
    }
    Ok(())
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
        .text(include_str!("compress.rs"))
        .text(include_str!("dist.rs"))
        .text(include_str!("split.rs"))
        .file(&paths::root().join("package-lock.json"))?;
    for module in MODULES {
        inputs = inputs.file(&module.glue())?.file(&module.wasm())?;
        if module.is_split {
            for file in split::outputs(module)? {
                inputs = inputs.file(&file)?;
            }
        }
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
        Ok(hashed(&module.shipped(profile), run::read(&module.wasm())?))
    };
    let css = hashed("console.css", read("console.css")?);
    let console_wasm = wasm(&CONSOLE)?;
    let chunks = chunks()?;
    let mut script = String::from_utf8(read("console.js")?)?;
    for (chunk, file) in &chunks {
        // The script is in the same folder, and names them from there.
        let name = file.path.trim_start_matches("a/");
        script = script.replace(&format!("{chunk}.wasm"), name);
    }
    let console = hashed("console.js", script.into_bytes());
    let words = console_words()?;
    let needs = split::Parts::read(&CONSOLE)?.files();
    let needs = needs.into_iter().map(|(page, needed)| {
        let paths = needed
            .iter()
            .filter_map(|chunk| Some(&chunks.get(chunk)?.path));
        (page, paths.cloned().collect::<Vec<_>>())
    });
    let paths = words.iter().map(|(tag, file)| (tag, &file.path));
    let assets = json!({
        "words": paths.collect::<BTreeMap<_, _>>(),
        "chunks": needs.collect::<BTreeMap<_, _>>(),
    });
    let mut files = sdk(profile, &read, &wasm)?;
    let editor = hashed("editor.js", bundle::editor(profile, &previewed(&files))?);
    let page = page(
        &console.path,
        &console_wasm.path,
        &css.path,
        &editor.path,
        &assets,
    )?;
    files.extend([page, console, console_wasm, css, editor]);
    files.extend(chunks.into_values());
    files.extend(words.into_values());
    Ok(files)
}

/// What a preview shows a survey with, among the files that pages load.
fn previewed(files: &[File]) -> Value {
    let path = |stem: &str, ending: &str| {
        let mut found = files.iter().map(|file| file.path.as_str());
        found.find(|path| {
            path.strip_prefix(&format!("a/{stem}-"))
                .is_some_and(|rest| rest.ends_with(ending) && !rest.contains('-'))
        })
    };
    let words: serde_json::Map<String, Value> = files
        .iter()
        .filter_map(|file| {
            let name = file.path.strip_prefix("a/words-")?;
            let (tag, _) = name.rsplit_once('-')?;
            Some((tag.to_owned(), file.path.clone().into()))
        })
        .collect();
    json!({
        "widget": path("widget", ".js"),
        "widgetWasm": path("widget", ".wasm"),
        "words": words,
    })
}

/// The parts of the console that are fetched when they are needed, by their names before they had a hash.
fn chunks() -> Result<BTreeMap<String, File>> {
    let bytes = split::Parts::read(&CONSOLE)?.bytes(&CONSOLE)?;
    let files = bytes.into_iter().map(|(chunk, bytes)| {
        let file = hashed(&chunk_asset(&chunk), bytes);
        (chunk, file)
    });
    Ok(files.collect())
}

/// The name that a chunk of the console ships under.
pub(super) fn chunk_asset(chunk: &str) -> String {
    let name = chunk.trim_start_matches("split_").replace('_', "-");
    format!("console-{name}.wasm")
}

/// The console's words, by the tag of their language: texts in the order of their keys, which is what
/// `build.rs` of the console counts by; the forms of a plural parted by `|`.
fn console_words() -> Result<BTreeMap<String, File>> {
    let folder = paths::root().join("crates/console/words");
    let mut words = BTreeMap::new();
    for entry in fs::read_dir(&folder).context("the console has no words")? {
        let source = entry?.path();
        let texts: BTreeMap<String, Value> = serde_json::from_slice(&run::read(&source)?)
            .with_context(|| format!("{} is not a list of words", source.display()))?;
        let texts: Vec<Value> = texts.into_values().map(forms).collect();
        let tag = source.file_stem().unwrap_or_default().to_string_lossy();
        let file = hashed(
            &format!("console-words-{tag}.json"),
            Value::from(texts).to_string().into(),
        );
        words.insert(tag.into_owned(), file);
    }
    Ok(words)
}

fn forms(text: Value) -> Value {
    match text {
        Value::Array(forms) => {
            let forms: Vec<_> = forms.iter().filter_map(Value::as_str).collect();
            forms.join("|").into()
        }
        text => text,
    }
}

/// What pages load: each file after those whose names it carries.
fn sdk(
    profile: Profile,
    read: &dyn Fn(&str) -> Result<Vec<u8>>,
    wasm: &dyn Fn(&Module) -> Result<File>,
) -> Result<Vec<File>> {
    let agent = hashed("agent.js", read("agent.js")?);
    let agent_wasm = wasm(&AGENT)?;
    let asker = hashed("asker.js", read("asker.js")?);
    let asker_wasm = wasm(&ASKER)?;
    let widget = hashed("widget.js", read("widget.js")?);
    let widget_wasm = wasm(&WIDGET)?;
    let shot = hashed("shot.js", read("shot.js")?);
    let rows = hashed("rows.js", read("rows.js")?);
    let vitals = hashed("vitals.js", read("vitals.js")?);
    let outbox = hashed("outbox.js", read("outbox.js")?);
    let words = words()?;
    let by_language: serde_json::Map<String, Value> = words
        .iter()
        .map(|(language, file)| (language.clone(), file.path.clone().into()))
        .collect();
    let stage = json!({
        "widget": widget.path,
        "widgetWasm": widget_wasm.path,
        "shot": shot.path,
        "words": by_language,
    });
    let stage = hashed("stage.js", bundle::stage(profile, &stage)?);
    let assets = json!({
        "agent": agent.path,
        "agentWasm": agent_wasm.path,
        "asker": asker.path,
        "askerWasm": asker_wasm.path,
        "stage": stage.path,
        "rows": rows.path,
        "vitals": vitals.path,
        "outbox": outbox.path,
    });
    let loader = File {
        path: "sdk.js".to_owned(),
        bytes: bundle::loader(profile, &assets)?,
    };
    let mut files = vec![
        loader,
        agent,
        agent_wasm,
        asker,
        asker_wasm,
        stage,
        widget,
        widget_wasm,
        shot,
        rows,
        vitals,
        outbox,
    ];
    files.extend(words.into_iter().map(|(_language, file)| file));
    Ok(files)
}

/// The widget's own words: one file a language, named by its tag.
fn words() -> Result<Vec<(String, File)>> {
    let mut sources = Vec::new();
    list(&paths::root().join("crates/widget/words"), &mut sources)?;
    sources.sort();
    sources
        .into_iter()
        .filter(|source| source.extension().is_some_and(|ending| ending == "json"))
        .map(|source| {
            let language = source.file_stem().unwrap_or_default().to_string_lossy();
            let words: Value = serde_json::from_slice(&run::read(&source)?)
                .with_context(|| format!("{} is not JSON", source.display()))?;
            let file = hashed(&format!("words-{language}.json"), words.to_string().into());
            Ok((language.into_owned(), file))
        })
        .collect()
}

fn page(script: &str, wasm: &str, style: &str, editor: &str, assets: &Value) -> Result<File> {
    let source = paths::root().join("www/console/index.html");
    let html =
        fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let html = html
        .replace("{{console.js}}", script)
        .replace("{{console.wasm}}", wasm)
        .replace("{{console.css}}", style)
        .replace("{{editor.js}}", editor)
        .replace("{{assets}}", &assets.to_string());
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
    let stem = stem.rsplit_once('-').map_or(stem, |(asset, _hash)| asset);
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
