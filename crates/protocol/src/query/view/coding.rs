//! Turns pairs of texts into a query string, and a query string into pairs.

/// Pairs of a query string, in its order. What is no valid escape stays as it is; what is no UTF-8
/// becomes the replacement character: a link that was cut off is still a link.
///
/// # Source
///
/// `application/x-www-form-urlencoded` parsing in <https://url.spec.whatwg.org/#urlencoded-parsing>.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escaped = bytes.get(at + 1..at + 3).and_then(byte_from_hex);
        match (byte, escaped) {
            (b'%', Some(byte)) => {
                plain.push(byte);
                at += 2;
            }
            (b'+', _) => plain.push(b' '),
            _ => plain.push(*byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&plain).into_owned()
}

fn byte_from_hex(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (high, low) = (digit(*digits.first()?)?, digit(*digits.get(1)?)?);
    u8::try_from(high * 16 + low).ok()
}

/// Adds one pair. Letters, digits and `-._*~:/,@<=>` stay readable.
pub(super) fn push(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    encode(query, name, b"-._");
    query.push('=');
    encode(query, value, b"-._*~:/,@<=>");
}

fn encode(query: &mut String, text: &str, plain: &[u8]) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.contains(&byte) {
            query.push(char::from(byte));
        } else if byte == b' ' {
            query.push('+');
        } else {
            query.push_str(&format!("%{byte:02X}"));
        }
    }
}
