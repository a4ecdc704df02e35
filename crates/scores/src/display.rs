//! Turns exact numbers into the ones that people read: rounding happens here and nowhere else.

use crate::Kind;

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

/// A score as people read it: NPS in whole points with its sign, CSAT in whole percent, CES to a tenth.
///
/// ```
/// use scores::{Kind, display::value};
/// assert_eq!(value(Kind::Nps, 41.5), "+42");
/// assert_eq!(value(Kind::Csat, 79.6), "80 %");
/// assert_eq!(value(Kind::Ces, 5.25), "5.3");
/// ```
pub fn value(kind: Kind, value: f64) -> String {
    match kind {
        Kind::Nps => signed(value),
        Kind::Csat => format!("{} %", value.round()),
        Kind::Ces => tenths(value),
    }
}

/// A difference or a margin without its sign, in the same unit as [`value`].
pub fn distance(kind: Kind, distance: f64) -> String {
    let distance = distance.abs();
    match kind {
        Kind::Nps | Kind::Csat => format!("{}", distance.round()),
        Kind::Ces => tenths(distance),
    }
}

/// A difference with its sign, in the same unit as [`value`].
pub fn difference(kind: Kind, value: f64) -> String {
    let size = distance(kind, value);
    match size.trim_matches(['0', '.']).is_empty() {
        true => size,
        false if value > 0.0 => format!("+{size}"),
        false => format!("\u{2212}{size}"),
    }
}

fn tenths(value: f64) -> String {
    // Rounded before it is written: formatting alone rounds half to even.
    format!("{:.1}", (value * 10.0).round() / 10.0)
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
