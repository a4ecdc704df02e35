//! Turns a URL that a person configured into a request that reaches nobody's inside.
//!
//! The only way out of the collector. A name is looked up here, every address that it has is checked,
//! and the connection goes to exactly those: asking again would let a name change its mind. Each hop
//! of a redirect is checked like the first. No proxy is used, not even one that the environment names:
//! it would look names up by itself. The configuration file may allow ranges (`outgoing.allow`), and
//! what it names as a target itself is allowed as that target ([`Outgoing::trusting`]).

mod address;

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use ureq::config::Config;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use url::{Host, Url};

pub use self::address::Range;
use self::address::is_public;

/// Redirects that are followed. Services that move send one, and one more from http to https.
const MAX_HOPS: usize = 3;
/// Bytes of headers that are read.
const MAX_HEADER_BYTES: usize = 16 << 10;
/// Addresses of one name that are tried.
const MAX_ADDRESSES: usize = 8;

/// Why nothing was asked, or no answer was taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutgoingError {
    /// The URL, or one that it redirects to, is not one to be asked.
    #[error("{url} is refused: {reason}")]
    Refused {
        /// Scheme, host and port; paths and queries may hold secrets.
        url: String,
        /// Why.
        reason: &'static str,
    },
    /// The name is not known, or nobody could be asked for it.
    #[error("the name {host} has no address: {source}")]
    Name {
        /// The name.
        host: String,
        /// What the system said.
        source: io::Error,
    },
    /// It redirects on and on.
    #[error("more than {MAX_HOPS} redirects")]
    Hops,
    /// It took too long.
    #[error("no answer within {0:?}")]
    Late(Duration),
    /// It could not be reached, or answered something that is no answer, or too much.
    #[error("{0}")]
    Http(#[from] ureq::Error),
    /// The thread that asks has ended.
    #[error("{0}")]
    Thread(#[from] tokio::task::JoinError),
}

/// One request. Headers stay with the origin that they were meant for: a redirect to another one goes
/// without them.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Vec<u8>,
    /// For all of it: names, redirects, the answer.
    pub(crate) timeout: Duration,
    /// Bytes of the answer that are read; a longer one is an error.
    pub(crate) max_bytes: u64,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
}

type Looked = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;
type LookUp = Arc<dyn Fn(String, u16) -> Looked + Send + Sync>;

/// What asks.
#[derive(Clone)]
pub(crate) struct Outgoing {
    allowed: Vec<Range>,
    /// A host and a port that somebody who may write the configuration has named.
    trusted: Option<(String, u16)>,
    look_up: LookUp,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("allowed", &self.allowed)
            .finish_non_exhaustive()
    }
}

impl Outgoing {
    /// Asks nobody inside, but for these ranges.
    pub(crate) fn new(allowed: Vec<Range>) -> Self {
        let look_up: LookUp = Arc::new(|host, port| {
            Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
        });
        Self {
            allowed,
            trusted: None,
            look_up,
        }
    }

    /// The same, which may also ask the host and port of this URL, wherever that is. For what the
    /// configuration file names, and never for what the console does.
    pub(crate) fn trusting(&self, url: &Url) -> Self {
        let port = url.port_or_known_default();
        Self {
            trusted: url.host_str().map(String::from).zip(port),
            ..self.clone()
        }
    }

    /// Asks, and follows redirects.
    ///
    /// # Errors
    ///
    /// See [`OutgoingError`]. An answer with a status of failure is none.
    pub(crate) async fn send(&self, mut ask: Ask) -> Result<Answer, OutgoingError> {
        let (begin, timeout) = (Instant::now(), ask.timeout);
        for _ in 0..=MAX_HOPS {
            let left = timeout.checked_sub(begin.elapsed());
            let left = left.ok_or(OutgoingError::Late(timeout))?;
            let addresses = tokio::time::timeout(left, self.addresses(&ask.url)).await;
            let addresses = addresses.map_err(|_| OutgoingError::Late(timeout))??;
            let left = timeout.saturating_sub(begin.elapsed());
            let hop = ask.clone();
            let asked = tokio::task::spawn_blocking(move || one_hop(&hop, addresses, left));
            let (status, location, body) = asked.await??;
            match location.filter(|_| status.is_redirection()) {
                Some(location) => ask = redirected(ask, status, &location)?,
                None => return Ok(Answer { status, body }),
            }
        }
        Err(OutgoingError::Hops)
    }

    /// Every address of the URL's host, all of which may be asked.
    async fn addresses(&self, url: &Url) -> Result<Vec<SocketAddr>, OutgoingError> {
        let refused = |reason| Err(refusal(url, reason));
        if !matches!(url.scheme(), "http" | "https") {
            return refused("only http and https are spoken");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refused("a URL is no place for a password");
        }
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return refused("it names no host");
        };
        let is_trusted = self.trusted.as_ref().is_some_and(|(name, trusted_port)| {
            url.host_str() == Some(name) && *trusted_port == port
        });
        // Mail, shells and the like listen below 1024, and some take orders from a body over HTTP.
        if port < 1024 && port != 80 && port != 443 && !is_trusted {
            return refused("below 1024 only the ports 80 and 443 are asked");
        }
        let addresses = match host {
            Host::Ipv4(v4) => vec![SocketAddr::new(IpAddr::V4(v4), port)],
            Host::Ipv6(v6) => vec![SocketAddr::new(IpAddr::V6(v6), port)],
            Host::Domain(name) => self.looked_up(name, port).await?,
        };
        // One address inside is enough to refuse all: a name has no business with both.
        let may = |address: &SocketAddr| {
            let ip = address.ip();
            is_public(ip) || self.allowed.iter().any(|range| range.contains(ip))
        };
        if !is_trusted && !addresses.iter().all(may) {
            return refused("it is inside; outgoing.allow in the configuration file allows ranges");
        }
        Ok(addresses)
    }

    async fn looked_up(&self, name: &str, port: u16) -> Result<Vec<SocketAddr>, OutgoingError> {
        let unknown = |source| OutgoingError::Name {
            host: String::from(name),
            source,
        };
        let found = (self.look_up)(String::from(name), port).await;
        let mut found = found.map_err(unknown)?;
        found.truncate(MAX_ADDRESSES);
        if found.is_empty() {
            return Err(unknown(io::ErrorKind::NotFound.into()));
        }
        Ok(found)
    }
}

fn refusal(url: &Url, reason: &'static str) -> OutgoingError {
    let port = url.port().map_or(String::new(), |port| format!(":{port}"));
    let host = url.host_str().unwrap_or_default();
    OutgoingError::Refused {
        url: format!("{}://{host}{port}", url.scheme()),
        reason,
    }
}

/// What is asked next. As browsers do it: 307 and 308 repeat the request, the others read.
///
/// # Source
///
/// <https://fetch.spec.whatwg.org/#http-redirect-fetch>
fn redirected(mut ask: Ask, status: StatusCode, location: &str) -> Result<Ask, OutgoingError> {
    let next = ask.url.join(location);
    let next = next.map_err(|_| refusal(&ask.url, "it redirects to what is no URL"))?;
    if next.origin() != ask.url.origin() {
        ask.headers.clear();
    }
    if !matches!(status.as_u16(), 307 | 308) && ask.method != Method::GET {
        ask.method = Method::GET;
        ask.body.clear();
        ask.headers
            .retain(|(name, _)| *name != header::CONTENT_TYPE);
    }
    ask.url = next;
    Ok(ask)
}

/// The addresses that were checked, whatever is asked for.
#[derive(Debug)]
struct Pinned(Vec<SocketAddr>);

impl Resolver for Pinned {
    fn resolve(
        &self,
        _: &Uri,
        _: &Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut addresses = self.empty();
        for address in &self.0 {
            addresses.push(*address);
        }
        Ok(addresses)
    }
}

type Hop = (StatusCode, Option<String>, Vec<u8>);

fn one_hop(ask: &Ask, addresses: Vec<SocketAddr>, left: Duration) -> Result<Hop, OutgoingError> {
    let config = Config::builder()
        .timeout_global(Some(left))
        .max_redirects(0)
        .http_status_as_error(false)
        .max_response_header_size(MAX_HEADER_BYTES)
        .proxy(None)
        .build();
    let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), Pinned(addresses));
    let mut request = Request::builder()
        .method(ask.method.clone())
        .uri(ask.url.as_str());
    for (name, value) in &ask.headers {
        request = request.header(name, value);
    }
    let mut response = if ask.body.is_empty() {
        agent.run(request.body(()).map_err(ureq::Error::from)?)?
    } else {
        agent.run(request.body(ask.body.clone()).map_err(ureq::Error::from)?)?
    };
    let location = response.headers().get(header::LOCATION);
    let location = location
        .and_then(|value| value.to_str().ok())
        .map(String::from);
    let status = response.status();
    let body = response
        .body_mut()
        .with_config()
        .limit(ask.max_bytes)
        .read_to_vec()?;
    Ok((status, location, body))
}

#[cfg(test)]
mod tests;
