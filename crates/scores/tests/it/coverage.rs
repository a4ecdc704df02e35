//! Turns every possible sample of a small group into how often its interval holds the truth.

use scores::Nps;

/// Probability of drawing exactly these counts from a population with these shares.
fn multinomial(counts: [u64; 3], shares: [f64; 3]) -> f64 {
    let ln_factorial = |n: u64| (1..=n).map(|i| (i as f64).ln()).sum::<f64>();
    let mut ln = ln_factorial(counts.iter().sum());
    for (count, share) in counts.into_iter().zip(shares) {
        ln += count as f64 * share.ln() - ln_factorial(count);
    }
    ln.exp()
}

/// Exact chance that a sample of `n` has an interval that holds the truth: [adjusted, plain].
fn coverage(n: u64, shares: [f64; 3]) -> [f64; 2] {
    let truth = 100.0 * (shares[0] - shares[2]);
    let mut covered = [0.0; 2];
    for promoters in 0..=n {
        for passives in 0..=n - promoters {
            let counts = [promoters, passives, n - promoters - passives];
            let chance = multinomial(counts, shares);
            let nps = Nps::from_counts(counts[0], counts[1], counts[2]);
            let interval = nps.interval().unwrap();
            if interval.low <= truth && truth <= interval.high {
                covered[0] += chance;
            }
            if (nps.score().unwrap() - truth).abs() <= nps.margin().unwrap() {
                covered[1] += chance;
            }
        }
    }
    covered
}

#[test]
fn small_samples_are_covered_as_promised() {
    for shares in [[0.5, 0.3, 0.2], [0.8, 0.15, 0.05], [0.2, 0.2, 0.6]] {
        for n in [5, 10, 50] {
            let [adjusted, plain] = coverage(n, shares);
            assert!(
                (0.92..0.98).contains(&adjusted),
                "n = {n}, {shares:?}: {adjusted}"
            );
            assert!(adjusted > plain, "n = {n}, {shares:?}: {adjusted} {plain}");
        }
    }
}
