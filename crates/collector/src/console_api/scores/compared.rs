//! Turns a view and "the time before", or another view, into a second group and what may be said.

use protocol::query::scores::{Compared, Figure};
use scores::Score;
use store::{Cut, ScoresFilter, Span};

use super::asked::{Asked, summed};
use super::figure::{difference, figure};
use crate::app::Collector;
use crate::console_api::inbox::view::view;
use crate::error::ApiError;

/// The other group; nothing where none was asked for, or there is no time before all time.
pub(super) async fn compared(
    collector: &Collector,
    asked: &mut Asked,
    histogram: [u64; 11],
) -> Result<Option<Compared>, ApiError> {
    let named = asked.others.remove("compare");
    let (filter, is_previous) = match named.as_deref() {
        Some("none") => return Ok(None),
        None | Some("previous") => match previous(asked) {
            Some(filter) => (filter, true),
            None => {
                if let Some(name) = named {
                    asked.drop("compare", &name, "empty_span");
                }
                return Ok(None);
            }
        },
        Some(query) => (another(collector, asked, query).await?, false),
    };
    let scored = collector
        .store
        .scored(filter.clone(), Cut::default())
        .await?;
    let other = summed(&scored.cells);
    let this = Score::new(asked.kind, histogram);
    let that = Score::new(asked.kind, other);
    let figure: Figure = figure(asked.kind, other);
    Ok(Some(Compared {
        is_previous,
        view: filter.view.to_string(),
        window: super::told(span(&filter)),
        figure,
        difference: difference(&this, &that),
    }))
}

fn span(filter: &ScoresFilter) -> Span {
    Span {
        from_ms: filter.view.from_ms.unwrap_or(0),
        to_ms: filter.view.to_ms.unwrap_or(u64::MAX),
    }
}

/// The same length of time before.
fn previous(asked: &Asked) -> Option<ScoresFilter> {
    let Span { from_ms, to_ms } = asked.span;
    let length_ms = to_ms.checked_sub(from_ms)?;
    let before_ms = from_ms.checked_sub(length_ms).filter(|_| from_ms > 0)?;
    let mut filter = asked.filter.clone();
    filter.view.from_ms = Some(before_ms);
    filter.view.to_ms = Some(from_ms);
    Some(filter)
}

/// Another view; what it does not say of survey and time is as in the first.
async fn another(
    collector: &Collector,
    asked: &mut Asked,
    query: &str,
) -> Result<ScoresFilter, ApiError> {
    let parsed = view(collector, &asked.who, query, &[]).await?;
    asked.dropped.extend(parsed.dropped);
    let mut view = parsed.view;
    if let Some(score) = view.score.take() {
        asked.drop("score", &score.to_string(), "of_itself");
    }
    let first = asked.filter.clone();
    if view.from_ms.is_none() && view.to_ms.is_none() {
        view.from_ms = first.view.from_ms;
        view.to_ms = first.view.to_ms;
    }
    let is_other_survey = view.survey.is_some() && view.survey != first.view.survey;
    view.survey = view.survey.or(first.view.survey);
    Ok(ScoresFilter {
        view,
        // Questions of another survey have other names.
        question: first.question.filter(|_| !is_other_survey),
        ..first
    })
}
