//! Turns exact numbers into the ones that people read: rounding happens here and nowhere else.

/// A score in whole points with its sign, half away from zero: `+42`, `−15`, `0`.
///
/// The minus is U+2212, as wide as the plus.
///
/// ```
/// assert_eq!(scores::display::signed(41.5), "+42");
/// assert_eq!(scores::display::signed(-0.4), "0");
/// ```
pub fn signed(points: f64) -> String {
    let whole = points.round() as i64;
    match whole {
        0 => String::from("0"),
        1.. => format!("+{whole}"),
        _ => format!("\u{2212}{}", whole.unsigned_abs()),
    }
}

/// Whole percentages of the total that add up to exactly 100, by largest remainder.
///
/// Where remainders are equal the earlier count gets the point. `None` when all counts are 0.
///
/// ```
/// assert_eq!(scores::display::shares([1, 1, 1]), Some([34, 33, 33]));
/// assert_eq!(scores::display::shares([0, 0, 0]), None);
/// ```
pub fn shares<const N: usize>(counts: [u64; N]) -> Option<[u32; N]> {
    let total: u128 = counts.iter().map(|&c| u128::from(c)).sum();
    if total == 0 {
        return None;
    }
    let exact = counts.map(|c| u128::from(c) * 100);
    let mut shares = exact.map(|e| (e / total) as u32);
    let missing = 100 - shares.iter().sum::<u32>();
    let mut by_remainder: [usize; N] = core::array::from_fn(|i| i);
    // Stable, so that equal remainders keep their order.
    by_remainder.sort_by_key(|&i| core::cmp::Reverse(exact[i] % total));
    for &i in by_remainder.iter().take(missing as usize) {
        shares[i] += 1;
    }
    Some(shares)
}
