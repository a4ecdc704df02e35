//! Turns a module and its glue into what the page can reach: less of both.
//!
//! wasm-bindgen exports every class of every dependency, used or not (leptos brings streams that no widget
//! opens), and its glue keeps them alive. So: let esbuild drop what nobody calls, see which exports are left
//! in the bundle, and remove the others from the module, with the imports that only they needed.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::pack::WASM_FEATURES;
use super::{Module, bundle, split};
use crate::run;

/// Removes from `module` the exports that its bundle does not mention.
///
/// # Errors
/// When a tool fails.
pub(super) fn exports(module: &Module) -> Result<()> {
    let glue = String::from_utf8(run::read(&module.glue())?)?;
    let mut glue = droppable(&glue);
    if module.is_library {
        glue = short(&glue);
    }
    if module.entry.is_none() {
        glue = without_objects(&glue);
    }
    run::write(&module.glue(), glue)?;
    let bundled = String::from_utf8(bundle::probe(module)?)?;
    let shared = match module.is_split {
        true => split::shared(module)?,
        false => Vec::new(),
    };
    let kept: Vec<Value> = export_names(&run::read(&module.wasm())?)
        .into_iter()
        .filter(|name| mentions(&bundled, name) || shared.contains(name))
        .map(|name| json!({ "name": name, "export": name, "root": true }))
        .collect();
    let graph = module.wasm().with_extension("exports.json");
    run::write(&graph, Value::from(kept).to_string())?;
    run::run_quietly(
        "wasm-metadce",
        run::npm_tool("wasm-metadce")
            .args(WASM_FEATURES)
            .arg(module.wasm())
            .arg("--graph-file")
            .arg(&graph)
            .arg("-o")
            .arg(module.wasm()),
    )?;
    std::fs::remove_file(&graph).with_context(|| format!("cannot remove {}", graph.display()))
}

/// Gives short names to what `module` and its glue call each other's functions.
///
/// # Errors
/// When a tool fails.
pub(super) fn names(module: &Module) -> Result<()> {
    let map = run::output(
        run::npm_tool("wasm-opt")
            .arg("--minify-imports-and-exports-and-modules")
            .args(WASM_FEATURES)
            .arg(module.wasm())
            .arg("-o")
            .arg(module.wasm()),
    )?;
    let names: Names = serde_json::from_str(&map).context("wasm-opt tells new names otherwise")?;
    let glue = String::from_utf8(run::read(&module.glue())?)?;
    run::write(&module.glue(), unwoven(&renamed(&glue, &names)))
}

/// As wasm-opt tells them: of `imports` module, name and new name, of `exports` name and new name.
type Names = BTreeMap<String, Vec<Vec<String>>>;

fn renamed(glue: &str, names: &Names) -> String {
    let mut glue = glue.to_owned();
    for name in names.values().flatten() {
        glue = match &name[..] {
            // wasm-opt calls the one module that there is then `a`.
            [module, old, new] => glue
                .replace(&format!("\"{module}\": "), "\"a\": ")
                .replace(&format!("        {old}: "), &format!("        {new}: ")),
            [old, new] => [",", ")", "(", "."].iter().fold(glue, |glue, after| {
                glue.replace(&format!("wasm.{old}{after}"), &format!("wasm.{new}{after}"))
            }),
            _ => glue,
        };
    }
    glue
}

/// Puts the module together before it is started.
fn unwoven(glue: &str) -> String {
    const READ: &str = "await answer.arrayBuffer()";
    let glue = glue.replace(READ, &format!("unweave({READ})"));
    format!("import {{ unweave }} from \"../../src/agent/unweave.ts\";\n{glue}")
}

/// Removes from the glue of `module` the functions that the optimised module no longer imports.
///
/// # Errors
/// When a file cannot be read or written.
pub(super) fn imports(module: &Module) -> Result<()> {
    let wasm = run::read(&module.wasm())?;
    let glue = String::from_utf8(run::read(&module.glue())?)?;
    run::write(&module.glue(), without_unused(&glue, &wasm))
}

/// Marks as droppable what esbuild must take for a side effect, though it is none for us.
fn droppable(glue: &str) -> String {
    let registry = "new FinalizationRegistry(";
    glue.replace(registry, &format!("/* @__PURE__ */ {registry}"))
        .lines()
        .filter(|line| !line.starts_with("if (Symbol.dispose) "))
        .filter(|line| !line.trim().starts_with("console.warn('using deprecated"))
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// Starts the module in one way only: from its address, and once, for which our scripts see.
///
/// The other ways are half of the agent's glue. Compiling while the answer comes would gain nothing with
/// modules that are this small, and is refused where another script stands in for `fetch` and its answers.
fn short(glue: &str) -> String {
    const LOAD: &str = "async function __wbg_load(module, imports) {\n";
    const SHORT: &str = "async function __wbg_init({ module_or_path }) {\n    \
                         const answer = await fetch(module_or_path);\n    \
                         if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);\n    \
                         const bytes = await answer.arrayBuffer();\n    \
                         const { instance } = await WebAssembly.instantiate(bytes, __wbg_get_imports());\n    \
                         __wbg_finalize_init(instance);\n}\n\nexport { __wbg_init as default };\n";
    match glue.split_once(LOAD) {
        Some((before, rest)) if rest.contains("export { initSync, __wbg_init as default };") => {
            format!("{before}{SHORT}")
        }
        _ => glue.to_owned(),
    }
}

/// Starts the module without a table of the page's objects, for one that is handed numbers and bytes only; nothing
/// else is done by its start.
fn without_objects(glue: &str) -> String {
    const TABLE: &str = "        __wbindgen_init_externref_table: function() {\n";
    let glue = glue.replace("    wasm.__wbindgen_start();\n", "");
    let parts = glue.split_once(TABLE).and_then(|(before, rest)| {
        let (_, after) = rest.split_once("        },\n")?;
        Some(format!("{before}{after}"))
    });
    parts.unwrap_or(glue)
}

/// Drops entries of the import object whose name is nowhere in the module. An import's name stands in the
/// module as plain bytes; that it could stand there for another reason only keeps an entry too many.
fn without_unused(glue: &str, wasm: &[u8]) -> String {
    let mut kept = String::with_capacity(glue.len());
    let mut dropping = false;
    for line in glue.lines() {
        let entry = line
            .strip_prefix("        ")
            .filter(|rest| rest.starts_with("__wb"));
        if let Some((name, _)) = entry.and_then(|rest| rest.split_once(": function(")) {
            dropping = !contains(wasm, name.as_bytes());
        }
        if !dropping {
            kept.push_str(line);
            kept.push('\n');
        }
        // An entry ends with a brace at its own indentation, alone or closing a call.
        if line.starts_with("        }") {
            dropping = false;
        }
    }
    kept
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Whether `.name` stands in `js` as a whole word.
fn mentions(js: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    js.match_indices(name)
        .any(|(at, _)| js[..at].ends_with('.') && !js[at + name.len()..].starts_with(is_word))
}

/// Names of the exports of a wasm module; empty when `wasm` is not one.
fn export_names(wasm: &[u8]) -> Vec<String> {
    const EXPORTS: u8 = 7;
    let mut reader = Reader(wasm.get(8..).unwrap_or_default());
    while let Some((id, size)) = reader.byte().zip(reader.number()) {
        let Some(body) = reader.take(size) else { break };
        if id == EXPORTS {
            let mut body = Reader(body);
            let count = body.number().unwrap_or(0);
            return (0..count).map_while(|_| body.export()).collect();
        }
    }
    Vec::new()
}

/// Reads the binary format: <https://webassembly.github.io/spec/core/binary/modules.html>.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    /// An unsigned LEB128 number.
    fn number(&mut self) -> Option<usize> {
        let mut value = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn export(&mut self) -> Option<String> {
        let length = self.number()?;
        let name = String::from_utf8(self.take(length)?.to_vec()).ok()?;
        self.byte()?;
        self.number()?;
        Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_are_read_from_the_module() {
        let wasm = b"\0asm\x01\0\0\0\x01\x01\0\x07\x0d\x02\x03foo\0\0\x03bar\x02\0";
        assert_eq!(export_names(wasm), ["foo", "bar"]);
        assert!(export_names(b"no module").is_empty());
    }

    #[test]
    fn only_whole_words_are_mentions() {
        assert!(mentions("a=i.foo(1)", "foo"));
        assert!(!mentions("a=i.food(1)", "foo"));
        assert!(!mentions("a=foo(1)", "foo"));
    }

    #[test]
    fn unused_entries_go_and_used_ones_stay() {
        let glue = "    const import0 = {\n        __wbg_a_1: function() { return handleError(function () {\n            x();\n        }, arguments); },\n        __wbg_b_2: function(arg0) {\n            y();\n        },\n    };\n";
        let expected = "    const import0 = {\n        __wbg_b_2: function(arg0) {\n            y();\n        },\n    };\n";
        assert_eq!(without_unused(glue, b"..__wbg_b_2.."), expected);
    }

    #[test]
    fn modules_are_started_in_one_way() {
        let glue = "a();\nasync function __wbg_load(module, imports) {\n    if (x) {\n        y();\n    }\n}\n\
                    b();\nexport { initSync, __wbg_init as default };\n";
        let short_glue = short(glue);
        assert!(short_glue.starts_with("a();\nasync function __wbg_init({ module_or_path }) {\n"));
        assert!(short_glue.ends_with("}\n\nexport { __wbg_init as default };\n"));
        assert!(!short_glue.contains("b()"));
        assert_eq!(short("other glue\n"), "other glue\n");
    }

    #[test]
    fn names_become_short_on_both_sides() {
        let names = serde_json::from_str(
            r#"{ "imports": [["./m.js", "__wbg_a_1", "a"]], "exports": [["start", "b"], ["started", "c"]] }"#,
        )
        .unwrap();
        let glue = "    const import0 = {\n        __wbg_a_1: function() {\n            \
                    wasm.start(wasm.started, 0);\n        },\n    };\n    \"./m.js\": import0\n";
        assert_eq!(
            renamed(glue, &names),
            "    const import0 = {\n        a: function() {\n            \
             wasm.b(wasm.c, 0);\n        },\n    };\n    \"a\": import0\n"
        );
    }

    #[test]
    fn modules_without_objects_have_no_table_of_them() {
        let glue = "    const import0 = {\n        __wbindgen_init_externref_table: function() {\n            \
                    t.set(0, undefined);\n        },\n    };\n    x();\n    wasm.__wbindgen_start();\n";
        assert_eq!(
            without_objects(glue),
            "    const import0 = {\n    };\n    x();\n"
        );
    }

    #[test]
    fn registries_and_disposers_can_be_dropped() {
        let glue =
            "const R = x ? y\n    : new FinalizationRegistry(f);\nif (Symbol.dispose) A = B;\n";
        assert_eq!(
            droppable(glue),
            "const R = x ? y\n    : /* @__PURE__ */ new FinalizationRegistry(f);\n"
        );
    }
}
