//! Turns the files that were built into the binary into answers: hashed, compressed, cached.
//!
//! `sdk.js` keeps its name and is fresh for five minutes; everything under `a/` carries a hash in its
//! name and is fresh for a year; `index.html` is the console, for every path that people bookmark.

use std::io::Write as _;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use protocol::outcome::ErrorCode;
use sha2::{Digest, Sha256};

use crate::error::ApiError;
use crate::headers;

/// One file, and the compressed forms that were made when it was built.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Path below the base, as in `a/agent-0123abcd.js`.
    pub path: &'static str,
    /// Content type.
    pub mime: &'static str,
    /// Names the content; changes with it.
    pub etag: &'static str,
    /// As it is.
    pub raw: &'static [u8],
    /// Compressed with brotli.
    pub br: Option<&'static [u8]>,
    /// Compressed with gzip.
    pub gz: Option<&'static [u8]>,
}

/// What the build put into this binary; empty when it was built before the assets were.
const EMBEDDED: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Everything that browsers load.
#[derive(Debug)]
pub struct Assets {
    files: &'static [Asset],
    /// The console's page.
    index: Option<Index>,
}

/// The console's page with its base filled in.
#[derive(Debug)]
struct Index {
    raw: Bytes,
    gz: Option<Bytes>,
    etag: String,
}

impl Assets {
    /// What is in this binary, to be served below `base`, which ends in a slash.
    pub fn embedded(base: &str) -> Self {
        Self::new(EMBEDDED, base)
    }

    /// These files, to be served below `base`, which ends in a slash.
    pub fn new(files: &'static [Asset], base: &str) -> Self {
        let page = files.iter().find(|file| file.path == "index.html");
        let index = page.map(|page| {
            let page = String::from_utf8_lossy(page.raw).replace("{{base}}", base);
            Index {
                gz: gzip(page.as_bytes()).map(Bytes::from),
                etag: name_of(page.as_bytes()),
                raw: Bytes::from(page),
            }
        });
        Self { files, index }
    }

    /// Whether the binary was built without assets.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Answers `GET` of a file that any page may load, or only ours.
    pub(crate) fn file(&self, path: &str, asked: &HeaderMap) -> Response {
        let found = self.files.iter().find(|file| file.path == path);
        let Some(asset) = found.filter(|file| file.path != "index.html") else {
            return self.nothing();
        };
        let encoding = preferred(asked, asset.br.is_some(), asset.gz.is_some());
        let body = match encoding {
            Some("br") => asset.br,
            Some(_) => asset.gz,
            None => None,
        };
        let body = Bytes::from_static(body.unwrap_or(asset.raw));
        let etag = tag(asset.etag, encoding);
        let mut response = answer(asked, &etag, asset.mime, body);
        let headers = response.headers_mut();
        name_form(headers, etag, encoding);
        let fresh = HeaderValue::from_static(asset.cache_control());
        headers.insert(header::CACHE_CONTROL, fresh);
        if !asset.is_of_console() {
            for (name, value) in FOR_ANY_PAGE {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        response
    }

    /// Answers the console's page.
    pub(crate) fn index(&self, asked: &HeaderMap) -> Response {
        let Some(page) = &self.index else {
            return self.nothing();
        };
        let encoding = preferred(asked, false, page.gz.is_some());
        let body = page.gz.as_ref().filter(|_| encoding.is_some());
        let body = body.unwrap_or(&page.raw).clone();
        let etag = tag(&page.etag, encoding);
        let mut response = answer(asked, &etag, "text/html; charset=utf-8", body);
        let headers = response.headers_mut();
        name_form(headers, etag, encoding);
        let fresh = HeaderValue::from_static("no-cache");
        headers.insert(header::CACHE_CONTROL, fresh);
        headers::add(&mut response, &headers::OF_PAGES);
        response
    }

    fn nothing(&self) -> Response {
        let message = if self.is_empty() {
            "this binary was built without its assets; `cargo xtask build` makes them"
        } else {
            "there is no such file"
        };
        ApiError::new(ErrorCode::NotFound, message).into_response()
    }
}

/// The script tag, the modules that it loads and their timings are for every page.
const FOR_ANY_PAGE: [(HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "cross-origin",
    ),
    (HeaderName::from_static("timing-allow-origin"), "*"),
];

impl Asset {
    /// Whether only pages of ours load it.
    fn is_of_console(&self) -> bool {
        self.path.starts_with("a/console-")
    }

    const fn cache_control(&self) -> &'static str {
        // A hash in the name: another content would have another name.
        if matches!(self.path.as_bytes(), [b'a', b'/', ..]) {
            "public, max-age=31536000, immutable"
        } else {
            "public, max-age=300"
        }
    }
}

/// What the browser is told, unless it has that already.
fn answer(asked: &HeaderMap, etag: &HeaderValue, mime: &'static str, body: Bytes) -> Response {
    if is_unchanged(asked, etag) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let mime = HeaderValue::from_static(mime);
    ([(header::CONTENT_TYPE, mime)], body).into_response()
}

/// The entity tag of one form of something.
fn tag(etag: &str, encoding: Option<&str>) -> HeaderValue {
    let suffix = encoding.map_or(String::new(), |encoding| format!("-{encoding}"));
    let etag = HeaderValue::try_from(format!("\"{etag}{suffix}\""));
    etag.unwrap_or(HeaderValue::from_static("\"\""))
}

/// Says which form it is, of those that there may be.
fn name_form(headers: &mut HeaderMap, etag: HeaderValue, encoding: Option<&'static str>) {
    if let Some(encoding) = encoding {
        let encoding = HeaderValue::from_static(encoding);
        headers.insert(header::CONTENT_ENCODING, encoding);
    }
    headers.insert(header::ETAG, etag);
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
}

/// The coding that the browser likes best, among those that there are; nothing is none.
pub(crate) fn preferred(asked: &HeaderMap, br: bool, gz: bool) -> Option<&'static str> {
    let accepted = Accepted::from_headers(asked);
    // In our order of preference: the first of the best wins.
    let mut best = (None, 0);
    for (encoding, is_there) in [(Some("br"), br), (Some("gzip"), gz), (None, true)] {
        let weight = accepted.weight(encoding);
        if is_there && weight > best.1 {
            best = (encoding, weight);
        }
    }
    best.0
}

/// Compressed with gzip; nothing where that fails.
fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// The codings that a request accepts, with weights in thousandths.
struct Accepted(Vec<(String, u16)>);

impl Accepted {
    fn from_headers(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT_ENCODING).iter();
        let listed = values.filter_map(|value| value.to_str().ok());
        Self(
            listed
                .flat_map(|value| value.split(','))
                .filter_map(coding)
                .collect(),
        )
    }

    /// Weight of a coding; `None` is the content as it is.
    fn weight(&self, coding: Option<&str>) -> u16 {
        let named = |name: &str| {
            let mut all = self.0.iter();
            all.find(|(coding, _)| coding == name).map(|(_, q)| *q)
        };
        match coding {
            Some(name) => named(name).or_else(|| named("*")).unwrap_or(0),
            // Always acceptable unless it is excluded, but only when nothing else is.
            None => named("identity").unwrap_or(if named("*") == Some(0) { 0 } else { 1 }),
        }
    }
}

/// Reads `gzip;q=0.8`. What cannot be read is as if it was not there.
fn coding(listed: &str) -> Option<(String, u16)> {
    let mut parts = listed.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    let thousandths = match weight {
        None => 1000.0,
        Some(weight) => weight.parse::<f32>().ok()?.clamp(0.0, 1.0) * 1000.0,
    };
    // In range after the clamp.
    Some((name.to_ascii_lowercase(), thousandths.round() as u16))
}

/// Whether the browser has this version already.
pub(crate) fn is_unchanged(asked: &HeaderMap, etag: &HeaderValue) -> bool {
    let values = asked.get_all(header::IF_NONE_MATCH).iter();
    let Ok(etag) = etag.to_str() else {
        return false;
    };
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == etag || tag == "*")
}

/// The entity tag of something that is served: changes with every byte of it.
pub(crate) fn etag_of(bytes: &[u8]) -> HeaderValue {
    tag(&name_of(bytes), None)
}

/// What is in quotes in an entity tag.
fn name_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..8])
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles
        .map(|nibble| char::from(DIGITS[usize::from(nibble)]))
        .collect()
}
