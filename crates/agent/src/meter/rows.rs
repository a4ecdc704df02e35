//! Turns rows of text, as capture writes them, into what is known of one request each.

/// Between rows, and between fields.
pub(super) const ROW: u8 = 0x1e;
const FIELD: u8 = 0x1f;
const FIELDS: usize = 17;
/// A day in tenths of a millisecond: nobody waits longer, and the collector would not believe it.
const MAX_TENTHS: u32 = 864_000_000;

/// Ids below this have an HTTP method.
pub(super) const HTTP: u32 = 2;
/// A logical operation that the page marked.
pub(super) const MARKED: u32 = 6;
/// The value of a web vital.
pub(super) const VITAL: u32 = 7;
/// Names of kinds that have no HTTP method, from [`HTTP`] on.
pub(super) const KINDS: &str = "BEACON SSE WS NAV MARK ";

/// Places of fields.
pub(super) const KIND: usize = 0;
pub(super) const METHOD: usize = 1;
const URL: usize = 2;
pub(super) const GRAPHQL: usize = 3;
/// On the monotonic clock, in milliseconds.
pub(super) const START: usize = 4;
pub(super) const HEADERS: usize = 5;
pub(super) const BODY: usize = 6;
pub(super) const STATUS: usize = 7;
pub(super) const ERROR: usize = 8;
pub(super) const FLAGS: usize = 9;
/// The first of five.
pub(super) const PHASES: usize = 10;
pub(super) const TRACE: usize = 15;
pub(super) const FEATURE: usize = 16;

/// One request, or one web vital: its fields as they came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a>(pub(super) [&'a [u8]; FIELDS]);

impl<'a> Row<'a> {
    fn read(text: &'a [u8]) -> Option<Self> {
        let mut fields = [&b""[..]; FIELDS];
        let mut n = 0;
        for field in text.split(|byte| *byte == FIELD) {
            *fields.get_mut(n)? = field;
            n += 1;
        }
        (n == FIELDS).then_some(Self(fields))
    }

    pub(super) fn is_empty(&self, place: usize) -> bool {
        self.0[place].is_empty()
    }

    /// A decimal number; 0 where there is nothing.
    #[inline(never)]
    pub(super) fn number(&self, place: usize) -> u32 {
        let digits = self.0[place]
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        digits.fold(0_u32, |number, byte| {
            number
                .saturating_mul(10)
                .saturating_add((byte - b'0').into())
        })
    }

    /// Tenths of a millisecond.
    pub(super) fn tenths(&self, place: usize) -> u32 {
        self.number(place).min(MAX_TENTHS)
    }

    /// When the answer began, or nothing more was to come; on the monotonic clock, in milliseconds.
    pub(super) fn ended_ms(&self) -> u64 {
        u64::from(self.number(START)) + u64::from(self.tenths(HEADERS) / 10)
    }

    /// Origin and path of its address.
    pub(super) fn place(&self) -> (&'a [u8], &'a [u8]) {
        split(self.0[URL])
    }
}

/// The rows of a text; what is none is passed over.
pub(super) fn rows(text: &[u8]) -> impl Iterator<Item = Row<'_>> {
    text.split(|byte| *byte == ROW).filter_map(Row::read)
}

/// Origin and path: the path begins at the third slash.
pub(super) fn split(url: &[u8]) -> (&[u8], &[u8]) {
    let mut slashes = 0;
    let third = url.iter().position(|byte| {
        slashes += u32::from(*byte == b'/');
        slashes == 3
    });
    url.split_at(third.unwrap_or(url.len()))
}
