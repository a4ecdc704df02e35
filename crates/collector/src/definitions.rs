//! Turns surveys as authors write them into versions that run, or into what is wrong with them.
//!
//! The command line and the console's API come through here, so that one and the same definition is
//! good or bad wherever it comes from. What is refused leaves the last good version running.

use protocol::query::Finding;
use protocol::survey::Survey;
use store::{Authored, Publication, Release, Store, StoreError};
use survey::publish::{self, Severity};

use crate::audit::{Actor, Deed};

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

/// A finding as it is told.
pub(crate) fn finding(found: publish::Finding) -> Finding {
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

/// A survey that was found good, to be published by somebody in place of whatever is there.
pub(crate) fn release(who: &Actor, survey: Survey, now_ms: u64) -> Release {
    let deed = Deed::new("survey.publish", survey.id.as_str());
    Release {
        entry: who.entry(deed, now_ms),
        survey,
        source: None,
        expect: None,
        restored: None,
    }
}

/// Makes versions of surveys that were found good, all of them or none; none where somebody was faster than
/// what they expect.
pub(crate) async fn publish(
    store: &dyn Store,
    releases: Vec<Release>,
) -> Result<Option<Vec<Publication>>, StoreError> {
    let Authored::Done(published) = store.release(releases).await? else {
        return Ok(None);
    };
    for one in published.iter().filter(|one| one.is_new) {
        tracing::info!(survey = one.survey, version = one.version, "published");
    }
    Ok(Some(published))
}

/// Makes versions of surveys that were found good, whatever is there.
pub(crate) async fn publish_anyway(
    store: &dyn Store,
    who: &Actor,
    surveys: Vec<Survey>,
    now_ms: u64,
) -> Result<Vec<Publication>, StoreError> {
    let surveys = surveys.into_iter();
    let releases = surveys.map(|survey| release(who, survey, now_ms)).collect();
    // Nothing is expected, so nobody can be faster.
    Ok(publish(store, releases).await?.unwrap_or_default())
}

/// Two spaces a level, without what is as it would be anyway where leaving it out says the same.
pub(crate) fn written(survey: &Survey) -> String {
    // A tree of texts and numbers, which always can be written.
    let whole = serde_json::to_string_pretty(survey).unwrap_or_default();
    let short = without(&whole, &[": null", ": []", ": false"]);
    let short = match publish::parse(&short) {
        Ok(read) if read == *survey => short,
        _ => without(&whole, &[": null", ": []"]),
    };
    match publish::parse(&short) {
        Ok(read) if read == *survey => short,
        _ => whole,
    }
}

/// The same JSON without the lines that end so, and without the commas that are too many then.
fn without(json: &str, ends: &[&str]) -> String {
    let mut kept: Vec<String> = Vec::new();
    for line in json.lines() {
        let bare = line.trim_end_matches(',');
        if ends.iter().any(|end| bare.ends_with(end)) {
            continue;
        }
        if line.trim_start().starts_with(['}', ']'])
            && let Some(last) = kept.last_mut()
            && last.ends_with(',')
        {
            last.pop();
        }
        kept.push(String::from(line));
    }
    kept.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::{first_feedback, first_survey};

    #[test]
    fn what_is_written_shortly_says_the_same() {
        for survey in [first_survey(), first_feedback()] {
            let text = written(&survey);
            assert_eq!(publish::parse(&text).unwrap(), survey);
            assert!(!text.contains("null"), "{text}");
        }
    }
}
