//! Turns average phases into one bar against the budget: who had the time.

use protocol::budget::Stage;
use protocol::query::performance::{FeatureDetail, ObjectiveKind};

use super::quantity;
use crate::words::say;

/// One phase of the average request.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Name in styles.
    pub name: &'static str,
    /// What people read.
    pub label: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Average milliseconds.
    pub ms: f64,
    /// Where it begins on the bar, from 0 to 1.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Whether the clock of the budget has stopped before it.
    pub is_after: bool,
}

/// The picture of who had the time.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// In order of time.
    pub parts: Vec<Part>,
    /// The first latency budget, and where it lies on the bar; absent without one.
    pub budget: Option<(u32, f64)>,
    /// Average milliseconds that count for the budget.
    pub counted_ms: f64,
    /// Requests that these are averages of.
    pub n: u64,
}

impl Split {
    /// Of one feature; `None` when no browser told.
    pub fn new(detail: &FeatureDetail) -> Option<Self> {
        let blame = detail.blame;
        if blame.n == 0 {
            return None;
        }
        let promise = detail
            .summary
            .objectives
            .iter()
            .find_map(|one| match one.kind {
                ObjectiveKind::Latency { stage, within_ms } => Some((stage, within_ms)),
                ObjectiveKind::Availability => None,
            });
        let ends_before = promise.is_some_and(|(stage, _)| stage == Stage::Headers);
        let phases = [
            (
                "queue",
                say::blame_queue(),
                say::blame_queue_what(),
                blame.queue_ms,
            ),
            (
                "connect",
                say::blame_connect(),
                say::blame_connect_what(),
                blame.connect_ms,
            ),
            (
                "server",
                say::blame_server(),
                say::blame_server_what(),
                blame.server_ms,
            ),
            (
                "main",
                say::blame_main(),
                say::blame_main_what(),
                blame.main_thread_ms,
            ),
            (
                "transfer",
                say::blame_transfer(),
                say::blame_transfer_what(),
                blame.transfer_ms,
            ),
        ];
        let total: f64 = phases.iter().map(|phase| phase.3.max(0.0)).sum();
        let budget_ms = promise.map(|(_, ms)| f64::from(ms));
        let whole = budget_ms.unwrap_or(0.0).max(total).max(f64::MIN_POSITIVE);
        let mut at = 0.0;
        let mut counted_ms = 0.0;
        let parts = phases.map(|(name, label, what, ms)| {
            let ms = ms.max(0.0);
            let from = at / whole;
            at += ms;
            let is_after = name == "transfer" && ends_before;
            if !is_after {
                counted_ms += ms;
            }
            Part {
                name,
                label,
                what: if is_after {
                    say::blame_not_in_budget()
                } else {
                    what
                },
                ms,
                from,
                to: at / whole,
                is_after,
            }
        });
        Some(Self {
            parts: parts.into(),
            budget: promise.map(|(_, ms)| (ms, f64::from(ms) / whole)),
            counted_ms,
            n: blame.n,
        })
    }

    /// `188 ms of 300 ms budget`.
    pub fn sum(&self) -> String {
        let counted = quantity::latency(self.counted_ms);
        match self.budget {
            Some((ms, _)) => say::blame_of_budget(&quantity::threshold(ms), &counted),
            None => counted,
        }
    }

    /// Share of the budget that a part takes; of the whole time where there is no budget.
    pub fn share(&self, part: &Part) -> String {
        if part.is_after {
            return String::from("\u{2014}");
        }
        let whole = match self.budget {
            Some((ms, _)) => f64::from(ms),
            None => self.counted_ms,
        };
        match whole > 0.0 {
            true => quantity::share(part.ms / whole),
            false => String::from("0 %"),
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::query::performance::Blame;

    use super::super::example;
    use super::*;

    fn detail() -> FeatureDetail {
        let mut detail = example::detail(vec![]);
        detail.blame = Blame {
            n: 40,
            queue_ms: 12.0,
            connect_ms: 18.0,
            server_ms: 150.0,
            transfer_ms: 40.0,
            main_thread_ms: 8.0,
        };
        detail
    }

    #[test]
    fn a_bar_has_room_up_to_the_budget() {
        let split = Split::new(&detail()).unwrap();
        assert_eq!(split.sum(), "188 ms of 300 ms budget");
        let (_, at) = split.budget.unwrap();
        assert!((at - 1.0).abs() < 1e-9);
        assert!(
            split
                .parts
                .windows(2)
                .all(|p| (p[0].to - p[1].from).abs() < 1e-9)
        );
        assert!((split.parts[4].to - 228.0 / 300.0).abs() < 1e-9);
        assert_eq!(split.share(&split.parts[2]), "50 %");
    }

    #[test]
    fn a_transfer_is_no_part_of_a_budget_that_ends_before_it() {
        let mut detail = detail();
        let transfer = |detail: &FeatureDetail| {
            let split = Split::new(detail).unwrap();
            (split.parts[4].is_after, split.counted_ms)
        };
        assert_eq!(transfer(&detail), (true, 188.0));
        detail.summary.objectives[0].kind = ObjectiveKind::Latency {
            stage: Stage::Body,
            within_ms: 300,
        };
        assert_eq!(transfer(&detail), (false, 228.0));
    }

    #[test]
    fn what_is_over_the_budget_reaches_past_its_line() {
        let mut detail = detail();
        detail.blame.server_ms = 450.0;
        let split = Split::new(&detail).unwrap();
        let (_, at) = split.budget.unwrap();
        assert!(at < 1.0 && (split.parts[4].to - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_no_browser_told_has_no_picture() {
        assert_eq!(Split::new(&example::detail(vec![])), None);
        let mut detail = detail();
        detail.summary.objectives.clear();
        let split = Split::new(&detail).unwrap();
        assert_eq!((split.budget, split.sum()), (None, String::from("228 ms")));
    }
}
