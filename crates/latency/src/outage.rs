//! Turns votes of clients, slice by slice, into outages.
//!
//! A client votes in a slice in which it tried something: that it works, or that at least half of its
//! attempts failed. So one client counts once, however often it tries again.
//!
//! | slice | when |
//! |---|---|
//! | unknown | too few clients, or attempts: neither opens nor closes, and is never fine |
//! | bad | at least half of the clients fail |
//! | good | at most a fifth do |
//! | hold | between: all stays as it is |

use crate::availability::Interval;

mod machine;

use machine::Machine;

/// What clients said of one slice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// Its number: slices are counted from 1970 on (UTC), each `slice_ms` of [`Rules`] long.
    pub number: u64,
    /// Attempts that count for availability, without those held.
    pub eligible: u64,
    /// Those of them that failed.
    pub bad: u64,
    /// Attempts that failed while nothing proved that the client was online.
    pub held: u64,
    /// Votes.
    pub voting: u32,
    /// Those of them that say that it failed.
    pub failing: u32,
    /// Distinct installs of which an attempt is held.
    pub held_clients: u32,
    /// Distinct installs that said anything.
    pub clients: u32,
}

/// When an outage opens: all of it, in one run of bad slices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Open {
    /// Share of failing clients from which on a slice is bad, 0 to 1.
    pub share: f64,
    /// Attempts in the run.
    pub attempts: u64,
    /// Clients in one slice of it.
    pub clients: u32,
    /// Milliseconds of bad slices.
    pub ms: u64,
}

/// When an outage closes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Close {
    /// Share of failing clients up to which a slice is good, 0 to 1.
    pub share: f64,
    /// Milliseconds of good slices, with none between that are known not to be.
    pub ms: u64,
}

/// By what outages are found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// Attempts below which a slice says nothing.
    pub min_samples: u32,
    /// Clients below which a slice says nothing.
    pub min_clients: u32,
    /// Milliseconds of a slice.
    pub slice_ms: u64,
    /// When one opens.
    pub open: Open,
    /// When it closes.
    pub close: Close,
    /// Share of failing clients from which on a slice is degraded, 0 to 1. What is degraded recovers
    /// at the part of it that [`Close::share`] is of [`Open::share`].
    pub partial: f64,
    /// What the share has to be above for certain (95 %, by Wilson) for a slice to be degraded.
    pub partial_certain: f64,
    /// Clients that must have failed for certain before held attempts of others are believed.
    pub held_quorum: u32,
    /// Milliseconds of silence after which bad slices are not the same run any more.
    pub silence_ms: u64,
}

impl Default for Rules {
    /// With 20 clients of whom each fails by chance in one slice of fifty, half of them do in 1.6 of a
    /// million million slices. A tenth of them, at one in two hundred, do in 4.5 of a thousand: hence
    /// the certainty that a partial outage asks for beside its share.
    fn default() -> Self {
        Self {
            min_samples: 20,
            min_clients: 3,
            slice_ms: protocol::latency::SLICE_MS,
            open: Open {
                share: 0.5,
                attempts: 20,
                clients: 3,
                ms: 20_000,
            },
            close: Close {
                share: 0.2,
                ms: 30_000,
            },
            partial: 0.1,
            partial_certain: 0.05,
            held_quorum: 3,
            silence_ms: 300_000,
        }
    }
}

/// What a slice says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SliceState {
    /// It works.
    Good,
    /// Neither: all stays as it is.
    Hold,
    /// It does not work.
    Bad,
    /// Nothing.
    NoData,
}

/// A stretch of time in which something did not work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outage {
    /// Number of its first bad slice.
    pub from: u64,
    /// Number of the first good slice after it; absent while it lasts.
    pub to: Option<u64>,
    /// Whether it was one of some clients only.
    pub partial: bool,
    /// Largest share of clients that failed in one slice, 0 to 1.
    pub peak_share: f64,
    /// Attempts that failed.
    pub failed: u64,
}

/// Votes of a slice, held ones included where they are believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Votes {
    voting: u32,
    failing: u32,
    clients: u32,
    attempts: u64,
    failed: u64,
}

impl Votes {
    /// Whoever was offline tells of failures that are its own, so they are believed only of a slice in
    /// which enough others failed for certain, and only of clients that did not vote anyway.
    fn of(slice: &Slice, rules: &Rules) -> Self {
        let voters = slice.voting.min(slice.clients);
        let silent = slice.clients.saturating_sub(slice.voting);
        let (held_clients, held) = if slice.failing >= rules.held_quorum {
            (slice.held_clients.min(silent), slice.held)
        } else {
            (0, 0)
        };
        Self {
            voting: slice.voting.saturating_add(held_clients),
            failing: slice.failing.min(slice.voting).saturating_add(held_clients),
            clients: voters.saturating_add(held_clients),
            attempts: slice.eligible.saturating_add(held),
            failed: slice.bad.saturating_add(held),
        }
    }

    fn share(self) -> f64 {
        f64::from(self.failing) / f64::from(self.voting.max(1))
    }

    fn says_something(self, rules: &Rules) -> bool {
        self.voting > 0
            && self.clients >= rules.min_clients
            && self.attempts >= u64::from(rules.min_samples)
    }
}

/// What a slice says.
pub fn state(slice: &Slice, rules: &Rules) -> SliceState {
    Level::full(rules).state(Votes::of(slice, rules), rules)
}

/// The share of clients for which it failed, 0 to 1; absent where a slice says nothing.
pub fn share(slice: &Slice, rules: &Rules) -> Option<f64> {
    let votes = Votes::of(slice, rules);
    votes.says_something(rules).then(|| votes.share())
}

/// Milliseconds of outage, each slice by the share of clients for which it failed.
///
/// # Source
///
/// `OpenSLO` v1, budgeting method `RatioTimeslices`. It needs no threshold and sees outages that are
/// shorter than any rule.
pub fn ratio_down_ms(slices: &[Slice], rules: &Rules) -> u64 {
    let shares = slices.iter().filter_map(|slice| share(slice, rules));
    (shares.sum::<f64>() * rules.slice_ms as f64).round() as u64
}

/// From which share on a slice is bad, and up to which it is good.
#[derive(Clone, Copy, Debug)]
struct Level {
    bad: f64,
    good: f64,
    /// What the share must be above for certain.
    certain: f64,
}

impl Level {
    const fn full(rules: &Rules) -> Self {
        Self {
            bad: rules.open.share,
            good: rules.close.share,
            certain: 0.0,
        }
    }

    fn partial(rules: &Rules) -> Self {
        Self {
            bad: rules.partial,
            good: rules.partial * rules.close.share / rules.open.share,
            certain: rules.partial_certain,
        }
    }

    fn state(self, votes: Votes, rules: &Rules) -> SliceState {
        let share = votes.share();
        if !votes.says_something(rules) {
            SliceState::NoData
        } else if share >= self.bad && wilson_low(votes.failing, votes.voting) > self.certain {
            SliceState::Bad
        } else if share <= self.good {
            SliceState::Good
        } else {
            SliceState::Hold
        }
    }
}

/// The lower end of the 95 % interval of a share.
///
/// # Source
///
/// Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
fn wilson_low(part: u32, n: u32) -> f64 {
    const Z: f64 = 1.959_964;
    if n == 0 {
        return 0.0;
    }
    let n = f64::from(n);
    let share = f64::from(part) / n;
    let square = Z * Z;
    let spread = Z * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
    ((share + square / (2.0 * n) - spread) / (1.0 + square / n)).max(0.0)
}

/// Outages in slices `first` (inclusive) to `end` (exclusive), in order of time.
///
/// `slices` are in order, and those that are absent say nothing. Partial ones are what is left of
/// degraded time beside full ones: they never overlap.
pub fn outages(first: u64, end: u64, slices: &[Slice], rules: &Rules) -> Vec<Outage> {
    let within = slices
        .iter()
        .filter(|slice| (first..end).contains(&slice.number));
    let told: Vec<(u64, Votes)> = within
        .map(|slice| (slice.number, Votes::of(slice, rules)))
        .collect();
    let mut full = Machine::new(Level::full(rules), rules);
    for (number, votes) in &told {
        full.step(*number, *votes);
    }
    let full = full.end();
    let mut partial = Machine::new(Level::partial(rules), rules);
    let mut ahead = full.iter().peekable();
    for (number, votes) in &told {
        while ahead
            .next_if(|(_, to)| to.is_some_and(|to| to <= *number))
            .is_some()
        {}
        match ahead.peek() {
            Some((from, _)) if from <= number => partial.cut(*from),
            _ => partial.step(*number, *votes),
        }
    }
    let partial = partial.end();
    let full = full.iter().map(|stretch| outage(*stretch, false, &told));
    let partial = partial.iter().map(|stretch| outage(*stretch, true, &told));
    let mut found: Vec<Outage> = full.chain(partial).collect();
    found.sort_by_key(|outage| outage.from);
    found
}

fn outage((from, to): (u64, Option<u64>), partial: bool, told: &[(u64, Votes)]) -> Outage {
    let start = told.partition_point(|(number, _)| *number < from);
    let stop = to.map_or(told.len(), |to| {
        told.partition_point(|(number, _)| *number < to)
    });
    let votes = told.get(start..stop).unwrap_or_default();
    Outage {
        from,
        to,
        partial,
        peak_share: votes
            .iter()
            .map(|(_, votes)| votes.share())
            .fold(0.0, f64::max),
        failed: votes.iter().map(|(_, votes)| votes.failed).sum(),
    }
}

/// Whether something fails and recovers again and again: three outages begin within an hour.
pub fn flapping(outages: &[Interval]) -> bool {
    const HOUR_MS: u64 = 3_600_000;
    let mut starts: Vec<u64> = outages.iter().map(|one| one.from_ms).collect();
    starts.sort_unstable();
    let mut threes = starts.windows(3);
    threes.any(|three| three[2] - three[0] <= HOUR_MS)
}
