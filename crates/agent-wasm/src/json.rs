//! Turns the agent's commands into JSON text, with no more code than they need.
//!
//! Text, because it is the smallest way out of the module: making JavaScript values one by one took
//! another 8 KB of it, compressed. Nothing is ever read here; the page has `JSON.parse`.

use core::fmt::Display;

use serde::ser::{
    Error, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer,
};

/// A shape that no command has: a float, a tuple, an enum with content other than ours.
#[derive(Debug, thiserror::Error)]
#[error("not a shape of a command")]
pub(crate) struct Unsupported;

impl Error for Unsupported {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// The JSON of `value` in UTF-8. Bytes become base64.
///
/// # Errors
/// [`Unsupported`] when `value` holds what commands do not.
pub(crate) fn to_json(value: &(impl Serialize + ?Sized)) -> Result<Vec<u8>, Unsupported> {
    let mut out = Vec::new();
    value.serialize(Json(&mut out))?;
    Ok(out)
}

/// Writes one value to the end of a text.
struct Json<'a>(&'a mut Vec<u8>);

/// Writes the elements of a list or an object, with what has to be between them.
struct Several<'a> {
    out: &'a mut Vec<u8>,
    /// What comes before the next element.
    before: u8,
    close: u8,
}

impl<'a> Json<'a> {
    fn several(self, open: u8, close: u8) -> Several<'a> {
        Several {
            out: self.0,
            before: open,
            close,
        }
    }

    fn text(self, text: &str) {
        self.0.push(b'"');
        for byte in text.bytes() {
            match byte {
                b'"' | b'\\' => self.0.extend_from_slice(&[b'\\', byte]),
                0..0x20 => {
                    let escape = [b'\\', b'u', b'0', b'0', hex(byte >> 4), hex(byte & 15)];
                    self.0.extend_from_slice(&escape);
                }
                _ => self.0.push(byte),
            }
        }
        self.0.push(b'"');
    }

    fn number(self, mut number: u64) {
        let mut digits = [0; 20];
        let mut at = digits.len();
        loop {
            at -= 1;
            digits[at] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.0.extend_from_slice(&digits[at..]);
    }

    /// Base64 with padding (RFC 4648, section 4), as the browser's `atob` reads it.
    fn base64(self, bytes: &[u8]) {
        self.0.push(b'"');
        for three in bytes.chunks(3) {
            let byte = |i: usize| three.get(i).copied().unwrap_or_default();
            let bits = u32::from_be_bytes([0, byte(0), byte(1), byte(2)]);
            for i in 0..4 {
                let six = (bits >> (18 - 6 * i)) as usize & 63;
                let padding = i > three.len();
                self.0.push(if padding { b'=' } else { BASE64[six] });
            }
        }
        self.0.push(b'"');
    }
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const fn hex(four: u8) -> u8 {
    if four < 10 {
        b'0' + four
    } else {
        b'a' - 10 + four
    }
}

impl Several<'_> {
    fn next(&mut self) -> Json<'_> {
        self.out.push(self.before);
        self.before = b',';
        Json(self.out)
    }

    fn finish(self) {
        if self.before != b',' {
            self.out.push(self.before);
        }
        self.out.push(self.close);
    }
}

impl<'a> Serializer for Json<'a> {
    type Ok = ();
    type Error = Unsupported;
    type SerializeSeq = Several<'a>;
    type SerializeMap = Several<'a>;
    type SerializeStruct = Several<'a>;
    type SerializeTuple = Impossible<(), Unsupported>;
    type SerializeTupleStruct = Impossible<(), Unsupported>;
    type SerializeTupleVariant = Impossible<(), Unsupported>;
    type SerializeStructVariant = Impossible<(), Unsupported>;

    fn serialize_bool(self, v: bool) -> Result<(), Unsupported> {
        let text: &[u8] = if v { b"true" } else { b"false" };
        self.0.extend_from_slice(text);
        Ok(())
    }

    fn serialize_u8(self, v: u8) -> Result<(), Unsupported> {
        self.serialize_u64(v.into())
    }

    fn serialize_u16(self, v: u16) -> Result<(), Unsupported> {
        self.serialize_u64(v.into())
    }

    fn serialize_u32(self, v: u32) -> Result<(), Unsupported> {
        self.serialize_u64(v.into())
    }

    fn serialize_u64(self, v: u64) -> Result<(), Unsupported> {
        self.number(v);
        Ok(())
    }

    fn serialize_str(self, v: &str) -> Result<(), Unsupported> {
        self.text(v);
        Ok(())
    }

    fn serialize_bytes(self, v: &[u8]) -> Result<(), Unsupported> {
        self.base64(v);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Unsupported> {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unsupported> {
        value.serialize(self)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Unsupported> {
        self.text(variant);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unsupported> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Unsupported> {
        let mut object = self.several(b'{', b'}');
        object.serialize_field(variant, value)?;
        object.finish();
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Several<'a>, Unsupported> {
        Ok(self.several(b'[', b']'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Several<'a>, Unsupported> {
        Ok(self.several(b'{', b'}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Several<'a>, Unsupported> {
        Ok(self.several(b'{', b'}'))
    }

    fn serialize_i8(self, _: i8) -> Result<(), Unsupported> {
        Err(Unsupported)
    }

    fn serialize_i16(self, _: i16) -> Result<(), Unsupported> {
        Err(Unsupported)
    }

    fn serialize_i32(self, _: i32) -> Result<(), Unsupported> {
        Err(Unsupported)
    }

    fn serialize_i64(self, _: i64) -> Result<(), Unsupported> {
        Err(Unsupported)
    }

    fn serialize_f32(self, _: f32) -> Result<(), Unsupported> {
        Err(Unsupported)
    }

    fn serialize_f64(self, _: f64) -> Result<(), Unsupported> {
        Err(Unsupported)
    }

    fn serialize_char(self, _: char) -> Result<(), Unsupported> {
        Err(Unsupported)
    }

    fn serialize_unit(self) -> Result<(), Unsupported> {
        Err(Unsupported)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unsupported> {
        Err(Unsupported)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Unsupported> {
        Err(Unsupported)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Unsupported> {
        Err(Unsupported)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unsupported> {
        Err(Unsupported)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unsupported> {
        Err(Unsupported)
    }
}

impl SerializeSeq for Several<'_> {
    type Ok = ();
    type Error = Unsupported;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unsupported> {
        value.serialize(self.next())
    }

    fn end(self) -> Result<(), Unsupported> {
        self.finish();
        Ok(())
    }
}

impl SerializeMap for Several<'_> {
    type Ok = ();
    type Error = Unsupported;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unsupported> {
        key.serialize(self.next())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unsupported> {
        self.out.push(b':');
        value.serialize(Json(self.out))
    }

    fn end(self) -> Result<(), Unsupported> {
        self.finish();
        Ok(())
    }
}

impl SerializeStruct for Several<'_> {
    type Ok = ();
    type Error = Unsupported;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Unsupported> {
        self.next().text(key);
        self.out.push(b':');
        value.serialize(Json(self.out))
    }

    fn end(self) -> Result<(), Unsupported> {
        self.finish();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::to_json;
    use serde::Serialize;

    #[derive(Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Choice {
        Number(u8),
        Nothing,
    }

    #[derive(Serialize)]
    #[serde(tag = "do", rename_all = "snake_case")]
    enum Tagged {
        Empty,
        Full {
            choices: Vec<Choice>,
            none: Option<u8>,
            some: Option<bool>,
            map: BTreeMap<String, u64>,
        },
    }

    #[track_caller]
    fn check(value: impl Serialize) {
        let ours = String::from_utf8(to_json(&value).unwrap()).unwrap();
        assert_eq!(ours, serde_json::to_string(&value).unwrap());
    }

    #[test]
    fn shapes_are_written_as_serde_json_writes_them() {
        check(Tagged::Empty);
        check(Vec::<u8>::new());
        check(Tagged::Full {
            choices: vec![Choice::Number(9), Choice::Nothing],
            none: None,
            some: Some(true),
            map: [("a".to_owned(), 1), ("b".to_owned(), u64::MAX)].into(),
        });
        check(Tagged::Full {
            choices: Vec::new(),
            none: Some(0),
            some: Some(false),
            map: BTreeMap::new(),
        });
    }

    #[test]
    fn text_is_read_back_as_it_was() {
        let all: String = ('\0'..='\u{2ff}').chain("„🫖“\u{2028}".chars()).collect();
        let json = to_json(&all).unwrap();
        assert_eq!(serde_json::from_slice::<String>(&json).unwrap(), all);
    }

    #[test]
    fn bytes_are_base64() {
        struct Bytes(&'static [u8]);
        impl Serialize for Bytes {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_bytes(self.0)
            }
        }
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
            let json = to_json(&Bytes(bytes)).unwrap();
            assert_eq!(json, format!("\"{text}\"").into_bytes());
        }
    }

    #[test]
    fn what_no_command_holds_is_an_error() {
        assert!(to_json(&1.5).is_err());
        assert!(to_json(&(1, 2)).is_err());
        assert!(to_json(&-1).is_err());
    }
}
