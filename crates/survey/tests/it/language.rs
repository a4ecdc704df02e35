//! Turns the languages of people and of surveys into the ones that are shown.

use protocol::text::LocalText;
use survey::language::{is_within, phrase, resolve};

#[track_caller]
fn check(wanted: &[&str], offered: &[&str], shown: &str) {
    assert_eq!(resolve(wanted, offered, "en"), shown, "{wanted:?}");
}

#[test]
fn the_nearest_language_is_shown() {
    check(&[], &["de"], "en");
    check(&["de"], &["de"], "de");
    check(&["DE"], &["de"], "de");
    check(&["pt-br"], &["pt", "pt-BR"], "pt-BR");
    check(&["pt-BR"], &["pt"], "pt");
    check(&["zh-Hant-TW"], &["zh", "zh-Hant"], "zh-Hant");
    check(&["zh-x-private"], &["zh"], "zh");
    // A narrower language than the one wanted is not what was wanted.
    check(&["pt"], &["pt-BR"], "en");
    check(&["fr"], &["de"], "en");
}

#[test]
fn each_wish_is_tried_in_full_before_the_next() {
    check(&["fr", "de"], &["de"], "de");
    check(&["pt-BR", "de"], &["de", "pt"], "pt");
    check(&["en-GB", "de"], &["de"], "en");
    check(&["", "de"], &["de"], "de");
}

#[test]
fn a_language_is_within_itself_and_what_is_above() {
    for (tag, range, expected) in [
        ("pt-BR", "pt", true),
        ("PT-br", "pt-BR", true),
        ("pt", "pt-BR", false),
        ("ptx", "pt", false),
        ("ä", "a", false),
    ] {
        assert_eq!(is_within(tag, range), expected, "{tag} in {range}");
    }
}

/// `text` in content of `language`, for a survey in English.
#[track_caller]
fn check_phrase(text: &[(&str, &str)], language: &str, expected: (&str, &str)) {
    let text = LocalText::Many(
        text.iter()
            .map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned()))
            .collect(),
    );
    let phrase = phrase(&text, language, "en");
    assert_eq!((phrase.text.as_str(), phrase.language.as_str()), expected);
}

#[test]
fn each_text_falls_back_alone_and_says_so() {
    let both = [("en", "Why?"), ("de", "Warum?")];
    check_phrase(&both, "de", ("Warum?", ""));
    check_phrase(&both, "DE", ("Warum?", ""));
    check_phrase(&both, "en", ("Why?", ""));
    check_phrase(&both, "de-AT", ("Warum?", "de"));
    check_phrase(&both, "fr", ("Why?", "en"));
    check_phrase(&[("en", "Why?"), ("de", " ")], "de", ("Why?", "en"));
    check_phrase(&[("fr", "Pourquoi ?")], "de", ("Pourquoi ?", "fr"));
    check_phrase(&[], "de", ("", ""));
}

#[test]
fn a_plain_text_is_in_the_surveys_own_language() {
    let plain = LocalText::from("Why?");
    assert_eq!(phrase(&plain, "en", "en").language, "");
    assert_eq!(phrase(&plain, "de", "en").language, "en");
    assert_eq!(phrase(&LocalText::from(""), "de", "en").language, "");
}
