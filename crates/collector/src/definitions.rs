//! Turns surveys as authors write them into versions that run, or into what is wrong with them.
//!
//! The command line and the console's API come through here, so that one and the same definition is
//! good or bad wherever it comes from. What is refused leaves the last good version running.

use protocol::query::Finding;
use protocol::survey::Survey;
use store::{ProjectId, Publication, Store, StoreError};
use survey::publish::{self, Severity};

/// A definition that was looked at.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The survey, unless something keeps it from being published.
    pub(crate) survey: Option<Survey>,
    /// What is wrong with it, and what is worth a second look.
    pub(crate) findings: Vec<Finding>,
}

/// Reads a definition and looks for everything that is wrong with it.
pub(crate) fn check(json: &str) -> Checked {
    match publish::parse(json) {
        Ok(survey) => {
            let found = publish::check(&survey);
            let findings: Vec<_> = found.into_iter().map(finding).collect();
            let is_good = !findings.iter().any(|finding| finding.is_error);
            Checked {
                survey: is_good.then_some(survey),
                findings,
            }
        }
        Err(found) => Checked {
            survey: None,
            findings: found.into_iter().map(finding).collect(),
        },
    }
}

fn finding(found: publish::Finding) -> Finding {
    Finding {
        is_error: found.severity == Severity::Error,
        pointer: found.pointer,
        code: found.problem.code.as_str().to_owned(),
        message: found.problem.sentence,
    }
}

/// A finding about one definition that stands beside others.
pub(crate) fn id_taken(id: &str) -> Finding {
    Finding {
        is_error: true,
        pointer: String::from("/id"),
        code: String::from("id_taken"),
        message: format!("Another of these definitions has the id {id:?} as well."),
    }
}

/// Makes versions of surveys that were found good, all of them or none.
pub(crate) async fn publish(
    store: &dyn Store,
    project: ProjectId,
    surveys: Vec<Survey>,
    now_ms: u64,
) -> Result<Vec<Publication>, StoreError> {
    let published = store.publish_all(project, surveys, now_ms).await?;
    for one in published.iter().filter(|one| one.is_new) {
        tracing::info!(survey = one.survey, version = one.version, "published");
    }
    Ok(published)
}
