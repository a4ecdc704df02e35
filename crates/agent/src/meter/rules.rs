//! Turns the bytes of a config's metering into the features that requests belong to.

use latency::feature::{Request, Rule, fits};
use protocol::budget::Stage;
use survey::bytes::Reader;

use super::sums::{Key, Slice, THRESHOLDS};

/// How requests are measured; points into the config.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    pub(super) hard_timeout_ms: u32,
    pub(super) max_keys: usize,
    pub(super) graphql_errors: bool,
    pub(super) templates: Vec<&'static [u8]>,
    /// The last one has no id: what belongs to none of the others. Empty before a config has come.
    pub(super) features: Vec<Feature>,
}

/// A feature, which thresholds are counted, and what was.
#[derive(Debug, Default)]
pub(super) struct Feature {
    pub(super) id: &'static [u8],
    matches: Vec<Rule<'static>>,
    pub(super) within: Vec<(Stage, u32)>,
    pub(super) background: bool,
    pub(super) cache: bool,
    /// In order of time.
    pub(super) slices: Vec<Slice>,
    pub(super) keys: Vec<Key>,
}

impl Rules {
    /// Reads `protocol::config::Metering`, field by field.
    pub(crate) fn read(from: &mut Reader<'static>) -> Self {
        let hard_timeout_ms = from.number() as u32;
        let max_keys = from.number() as usize;
        // Paths of GraphQL: capture has found its operations before it could know them.
        texts(from);
        let mut rules = Self {
            hard_timeout_ms,
            max_keys,
            graphql_errors: from.flag(),
            templates: texts(from),
            features: list(from, Feature::read),
        };
        rules.features.push(Feature::default());
        rules
    }

    /// The place of the first feature that a request belongs to, or of the last.
    pub(super) fn feature(&self, request: &Request<'_>) -> usize {
        let is_of = |it: &Feature| it.matches.iter().any(|rule| fits(rule, request));
        self.place(is_of)
    }

    /// The place of the feature with this id, or of the last.
    pub(super) fn named(&self, id: &[u8]) -> usize {
        self.place(|it| it.id == id)
    }

    fn place(&self, is_it: impl Fn(&Feature) -> bool) -> usize {
        let at = self.features.iter().position(is_it);
        at.unwrap_or(self.features.len() - 1)
    }
}

impl Feature {
    fn read(from: &mut Reader<'static>) -> Self {
        let mut feature = Self {
            id: from.bytes(),
            matches: list(from, |from| Rule {
                method: from.bytes(),
                origin: from.bytes(),
                path: from.bytes(),
                graphql: from.bytes(),
            }),
            within: list(from, |from| {
                let stage = from.one_of(&[Stage::Headers, Stage::Body]);
                (stage, from.number() as u32)
            }),
            background: from.flag(),
            cache: from.flag(),
            ..Self::default()
        };
        feature.within.truncate(THRESHOLDS);
        feature
    }
}

fn texts(from: &mut Reader<'static>) -> Vec<&'static [u8]> {
    list(from, Reader::bytes)
}

fn list<T>(from: &mut Reader<'static>, read: impl Fn(&mut Reader<'static>) -> T) -> Vec<T> {
    (0..from.count()).map(|_| read(from)).collect()
}
