//! Turns the clients that were seen into how many different ones there were, in bounded space.
//!
//! Keeps the sixteen smallest hashes (k minimum values: Bar-Yossef et al., 2002): exact below
//! sixteen, which is all that a quorum asks for, an estimate above. Sets merge in any order.

/// Hashes that are kept.
const K: usize = 16;

/// Different clients, by hashes that are spread evenly over 32 bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Distinct {
    /// Ascending, without repetitions, at most [`K`].
    hashes: Vec<u32>,
}

impl Distinct {
    /// Adds a client.
    pub fn insert(&mut self, hash: u32) {
        if let Err(at) = self.hashes.binary_search(&hash)
            && at < K
        {
            self.hashes.insert(at, hash);
            self.hashes.truncate(K);
        }
    }

    /// Adds the clients of another set.
    pub fn merge(&mut self, other: &Self) {
        for hash in &other.hashes {
            self.insert(*hash);
        }
    }

    /// How many there are: exact below 16.
    pub fn estimate(&self) -> u32 {
        match self.hashes.last() {
            // With k values in the lowest part of the range, there are (k - 1) / part in all of it.
            Some(last) if self.hashes.len() == K => {
                let all = (K as u64 - 1) * (1 << 32) / (u64::from(*last) + 1);
                u32::try_from(all).unwrap_or(u32::MAX).max(K as u32)
            }
            _ => self.hashes.len() as u32,
        }
    }

    /// The hashes, four bytes each, little-endian.
    pub fn encode(&self) -> Vec<u8> {
        let bytes = self.hashes.iter().map(|hash| hash.to_le_bytes());
        bytes.flatten().collect()
    }

    /// The set of these bytes; what cannot be one has nothing of what is wrong.
    pub fn decode(bytes: &[u8]) -> Self {
        let mut set = Self::default();
        for four in bytes.chunks_exact(4) {
            set.insert(u32::from_le_bytes(four.try_into().unwrap_or_default()));
        }
        set
    }
}
