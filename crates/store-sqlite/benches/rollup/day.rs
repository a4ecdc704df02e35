//! Turns a number of clients into the reports that they send in a day, the same in every run.

use std::collections::BTreeMap;

use protocol::budget::Stage;
use protocol::id::ItemId;
use protocol::latency::{SLICE_MS, Within};
use store::conformance::T0;
use store::{ExemplarRow, FeatureRow, KeyRow, LatencyRow, SliceRow};

const DAY_MS: u64 = 86_400_000;
/// Visits of a client, and reports of a visit: 25 reports a day and client.
const VISITS: u64 = 5;
const REPORTS: u64 = 5;
/// Time between two reports of a visit.
const FLUSH_MS: u64 = 25_000;
/// Templates of each feature; together 50.
pub(crate) const TEMPLATES: [u64; 10] = [14, 10, 7, 5, 4, 3, 3, 2, 1, 1];
/// Thresholds of every feature.
const WITHIN: [Within; 2] = [Within(Stage::Headers, 300), Within(Stage::Headers, 2_000)];
/// A feature that is down for ten minutes: number, start, end.
pub(crate) const DOWN: (u64, u64, u64) = (1, 40_000_000, 40_600_000);

/// One day.
#[derive(Debug)]
pub(crate) struct Day {
    pub(crate) clients: u32,
    /// Of each report: when it arrives, whose it is, when its first slice was.
    sent: Vec<(u64, u32, u64)>,
}

/// One report as it arrives.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) id: ItemId,
    pub(crate) client: u32,
    pub(crate) row: LatencyRow,
    pub(crate) at_ms: u64,
    pub(crate) received_ms: u64,
    pub(crate) requests: u64,
}

/// Random numbers that are the same in every run.
///
/// # Source
///
/// splitmix64, <https://prng.di.unimi.it/splitmix64.c>
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From a normal distribution, nearly: the sum of twelve.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }
}

impl Day {
    pub(crate) fn new(clients: u32) -> Self {
        let random = &mut Random(1);
        let mut sent = Vec::new();
        for client in 0..clients {
            for _ in 0..VISITS {
                let start = time_of_day(random);
                for nth in 0..REPORTS {
                    let from_ms = T0 + start + nth * FLUSH_MS;
                    let arrives = from_ms + FLUSH_MS + delay(random);
                    sent.push((arrives, client, from_ms));
                }
            }
        }
        sent.sort_unstable();
        Self { clients, sent }
    }

    pub(crate) fn reports(&self) -> usize {
        self.sent.len()
    }

    /// The report that arrives as number `nth`.
    pub(crate) fn report(&self, nth: usize) -> Option<Report> {
        let &(received_ms, client, from_ms) = self.sent.get(nth)?;
        let random = &mut Random(nth as u64 ^ 0x5bd1_e995);
        let mut features: BTreeMap<u64, FeatureRow> = BTreeMap::new();
        // A page uses few features, and mostly the first ones.
        let used = [(); 3].map(|()| random.below(10).min(random.below(10)));
        let requests = 15 + random.below(11);
        for _ in 0..requests {
            let feature = used[random.below(3) as usize];
            let row = features.entry(feature).or_insert_with(|| FeatureRow {
                id: format!("feature-{feature}"),
                within: WITHIN.to_vec(),
                ..FeatureRow::default()
            });
            add_attempt(row, feature, from_ms, random);
        }
        for row in features.values_mut() {
            close(row);
        }
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&random.next().to_be_bytes());
        Some(Report {
            id: ItemId::new(from_ms + FLUSH_MS, &bytes),
            client,
            row: LatencyRow {
                features: features.into_values().collect(),
                ..LatencyRow::default()
            },
            at_ms: from_ms + FLUSH_MS,
            received_ms,
            requests,
        })
    }
}

/// When a visit begins: three times as many by day as at night.
fn time_of_day(random: &mut Random) -> u64 {
    loop {
        let at = random.below(DAY_MS - REPORTS * FLUSH_MS);
        let hour = at as f64 / DAY_MS as f64 * std::f64::consts::TAU;
        if random.share() * 1.5 < 1.0 - hour.cos() * 0.5 {
            return at;
        }
    }
}

/// How long a report takes: seconds; of one in a hundred, up to an hour.
fn delay(random: &mut Random) -> u64 {
    let most = if random.below(100) == 0 {
        3_600_000
    } else {
        2_000
    };
    random.below(most)
}

fn add_attempt(row: &mut FeatureRow, feature: u64, from_ms: u64, random: &mut Random) {
    let at_ms = from_ms + random.below(FLUSH_MS);
    let slice = at_ms / SLICE_MS;
    let template = random.below(TEMPLATES[feature as usize]);
    let (down, from, to) = DOWN;
    let is_down = feature == down && (T0 + from..T0 + to).contains(&at_ms);
    let failed = random.share() < if is_down { 0.97 } else { 0.002 };
    // Log-normal: a median of 60 to 340 ms by template, one in twenty three times as long.
    let median = 60.0 + (feature * 7 + template * 20) as f64;
    let ms = median * (random.normal() * 0.6).exp();
    let tenths = (ms * 10.0) as u32;
    let key = key_of(row, template, slice);
    let counts = if failed {
        key.classes[3] += 1;
        key.errors.record(tenths);
        (1, 1, 0)
    } else {
        key.classes[0] += 1;
        key.histogram.record(tenths);
        add_phases(key, ms, random);
        add_exemplar(key, ms as u32, slice, random);
        (1, 0, 1)
    };
    let row = slice_of(row, slice);
    row.eligible += counts.0;
    row.bad += counts.1;
    row.n += counts.2;
    for (slow, Within(_, within)) in row.slow.iter_mut().zip(WITHIN) {
        *slow += u32::from(!failed && tenths > within * 10);
    }
}

fn key_of(row: &mut FeatureRow, template: u64, slice: u64) -> &mut KeyRow {
    let name = format!("/api/template-{template}/:id");
    let at = row.keys.iter().position(|key| key.template == name);
    let at = at.unwrap_or_else(|| {
        row.keys.push(KeyRow {
            method: String::from("GET"),
            template: name,
            slice,
            ..KeyRow::default()
        });
        row.keys.len() - 1
    });
    &mut row.keys[at]
}

fn add_phases(key: &mut KeyRow, ms: f64, random: &mut Random) {
    let shares = [0.05, 0.1, 0.6, 0.2, 0.05];
    for (sum, share) in key.phases.iter_mut().zip(shares) {
        *sum += (ms * share * random.share() * 2.0) as u64;
    }
    key.phase_n += 1;
}

fn add_exemplar(key: &mut KeyRow, ms: u32, slice: u64, random: &mut Random) {
    key.exemplars.push(ExemplarRow {
        ms,
        slice,
        class: 0,
        status: 200,
        trace: format!("{:016x}{:016x}", random.next(), random.next()),
    });
    key.exemplars.sort_by_key(|one| u32::MAX - one.ms);
    key.exemplars.truncate(2);
}

fn slice_of(row: &mut FeatureRow, slice: u64) -> &mut SliceRow {
    let at = row.slices.iter().position(|known| known.slice == slice);
    let at = at.unwrap_or_else(|| {
        row.slices.push(SliceRow {
            slice,
            slow: vec![0; WITHIN.len()],
            ..SliceRow::default()
        });
        row.slices.len() - 1
    });
    &mut row.slices[at]
}

/// Votes, once a slice is over.
fn close(row: &mut FeatureRow) {
    row.slices.sort_by_key(|slice| slice.slice);
    for slice in &mut row.slices {
        slice.voting = 1;
        slice.failing = i32::from(slice.bad * 2 >= slice.eligible);
    }
}
