//! Turns the files of words into checks that every language says everything.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;

type File = BTreeMap<String, String>;

/// The names and texts of one file in their order; the files hold nothing but text.
fn read(tag: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("words");
    let json = std::fs::read_to_string(folder.join(tag).with_extension("json")).unwrap();
    let pair = |line: &str| {
        let (name, text) = line.split_once(": ").unwrap();
        let bare = |part: &str| serde_json::from_str::<String>(part).unwrap();
        (bare(name.trim()), bare(text.trim_end_matches(',')))
    };
    let inner = json.trim().trim_start_matches('{').trim_end_matches('}');
    inner.trim().lines().map(pair).collect()
}

fn tags() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("words");
    let files = std::fs::read_dir(folder).unwrap();
    let stem = |file: std::fs::DirEntry| {
        file.path()
            .file_stem()
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    };
    files.map(|file| stem(file.unwrap())).collect()
}

/// The places to fill in, sorted.
fn places(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text
        .split('{')
        .skip(1)
        .map(|rest| rest.split('}').next().unwrap())
        .collect();
    found.sort_unstable();
    found
}

#[test]
fn every_language_has_the_words_of_english_in_their_order() {
    let english = read("en");
    let own: Vec<&str> = english.iter().map(|(name, _)| name.as_str()).collect();
    let (widget, shots) = own.split_at(Word::KEYS.len());
    assert_eq!(widget, Word::KEYS);
    assert!(shots.iter().all(|name| name.starts_with("shot_")));
    let mut all = tags();
    all.sort_unstable();
    let expected = [
        "ar", "de", "en", "es", "fr", "he", "it", "ja", "nl", "pl", "pt-BR", "zh-Hans",
    ];
    assert_eq!(all, expected);
    for tag in &all {
        let words = read(tag);
        let names: Vec<&str> = words.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, own, "{tag}");
        let file: File = words.into_iter().collect();
        assert_eq!(file["language"], *tag);
        let rtl = is_rtl(tag);
        assert_eq!(file["dir"], if rtl { "rtl" } else { "ltr" }, "{tag}");
        for (name, text) in &english {
            let own = &file[name];
            assert_eq!(places(own), places(text), "{tag} {name}");
            assert!(
                !own.trim().is_empty() && !own.contains('\n'),
                "{tag} {name}"
            );
        }
        assert!(file["arrived"].contains("F6"), "{tag}");
    }
}

#[test]
fn lines_are_words_digits_and_context() {
    let mut lines: Vec<&str> = Word::KEYS.to_vec();
    lines.extend([
        "٠١٢٣٤٥٦٧٨٩",
        "url\u{1f}https://a.example\u{1f}empty\u{1f}\u{1f}",
    ]);
    let words = Words::new(&lines.join("\n"));
    assert_eq!(words.get(Word::Language), "language");
    assert_eq!(words.get(Word::Thanks), "thanks");
    assert_eq!(words.number(1024), "١٠٢٤");
    assert_eq!(
        words.context(),
        [("url", "https://a.example"), ("empty", "")]
    );
}

#[test]
fn without_lines_there_are_no_words_but_digits() {
    let words = Words::new("");
    assert_eq!(words.get(Word::Send), "");
    assert_eq!(words.number(70), "70");
    assert!(words.context().is_empty());
}

#[test]
fn some_languages_run_from_right_to_left() {
    for tag in ["ar", "ar-EG", "he", "FA-ir", "ckb"] {
        assert!(is_rtl(tag), "{tag}");
    }
    for tag in ["", "en", "de-AT", "arn", "zh-Hans"] {
        assert!(!is_rtl(tag), "{tag}");
    }
}

#[test]
fn filling_in_leaves_braces_of_the_value_alone() {
    assert_eq!(fill("{n} of {of}", "{of}", "{n}"), "{n} of {n}");
    assert_eq!(fill("{n} left", "{n}", "12"), "12 left");
    assert_eq!(fill("n left", "{n}", "12"), "n left");
}

#[test]
fn numbers_are_decimal() {
    for n in [0, 7, 10, 405, 10_000] {
        assert_eq!(decimal(n), n.to_string());
    }
}
