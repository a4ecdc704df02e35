//! Turns the words of the chosen language into texts: looked up, filled and counted.
//!
//! The functions are made by `build.rs`, one for each key of `words/en.json`. What they say comes
//! from the file of the one language that the page fetched; it does not change while the page lives.

use std::cell::RefCell;

use super::count;
use super::language::Language;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// The words of one language, in the order of their keys.
struct Spoken {
    language: Language,
    texts: Vec<&'static str>,
}

thread_local! {
    static SPOKEN: RefCell<Option<Spoken>> = const { RefCell::new(None) };
}

/// Speaks this language from now on. `texts` is a JSON list of texts in the order of their keys,
/// forms of a plural parted by `|`; it tells whether it was one.
pub fn speak(language: Language, texts: &str) -> bool {
    let Ok(texts) = serde_json::from_str::<Vec<String>>(texts) else {
        return false;
    };
    // Once a page: what is said of them lives as long as it.
    let texts = texts.into_iter().map(|text| &*text.leak()).collect();
    SPOKEN.set(Some(Spoken { language, texts }));
    true
}

/// The language that is spoken.
pub fn language() -> Language {
    SPOKEN.with_borrow(|spoken| spoken.as_ref().map_or(Language::En, |it| it.language))
}

fn text(index: usize) -> &'static str {
    SPOKEN.with_borrow_mut(|spoken| {
        let spoken = spoken.get_or_insert_with(unfetched);
        spoken.texts.get(index).copied().unwrap_or_default()
    })
}

fn filled(index: usize, values: &[(&str, &str)]) -> String {
    fill(text(index), values)
}

fn counted(index: usize, n: u64, values: &[(&str, &str)]) -> String {
    let forms = text(index);
    let form = forms.split('|').nth(language().form(n));
    // Millions take the usual form where the language's file has no other.
    let form = form
        .or_else(|| forms.split('|').next_back())
        .unwrap_or(forms);
    fill(&fill(form, &[("n", &count(n))]), values)
}

fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut said = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        said.push_str(before);
        let known = after.split_once('}').and_then(|(name, after)| {
            let value = values.iter().find(|(key, _)| *key == name)?.1;
            Some((value, after))
        });
        rest = match known {
            Some((value, after)) => {
                said.push_str(value);
                after
            }
            None => {
                said.push('{');
                after
            }
        };
    }
    said + rest
}

/// Where no page fetched words: natively, and in tests. What ships carries none.
fn unfetched() -> Spoken {
    Spoken {
        language: Language::En,
        texts: built_in(Language::En),
    }
}

#[cfg(any(not(target_arch = "wasm32"), debug_assertions))]
fn built_in(language: Language) -> Vec<&'static str> {
    type Words = std::collections::BTreeMap<String, serde_json::Value>;
    let file = match language {
        Language::En => include_str!("../../words/en.json"),
        Language::De => include_str!("../../words/de.json"),
        Language::Fr => include_str!("../../words/fr.json"),
        Language::Es => include_str!("../../words/es.json"),
    };
    let words: Words = serde_json::from_str(file).unwrap_or_default();
    let forms = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        value => {
            let forms: Vec<String> = serde_json::from_value(value).unwrap_or_default();
            forms.join("|")
        }
    };
    words
        .into_values()
        .map(|value| &*forms(value).leak())
        .collect()
}

#[cfg(not(any(not(target_arch = "wasm32"), debug_assertions)))]
fn built_in(_language: Language) -> Vec<&'static str> {
    Vec::new()
}

/// Does something in another language.
#[cfg(test)]
pub(crate) fn in_language<T>(language: Language, what: impl FnOnce() -> T) -> T {
    let before = SPOKEN.replace(Some(Spoken {
        language,
        texts: built_in(language),
    }));
    let done = what();
    SPOKEN.set(before);
    done
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    type Words = BTreeMap<String, serde_json::Value>;

    fn file(language: Language) -> Words {
        let path = format!(
            "{}/words/{}.json",
            env!("CARGO_MANIFEST_DIR"),
            language.tag()
        );
        let text = std::fs::read_to_string(path).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn forms(value: &serde_json::Value) -> Vec<String> {
        match value {
            serde_json::Value::String(text) => vec![text.clone()],
            value => serde_json::from_value(value.clone()).unwrap(),
        }
    }

    fn places(text: &str) -> BTreeSet<String> {
        let starts = text.split('{').skip(1);
        starts
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| String::from(name))
            .collect()
    }

    #[test]
    fn every_language_says_everything() {
        let english = file(Language::En);
        for language in Language::ALL {
            let words = file(language);
            let tag = language.tag();
            assert!(words.keys().eq(english.keys()), "keys of {tag} differ");
            for (key, value) in &words {
                let (own, first) = (forms(value), forms(&english[key]));
                assert_eq!(own.len() > 1, first.len() > 1, "{tag} {key}: plural");
                let all = |forms: &[String]| places(&forms.concat());
                assert_eq!(all(&own), all(&first), "{tag} {key}: placeholders");
                for form in &own {
                    assert!(!form.is_empty() && !form.contains('|'), "{tag} {key}");
                    // A form may say "a second" for "1 second"; everything else is said in each.
                    let mut missing: BTreeSet<_> =
                        all(&own).difference(&places(form)).cloned().collect();
                    missing.remove("n");
                    assert!(missing.is_empty(), "{tag} {key}: {form} lacks {missing:?}");
                }
                if own.len() > 1 {
                    let most = 2 + usize::from(language.form(1_000_000) == 2);
                    assert!((2..=most).contains(&own.len()), "{tag} {key}: forms");
                }
            }
        }
    }

    #[test]
    fn texts_are_filled_and_counted() {
        assert_eq!(people(1), "1 person");
        assert_eq!(people(1_284), "1,284 people");
        assert_eq!(
            in_language(Language::De, || people(1_284)),
            "1.284 Personen"
        );
        assert_eq!(in_language(Language::Fr, || people(0)), "0 personne");
        assert_eq!(
            in_language(Language::Fr, || people(2_000_000)),
            "2\u{202f}000\u{202f}000 de personnes"
        );
        assert_eq!(in_language(Language::Es, || people(1_284)), "1284 personas");
        assert_eq!(scores_interval("+9", "+1"), "95 % interval +1 to +9");
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        assert_eq!(
            fill("{a} and {b}", &[("a", "{b}"), ("b", "2")]),
            "{b} and 2"
        );
        assert_eq!(fill("{a} {", &[]), "{a} {");
    }

    #[test]
    fn what_the_page_fetched_is_spoken() {
        assert!(!speak(Language::De, "not a list"));
        let mut texts = built_in(Language::De);
        texts[0] = "zuerst";
        let json = serde_json::to_string(&texts).unwrap();
        std::thread::spawn(move || {
            assert!(speak(Language::De, &json));
            assert_eq!((language(), text(0)), (Language::De, "zuerst"));
        })
        .join()
        .unwrap();
    }
}
