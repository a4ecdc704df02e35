//! Turns "how fast, how available" into what is asked of a store, and the sums that it answers.

use latency::Histogram;
use protocol::latency::{CLASSES, PHASES, SLICE_MS, Within};

use super::ExemplarRow;
use crate::{ProjectId, Span};

/// A length of time that sums are kept for. Each begins at a whole multiple of its length since 1970
/// (UTC), so that the longer ones hold whole shorter ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// 10 s, [`SLICE_MS`]: how outages are found.
    Slice,
    /// 60 s.
    Minute,
    /// 3,600 s; never pruned.
    Hour,
}

impl Step {
    /// The finest first.
    pub const ALL: [Self; 3] = [Self::Slice, Self::Minute, Self::Hour];

    /// Its length in milliseconds.
    pub const fn ms(self) -> u64 {
        match self {
            Self::Slice => SLICE_MS,
            Self::Minute => 60_000,
            Self::Hour => 3_600_000,
        }
    }
}

/// Which sums to read as they are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlicesFilter {
    /// Of which project.
    pub project: ProjectId,
    /// Of which feature; of all when absent.
    pub feature: Option<String>,
    /// Those that begin in it.
    pub span: Span,
    /// Of which length. What was pruned is absent, as is what nothing is known of.
    pub step: Step,
}

/// Sums of one feature over one [`Step`].
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureSlice {
    /// Slug; empty for what belongs to no feature.
    pub feature: String,
    /// When it begins; milliseconds since 1970 (UTC).
    pub start_ms: u64,
    /// What was counted.
    pub totals: SliceTotals,
}

/// What was counted of one feature over some time.
///
/// Distinct installs are exact below [`latency::distinct`]'s size, and estimates beyond it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SliceTotals {
    /// Votes: page loads that said something of a slice, summed over slices.
    pub voting: u64,
    /// Those of them that said that it failed.
    pub failing: u64,
    /// Attempts that count for availability, without those held.
    pub eligible: u64,
    /// Those of them that failed.
    pub bad: u64,
    /// Attempts that failed while nothing proved that the client was online.
    pub held: u64,
    /// Attempts that count for latency.
    pub n: u64,
    /// Attempts (for availability or latency, whichever are more) whose time is not believed: they
    /// are part of the counts above and cast no vote.
    pub skewed: u64,
    /// Distinct installs that said anything.
    pub clients: u32,
    /// Distinct installs of which an attempt failed.
    pub bad_clients: u32,
    /// Distinct installs that said of a slice only that attempts are held.
    pub held_clients: u32,
    /// By threshold, in the order of stage and milliseconds.
    pub thresholds: Vec<ThresholdTotals>,
}

impl SliceTotals {
    /// What was counted against this threshold, if it was ever counted.
    pub fn threshold(&self, within: Within) -> Option<&ThresholdTotals> {
        self.thresholds
            .iter()
            .find(|totals| totals.within == within)
    }
}

/// What was counted against one threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThresholdTotals {
    /// Which.
    pub within: Within,
    /// Attempts that count for latency, of page loads that knew the threshold. Less than
    /// [`SliceTotals::n`] when the threshold was changed meanwhile.
    pub n: u64,
    /// Those of them that were over it.
    pub slow: u64,
    /// Distinct installs that had one over it.
    pub slow_clients: u32,
}

/// Which sums to read over which spans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SumsFilter {
    /// Of which project.
    pub project: ProjectId,
    /// Of which feature; of all when absent.
    pub feature: Option<String>,
    /// Each is answered for itself; they may overlap. Cut to whole slices: a slice is in the span
    /// that it begins in. Each is put together from the longest [`Step`]s that fit into it exactly;
    /// where shorter ones have been pruned, the longer one is in the span that it begins in.
    pub spans: Vec<Span>,
    /// Whether distributions are read too; they cost more, and are exact to the minute only.
    pub with_distribution: bool,
}

/// Sums of one feature over one span.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureSum {
    /// Slug; empty for what belongs to no feature.
    pub feature: String,
    /// What was counted.
    pub totals: SliceTotals,
    /// How it was distributed; empty unless asked for. Without exemplars, which belong to templates.
    pub distribution: Distribution,
}

/// How attempts were distributed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Distribution {
    /// Attempts by class, in the order of [`latency::Class`].
    pub classes: [u64; CLASSES],
    /// Time until headers, of what counts for latency.
    pub histogram: Histogram,
    /// The same of attempts that failed.
    pub errors: Histogram,
    /// Sums by phase in milliseconds: queue, connect, server, transfer, main thread.
    pub phases: [u64; PHASES],
    /// Attempts that `phases` are sums of.
    pub phase_n: u64,
    /// The two slowest, the slowest first.
    pub exemplars: Vec<ExemplarRow>,
}

impl Distribution {
    /// Slowest attempts that are kept; of equally slow ones the earlier.
    pub const MAX_EXEMPLARS: usize = 2;

    /// Attempts of every class.
    pub fn requests(&self) -> u64 {
        self.classes.iter().sum()
    }

    /// Adds another, but for its exemplars.
    pub fn merge_counts(&mut self, other: &Self) {
        for (count, more) in self.classes.iter_mut().zip(other.classes) {
            *count += more;
        }
        self.histogram.merge(&other.histogram);
        self.errors.merge(&other.errors);
        for (sum, more) in self.phases.iter_mut().zip(other.phases) {
            *sum += more;
        }
        self.phase_n += other.phase_n;
    }

    /// Adds another.
    pub fn merge(&mut self, other: &Self) {
        self.merge_counts(other);
        self.exemplars.extend_from_slice(&other.exemplars);
        // Every field decides, so that the order of merging does not.
        self.exemplars.sort_by(|a, b| {
            let slower = b.ms.cmp(&a.ms);
            let rest = |one: &ExemplarRow| (one.slice, one.class, one.status);
            slower
                .then_with(|| rest(a).cmp(&rest(b)))
                .then_with(|| a.trace.cmp(&b.trace))
        });
        self.exemplars.truncate(Self::MAX_EXEMPLARS);
    }
}

/// Sums of one template over a span.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateSum {
    /// HTTP method, or what stands for it.
    pub method: String,
    /// Template, or [`protocol::latency::OTHER_TEMPLATE`].
    pub template: String,
    /// How it was distributed.
    pub distribution: Distribution,
}

/// One web vital over a span, to the hour.
#[derive(Clone, Debug, PartialEq)]
pub struct VitalSum {
    /// `LCP`, `INP`, `CLS`, `FCP` or `TTFB`.
    pub name: String,
    /// Milliseconds; of `CLS`, thousandths of its unit.
    pub histogram: Histogram,
}
