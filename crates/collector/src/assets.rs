//! Turns the files that were built into the binary into answers: hashed, compressed, cached.
//!
//! `sdk.js` keeps its name and is fresh for five minutes; everything under `a/` carries a hash in its
//! name and is fresh for a year; `index.html` is the console, for every path that people bookmark.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
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
    /// The console's page with its base filled in, and its entity tag.
    index: Option<(Bytes, HeaderValue)>,
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
            let etag = etag_of(page.as_bytes());
            (Bytes::from(page), etag)
        });
        Self { files, index }
    }

    /// Whether the binary was built without assets.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Answers `GET` of a file that any page may load.
    pub(crate) fn file(&self, path: &str, asked: &HeaderMap) -> Response {
        let found = self.files.iter().find(|file| file.path == path);
        let Some(asset) = found.filter(|file| file.path != "index.html") else {
            return self.nothing();
        };
        let (body, encoding) = asset.variant(asked);
        let suffix = encoding.map_or(String::new(), |encoding| format!("-{encoding}"));
        let etag = HeaderValue::try_from(format!("\"{}{suffix}\"", asset.etag));
        let etag = etag.unwrap_or(HeaderValue::from_static("\"\""));
        let mut response = if is_unchanged(asked, &etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mime = HeaderValue::from_static(asset.mime);
            ([(header::CONTENT_TYPE, mime)], Bytes::from_static(body)).into_response()
        };
        let headers = response.headers_mut();
        if let Some(encoding) = encoding {
            let encoding = HeaderValue::from_static(encoding);
            headers.insert(header::CONTENT_ENCODING, encoding);
        }
        headers.insert(header::ETAG, etag);
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        let fresh = HeaderValue::from_static(asset.cache_control());
        headers.insert(header::CACHE_CONTROL, fresh);
        for (name, value) in FOR_ANY_PAGE {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }

    /// Answers the console's page.
    pub(crate) fn index(&self, asked: &HeaderMap) -> Response {
        let Some((page, etag)) = &self.index else {
            return self.nothing();
        };
        let mut response = if is_unchanged(asked, etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mime = HeaderValue::from_static("text/html; charset=utf-8");
            ([(header::CONTENT_TYPE, mime)], page.clone()).into_response()
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, etag.clone());
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
    const fn cache_control(&self) -> &'static str {
        // A hash in the name: another content would have another name.
        if matches!(self.path.as_bytes(), [b'a', b'/', ..]) {
            "public, max-age=31536000, immutable"
        } else {
            "public, max-age=300"
        }
    }

    /// The form that the browser likes best, among those that there are.
    fn variant(&self, asked: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
        let accepted = Accepted::from_headers(asked);
        // In our order of preference: the first of the best wins.
        let forms = [
            (self.br, Some("br")),
            (self.gz, Some("gzip")),
            (Some(self.raw), None),
        ];
        let mut best = (self.raw, None, 0);
        for (bytes, encoding) in forms {
            let weight = accepted.weight(encoding);
            if let Some(bytes) = bytes
                && weight > best.2
            {
                best = (bytes, encoding, weight);
            }
        }
        (best.0, best.1)
    }
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
    let digest = Sha256::digest(bytes);
    let etag = HeaderValue::try_from(format!("\"{}\"", hex(&digest[..8])));
    // Hexadecimal digits in quotes: always a header.
    etag.unwrap_or(HeaderValue::from_static("\"\""))
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles
        .map(|nibble| char::from(DIGITS[usize::from(nibble)]))
        .collect()
}
