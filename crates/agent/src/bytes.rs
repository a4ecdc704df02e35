//! Turns bytes into numbers, texts and ids, and back: as `postcard` does, in a tenth of its code.
//!
//! Of the always-on module every byte counts. Deriving the same through serde took another 6 KB of it;
//! the tests hold both against each other.

use uuid::Uuid;

/// Reads from the front; every method is `None` when the bytes end early or cannot be that.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A number in groups of seven bits, the lowest first.
    pub(crate) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
            shift += 7;
            if shift > 63 {
                return None;
            }
        }
    }

    pub(crate) fn small<T: TryFrom<u64>>(&mut self) -> Option<T> {
        T::try_from(self.number()?).ok()
    }

    /// A number that may be absent.
    pub(crate) fn maybe(&mut self) -> Option<Option<u64>> {
        match self.byte()? {
            0 => Some(None),
            _ => Some(Some(self.number()?)),
        }
    }

    /// Bytes after their number.
    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let n = self.small()?;
        let (bytes, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(bytes)
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        core::str::from_utf8(self.bytes()?).ok()
    }

    pub(crate) fn id(&mut self) -> Option<Uuid> {
        let (id, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(Uuid::from_bytes(*id))
    }
}

/// Writes what [`Reader`] reads.
#[derive(Debug, Default)]
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    pub(crate) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    pub(crate) fn maybe(&mut self, number: Option<u64>) {
        self.0.push(number.is_some().into());
        if let Some(number) = number {
            self.number(number);
        }
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    pub(crate) fn id(&mut self, id: Uuid) {
        self.0.extend_from_slice(id.as_bytes());
    }
}
