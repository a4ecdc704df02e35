//! Turns bytes into numbers and texts and back, in the layout of `postcard`.
//!
//! By hand, like the agent's: what serde derives for all that a survey can be is four times as large.

/// What is left of some bytes. Every reading is `None` when they end too early or say nonsense.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl Reader<'_> {
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for place in 0..10 {
            let byte = self.byte()?;
            number |= u64::from(byte & 127) << (place * 7);
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }

    pub(super) fn small(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    pub(super) fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    pub(super) fn text(&mut self) -> Option<String> {
        let n = self.small()? as usize;
        let text = std::str::from_utf8(self.0.get(..n)?).ok()?.to_owned();
        self.0 = self.0.get(n..)?;
        Some(text)
    }

    /// A value, or that there is none.
    pub(super) fn maybe<T>(&mut self, read: fn(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.flag()? {
            read(self).map(Some)
        } else {
            Some(None)
        }
    }

    pub(super) fn list<T>(&mut self, read: fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        // What the bytes claim is not believed before it is read.
        let n = self.small()?;
        let mut all = Vec::new();
        for _ in 0..n {
            all.push(read(self)?);
        }
        Some(all)
    }

    /// One of the variants of an enum without fields, in the order of their declaration.
    pub(super) fn one<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        all.get(usize::from(self.byte()?)).copied()
    }
}

/// Bytes that a [`Reader`] reads.
#[derive(Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(super) fn number(&mut self, mut number: u64) {
        while number > 127 {
            self.byte(number as u8 | 128);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    pub(super) fn list<T>(&mut self, all: &[T], write: fn(&mut Self, &T)) {
        self.number(all.len() as u64);
        for one in all {
            write(self, one);
        }
    }
}
