//! Turns the versions of a project's budgets into those that are in force.

use chrono_tz::Tz;
use protocol::budget::{Budgets, Feature};
use protocol::config::Metering;
use protocol::query::Finding;
use store::{BudgetsVersion, ProjectId, Store, StoreError};

/// Budgets that are in force: the newest version, or what holds where nobody has written any.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct InForce {
    /// 0 where none were written.
    pub(crate) version: u32,
    /// When they were published; milliseconds since 1970 (UTC).
    pub(crate) published_ms: u64,
    pub(crate) budgets: Budgets,
}

impl InForce {
    /// The newest of these versions, which come oldest first.
    pub(crate) fn newest(versions: &[BudgetsVersion]) -> Result<Self, StoreError> {
        let Some(newest) = versions.last() else {
            return Ok(Self::default());
        };
        let budgets = serde_json::from_str(&newest.document);
        let budgets = budgets.map_err(|error| StoreError::Unreadable {
            what: "budgets",
            source: error.into(),
        })?;
        Ok(Self {
            version: newest.version,
            published_ms: newest.published_ms,
            budgets,
        })
    }

    /// Those of a project.
    pub(crate) async fn of(store: &dyn Store, project: ProjectId) -> Result<Self, StoreError> {
        Self::newest(&store.budgets(project).await?)
    }

    /// What pages are told.
    pub(crate) fn metering(&self) -> Metering {
        latency::budgets::compile(&self.budgets)
    }

    /// In which days and months begin. Names were checked; one that a newer build knows is UTC here.
    pub(crate) fn zone(&self) -> Tz {
        self.budgets.timezone.parse().unwrap_or(Tz::UTC)
    }

    /// What is promised of a feature, if it is one of the budgets.
    pub(crate) fn feature(&self, id: &str) -> Option<&Feature> {
        self.budgets.features.iter().find(|one| one.id == id)
    }
}

/// Checks a document, and answers what is worth a second look.
///
/// # Errors
///
/// All that is wrong with it, and what is worth a second look.
pub(crate) fn check(document: &str) -> Result<Vec<Finding>, Vec<Finding>> {
    let budgets = latency::budgets::parse(document)?;
    let mut findings = latency::budgets::check(&budgets);
    // What does not even look like a zone was found already.
    let was_found = findings.iter().any(|one| one.pointer == "/timezone");
    if !was_found && budgets.timezone.parse::<Tz>().is_err() {
        findings.push(unknown_zone(&budgets.timezone));
    }
    if findings.iter().any(|finding| finding.is_error) {
        return Err(findings);
    }
    Ok(findings)
}

fn unknown_zone(name: &str) -> Finding {
    // The name comes from outside: quoted, and short.
    let name: String = name.chars().take(64).collect();
    Finding {
        is_error: true,
        pointer: String::from("/timezone"),
        code: String::from("unknown_timezone"),
        message: format!("{name:?} is no zone of the IANA database, such as Europe/Berlin or UTC."),
    }
}
