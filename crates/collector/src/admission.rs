//! Turns the query and the origin of a request under `/v1` into the site that it may use.

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use protocol::outcome::ErrorCode;
use url::form_urlencoded;

use crate::app::Collector;
use crate::error::ApiError;
use crate::sites::SiteView;

/// Parameters of a query, decoded. Unknown ones are for a later version and stay unread.
#[derive(Debug)]
pub(crate) struct Params<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Params<'a> {
    pub(crate) fn from_query(query: &'a str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).collect())
    }

    /// The first value under this name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| &**value)
    }

    /// The first value under this name, which has to be there.
    pub(crate) fn required(&self, name: &str) -> Result<&str, ApiError> {
        self.get(name).ok_or_else(|| {
            let message = format!("the parameter {name} is missing");
            ApiError::new(ErrorCode::InvalidParameter, message)
        })
    }
}

/// The site with this key, if the page that asks may use it. A request without an origin comes from
/// no page, or from one of our own origin.
pub(crate) async fn allowed_site(
    collector: &Collector,
    key: &str,
    headers: &HeaderMap,
) -> Result<Arc<SiteView>, ApiError> {
    let site = collector.sites.find(key).await?.ok_or_else(|| {
        let message = "no site has this key; the console shows the right one";
        ApiError::new(ErrorCode::UnknownSiteKey, message)
    })?;
    let Some(origin) = headers.get(header::ORIGIN) else {
        return Ok(site);
    };
    let origin = String::from_utf8_lossy(origin.as_bytes());
    if site.allows(&origin) {
        return Ok(site);
    }
    Err(ApiError::new(
        ErrorCode::OriginNotAllowed,
        format!("the site does not list the origin {origin:?}"),
    ))
}
