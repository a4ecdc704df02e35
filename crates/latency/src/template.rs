//! Turns paths into templates, of which there are few.
//!
//! Declared templates come first; what fits none has its variable segments replaced by what they
//! look like. Bytes in, bytes out, no regex: this runs in the always-on module.

use protocol::latency::OTHER_TEMPLATE;

/// Bytes of a template at most; what is longer is cut. A path of attackers must not fill a report.
const MAX_BYTES: usize = 200;

/// Writes the template of `path` to the end of `out`: the first of `declared` that fits, or the path
/// with typed placeholders.
///
/// In declared templates a segment that begins with `:` fits any one segment.
pub fn template<'a>(path: &[u8], declared: impl IntoIterator<Item = &'a [u8]>, out: &mut Vec<u8>) {
    let start = out.len();
    if let Some(found) = declared.into_iter().find(|it| is_of(path, it)) {
        out.extend_from_slice(found);
    } else {
        for segment in segments(path) {
            out.push(b'/');
            out.extend_from_slice(placeholder(segment).unwrap_or(segment));
        }
        if out.len() == start {
            out.push(b'/');
        }
    }
    let mut end = out.len().min(start + MAX_BYTES);
    // Never in the middle of a character.
    while end > start && out.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
        end -= 1;
    }
    out.truncate(end);
}

fn segments(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let all = path.split(|byte| *byte == b'/');
    all.filter(|segment| !segment.is_empty())
}

fn is_of(path: &[u8], declared: &[u8]) -> bool {
    let mut own = segments(path);
    for want in segments(declared) {
        if !own.next().is_some_and(|it| want[0] == b':' || want == it) {
            return false;
        }
    }
    own.next().is_none()
}

/// Kinds of bytes that a segment can have, one bit each.
const DIGIT: u8 = 1;
const LOWER_HEX: u8 = 2;
const LOWER: u8 = 4;
const UPPER_HEX: u8 = 8;
const UPPER: u8 = 16;
const LETTER: u8 = LOWER_HEX | LOWER | UPPER_HEX | UPPER;
const DASH: u8 = 32;
const SIGN: u8 = 64;
const OTHER: u8 = 128;

/// Places of the dashes in `hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh` and `nnnn-nn-nn`.
const UUID_DASHES: u64 = 1 << 8 | 1 << 13 | 1 << 18 | 1 << 23;
const DATE_DASHES: u64 = 1 << 4 | 1 << 7;

/// What stands for a segment that differs from request to request, by what it looks like.
fn placeholder(segment: &[u8]) -> Option<&'static [u8]> {
    let n = segment.len();
    let (mut seen, mut last, mut digits, mut dashes) = (0, 0, 0, 0);
    let (mut is_tangled, mut is_email) = (false, false);
    for (place, byte) in segment.iter().enumerate() {
        let kind = match byte {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'f' => LOWER_HEX,
            b'A'..=b'F' => UPPER_HEX,
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'-' => DASH,
            b'+' | b'=' | b'_' => SIGN,
            _ => OTHER,
        };
        let pair = kind | last;
        is_tangled |= pair & DIGIT > 0 && pair & LETTER > 0;
        // `%40` is an encoded `@`.
        is_email |= *byte == b'@' || segment[place..].starts_with(b"%40");
        digits += u32::from(kind & DIGIT);
        dashes |= u64::from(kind == DASH) << (place & 63);
        seen |= kind;
        last = kind;
    }
    let is_only = |kinds: u8| seen & !kinds == 0;
    let is_mixed = seen & (LOWER_HEX | LOWER) > 0 && seen & (UPPER_HEX | UPPER) > 0;
    // Letters and digits that look drawn rather than written. Slugs have their numbers apart, as in
    // `Windows_10_versions`; names of operations have hardly any.
    let is_generated = is_tangled && (is_mixed || digits >= 4 && dashes == 0);
    let hex = DIGIT | LOWER_HEX | UPPER_HEX;
    Some(match () {
        () if is_only(DIGIT) => b":n",
        () if n == 36 && dashes == UUID_DASHES && is_only(hex | DASH) => b":uuid",
        () if n == 10 && dashes == DATE_DASHES && is_only(DIGIT | DASH) => b":date",
        () if is_email => b":email",
        // A word of letters a to f is a word.
        () if n >= 8 && digits > 0 && is_only(hex) => b":hex",
        () if n >= 16 && is_only(!OTHER) && is_generated => b":token",
        () => return None,
    })
}

/// Templates that are told apart, up to a limit; all others are one.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    known: Vec<Vec<u8>>,
    most: usize,
}

impl Keys {
    /// Tells `most` templates apart.
    pub const fn new(most: usize) -> Self {
        Self {
            known: Vec::new(),
            most,
        }
    }

    /// The key that a template is counted under: itself, or [`OTHER_TEMPLATE`] once there are too many.
    pub fn key<'a>(&mut self, template: &'a [u8]) -> &'a [u8] {
        if self.known.iter().any(|known| known == template) {
            return template;
        }
        if self.known.len() >= self.most {
            return OTHER_TEMPLATE.as_bytes();
        }
        self.known.push(template.to_vec());
        template
    }
}
