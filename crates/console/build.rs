//! Turns `words/en.json` into one function a key, so that a wrong key or a missing placeholder does not compile.
//!
//! A text is a function without arguments; each `{placeholder}` is an argument, in alphabetical order. A text
//! of several forms is a plural: its first argument is the count `n`. `words/` says the same in other
//! languages; that they say all of it is a test.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use serde_json::Value;

/// The text of each key: one, or the forms of a plural.
type Words = BTreeMap<String, Value>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=words");
    let words: Words = serde_json::from_str(&fs::read_to_string("words/en.json")?)?;
    let mut code = String::new();
    for (index, (key, text)) in words.iter().enumerate() {
        write!(code, "{}", function(index, key, text)?)?;
    }
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("words.rs"), code)?;
    Ok(())
}

fn function(index: usize, key: &str, text: &Value) -> Result<String, Box<dyn Error>> {
    let (forms, is_plural) = match text {
        Value::String(text) => (text.clone(), false),
        Value::Array(forms) => {
            let forms = forms.iter().map(|form| form.as_str().unwrap_or_default());
            (forms.collect::<Vec<_>>().join("|"), true)
        }
        _ => return Err(format!("{key} is neither a text nor a list of forms").into()),
    };
    let name = key.replace('.', "_").to_lowercase();
    let mut doc = forms.replace('\n', " ");
    if doc.contains("://") {
        // An address is no link there.
        doc = format!("`{doc}`");
    }
    let mut places = placeholders(&forms);
    if is_plural {
        places.remove("n");
    }
    let arguments: String = places
        .iter()
        .map(|place| format!("{place}: &str, "))
        .collect();
    let filled: String = places
        .iter()
        .map(|place| format!("(\"{place}\", {place}), "))
        .collect();
    let head = format!("/// `{key}`: {doc}\npub(crate) fn {name}");
    Ok(match (is_plural, places.is_empty()) {
        (true, _) => format!(
            "{head}(n: u64, {arguments}) -> String {{ counted({index}, n, &[{filled}]) }}\n"
        ),
        (false, true) => format!("{head}() -> &'static str {{ text({index}) }}\n"),
        (false, false) => {
            format!("{head}({arguments}) -> String {{ filled({index}, &[{filled}]) }}\n")
        }
    })
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    let starts = text.split('{').skip(1);
    starts
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}
