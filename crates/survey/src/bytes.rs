//! Turns bytes into numbers, texts and ids: as `postcard` does, in a tenth of its code.
//!
//! Of the always-on module every byte counts. Deriving the same through serde took another 6 KB of it;
//! the tests hold both against each other. Texts stay bytes: they were UTF-8 where they came from,
//! and asking again costs as much as all the rest.

/// Reads from the front. Where the bytes end early or cannot be what is read, it reads zeros and
/// nothing, and remembers: one question at the end costs less code than one after each step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reader<'a> {
    rest: &'a [u8],
    failed: bool,
}

impl<'a> Reader<'a> {
    /// Reads `bytes` from their beginning.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            failed: false,
        }
    }

    /// Whether everything that was read was there.
    pub const fn is_ok(&self) -> bool {
        !self.failed
    }

    /// Whether nothing is left.
    pub const fn is_at_end(&self) -> bool {
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

    /// One byte.
    pub fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or_default()
    }

    /// A byte that is 0 or not.
    pub fn flag(&mut self) -> bool {
        self.byte() != 0
    }

    /// A number in groups of seven bits, the lowest first.
    pub fn number(&mut self) -> u64 {
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

    /// How many elements or bytes follow; what must be wrong is too many for [`Self::is_ok`].
    pub fn count(&mut self) -> usize {
        let count = self.number();
        let most = self.rest.len();
        if count > most as u64 {
            self.failed = true;
            return 0;
        }
        count as usize
    }

    /// Bytes, or a text, after their number.
    pub fn bytes(&mut self) -> &'a [u8] {
        let n = self.count();
        self.take(n)
    }

    /// All that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        core::mem::take(&mut self.rest)
    }

    /// One of the variants of an enum, in the order of their declaration.
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        let one = all.get(usize::from(self.byte()));
        *one.unwrap_or_else(|| {
            self.failed = true;
            &all[0]
        })
    }

    /// The bytes of an id.
    pub fn id(&mut self) -> [u8; 16] {
        self.take(16).try_into().unwrap_or_default()
    }
}
