//! Turns the headers of a request that changes something into "from our own page" or a refusal.
//!
//! The cookie is `SameSite=Lax`, which still lets other sites of the same registrable domain send
//! it; this closes that door. Same rule as Go's `http.CrossOriginProtection`.

use axum::http::{HeaderMap, header};
use protocol::outcome::ErrorCode;

use crate::error::ApiError;
use crate::settings::PublicUrl;

/// Refuses what a browser sends on behalf of another origin. A request without the headers that all
/// browsers send comes from no browser, and carries nobody's cookie but its own.
pub(crate) fn check_origin(
    headers: &HeaderMap,
    public_url: Option<&PublicUrl>,
) -> Result<(), ApiError> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site") == Some("same-origin") {
        return Ok(());
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        // Without an origin, only a browser's word that this is somebody else's is a reason.
        return match text("sec-fetch-site") {
            None | Some("none") => Ok(()),
            Some(_) => Err(refusal()),
        };
    };
    let origin = origin.to_str().map_err(|_| refusal())?;
    if public_url.is_some_and(|url| url.origin() == origin) {
        return Ok(());
    }
    let host = origin.split_once("://").map(|(_, host)| host);
    if host.is_some() && host == text("host") {
        return Ok(());
    }
    Err(refusal())
}

fn refusal() -> ApiError {
    ApiError::new(
        ErrorCode::CrossOrigin,
        "this came from a page of another origin; behind a proxy, set public_url",
    )
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn check(sent: &[(&'static str, &'static str)], public: Option<&str>, expected: bool) {
        let headers: HeaderMap = sent
            .iter()
            .map(|&(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        let public = public.map(|url| url.parse().unwrap());
        let allowed = check_origin(&headers, public.as_ref()).is_ok();
        assert_eq!(allowed, expected, "{sent:?}");
    }

    #[test]
    fn our_own_page_may() {
        let host = ("host", "127.0.0.1:8787");
        check(&[host, ("origin", "http://127.0.0.1:8787")], None, true);
        check(&[host, ("sec-fetch-site", "same-origin")], None, true);
        check(&[host], None, true);
    }

    #[test]
    fn another_page_may_not() {
        let host = ("host", "127.0.0.1:8787");
        check(&[host, ("origin", "http://127.0.0.1:8788")], None, false);
        check(&[host, ("origin", "null")], None, false);
        check(&[host, ("sec-fetch-site", "same-site")], None, false);
        check(
            &[
                host,
                ("origin", "http://evil.test"),
                ("sec-fetch-site", "cross-site"),
            ],
            None,
            false,
        );
    }

    #[test]
    fn a_proxy_may_change_the_host() {
        let sent = [
            ("host", "collector:8787"),
            ("origin", "https://f.shop.example"),
        ];
        check(&sent, Some("https://f.shop.example/firsthand/"), true);
        check(&sent, Some("https://other.example/"), false);
        check(&sent, None, false);
    }
}
