//! Turns the numbers of items that came into a few runs, and those into how many never did.

/// Runs of one page load that are told apart. Past that the two that are nearest to each other become
/// one: less is missed than is missing, never more.
const MAX_RUNS: usize = 64;

/// How far a number may be past the last one. A page that lost as many in a row has lost more than
/// anybody could count; a number from nowhere is made up.
const MAX_LEAP: u64 = 10_000;

/// Numbers as runs, in order, with at least one number missing between two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seqs {
    /// Start, and end after the last.
    runs: Vec<(u64, u64)>,
}

impl Seqs {
    /// Adds one; one that cannot be is left out.
    pub(super) fn add(&mut self, seq: u64) {
        if seq > self.next().saturating_add(MAX_LEAP) {
            return;
        }
        let at = self.runs.partition_point(|(_, end)| *end < seq);
        match self.runs.get_mut(at) {
            Some((start, end)) if (*start..*end).contains(&seq) => return,
            Some((_, end)) if *end == seq => *end += 1,
            Some((start, _)) if *start == seq + 1 => *start -= 1,
            _ => self.runs.insert(at, (seq, seq + 1)),
        }
        self.join(at);
        while self.runs.len() > MAX_RUNS {
            self.join_nearest();
        }
    }

    /// Joins a run with the one after it where nothing is missing between them.
    fn join(&mut self, at: usize) {
        if let Some((next_start, next_end)) = self.runs.get(at + 1).copied()
            && self.runs[at].1 == next_start
        {
            self.runs[at].1 = next_end;
            self.runs.remove(at + 1);
        }
    }

    fn join_nearest(&mut self) {
        let gaps = self.runs.windows(2).enumerate();
        let nearest = gaps.min_by_key(|(_, pair)| pair[1].0 - pair[0].1);
        if let Some(at) = nearest.map(|(at, _)| at) {
            self.runs[at].1 = self.runs[at + 1].1;
            self.runs.remove(at + 1);
        }
    }

    /// The greatest, plus 1.
    pub(super) fn next(&self) -> u64 {
        self.runs.last().map_or(0, |(_, end)| *end)
    }

    /// How many there are.
    pub(super) fn len(&self) -> u64 {
        self.runs.iter().map(|(start, end)| end - start).sum()
    }

    /// For each run, how far it is from the one before, and how long it is.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(2 * self.runs.len());
        let mut before = 0;
        for (start, end) in &self.runs {
            put(&mut bytes, start - before);
            put(&mut bytes, end - start);
            before = *end;
        }
        bytes
    }

    /// Reads what [`Seqs::to_bytes`] wrote; what was edited by hand reads up to there.
    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        let (mut bytes, mut runs, mut before) = (bytes, Vec::new(), 0_u64);
        while let (Some(gap), Some(length)) = (take(&mut bytes), take(&mut bytes)) {
            let start = before.saturating_add(gap);
            before = start.saturating_add(length);
            runs.push((start, before));
        }
        Self { runs }
    }
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn of(seqs: impl IntoIterator<Item = u64>) -> Seqs {
        let mut all = Seqs::default();
        seqs.into_iter().for_each(|seq| all.add(seq));
        all
    }

    #[test]
    fn what_is_missing_is_known_whatever_the_order() {
        let check = |seqs: &[u64], came, next| {
            let found = of(seqs.iter().copied());
            assert_eq!((found.len(), found.next()), (came, next), "{seqs:?}");
        };
        check(&[], 0, 0);
        check(&[0, 1, 2], 3, 3);
        check(&[2, 0, 1], 3, 3);
        check(&[0, 2, 2, 5], 3, 6);
        check(&[5, 3, 4], 3, 6);
        // Nobody loses a hundred thousand in a row.
        check(&[0, 1 << 50], 1, 1);
    }

    #[test]
    fn a_page_load_without_gaps_is_two_bytes() {
        assert_eq!(of(0..100).to_bytes(), [0, 100]);
    }

    #[test]
    fn too_many_runs_hide_holes_and_invent_none() {
        let scattered = of((0..500).map(|n| n * 3));
        assert!(scattered.to_bytes().len() <= 4 * MAX_RUNS);
        assert_eq!(scattered.next(), 1_498);
        assert!(scattered.len() >= 500);
    }

    proptest! {
        #[test]
        fn runs_are_a_set(seqs in prop::collection::vec(0_u64..120, 0..200)) {
            let set: BTreeSet<u64> = seqs.iter().copied().collect();
            let runs = of(seqs);
            prop_assert_eq!(runs.len(), set.len() as u64);
            prop_assert_eq!(runs.next(), set.last().map_or(0, |last| last + 1));
            prop_assert_eq!(Seqs::from_bytes(&runs.to_bytes()), runs);
        }

        #[test]
        fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let read = Seqs::from_bytes(&bytes);
            prop_assert!(read.len() <= read.next());
        }
    }
}
