//! Turns a recorded trace (HAR 1.2) into attempts as a page would have told of them.
//!
//! Recorders differ, so whatever can be missing may be missing, and an entry that cannot be read costs
//! only itself. What the SDK does not measure (scripts, pictures, preflights) is left out here too.

mod chain;
mod entry;
mod graphql;
mod origin;
mod raw;

use protocol::budget::Budgets;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

use self::entry::Entry;
use self::origin::Origins;

/// One request, as far as budgets look at it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attempt {
    /// HTTP method, or what stands for it in templates.
    pub(super) method: String,
    /// What a match calls the method: that of the request.
    pub(super) verb: String,
    pub(super) origin: String,
    pub(super) is_own_origin: bool,
    pub(super) path: String,
    /// Names of GraphQL operations, joined by commas.
    pub(super) graphql: String,
    /// HTTP status; 0 without one.
    pub(super) status: u16,
    /// How it ended without an answer: `latency::class::ERROR_*`.
    pub(super) error: u8,
    /// `latency::class::flag`.
    pub(super) flags: u32,
    /// Tenths of a millisecond until the answer began, or until the end that is known.
    pub(super) headers: u32,
    /// Tenths of a millisecond until the answer had been read.
    pub(super) body: Option<u32>,
    /// Place in the list of the trace, from 0.
    pub(super) index: usize,
}

/// A trace that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Trace {
    pub(super) attempts: Vec<Attempt>,
    pub(super) left_out: LeftOut,
}

/// Entries that are no attempts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct LeftOut {
    /// What the SDK does not measure: scripts, styles, pictures, preflights.
    pub(super) not_measured: usize,
    /// The next entry says where a redirect led; they are one attempt.
    pub(super) redirects: usize,
    /// Entries without a request, an address or a time.
    pub(super) unreadable: usize,
}

impl LeftOut {
    pub(super) const fn add(&mut self, other: Self) {
        self.not_measured += other.not_measured;
        self.redirects += other.redirects;
        self.unreadable += other.unreadable;
    }
}

#[derive(Deserialize)]
struct Har {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    #[serde(default)]
    pages: Value,
    entries: Vec<Box<RawValue>>,
}

/// Reads a trace. `own` is the origin of the page, if the trace is not to say it.
///
/// # Errors
///
/// Why it is no trace, as it follows its name: "is no HAR: ...".
pub(super) fn read(bytes: &[u8], own: Option<&str>, budgets: &Budgets) -> Result<Trace, String> {
    // Recorders on Windows write a byte order mark, and bodies that were cut in a character.
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let har: Har = serde_json::from_str(text).map_err(|error| format!("is no HAR: {error}"))?;
    let entries: Vec<Option<Entry>> = har
        .log
        .entries
        .iter()
        .map(|entry| Entry::read(entry.get()))
        .collect();
    let origins = Origins::of(own, &har.log.pages, &entries);
    let mut trace = Trace::default();
    let mut is_taken = vec![false; entries.len()];
    for (index, entry) in entries.iter().enumerate() {
        let Some(entry) = entry else {
            trace.left_out.unreadable += 1;
            continue;
        };
        if is_taken[index] {
            trace.left_out.redirects += 1;
        } else if !entry.is_measured() {
            trace.left_out.not_measured += 1;
        } else {
            let chain = chain::follow(index, &entries, &mut is_taken);
            trace
                .attempts
                .push(attempt(index, &chain, &origins, budgets));
        }
    }
    Ok(trace)
}

/// Of a request and of the redirects that it was sent through; the first is what was asked for, the last
/// what was answered.
fn attempt(index: usize, chain: &[&Entry], origins: &Origins, budgets: &Budgets) -> Attempt {
    let first = chain[0];
    let last = chain[chain.len() - 1];
    let hops_ms: f64 = chain[..chain.len() - 1]
        .iter()
        .map(|hop| hop.total_ms())
        .sum();
    let origin = origin_of(&first.url);
    let own = origins.of_page(first.page.as_deref());
    let graphql_paths = budgets.graphql.iter().flat_map(|graphql| &graphql.paths);
    let names = graphql::names(first, graphql_paths);
    let (error, error_flags) = last.error();
    let mut flags = last.flags() | error_flags;
    let counts_errors = budgets
        .graphql
        .as_ref()
        .is_some_and(|graphql| graphql.errors);
    if names.is_some() && counts_errors && graphql::has_errors(last) {
        flags |= latency::class::flag::GRAPHQL_ERRORS;
    }
    Attempt {
        method: String::from(first.word()),
        verb: first.method.clone(),
        is_own_origin: own.is_none_or(|own| own == origin),
        origin,
        path: String::from(first.url.path()),
        graphql: names.unwrap_or_default(),
        status: last.status(),
        error,
        flags,
        headers: tenths(hops_ms + last.headers_ms()),
        body: last.body_ms().map(|ms| tenths(hops_ms + ms)),
        index,
    }
}

fn origin_of(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Milliseconds as pages tell them.
fn tenths(ms: f64) -> u32 {
    (ms * 10.0).round() as u32
}
