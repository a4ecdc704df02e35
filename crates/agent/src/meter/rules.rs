//! Turns the bytes of a config's metering into the features that requests belong to.
//!
//! What requests are held against stays in the config's bytes and is read anew for each: it is short,
//! and lists of decoded rules would be a tenth of the module.

use latency::feature::{Request, Rule, fits};
use protocol::budget::Stage;
use survey::bytes::Reader;

use super::sums::{Key, Slice, THRESHOLDS};

/// How requests are measured; points into the config.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    pub(super) hard_timeout_ms: u32,
    /// Templates that may still be told apart.
    pub(super) max_keys: usize,
    pub(super) graphql_errors: bool,
    templates: Reader<'static>,
    /// The last one has no id: what belongs to none of the others. Empty before a config has come.
    pub(super) features: Vec<Feature>,
}

/// A feature, which thresholds are counted, and what was.
#[derive(Debug, Default)]
pub(super) struct Feature {
    pub(super) id: &'static [u8],
    matches: Reader<'static>,
    within: Reader<'static>,
    pub(super) background: bool,
    pub(super) cache: bool,
    /// In order of time.
    pub(super) slices: Vec<Slice>,
    /// All that there ever were in this page load.
    pub(super) keys: Vec<Key>,
}

impl Rules {
    /// Reads `protocol::config::Metering`, field by field.
    pub(crate) fn read(from: &mut Reader<'static>) -> Self {
        let mut rules = Self {
            hard_timeout_ms: from.number() as u32,
            max_keys: from.number() as usize,
            ..Self::default()
        };
        // Paths of GraphQL: capture has found its operations before it could know them.
        list(from, 1);
        rules.graphql_errors = from.flag();
        rules.templates = list(from, 1);
        for _ in 0..from.count() {
            rules.features.push(Feature::read(from));
        }
        rules.features.push(Feature::default());
        rules
    }

    pub(super) fn templates(&self) -> impl Iterator<Item = &'static [u8]> + use<> {
        let mut from = self.templates;
        (0..from.count()).map(move |_| from.bytes())
    }

    /// The place of the first feature that owns a request, or has this id; else of the last.
    pub(super) fn place(&self, request: &Request<'_>, id: &[u8]) -> usize {
        let owns = |it: &Feature| {
            let mut from = it.matches;
            (0..from.count()).any(|_| {
                let rule = Rule {
                    method: from.bytes(),
                    origin: from.bytes(),
                    path: from.bytes(),
                    graphql: from.bytes(),
                };
                id.is_empty() && fits(&rule, request)
            }) || it.id == id
        };
        // The last one has no id and owns nothing.
        let at = self.features.iter().position(owns);
        at.unwrap_or(self.features.len() - 1)
    }
}

impl Feature {
    fn read(from: &mut Reader<'static>) -> Self {
        let mut feature = Self {
            id: from.bytes(),
            matches: list(from, 4),
            within: *from,
            ..Self::default()
        };
        for _ in 0..from.count() {
            from.byte();
            from.number();
        }
        feature.background = from.flag();
        feature.cache = from.flag();
        feature
    }

    /// Thresholds in the order of the budgets.
    pub(super) fn within(&self) -> impl Iterator<Item = (Stage, u32)> + use<> {
        let mut from = self.within;
        (0..from.count().min(THRESHOLDS)).map(move |_| {
            let stage = from.one_of(&[Stage::Headers, Stage::Body]);
            (stage, from.number() as u32)
        })
    }
}

/// A list of so many texts each, which is read when it is needed.
fn list(from: &mut Reader<'static>, texts: usize) -> Reader<'static> {
    let list = *from;
    for _ in 0..from.count() * texts {
        from.bytes();
    }
    list
}
