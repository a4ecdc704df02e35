//! Turns a query string into a view that says no longer "the last days" or "me".

use protocol::query::access::Credential;
use protocol::query::view::{Assignee, Parsed, View};

use crate::app::Collector;
use crate::budgets::InForce;
use crate::console_api::guard::Caller;
use crate::console_api::span;
use crate::error::ApiError;
use crate::query::window::day_begins_ms;

/// What a query string shows, and what of it makes no sense. Days begin as they do where the project is.
pub(in crate::console_api) async fn view(
    collector: &Collector,
    who: &Caller,
    query: &str,
    others: &[&str],
) -> Result<Parsed, ApiError> {
    let zone = match ["before", "after"].iter().any(|word| query.contains(word)) {
        true => InForce::of(&*collector.store, who.project).await?.zone(),
        false => chrono_tz::Tz::UTC,
    };
    let mut parsed = View::parse(query, others, |day| day_begins_ms(day, zone));
    if let Some(days) = parsed.view.days.take() {
        let last = span(Some(days), collector.clock.now_ms())?;
        let view = &mut parsed.view;
        view.from_ms = view.from_ms.max(Some(last.from_ms));
    }
    if parsed.view.assignee == Some(Assignee::Me) {
        parsed.view.assignee = None;
        match who.actor.credential {
            Credential::Session => {
                parsed.view.assignee = Some(Assignee::Person(who.actor.name.clone()));
            }
            _ => parsed.drop("assignee", "me", "nobody"),
        }
    }
    Ok(parsed)
}
