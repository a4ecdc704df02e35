//! Turns an answer and its question into "this can be one" or the reason why it cannot.
//!
//! Generic over the texts of the question: the collector checks with the survey as it was written,
//! the widget with what it shows.

use core::fmt;

use protocol::item::{AnswerValue, Chosen};
use protocol::limits::{MAX_OTHER_CHARS, MAX_TEXT_CHARS};
use protocol::survey::{Choice, NONE, OTHER, Question, QuestionKind, TextFormat};

/// Why an answer cannot be one to its question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mismatch {
    /// Skipped, and has to be answered.
    Required,
    /// An answer to another kind of question.
    Kind,
    /// A score that the scale does not have.
    Range,
    /// A text that is empty or not trimmed.
    Blank,
    /// A text with fewer characters than it needs.
    TooShort,
    /// A text with more characters than it may have.
    TooLong,
    /// A text that no mail can be sent to.
    Email,
    /// A text that is no address of the web.
    Url,
    /// A text that is no decimal number.
    Number,
    /// An option that the question does not have.
    Option,
    /// The same option twice.
    Twice,
    /// Nothing chosen, or more than one where one is asked for.
    Single,
    /// "Other" without a text, or a text without "other".
    OtherText,
    /// "None of these" together with one of these.
    NoneExclusive,
    /// Fewer options than have to be chosen.
    TooFew,
    /// More options than may be chosen.
    TooMany,
    /// A consent that was not given: that is a question skipped.
    NotAgreed,
}

impl Mismatch {
    /// What is wrong, for a developer; without the formatting machinery, which costs bytes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "the question is required and cannot be skipped",
            Self::Kind => "the answer is to another kind of question",
            Self::Range => "the score is not on the scale of the question",
            Self::Blank => "the text is empty or begins or ends with white space",
            Self::TooShort => "the text has too few characters",
            Self::TooLong => "the text has too many characters",
            Self::Email => "the text is not an e-mail address",
            Self::Url => "the text is not a web address",
            Self::Number => "the text is not a decimal number",
            Self::Option => "the question has no such option",
            Self::Twice => "an option is chosen twice",
            Self::Single => "exactly one option has to be chosen",
            Self::OtherText => "the option \"other\" and its text go together",
            Self::NoneExclusive => "the option \"none\" excludes all others",
            Self::TooFew => "too few options are chosen",
            Self::TooMany => "too many options are chosen",
            Self::NotAgreed => "a consent that was not given is a question skipped",
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl core::error::Error for Mismatch {}

/// Checks that `value` can be an answer to `question`.
///
/// # Errors
/// The first [`Mismatch`] found.
pub fn check_answer<T>(question: &Question<T>, value: &AnswerValue) -> Result<(), Mismatch> {
    if let (kind, AnswerValue::Skipped) = (&question.kind, value) {
        // An announcement asks nothing: whoever goes on has passed over it.
        let free = matches!(kind, QuestionKind::Statement { .. }) || !question.required;
        return ensure(free, Mismatch::Required);
    }
    match (&question.kind, value) {
        // Its type holds the range.
        (QuestionKind::Nps { .. }, AnswerValue::Nps(_)) => Ok(()),
        (QuestionKind::Csat { .. }, AnswerValue::Csat(score)) => on_scale(*score, 5),
        (QuestionKind::Ces { .. }, AnswerValue::Ces(score)) => on_scale(*score, 7),
        (QuestionKind::Rating { max, .. }, AnswerValue::Rating(score)) => on_scale(*score, *max),
        (QuestionKind::SingleChoice(choice), AnswerValue::Choice(chosen)) => {
            check_options(choice, chosen)?;
            ensure(chosen.options.len() == 1, Mismatch::Single)
        }
        (QuestionKind::MultipleChoice(choice), AnswerValue::Choice(chosen)) => {
            check_options(choice, chosen)?;
            check_count(choice, chosen)
        }
        (QuestionKind::Consent { .. }, AnswerValue::Consent(agreed)) => {
            ensure(*agreed, Mismatch::NotAgreed)
        }
        (QuestionKind::Statement { reactions, .. }, AnswerValue::Reaction(_)) => {
            ensure(*reactions, Mismatch::Kind)
        }
        (
            QuestionKind::Text {
                max_chars,
                min_chars,
                format,
                ..
            },
            AnswerValue::Text(text),
        ) => {
            ensure(!text.is_empty() && text.trim() == text, Mismatch::Blank)?;
            let n = text.chars().count();
            ensure(n >= *min_chars as usize, Mismatch::TooShort)?;
            let max = (*max_chars as usize).min(MAX_TEXT_CHARS);
            ensure(n <= max, Mismatch::TooLong)?;
            check_format(*format, text)
        }
        _ => Err(Mismatch::Kind),
    }
}

const fn ensure(holds: bool, otherwise: Mismatch) -> Result<(), Mismatch> {
    if holds { Ok(()) } else { Err(otherwise) }
}

fn on_scale(score: u8, max: u8) -> Result<(), Mismatch> {
    ensure((1..=max).contains(&score), Mismatch::Range)
}

fn check_options<T>(choice: &Choice<T>, chosen: &Chosen) -> Result<(), Mismatch> {
    for (idx, option) in chosen.options.iter().enumerate() {
        let known = match option.id.as_str() {
            OTHER => choice.other.is_some(),
            NONE => choice.none.is_some(),
            id => choice.options.iter().any(|known| known.id == id),
        };
        ensure(known, Mismatch::Option)?;
        let again = chosen.options[..idx]
            .iter()
            .any(|before| before.id == option.id);
        ensure(!again, Mismatch::Twice)?;
    }
    let text = chosen.other.as_deref();
    ensure(has(chosen, OTHER) == text.is_some(), Mismatch::OtherText)?;
    if let Some(text) = text {
        ensure(!text.is_empty() && text.trim() == text, Mismatch::OtherText)?;
        ensure(text.chars().count() <= MAX_OTHER_CHARS, Mismatch::TooLong)?;
    }
    Ok(())
}

fn check_count<T>(choice: &Choice<T>, chosen: &Chosen) -> Result<(), Mismatch> {
    let n = chosen.options.len();
    if has(chosen, NONE) {
        // None of them is neither too few nor too many.
        return ensure(n == 1, Mismatch::NoneExclusive);
    }
    ensure(n >= usize::from(choice.min.max(1)), Mismatch::TooFew)?;
    ensure(
        choice.max == 0 || n <= usize::from(choice.max),
        Mismatch::TooMany,
    )
}

fn has(chosen: &Chosen, id: &str) -> bool {
    chosen.options.iter().any(|option| option.id == id)
}

fn check_format(format: TextFormat, text: &str) -> Result<(), Mismatch> {
    match format {
        TextFormat::Any => Ok(()),
        TextFormat::Email => ensure(is_email(text), Mismatch::Email),
        TextFormat::Url => ensure(is_url(text), Mismatch::Url),
        TextFormat::Number => ensure(is_number(text), Mismatch::Number),
    }
}

/// Whether mail could be sent there: a name, one `@`, a host with a dot. Mail servers know the rest.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = cut(text, b"@") else {
        return false;
    };
    (1..=64).contains(&name.len()) && !has_gap(name) && is_host(host) && cut(host, b".").is_some()
}

/// Whether it is an `http` or `https` address with a host.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = cut(text, b"://") else {
        return false;
    };
    let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let end = |b: &u8| matches!(b, b'/' | b'?' | b'#');
    let (host, path) = rest.split_at(rest.bytes().position(|b| end(&b)).unwrap_or(rest.len()));
    let (host, port) = cut(host, b":").unwrap_or((host, ""));
    web && is_host(host) && port.bytes().all(|b| b.is_ascii_digit()) && !has_gap(path)
}

/// Labels between dots, none empty. A host of letters beyond ASCII is one too.
fn is_host(host: &str) -> bool {
    let label = |label: &[u8]| {
        let inner = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | 128..);
        let edge = |b: Option<&u8>| b.is_some_and(|b| *b != b'-');
        edge(label.first()) && edge(label.last()) && label.iter().all(inner)
    };
    host.len() <= 253 && host.as_bytes().split(|b| *b == b'.').all(label)
}

/// What is before and behind the first `mark`, which is ASCII.
///
/// `str::split_once` would bring two kilobytes of search into the widget.
fn cut<'a>(text: &'a str, mark: &[u8]) -> Option<(&'a str, &'a str)> {
    let at = text
        .as_bytes()
        .windows(mark.len())
        .position(|part| part == mark)?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

fn has_gap(text: &str) -> bool {
    text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Digits with at most one point or comma inside, and a sign in front.
fn is_number(text: &str) -> bool {
    let digits = text.as_bytes();
    let digits = match digits {
        [b'-' | b'+', digits @ ..] => digits,
        _ => digits,
    };
    let mut parts = digits.split(|b| matches!(b, b'.' | b','));
    let whole = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    parts.clone().count() <= 2 && parts.all(whole)
}
