//! Turns display rules as authors write them into the one form that the agent follows.

use std::cmp::Reverse;

use chrono::DateTime;
use protocol::config::{
    Class, Condition, Fact, Furniture, LauncherSpec, Match, Op, Outcome, Probe, Quiet, Scope,
    SurveyRule, Trigger,
};
use protocol::item::SurveyRef;
use protocol::survey::{
    self as written, Again, Device, DisplayRule, EventTest, Filter, MissingLanguage, Placement,
    QuestionKind, Survey, SurveyKind, UrlTest, ValueTest, Wait, Waits,
};

/// The rules of surveys that run, each in its version, and what the page has to watch and put up.
///
/// By priority, highest first, then by id. A survey whose times cannot be read is left out: the
/// checks before publishing refuse it.
pub fn rules(surveys: &[(&Survey, u32)]) -> (Vec<SurveyRule>, Furniture) {
    let mut sorted = surveys.to_vec();
    sorted.sort_by_key(|(survey, _)| (Reverse(survey.show.priority), &survey.id));
    let mut furniture = Furniture::default();
    let rules = sorted
        .into_iter()
        .filter_map(|(survey, version)| rule(survey, version, &mut furniture))
        .collect();
    (rules, furniture)
}

fn rule(survey: &Survey, version: u32, furniture: &mut Furniture) -> Option<SurveyRule> {
    let show = &survey.show;
    let mut rule = SurveyRule {
        survey: SurveyRef {
            id: survey.id.clone(),
            version,
        },
        class: class(survey),
        priority: show.priority,
        sample_permille: show.sample_permille,
        from_ms: ms(show.from.as_deref())?,
        until_ms: ms(show.until.as_deref())?,
        conditions: Vec::new(),
        triggers: Vec::new(),
        cancels: Vec::new(),
        delay_ms: show.delay_ms,
        max_impressions: show.max_impressions,
        waits: Vec::new(),
        inline: survey.look.placement == Placement::Inline,
    };
    match &survey.kind {
        // Opened by the person only: there is nothing to watch and nothing to wait for.
        SurveyKind::Feedback(feedback) => furniture.launchers.push(LauncherSpec {
            survey: survey.id.clone(),
            launcher: feedback.launcher,
            corner: survey.look.corner,
            label: feedback.label.clone(),
            language: survey.language.clone(),
        }),
        SurveyKind::Survey => {
            let mut probes = Probes(&mut furniture.probes);
            rule.conditions = conditions(survey, &mut probes);
            rule.triggers = show.triggers.iter().map(|t| probes.trigger(t)).collect();
            rule.cancels = show.cancel.iter().map(event).collect();
            rule.waits = waits(&show.again);
        }
    }
    Some(rule)
}

/// What a survey measures.
pub(crate) fn class(survey: &Survey) -> Class {
    let has = |is: fn(&QuestionKind<_>) -> bool| survey.questions.iter().any(|q| is(&q.kind));
    match survey.kind {
        SurveyKind::Feedback(_) => Class::Feedback,
        _ if has(|kind| matches!(kind, QuestionKind::Nps { .. })) => Class::Nps,
        _ if has(|kind| matches!(kind, QuestionKind::Csat { .. })) => Class::Csat,
        _ if has(|kind| matches!(kind, QuestionKind::Ces { .. })) => Class::Ces,
        SurveyKind::Survey => Class::Other,
    }
}

/// Milliseconds since 1970; 0 without a time, and never 0 with one.
fn ms(time: Option<&str>) -> Option<u64> {
    let Some(time) = time else { return Some(0) };
    let time = DateTime::parse_from_rfc3339(time).ok()?;
    Some(u64::try_from(time.timestamp_millis()).unwrap_or(0).max(1))
}

fn conditions(survey: &Survey, probes: &mut Probes<'_>) -> Vec<Condition> {
    let show = &survey.show;
    let mut all = Vec::new();
    all.extend(probes.urls(&show.url, false));
    all.extend(probes.urls(&show.url_not, true));
    all.extend(any_of(
        Fact::Device,
        Op::Is,
        show.devices.iter().map(|device| match device {
            Device::Desktop => "desktop",
            Device::Tablet => "tablet",
            Device::Phone => "phone",
        }),
    ));
    let languages = show.languages.iter().map(String::as_str);
    all.extend(any_of(Fact::Language, Op::Within, languages));
    if survey.otherwise == MissingLanguage::Hide {
        let offered = [&survey.language].into_iter().chain(&survey.languages);
        all.extend(any_of(
            Fact::Language,
            Op::Within,
            offered.map(String::as_str),
        ));
    }
    all.extend(show.traits.iter().map(|test| filter(Fact::Trait, test)));
    all.extend(at_least(Fact::Pages, u32::from(show.pages)));
    all.extend(at_least(Fact::Dwell, show.dwell_ms));
    for selector in selectors(survey, show) {
        let index = probes.index(Probe::Element(selector.clone()));
        all.extend(any_of(Fact::Element, Op::Probe, [index.as_str()]));
    }
    all
}

/// What has to be on the page: what the rule names, and what an inline survey is put into.
fn selectors<'a>(survey: &'a Survey, show: &'a DisplayRule) -> Vec<&'a String> {
    let mut all: Vec<&String> = show.element.iter().collect();
    if survey.look.placement == Placement::Inline {
        all.extend(&survey.look.element);
        all.dedup();
    }
    all
}

fn condition(fact: Fact, key: &str, negated: bool, any: Vec<Match>) -> Condition {
    Condition {
        fact,
        key: key.to_owned(),
        any,
        negated,
    }
}

fn matches<'a>(op: Op, values: impl IntoIterator<Item = &'a str>) -> Vec<Match> {
    let one = |value: &str| Match {
        op,
        value: value.to_owned(),
    };
    values.into_iter().map(one).collect()
}

/// One condition that any of `values` fulfils; none without values.
fn any_of<'a>(fact: Fact, op: Op, values: impl IntoIterator<Item = &'a str>) -> Option<Condition> {
    let any = matches(op, values);
    (!any.is_empty()).then(|| condition(fact, "", false, any))
}

fn at_least(fact: Fact, least: u32) -> Option<Condition> {
    (least > 0).then(|| {
        let any = matches(Op::AtLeast, [least.to_string().as_str()]);
        condition(fact, "", false, any)
    })
}

fn filter(fact: Fact, filter: &Filter) -> Condition {
    let texts = |op, values: &[String]| matches(op, values.iter().map(String::as_str));
    let number = |op, value: i64| matches(op, [value.to_string().as_str()]);
    let (negated, any) = match &filter.test {
        ValueTest::Is(values) => (false, texts(Op::Is, values)),
        ValueTest::IsNot(values) => (true, texts(Op::Is, values)),
        ValueTest::Contains(values) => (false, texts(Op::Contains, values)),
        ValueTest::AtLeast(least) => (false, number(Op::AtLeast, *least)),
        ValueTest::Below(below) => (false, number(Op::Below, *below)),
        ValueTest::Present => (false, matches(Op::Present, [""])),
    };
    condition(fact, &filter.key, negated, any)
}

fn event(test: &EventTest) -> Trigger {
    let filters = test.filters.iter();
    Trigger {
        event: test.name.clone(),
        filters: filters.map(|test| filter(Fact::Property, test)).collect(),
        times: test.times.max(1),
        within_ms: test.within_s.saturating_mul(1000),
    }
}

fn waits(again: &Again) -> Vec<Quiet> {
    let scopes = [
        (Scope::Survey, &again.survey),
        (Scope::Class, &again.class),
        (Scope::Any, &again.any),
    ];
    let of_scope = |(scope, waits): (Scope, &Waits)| {
        [
            (Outcome::Seen, waits.seen),
            (Outcome::Snoozed, waits.snoozed),
            (Outcome::Dismissed, waits.dismissed),
            (Outcome::Partial, waits.partial),
            (Outcome::Completed, waits.completed),
        ]
        .map(|(outcome, wait)| {
            let days = match wait? {
                Wait::Days(0) => return None,
                Wait::Days(days) => Some(days),
                Wait::Never => None,
            };
            Some(Quiet {
                scope,
                outcome,
                days,
            })
        })
    };
    scopes.into_iter().flat_map(of_scope).flatten().collect()
}

/// What only the page can find out, each once.
struct Probes<'a>(&'a mut Vec<Probe>);

impl Probes<'_> {
    fn index(&mut self, probe: Probe) -> String {
        let known = self.0.iter().position(|known| *known == probe);
        let index = known.unwrap_or_else(|| {
            self.0.push(probe);
            self.0.len() - 1
        });
        index.to_string()
    }

    fn urls(&mut self, tests: &[UrlTest], negated: bool) -> Option<Condition> {
        let mut any = Vec::new();
        for test in tests {
            let (op, value) = match test {
                UrlTest::Contains(text) => (Op::Contains, text.clone()),
                UrlTest::Equals(text) => (Op::Is, text.clone()),
                UrlTest::Glob(pattern) => (Op::Glob, pattern.clone()),
                UrlTest::Regex(pattern) => (Op::Probe, self.index(Probe::Regex(pattern.clone()))),
            };
            any.push(Match { op, value });
        }
        (!any.is_empty()).then(|| condition(Fact::Url, "", negated, any))
    }

    fn trigger(&mut self, trigger: &written::Trigger) -> Trigger {
        match trigger {
            written::Trigger::Event(test) => event(test),
            written::Trigger::Click(selector) => self.happens(Probe::Click(selector.clone())),
            written::Trigger::Scroll(percent) => self.happens(Probe::Scroll(*percent)),
            written::Trigger::Exit => self.happens(Probe::Exit),
            written::Trigger::Breach {
                feature,
                times,
                within_s,
            } => {
                let filters = feature.iter().map(|feature| {
                    let any = matches(Op::Is, [feature.as_str()]);
                    condition(Fact::Property, "feature", false, any)
                });
                Trigger {
                    event: "$breach".to_owned(),
                    filters: filters.collect(),
                    times: (*times).max(1),
                    within_ms: within_s.saturating_mul(1000),
                }
            }
        }
    }

    fn happens(&mut self, probe: Probe) -> Trigger {
        Trigger {
            event: format!("${}", self.index(probe)),
            filters: Vec::new(),
            times: 1,
            within_ms: 0,
        }
    }
}
