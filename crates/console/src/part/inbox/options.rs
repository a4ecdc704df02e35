//! Turns what can be chosen into options: states, people, times, tags, filters.

use leptos::prelude::*;
use protocol::query::inbox::{Change, Counts, Item, Tag};
use protocol::query::view::{Aside, Assignee, Has, ScoreRange, Status, View};

use crate::inbox::board::{Board, Pick};
use crate::inbox::edit::has_tag;
use crate::inbox::names;
use crate::inbox::url::link;
use crate::performance::zone::Zone;
use crate::words::{count, say};

/// Milliseconds of one hour, and of one day.
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// When a working day begins.
const MORNING: i64 = 9 * HOUR_MS;

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice {
    /// What it is.
    pub(super) label: String,
    /// What is to know about it: a count, a time.
    pub(super) note: String,
    /// Whether it is so already.
    pub(super) is_so: bool,
    /// What it does.
    pub(super) does: Does,
}

/// What a choice does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Does {
    Change(Change),
    Go(String),
    /// Puts tags in order.
    Tags,
}

impl Choice {
    fn new(label: impl Into<String>, does: Does) -> Self {
        Self {
            label: label.into(),
            note: String::new(),
            is_so: false,
            does,
        }
    }

    fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    fn so(mut self, is_so: bool) -> Self {
        self.is_so = is_so;
        self
    }
}

/// What is known beside the inbox itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Known {
    pub(super) people: Vec<String>,
    pub(super) tags: Vec<Tag>,
}

/// All that can be chosen; `typed` may be the name of a tag that there is not yet.
pub(super) fn choices(
    board: Board,
    pick: Pick,
    known: &Known,
    typed: &str,
    now_ms: u64,
) -> Vec<Choice> {
    let items = board.targets();
    match pick {
        Pick::Status => statuses(&items),
        Pick::Assignee => {
            let me = board.session.with_value(|session| session.email.clone());
            people(&items, &known.people, &me)
        }
        Pick::Snooze => board
            .zone
            .with_untracked(|zone| times(&items, zone, now_ms)),
        Pick::Tag => tags(&items, &known.tags, typed),
        Pick::Filter => {
            let counts = board.counts.shown.get_untracked().map(|(_, counts)| counts);
            let view = board.view.get_untracked();
            filters(board, &view, &counts.unwrap_or_default())
        }
    }
}

fn all(items: &[Item], is: impl Fn(&Item) -> bool) -> bool {
    !items.is_empty() && items.iter().all(is)
}

fn statuses(items: &[Item]) -> Vec<Choice> {
    let one = |status: &Status| {
        Choice::new(
            names::status(*status),
            Does::Change(Change::Status(*status)),
        )
        .so(all(items, |item| item.status == *status))
    };
    Status::ALL.iter().map(one).collect()
}

fn people(items: &[Item], people: &[String], me: &str) -> Vec<Choice> {
    let to = |email: Option<&str>| Does::Change(Change::Assignee(email.map(String::from)));
    let is = |email: Option<&str>| all(items, |item| item.assignee.as_deref() == email);
    let mine = Choice::new(say::inbox_me(), to(Some(me)))
        .note(me)
        .so(is(Some(me)));
    let nobody = Choice::new(say::inbox_nobody(), to(None)).so(is(None));
    let others = people.iter().filter(|email| *email != me);
    let others =
        others.map(|email| Choice::new(email.clone(), to(Some(email))).so(is(Some(email))));
    [mine, nobody].into_iter().chain(others).collect()
}

/// Times that people mean, on the clocks of the project.
fn times(items: &[Item], zone: &Zone, now_ms: u64) -> Vec<Choice> {
    let today = zone.moment(now_ms).civil().day_number;
    // 1970-01-01 was a Thursday.
    let to_monday = 7 - (today + 3).rem_euclid(7);
    let morning = |days: i64| zone.at((today + days) * DAY_MS + MORNING);
    let later = now_ms.saturating_add(3 * HOUR_MS.unsigned_abs());
    let mut all: Vec<_> = [
        (say::inbox_snooze_later(), later),
        (say::inbox_snooze_tomorrow(), morning(1)),
        (say::inbox_snooze_monday(), morning(to_monday)),
        (say::inbox_snooze_week(), morning(7)),
        (say::inbox_snooze_month(), morning(30)),
    ]
    .into_iter()
    .map(|(said, until)| {
        Choice::new(said, Does::Change(Change::Snooze(Some(until)))).note(zone.stamp(until))
    })
    .collect();
    if items
        .iter()
        .any(|item| item.snoozed_until_ms.is_some_and(|until| until > now_ms))
    {
        all.insert(
            0,
            Choice::new(say::inbox_snooze_end(), Does::Change(Change::Snooze(None))),
        );
    }
    all
}

fn tags(items: &[Item], known: &[Tag], typed: &str) -> Vec<Choice> {
    let one = |tag: &Tag| {
        let has = all(items, |item| has_tag(item, &tag.name));
        let change = match has {
            true => Change::RemoveTag(tag.name.clone()),
            false => Change::AddTag(tag.name.clone()),
        };
        Choice::new(tag.name.clone(), Does::Change(change))
            .note(count(tag.responses))
            .so(has)
    };
    let mut all: Vec<_> = known.iter().map(one).collect();
    let name = typed.trim();
    let is_known = known
        .iter()
        .any(|tag| tag.name.to_lowercase() == name.to_lowercase());
    if !name.is_empty() && !is_known {
        let change = Change::AddTag(String::from(name));
        all.push(Choice::new(say::inbox_tag_new(name), Does::Change(change)));
    }
    all.push(Choice::new(say::inbox_tags_manage(), Does::Tags));
    all
}

/// Everything that the view could be narrowed to, with how many that would be where it is known.
fn filters(board: Board, view: &View, counts: &Counts) -> Vec<Choice> {
    let mut all = Vec::new();
    let mut one = |label: String, n: Option<u64>, with: &dyn Fn(&mut View)| {
        let mut other = view.clone();
        with(&mut other);
        let is_so = other == *view;
        let choice = Choice::new(label, Does::Go(link(&other, None)));
        all.push(choice.note(n.map(count).unwrap_or_default()).so(is_so));
    };
    let surveys = board.session.with_value(|session| session.surveys.clone());
    for (id, n) in &counts.survey {
        let label = format!("{}: {}", say::scores_survey(), names::survey(&surveys, id));
        one(label, Some(*n), &|view| view.survey = Some(id.clone()));
    }
    for (tag, n) in &counts.tag {
        let label = say::inbox_chip_tag(tag);
        one(label, Some(*n), &|view| {
            if !view.tags.contains(tag) {
                view.tags.push(tag.clone());
            }
        });
    }
    for (email, n) in &counts.assignee {
        let who = match email.is_empty() {
            true => Assignee::Nobody,
            false => Assignee::Person(email.clone()),
        };
        one(names::assignee(&who), Some(*n), &|view| {
            view.assignee = Some(who.clone())
        });
    }
    for (least, most) in [(0, 6), (7, 8), (9, 10)] {
        let range = ScoreRange { least, most };
        one(names::scores(range), None, &|view| view.score = Some(range));
    }
    for has in Has::ALL {
        one(String::from(names::has(*has)), None, &|view| {
            if !view.has.contains(has) {
                view.has.push(*has);
            }
        });
    }
    for days in [1, 7, 28, 90] {
        one(say::inbox_chip_days(u64::from(days)), None, &|view| {
            view.days = Some(days);
            (view.from_ms, view.to_ms) = (None, None);
        });
    }
    for aside in Aside::ALL {
        let n = counts.aside.get(aside).copied();
        one(say::inbox_only_aside(names::aside(*aside)), n, &|view| {
            view.aside = vec![*aside]
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-27 07:15:20 UTC, a Friday.
    const NOW: u64 = 1_795_763_720_000;

    #[test]
    fn times_are_mornings_of_the_project() {
        let zone = Zone::new("Europe/Berlin", |_, _| 60);
        let notes: Vec<_> = times(&[], &zone, NOW)
            .into_iter()
            .map(|it| it.note)
            .collect();
        assert_eq!(
            notes,
            [
                "27 Nov, 11:15",
                "28 Nov, 09:00",
                "30 Nov, 09:00",
                "4 Dec, 09:00",
                "27 Dec, 09:00"
            ]
        );
    }

    #[test]
    fn a_tag_that_there_is_not_can_be_made() {
        let known = [Tag {
            id: 1,
            name: "Slow".into(),
            responses: 4,
        }];
        let labels = |typed| {
            let all = tags(&[], &known, typed);
            all.into_iter().map(|it| it.label).collect::<Vec<_>>()
        };
        assert_eq!(labels(""), ["Slow", "Put tags in order…"]);
        assert_eq!(labels("slow "), ["Slow", "Put tags in order…"]);
        assert_eq!(
            labels("late"),
            ["Slow", "New tag “late”", "Put tags in order…"]
        );
    }
}
