//! Turns what was done about an item into lines: who, what, from what to what.

use leptos::prelude::*;
use protocol::query::inbox::{ChangeLine, Detail};
use protocol::query::view::Status;

use super::marks::age;
use crate::inbox::board::Board;
use crate::inbox::names;
use crate::node::{Element, el, said};
use crate::performance::zone::Zone;
use crate::words::say;

/// All that was done, the newest first.
pub(super) fn history(board: Board, detail: &Detail) -> Vec<Element> {
    if detail.changes.is_empty() {
        return Vec::new();
    }
    let line = |change: &ChangeLine| {
        let words = board.zone.with(|zone| told(change, zone));
        let who = String::from(names::short(&change.actor));
        let when = el("span").class("muted").child(age(board, change.at_ms));
        el("li")
            .child(el("b").text(who))
            .text(format!(" {words} "))
            .child(when)
    };
    let lines = detail.changes.iter().rev().map(line);
    let section = el("section")
        .class("inbox-history")
        .child(said("h3", "section-title", say::inbox_history()))
        .child(el("ul").class("plain").all(lines));
    vec![section]
}

/// One change in words.
fn told(change: &ChangeLine, zone: &Zone) -> String {
    let to = change.to.as_deref();
    let status = |name: Option<&str>| {
        let known = name.and_then(Status::from_name);
        known.map_or("", names::status)
    };
    let stamp = |ms: &str| zone.stamp(ms.parse().unwrap_or_default());
    match (&*change.field, to) {
        ("status", to) => say::inbox_did_status(status(change.from.as_deref()), status(to)),
        ("assignee", Some(to)) => say::inbox_did_assign(names::short(to)),
        ("assignee", None) => String::from(say::inbox_did_unassign()),
        ("snooze", Some(until)) => say::inbox_did_snooze(&stamp(until)),
        ("snooze", None) => String::from(say::inbox_did_wake()),
        ("archived", Some(_)) => String::from(say::inbox_did_archive()),
        ("archived", None) => String::from(say::inbox_did_unarchive()),
        ("tag", Some(tag)) => say::inbox_did_tag(tag),
        ("tag", None) => say::inbox_did_untag(change.from.as_deref().unwrap_or_default()),
        ("duplicate_of", Some(_)) => String::from(say::inbox_did_duplicate()),
        (_, _) => String::from(say::inbox_did_unduplicate()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(field: &str, from: Option<&str>, to: Option<&str>, expect: &str) {
        let change = ChangeLine {
            step: 1,
            at_ms: 0,
            actor: "ann@shop.example".into(),
            field: field.into(),
            from: from.map(String::from),
            to: to.map(String::from),
        };
        assert_eq!(told(&change, &Zone::new("UTC", |_, _| 0)), expect);
    }

    #[test]
    fn every_change_has_words() {
        check(
            "status",
            Some("new"),
            Some("in_progress"),
            "moved it from New to In progress",
        );
        check("assignee", None, Some("bo@shop.example"), "gave it to bo");
        check(
            "snooze",
            None,
            Some("1795763720000"),
            "snoozed it until 27 Nov, 07:15",
        );
        check("tag", None, Some("slow"), "tagged it “slow”");
        check("tag", Some("slow"), None, "took the tag “slow” from it");
        check("duplicate_of", None, None, "said it is no duplicate");
    }
}
