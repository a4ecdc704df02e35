//! Turns what somebody types into a search box into words to look for, and filters by name.
//!
//! | typed | meaning |
//! |---|---|
//! | `slow` | a word that begins so was written |
//! | `"slow checkout"` | these words were written, one after the other |
//! | `-slow` | it was not |
//! | `asked:checkout` | the question says so |
//! | `status:` `tag:` `survey:` `question:` `score:` `page:` `lang:` `assignee:` `browser:` `device:` `country:` `version:` `is:` `has:` `trait.plan:` | as the parameter of the view |
//! | `before:2026-11-01` `after:2026-11-01` | up to, or from, the beginning of that day |

/// Words of one search at most; the rest is dropped and named.
pub const MAX_WORDS: usize = 16;

/// One thing to look for in what people wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word, or the words of a phrase, without quotes.
    pub text: String,
    /// Whether it was quoted: whole words, one after the other. Otherwise words that begin so.
    pub is_phrase: bool,
    /// Whether it must not be there.
    pub is_not: bool,
    /// Whether the question is looked through instead of the answer.
    pub in_prompt: bool,
}

impl Word {
    /// As it is typed.
    pub fn typed(&self) -> String {
        let not = if self.is_not { "-" } else { "" };
        let asked = if self.in_prompt { "asked:" } else { "" };
        // What would be read as something else is quoted; it stays the same word.
        let quote = if self.is_phrase { "\"" } else { "" };
        format!("{not}{asked}{quote}{}{quote}", self.text)
    }

    /// Whether there is anything to look for: punctuation alone is not kept by any index.
    pub(super) fn says_something(&self) -> bool {
        self.text.chars().any(char::is_alphanumeric)
    }
}

/// One piece of what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Word(Word),
    /// A filter by name, as it was typed and taken apart.
    Named {
        name: String,
        value: String,
        is_not: bool,
    },
}

/// Takes apart what was typed. Everything is something: no text is an error.
pub(super) fn pieces(typed: &str) -> Vec<Piece> {
    // The index ends a query at a zero.
    let typed = typed.replace('\0', " ");
    let mut rest = typed.trim_start();
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let (piece, after) = piece(rest);
        pieces.extend(piece);
        rest = after.trim_start();
    }
    pieces
}

/// The first piece, and what comes after it.
fn piece(typed: &str) -> (Option<Piece>, &str) {
    let (is_not, typed) = match typed.strip_prefix('-') {
        Some(rest) if !rest.is_empty() => (true, rest),
        _ => (false, typed),
    };
    let (name, after_name) = name_of(typed);
    let (value, is_phrase, rest) = value_of(after_name);
    let piece = match name {
        Some(name) if name != "asked" => Piece::Named {
            name: name.to_owned(),
            value,
            is_not,
        },
        _ => Piece::Word(Word {
            text: value,
            is_phrase,
            is_not,
            in_prompt: name.is_some(),
        }),
    };
    let is_empty = matches!(&piece, Piece::Word(word) if word.text.is_empty());
    ((!is_empty).then_some(piece), rest)
}

/// `status` of `status:new`. An address (`https://…`) or a time (`10:30`) has no name.
fn name_of(typed: &str) -> (Option<&str>, &str) {
    let Some((name, rest)) = typed.split_once(':') else {
        return (None, typed);
    };
    // What is beside a trait is the page's own name of it.
    let is_trait = name.starts_with("trait.") && !name.contains([' ', '\t', '\n', '"']);
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if (is_trait || is_name) && !rest.starts_with("//") {
        (Some(name), rest)
    } else {
        (None, typed)
    }
}

/// Up to the closing quote, or to the next blank; a quote that is not closed ends with the text.
fn value_of(typed: &str) -> (String, bool, &str) {
    if let Some(quoted) = typed.strip_prefix('"') {
        let (value, rest) = quoted.split_once('"').unwrap_or((quoted, ""));
        return (value.trim().to_owned(), true, rest);
    }
    let end = typed
        .find(|c: char| c.is_whitespace() || c == '"')
        .unwrap_or(typed.len());
    let (value, rest) = typed.split_at(end);
    (value.to_owned(), false, rest)
}
