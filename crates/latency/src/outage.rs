//! Turns the votes of clients, slice by slice, into outages.
//!
//! Each client has one vote a slice, so that one that tries again and again counts once. An outage
//! opens after a run of bad slices and closes at the first slice of a run of good ones; slices that
//! nobody speaks in neither open nor close it. Half of the clients, because chance makes hardly
//! anything of that: with twenty clients and 2 % of noise once in 10^11 slices.

use crate::availability::Interval;

/// What clients said in one slice of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// Number of the slice.
    pub number: u64,
    /// Attempts that count, without those held.
    pub eligible: u64,
    /// Those of them that failed.
    pub bad: u64,
    /// Attempts that failed while nothing proved that their client was online.
    pub held: u64,
    /// Clients with a vote.
    pub voting: u32,
    /// Those of them of whose attempts at least half failed.
    pub failing: u32,
    /// Clients that only have attempts that are held.
    pub held_clients: u32,
    /// Different browsers behind the clients.
    pub clients: u32,
}

impl Slice {
    /// With what was held counted in, when enough others failed too: then it was not their own
    /// connection.
    fn settled(&self, rules: &Rules) -> Self {
        if self.held_clients == 0 && self.held == 0 || self.failing < rules.min_clients {
            return *self;
        }
        Self {
            eligible: self.eligible + self.held,
            bad: self.bad + self.held,
            voting: self.voting + self.held_clients,
            failing: self.failing + self.held_clients,
            held: 0,
            held_clients: 0,
            ..*self
        }
    }

    /// The share of clients that failed; 0 without any.
    pub fn share(&self) -> f64 {
        if self.voting == 0 {
            return 0.0;
        }
        f64::from(self.failing) / f64::from(self.voting)
    }
}

/// When an outage begins and ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// Attempts below which a slice says nothing.
    pub min_samples: u32,
    /// Clients below which a slice says nothing.
    pub min_clients: u32,
    /// Milliseconds of a slice.
    pub slice_ms: u64,
    /// Share of failing clients from which a slice is bad.
    pub bad_share: f64,
    /// Share of failing clients up to which a slice is good.
    pub good_share: f64,
    /// Milliseconds of bad slices that open an outage.
    pub open_ms: u64,
    /// Attempts in them, at least.
    pub open_attempts: u64,
    /// Milliseconds of good slices that close it.
    pub close_ms: u64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            min_samples: 20,
            min_clients: 3,
            slice_ms: protocol::latency::SLICE_MS,
            bad_share: 0.5,
            good_share: 0.2,
            open_ms: 20_000,
            open_attempts: 20,
            close_ms: 30_000,
        }
    }
}

/// What a slice says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SliceState {
    /// Almost everybody is served.
    Good,
    /// Between good and bad: whatever was so stays so.
    Hold,
    /// At least half are not served.
    Bad,
    /// Nobody can say.
    NoData,
}

/// What a slice says.
pub fn state(slice: &Slice, rules: &Rules) -> SliceState {
    let slice = slice.settled(rules);
    let clients = slice.voting.min(slice.clients.max(slice.held_clients));
    if slice.eligible < rules.min_samples.into() || clients < rules.min_clients {
        return SliceState::NoData;
    }
    match slice.share() {
        share if share >= rules.bad_share => SliceState::Bad,
        share if share <= rules.good_share => SliceState::Good,
        _ => SliceState::Hold,
    }
}

/// A stretch of slices in which something was down.
#[derive(Clone, Debug, PartialEq)]
pub struct Outage {
    /// Its first bad slice.
    pub from: u64,
    /// The first good slice after it; absent while it lasts.
    pub to: Option<u64>,
    /// Whether only some clients were concerned.
    pub partial: bool,
    /// Largest share of failing clients in a slice.
    pub peak_share: f64,
    /// Attempts that failed.
    pub failed: u64,
}

/// The outages from slice `first` up to but without `end`. `slices` ascend; those that are absent
/// have no data. Whole outages first, then partial ones that do not touch any of them.
pub fn outages(first: u64, end: u64, slices: &[Slice], rules: &Rules) -> Vec<Outage> {
    let inside: Vec<Slice> = slices
        .iter()
        .filter(|slice| (first..end).contains(&slice.number))
        .map(|slice| slice.settled(rules))
        .collect();
    let mut found = machine(&inside, rules, false, |slice| state(slice, rules));
    let partial = machine(&inside, rules, true, |slice| partial_state(slice, rules));
    let overlaps = |it: &Outage| {
        let mut whole = found.iter();
        whole.any(|other| it.from < other.to.unwrap_or(end) && other.from < it.to.unwrap_or(end))
    };
    let partial: Vec<Outage> = partial.into_iter().filter(|it| !overlaps(it)).collect();
    found.extend(partial);
    found
}

/// Where a tenth of the clients fail, and hardly by chance: the lower end of the 95 % interval
/// (Wilson, 1927) is above a twentieth.
fn partial_state(slice: &Slice, rules: &Rules) -> SliceState {
    let state = state(slice, rules);
    if state == SliceState::NoData {
        return state;
    }
    match slice.share() {
        share if share >= 0.1 && wilson_low(slice.failing, slice.voting) > 0.05 => SliceState::Bad,
        share if share < 0.1 => SliceState::Good,
        _ => SliceState::Hold,
    }
}

/// The lower end of the 95 % Wilson interval of a share.
pub fn wilson_low(hits: u32, n: u32) -> f64 {
    const Z: f64 = 1.959_963_984_540_054;
    if n == 0 {
        return 0.0;
    }
    let (n, p) = (f64::from(n), f64::from(hits) / f64::from(n));
    let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    (p + Z * Z / (2.0 * n) - spread) / (1.0 + Z * Z / n)
}

/// A run of slices of one kind.
#[derive(Clone, Copy, Default)]
struct Run {
    from: u64,
    slices: u64,
    attempts: u64,
    failed: u64,
    peak: f64,
}

impl Run {
    fn take(&mut self, slice: &Slice) {
        if self.slices == 0 {
            self.from = slice.number;
        }
        self.slices += 1;
        self.attempts += slice.eligible;
        self.failed += slice.bad;
        self.peak = self.peak.max(slice.share());
    }
}

fn machine(
    slices: &[Slice],
    rules: &Rules,
    partial: bool,
    state: impl Fn(&Slice) -> SliceState,
) -> Vec<Outage> {
    let mut found = Vec::new();
    let mut open: Option<Outage> = None;
    let (mut bad, mut good) = (Run::default(), Run::default());
    for slice in slices {
        let now = state(slice);
        if let Some(outage) = &mut open
            && now != SliceState::NoData
        {
            outage.failed += slice.bad;
            outage.peak_share = outage.peak_share.max(slice.share());
        }
        match (now, open.is_some()) {
            (SliceState::NoData, _) => {}
            (SliceState::Bad, false) => {
                bad.take(slice);
                let enough = bad.attempts >= rules.open_attempts;
                if bad.slices * rules.slice_ms >= rules.open_ms && enough {
                    good = Run::default();
                    open = Some(Outage {
                        from: bad.from,
                        to: None,
                        partial,
                        peak_share: bad.peak,
                        failed: bad.failed,
                    });
                }
            }
            (SliceState::Good, true) => {
                good.take(slice);
                if good.slices * rules.slice_ms >= rules.close_ms
                    && let Some(outage) = open.take()
                {
                    bad = Run::default();
                    found.push(Outage {
                        to: Some(good.from),
                        failed: outage.failed.saturating_sub(good.failed),
                        ..outage
                    });
                }
            }
            (SliceState::Bad | SliceState::Hold, true) => good = Run::default(),
            (SliceState::Good | SliceState::Hold, false) => bad = Run::default(),
        }
    }
    found.extend(open);
    found
}

/// Whether it fails and recovers again and again: three begin within an hour.
pub fn flapping(outages: &[Interval]) -> bool {
    let mut starts: Vec<u64> = outages.iter().map(|it| it.from_ms).collect();
    starts.sort_unstable();
    let mut threes = starts.windows(3);
    threes.any(|three| matches!(three, [first, _, last] if last - first <= 3_600_000))
}
