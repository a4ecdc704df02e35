//! Turns bytes into numbers, texts and ids, and back: as `postcard` does, in a tenth of its code.
//!
//! Of the always-on module every byte counts. Deriving the same through serde took another 6 KB of it;
//! the tests hold both against each other.

use uuid::Uuid;

/// Reads from the front. Where the bytes end early or cannot be what is read, it reads zeros and
/// nothing, and remembers: one question at the end costs less code than one after each step.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    failed: bool,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            failed: false,
        }
    }

    /// Whether everything that was read was there.
    pub(crate) const fn is_ok(&self) -> bool {
        !self.failed
    }

    pub(crate) const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    fn take(&mut self, n: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(n).unwrap_or_else(|| {
            self.failed = true;
            (&[], &[])
        });
        self.rest = rest;
        taken
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or_default()
    }

    /// A number in groups of seven bits, the lowest first.
    pub(crate) fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return number;
            }
        }
        self.failed = true;
        0
    }

    /// A number that may be absent.
    pub(crate) fn maybe(&mut self) -> Option<u64> {
        (self.byte() != 0).then(|| self.number())
    }

    /// Bytes after their number.
    pub(crate) fn bytes(&mut self) -> &'a [u8] {
        let n = self.number();
        // A length beyond `usize` is past the end as well.
        self.take(usize::try_from(n).unwrap_or(usize::MAX))
    }

    pub(crate) fn text(&mut self) -> &'a str {
        core::str::from_utf8(self.bytes()).unwrap_or_else(|_| {
            self.failed = true;
            ""
        })
    }

    pub(crate) fn owned(&mut self) -> String {
        self.text().to_owned()
    }

    pub(crate) fn flag(&mut self) -> bool {
        self.byte() != 0
    }

    /// Elements after their number.
    pub(crate) fn list<T>(&mut self, one: impl Fn(&mut Self) -> T) -> Vec<T> {
        let mut list = Vec::new();
        let mut left = self.number();
        while left > 0 && self.is_ok() {
            list.push(one(self));
            left -= 1;
        }
        list
    }

    /// One of the variants of an enum, in the order of their declaration.
    pub(crate) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        let one = all.get(usize::from(self.byte()));
        *one.unwrap_or_else(|| {
            self.failed = true;
            &all[0]
        })
    }

    pub(crate) fn id(&mut self) -> Uuid {
        let bytes = self.take(16).try_into();
        Uuid::from_bytes(bytes.unwrap_or_default())
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

    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    pub(crate) fn id(&mut self, id: Uuid) {
        self.0.extend_from_slice(id.as_bytes());
    }
}
