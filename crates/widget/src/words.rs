//! Turns a language tag into the words that the widget itself says; a language is one file of data.

mod de;
mod en;

/// The words of the widget in one language. `{n}`, `{of}` and `{title}` are filled in: see [`fill`].
///
/// A number stands beside a colon, never before a noun: so no language needs its rules of plural here.
#[derive(Debug)]
pub struct Words {
    /// BCP 47 tag that these words are marked with.
    pub language: &'static str,
    /// Goes on to the next question.
    pub next: &'static str,
    /// Hands in the last answer.
    pub send: &'static str,
    /// Passes over an optional question.
    pub skip: &'static str,
    /// Name of the button in the corner.
    pub close: &'static str,
    /// `{n}` of `{of}` questions.
    pub progress: &'static str,
    /// Said once to screen readers when the survey appears; `{title}` is the first question.
    pub arrived: &'static str,
    /// Characters left: `{n}`.
    pub left: &'static str,
    /// Characters too many: `{n}`.
    pub over: &'static str,
    /// Said to screen readers: at most `{n}` characters are left.
    pub nearly: &'static str,
    /// Said to screen readers: the text is too long.
    pub full: &'static str,
    /// Refusal: a required score is not chosen.
    pub score_missing: &'static str,
    /// Refusal: a required text is empty.
    pub text_missing: &'static str,
    /// Refusal: the text has `{n}` characters too many.
    pub text_too_long: &'static str,
    /// Delivery: on the way.
    pub sending: &'static str,
    /// Delivery: the collector cannot be reached, headline.
    pub waiting: &'static str,
    /// Delivery: the collector cannot be reached, what was kept and what happens next.
    pub waiting_text: &'static str,
    /// Delivery: refused for good, headline.
    pub refused: &'static str,
    /// Delivery: refused for good, what was kept and what can be done.
    pub refused_text: &'static str,
}

/// The words for texts in `language` (BCP 47): its own, or else English.
pub fn words(language: &str) -> &'static Words {
    match primary(language).as_str() {
        "de" => &de::WORDS,
        _ => &en::WORDS,
    }
}

/// Whether texts in `language` (BCP 47) run from right to left.
pub fn is_rtl(language: &str) -> bool {
    const RTL: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];
    RTL.contains(&primary(language).as_str())
}

/// The first subtag, in lower case: `de` of `de-AT`.
fn primary(language: &str) -> String {
    let tag = language.split(['-', '_']).next().unwrap_or_default();
    tag.to_ascii_lowercase()
}

/// Puts `value` where `template` has `key`, such as `{n}`.
pub fn fill(template: &str, key: &str, value: &str) -> String {
    // `str::replacen` would bring two kilobytes of search into the module.
    let found = template
        .as_bytes()
        .windows(key.len())
        .position(|window| window == key.as_bytes());
    let filled = found.and_then(|at| {
        let before = template.get(..at)?;
        let after = template.get(at + key.len()..)?;
        Some([before, value, after].concat())
    });
    filled.unwrap_or_else(|| template.to_owned())
}

/// Writes `n` in decimal digits.
pub fn number(mut n: usize) -> String {
    let mut digits = String::new();
    loop {
        // A remainder of ten is a digit.
        digits.insert(0, char::from(b'0' + (n % 10) as u8));
        n /= 10;
        if n == 0 {
            return digits;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: &str, expected: &str, rtl: bool) {
        assert_eq!(words(language).language, expected, "{language}");
        assert_eq!(is_rtl(language), rtl, "{language}");
    }

    #[test]
    fn a_language_has_its_own_words_or_english_ones() {
        check("en", "en", false);
        check("en-GB", "en", false);
        check("de", "de", false);
        check("DE-at", "de", false);
        check("de_CH", "de", false);
        check("den", "en", false);
        check("fr", "en", false);
        check("", "en", false);
        check("ar-EG", "en", true);
        check("he", "en", true);
    }

    #[test]
    fn every_place_to_fill_in_is_there() {
        for words in [&en::WORDS, &de::WORDS] {
            for with_n in [
                words.progress,
                words.left,
                words.over,
                words.nearly,
                words.text_too_long,
            ] {
                assert!(with_n.contains("{n}"), "{with_n}");
            }
            assert!(words.progress.contains("{of}"));
            assert!(words.arrived.contains("{title}") && words.arrived.contains("F6"));
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
            assert_eq!(number(n), n.to_string());
        }
    }
}
