//! Turns values into JSON text, with no more code than that needs.
//!
//! Text, because it is the smallest way out of the module, and written by hand, because a serializer
//! brings one copy of itself for each type. Nothing is ever read here; the page has `JSON.parse`.

use survey::matching::decimal;
use uuid::Uuid;

/// A JSON text that grows. Commas need no thought: a value or a key that follows something finished
/// is preceded by one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Json(pub(crate) Vec<u8>);

impl Json {
    fn separate(&mut self) {
        if !matches!(self.0.last(), None | Some(b'{' | b'[' | b':')) {
            self.end(b',');
        }
    }

    /// Something that is JSON already.
    #[inline(never)]
    pub(crate) fn raw(&mut self, json: &[u8]) {
        self.separate();
        self.0.extend_from_slice(json);
    }

    /// The end of an object or a list, which [`Self::raw`] began.
    #[inline(never)]
    pub(crate) fn end(&mut self, close: u8) {
        self.0.push(close);
    }

    /// Ends of objects and lists, with what follows them.
    pub(crate) fn ends(&mut self, json: &[u8]) {
        self.0.extend_from_slice(json);
    }

    pub(crate) fn key(&mut self, key: &str) {
        self.text(key.as_bytes());
        self.end(b':');
    }

    /// A text in UTF-8.
    pub(crate) fn text(&mut self, text: &[u8]) {
        self.raw(b"\"");
        self.more(text);
        self.end(b'"');
    }

    /// The middle of a text.
    pub(crate) fn more(&mut self, text: &[u8]) {
        for byte in text {
            match *byte {
                b'"' | b'\\' => self.0.extend_from_slice(&[b'\\', *byte]),
                byte @ 0..0x20 => {
                    self.0.extend_from_slice(b"\\u00");
                    self.hex(byte);
                }
                byte => self.end(byte),
            }
        }
    }

    pub(crate) fn number(&mut self, number: u64) {
        self.raw(decimal(number, &mut [0; 20]));
    }

    pub(crate) fn flag(&mut self, flag: bool) {
        self.raw(if flag { b"true" } else { b"false" });
    }

    pub(crate) fn id(&mut self, id: Uuid) {
        self.raw(b"\"");
        for (i, byte) in id.as_bytes().iter().enumerate() {
            if matches!(i, 4 | 6 | 8 | 10) {
                self.end(b'-');
            }
            self.hex(*byte);
        }
        self.end(b'"');
    }

    fn hex(&mut self, byte: u8) {
        let digit = |four: u8| four + if four < 10 { b'0' } else { b'a' - 10 };
        self.end(digit(byte >> 4));
        self.end(digit(byte & 15));
    }

    /// Base64 with padding (RFC 4648, section 4), as the browser's `atob` reads it.
    pub(crate) fn base64(&mut self, bytes: &[u8]) {
        self.raw(b"\"");
        for three in bytes.chunks(3) {
            let byte = |i: usize| three.get(i).copied().unwrap_or_default();
            let bits = u32::from_be_bytes([0, byte(0), byte(1), byte(2)]);
            for i in 0..4 {
                let six = (bits >> (18 - 6 * i)) as usize & 63;
                let padding = i > three.len();
                self.end(if padding { b'=' } else { BASE64[six] });
            }
        }
        self.end(b'"');
    }
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn text_is_read_back_as_it_was() {
        let all: String = ('\0'..='\u{2ff}').chain("„🫖“\u{2028}".chars()).collect();
        let mut json = Json::default();
        json.text(all.as_bytes());
        assert_eq!(serde_json::from_slice::<String>(&json.0).unwrap(), all);
    }

    #[test]
    fn bytes_are_base64() {
        // The vectors of RFC 4648, section 10, and both characters beyond letters and digits.
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg=="),
            (b"fo", "Zm8="),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg=="),
            (b"fooba", "Zm9vYmE="),
            (b"foobar", "Zm9vYmFy"),
            (&[0xfb, 0xff], "+/8="),
        ] {
            let mut json = Json::default();
            json.base64(bytes);
            assert_eq!(json.0, format!("\"{text}\"").into_bytes());
        }
    }

    #[test]
    fn values_are_separated_and_numbers_exact() {
        let mut json = Json::default();
        json.raw(b"[");
        for number in [0, 9, 10, u64::MAX] {
            json.number(number);
        }
        json.raw(b"{");
        json.key("a");
        json.flag(true);
        json.key("b");
        json.id(uuid::Uuid::from_u128(
            0x0123_4567_89ab_cdef_0123_4567_89ab_cdef,
        ));
        json.end(b'}');
        json.text(b"[");
        json.text(b"{");
        json.end(b']');
        assert_eq!(
            String::from_utf8(json.0).unwrap(),
            r#"[0,9,10,18446744073709551615,{"a":true,"b":"01234567-89ab-cdef-0123-456789abcdef"},"[","{"]"#
        );
    }
}
