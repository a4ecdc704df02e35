//! Turns a compiled condition and what is known into whether it holds.
//!
//! Facts are bytes of UTF-8, lists of facts one text: this runs in the always-on module, where every
//! way to look at a text costs.

use core::cmp::Ordering;

use protocol::config::{Condition, Fact, Op};

/// Follows each key and each value of a list of facts: `plan␟pro␟seats␟12␟`.
pub const SEPARATOR: u8 = 0x1f;

/// What is known when conditions are asked.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Origin and path of the page; never its query, which may hold secrets.
    pub url: &'a str,
    /// `desktop`, `tablet` or `phone`.
    pub device: &'a [u8],
    /// BCP 47 tag of the language that the person reads.
    pub language: &'a str,
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

/// What stands at place `n` between separators.
pub fn part(list: &[u8], separator: u8, n: usize) -> Option<&[u8]> {
    list.split(|byte| *byte == separator).nth(n)
}

/// The pair at place `n` of a list of facts.
pub fn pair(list: &[u8], n: usize) -> Option<(&[u8], &[u8])> {
    let part = |n| part(list, SEPARATOR, n);
    Some((part(2 * n)?, part(2 * n + 1)?))
}

/// The value of `key` in a list of facts.
pub fn lookup<'a>(list: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let mut n = 0;
    while let Some(pair) = pair(list, n) {
        if pair.0 == key {
            return Some(pair.1);
        }
        n += 1;
    }
    None
}

/// Whether `condition` holds, and what it found.
pub fn holds<'a>(condition: &Condition, facts: &Facts<'a>) -> (bool, Found<'a>) {
    let listed = |list| lookup(list, condition.key.as_bytes()).map_or(Found::Nothing, Found::Text);
    let mut found = match condition.fact {
        Fact::Url => text(facts.url.as_bytes()),
        Fact::Device => text(facts.device),
        Fact::Language => text(facts.language.as_bytes()),
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
    for test in &condition.any {
        let value = test.value.as_bytes();
        any |= match test.op {
            Op::Is => bytes == value,
            Op::Contains => contains(bytes, value),
            Op::Glob => glob(value, bytes),
            Op::Within => is_within(bytes, value),
            Op::AtLeast => compare(bytes, value).is_some_and(Ordering::is_ge),
            Op::Below => compare(bytes, value).is_some_and(Ordering::is_lt),
            Op::Present => true,
            Op::Probe => match facts.probes.get(whole(value) as usize) {
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

/// The whole number that `digits` are; one too large stays at the highest.
pub(crate) fn whole(digits: &[u8]) -> u64 {
    digits.iter().fold(0_u64, |number, digit| {
        number
            .saturating_mul(10)
            .saturating_add(u64::from(digit.wrapping_sub(b'0')))
    })
}

/// Compares two decimal numbers of any length; nothing when one is no such number. By their digits,
/// because neither floats nor large integers compare them exactly.
fn compare(a: &[u8], b: &[u8]) -> Option<Ordering> {
    let (a, b) = (Decimal::read(a)?, Decimal::read(b)?);
    let sizes = (a.whole.len(), a.whole, a.rest).cmp(&(b.whole.len(), b.whole, b.rest));
    Some(match (a.negative, b.negative) {
        (false, false) => sizes,
        (true, true) => sizes.reverse(),
        (negative, _) if negative => Ordering::Less,
        _ => Ordering::Greater,
    })
}

/// A decimal number, without zeros at either end.
struct Decimal<'a> {
    negative: bool,
    whole: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Decimal<'a> {
    fn read(text: &'a [u8]) -> Option<Self> {
        let digits = text.strip_prefix(b"-").unwrap_or(text);
        let dot = digits.iter().position(|byte| *byte == b'.');
        let (mut whole, mut rest) = digits.split_at(dot.unwrap_or(digits.len()));
        if dot.is_some() {
            rest = &rest[1..];
        }
        let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
        if !is_number(whole) || (dot.is_some() && !is_number(rest)) {
            return None;
        }
        while let [b'0', others @ ..] = whole {
            whole = others;
        }
        while let [others @ .., b'0'] = rest {
            rest = others;
        }
        let is_zero = whole.is_empty() && rest.is_empty();
        Some(Self {
            negative: digits.len() < text.len() && !is_zero,
            whole,
            rest,
        })
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
