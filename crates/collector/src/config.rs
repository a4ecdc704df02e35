//! Turns a site key into what its pages are told: which surveys run, and what they contain.
//!
//! This is the one back channel. As `postcard` bytes for the agent and the widget, as JSON for
//! people.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::item::SurveyRef;
use protocol::outcome::ErrorCode;
use protocol::survey::SurveyContent;
use serde::Serialize;

use crate::admission::{Params, allowed_site};
use crate::app::Collector;
use crate::assets::is_unchanged;
use crate::error::ApiError;
use crate::sites::SiteView;

async fn site_of_query(
    collector: &Collector,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Arc<SiteView>, ApiError> {
    let params = Params::from_query(query.unwrap_or_default());
    let key = params.required("k")?;
    allowed_site(collector, key, headers).await
}

/// `GET /v1/config`.
pub(crate) async fn bytes(
    State(collector): State<Arc<Collector>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let site = site_of_query(&collector, query.as_deref(), &headers).await?;
    let (config, etag) = &site.config_bytes;
    let mut response = if is_unchanged(&headers, etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        octets(config.clone())
    };
    response.headers_mut().insert(header::ETAG, etag.clone());
    Ok(response)
}

/// `GET /v1/config.json`.
pub(crate) async fn json(
    State(collector): State<Arc<Collector>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let site = site_of_query(&collector, query.as_deref(), &headers).await?;
    Ok(Json(&site.config).into_response())
}

/// `GET /v1/survey/ID@VERSION`, and the same with `.json` at its end.
pub(crate) async fn survey(
    State(collector): State<Arc<Collector>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let params = Params::from_query(query.as_deref().unwrap_or_default());
    let key = params.required("k")?;
    let asked_ms = collector.clock.now_ms();
    let site = allowed_site(&collector, key, &headers).await?;
    let (plain, for_people) = match name.strip_suffix(".json") {
        Some(plain) => (plain, true),
        None => (name.as_str(), false),
    };
    let reference = reference_from(plain).ok_or_else(no_such_survey)?;
    let content = match content(&site, &reference) {
        Some(content) => Some(content),
        // It may have been published a moment ago.
        None => {
            let site = collector.sites.newer_than(key, asked_ms).await?;
            site.and_then(|site| content(&site, &reference))
        }
    };
    let content = content.ok_or_else(no_such_survey)?;
    let mut response = if for_people {
        Json(content).into_response()
    } else {
        octets(postcard_bytes(&content)?.into())
    };
    // A version never changes once it is published.
    let immutable = HeaderValue::from_static("public, max-age=31536000, immutable");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, immutable);
    Ok(response)
}

fn content(site: &SiteView, reference: &SurveyRef) -> Option<SurveyContent> {
    let survey = site.survey(reference)?;
    Some(survey.content(reference.version))
}

fn reference_from(name: &str) -> Option<SurveyRef> {
    let (id, version) = name.split_once('@')?;
    Some(SurveyRef {
        id: String::from(id),
        version: version.parse().ok()?,
    })
}

fn no_such_survey() -> ApiError {
    ApiError::new(
        ErrorCode::NotFound,
        "there is no such survey, or no such version of it",
    )
}

fn postcard_bytes(value: &impl Serialize) -> Result<Vec<u8>, ApiError> {
    postcard::to_allocvec(value).map_err(|error| ApiError::internal(&error))
}

fn octets(bytes: Bytes) -> Response {
    let mime = HeaderValue::from_static("application/octet-stream");
    ([(header::CONTENT_TYPE, mime)], bytes).into_response()
}
