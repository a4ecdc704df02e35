//! Turns a survey and an install into a place from 0 to 999 that never changes.

use protocol::id::InstallId;

/// The place of `install` in the sample of `survey`.
///
/// Asking "is the place below the rate" makes a sample that is sticky without storage, that only
/// grows when the rate is raised, and that is drawn anew for each survey.
///
/// # Source
/// FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo), then the 64-bit finaliser of `MurmurHash3`
/// (A. Appleby): FNV alone leaves similar inputs in similar places.
pub fn place(survey: &[u8], install: InstallId) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in survey.iter().chain(install.0.as_bytes()) {
        hash ^= u64::from(*byte);
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^= hash >> 33;
    hash % 1000
}
