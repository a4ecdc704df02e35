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
        match own.next() {
            Some(segment) if want.first() == Some(&b':') || want == segment => {}
            _ => return false,
        }
    }
    own.next().is_none()
}

/// What stands for a segment that differs from request to request, by what it looks like.
fn placeholder(segment: &[u8]) -> Option<&'static [u8]> {
    let all = |is: fn(&u8) -> bool| segment.iter().all(is);
    let digits = segment.iter().filter(|byte| byte.is_ascii_digit()).count();
    let n = segment.len();
    if all(u8::is_ascii_digit) {
        return Some(b":n");
    }
    if looks_like(segment, b"hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh") {
        return Some(b":uuid");
    }
    if looks_like(segment, b"nnnn-nn-nn") {
        return Some(b":date");
    }
    // `%40` is an encoded `@`.
    if segment.contains(&b'@') || segment.windows(3).any(|three| three == b"%40") {
        return Some(b":email");
    }
    // A word of letters a to f is a word.
    if n >= 8 && digits > 0 && all(u8::is_ascii_hexdigit) {
        return Some(b":hex");
    }
    (n >= 16 && all(is_base64_byte) && is_generated(segment, digits)).then_some(b":token")
}

/// Whether letters and digits look drawn rather than written. Slugs have their numbers apart, as in
/// `Windows_10_versions`; names of operations have hardly any.
fn is_generated(segment: &[u8], digits: usize) -> bool {
    let has = |is: fn(&u8) -> bool| segment.iter().any(is);
    let mut pairs = segment.iter().zip(segment.iter().skip(1));
    let is_tangled = pairs.any(|(a, b)| {
        a.is_ascii_alphanumeric()
            && b.is_ascii_alphanumeric()
            && a.is_ascii_digit() != b.is_ascii_digit()
    });
    let is_mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    is_tangled && (is_mixed || digits >= 4 && !segment.contains(&b'-'))
}

const fn is_base64_byte(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'=' | b'_' | b'-')
}

/// Whether a segment has a shape: `h` stands for a hexadecimal digit, `n` for a decimal one.
fn looks_like(segment: &[u8], shape: &[u8]) -> bool {
    let fits = |(byte, want): (&u8, &u8)| match want {
        b'h' => byte.is_ascii_hexdigit(),
        b'n' => byte.is_ascii_digit(),
        want => byte == want,
    };
    segment.len() == shape.len() && segment.iter().zip(shape).all(fits)
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
