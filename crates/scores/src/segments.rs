//! Turns the chances of many comparisons into those of them that stand out.

/// Up to so many comparisons are each judged by themselves, at 5 %.
const MANY: usize = 5;
/// Share of what stands out that may do so by chance, where there are many.
const FALSE_SHARE: f64 = 0.10;

/// Which of these comparisons say something, given the p of each.
///
/// Among twenty comparisons of nothing one has p below 0.05. Where there are more than five, only so many
/// stand out that a tenth of them is expected to by chance.
///
/// # Source
/// Y. Benjamini and Y. Hochberg, "Controlling the False Discovery Rate", JRSS B 57 (1995).
///
/// ```
/// assert_eq!(scores::stand_out(&[0.04, 0.5]), [true, false]);
/// assert_eq!(scores::stand_out(&[0.04, 0.5, 0.6, 0.7, 0.8, 0.9]), [false; 6]);
/// ```
pub fn stand_out(p: &[f64]) -> Vec<bool> {
    if p.len() <= MANY {
        return p.iter().map(|p| *p < 0.05).collect();
    }
    let mut sorted = p.to_vec();
    sorted.sort_by(f64::total_cmp);
    let within =
        |(nth, p): &(usize, &f64)| **p <= (*nth + 1) as f64 / sorted.len() as f64 * FALSE_SHARE;
    let last = sorted.iter().enumerate().rfind(within).map(|(_, p)| *p);
    p.iter()
        .map(|p| last.is_some_and(|last| *p <= last))
        .collect()
}
