//! Turns people per score into scores, what they stand beside, and what goes along with them.
//!
//! `asked` reads what is asked, `figure` computes, `trend` sets apart by time, `breakdown` by what people
//! have in common, `slow` by what they waited for; `export` writes the same numbers as lines.

mod asked;
mod breakdown;
mod compared;
pub(super) mod export;
mod figure;
mod nps;
mod slow;
mod trend;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use protocol::query::Window;
use protocol::query::scores::{Breakdown, Reach, Scores, Slow};
use store::{Cut, Span};

use self::asked::{Asked, summed};
use self::figure::{figure, points};
pub(super) use self::nps::nps;
use super::guard::Caller;
use crate::app::Collector;
use crate::error::ApiError;

const DAY_MS: u64 = 86_400_000;

/// `GET /api/v1/scores`.
pub(super) async fn scores(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<Scores>, ApiError> {
    let asked = Asked::read(&collector, &who, &uri, &["compare", "step"]).await?;
    Ok(Json(report(&collector, asked).await?))
}

/// `GET /api/v1/scores/breakdown`.
pub(super) async fn breakdown(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<Breakdown>, ApiError> {
    let asked = Asked::read(&collector, &who, &uri, &["by"]).await?;
    Ok(Json(breakdown::breakdown(&collector, &asked).await?))
}

/// `GET /api/v1/scores/slow`.
pub(super) async fn slow(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<Slow>, ApiError> {
    let asked = Asked::read(&collector, &who, &uri, &["segment", "over"]).await?;
    Ok(Json(slow::slow(&collector, asked).await?))
}

async fn report(collector: &Collector, mut asked: Asked) -> Result<Scores, ApiError> {
    let store = &collector.store;
    let days = trend::days(asked.span, asked.zone);
    let cut = Cut {
        edges: days.clone(),
        by: Vec::new(),
    };
    let step = asked.others.remove("step");
    let step = step.and_then(|name| match trend::Step::from_name(&name) {
        None => {
            asked.drop("step", &name, "no_such_value");
            None
        }
        known => known,
    });
    // None of these needs another.
    let (scored, reach, releases, traits) = tokio::try_join!(
        async { Ok(store.scored(asked.filter.clone(), cut).await?) },
        reach(collector, &asked),
        async { Ok(store.releases(asked.filter.project, asked.span).await?) },
        async { Ok(store.traits(asked.filter.project).await?) },
    )?;
    let histogram = summed(&scored.cells);
    let total = figure(asked.kind, histogram);
    let (step, trend) = trend::trend(&asked, &days, &scored.cells, step);
    let compared = compared::compared(collector, &mut asked, histogram).await?;
    Ok(Scores {
        kind: String::from(asked.kind.as_str()),
        question: asked.question.clone(),
        window: asked.window(),
        timezone: asked.zone.name().to_owned(),
        histogram: points(asked.kind, histogram),
        reach: reach.map(|reach| Reach {
            shown: reach.shown,
            answered: reach.answered,
            days_to_firm: days_to_firm(total.n, asked.span, asked.begun_ms),
        }),
        total,
        compared,
        step: String::from(step.as_str()),
        trend,
        aside: scored.aside,
        releases,
        traits,
        dropped: asked.dropped,
    })
}

/// Who was asked; of those who were not, no more is known than when it was.
async fn reach(collector: &Collector, asked: &Asked) -> Result<Option<store::Reach>, ApiError> {
    if !asked.is_plain() {
        return Ok(None);
    }
    let surveys = asked.surveys.clone();
    let reach = collector.store.reach(asked.filter.clone(), surveys);
    Ok(Some(reach.await?))
}

/// Days until enough people have answered, as many a day as until now.
fn days_to_firm(n: u64, span: Span, begun_ms: u64) -> Option<u32> {
    let missing = ::scores::Reading::MIN_FOR_FIRM.checked_sub(n)?;
    if n == 0 || missing == 0 {
        return None;
    }
    // Nobody could answer before there was a survey.
    let from_ms = span.from_ms.max(begun_ms);
    let days = (span.to_ms.saturating_sub(from_ms) as f64 / DAY_MS as f64).max(1.0);
    Some((missing as f64 * days / n as f64).ceil() as u32)
}

const fn told(span: Span) -> Window {
    crate::query::window::told(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_are_reached_as_it_goes() {
        let span = Span {
            from_ms: 0,
            to_ms: 28 * DAY_MS,
        };
        assert_eq!(days_to_firm(15, span, 0), Some(28));
        assert_eq!(days_to_firm(15, span, 14 * DAY_MS), Some(14));
        assert_eq!(days_to_firm(29, span, 28 * DAY_MS), Some(1));
        assert_eq!(days_to_firm(0, span, 0), None);
        assert_eq!(days_to_firm(30, span, 0), None);
        assert_eq!(days_to_firm(31, span, 0), None);
    }
}
