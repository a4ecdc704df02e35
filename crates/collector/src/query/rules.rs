//! Turns what is promised of a feature into the rules by which its outages are found.

use latency::outage::{Open, Rules, Slice};
use protocol::budget::Budgets;
use protocol::latency::SLICE_MS;
use store::{FeatureSlice, Step};

use crate::budgets::InForce;

/// The rules of one feature; the usual ones for what the budgets do not name. What is enough for a
/// slice to say something is enough for an outage to open: an author who asks for less than usual
/// would never see one otherwise.
pub(crate) fn rules(in_force: &InForce, feature: &str) -> Rules {
    let usual = Rules {
        slice_ms: step(&in_force.budgets).ms(),
        ..Rules::default()
    };
    let Some(feature) = in_force.feature(feature) else {
        return usual;
    };
    Rules {
        min_samples: feature.min_samples,
        min_clients: feature.min_clients,
        open: Open {
            attempts: u64::from(feature.min_samples),
            clients: feature.min_clients,
            ..usual.open
        },
        ..usual
    }
}

/// The length of time in which clients vote: 10 s, or a minute where there is little traffic.
pub(crate) const fn step(budgets: &Budgets) -> Step {
    if budgets.slice.0 > SLICE_MS {
        Step::Minute
    } else {
        Step::Slice
    }
}

/// What the clients said in one step.
pub(crate) fn slice_of(feature: &FeatureSlice, step: Step) -> Slice {
    let totals = &feature.totals;
    Slice {
        number: feature.start_ms / step.ms(),
        eligible: totals.eligible,
        bad: totals.bad,
        held: totals.held,
        voting: u32::try_from(totals.voting).unwrap_or(u32::MAX),
        failing: u32::try_from(totals.failing).unwrap_or(u32::MAX),
        held_clients: totals.held_clients,
        clients: totals.clients,
    }
}
