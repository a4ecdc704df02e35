//! Turns the bytes of a config's metering into the features that requests belong to.

use latency::feature::{Request, Rule, fits};
use protocol::budget::Stage;
use survey::bytes::Reader;

/// How requests are measured; points into the config.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) hard_timeout_ms: u32,
    pub(super) max_keys: usize,
    pub(super) graphql_errors: bool,
    pub(super) templates: Vec<&'static [u8]>,
    pub(super) features: Vec<Feature>,
}

/// A feature, and which thresholds are counted.
#[derive(Debug)]
pub(super) struct Feature {
    pub(super) id: &'static [u8],
    matches: Vec<Rule<'static>>,
    pub(super) within: Vec<(Stage, u32)>,
    pub(super) background: bool,
    pub(super) cache: bool,
}

impl Rules {
    /// Reads `protocol::config::Metering`, field by field.
    pub(super) fn read(from: &mut Reader<'static>) -> Self {
        let hard_timeout_ms = from.number() as u32;
        let max_keys = from.number() as usize;
        // Paths of GraphQL: capture has found its operations before it could know them.
        texts(from);
        Self {
            hard_timeout_ms,
            max_keys,
            graphql_errors: from.flag(),
            templates: texts(from),
            features: list(from, Feature::read),
        }
    }

    /// The place of the first feature that a request belongs to.
    pub(super) fn feature(&self, request: &Request<'_>) -> Option<usize> {
        let is_of = |it: &Feature| it.matches.iter().any(|rule| fits(rule, request));
        self.features.iter().position(is_of)
    }

    pub(super) fn named(&self, id: &[u8]) -> Option<usize> {
        self.features.iter().position(|it| it.id == id)
    }
}

impl Feature {
    fn read(from: &mut Reader<'static>) -> Self {
        Self {
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
        }
    }
}

fn texts(from: &mut Reader<'static>) -> Vec<&'static [u8]> {
    list(from, Reader::bytes)
}

fn list<T>(from: &mut Reader<'static>, read: impl Fn(&mut Reader<'static>) -> T) -> Vec<T> {
    (0..from.count()).map(|_| read(from)).collect()
}
