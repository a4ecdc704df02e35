//! Turns one wasm module into its start and the chunks that pages fetch when somebody goes there.
//!
//! What belongs where is decided by `wasm_split_cli_support`: whatever can be reached from the start is in
//! the start, what only one page can reach is in the chunk of that page, what several can reach is in one of
//! its own. It needs the relocations of the linker, which no other tool here keeps.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

use super::Module;
use crate::paths;
use crate::run;

/// The script that loads chunks, beside the glue that imports it.
const LINK: &str = "split.js";
/// Which chunks each page needs, beside the glue.
const NEEDS: &str = "split.json";

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
    Ok(start)
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
    fn pages_keep_their_names() {
        assert_eq!(page("scores"), "scores");
        assert_eq!(page("scores_123"), "scores");
        assert_eq!(page("survey_editor"), "survey_editor");
    }
}
