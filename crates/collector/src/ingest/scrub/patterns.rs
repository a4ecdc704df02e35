//! Turns text into the same text with a word in the place of each e-mail address, card and token.

use std::borrow::Cow;
use std::ops::Range;

/// Digits of the shortest number of a card, and of the longest.
///
/// # Source
///
/// ISO/IEC 7812-1: up to 19 digits; those in use have 13 and more.
pub(super) const MIN_CARD_DIGITS: usize = 13;
const MAX_CARD_DIGITS: usize = 19;

/// How tokens begin, by whoever gives them out, and how long what follows is at least.
///
/// # Source
///
/// The prefixes that their issuers document for secret scanning: GitHub, GitLab, Slack, Stripe, AWS,
/// Google, npm. `eyJ` is how a JSON web token begins: `{"` in base64url.
const TOKENS: [(&str, usize); 19] = [
    ("AIza", 30),
    ("AKIA", 16),
    ("ASIA", 16),
    ("Bearer ", 16),
    ("bearer ", 16),
    ("eyJ", 24),
    ("ghp_", 16),
    ("gho_", 16),
    ("ghs_", 16),
    ("ghu_", 16),
    ("github_pat_", 16),
    ("glpat-", 16),
    ("npm_", 16),
    ("rk_live_", 16),
    ("sk_live_", 16),
    ("sk_test_", 16),
    ("xoxb-", 16),
    ("xoxp-", 16),
    ("ya29.", 16),
];

/// Characters of the part of an e-mail address before the `@`, and of the whole.
///
/// # Source
///
/// RFC 5321, 4.5.3.1.
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 255;

/// The text with everything replaced: one kind after the other, as the page does it, so that both
/// come to the same where one could be within another.
pub(super) fn replaced(text: &str) -> Cow<'_, str> {
    let text = without(
        Cow::Borrowed(text),
        |text| tokens(text).collect(),
        "[token]",
    );
    let text = without(text, |text| emails(text).collect(), "[email]");
    without(text, cards, "[card]")
}

/// The text with a word in the place of everything that is found.
fn without<'a>(
    text: Cow<'a, str>,
    find: impl FnOnce(&str) -> Vec<Range<usize>>,
    word: &str,
) -> Cow<'a, str> {
    let mut found = find(&text);
    if found.is_empty() {
        return text;
    }
    found.sort_unstable_by_key(|range| (range.start, usize::MAX - range.end));
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for range in found {
        // One may be within another: the first one takes both.
        if range.start < from {
            continue;
        }
        kept += &text[from..range.start];
        kept += word;
        from = range.end;
    }
    kept += &text[from..];
    Cow::Owned(kept)
}

/// Whether a token may begin somewhere.
pub(super) fn may_have_token(text: &str) -> bool {
    tokens(text).next().is_some()
}

fn emails(text: &str) -> impl Iterator<Item = Range<usize>> {
    let at = ["@", "%40"].into_iter();
    at.flat_map(|at| text.match_indices(at))
        .filter_map(|(place, at)| {
            let start = local_start(text, place)?;
            let end = domain_end(text, place + at.len())?;
            Some(start..end)
        })
}

/// Where the part before the `@` begins.
fn local_start(text: &str, at: usize) -> Option<usize> {
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._+-~!'".contains(byte);
    let before = text.as_bytes()[..at].iter().rev();
    let length = before.take(MAX_LOCAL).take_while(|b| is_local(b)).count();
    (length > 0).then(|| at - length)
}

/// Where the part after the `@` ends: labels with a dot between them, the last of two letters or more.
fn domain_end(text: &str, from: usize) -> Option<usize> {
    let is_domain = |byte: &&u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    let bytes = text.as_bytes()[from..].iter();
    let length = bytes.take(MAX_DOMAIN).take_while(is_domain).count();
    let domain = text[from..from + length].trim_end_matches(['.', '-']);
    let (name, last) = domain.rsplit_once('.')?;
    let is_name = !name.is_empty() && !name.starts_with(['.', '-']);
    let is_last = last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_name && is_last).then(|| from + domain.len())
}

/// Numbers of cards: runs of digits, with single blanks or hyphens in between, whose check digit is
/// right and whose first digit is that of a network of cards.
fn cards(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut cards, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let (end, digits) = digits_from(bytes, at);
        // Within a longer word it is part of a name or of an id.
        let before = at.checked_sub(1).map(|before| bytes[before]);
        let is_own =
            !before.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        let is_own = is_own && !bytes.get(end).is_some_and(u8::is_ascii_alphabetic);
        if is_own && is_card(&digits) {
            cards.push(at..end);
        }
        at = end;
    }
    cards
}

/// Where digits end that begin here, and which they are.
fn digits_from(bytes: &[u8], start: usize) -> (usize, Vec<u8>) {
    let (mut digits, mut at, mut end) = (Vec::new(), start, start);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' => {
                digits.push(byte - b'0');
                end = at + 1;
            }
            b' ' | b'-' if end == at => {}
            _ => break,
        }
        at += 1;
    }
    (end, digits)
}

/// Whether the digits are a number that a network of cards may have given out.
///
/// # Source
///
/// ISO/IEC 7812-1, annex B: the sum in which every second digit from the right is doubled is a
/// multiple of ten. Cards of payment begin with 2 to 6.
fn is_card(digits: &[u8]) -> bool {
    if !(MIN_CARD_DIGITS..=MAX_CARD_DIGITS).contains(&digits.len()) || !(2..=6).contains(&digits[0])
    {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(*digit);
            match (place % 2, digit) {
                (0, digit) => digit,
                (_, 5..) => 2 * digit - 9,
                (_, digit) => 2 * digit,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> {
    TOKENS.iter().flat_map(move |(beginning, least)| {
        text.match_indices(beginning).filter_map(move |(start, _)| {
            let before = text[..start].bytes().next_back();
            if before.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                return None;
            }
            let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
            let rest = text[start + beginning.len()..].bytes();
            let length = rest.take_while(is_token).count();
            (length >= *least).then_some(start..start + beginning.len() + length)
        })
    })
}
