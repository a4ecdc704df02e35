//! Turns versions, drafts, pauses and counts into a list of surveys, and into everything about one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use protocol::outcome::ErrorCode;
use protocol::query::Window;
use protocol::query::surveys::{
    Board, BoardEntry, BoardQuery, Counts, Definition, Desk, DraftSign, Publisher,
    State as Standing, Version,
};
use protocol::survey::{Survey, SurveyKind};
use serde::Deserialize;
use store::{DraftRow, ProjectId, VersionRow};

use super::clash::draft_of;
use super::missing;
use crate::app::Collector;
use crate::budgets::InForce;
use crate::console_api::guard::Caller;
use crate::console_api::{query, span};
use crate::definitions;
use crate::error::ApiError;
use crate::sites::TEST_KEY;

/// `GET /api/v1/survey-board`.
pub(in crate::console_api) async fn board(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    uri: Uri,
) -> Result<Json<Board>, ApiError> {
    let asked: BoardQuery = query(&uri)?;
    let now_ms = collector.clock.now_ms();
    let span = span(asked.days, now_ms)?;
    let shelf = Shelf::of(&collector, who.project).await?;
    let ids: Vec<String> = shelf.ids().into_iter().collect();
    let counts = collector
        .store
        .survey_counts(who.project, ids.clone(), span);
    let counts = counts.await?;
    let entries = ids.iter().zip(counts);
    Ok(Json(Board {
        items: entries
            .map(|(id, counts)| shelf.entry(id, counts, now_ms))
            .collect(),
        window: Window {
            from_ms: span.from_ms,
            to_ms: span.to_ms,
        },
        timezone: timezone(&collector, who.project).await?,
    }))
}

/// `GET /api/v1/surveys/ID`.
pub(in crate::console_api) async fn desk(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
) -> Result<Json<Desk>, ApiError> {
    let (store, project) = (&collector.store, who.project);
    let now_ms = collector.clock.now_ms();
    let shelf = Shelf::of(&collector, project).await?;
    if !shelf.ids().contains(&id) {
        return Err(missing());
    }
    let versions = store.versions(project, id.clone()).await?;
    let all = span(None, now_ms)?;
    let counts = store.survey_counts(project, vec![id.clone()], all).await?;
    let counts = counts.first().copied().unwrap_or_default();
    let draft = match store.draft(project, id.clone()).await? {
        Some(draft) => Some(draft_of(draft).await?),
        None => None,
    };
    Ok(Json(Desk {
        entry: shelf.entry(&id, counts, now_ms),
        draft,
        newest: versions.first().map(|one| Definition {
            id,
            version: one.version,
            text: text_of(one),
        }),
        versions: versions.iter().map(version).collect(),
        timezone: timezone(&collector, project).await?,
        test_key: test_key(&collector, project).await?,
    }))
}

/// Which version is asked for.
#[derive(Deserialize)]
struct Which {
    /// A number, or `draft`; the newest unless told.
    version: Option<String>,
}

/// `GET /api/v1/surveys/ID/export`.
pub(in crate::console_api) async fn export(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, ApiError> {
    let which: Which = query(&uri)?;
    let text = match which.version.as_deref() {
        Some("draft") => {
            let draft = collector.store.draft(who.project, id.clone()).await?;
            draft.map(|draft| draft.text)
        }
        other => {
            let wanted = other.map(str::parse::<u32>).transpose().map_err(|_| {
                let message = "version must be a number or draft";
                ApiError::new(ErrorCode::InvalidParameter, message)
            })?;
            let versions = collector.store.versions(who.project, id.clone()).await?;
            let mut versions = versions.into_iter();
            let found = versions.find(|one| wanted.is_none_or(|wanted| one.version == wanted));
            found.map(|one| text_of(&one))
        }
    };
    let text = text.ok_or_else(missing)?;
    // Whatever has a version or a draft has a slug for an id: letters, digits and hyphens.
    let name = format!("attachment; filename=\"{id}.json\"");
    let headers = [
        (header::CONTENT_TYPE, String::from("application/json")),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, text).into_response())
}

/// A version as it was typed, or as good as that.
pub(super) fn text_of(one: &VersionRow) -> String {
    let typed = one.source.clone();
    typed.unwrap_or_else(|| definitions::written(&one.survey))
}

fn version(row: &VersionRow) -> Version {
    Version {
        version: row.version,
        published_ms: row.published_ms,
        by: row
            .by
            .clone()
            .map(|(credential, name)| Publisher { credential, name }),
        restored: row.restored,
    }
}

async fn timezone(collector: &Collector, project: ProjectId) -> Result<String, ApiError> {
    let budgets = InForce::of(&*collector.store, project).await?;
    Ok(budgets.budgets.timezone)
}

/// The first site's key for trying things out, where it is not too long for one.
async fn test_key(collector: &Collector, project: ProjectId) -> Result<Option<String>, ApiError> {
    let sites = collector.store.sites(project).await?;
    let keys = sites.iter().map(|site| format!("{}{TEST_KEY}", site.key));
    Ok(keys
        .into_iter()
        .find(|key| protocol::limits::is_site_key(key)))
}

/// Everything that is known of a project's surveys but what came of them.
struct Shelf {
    newest: BTreeMap<String, (u32, u64, Survey)>,
    drafts: BTreeMap<String, DraftRow>,
    paused: BTreeSet<String>,
}

impl Shelf {
    async fn of(collector: &Collector, project: ProjectId) -> Result<Self, ApiError> {
        let store = &collector.store;
        let mut newest = BTreeMap::new();
        // Sorted by id, then by version: the last of each stays.
        for one in store.surveys(project).await? {
            let id = one.survey.id.clone();
            newest.insert(id, (one.version, one.published_ms, one.survey));
        }
        let drafts = store.drafts(project).await?.into_iter();
        Ok(Self {
            newest,
            drafts: drafts.map(|draft| (draft.survey.clone(), draft)).collect(),
            paused: store.paused(project).await?,
        })
    }

    fn ids(&self) -> BTreeSet<String> {
        self.newest
            .keys()
            .chain(self.drafts.keys())
            .cloned()
            .collect()
    }

    fn entry(&self, id: &str, counts: Counts, now_ms: u64) -> BoardEntry {
        let draft = self.drafts.get(id);
        let sign = draft.map(|draft| DraftSign {
            errors: draft.errors,
            saved_ms: draft.saved_ms,
            author: draft.author.clone(),
        });
        let Some((version, published_ms, survey)) = self.newest.get(id) else {
            let name = draft.and_then(|draft| draft.name.clone());
            return BoardEntry {
                id: String::from(id),
                name: name.unwrap_or_else(|| String::from(id)),
                feedback: draft.is_some_and(|draft| draft.feedback),
                state: Standing::Draft,
                version: None,
                published_ms: None,
                from_ms: None,
                until_ms: None,
                draft: sign,
                counts,
            };
        };
        let (from_ms, until_ms) = times(survey, *version);
        BoardEntry {
            id: String::from(id),
            name: survey.name.clone(),
            feedback: survey.kind != SurveyKind::Survey,
            state: standing(self.paused.contains(id), from_ms, until_ms, now_ms),
            version: Some(*version),
            published_ms: Some(*published_ms),
            from_ms,
            until_ms,
            draft: sign,
            counts,
        }
    }
}

/// When a survey begins and ends by itself, as pages are told.
fn times(survey: &Survey, version: u32) -> (Option<u64>, Option<u64>) {
    let (rules, _) = survey::compile::rules(&[(survey, version)]);
    let some = |ms: u64| (ms > 0).then_some(ms);
    rules.first().map_or((None, None), |rule| {
        (some(rule.from_ms), some(rule.until_ms))
    })
}

fn standing(paused: bool, from: Option<u64>, until: Option<u64>, now_ms: u64) -> Standing {
    if until.is_some_and(|until| until <= now_ms) {
        Standing::Ended
    } else if paused {
        Standing::Paused
    } else if from.is_some_and(|from| from > now_ms) {
        Standing::Scheduled
    } else {
        Standing::Running
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(paused: bool, from: u64, until: u64, expected: Standing) {
        let some = |ms: u64| (ms > 0).then_some(ms);
        let found = standing(paused, some(from), some(until), 100);
        assert_eq!(found, expected, "{paused} {from} {until}");
    }

    #[test]
    fn a_survey_stands_as_pages_are_told() {
        check(false, 0, 0, Standing::Running);
        check(false, 100, 101, Standing::Running);
        check(false, 101, 0, Standing::Scheduled);
        check(false, 0, 100, Standing::Ended);
        check(true, 101, 0, Standing::Paused);
        check(true, 0, 99, Standing::Ended);
    }
}
