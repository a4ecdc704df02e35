//! Turns one wasm module into its start and the chunks that pages fetch when somebody goes there.
//!
//! What belongs where is decided by `wasm_split_cli_support`: whatever can be reached from the start is in
//! the start, what only one page can reach is in the chunk of that page, what several can reach is in one of
//! its own. It needs the relocations of the linker, which no other tool here keeps.
//!
//! There are as many of the last kind as there are sets of pages that have something in common: dozens, most
//! of a few hundred bytes. So they travel in one file, and each page takes out of it what it needs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::{Value, json};
use wasm_split_cli_support::{Options, transform};

use super::Module;
use crate::paths;
use crate::run;

/// The script that loads chunks, beside the glue that imports it.
const LINK: &str = "split.js";
/// Which chunks each page needs, beside the glue.
const NEEDS: &str = "split.json";

/// The name of what several pages share, where all of it is one file.
pub(super) const SHARED: &str = "shared";

/// Fetches the file of what is shared once, and cuts one chunk out of it, as an answer of its own.
const CUT: &str = "let all;
function shared(name) {
    all ??= fetch(new URL(\"./shared.wasm\", import.meta.url)).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
        return answer.arrayBuffer();
    });
    const now = all;
    now.catch(() => { if (all === now) all = undefined; });
    const headers = { \"content-type\": \"application/wasm\" };
    return now.then((bytes) => new Response(bytes.slice(...__SHARED__[name]), { headers }));
}
";

/// The files of chunks by the name of the page that needs them, without their ending.
pub(crate) type Needs = BTreeMap<String, Vec<String>>;

/// Splits `raw` into chunks beside the glue of `module`; answers with the start that is left.
///
/// # Errors
/// When the module was linked without relocations, or a file cannot be written.
pub(super) fn split(module: &Module, raw: &Path) -> Result<PathBuf> {
    let out = paths::root().join(module.out);
    std::fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    let start = raw.with_extension("start.wasm");
    let bytes = run::read(raw)?;
    let glue = format!("./{}.js", module.stem);
    let mut options = Options::new(&bytes);
    options.output_dir = &out;
    options.main_out_path = &start;
    options.link_name = "./split.js";
    options.main_module = &glue;
    let split = transform(options).map_err(|error| anyhow!("cannot split: {error:#}"))?;
    let needs: Needs = split
        .prefetch_map
        .into_iter()
        .map(|(name, files)| (page(&name).to_owned(), files))
        .collect();
    run::write(&out.join(NEEDS), serde_json::to_string(&needs)?)?;
    let link = String::from_utf8(run::read(&out.join(LINK))?)?;
    let link = cut_out(&link, &chunks(module)?)?;
    run::write(&out.join(LINK), link)?;
    Ok(start)
}

/// Has `link` take the chunks that are shared out of their one file.
///
/// # Errors
/// When it does not fetch one of them as it did: the splitter writes another script now.
fn cut_out(link: &str, chunks: &[String]) -> Result<String> {
    let mut link = link.to_owned();
    for chunk in chunks.iter().filter(|chunk| is_shared(chunk)) {
        let fetched = format!("fetch(new URL(\"./{chunk}.wasm\", import.meta.url))");
        ensure!(link.contains(&fetched), "{LINK} does not fetch {chunk}");
        link = link.replace(&fetched, &format!("shared(\"{chunk}\")"));
    }
    Ok(link + CUT)
}

fn is_shared(chunk: &str) -> bool {
    chunk.starts_with("chunk_")
}

/// What several pages share: all of it in one file, and from where to where each chunk is.
///
/// # Errors
/// As [`needs`].
pub(super) fn together(module: &Module) -> Result<(Vec<u8>, Value)> {
    let mut all = Vec::new();
    let mut places = serde_json::Map::new();
    for chunk in chunks(module)?.into_iter().filter(|chunk| is_shared(chunk)) {
        let from = all.len();
        all.extend(run::read(&file(module, &chunk))?);
        places.insert(chunk, json!([from, all.len()]));
    }
    Ok((all, Value::from(places)))
}

/// The files that each page of `module` fetches: its own, and what is shared.
///
/// # Errors
/// As [`needs`].
pub(super) fn files(module: &Module) -> Result<Needs> {
    let needs = needs(module)?.into_iter();
    Ok(needs
        .map(|(page, chunks)| {
            let (shared, own): (Vec<_>, Vec<_>) = chunks.into_iter().partition(|it| is_shared(it));
            let shared = shared.first().map(|_| SHARED.to_owned());
            (page, shared.into_iter().chain(own).collect())
        })
        .collect())
}

/// The chunks that each page of `module` needs.
///
/// # Errors
/// When it was not split.
pub(super) fn needs(module: &Module) -> Result<Needs> {
    let file = paths::root().join(module.out).join(NEEDS);
    serde_json::from_slice(&run::read(&file)?)
        .with_context(|| format!("cannot read {}", file.display()))
}

/// The file of a chunk.
pub(super) fn file(module: &Module, chunk: &str) -> PathBuf {
    paths::root().join(module.out).join(format!("{chunk}.wasm"))
}

/// Every chunk of `module`, once.
///
/// # Errors
/// As [`needs`].
pub(super) fn chunks(module: &Module) -> Result<Vec<String>> {
    let mut all: Vec<String> = needs(module)?.into_values().flatten().collect();
    all.sort();
    all.dedup();
    Ok(all)
}

/// What [`split`] and the optimiser leave besides glue and start.
///
/// # Errors
/// As [`needs`].
pub(super) fn outputs(module: &Module) -> Result<Vec<PathBuf>> {
    let out = paths::root().join(module.out);
    let mut files = vec![out.join(NEEDS), out.join(LINK)];
    files.extend(chunks(module)?.iter().map(|chunk| file(module, chunk)));
    Ok(files)
}

/// What chunks take from the start: names in braces in the script that loads them.
///
/// # Errors
/// When there is no such script, or it takes nothing.
pub(super) fn shared(module: &Module) -> Result<Vec<String>> {
    let link = String::from_utf8(run::read(&paths::root().join(module.out).join(LINK))?)?;
    taken(&link).context("the script that loads chunks takes nothing from their start")
}

fn taken(link: &str) -> Option<Vec<String>> {
    let (_, rest) = link.split_once("const { ")?;
    let (names, _) = rest.split_once('}')?;
    let names = names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    // `{ name: local }` takes `name`.
    Some(
        names
            .map(|name| name.split(':').next().unwrap_or(name).trim().to_owned())
            .collect(),
    )
}

/// The name of the page; what follows its last underscore tells two of one name apart, where it is a number.
fn page(split: &str) -> &str {
    match split.rsplit_once('_') {
        Some((name, number)) if number.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => split,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_chunks_take_is_read_from_their_loader() {
        let link = "import { initSync } from './a.js';\nfunction f() {\n  const { memory, \
                    __stack_pointer, } = initSync();\n}\n";
        let names = taken(link).unwrap_or_default();
        assert_eq!(names, ["memory", "__stack_pointer"]);
        assert_eq!(taken("export const a = 1;"), None);
    }

    #[test]
    fn what_is_shared_is_cut_out_of_one_file() {
        let fetched = |chunk: &str| format!("fetch(new URL(\"./{chunk}.wasm\", import.meta.url))");
        let link = [
            fetched("chunk_1"),
            fetched("chunk_12"),
            fetched("split_scores"),
        ]
        .join("\n");
        let chunks = ["chunk_1", "chunk_12", "split_scores"].map(str::to_owned);
        let cut = cut_out(&link, &chunks).unwrap();
        let start = format!(
            "shared(\"chunk_1\")\nshared(\"chunk_12\")\n{}",
            fetched("split_scores")
        );
        assert!(cut.starts_with(&start) && cut.ends_with(CUT), "{cut}");
        let other = cut_out(&link, &["chunk_2".to_owned()]);
        assert!(other.unwrap_err().to_string().contains("chunk_2"));
    }

    #[test]
    fn pages_keep_their_names() {
        assert_eq!(page("scores"), "scores");
        assert_eq!(page("scores_123"), "scores");
        assert_eq!(page("survey_editor"), "survey_editor");
    }
}
