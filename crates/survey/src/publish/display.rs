//! Turns the display rule of a survey into reasons why nobody would ever see it.

use chrono::{DateTime, FixedOffset};
use protocol::survey::{
    DisplayRule, EventTest, MissingLanguage, Survey, SurveyKind, Trigger, Wait, Waits,
};

use super::{Code, Report, filters, is_language_tag, urls};
use crate::language::is_within;

/// The longest time that fits into the milliseconds of a compiled rule.
const MAX_WITHIN_S: u32 = u32::MAX / 1000;

pub(super) fn check(survey: &Survey, report: &mut Report<'_>) {
    let show = &survey.show;
    if survey.kind != SurveyKind::Survey {
        feedback(show, report);
    }
    numbers(show, report);
    window(show, report);
    urls::check(show, report);
    languages(survey, report);
    filters::check("/show/traits", &show.traits, report);
    if let Some(element) = &show.element {
        selector("/show/element", element, report);
    }
    for (n, trigger) in show.triggers.iter().enumerate() {
        self::trigger(&format!("/show/triggers/{n}"), trigger, report);
    }
    for (n, test) in show.cancel.iter().enumerate() {
        event(&format!("/show/cancel/{n}"), test, report);
    }
    cancelled(show, report);
    waits(show, report);
}

/// What is said of a form that only the person opens.
fn feedback(show: &DisplayRule, report: &mut Report<'_>) {
    let usual = DisplayRule::default();
    for (name, said) in [
        ("url", show.url != usual.url),
        ("url_not", show.url_not != usual.url_not),
        ("devices", show.devices != usual.devices),
        ("languages", show.languages != usual.languages),
        ("traits", show.traits != usual.traits),
        ("pages", show.pages != usual.pages),
        ("dwell_ms", show.dwell_ms != usual.dwell_ms),
        ("element", show.element != usual.element),
        ("triggers", show.triggers != usual.triggers),
        ("cancel", show.cancel != usual.cancel),
        ("delay_ms", show.delay_ms != usual.delay_ms),
        ("again", show.again != usual.again),
    ] {
        report.say_if(
            said,
            format!("/show/{name}"),
            Code::FeedbackRule,
            "Only the person opens a feedback form, so this has no effect.",
        );
    }
}

fn numbers(show: &DisplayRule, report: &mut Report<'_>) {
    let at = "/show/sample_permille";
    report.say_if(
        show.sample_permille > 1000,
        at,
        Code::Sample,
        "The sample is given in thousandths, from 0 to 1000.",
    );
    report.say_if(
        show.sample_permille == 0,
        at,
        Code::SampleZero,
        "With a sample of 0 nobody sees the survey.",
    );
    report.say_if(
        show.max_impressions == 0,
        "/show/max_impressions",
        Code::NoImpressions,
        "With no impression allowed nobody sees the survey.",
    );
}

fn window(show: &DisplayRule, report: &mut Report<'_>) {
    let mut read = |name: &str, time: &Option<String>| -> Option<DateTime<FixedOffset>> {
        let read = time.as_deref().map(DateTime::parse_from_rfc3339);
        report.say_if(
            matches!(read, Some(Err(_))),
            format!("/show/{name}"),
            Code::Time,
            "A time is written as 2026-03-01T09:00:00Z or 2026-03-01T09:00:00+01:00.",
        );
        read?.ok()
    };
    let (from, until) = (read("from", &show.from), read("until", &show.until));
    if let (Some(from), Some(until)) = (from, until) {
        report.say_if(
            until <= from,
            "/show/until",
            Code::Window,
            "It is over before it begins.",
        );
    }
}

fn languages(survey: &Survey, report: &mut Report<'_>) {
    let wanted = &survey.show.languages;
    for (n, tag) in wanted.iter().enumerate() {
        let sentence = format!("\"{tag}\" is not a language tag such as \"en\" or \"pt-BR\".");
        let at = format!("/show/languages/{n}");
        report.say_if(!is_language_tag(tag), at, Code::LanguageTag, sentence);
    }
    let offered = || [&survey.language].into_iter().chain(&survey.languages);
    let meets = |tag: &String| offered().any(|own| is_within(tag, own) || is_within(own, tag));
    report.say_if(
        survey.otherwise == MissingLanguage::Hide
            && !wanted.is_empty()
            && !wanted.iter().any(meets),
        "/show/languages",
        Code::LanguagesNever,
        "The survey is hidden from people who read other languages than its own, and these are others.",
    );
}

fn trigger(at: &str, trigger: &Trigger, report: &mut Report<'_>) {
    match trigger {
        Trigger::Event(test) => event(&format!("{at}/event"), test, report),
        Trigger::Click(element) => selector(&format!("{at}/click"), element, report),
        Trigger::Scroll(percent) => report.say_if(
            !(1..=100).contains(percent),
            format!("{at}/scroll"),
            Code::Scroll,
            "A page is scrolled by 1 to 100 percent.",
        ),
        Trigger::Exit => {}
        Trigger::Breach {
            feature,
            times,
            within_s,
        } => {
            let at = format!("{at}/breach");
            report.say_if(
                feature.as_ref().is_some_and(|name| name.trim().is_empty()),
                format!("{at}/feature"),
                Code::EventName,
                "Name the feature, or leave it out for any.",
            );
            often(&at, *times, *within_s, report);
        }
    }
}

/// What the agent tells of requests, with the properties `feature` and `ms`.
const OF_REQUESTS: [&str; 2] = ["$breach", "$failed"];

fn event(at: &str, test: &EventTest, report: &mut Report<'_>) {
    let name = test.name.trim();
    report.say_if(
        name.is_empty() || name.starts_with('$') && !OF_REQUESTS.contains(&name),
        format!("{at}/name"),
        Code::EventName,
        "An event needs the name that the page tracks it by. Names with $ are reserved; $breach and $failed are \
         what requests do.",
    );
    filters::check(&format!("{at}/filters"), &test.filters, report);
    often(at, test.times, test.within_s, report);
}

fn often(at: &str, times: u16, within_s: u32, report: &mut Report<'_>) {
    report.say_if(
        times == 0,
        format!("{at}/times"),
        Code::EventTimes,
        "It must have happened at least once.",
    );
    report.say_if(
        within_s > MAX_WITHIN_S,
        format!("{at}/within_s"),
        Code::EventTimes,
        format!("The time is at most {MAX_WITHIN_S} seconds."),
    );
}

/// When each trigger also cancels, the survey is never shown.
fn cancelled(show: &DisplayRule, report: &mut Report<'_>) {
    let cancels = |trigger: &Trigger| match trigger {
        Trigger::Event(set_off) => show.cancel.iter().any(|cancel| {
            let filters = cancel.filters.iter();
            cancel.name == set_off.name
                && cancel.times <= set_off.times
                && (cancel.within_s == 0 || cancel.within_s == set_off.within_s)
                && filters.into_iter().all(|f| set_off.filters.contains(f))
        }),
        _ => false,
    };
    report.say_if(
        !show.triggers.is_empty() && show.triggers.iter().all(cancels),
        "/show/cancel",
        Code::Cancelled,
        "Whatever sets the survey off calls it off as well.",
    );
}

fn waits(show: &DisplayRule, report: &mut Report<'_>) {
    let again = &show.again;
    for (scope, waits) in [
        ("survey", &again.survey),
        ("class", &again.class),
        ("any", &again.any),
    ] {
        for (outcome, wait) in outcomes(waits) {
            report.say_if(
                wait == Some(Wait::Days(0)),
                format!("/show/again/{scope}/{outcome}"),
                Code::WaitZero,
                "A wait of no days is none; leave it out.",
            );
        }
    }
}

const fn outcomes(waits: &Waits) -> [(&'static str, Option<Wait>); 5] {
    [
        ("seen", waits.seen),
        ("snoozed", waits.snoozed),
        ("dismissed", waits.dismissed),
        ("partial", waits.partial),
        ("completed", waits.completed),
    ]
}

/// Only a browser knows all selectors; what is empty or not closed is none anywhere.
pub(super) fn selector(at: &str, selector: &str, report: &mut Report<'_>) {
    report.say_if(
        selector.trim().is_empty() || !is_closed(selector),
        at,
        Code::Selector,
        "This is not a CSS selector such as #checkout or [data-step=\"pay\"].",
    );
}

fn is_closed(selector: &str) -> bool {
    let mut open = Vec::new();
    let mut quote = None;
    let mut letters = selector.chars();
    while let Some(letter) = letters.next() {
        let is_right = match (letter, quote) {
            // What is escaped means nothing; an escape of nothing is none.
            ('\\', _) => letters.next().is_some(),
            (_, Some(until)) => {
                if letter == until {
                    quote = None;
                }
                true
            }
            ('"' | '\'', None) => {
                quote = Some(letter);
                true
            }
            ('(' | '[', None) => {
                open.push(if letter == '(' { ')' } else { ']' });
                true
            }
            (')' | ']', None) => open.pop() == Some(letter),
            _ => !matches!(letter, '{' | '}' | ';'),
        };
        if !is_right {
            return false;
        }
    }
    open.is_empty() && quote.is_none()
}
