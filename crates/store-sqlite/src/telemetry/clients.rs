//! Turns installs into sets of which only the size is asked, in few bytes.

use protocol::id::InstallId;

/// Hash of an install: the same in every process, and spread over all numbers.
///
/// # Source
///
/// The finalizer of splitmix64, <https://prng.di.unimi.it/splitmix64.c>; half of an install id is
/// time, which would fill the low end alone.
pub(super) fn hash(install: InstallId) -> u32 {
    let (high, low) = install.0.as_u64_pair();
    let mix = |mut z: u64| {
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    (mix(mix(high).wrapping_add(low)) >> 32) as u32
}

/// The smallest hashes of a set.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Clients(Vec<u32>);

const K: usize = 16;

impl Clients {
    pub(super) fn insert(&mut self, hash: u32) {
        if let Err(at) = self.0.binary_search(&hash) {
            self.0.insert(at, hash);
            self.0.truncate(K);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for &hash in &other.0 {
            self.insert(hash);
        }
    }

    pub(super) fn estimate(&self) -> u32 {
        match self.0.get(K - 1) {
            None => self.0.len() as u32,
            Some(&last) => {
                let share = (f64::from(last) + 1.0) / 4_294_967_296.0;
                ((K - 1) as f64 / share) as u32
            }
        }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        self.0.iter().flat_map(|hash| hash.to_be_bytes()).collect()
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (chunks, []) = bytes.as_chunks::<4>() else {
            return None;
        };
        let mut found = Self::default();
        for chunk in chunks {
            found.insert(u32::from_be_bytes(*chunk));
        }
        Some(found)
    }
}
