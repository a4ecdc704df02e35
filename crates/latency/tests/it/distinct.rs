//! Turns sets of clients into checks that sizes are exact where quorums need them.

use std::collections::BTreeSet;

use latency::distinct::Distinct;
use proptest::prelude::*;

fn set(hashes: &[u32]) -> Distinct {
    let mut set = Distinct::default();
    for hash in hashes {
        set.insert(*hash);
    }
    set
}

fn merged(a: &Distinct, b: &Distinct) -> Distinct {
    let mut merged = a.clone();
    merged.merge(b);
    merged
}

/// Spreads numbers evenly: the finalizer of `MurmurHash3`.
fn spread(n: u32) -> u32 {
    let n = (n ^ (n >> 16)).wrapping_mul(0x85eb_ca6b);
    let n = (n ^ (n >> 13)).wrapping_mul(0xc2b2_ae35);
    n ^ (n >> 16)
}

#[test]
fn none_is_none() {
    assert_eq!(Distinct::default().estimate(), 0);
    assert!(Distinct::default().encode().is_empty());
}

#[test]
fn a_client_counts_once() {
    assert_eq!(set(&[7, 7, 7]).estimate(), 1);
    assert_eq!(set(&[u32::MAX, 0, u32::MAX]).estimate(), 2);
}

#[test]
fn many_are_estimated() {
    // With k = 16 the standard error is about 1 / sqrt(14), 27 %: over 64 sets 3.3 %.
    for n in [100, 1_000, 20_000] {
        let estimates = (0..64).map(|round| {
            let hashes: Vec<u32> = (0..n).map(|i| spread(round * n + i + 1)).collect();
            f64::from(set(&hashes).estimate())
        });
        let mean = estimates.sum::<f64>() / 64.0;
        let off = mean / f64::from(n) - 1.0;
        assert!(off.abs() < 0.12, "{n}: {mean}");
    }
}

#[test]
fn what_is_left_over_of_bytes_is_nothing() {
    assert_eq!(Distinct::decode(&[1, 0, 0, 0, 9, 9]), set(&[1]));
}

proptest! {
    #[test]
    fn fewer_than_sixteen_are_exact(hashes in prop::collection::vec(0..20_u32, 0..60)) {
        let exact: BTreeSet<u32> = hashes.iter().copied().collect();
        prop_assume!(exact.len() < 16);
        prop_assert_eq!(set(&hashes).estimate() as usize, exact.len());
    }

    #[test]
    fn order_and_grouping_do_not_matter(
        a in prop::collection::vec(any::<u32>(), 0..30),
        b in prop::collection::vec(any::<u32>(), 0..30),
        c in prop::collection::vec(any::<u32>(), 0..30),
    ) {
        let all = set(&[&*a, &b, &c].concat());
        let (a, b, c) = (set(&a), set(&b), set(&c));
        prop_assert_eq!(&merged(&merged(&a, &b), &c), &all);
        prop_assert_eq!(&merged(&c, &merged(&b, &a)), &all);
        prop_assert_eq!(&merged(&all, &all), &all);
    }

    #[test]
    fn bytes_and_back(hashes in prop::collection::vec(any::<u32>(), 0..40)) {
        let set = set(&hashes);
        prop_assert!(set.encode().len() <= 64);
        prop_assert_eq!(Distinct::decode(&set.encode()), set);
    }

    #[test]
    fn any_bytes_are_a_set_of_at_most_sixteen(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let set = Distinct::decode(&bytes);
        prop_assert!(set.encode().len() <= 64);
        prop_assert_eq!(Distinct::decode(&set.encode()), set);
    }
}
