//! Turns rows of text, as capture writes them, into what is known of one request each.

/// Between rows, and between fields.
const ROW: u8 = 0x1e;
const FIELD: u8 = 0x1f;
const FIELDS: usize = 17;

/// A logical operation that the page marked.
pub(super) const MARKED: u32 = 6;
/// The value of a web vital.
pub(super) const VITAL: u32 = 7;
/// Names of kinds that have no HTTP method, from 2 on.
pub(super) const KINDS: &str = "BEACON SSE WS NAV MARK ";

/// One request, or one web vital.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) kind: u32,
    pub(super) method: &'a [u8],
    pub(super) url: &'a [u8],
    pub(super) graphql: &'a [u8],
    /// On the monotonic clock, in milliseconds.
    pub(super) start: u64,
    /// Tenths of a millisecond; of a vital its value in thousandths.
    pub(super) headers: u32,
    pub(super) body: Option<u32>,
    pub(super) status: u16,
    pub(super) error: u8,
    pub(super) flags: u32,
    /// Tenths of a millisecond.
    pub(super) phases: [Option<u32>; 5],
    pub(super) trace: &'a [u8],
    pub(super) feature: &'a [u8],
}

impl<'a> Row<'a> {
    fn read(text: &'a [u8]) -> Option<Self> {
        let mut fields = [&b""[..]; FIELDS];
        let mut n = 0;
        for (to, field) in fields.iter_mut().zip(text.split(|byte| *byte == FIELD)) {
            *to = field;
            n += 1;
        }
        let [
            kind,
            method,
            url,
            graphql,
            start,
            headers,
            body,
            status,
            error,
            flags,
            phases @ ..,
            trace,
            feature,
        ] = fields;
        (n == FIELDS).then(|| Self {
            kind: number(kind).unwrap_or_default(),
            method,
            url,
            graphql,
            start: number(start).unwrap_or_default().into(),
            headers: number(headers).unwrap_or_default(),
            body: number(body),
            status: number(status).unwrap_or_default() as u16,
            error: number(error).unwrap_or_default() as u8,
            flags: number(flags).unwrap_or_default(),
            phases: phases.map(number),
            trace,
            feature,
        })
    }

    /// Origin and path of its address.
    pub(super) fn place(&self) -> (&'a [u8], &'a [u8]) {
        split(self.url)
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

/// A decimal number; none where there is nothing.
fn number(text: &[u8]) -> Option<u32> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    (!text.is_empty()).then(|| {
        digits.fold(0_u32, |number, byte| {
            number
                .saturating_mul(10)
                .saturating_add((byte - b'0').into())
        })
    })
}
