//! Turns one wasm module into its start and the chunks that pages fetch when somebody goes there.
//!
//! What belongs where is decided by `wasm_split_cli_support`: whatever can be reached from the start is in
//! the start, what only one page can reach is in the chunk of that page, what several can reach is in one of
//! its own. It needs the relocations of the linker, which no other tool here keeps.
//!
//! There are as many of the last kind as there are sets of pages that have something in common: hundreds, most
//! of a few hundred bytes. So each page has a file of all small ones that it needs, whoever else needs them;
//! a large one is a file, and fetched once.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
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

/// Bytes from which a chunk that is shared is a file: below, a request costs more than what it spares.
const LARGE: u64 = 12 << 10;

/// Loads what a page needs: large chunks, its small ones out of one file, and its own as it comes.
const LOADER: &str = "
const { pages, small, large } = __PARTS__;
const at = (name) => new URL(name, import.meta.url);
const here = new Set();

const streamed = (name, deps) => makeLoad(() => {
    const src = fetch(at(name));
    src.catch(() => {});
    return async (imports) => WebAssembly.instantiateStreaming(src, imports);
}, deps);

const packed = (name, bit) => makeLoad(() => {
    const src = fetch(at(name)).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
        return answer.arrayBuffer();
    });
    src.catch(() => {});
    return async (imports) => place(await src, bit, imports);
}, []);

/* Small ones lie one after the other. Each is compiled in less time than a promise takes. */
function place(bytes, bit, imports) {
    let from = 0;
    for (let nth = 0; nth < small.length; nth += 2) {
        if (!(small[nth] & bit)) continue;
        const size = small[nth + 1];
        if (!here.has(nth)) {
            const part = new WebAssembly.Module(new Uint8Array(bytes, from, size));
            new WebAssembly.Instance(part, imports);
            here.add(nth);
        }
        from += size;
    }
}

const files = Object.entries(large).map(([name, mask]) => [mask, streamed(name, [])]);

function page(name) {
    const bit = 1 << Object.keys(pages).indexOf(name);
    const deps = files.filter(([mask]) => mask & bit).map(([, load]) => load);
    const [own, parts] = pages[name];
    return wrapAsyncCb(streamed(own, [...deps, packed(parts, bit)]));
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
    run::write(&out.join(LINK), by_table(&link)?)?;
    Ok(start)
}

/// The script that loads chunks, with a table instead of some lines for each of them.
///
/// # Errors
/// When it does not begin as it did: the splitter writes another script now.
fn by_table(link: &str) -> Result<String> {
    const EXPORT: &str = "export const __wasm_split_load_";
    let chunks = ["\n/* ", "\nconst __chunk", "\nexport const"].map(|it| link.find(it));
    let end = chunks.into_iter().flatten().min();
    let mut script = link[..end.context("no chunk is loaded")?].to_owned();
    for function in ["function makeLoad(", "function wrapAsyncCb("] {
        ensure!(script.contains(function), "{LINK} has no {function}");
    }
    script += LOADER;
    for line in link.lines() {
        if let Some((name, _)) = line
            .strip_prefix(EXPORT)
            .and_then(|it| it.split_once(" = "))
        {
            script += &format!("{EXPORT}{name} = page(\"{}\");\n", page(name));
        }
    }
    Ok(script)
}

/// The chunks of a module, as they are once they are optimised.
pub(super) struct Parts {
    needs: Needs,
    /// Bytes of each chunk that several pages share.
    shared: BTreeMap<String, u64>,
}

impl Parts {
    /// Reads them.
    ///
    /// # Errors
    /// When `module` was not split.
    pub(super) fn read(module: &Module) -> Result<Self> {
        let needs = needs(module)?;
        let all: BTreeSet<&String> = needs.values().flatten().collect();
        let mut shared = BTreeMap::new();
        for chunk in all.into_iter().filter(|chunk| chunk.starts_with("chunk_")) {
            let file = file(module, chunk);
            let known = std::fs::metadata(&file);
            let known = known.with_context(|| format!("cannot read {}", file.display()))?;
            shared.insert(chunk.clone(), known.len());
        }
        Ok(Self::new(needs, shared))
    }

    /// A page that is drawn inside another need not bring along what that brought: `settings_data` comes
    /// once `settings` is here.
    fn new(mut needs: Needs, shared: BTreeMap<String, u64>) -> Self {
        let known = needs.clone();
        for (page, chunks) in &mut needs {
            if let Some(outer) = around(page).and_then(|outer| known.get(outer)) {
                chunks.retain(|chunk| !outer.contains(chunk));
            }
        }
        Self { needs, shared }
    }

    /// The small chunks that a page needs, in the order in which they lie in its file.
    fn small(&self, page: &str) -> impl Iterator<Item = &String> {
        let needed: BTreeSet<_> = self.needs.get(page).into_iter().flatten().collect();
        let small = self.shared.iter().filter(|(_, size)| **size < LARGE);
        small.filter_map(move |(chunk, _)| needed.contains(chunk).then_some(chunk))
    }

    /// The files that each page fetches: its small chunks, the large ones that it shares, its own.
    pub(super) fn files(&self) -> Needs {
        let is_small = |chunk: &&String| self.shared.get(*chunk).is_some_and(|size| *size < LARGE);
        let files = self.needs.iter().map(|(page, chunks)| {
            let others = chunks.iter().filter(|chunk| !is_small(chunk)).cloned();
            let all = std::iter::once(packed(page)).chain(others);
            (page.clone(), all.collect())
        });
        files.collect()
    }

    /// What [`LOADER`] goes by. A page is a bit, in the order of their names.
    pub(super) fn table(&self) -> Value {
        let mask = |chunk: &String| {
            let pages = self.needs.values().enumerate();
            let bits = pages.filter(|(_, chunks)| chunks.contains(chunk));
            bits.fold(0_u32, |mask, (nth, _)| mask | 1 << nth)
        };
        let pages = self.needs.iter().map(|(page, chunks)| {
            let own = chunks
                .iter()
                .find(|chunk| !self.shared.contains_key(*chunk));
            let files = [own.cloned().unwrap_or_default(), packed(page)];
            (
                page.clone(),
                json!(files.map(|file| format!("{file}.wasm"))),
            )
        });
        let (small, large): (Vec<_>, Vec<_>) =
            self.shared.iter().partition(|(_, size)| **size < LARGE);
        let small = small
            .into_iter()
            .flat_map(|(chunk, size)| [u64::from(mask(chunk)), *size]);
        let large = large
            .into_iter()
            .map(|(chunk, _)| (format!("{chunk}.wasm"), json!(mask(chunk))));
        json!({
            "pages": pages.collect::<serde_json::Map<_, _>>(),
            "small": small.collect::<Vec<_>>(),
            "large": large.collect::<serde_json::Map<_, _>>(),
        })
    }

    /// The bytes of every file that a page fetches, by its name without ending.
    ///
    /// # Errors
    /// When a chunk cannot be read.
    pub(super) fn bytes(&self, module: &Module) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut files = BTreeMap::new();
        for page in self.needs.keys() {
            let mut pack = Vec::new();
            for chunk in self.small(page) {
                pack.extend(run::read(&file(module, chunk))?);
            }
            files.insert(packed(page), pack);
        }
        let others: BTreeSet<String> = self.files().into_values().flatten().collect();
        for name in others {
            if let Entry::Vacant(vacant) = files.entry(name) {
                let bytes = run::read(&file(module, vacant.key()))?;
                vacant.insert(bytes);
            }
        }
        Ok(files)
    }
}

/// The page that another may be drawn inside of, by its name.
pub(crate) fn around(page: &str) -> Option<&str> {
    Some(page.split_once('_')?.0)
}

/// The name of the file of a page's small chunks.
fn packed(page: &str) -> String {
    format!("parts_{page}")
}

fn needs(module: &Module) -> Result<Needs> {
    let file = paths::root().join(module.out).join(NEEDS);
    serde_json::from_slice(&run::read(&file)?)
        .with_context(|| format!("cannot read {}", file.display()))
}

/// The file of a chunk.
fn file(module: &Module, chunk: &str) -> PathBuf {
    paths::root().join(module.out).join(format!("{chunk}.wasm"))
}

/// The file of every chunk of `module`, once.
///
/// # Errors
/// When it was not split.
pub(super) fn chunks(module: &Module) -> Result<Vec<PathBuf>> {
    let all: BTreeSet<String> = needs(module)?.into_values().flatten().collect();
    Ok(all.iter().map(|chunk| file(module, chunk)).collect())
}

/// What [`split`] and the optimiser leave besides glue and start.
///
/// # Errors
/// As [`chunks`].
pub(super) fn outputs(module: &Module) -> Result<Vec<PathBuf>> {
    let out = paths::root().join(module.out);
    let mut files = vec![out.join(NEEDS), out.join(LINK)];
    files.extend(chunks(module)?);
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
    fn a_table_stands_for_the_lines_of_each_chunk() {
        let begin =
            "import a;\nfunction wrapAsyncCb(callee) {}\nfunction makeLoad(fetcher, deps) {}";
        let link = format!(
            "{begin}\n/* inbox */\nconst __chunk_1 = makeLoad(x);\n\
             export const __wasm_split_load_inbox_12 = wrapAsyncCb(y\n);"
        );
        let script = by_table(&link).unwrap();
        let end = "export const __wasm_split_load_inbox_12 = page(\"inbox\");\n";
        assert_eq!(script, format!("{begin}{LOADER}{end}"));
        assert!(by_table("export const a = 1;").is_err());
    }

    fn parts() -> Parts {
        let needs = [
            (
                "inbox",
                vec!["chunk_1", "chunk_2", "chunk_9", "split_inbox"],
            ),
            (
                "inbox_answer",
                vec!["chunk_1", "chunk_3", "split_inbox_answer"],
            ),
            ("scores", vec!["chunk_2", "chunk_9", "split_scores"]),
        ];
        let needs = needs.map(|(page, chunks)| {
            let chunks = chunks.into_iter().map(str::to_owned);
            (page.to_owned(), chunks.collect())
        });
        let shared = [
            ("chunk_1", 10),
            ("chunk_2", 20),
            ("chunk_3", 30),
            ("chunk_9", LARGE),
        ];
        let shared = shared.map(|(chunk, size)| (chunk.to_owned(), size));
        Parts::new(needs.into(), shared.into())
    }

    #[test]
    fn a_page_fetches_its_small_chunks_as_one_file_and_no_large_one_of_others() {
        let files = parts().files();
        assert_eq!(files["inbox"], ["parts_inbox", "chunk_9", "split_inbox"]);
        assert_eq!(files["scores"], ["parts_scores", "chunk_9", "split_scores"]);
    }

    #[test]
    fn the_table_says_who_needs_what_and_how_long_it_is() {
        let expect = json!({
            "pages": {
                "inbox": ["split_inbox.wasm", "parts_inbox.wasm"],
                "inbox_answer": ["split_inbox_answer.wasm", "parts_inbox_answer.wasm"],
                "scores": ["split_scores.wasm", "parts_scores.wasm"],
            },
            "small": [1, 10, 5, 20, 2, 30],
            "large": { "chunk_9.wasm": 5 },
        });
        assert_eq!(parts().table(), expect);
    }

    #[test]
    fn pages_keep_their_names() {
        assert_eq!(page("scores"), "scores");
        assert_eq!(page("scores_123"), "scores");
        assert_eq!(page("survey_editor"), "survey_editor");
    }
}
