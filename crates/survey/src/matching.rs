//! Turns a compiled condition and what is known into whether it holds.
//!
//! Facts are bytes of UTF-8, lists of facts one text: this runs in the always-on module, where every
//! way to look at a text costs.

use protocol::config::{Fact, Op};

use crate::rule::{Condition, test};

/// Follows each key and each value of a list of facts: `plan␟pro␟seats␟12␟`.
pub const SEPARATOR: u8 = 0x1f;

/// What is known when conditions are asked.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Origin and path of the page; never its query, which may hold secrets.
    pub url: &'a [u8],
    /// `desktop`, `tablet` or `phone`.
    pub device: &'a [u8],
    /// BCP 47 tag of the language that the person reads.
    pub language: &'a [u8],
    /// Keys and values, each followed by [`SEPARATOR`].
    pub traits: &'a [u8],
    /// Of the event that happened, like `traits`; else empty.
    pub properties: &'a [u8],
    /// One byte a probe, `1` when it fits; a probe beyond the end is not known.
    pub probes: &'a [u8],
    /// Pages seen in this session, this one included.
    pub pages: u64,
    /// Milliseconds on this page.
    pub dwell_ms: u64,
}

/// What a condition found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// The fact is missing.
    Nothing,
    /// A number.
    Number(u64),
    /// A text in UTF-8.
    Text(&'a [u8]),
}

/// Takes what stands before the next separator off the front of a list; none when the list is over.
pub fn cut<'a>(list: &mut &'a [u8], separator: u8) -> Option<&'a [u8]> {
    let at = list.iter().position(|byte| *byte == separator)?;
    let (part, rest) = list.split_at(at);
    *list = &rest[1..];
    Some(part)
}

/// Takes a key and its value off the front of a list of facts.
pub fn pair<'a>(list: &mut &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
    Some((cut(list, SEPARATOR)?, cut(list, SEPARATOR)?))
}

/// The value of `key` in a list of facts.
pub fn lookup<'a>(mut list: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    while let Some(pair) = pair(&mut list) {
        if pair.0 == key {
            return Some(pair.1);
        }
    }
    None
}

/// Whether `condition` holds, and what it found.
pub fn holds<'a>(condition: &Condition<'_>, facts: &Facts<'a>) -> (bool, Found<'a>) {
    let listed = |list| lookup(list, condition.key).map_or(Found::Nothing, Found::Text);
    let mut found = match condition.fact {
        Fact::Url => text(facts.url),
        Fact::Device => text(facts.device),
        Fact::Language => text(facts.language),
        Fact::Trait => listed(facts.traits),
        Fact::Property => listed(facts.properties),
        Fact::Pages => Found::Number(facts.pages),
        Fact::Dwell => Found::Number(facts.dwell_ms),
        Fact::Element => Found::Text(facts.probes),
    };
    let mut digits = [0; 20];
    let bytes = match found {
        Found::Nothing => return (false, found),
        Found::Number(number) => decimal(number, &mut digits),
        Found::Text(text) => text,
    };
    let mut any = false;
    let mut tests = condition.any;
    for _ in 0..tests.count() {
        let (op, value) = test(&mut tests);
        any |= match op {
            Op::Is => bytes == value,
            Op::Contains => contains(bytes, value),
            Op::Glob => glob(value, bytes),
            Op::Within => is_within(bytes, value),
            Op::AtLeast => number(bytes) >= number(value),
            Op::Below => number(bytes) < number(value),
            Op::Present => true,
            Op::Probe => match facts.probes.get(number(value) as usize) {
                Some(state) => {
                    if condition.fact == Fact::Element {
                        found = Found::Text(core::slice::from_ref(state));
                    }
                    *state == b'1'
                }
                // Nobody has looked: that is neither "fits" nor "does not fit".
                None => return (false, Found::Nothing),
            },
        };
    }
    (any != condition.negated, found)
}

const fn text(text: &[u8]) -> Found<'_> {
    if text.is_empty() {
        Found::Nothing
    } else {
        Found::Text(text)
    }
}

/// Writes `number` in decimal digits to the end of `digits`.
pub fn decimal(mut number: u64, digits: &mut [u8; 20]) -> &[u8] {
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return &digits[at..];
        }
    }
}

/// The decimal number that `text` is, exactly enough to compare it with a whole one; else not a
/// number, which is neither above nor below any.
pub(crate) fn number(text: &[u8]) -> f64 {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let (mut number, mut has_point, mut rest) = (0.0, false, 0.0);
    let mut last = b'.';
    for &byte in digits {
        match byte {
            b'0'..=b'9' if !has_point => number = number * 10.0 + f64::from(byte - b'0'),
            b'0' => {}
            // However much it is: the next whole number is further.
            b'1'..=b'9' => rest = 0.5,
            b'.' if !has_point && last != b'.' => has_point = true,
            _ => return f64::NAN,
        }
        last = byte;
    }
    number += rest;
    match last {
        b'.' => f64::NAN,
        _ if digits.len() < text.len() => -number,
        _ => number,
    }
}

/// ASCII case only: addresses hold nothing else unescaped, and the tables for the rest of Unicode
/// would be a fifth of the always-on module.
fn contains(text: &[u8], part: &[u8]) -> bool {
    part.is_empty()
        || text
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part))
}

/// Whether the language tag `tag` is `wide` or a narrower one.
fn is_within(tag: &[u8], wide: &[u8]) -> bool {
    let begins = tag
        .get(..wide.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(wide));
    begins && matches!(tag.get(wide.len()), None | Some(b'-'))
}

/// Whether all of `text` matches `pattern`, in which `*` stands for any characters.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    // After the last star, and where the text went on from it: a mismatch goes back there.
    let mut star = None;
    loop {
        match (pattern.get(p), text.get(t)) {
            (Some(b'*'), _) => {
                p += 1;
                star = Some((p, t));
            }
            (None, None) => return true,
            (Some(a), Some(b)) if a == b => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((after, from)) if from < text.len() => {
                    p = after;
                    t = from + 1;
                    star = Some((after, t));
                }
                _ => return false,
            },
        }
    }
}
