//! Turns "how much is too much" into numbers that both ends of the wire share.

/// Bytes of one HTTP body as received, compressed or not: 1 MiB.
pub const MAX_BODY_BYTES: usize = 1 << 20;
/// Bytes of one HTTP body after decompression: 4 MiB.
pub const MAX_DECODED_BYTES: usize = 4 << 20;
/// Bytes of one line: 64 KiB.
pub const MAX_ITEM_BYTES: usize = 64 << 10;
/// Items in one body.
pub const MAX_ITEMS: usize = 500;
/// Characters of one text answer. Long enough for a page of prose, short enough for a line.
pub const MAX_TEXT_CHARS: usize = 10_000;
/// Characters of what is written beside "other": a few words, so that several fit into a line.
pub const MAX_OTHER_CHARS: usize = 500;
/// Characters of a page URL, origin and path only.
pub const MAX_URL_CHARS: usize = 2_048;
/// Options of one choice.
pub const MAX_OPTIONS: usize = 50;
/// Images of one response.
pub const MAX_ATTACHMENTS: usize = 4;
/// Bytes of one image: 5 MiB.
pub const MAX_ATTACHMENT_BYTES: usize = 5 << 20;
/// Pixels of one side of an image.
pub const MAX_IMAGE_SIDE: u32 = 8_192;
/// Pixels of an image: a screen of 8K. More would only fill the memory of whoever decodes it.
pub const MAX_IMAGE_PIXELS: u32 = 1 << 25;
/// Characters of the page's own id of a person.
pub const MAX_PERSON_ID_CHARS: usize = 256;
/// Traits of a person, and entries of a response's context, each.
pub const MAX_ENTRIES: usize = 64;
/// Characters of the name of a trait or of an entry of the context.
pub const MAX_ENTRY_NAME_CHARS: usize = 128;
/// Bytes of all traits, and of the whole context, names and values together: 16 KiB each.
pub const MAX_ENTRIES_BYTES: usize = 16 << 10;
/// Characters of the label of an option.
pub const MAX_LABEL_CHARS: usize = 1_000;
/// Characters of an address that a regular expression is run on.
pub const MAX_REGEX_INPUT: usize = 2_048;
/// Answers in one response.
pub const MAX_ANSWERS: usize = 100;
/// Characters of ids that people choose: surveys, questions.
pub const MAX_SLUG_CHARS: usize = 64;
/// Days that the SDK keeps an item that nobody acknowledged; the collector remembers ids longer.
pub const ITEM_TTL_DAYS: u64 = 7;

/// Tells whether `s` may name a survey or a question: 1 to 64 of `a-z`, `0-9`, `-`, `_`.
///
/// ```
/// assert!(protocol::limits::is_slug("nps_2026"));
/// assert!(!protocol::limits::is_slug("NPS 2026"));
/// ```
pub fn is_slug(s: &str) -> bool {
    (1..=MAX_SLUG_CHARS).contains(&s.len())
        && s.bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

/// Tells whether `s` may be a site key: 8 to 64 of `a-z`, `A-Z`, `0-9`, `-`, `_`.
pub fn is_site_key(s: &str) -> bool {
    (8..=64).contains(&s.len())
        && s.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}
