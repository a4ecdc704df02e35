//! Turns installs into hashes, which sets of clients are made of.

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
