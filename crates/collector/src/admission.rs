//! Turns the query and the origin of a request under `/v1` into the site that it may use.

mod network;
mod rate;

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, header};
use protocol::outcome::ErrorCode;
use url::form_urlencoded;

pub(crate) use self::network::Network;
use self::network::network;
pub(crate) use self::rate::Buckets;
pub use self::rate::Rate;
pub(crate) use self::rate::TooMany;
use crate::app::Collector;
use crate::console_api::check_origin;
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

/// How often what pages send is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of one site key; absent means any number.
    pub per_key: Option<Rate>,
    /// Of one network, a /24 or a /48; absent means any number.
    pub per_network: Option<Rate>,
    /// A header in which a proxy writes the address of its client.
    pub address_header: Option<HeaderName>,
}

impl Default for Limits {
    /// Ten thousand a second and key, 200 a second and network, twice and five times as many at once.
    ///
    /// A page sends every ten seconds at most, so that is a hundred thousand pages of a site, and two
    /// thousand in one building.
    fn default() -> Self {
        Self {
            per_key: Some(Rate {
                per_second: 10_000,
                burst: 20_000,
            }),
            per_network: Some(Rate {
                per_second: 200,
                burst: 1_000,
            }),
            address_header: None,
        }
    }
}

/// What has been taken lately, by key and by network.
#[derive(Debug)]
pub(crate) struct Turnstile {
    keys: Option<Buckets>,
    networks: Option<Buckets>,
    address_header: Option<HeaderName>,
}

impl Turnstile {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            keys: limits.per_key.map(Buckets::new),
            networks: limits.per_network.map(Buckets::new),
            address_header: limits.address_header,
        }
    }

    /// Counts a request of a network, before anything else is looked at.
    fn pass_network(&self, parts: &Parts, now_ms: u64) -> Result<(), TooMany> {
        let Some(networks) = &self.networks else {
            return Ok(());
        };
        match self.network(&parts.headers, &parts.extensions) {
            Some(network) => networks.take(network, now_ms),
            None => Ok(()),
        }
    }

    /// The network of whoever asks, if that is known.
    pub(crate) fn network(&self, headers: &HeaderMap, extensions: &Extensions) -> Option<Network> {
        network(self.address_header.as_ref(), headers, extensions)
    }

    /// Counts a request of a key that exists.
    fn pass_key(&self, key: &str, now_ms: u64) -> Result<(), TooMany> {
        let keys = self.keys.as_ref();
        keys.map_or(Ok(()), |keys| keys.take(key, now_ms))
    }
}

/// As [`allowed_site`], for what is written: so often and no more.
pub(crate) async fn admitted_site(
    collector: &Collector,
    key: &str,
    parts: &Parts,
) -> Result<Arc<SiteView>, ApiError> {
    let site = allowed_site(collector, key, &parts.headers);
    counted(collector, key, parts, site).await
}

/// The site with this key, for whoever only looks: counted as everything is, and whatever their origin.
pub(crate) async fn looked_at_site(
    collector: &Collector,
    key: &str,
    parts: &Parts,
) -> Result<Arc<SiteView>, ApiError> {
    counted(collector, key, parts, known_site(collector, key)).await
}

/// Finds `site` after its network is counted, and counts the key only where that may be used: strangers
/// cannot use up what a key has.
async fn counted(
    collector: &Collector,
    key: &str,
    parts: &Parts,
    site: impl Future<Output = Result<Arc<SiteView>, ApiError>>,
) -> Result<Arc<SiteView>, ApiError> {
    let now_ms = collector.clock.now_ms();
    collector.turnstile.pass_network(parts, now_ms)?;
    let site = site.await?;
    collector.turnstile.pass_key(key, now_ms)?;
    Ok(site)
}

async fn known_site(collector: &Collector, key: &str) -> Result<Arc<SiteView>, ApiError> {
    collector.sites.find(key).await?.ok_or_else(|| {
        let message = "no site has this key; the console shows the right one";
        ApiError::new(ErrorCode::UnknownSiteKey, message)
    })
}

/// The site with this key, if the page that asks may use it. A request without an origin comes from
/// no page, or from one of our own origin.
pub(crate) async fn allowed_site(
    collector: &Collector,
    key: &str,
    headers: &HeaderMap,
) -> Result<Arc<SiteView>, ApiError> {
    let site = known_site(collector, key).await?;
    let Some(origin) = headers.get(header::ORIGIN) else {
        return Ok(site);
    };
    let origin = String::from_utf8_lossy(origin.as_bytes());
    // Whatever is tried in the console comes from the console's own page.
    let is_own = || check_origin(headers, collector.public_url.as_ref()).is_ok();
    if site.allows(&origin) || site.is_test && is_own() {
        return Ok(site);
    }
    Err(ApiError::new(
        ErrorCode::OriginNotAllowed,
        format!("the site does not list the origin {origin:?}"),
    ))
}
