//! Turns what a page says about a person into what is kept, and tells whether its server vouches.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use protocol::item::Person;
use protocol::limits::{MAX_ENTRIES, MAX_ENTRIES_BYTES, MAX_ENTRY_NAME_CHARS, MAX_PERSON_ID_CHARS};
use sha2::Sha256;
use store::{IdentitySecret, Respondent};

/// Who answered. A wrong signature is no reason to lose an answer: it is only not believed. An id
/// that is too long to be one names nobody: half of it would name somebody else.
pub(super) fn respondent(mut person: Person, secret: Option<&IdentitySecret>) -> Respondent {
    if person.id.chars().count() > MAX_PERSON_ID_CHARS {
        person.id.clear();
    }
    Respondent {
        verified: secret.is_some_and(|secret| is_signed(&person, secret)),
        id: person.id,
        traits: entries(person.traits),
    }
}

/// Names and values that a page makes up, as many as somebody could read. What goes beyond is in the
/// line that is kept as it came, and costs nobody an answer.
pub(super) fn entries(given: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut bytes = 0;
    let given = given.into_iter();
    given
        .filter(|(name, _)| name.chars().count() <= MAX_ENTRY_NAME_CHARS)
        .take(MAX_ENTRIES)
        .filter(|(name, value)| {
            let fits = bytes + name.len() + value.len() <= MAX_ENTRIES_BYTES;
            bytes += if fits { name.len() + value.len() } else { 0 };
            fits
        })
        .collect()
}

/// Whether the signature is the HMAC-SHA-256 of the id with the site's secret, in hexadecimal
/// digits of either case. Compared in constant time, so that nobody can guess it digit by digit.
fn is_signed(person: &Person, secret: &IdentitySecret) -> bool {
    if person.id.is_empty() {
        return false;
    }
    let Some(signature) = bytes_from_hex(&person.signature) else {
        return false;
    };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.0.as_bytes()) else {
        return false;
    };
    mac.update(person.id.as_bytes());
    mac.verify_slice(&signature).is_ok()
}

/// The 32 bytes that 64 digits stand for.
fn bytes_from_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        let value = digit(pair[0])? * 16 + digit(pair[1])?;
        *byte = u8::try_from(value).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HMAC-SHA-256 of `what do ya want for nothing?` with the key `Jefe`.
    ///
    /// # Source
    ///
    /// RFC 4231, test case 2: <https://www.rfc-editor.org/rfc/rfc4231#section-4.3>
    const SIGNATURE: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    fn check(id: &str, signature: &str, secret: Option<&str>, expected: bool) {
        let person = Person {
            id: String::from(id),
            signature: String::from(signature),
            ..Person::default()
        };
        let secret = secret.map(|secret| IdentitySecret(String::from(secret)));
        let found = respondent(person, secret.as_ref());
        assert_eq!(found.verified, expected, "{id} {signature}");
        assert_eq!(found.id, id);
    }

    #[test]
    fn only_the_right_signature_is_believed() {
        let id = "what do ya want for nothing?";
        check(id, SIGNATURE, Some("Jefe"), true);
        check(id, &SIGNATURE.to_uppercase(), Some("Jefe"), true);
        check(id, SIGNATURE, Some("jefe"), false);
        check(id, SIGNATURE, None, false);
        check("somebody else", SIGNATURE, Some("Jefe"), false);
        check(id, "", Some("Jefe"), false);
        check(id, &SIGNATURE[..62], Some("Jefe"), false);
        check(id, &SIGNATURE.replace('5', "g"), Some("Jefe"), false);
        check(id, &"\u{e9}".repeat(32), Some("Jefe"), false);
        check("", SIGNATURE, Some("Jefe"), false);
    }

    #[test]
    fn an_id_of_any_length_is_no_name() {
        let long = Person {
            id: "x".repeat(MAX_PERSON_ID_CHARS + 1),
            ..Person::default()
        };
        assert_eq!(respondent(long, None), Respondent::default());
    }

    #[test]
    fn what_goes_beyond_the_limits_is_left_out() {
        let given = |pairs: &[(String, String)]| entries(pairs.iter().cloned().collect()).len();
        let short = |n: usize| (n.to_string(), String::from("y"));
        let many: Vec<_> = (0..100).map(short).collect();
        assert_eq!(given(&many), MAX_ENTRIES);
        assert_eq!(given(&many[..MAX_ENTRIES]), MAX_ENTRIES);
        let name = |n: usize| ("x".repeat(n), String::new());
        assert_eq!(given(&[name(MAX_ENTRY_NAME_CHARS)]), 1);
        assert_eq!(given(&[name(MAX_ENTRY_NAME_CHARS + 1), short(1)]), 1);
        let value = |name: &str, n: usize| (String::from(name), "y".repeat(n));
        let most = MAX_ENTRIES_BYTES - 1;
        assert_eq!(given(&[value("a", most)]), 1);
        // One that is too long leaves room for those after it.
        assert_eq!(given(&[value("a", most + 1), value("b", 5)]), 1);
    }
}
