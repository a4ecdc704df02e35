//! Turns lines into items that are possible answers to surveys that exist.
//!
//! No answer is clamped, rounded or guessed: what is wrong is refused, by line, with a stable code
//! and the place of the fault.

use std::borrow::Cow;

use protocol::id::ItemId;
use protocol::item::{Dismissal, Impression, ItemType, Response, SurveyRef};
use protocol::outcome::DiscardReason;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use store::LatencyRow;

use super::Refusal;
use super::decode::{Decoded, MAX_SAFE_INTEGER};
use super::limit::Limited;
use super::response::{check_response, trim_texts};
use super::{latency, slices};
use crate::sites::SiteView;

/// Items, each of which may be kept.
#[derive(Debug)]
pub(super) struct Checked<'a> {
    pub(super) envelope: &'a Decoded<'a>,
    pub(super) items: Vec<Result<CheckedItem<'a>, Refusal>>,
}

/// One item that may be kept.
#[derive(Debug)]
pub(super) struct CheckedItem<'a> {
    pub(super) id: ItemId,
    pub(super) seq: u64,
    pub(super) age_ms: u64,
    /// The whole line.
    pub(super) line: &'a str,
    /// The body as it was written.
    pub(super) raw: &'a str,
    /// The body as this build understands it.
    pub(super) body: CheckedBody,
}

/// What happened, in the wire's own types.
#[derive(Debug)]
pub(super) enum CheckedBody {
    Impression(Impression),
    Response(Box<Response>),
    Dismissal(Dismissal),
    /// Its slices are still numbered by the sender's clock.
    Latency(Box<LatencyRow>),
}

impl CheckedBody {
    /// Address of the page that it happened on, when that is told.
    pub(super) fn page_url(&self) -> Option<&str> {
        match self {
            Self::Impression(shown) => Some(&shown.page.url),
            Self::Response(response) => Some(&response.page.url),
            Self::Dismissal(_) | Self::Latency(_) => None,
        }
    }
}

/// What every item has, whatever its type. Unlike [`protocol::item::Item`] it takes any type, so
/// that an unknown one can be named.
#[derive(Deserialize)]
struct Frame<'a> {
    id: ItemId,
    seq: u64,
    age_ms: u64,
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    p: &'a RawValue,
}

/// Checks every line against the wire and against the survey that it answers.
pub(super) fn validate(limited: Limited<'_>) -> Checked<'_> {
    let envelope = limited.envelope;
    let items = limited.lines.into_iter();
    Checked {
        envelope,
        items: items.map(|line| checked(line?, envelope)).collect(),
    }
}

fn checked<'a>(line: &'a str, envelope: &Decoded<'_>) -> Result<CheckedItem<'a>, Refusal> {
    let malformed = |message: String| Refusal::new(DiscardReason::MalformedItem, message);
    if !is_object(line) {
        return Err(malformed(String::from("the line is no JSON object")));
    }
    let frame: Frame<'a> = serde_json::from_str(line).map_err(|e| malformed(e.to_string()))?;
    let kind = ItemType::from_name(&frame.kind).ok_or_else(|| {
        // The name comes from outside: quoted.
        Refusal::new(
            DiscardReason::UnknownType,
            format!("type: {:?}", frame.kind),
        )
    })?;
    for (field, value) in [("seq", frame.seq), ("age_ms", frame.age_ms)] {
        if value > MAX_SAFE_INTEGER {
            return Err(invalid(format!("{field}: {value} is out of range")));
        }
    }
    let raw = frame.p.get();
    let body = match kind {
        ItemType::Impression => CheckedBody::Impression(body_from(raw)?),
        ItemType::Response => {
            let mut response: Box<Response> = body_from(raw)?;
            trim_texts(&mut response);
            latency::drop_impossible(&mut response.latency);
            CheckedBody::Response(response)
        }
        ItemType::Dismissal => CheckedBody::Dismissal(body_from(raw)?),
        ItemType::Latency => {
            let row = latency::row_from(body_from(raw)?)?;
            slices::check_age(&row, envelope.clocks())?;
            CheckedBody::Latency(Box::new(row))
        }
    };
    check_body(&body, &envelope.received.site)?;
    Ok(CheckedItem {
        id: frame.id,
        seq: frame.seq,
        age_ms: frame.age_ms,
        line,
        raw,
        body,
    })
}

/// Serde also takes an array for a struct, field by field; the wire has objects only.
pub(super) fn is_object(json: &str) -> bool {
    json.trim_start().starts_with('{')
}

pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(DiscardReason::InvalidItem, message)
}

/// Decodes a body; a fault within an answer is told from one around it by where it lies.
fn body_from<B: DeserializeOwned>(raw: &str) -> Result<B, Refusal> {
    if !is_object(raw) {
        return Err(invalid("p: is no JSON object"));
    }
    let mut json = serde_json::Deserializer::from_str(raw);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let reason = if path.starts_with("answers[") {
            DiscardReason::InvalidAnswer
        } else {
            DiscardReason::InvalidItem
        };
        Refusal::new(reason, format!("p.{path}: {}", error.inner()))
    })
}

fn check_body(body: &CheckedBody, site: &SiteView) -> Result<(), Refusal> {
    let reference = match body {
        CheckedBody::Impression(shown) => &shown.survey,
        CheckedBody::Response(response) => &response.survey,
        CheckedBody::Dismissal(closed) => &closed.survey,
        // Says nothing of a survey.
        CheckedBody::Latency(_) => return Ok(()),
    };
    let survey = site.survey(reference).ok_or_else(|| unknown(reference))?;
    match body {
        CheckedBody::Response(response) => check_response(response, survey),
        _ => Ok(()),
    }
}

fn unknown(reference: &SurveyRef) -> Refusal {
    let SurveyRef { id, version } = reference;
    Refusal::new(
        DiscardReason::UnknownSurvey,
        format!("p.survey: there is no version {version} of {id:?}"),
    )
}
