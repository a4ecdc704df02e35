//! Turns what a page says about a person into what is kept, and tells whether its server vouches.

use hmac::{Hmac, KeyInit, Mac};
use protocol::item::Person;
use sha2::Sha256;
use store::{IdentitySecret, Respondent};

/// Who answered. A wrong signature is no reason to lose an answer: it is only not believed.
pub(super) fn respondent(person: Person, secret: Option<&IdentitySecret>) -> Respondent {
    let verified = secret.is_some_and(|secret| is_signed(&person, secret));
    Respondent {
        id: person.id,
        verified,
        traits: person.traits,
    }
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
}
