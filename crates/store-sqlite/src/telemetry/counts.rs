//! Turns what page loads say of a feature into counts that can be added up in any order.

use std::collections::BTreeMap;

use latency::distinct::Distinct;
use protocol::budget::Stage;
use protocol::latency::Within;
use store::{SliceRow, SliceTotals, ThresholdTotals};

use super::bytes::{Reader, put, put_bytes, put_signed};

/// First byte of what is kept.
const FORM: u8 = 1;

/// Thresholds that one sum tells apart. Budgets have at most 4 a feature; more come from page loads
/// that have older ones.
const MAX_THRESHOLDS: usize = 32;

/// Counts of one feature over some time.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Counts {
    /// Below 0 while an earlier report of the same page load is awaited, as is `failing`.
    voting: i64,
    failing: i64,
    eligible: u64,
    bad: u64,
    held: u64,
    n: u64,
    skewed: u64,
    clients: Distinct,
    bad_clients: Distinct,
    held_clients: Distinct,
    thresholds: BTreeMap<Within, Threshold>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Threshold {
    n: u64,
    slow: u64,
    clients: Distinct,
}

impl Counts {
    /// Adds what one page load says, `install` being the hash of its install; absent when its time
    /// is not believed.
    pub(super) fn add(&mut self, row: &SliceRow, within: &[Within], install: Option<u32>) {
        self.eligible += u64::from(row.eligible);
        self.bad += u64::from(row.bad);
        self.held += u64::from(row.held);
        self.n += u64::from(row.n);
        if let Some(install) = install {
            self.voting += i64::from(row.voting);
            self.failing += i64::from(row.failing);
            self.clients.insert(install);
            if row.bad > 0 {
                self.bad_clients.insert(install);
            }
            if row.held > 0 && row.eligible == 0 {
                self.held_clients.insert(install);
            }
        } else {
            let attempts = u64::from(row.eligible) + u64::from(row.held);
            self.skewed += attempts.max(u64::from(row.n));
        }
        self.add_slow(row, within, install);
    }

    fn add_slow(&mut self, row: &SliceRow, within: &[Within], install: Option<u32>) {
        // Without attempts there is nothing to tell of a threshold.
        if row.n == 0 {
            return;
        }
        for (nth, &within) in within.iter().enumerate() {
            let slow = row.slow.get(nth).copied().unwrap_or_default();
            let Some(threshold) = self.threshold(within) else {
                continue;
            };
            threshold.n += u64::from(row.n);
            threshold.slow += u64::from(slow);
            if let Some(install) = install.filter(|_| slow > 0) {
                threshold.clients.insert(install);
            }
        }
    }

    fn threshold(&mut self, within: Within) -> Option<&mut Threshold> {
        let is_known = self.thresholds.contains_key(&within);
        (is_known || self.thresholds.len() < MAX_THRESHOLDS)
            .then(|| self.thresholds.entry(within).or_default())
    }

    /// Adds other counts.
    pub(super) fn merge(&mut self, other: &Self) {
        self.voting += other.voting;
        self.failing += other.failing;
        self.eligible += other.eligible;
        self.bad += other.bad;
        self.held += other.held;
        self.n += other.n;
        self.skewed += other.skewed;
        self.clients.merge(&other.clients);
        self.bad_clients.merge(&other.bad_clients);
        self.held_clients.merge(&other.held_clients);
        for (&within, theirs) in &other.thresholds {
            if let Some(threshold) = self.threshold(within) {
                threshold.n += theirs.n;
                threshold.slow += theirs.slow;
                threshold.clients.merge(&theirs.clients);
            }
        }
    }

    /// What is told of them.
    pub(super) fn totals(&self) -> SliceTotals {
        let unsigned = |value: i64| u64::try_from(value).unwrap_or(0);
        SliceTotals {
            voting: unsigned(self.voting),
            failing: unsigned(self.failing),
            eligible: self.eligible,
            bad: self.bad,
            held: self.held,
            n: self.n,
            skewed: self.skewed,
            clients: self.clients.estimate(),
            bad_clients: self.bad_clients.estimate(),
            held_clients: self.held_clients.estimate(),
            thresholds: self.thresholds.iter().map(told).collect(),
        }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = vec![FORM];
        put_signed(&mut out, self.voting);
        put_signed(&mut out, self.failing);
        for count in [self.eligible, self.bad, self.held, self.n, self.skewed] {
            put(&mut out, count);
        }
        for clients in [&self.clients, &self.bad_clients, &self.held_clients] {
            put_bytes(&mut out, &clients.encode());
        }
        for (Within(stage, ms), threshold) in &self.thresholds {
            // Both in one number: few budgets are longer than a minute.
            put(
                &mut out,
                u64::from(*ms) << 1 | u64::from(*stage == Stage::Body),
            );
            put(&mut out, threshold.n);
            put(&mut out, threshold.slow);
            put_bytes(&mut out, &threshold.clients.encode());
        }
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (&FORM, rest) = bytes.split_first()? else {
            return None;
        };
        let reader = &mut Reader(rest);
        let mut counts = Self {
            voting: reader.signed()?,
            failing: reader.signed()?,
            eligible: reader.number()?,
            bad: reader.number()?,
            held: reader.number()?,
            n: reader.number()?,
            skewed: reader.number()?,
            clients: Distinct::decode(reader.bytes()?),
            bad_clients: Distinct::decode(reader.bytes()?),
            held_clients: Distinct::decode(reader.bytes()?),
            thresholds: BTreeMap::new(),
        };
        while !reader.0.is_empty() {
            let within: u64 = reader.number()?;
            let stage = if within & 1 == 1 {
                Stage::Body
            } else {
                Stage::Headers
            };
            let within = Within(stage, u32::try_from(within >> 1).ok()?);
            let threshold = Threshold {
                n: reader.number()?,
                slow: reader.number()?,
                clients: Distinct::decode(reader.bytes()?),
            };
            counts.thresholds.insert(within, threshold);
        }
        Some(counts)
    }
}

fn told((&within, threshold): (&Within, &Threshold)) -> ThresholdTotals {
    ThresholdTotals {
        within,
        n: threshold.n,
        slow: threshold.slow,
        slow_clients: threshold.clients.estimate(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows() -> impl Strategy<Value = Vec<(SliceRow, Option<u32>)>> {
        let row = (
            -1..2_i32,
            -1..2_i32,
            0..9_u32,
            0..9_u32,
            0..2_u32,
            0..9_u32,
            0..9_u32,
        );
        let row = row.prop_map(|(voting, failing, eligible, bad, held, n, slow)| SliceRow {
            slice: 0,
            voting,
            failing,
            eligible,
            bad,
            held,
            n,
            slow: vec![slow],
        });
        prop::collection::vec((row, any::<Option<u32>>()), 0..40)
    }

    fn sum(rows: &[(SliceRow, Option<u32>)]) -> Counts {
        let mut counts = Counts::default();
        for (row, install) in rows {
            counts.add(row, &[Within(Stage::Body, 300)], *install);
        }
        counts
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_whole(rows in rows(), at: prop::sample::Index) {
            let (one, other) = rows.split_at(at.index(rows.len() + 1));
            let (mut forth, mut back) = (sum(one), sum(other));
            forth.merge(&sum(other));
            back.merge(&sum(one));
            prop_assert_eq!(&forth, &sum(&rows));
            prop_assert_eq!(&back, &forth);
        }

        #[test]
        fn what_is_kept_is_read_back(rows in rows()) {
            let counts = sum(&rows);
            prop_assert_eq!(Counts::decode(&counts.encode()), Some(counts));
        }

        #[test]
        fn any_bytes_are_read_or_refused(mut bytes: Vec<u8>) {
            bytes.insert(0, FORM);
            if let Some(counts) = Counts::decode(&bytes) {
                let again = Counts::decode(&counts.encode());
                prop_assert_eq!(again, Some(counts));
            }
        }
    }
}
