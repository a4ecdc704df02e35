//! Turns the languages that a person reads into the one that a survey is shown in.
//!
//! One rule everywhere: a tag is looked for as it is, ignoring case, then without its last part and
//! so on down to the language itself (`pt-BR`, `pt`), then the survey's own language is taken. Texts
//! follow it one by one, so that one missing translation leaves the others alone.

use protocol::text::{LocalText, Phrase};

/// The language, out of `offered` and `own`, for a person who reads `wanted`, best first.
///
/// ```
/// use survey::language::resolve;
/// assert_eq!(resolve(&["fr", "pt-BR"], &["de", "pt"], "en"), "pt");
/// assert_eq!(resolve(&["fr"], &["de", "pt"], "en"), "en");
/// ```
pub fn resolve<'a>(wanted: &[&str], offered: &[&'a str], own: &'a str) -> &'a str {
    let all = || offered.iter().copied().chain([own]);
    wanted
        .iter()
        .find_map(|tag| lookup(tag, &all()))
        .unwrap_or(own)
}

/// Tells whether `tag` is `range`, or `range` with further parts: `pt-BR` is within `pt`.
pub fn is_within(tag: &str, range: &str) -> bool {
    tag.get(..range.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(range))
        && matches!(tag.as_bytes().get(range.len()), None | Some(b'-'))
}

/// The text for content in `language` of a survey whose own language is `own`.
///
/// A blank translation counts as missing. The phrase names its language only where it is not that of
/// the content.
pub fn phrase(text: &LocalText, language: &str, own: &str) -> Phrase {
    let (found, text) = match text {
        LocalText::One(text) => (own, text.as_str()),
        LocalText::Many(texts) => {
            let written = || {
                let all = texts.iter().filter(|(_, text)| !text.trim().is_empty());
                all.map(|(tag, text)| (tag.as_str(), text.as_str()))
            };
            let tags = || written().map(|(tag, _)| tag);
            let found = lookup(language, &tags()).or_else(|| lookup(own, &tags()));
            written()
                .find(|(tag, _)| found.is_none_or(|found| found == *tag))
                .unwrap_or_default()
        }
    };
    let same = text.is_empty() || found.eq_ignore_ascii_case(language);
    Phrase {
        text: text.to_owned(),
        language: if same { "" } else { found }.to_owned(),
    }
}

/// The tag among `offered` that is `wanted`, or the nearest above it.
///
/// # Source
/// RFC 4647, section 3.4, "Lookup": <https://www.rfc-editor.org/rfc/rfc4647#section-3.4>
fn lookup<'a, I>(wanted: &str, offered: &I) -> Option<&'a str>
where
    I: Iterator<Item = &'a str> + Clone,
{
    let mut range = wanted;
    loop {
        let mut offered = offered.clone();
        if let Some(found) = offered.find(|tag| tag.eq_ignore_ascii_case(range)) {
            return Some(found);
        }
        range = range.rsplit_once('-')?.0;
        // A lone letter or digit only introduces what followed it: `zh-x-private`.
        if range.len() > 2 && range.as_bytes()[range.len() - 2] == b'-' {
            range = &range[..range.len() - 2];
        }
    }
}
