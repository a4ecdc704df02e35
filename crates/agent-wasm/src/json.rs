//! Turns the agent's commands into JSON text, with no more code than they need.
//!
//! Text, because it is the smallest way out of the module: values made one by one through
//! `serde-wasm-bindgen` took another 15 KB, compressed, of module and glue. Nothing is ever read here; the
//! page has `JSON.parse`.

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

/// The JSON of `value`. Bytes become base64.
///
/// # Errors
/// [`Unsupported`] when `value` holds what commands do not.
pub(crate) fn to_json(value: &(impl Serialize + ?Sized)) -> Result<String, Unsupported> {
    let mut out = String::new();
    value.serialize(Json(&mut out))?;
    Ok(out)
}

/// Writes one value to the end of a text.
struct Json<'a>(&'a mut String);

/// Writes the elements of a list or an object, with what has to be between them.
struct Several<'a> {
    out: &'a mut String,
    /// What comes before the next element.
    before: char,
    close: char,
}

impl<'a> Json<'a> {
    fn several(self, open: char, close: char) -> Several<'a> {
        Several {
            out: self.0,
            before: open,
            close,
        }
    }

    fn text(self, text: &str) {
        self.0.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => {
                    self.0.push('\\');
                    self.0.push(c);
                }
                '\0'..='\x1f' => {
                    self.0.push_str("\\u00");
                    self.0.push(hex(c as u8 >> 4));
                    self.0.push(hex(c as u8 & 15));
                }
                _ => self.0.push(c),
            }
        }
        self.0.push('"');
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
        self.0
            .extend(digits[at..].iter().map(|digit| char::from(*digit)));
    }

    /// Base64 with padding (RFC 4648, section 4), as the browser's `atob` reads it.
    fn base64(self, bytes: &[u8]) {
        self.0.push('"');
        for three in bytes.chunks(3) {
            let bits = three
                .iter()
                .fold(0, |bits, byte| bits << 8 | u32::from(*byte));
            let bits = bits << (8 * (3 - three.len()));
            for i in 0..4 {
                let six = (bits >> (18 - 6 * i)) as u8 & 63;
                self.0.push(if i > three.len() {
                    '='
                } else {
                    base64_char(six)
                });
            }
        }
        self.0.push('"');
    }
}

const fn hex(four: u8) -> char {
    (if four < 10 {
        b'0' + four
    } else {
        b'a' - 10 + four
    }) as char
}

const fn base64_char(six: u8) -> char {
    (match six {
        0..26 => b'A' + six,
        26..52 => b'a' - 26 + six,
        52..62 => six - 52 + b'0',
        62 => b'+',
        _ => b'/',
    }) as char
}

impl Several<'_> {
    fn next(&mut self) -> Json<'_> {
        self.out.push(self.before);
        self.before = ',';
        Json(self.out)
    }

    fn finish(self) {
        if self.before != ',' {
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
        self.0.push_str(if v { "true" } else { "false" });
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
        self.0.push_str("null");
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
        let mut object = self.several('{', '}');
        object.serialize_field(variant, value)?;
        object.finish();
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Several<'a>, Unsupported> {
        Ok(self.several('[', ']'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Several<'a>, Unsupported> {
        Ok(self.several('{', '}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Several<'a>, Unsupported> {
        Ok(self.several('{', '}'))
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
        self.out.push(':');
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
        self.out.push(':');
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
        let ours = to_json(&value).unwrap();
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
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), all);
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
            assert_eq!(to_json(&Bytes(bytes)).unwrap(), format!("\"{text}\""));
        }
    }

    #[test]
    fn what_no_command_holds_is_an_error() {
        assert!(to_json(&1.5).is_err());
        assert!(to_json(&(1, 2)).is_err());
        assert!(to_json(&-1).is_err());
    }
}
