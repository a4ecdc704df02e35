//! Turns what a page says of its surroundings into the same without what nobody was asked for.
//!
//! The page scrubs as well, and should; but pages are of every age, and what is on disk is our doing.
//! What a person writes into an answer, or a page says about a person it knows, is what this is for
//! and stays. Everything else that is free text (addresses of pages, what a form attaches, fields of
//! a later build) loses:
//!
//! - of addresses: user, password, fragment, and every parameter that is not on [`ALLOWED`];
//! - e-mail addresses, numbers of cards, and tokens by the shape that their issuers give them.
//!
//! All of it is pure, and doing it twice changes nothing.

mod patterns;

use std::borrow::Cow;

use serde_json::Value;

use self::patterns::replaced;

/// Parameters of an address that say where somebody came from, and nothing about them.
const ALLOWED: [&str; 8] = [
    "lang",
    "page",
    "tab",
    "utm_campaign",
    "utm_content",
    "utm_medium",
    "utm_source",
    "utm_term",
];

/// What items have in a place of its own that is no surroundings: ids, versions, answers, people.
const KNOWN: [&str; 11] = [
    "answers",
    "attachments",
    "complete",
    "features",
    "latency",
    "person",
    "reason",
    "response",
    "revision",
    "slice",
    "survey",
];

/// Text without e-mail addresses, numbers of cards and tokens.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    replaced(text)
}

/// An address without user, fragment and all but a few parameters; and its path as [`text`].
pub(super) fn url(url: &str) -> Cow<'_, str> {
    let (whole, _) = url.split_once('#').unwrap_or((url, ""));
    let (address, query) = match whole.split_once('?') {
        Some((address, query)) => (address, Some(query)),
        None => (whole, None),
    };
    let address = without_user(address);
    let kept: Vec<&str> = query.map_or_else(Vec::new, |query| {
        query.split('&').filter(|pair| is_allowed(pair)).collect()
    });
    if address.len() == url.len() {
        return text(url);
    }
    let mut scrubbed = address.into_owned();
    if !kept.is_empty() {
        scrubbed.push('?');
        scrubbed += &kept.join("&");
    }
    Cow::Owned(text(&scrubbed).into_owned())
}

fn is_allowed(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    ALLOWED.contains(&name)
}

/// `https://user:password@host/` is `https://host/`.
fn without_user(address: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = address.split_once("://") else {
        return Cow::Borrowed(address);
    };
    let end = rest.find('/').unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => Cow::Owned(format!("{scheme}://{}", &rest[at + 1..])),
        None => Cow::Borrowed(address),
    }
}

/// A free value: an address is scrubbed as one, everything else as text.
pub(super) fn value(value: &str) -> Cow<'_, str> {
    if value.contains("://") && !value.contains(char::is_whitespace) {
        url(value)
    } else {
        text(value)
    }
}

/// A line of an envelope without what does not belong on a disk. One that is no JSON is text.
pub(super) fn line(line: &str) -> Cow<'_, str> {
    if !is_worth_a_look(line) {
        return Cow::Borrowed(line);
    }
    let Ok(mut item) = serde_json::from_str::<Value>(line) else {
        return text(line);
    };
    let mut changed = false;
    if let Value::Object(fields) = &mut item {
        for (name, field) in fields {
            match field {
                Value::Object(body) if name == "p" => {
                    let free = body
                        .iter_mut()
                        .filter(|(name, _)| !KNOWN.contains(&name.as_str()));
                    free.for_each(|(_, field)| changed |= scrub_free(field));
                }
                _ if ["id", "seq", "age_ms", "type"].contains(&name.as_str()) => {}
                _ => changed |= scrub_free(field),
            }
        }
    }
    if changed {
        Cow::Owned(item.to_string())
    } else {
        Cow::Borrowed(line)
    }
}

/// Whether anything may be in it. Most lines have none of these.
fn is_worth_a_look(line: &str) -> bool {
    let mut digits = 0;
    for byte in line.bytes() {
        match byte {
            b'@' | b'%' | b'?' | b'#' => return true,
            b'0'..=b'9' => {
                digits += 1;
                if digits >= patterns::MIN_CARD_DIGITS {
                    return true;
                }
            }
            b' ' | b'-' => {}
            _ => digits = 0,
        }
    }
    patterns::may_have_token(line)
}

/// Scrubs every text within; whether one changed.
fn scrub_free(field: &mut Value) -> bool {
    match field {
        Value::String(text) => match value(text) {
            Cow::Owned(scrubbed) if scrubbed != *text => {
                *text = scrubbed;
                true
            }
            _ => false,
        },
        Value::Array(all) => all
            .iter_mut()
            .fold(false, |changed, one| scrub_free(one) | changed),
        Value::Object(all) => all
            .values_mut()
            .fold(false, |changed, one| scrub_free(one) | changed),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
