//! Turns a query string into which scores are meant, and what of it makes no sense.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::Uri;
use chrono_tz::Tz;
use protocol::outcome::ErrorCode;
use protocol::query::Window;
use protocol::query::access::Credential;
use protocol::query::scores::Scored;
use protocol::query::view::{Dropped, Parsed, View};
use scores::Kind;
use store::{Cell, ScoresFilter, Span};

use crate::app::Collector;
use crate::budgets::InForce;
use crate::console_api::guard::Caller;
use crate::console_api::inbox::view::view;
use crate::console_api::session::{scored_questions, title_of};
use crate::error::ApiError;
use crate::sites::{by_version, newest};

/// Which scores.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) filter: ScoresFilter,
    pub(super) kind: Kind,
    /// Of one survey.
    pub(super) question: Option<Scored>,
    /// All that ask for a score of the kind, or the one.
    pub(super) surveys: Vec<String>,
    /// When the first of them was published.
    pub(super) begun_ms: u64,
    pub(super) span: Span,
    pub(super) zone: Tz,
    /// Parameters beside the view.
    pub(super) others: BTreeMap<String, String>,
    pub(super) dropped: Vec<Dropped>,
    /// Who asks: another view is read as them.
    pub(super) who: Caller,
}

/// A survey with what it scores.
struct Survey {
    id: String,
    scored: Vec<Scored>,
    begun_ms: u64,
}

impl Asked {
    /// Reads what is asked. `others` are names that are not the view's.
    pub(super) async fn read(
        collector: &Arc<Collector>,
        who: &Caller,
        uri: &Uri,
        others: &[&str],
    ) -> Result<Self, ApiError> {
        let names: Vec<&str> = others.iter().copied().chain(["kind"]).collect();
        let query = uri.query().unwrap_or_default();
        let mut parsed = view(collector, who, query, &names).await?;
        if let Some(score) = parsed.view.score.take() {
            parsed.drop("score", &score.to_string(), "of_itself");
        }
        let surveys = surveys(collector, who).await?;
        let is_held = who.actor.credential == Credential::Link;
        let kind = kind(&mut parsed, &surveys, is_held)?;
        let named = parsed.view.survey.clone();
        let question = named.as_ref().and_then(|id| {
            let survey = surveys.iter().find(|survey| survey.id == *id)?;
            question(&mut parsed, survey, kind)
        });
        let mut asks: Vec<_> = surveys.iter().filter(|it| it.asks_for(kind)).collect();
        asks.retain(|survey| named.as_ref().is_none_or(|id| survey.id == *id));
        let now_ms = collector.clock.now_ms();
        let span = Span {
            from_ms: parsed.view.from_ms.unwrap_or(0),
            to_ms: parsed.view.to_ms.unwrap_or(u64::MAX).min(now_ms + 1),
        };
        parsed.view.from_ms = Some(span.from_ms);
        parsed.view.to_ms = Some(span.to_ms);
        Ok(Self {
            surveys: asks.iter().map(|survey| survey.id.clone()).collect(),
            begun_ms: asks.iter().map(|it| it.begun_ms).min().unwrap_or(0),
            filter: ScoresFilter {
                project: who.project,
                view: parsed.view,
                kind,
                question: question.as_ref().map(|it| it.question.clone()),
                now_ms,
            },
            kind,
            question,
            span,
            zone: InForce::of(&*collector.store, who.project).await?.zone(),
            others: parsed.others,
            dropped: parsed.dropped,
            who: who.clone(),
        })
    }

    pub(super) const fn window(&self) -> Window {
        super::told(self.span)
    }

    pub(super) fn drop(&mut self, param: &str, value: &str, why: &str) {
        self.dropped.push(Dropped {
            param: param.to_owned(),
            value: value.to_owned(),
            why: why.to_owned(),
        });
    }

    /// Whether the view says nothing but survey and time.
    pub(super) fn is_plain(&self) -> bool {
        let view = &self.filter.view;
        let known = View {
            survey: view.survey.clone(),
            from_ms: view.from_ms,
            to_ms: view.to_ms,
            ..View::default()
        };
        *view == known
    }
}

impl Survey {
    fn asks_for(&self, kind: Kind) -> bool {
        self.scored.iter().any(|one| one.kind == kind.as_str())
    }
}

/// Every survey that asks for a score, in all its versions: the newest questions come first.
async fn surveys(collector: &Collector, who: &Caller) -> Result<Vec<Survey>, ApiError> {
    let published = collector.store.surveys(who.project).await?;
    let mut begun: BTreeMap<String, u64> = BTreeMap::new();
    for one in &published {
        let first = begun.entry(one.survey.id.clone()).or_insert(u64::MAX);
        *first = one.published_ms.min(*first);
    }
    let all = by_version(published);
    let ids: Vec<String> = newest(&all).map(|(_, survey)| survey.id.clone()).collect();
    let surveys = ids.into_iter().filter_map(|id| {
        let versions = all.get(&id)?.values().rev();
        let mut scored: Vec<Scored> = Vec::new();
        for survey in versions {
            for (kind, question) in scored_questions(survey) {
                if !scored.iter().any(|it| it.question == question.id) {
                    scored.push(Scored {
                        kind: String::from(kind.as_str()),
                        question: question.id.clone(),
                        title: title_of(survey, question),
                    });
                }
            }
        }
        let begun_ms = begun.get(&id).copied().unwrap_or(0);
        (!scored.is_empty()).then_some(Survey {
            id,
            scored,
            begun_ms,
        })
    });
    Ok(surveys.collect())
}

/// The kind that is asked for, the survey's own, or the first that there is. Where it is held, no other
/// stands in for the one that is asked for.
fn kind(parsed: &mut Parsed, surveys: &[Survey], is_held: bool) -> Result<Kind, ApiError> {
    let named = parsed.view.survey.clone();
    let mut within = surveys
        .iter()
        .filter(|survey| named.as_ref().is_none_or(|id| survey.id == *id))
        .peekable();
    let nothing = |message| Err(ApiError::new(ErrorCode::NotFound, message));
    if within.peek().is_none() {
        return nothing(match named {
            Some(_) => "there is no such survey, or it asks for no score",
            None => "no survey asks for a score",
        });
    }
    let within: Vec<_> = within.collect();
    let is_there = |kind: &Kind| within.iter().any(|survey| survey.asks_for(*kind));
    if let Some(name) = parsed.others.remove("kind") {
        match Kind::from_name(&name).filter(is_there) {
            Some(kind) => return Ok(kind),
            None if is_held => return nothing("nobody was asked for a score of this kind"),
            None => parsed.drop("kind", &name, "no_such_value"),
        }
    }
    let own = named.and_then(|_| Kind::from_name(&within.first()?.scored.first()?.kind));
    let first = || Kind::ALL.into_iter().find(is_there);
    // One of them is there, or it would not be a survey that asks for a score.
    Ok(own.or_else(first).unwrap_or(Kind::Nps))
}

/// The question of a survey that is meant: the one that the view names, or the first of its kind.
fn question(parsed: &mut Parsed, survey: &Survey, kind: Kind) -> Option<Scored> {
    let mut of_kind = survey.scored.iter().filter(|it| it.kind == kind.as_str());
    let asked = parsed.view.question.clone();
    let named = asked.and_then(|id| of_kind.clone().find(|it| it.question == id));
    if named.is_some() {
        // Whoever gave the score has answered it.
        parsed.view.question = None;
    }
    named.or_else(|| of_kind.next()).cloned()
}

/// All people of some cells.
pub(super) fn summed<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> [u64; 11] {
    let mut all = [0; 11];
    for cell in cells {
        for (sum, n) in all.iter_mut().zip(cell.histogram) {
            *sum += n;
        }
    }
    all
}
