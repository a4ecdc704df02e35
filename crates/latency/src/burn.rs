//! Turns burn over two windows into whether somebody is woken.
//!
//! The long window shows that it matters, the short one that it still goes on.

use protocol::budget::{BurnAlert, Severity, Span};
use protocol::latency::SLICE_MS;
use protocol::query::performance::AlertState;

use crate::objective::{Counts, allowed_share, burn};

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// Bad attempts below which a share of them says nothing: one failure of thirty in a night is a burn
/// of 33 at 99.9 %.
pub const MIN_BAD: u64 = 10;

/// The usual alerts: severity, share of the budget that is used when it is raised, long and short
/// window.
///
/// # Source
///
/// Site Reliability Workbook, chapter 5, table 5-8, with its fourth row as Sloth has it.
const USUAL: [(Severity, f64, u64, u64); 4] = [
    (Severity::Page, 0.02, HOUR_MS, 5 * MINUTE_MS),
    (Severity::Page, 0.05, 6 * HOUR_MS, 30 * MINUTE_MS),
    (Severity::Ticket, 0.1, DAY_MS, 2 * HOUR_MS),
    (Severity::Ticket, 0.1, 3 * DAY_MS, 6 * HOUR_MS),
];

/// The window that the table was made for.
const USUAL_WINDOW_MS: u64 = 30 * DAY_MS;
/// The shortest window for which its long and short windows are kept. In a shorter one the budget
/// would be used faster by an objective that is kept, so that somebody would be woken for nothing.
const SHORTEST_USUAL_MS: u64 = 7 * DAY_MS;

/// The usual alerts for budgets of this window, in milliseconds.
///
/// The factor is the share of the budget times window by long window: 14.4 for 2 % of 30 days in an
/// hour, 3.36 for 7 days. Below 7 days long and short window shrink with the window, rounded up to
/// whole slices of 10 s.
pub fn default_alerts(window_ms: u64) -> Vec<BurnAlert> {
    let scaled = |ms: u64| {
        if window_ms >= SHORTEST_USUAL_MS {
            return ms;
        }
        let ms = ms as f64 * window_ms as f64 / USUAL_WINDOW_MS as f64;
        (ms.ceil() as u64).max(1).next_multiple_of(SLICE_MS)
    };
    USUAL
        .iter()
        .map(|(severity, share, long_ms, short_ms)| {
            let long_ms = scaled(*long_ms);
            BurnAlert {
                severity: *severity,
                long: Span(long_ms),
                short: Span(scaled(*short_ms)),
                factor: rounded(share * window_ms as f64 / long_ms as f64),
            }
        })
        .collect()
}

/// To a thousandth of a thousandth: 14.4, not 14.399999999999999.
fn rounded(factor: f64) -> f64 {
    (factor * 1e6).round() / 1e6
}

/// The burn when everything is bad: infinite where nothing may be.
pub fn max_burn(target: f64) -> f64 {
    1.0 / allowed_share(target)
}

/// Whether an alert can fire at all: burn has to be above its factor, and is at most [`max_burn`].
pub fn can_fire(factor: f64, target: f64) -> bool {
    factor < max_burn(target)
}

/// How long a total outage lasts before an alert of the long window fires, in milliseconds.
pub fn detected_after_ms(alert: &BurnAlert, target: f64) -> f64 {
    allowed_share(target) * alert.factor * alert.long.0 as f64
}

/// What two windows say about an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both burn above the factor.
    Fires,
    /// At least one does not.
    Quiet,
    /// Both do, and too little was bad, or of too few clients, to wake anybody for.
    Insufficient,
    /// Nothing came in one of them.
    NoData,
}

/// What two windows say about an alert.
///
/// `clients_bad` are distinct clients that had something bad in the long window. Where nothing may be
/// bad there is no burn: then any violation counts, of at least `min_clients` clients.
pub fn fires(
    alert: &BurnAlert,
    target: f64,
    long: Counts,
    short: Counts,
    clients_bad: u32,
    min_clients: u32,
) -> Verdict {
    if long.n == 0 || short.n == 0 {
        return Verdict::NoData;
    }
    let nothing_may_be_bad = allowed_share(target) <= 0.0;
    let over = |counts| match burn(counts, target) {
        Some(burn) => burn > alert.factor,
        None => counts.bad > 0,
    };
    let min_bad = if nothing_may_be_bad { 1 } else { MIN_BAD };
    if !over(long) || !over(short) {
        Verdict::Quiet
    } else if long.bad >= min_bad && clients_bad >= min_clients {
        Verdict::Fires
    } else {
        Verdict::Insufficient
    }
}

/// Where an alert stands from now on, if that is elsewhere than before.
///
/// `was` is absent for one that was never raised. Silence after an alert is unknown and not fine.
/// Where too little is bad to raise it, it is too much to say that it is over.
pub fn next(was: Option<AlertState>, severity: Severity, verdict: Verdict) -> Option<AlertState> {
    let raised = match severity {
        Severity::Page => AlertState::Page,
        Severity::Ticket => AlertState::Ticket,
    };
    let is_over = was.is_none_or(|was| was == AlertState::Resolved);
    let state = match verdict {
        Verdict::Fires => raised,
        Verdict::Quiet if !is_over => AlertState::Resolved,
        Verdict::NoData if !is_over => AlertState::Unknown,
        _ => return None,
    };
    (was != Some(state)).then_some(state)
}
