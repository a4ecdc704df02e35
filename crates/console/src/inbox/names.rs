//! Turns stable names of states, places and filters into the words that people read.

use protocol::query::SurveySummary;
use protocol::query::inbox::{Change, Item, Score};
use protocol::query::view::{Aside, Assignee, Device, Has, ScoreRange, Status, View};
use scores::Kind;

use super::url::link;
use crate::performance::zone::Zone;
use crate::picture::Group;
use crate::words::say;

/// How far something has come.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::New => say::inbox_status_new(),
        Status::Triaged => say::inbox_status_triaged(),
        Status::Planned => say::inbox_status_planned(),
        Status::InProgress => say::inbox_status_in_progress(),
        Status::Shipped => say::inbox_status_shipped(),
        Status::Declined => say::inbox_status_declined(),
        Status::Duplicate => say::inbox_status_duplicate(),
        Status::Spam => say::inbox_status_spam(),
    }
}

/// Why something is kept aside.
pub fn aside(aside: Aside) -> &'static str {
    match aside {
        Aside::Spam => say::inbox_status_spam(),
        Aside::Archived => say::inbox_aside_archived(),
        Aside::Test => say::inbox_aside_test(),
        Aside::Bot => say::inbox_aside_bot(),
        Aside::Snoozed => say::inbox_aside_snoozed(),
    }
}

/// A family of browser. One that is not known has no name.
pub fn browser(family: &str) -> String {
    match family {
        "chromium" => String::from("Chromium"),
        "chromium_mobile" => say::inbox_on_phone("Chromium"),
        "firefox" => String::from("Firefox"),
        "safari" => String::from("Safari"),
        "safari_mobile" => say::inbox_on_phone("Safari"),
        _ => String::from(say::inbox_browser_other()),
    }
}

/// A sort of machine.
pub fn device(device: Device) -> &'static str {
    match device {
        Device::Mobile => say::inbox_device_mobile(),
        Device::Desktop => say::inbox_device_desktop(),
    }
}

/// What something has beside words.
pub fn has(has: Has) -> &'static str {
    match has {
        Has::Image => say::inbox_has_image(),
        Has::Note => say::inbox_has_note(),
    }
}

/// Scores of a range.
pub fn scores(range: ScoreRange) -> String {
    match (range.least, range.most) {
        (least, most) if least == most => say::inbox_score(&least.to_string()),
        (least, most) => say::inbox_scores(&least.to_string(), &most.to_string()),
    }
}

/// The name of a survey, or its slug when it has gone.
pub fn survey(surveys: &[SurveySummary], id: &str) -> String {
    let known = surveys.iter().find(|survey| survey.id == id);
    known.map_or_else(|| String::from(id), |survey| survey.name.clone())
}

/// An e-mail address without where it is from, for where there is little room.
pub fn short(email: &str) -> &str {
    email.split('@').next().unwrap_or(email)
}

/// The class of colour of a score: that of its group where its kind has groups, else by where it stands
/// on its scale.
pub fn tone(score: &Score) -> &'static str {
    if let Some(kind) = Kind::from_name(&score.scale) {
        return Group::of(kind, score.points).one();
    }
    match u32::from(score.points) * 5 {
        points if points > u32::from(score.top) * 3 => "promoter",
        points if points > u32::from(score.top) * 2 => "passive",
        _ => "detractor",
    }
}

/// The page of an item, without what every page of a site has in common.
pub fn place(page_url: &str) -> &str {
    let rest = page_url
        .split_once("://")
        .map_or(page_url, |(_, rest)| rest);
    match rest.find('/') {
        Some(at) if rest.len() > at + 1 => &rest[at..],
        _ => rest,
    }
}

/// What was done, for the message that can take it back.
pub fn done(change: &Change, n: u64, zone: &Zone) -> String {
    match change {
        Change::Status(to) => say::inbox_done_status(n, status(*to)),
        Change::Assignee(Some(email)) => say::inbox_done_assigned(n, short(email)),
        Change::Assignee(None) => say::inbox_done_unassigned(n),
        Change::Snooze(Some(until)) => say::inbox_done_snoozed(n, &zone.stamp(*until)),
        Change::Snooze(None) => say::inbox_done_woken(n),
        Change::Archived(true) => say::inbox_done_archived(n),
        Change::Archived(false) => say::inbox_done_unarchived(n),
        Change::DuplicateOf(_) => say::inbox_done_duplicate(n),
        Change::AddTag(name) => say::inbox_done_tagged(n, name),
        Change::RemoveTag(name) => say::inbox_done_untagged(n, name),
    }
}

/// A filter that can be taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// What it says.
    pub label: String,
    /// The view without it.
    pub without: View,
    /// Whether it is what was typed into the search box, and is seen there.
    pub is_search: bool,
}

impl Chip {
    /// The link that takes it away.
    pub fn link(&self) -> String {
        link(&self.without, None)
    }
}

/// The filters of a view, the search last.
pub fn chips(view: &View, surveys: &[SurveySummary], zone: &Zone) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut one = |label: String, without: &dyn Fn(&mut View)| {
        let mut other = view.clone();
        without(&mut other);
        chips.push(Chip {
            label,
            without: other,
            is_search: false,
        });
    };
    if !view.aside.is_empty() {
        let all: Vec<_> = view.aside.iter().map(|it| aside(*it)).collect();
        one(all.join(", "), &|view| view.aside.clear());
    }
    if view.status.len() > 1 {
        let all: Vec<_> = view.status.iter().map(|it| status(*it)).collect();
        one(all.join(", "), &|view| view.status.clear());
    }
    if let Some(id) = &view.survey {
        one(survey(surveys, id), &|view| view.survey = None);
    }
    if let Some(id) = &view.question {
        one(say::inbox_chip_question(id), &|view| view.question = None);
    }
    for tag in &view.tags {
        let label = say::inbox_chip_tag(tag);
        one(label, &|view| view.tags.retain(|one| one != tag));
    }
    if let Some(who) = &view.assignee {
        one(assignee(who), &|view| view.assignee = None);
    }
    if let Some(range) = view.score {
        one(scores(range), &|view| view.score = None);
    }
    for it in &view.has {
        one(String::from(has(*it)), &|view| {
            view.has.retain(|one| one != it)
        });
    }
    when(view, zone, &mut one);
    place_chips(view, &mut one);
    if !view.words.is_empty() {
        let mut without = view.clone();
        without.words.clear();
        chips.push(Chip {
            label: say::app_quote(&view.typed()),
            without,
            is_search: true,
        });
    }
    chips
}

type Add<'a> = &'a mut dyn FnMut(String, &dyn Fn(&mut View));

fn when(view: &View, zone: &Zone, one: Add<'_>) {
    if let Some(days) = view.days {
        one(say::inbox_chip_days(u64::from(days)), &|view| {
            view.days = None
        });
    }
    if let Some(from) = view.from_ms {
        let label = say::inbox_chip_from(&zone.stamp(from));
        one(label, &|view| view.from_ms = None);
    }
    if let Some(to) = view.to_ms {
        let label = say::inbox_chip_to(&zone.stamp(to));
        one(label, &|view| view.to_ms = None);
    }
}

fn place_chips(view: &View, one: Add<'_>) {
    if let Some(page) = &view.page {
        one(say::inbox_chip_page(page), &|view| view.page = None);
    }
    if let Some(it) = view.device {
        one(String::from(device(it)), &|view| view.device = None);
    }
    if let Some(it) = view.browser {
        one(browser(it.as_str()), &|view| view.browser = None);
    }
    if let Some(it) = &view.language {
        one(say::inbox_chip_language(it), &|view| view.language = None);
    }
    if let Some(it) = &view.country {
        one(say::inbox_chip_country(it), &|view| view.country = None);
    }
    if let Some(it) = &view.version {
        one(say::inbox_chip_version(it), &|view| view.version = None);
    }
    for (key, value) in &view.traits {
        one(format!("{key}: {value}"), &|view| {
            view.traits.remove(key);
        });
    }
}

/// Whose it is.
pub fn assignee(who: &Assignee) -> String {
    match who {
        Assignee::Nobody => String::from(say::inbox_chip_nobody()),
        Assignee::Me => String::from(say::inbox_me()),
        Assignee::Person(email) => say::inbox_chip_assignee(short(email)),
    }
}

/// What an item says of itself in one breath, for those who do not see the list.
pub fn kind(item: &Item, surveys: &[SurveySummary]) -> String {
    match item.feedback {
        true => String::from(say::inbox_feedback()),
        false => survey(surveys, &item.survey),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_can_be_taken_away_one_by_one() {
        let query = "survey=nps&question=why&days=7&from=1&status=new,triaged&tag=a&tag=b&assignee=me\
                     &score=0-6&page=/cart&device=mobile&browser=firefox&language=de&country=CH\
                     &version=2&trait.plan=pro&has=image,note&is=spam&q=slow";
        let view = View::parse(query, &[], |_| None).view;
        let zone = Zone::new("UTC", |_, _| 0);
        let all = chips(&view, &[], &zone);
        assert_eq!(all.len(), 20);
        let is_one_less = |chip: &Chip| chips(&chip.without, &[], &zone).len() == all.len() - 1;
        assert!(all.iter().all(is_one_less));
        let mut left = view;
        while let Some(chip) = chips(&left, &[], &zone).pop() {
            left = chip.without;
        }
        assert_eq!(left, View::default());
    }

    #[test]
    fn a_page_is_told_by_its_path() {
        assert_eq!(place("https://shop.example/cart/7"), "/cart/7");
        assert_eq!(place("https://shop.example/"), "shop.example/");
        assert_eq!(place("nonsense"), "nonsense");
    }

    #[test]
    fn every_scale_has_tones() {
        let tone_of = |scale: &str, points, top| {
            tone(&Score {
                scale: scale.into(),
                points,
                top,
            })
        };
        assert_eq!(tone_of("nps", 8, 10), "passive");
        assert_eq!(tone_of("csat", 5, 5), "promoter");
        assert_eq!(tone_of("csat", 3, 5), "passive");
        assert_eq!(tone_of("ces", 2, 7), "detractor");
    }
}
