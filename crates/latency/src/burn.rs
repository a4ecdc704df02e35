//! Turns burn rates over a long and a short window into alerts, and alerts into changes of state.
//!
//! Windows and shares of the budget are those of The Site Reliability Workbook, chapter 5, table 5-8,
//! as Sloth ships them; the factor follows from the length of the budget's window.

use protocol::budget::{BurnAlert, Severity, Span};
use protocol::query::performance::AlertState;

use crate::objective::{Counts, burn};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
/// Nothing is measured in less than a slice.
const SLICE: u64 = protocol::latency::SLICE_MS;

/// Bad attempts below which nobody is woken: one of thirty would be a burn of 33 at 99.9 %.
pub const MIN_BAD: u64 = 10;

/// Severity, long window, short window, share of the budget that is gone after the long window.
const USUAL: [(Severity, u64, u64, f64); 4] = [
    (Severity::Page, HOUR, 5 * MINUTE, 0.02),
    (Severity::Page, 6 * HOUR, 30 * MINUTE, 0.05),
    (Severity::Ticket, 24 * HOUR, 2 * HOUR, 0.10),
    (Severity::Ticket, 72 * HOUR, 6 * HOUR, 0.10),
];

/// The usual alerts for a budget's window: `factor = share * window / long`. Windows that would be
/// longer than the budget's own are left out.
pub fn default_alerts(window_ms: u64) -> Vec<BurnAlert> {
    USUAL
        .iter()
        .filter(|(_, long, ..)| *long <= window_ms)
        .map(|(severity, long, short, share)| BurnAlert {
            severity: *severity,
            long: Span(*long),
            short: Span((*short).max(SLICE)),
            factor: share * window_ms as f64 / *long as f64,
        })
        .collect()
}

/// The highest burn rate there can be: everything is bad. A factor at or above it never fires.
pub fn max_burn(target: f64) -> f64 {
    1.0 / (1.0 - target)
}

/// Milliseconds until an alert fires once a share of attempts is bad, from then on.
pub fn detected_after_ms(alert: &BurnAlert, target: f64, bad_share: f64) -> f64 {
    (1.0 - target) / bad_share * alert.long.0 as f64 * alert.factor
}

/// What one alert says right now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both windows burn faster than the factor.
    Fires,
    /// They do not.
    Quiet,
    /// They do, of too few failures or clients to wake anybody.
    Insufficient,
    /// Nothing came in one of the windows.
    NoData,
}

/// Holds an alert against what both windows counted. `clients` is how many different ones sent what
/// was bad.
pub fn fires(
    alert: &BurnAlert,
    target: f64,
    long: Counts,
    short: Counts,
    clients: u32,
    min_clients: u32,
) -> Verdict {
    let (Some(in_long), Some(in_short)) = (burn(long, target), burn(short, target)) else {
        return Verdict::NoData;
    };
    if in_long < alert.factor || in_short < alert.factor {
        Verdict::Quiet
    } else if long.bad < MIN_BAD || clients < min_clients {
        Verdict::Insufficient
    } else {
        Verdict::Fires
    }
}

/// What an alert becomes, when that is a change. One that was never raised has nothing to resolve,
/// and silence resolves nothing.
pub fn change(before: Option<AlertState>, severity: Severity, now: Verdict) -> Option<AlertState> {
    let raised = match severity {
        Severity::Page => AlertState::Page,
        Severity::Ticket => AlertState::Ticket,
    };
    let is_raised = matches!(
        before,
        Some(AlertState::Page | AlertState::Ticket | AlertState::Unknown)
    );
    let after = match now {
        Verdict::Fires => raised,
        Verdict::Quiet if is_raised => AlertState::Resolved,
        Verdict::NoData if is_raised => AlertState::Unknown,
        Verdict::Quiet | Verdict::NoData | Verdict::Insufficient => return None,
    };
    (before != Some(after)).then_some(after)
}
