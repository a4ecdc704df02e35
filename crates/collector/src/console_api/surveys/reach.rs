//! Turns a definition and what is kept of the last days into who would have seen it.
//!
//! No page view is kept by itself. What is kept are addresses at which a survey was shown, closed or answered,
//! each with a person; and page loads by the template of their path, without a person. Both are told, and so
//! is what nothing kept says anything about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use protocol::config::{Condition, Fact, Op, SurveyRule};
use protocol::id::InstallId;
use protocol::query::surveys::{MAX_DEFINITION_BYTES, Reach, ReachPage, Share, Unknown};
use store::Sighting;
use survey::bytes::Reader;
use survey::matching::{self, Facts};
use survey::{rule, sampling};

use crate::app::Collector;
use crate::console_api::body::text_from;
use crate::console_api::guard::Caller;
use crate::console_api::span;
use crate::definitions;
use crate::error::ApiError;

/// Days that are looked at. Page loads are kept for half a month.
const DAYS: u32 = 7;
/// Persons and addresses that are looked at, at most.
const MAX_SIGHTINGS: u32 = 200_000;
/// Addresses that are told.
const MAX_PAGES: usize = 5;

/// `POST /api/v1/survey-reach`.
pub(in crate::console_api) async fn reach(
    State(collector): State<Arc<Collector>>,
    who: Caller,
    request: Request,
) -> Result<Json<Reach>, ApiError> {
    let text = text_from(request.into_body(), MAX_DEFINITION_BYTES).await?;
    let survey = survey::publish::parse(&text).map_err(|found| {
        let findings = found.into_iter().map(definitions::finding);
        ApiError::invalid_survey(findings.collect())
    })?;
    let span = span(Some(DAYS), collector.clock.now_ms())?;
    let seen = collector.store.sightings(who.project, span, MAX_SIGHTINGS);
    let (seen, loads) = (
        seen.await?,
        collector.store.page_loads(who.project, span).await?,
    );
    let (mut rules, _) = survey::compile::rules(&[(&survey, 0)]);
    // Times that cannot be read are a finding of the checks; nobody would have seen it.
    let Some(rule) = rules.pop() else {
        return Ok(Json(Reach::default()));
    };
    let told = tokio::task::spawn_blocking(move || told(&rule, &seen, &loads)).await;
    told.map(Json).map_err(|error| ApiError::internal(&error))
}

fn told(rule: &SurveyRule, seen: &[Sighting], loads: &[(String, u64)]) -> Reach {
    let asked = Asked::of(rule);
    let mut everybody = BTreeSet::new();
    let mut somebody = BTreeSet::new();
    let mut pages: BTreeMap<&str, BTreeSet<InstallId>> = BTreeMap::new();
    let origins: BTreeSet<&str> = seen.iter().filter_map(|one| origin(&one.url)).collect();
    for one in seen {
        everybody.insert(one.install);
        let is_drawn = sampling::place(rule.survey.id.as_bytes(), one.install)
            < u64::from(rule.sample_permille);
        if is_drawn && asked.holds(&one.url, Some(&one.language)) {
            somebody.insert(one.install);
            pages.entry(&one.url).or_default().insert(one.install);
        }
    }
    let placed = || loads.iter().filter(|(page, _)| !page.is_empty());
    let fits = |page: &str| {
        let urls = origins.iter().map(|origin| format!("{origin}{page}"));
        let mut urls = urls.chain(std::iter::once(String::from(page)));
        urls.any(|url| asked.holds(&url, None))
    };
    Reach {
        days: DAYS,
        views: Share {
            some: placed()
                .filter(|(page, _)| fits(page))
                .map(|(_, n)| n)
                .sum(),
            all: placed().map(|(_, n)| n).sum(),
        },
        people: Share {
            some: somebody.len() as u64,
            all: everybody.len() as u64,
        },
        pages: most(&pages),
        unplaced: loads
            .iter()
            .filter(|(page, _)| page.is_empty())
            .map(|(_, n)| n)
            .sum(),
        unknown: asked.unknown.into_iter().collect(),
        sample_permille: rule.sample_permille,
    }
}

/// `https://shop.example` of an address.
fn origin(url: &str) -> Option<&str> {
    let host = url.find("://")? + 3;
    let path = url[host..].find('/')?;
    Some(&url[..host + path])
}

/// The addresses of most people, those first.
fn most(pages: &BTreeMap<&str, BTreeSet<InstallId>>) -> Vec<ReachPage> {
    let mut most: Vec<ReachPage> = pages
        .iter()
        .map(|(url, people)| ReachPage {
            url: String::from(*url),
            people: people.len() as u64,
        })
        .collect();
    most.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.url.cmp(&b.url)));
    most.truncate(MAX_PAGES);
    most
}

/// The part of a rule that can be asked of what is kept, as the agent reads it.
struct Asked {
    addresses: Vec<Vec<u8>>,
    languages: Vec<Vec<u8>>,
    unknown: BTreeSet<Unknown>,
}

impl Asked {
    fn of(rule: &SurveyRule) -> Self {
        let mut asked = Self {
            addresses: Vec::new(),
            languages: Vec::new(),
            unknown: BTreeSet::new(),
        };
        for condition in &rule.conditions {
            asked.take(condition);
        }
        if !rule.triggers.is_empty() || !rule.cancels.is_empty() {
            asked.unknown.insert(Unknown::Triggers);
        }
        if !rule.waits.is_empty() {
            asked.unknown.insert(Unknown::Waits);
        }
        asked
    }

    fn take(&mut self, condition: &Condition) {
        // Only a page can run an expression of JavaScript.
        let is_probe = condition.any.iter().any(|one| one.op == Op::Probe);
        // Numbers and texts, which always can be written.
        let bytes = || postcard::to_allocvec(condition).unwrap_or_default();
        let unknown = match condition.fact {
            Fact::Url if is_probe => Unknown::Expressions,
            Fact::Url => return self.addresses.push(bytes()),
            Fact::Language => return self.languages.push(bytes()),
            Fact::Device => Unknown::Devices,
            Fact::Trait => Unknown::Traits,
            Fact::Property => Unknown::Triggers,
            Fact::Pages | Fact::Dwell | Fact::Element => Unknown::Visit,
        };
        self.unknown.insert(unknown);
    }

    /// Whether everything holds that can be asked; a language that is not known is not asked.
    fn holds(&self, url: &str, language: Option<&str>) -> bool {
        let facts = Facts {
            url: url.as_bytes(),
            device: &[],
            language: language.unwrap_or_default().as_bytes(),
            traits: &[],
            properties: &[],
            probes: &[],
            pages: 0,
            dwell_ms: 0,
        };
        let holds = |bytes: &Vec<u8>| {
            let condition = rule::Condition::read(&mut Reader::new(bytes));
            matching::holds(&condition, &facts).0
        };
        self.addresses.iter().all(holds) && (language.is_none() || self.languages.iter().all(holds))
    }
}

#[cfg(test)]
mod tests {
    use protocol::survey::{Filter, UrlTest, ValueTest};

    use super::*;
    use crate::setup::first_survey;

    fn somebody(n: u8, url: &str, language: &str) -> Sighting {
        Sighting {
            install: InstallId::new(1_793_491_200_000, &[n; 10]),
            url: String::from(url),
            language: String::from(language),
        }
    }

    fn reach_of(change: impl FnOnce(&mut protocol::survey::DisplayRule)) -> Reach {
        let mut survey = first_survey();
        survey.show = protocol::survey::DisplayRule::default();
        change(&mut survey.show);
        let (rules, _) = survey::compile::rules(&[(&survey, 0)]);
        let seen = [
            somebody(1, "https://shop.example/cart", "de"),
            somebody(1, "https://shop.example/", "de"),
            somebody(2, "https://shop.example/cart", "en"),
            somebody(3, "https://shop.example/help", "en"),
        ];
        let loads = [
            (String::new(), 7),
            (String::from("/cart"), 20),
            (String::from("/help"), 30),
        ];
        told(&rules[0], &seen, &loads)
    }

    fn check(reach: &Reach, people: u64, views: u64) {
        assert_eq!((reach.people.some, reach.people.all), (people, 3));
        assert_eq!((reach.views.some, reach.views.all), (views, 50));
        assert_eq!((reach.days, reach.unplaced), (7, 7));
    }

    #[test]
    fn addresses_and_languages_are_asked() {
        check(&reach_of(|_| {}), 3, 50);
        let cart = reach_of(|show| show.url = vec![UrlTest::Contains("/cart".into())]);
        check(&cart, 2, 20);
        assert_eq!(cart.pages.len(), 1);
        assert_eq!(cart.pages[0].people, 2);
        let exact = "https://shop.example/help";
        check(
            &reach_of(|show| show.url = vec![UrlTest::Equals(exact.into())]),
            1,
            30,
        );
        check(&reach_of(|show| show.languages = vec!["de".into()]), 1, 50);
        check(
            &reach_of(|show| show.url_not = vec![UrlTest::Contains("/cart".into())]),
            2,
            30,
        );
    }

    #[test]
    fn a_sample_is_drawn_of_people() {
        check(&reach_of(|show| show.sample_permille = 0), 0, 50);
    }

    #[test]
    fn what_nothing_tells_is_told() {
        let reach = reach_of(|show| {
            show.pages = 3;
            show.traits = vec![Filter {
                key: "plan".into(),
                test: ValueTest::Present,
            }];
            show.url = vec![UrlTest::Regex("^https".into())];
        });
        check(&reach, 3, 50);
        let expected = [
            Unknown::Traits,
            Unknown::Expressions,
            Unknown::Visit,
            Unknown::Waits,
        ];
        assert_eq!(reach.unknown, expected);
    }
}
