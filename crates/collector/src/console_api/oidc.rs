//! Turns somebody who comes back from an OpenID provider into a session, if they were invited.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use protocol::outcome::ErrorCode;
use protocol::query::access::{Credential, OidcBegin, OidcReturn, Provider, Providers};
use store::{Identity, ProjectId};

use super::query;
use super::session;
use crate::admission::Rate;
use crate::app::Collector;
use crate::audit::{Actor, Deed};
use crate::error::ApiError;
use crate::logs::Seldom;
use crate::oidc::{Oidc, OidcError};

/// The cookie of an attempt.
const COOKIE: &str = "firsthand_oidc";
/// Seconds for which it lives.
const COOKIE_S: u32 = 600;
/// Bytes of a place to go on at.
const MAX_PLACE_BYTES: usize = 2_048;
/// Attempts that one network begins: enough for an office on a Monday, and too little to push out what
/// others have begun.
pub(super) const PER_NETWORK: Rate = Rate {
    per_second: 1,
    burst: 30,
};

fn of(collector: &Collector) -> Result<&Oidc, ApiError> {
    let nothing = || ApiError::new(ErrorCode::NotFound, "no OpenID provider is configured");
    collector.oidc.as_ref().ok_or_else(nothing)
}

/// `GET /api/v1/oidc`.
pub(super) async fn providers(State(collector): State<Arc<Collector>>) -> Json<Providers> {
    let provider = collector.oidc.as_ref().map(|oidc| Provider {
        name: String::from(oidc.name()),
    });
    Json(Providers {
        items: provider.into_iter().collect(),
    })
}

/// `GET /api/v1/oidc/begin`.
pub(super) async fn begin(
    State(collector): State<Arc<Collector>>,
    request: Request,
) -> Result<Response, ApiError> {
    let oidc = of(&collector)?;
    let (uri, now_ms) = (request.uri(), collector.clock.now_ms());
    let network = collector
        .turnstile
        .network(request.headers(), request.extensions());
    if let Some(network) = network {
        collector.gate.attempts.take(network, now_ms)?;
    }
    let asked: OidcBegin = query(uri)?;
    let to = asked.to.filter(|to| is_place(to)).unwrap_or_default();
    let begun = match oidc.begin(to, now_ms).await {
        Ok(begun) => begun,
        Err(error) => return Ok(refused(&collector, &error)),
    };
    let cookie = cookie(&collector, &begun.cookie, COOKIE_S);
    Ok(led(begun.url.as_str(), vec![cookie]))
}

/// Whether it is a path below the console's base, with a query perhaps, and nothing that leads elsewhere.
fn is_place(to: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    to.len() <= MAX_PLACE_BYTES
        && to.bytes().all(is_plain)
        && !to.starts_with('/')
        && !to
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .contains(':')
}

/// `GET /api/v1/oidc/return`.
pub(super) async fn back(
    State(collector): State<Arc<Collector>>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, ApiError> {
    let oidc = of(&collector)?;
    let told: OidcReturn = query(&uri)?;
    let now_ms = collector.clock.now_ms();
    let cookie_is = cookie_of(&headers).unwrap_or_default();
    let (Some(state), Some(code)) = (told.state, told.code) else {
        // They may have said no there.
        return Ok(refused(&collector, &OidcError::Stale));
    };
    let known = match oidc.end(&state, &cookie_is, code, now_ms).await {
        Ok(known) => known,
        Err(error) => return Ok(refused(&collector, &error)),
    };
    let project = own_project(&collector, oidc.is_own(&known.email)).await?;
    let actor = |project| Actor {
        project,
        credential: Credential::None,
        name: known.email.clone(),
    };
    let deed = Deed::new("person.join", known.email.as_str()).with("role viewer, by OpenID");
    let identity = Identity {
        issuer: known.issuer.clone(),
        subject: known.subject.clone(),
        email: known.email.clone(),
    };
    let join = project.map(|project| actor(project).entry(deed, now_ms));
    let deed = Deed::new("identity.tie", known.email.as_str()).with("by OpenID");
    // The store says whose project it is.
    let tie = actor(ProjectId(0)).entry(deed, now_ms);
    let Some(person) = collector.store.identified(identity, join, tie).await? else {
        return Ok(led(
            &place(&collector, "#oidc=not_invited"),
            vec![gone(&collector)],
        ));
    };
    let cookie = session::begun(&collector, &headers, &person, "by OpenID").await?;
    let cookies = vec![cookie, gone(&collector)];
    Ok(led(&place(&collector, &known.to), cookies))
}

/// Where people of a configured domain go: into the oldest project.
async fn own_project(collector: &Collector, is_own: bool) -> Result<Option<ProjectId>, ApiError> {
    if !is_own {
        return Ok(None);
    }
    let projects = collector.store.projects().await?;
    Ok(projects.first().map(|project| project.id))
}

/// Back to the form to sign in, which says what happened; the log says why.
fn refused(collector: &Collector, error: &OidcError) -> Response {
    static LOG: Seldom = Seldom::new();
    let error: &(dyn std::error::Error + 'static) = error;
    if let Some(unsaid) = LOG.line() {
        tracing::warn!(error, unsaid, "nobody was signed in by OpenID");
    }
    let code = match error.downcast_ref::<OidcError>() {
        Some(OidcError::Stale) => "#oidc=stale",
        Some(OidcError::NoAddress) => "#oidc=no_address",
        _ => "#oidc=failed",
    };
    led(&place(collector, code), vec![gone(collector)])
}

fn place(collector: &Collector, below: &str) -> String {
    format!("{}{below}", collector.base_path.with_slash())
}

/// Leads a browser on.
fn led(to: &str, cookies: Vec<HeaderValue>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    // A URL, or a path that was checked: always a header.
    let to = HeaderValue::try_from(to).unwrap_or_else(|_| HeaderValue::from_static("/"));
    headers.insert(header::LOCATION, to);
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

fn cookie(collector: &Collector, value: &str, seconds: u32) -> HeaderValue {
    let path = collector.base_path.with_slash();
    let is_https = collector
        .public_url
        .as_ref()
        .is_some_and(|url| url.is_https());
    let secure = if is_https { "; Secure" } else { "" };
    let cookie = format!(
        "{COOKIE}={value}; Path={path}api/v1/oidc; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
    );
    // Letters of base 64 and a base path that was checked: always a header.
    HeaderValue::try_from(cookie).unwrap_or(HeaderValue::from_static(""))
}

fn gone(collector: &Collector) -> HeaderValue {
    cookie(collector, "", 0)
}

fn cookie_of(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter();
    let mut pairs = cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'));
    pairs.find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE).then(|| String::from(value))
    })
}

#[cfg(test)]
mod tests {
    use super::is_place;

    #[test]
    fn a_place_leads_nowhere_else() {
        for to in [
            "",
            "settings/team",
            "scores?survey=nps&days=7",
            "inbox?q=a%3Ab",
        ] {
            assert!(is_place(to), "{to}");
        }
        for to in [
            "//evil.test",
            "/x",
            "https://evil.test",
            "javascript:1",
            "a\\b",
            "a b",
            "a\r\nb",
        ] {
            assert!(!is_place(to), "{to}");
        }
    }
}
