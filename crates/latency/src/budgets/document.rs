//! Turns what holds for the whole document into what is wrong with it.

use protocol::budget::{BUDGETS_VERSION, Budgets, Span};
use protocol::limits::MAX_SLUG_CHARS;

use super::{Code, MAX_BYTES, MAX_FEATURES, Report, compile};

const DAY_MS: u64 = 86_400_000;

/// Shortest and longest window.
const WINDOW_MS: (u64, u64) = (DAY_MS, 90 * DAY_MS);
/// Lengths that clients can vote in: reports are told by 10 s, and a minute is for little traffic.
const SLICES_MS: [u64; 2] = [10_000, 60_000];
/// Shortest and longest hard timeout: nobody waits for longer than ten minutes.
const HARD_TIMEOUT_MS: (u64, u64) = (1_000, 600_000);
/// Fewest and most templates to tell apart.
const MAX_KEYS: (u16, u16) = (1, 500);

pub(super) fn check(budgets: &Budgets, report: &mut Report) {
    report.say_if(
        budgets.v != BUDGETS_VERSION,
        "/v",
        Code::Version,
        format!("The only version so far is {BUDGETS_VERSION}."),
    );
    report.say_if(
        !is_within(budgets.window, WINDOW_MS),
        "/window",
        Code::WindowRange,
        "The window is from 1d to 90d.",
    );
    report.say_if(
        !SLICES_MS.contains(&budgets.slice.0),
        "/slice",
        Code::SliceLength,
        "A slice is 10s or 60s.",
    );
    report.say_if(
        !is_within(budgets.hard_timeout, HARD_TIMEOUT_MS),
        "/hard_timeout",
        Code::HardTimeoutRange,
        "The hard timeout is from 1s to 10m.",
    );
    report.say_if(
        !is_zone(&budgets.timezone),
        "/timezone",
        Code::Timezone,
        "A zone has a name of the IANA database, such as Europe/Berlin or UTC.",
    );
    let n = budgets.features.len();
    report.say_if(
        n > MAX_FEATURES,
        "/features",
        Code::TooManyFeatures,
        format!("There are {n} features, and at most {MAX_FEATURES} can be told apart."),
    );
    let (fewest, most) = MAX_KEYS;
    report.say_if(
        !(fewest..=most).contains(&budgets.max_keys),
        "/max_keys",
        Code::MaxKeysRange,
        format!("From {fewest} to {most} templates can be told apart."),
    );
    graphql(budgets, report);
    size(budgets, report);
}

fn is_within(span: Span, (least, most): (u64, u64)) -> bool {
    (least..=most).contains(&span.0)
}

/// Whether it has the shape of a zone's name: parts of letters, digits, `_`, `+` and `-`.
fn is_zone(name: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_+-".contains(&b))
    };
    name.len() <= MAX_SLUG_CHARS && name.split('/').all(is_part)
}

fn graphql(budgets: &Budgets, report: &mut Report) {
    let paths = budgets.graphql.iter().flat_map(|graphql| &graphql.paths);
    for (n, path) in paths.enumerate() {
        report.say_if(
            !path.starts_with('/') || path.contains(['*', '?', '#']),
            format!("/graphql/paths/{n}"),
            Code::Graphql,
            "A path that answers GraphQL begins with a slash and is given exactly: no stars, no query.",
        );
    }
}

/// Pages fetch it all, on every load.
fn size(budgets: &Budgets, report: &mut Report) {
    let metering = compile(budgets);
    let rules = metering.features.iter().flat_map(|feature| {
        let matches = feature.matches.iter();
        let texts = matches.map(|rule| {
            rule.method.len() + rule.origin.len() + rule.path.len() + rule.graphql.len()
        });
        texts.chain([feature.id.len()])
    });
    let others = metering.templates.iter().chain(&metering.graphql_paths);
    let bytes: usize = rules.chain(others.map(String::len)).sum();
    report.say_if(
        bytes > MAX_BYTES,
        "",
        Code::TooLarge,
        format!(
            "Every page would fetch {bytes} bytes of patterns, and at most {MAX_BYTES} are allowed."
        ),
    );
}
