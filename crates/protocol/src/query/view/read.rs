//! Turns pairs of a query string into a view, and into what makes no sense in it.

use super::coding::pairs;
use super::parts::{Aside, Assignee, Device, Has, ScoreRange, Status};
use super::words::{MAX_WORDS, Piece, Word, pieces};
use super::{Parsed, View};
use crate::query::delivery::Browser;

/// Days that a window may be long: ten years.
const MAX_DAYS: u32 = 3_660;

type Day<'a> = &'a dyn Fn(&str) -> Option<u64>;

pub(super) fn parse(query: &str, others: &[&str], day: Day<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    for (name, value) in pairs(query) {
        if others.contains(&&*name) {
            parsed.others.insert(name, value);
        } else if name == "q" {
            typed(&mut parsed, &value, day);
        } else if let Err(why) = one(&mut parsed.view, &name, &value) {
            parsed.drop(&name, &value, why);
        }
    }
    let view = &mut parsed.view;
    if let (Some(from), Some(to)) = (view.from_ms, view.to_ms)
        && from >= to
    {
        view.to_ms = None;
        parsed.drop("to", &to.to_string(), "empty_span");
    }
    parsed
}

/// Sets what one parameter says, or answers why it says nothing.
fn one(view: &mut View, name: &str, value: &str) -> Result<(), &'static str> {
    if value.is_empty() {
        return Err("empty");
    }
    let text = || Some(value.to_owned());
    if let Some(key) = name.strip_prefix("trait.").filter(|key| !key.is_empty()) {
        view.traits.insert(key.to_owned(), value.to_owned());
        return Ok(());
    }
    match name {
        "survey" => view.survey = text(),
        "question" => view.question = text(),
        "page" => view.page = text(),
        "language" => view.language = text(),
        "country" => view.country = text(),
        "version" => view.version = text(),
        "days" => view.days = Some(days(value)?),
        "from" => view.from_ms = Some(number(value)?),
        "to" => view.to_ms = Some(number(value)?),
        "status" => view.status = listed(value, Status::from_name)?,
        "has" => view.has = listed(value, Has::from_name)?,
        "is" => view.aside = listed(value, Aside::from_name)?,
        "tag" => {
            if !view.tags.iter().any(|known| known == value) {
                view.tags.push(value.to_owned());
            }
        }
        "assignee" => view.assignee = Some(Assignee::from_name(value).ok_or(NO_SUCH_VALUE)?),
        "score" => view.score = Some(ScoreRange::from_name(value).ok_or(NO_SUCH_VALUE)?),
        "device" => view.device = Some(Device::from_name(value).ok_or(NO_SUCH_VALUE)?),
        "browser" => view.browser = Some(browser(value).ok_or(NO_SUCH_VALUE)?),
        _ => return Err("unknown"),
    }
    Ok(())
}

const NO_SUCH_VALUE: &str = "no_such_value";

fn number(value: &str) -> Result<u64, &'static str> {
    value.parse().map_err(|_| "not_a_number")
}

fn days(value: &str) -> Result<u32, &'static str> {
    let days = value.parse().map_err(|_| "not_a_number")?;
    (1..=MAX_DAYS)
        .contains(&days)
        .then_some(days)
        .ok_or(NO_SUCH_VALUE)
}

fn browser(value: &str) -> Option<Browser> {
    let mut all = Browser::ALL.into_iter();
    all.find(|one| one.as_str() == value)
}

/// Names with commas between, each once, in a fixed order; one that is none spoils them all.
fn listed<T: Ord>(
    value: &str,
    from_name: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, &'static str> {
    let all: Option<Vec<T>> = value.split(',').map(from_name).collect();
    let mut all = all.ok_or(NO_SUCH_VALUE)?;
    all.sort();
    all.dedup();
    Ok(all)
}

/// Adds what was typed into a search box.
fn typed(parsed: &mut Parsed, text: &str, day: Day<'_>) {
    for piece in pieces(text) {
        match piece {
            Piece::Word(word) => {
                if let Err(why) = look_for(&mut parsed.view, word.clone()) {
                    parsed.drop("q", &word.typed(), why);
                }
            }
            Piece::Named {
                name,
                value,
                is_not,
            } => {
                let set = match is_not {
                    true => Err("cannot_be_left_out"),
                    false => named(&mut parsed.view, &name, &value, day),
                };
                if let Err(why) = set {
                    parsed.drop(&name, &value, why);
                }
            }
        }
    }
}

fn look_for(view: &mut View, word: Word) -> Result<(), &'static str> {
    if !word.says_something() {
        return Err("nothing_to_find");
    }
    if view.words.contains(&word) {
        return Ok(());
    }
    if view.words.len() == MAX_WORDS {
        return Err("too_many");
    }
    view.words.push(word);
    Ok(())
}

/// Sets what one operator says. Several of a list add up, as they do in a sentence.
fn named(view: &mut View, name: &str, value: &str, day: Day<'_>) -> Result<(), &'static str> {
    if value.is_empty() {
        return Err("empty");
    }
    match name {
        "lang" => one(view, "language", value),
        "before" => {
            view.to_ms = Some(day(value).ok_or("not_a_day")?);
            Ok(())
        }
        "after" => {
            view.from_ms = Some(day(value).ok_or("not_a_day")?);
            Ok(())
        }
        "status" => add(&mut view.status, value, Status::from_name),
        "has" => add(&mut view.has, value, Has::from_name),
        "is" => add(&mut view.aside, value, Aside::from_name),
        // Parameters, and no operators.
        "days" | "from" | "to" => Err("unknown"),
        _ => one(view, name, value),
    }
}

fn add<T: Ord>(
    all: &mut Vec<T>,
    value: &str,
    from_name: impl Fn(&str) -> Option<T>,
) -> Result<(), &'static str> {
    all.extend(listed(value, from_name)?);
    all.sort();
    all.dedup();
    Ok(())
}
