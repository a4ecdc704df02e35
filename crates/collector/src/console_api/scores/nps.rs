//! Turns rows of scores into the Net Promoter Score, with all that is needed to check it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use protocol::outcome::ErrorCode;
use protocol::query::{Interval, NpsQuery, NpsReport, Window};
use scores::Nps;
use store::{NpsCounts, NpsFilter, PublishedSurvey, Span};

use crate::app::Collector;
use crate::console_api::guard::Caller;
use crate::console_api::session::nps_question;
use crate::console_api::{query, span};
use crate::error::ApiError;

/// `GET /api/v1/scores/nps`.
pub(in crate::console_api) async fn nps(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<NpsReport>, ApiError> {
    let asked: NpsQuery = query(&uri)?;
    let span = span(asked.days, collector.clock.now_ms())?;
    let surveys = collector.store.surveys(who.project).await?;
    let question = question_of(&surveys, &asked.survey)?;
    let filter = NpsFilter {
        project: who.project,
        survey: asked.survey.clone(),
        question,
        span,
    };
    let counts = collector.store.nps(filter).await?;
    Ok(Json(report(asked.survey, span, &counts)))
}

/// The NPS question of the survey's newest version that has one.
fn question_of(surveys: &[PublishedSurvey], id: &str) -> Result<String, ApiError> {
    let mut versions = surveys.iter().rev().filter(|p| p.survey.id == id);
    let question = versions.find_map(|p| nps_question(&p.survey));
    question.map(|question| question.id.clone()).ok_or_else(|| {
        let message = "there is no such survey, or it has no NPS question";
        ApiError::new(ErrorCode::NotFound, message)
    })
}

fn report(survey: String, span: Span, counts: &NpsCounts) -> NpsReport {
    let nps = Nps::from_histogram(&counts.histogram);
    NpsReport {
        survey,
        window: Window {
            from_ms: span.from_ms,
            to_ms: span.to_ms,
        },
        histogram: counts.histogram,
        n: nps.n(),
        promoters: nps.promoters(),
        passives: nps.passives(),
        detractors: nps.detractors(),
        score: nps.score(),
        interval: nps.interval().map(|interval| Interval {
            low: interval.low,
            high: interval.high,
        }),
        shown: counts.shown,
        shown_and_answered: counts.shown_and_answered,
    }
}
