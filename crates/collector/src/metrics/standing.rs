//! Turns the promises of every project into where each of them stands now.

use std::sync::Arc;

use protocol::query::performance::ObjectiveReport;
use store::{ProjectId, Store};

use crate::error::ApiError;
use crate::query::Asked;

/// Where one feature stands.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) project: ProjectId,
    /// Slug; empty for what belongs to no feature.
    pub(crate) feature: String,
    pub(crate) objectives: Vec<ObjectiveReport>,
    /// Whether it works; absent when too few clients said anything lately.
    pub(crate) is_up: Option<bool>,
}

/// Every feature of every project, over the windows of their budgets.
pub(crate) async fn standings(
    store: &Arc<dyn Store>,
    now_ms: u64,
) -> Result<Vec<Standing>, ApiError> {
    let mut standings = Vec::new();
    for project in store.projects().await? {
        let asked = Asked::new(Arc::clone(store), project.id, None, now_ms).await?;
        for summary in asked.summaries().await? {
            standings.push(Standing {
                project: project.id,
                is_up: summary.is_up(),
                feature: summary.told.id,
                objectives: summary.told.objectives,
            });
        }
    }
    Ok(standings)
}
