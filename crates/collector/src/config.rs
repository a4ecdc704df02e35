//! Turns a site key into what its pages are told: which surveys run, and what they contain.
//!
//! This is the one back channel. As `postcard` bytes for the agent and the widget, as JSON for
//! people.

use std::sync::Arc;

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
use crate::assets::{etag_of, is_unchanged};
use crate::error::ApiError;
use crate::sites::SiteView;

const OCTETS: &str = "application/octet-stream";
const JSON: &str = "application/json";

/// Bytes of a language tag. RFC 5646 asks for room for 35; private use may be longer.
const MAX_LANGUAGE_BYTES: usize = 64;

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
    let (bytes, etag) = &site.config_bytes;
    Ok(tagged(&headers, OCTETS, bytes.clone(), etag.clone()))
}

/// `GET /v1/config.json`.
pub(crate) async fn json(
    State(collector): State<Arc<Collector>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let site = site_of_query(&collector, query.as_deref(), &headers).await?;
    Ok(fresh(&headers, JSON, json_bytes(&site.config)?))
}

/// `GET /v1/survey/ID@VERSION?k=KEY&l=LANGUAGE`, and the same with `.json` at its end.
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
    // A person who reads nothing in particular reads what the author wrote in.
    let language = params.get("l").unwrap_or_default();
    if language.len() > MAX_LANGUAGE_BYTES {
        return Err(ApiError::new(
            ErrorCode::InvalidParameter,
            "l must be a language tag, as in de-AT",
        ));
    }
    let content = match content(&site, &reference, language) {
        Some(content) => Some(content),
        // It may have been published a moment ago.
        None => {
            let site = collector.sites.newer_than(key, asked_ms).await?;
            site.and_then(|site| content(&site, &reference, language))
        }
    };
    let content = content.ok_or_else(no_such_survey)?;
    let mut response = if for_people {
        fresh(&headers, JSON, json_bytes(&content)?)
    } else {
        fresh(&headers, OCTETS, postcard_bytes(&content)?)
    };
    // A version never changes once it is published.
    let immutable = HeaderValue::from_static("public, max-age=31536000, immutable");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, immutable);
    Ok(response)
}

fn content(site: &SiteView, reference: &SurveyRef, language: &str) -> Option<SurveyContent> {
    let survey = site.survey(reference)?;
    let version = reference.version;
    Some(survey::compile::content(survey, version, language))
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

fn json_bytes(value: &impl Serialize) -> Result<Vec<u8>, ApiError> {
    serde_json::to_vec(value).map_err(|error| ApiError::internal(&error))
}

/// A body that was just made, with a tag that changes with it.
fn fresh(asked: &HeaderMap, mime: &'static str, body: Vec<u8>) -> Response {
    let etag = etag_of(&body);
    tagged(asked, mime, body.into(), etag)
}

/// A body and its tag; no body for whoever has it already.
fn tagged(asked: &HeaderMap, mime: &'static str, body: Bytes, etag: HeaderValue) -> Response {
    let mut response = if is_unchanged(asked, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mime = HeaderValue::from_static(mime);
        ([(header::CONTENT_TYPE, mime)], body).into_response()
    };
    response.headers_mut().insert(header::ETAG, etag);
    response
}

/// `GET /v1/survey.schema.json`: what an author may write, for editors and checks.
pub(crate) async fn schema(headers: HeaderMap) -> Response {
    let mut response = fresh(&headers, "application/schema+json", schema_text().into());
    let for_a_while = HeaderValue::from_static("public, max-age=300");
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, for_a_while);
    response
}

/// The JSON Schema of a survey, with a line break at its end.
pub(crate) fn schema_text() -> String {
    let schema = schemars::schema_for!(protocol::survey::Survey);
    // A tree of JSON, which always can be written.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}
