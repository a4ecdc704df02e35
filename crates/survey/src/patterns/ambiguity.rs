//! Turns the graph of a pattern into how often one text may be read in different ways.

use std::collections::BTreeSet;

use super::Fault;
use super::automaton::Automaton;

/// Steps of one search: some hundredths of a second.
const MAX_STEPS: usize = 2_000_000;

/// The longest row of repetitions that can share one text.
///
/// # Errors
/// [`Fault::Exponential`] when one text can go round a repetition in two ways, and
/// [`Fault::TooLarge`] when that cannot be told in reasonable time.
pub(super) fn row(automaton: &Automaton) -> Result<usize, Fault> {
    let rounds = rounds(automaton);
    let mut search = Search {
        automaton,
        steps: 0,
    };
    for round in &rounds {
        if search.is_split(round)? {
            return Err(Fault::Exponential);
        }
    }
    let n = rounds.len();
    let mut leads = vec![vec![false; n]; n];
    for (a, from) in rounds.iter().enumerate() {
        for (b, to) in rounds.iter().enumerate() {
            leads[a][b] = a != b && search.is_shared(from, to)?;
        }
    }
    // Rounds never lead back to each other, so that each step takes a row further, `n` at most.
    let mut rows = vec![1; n];
    for _ in 0..n {
        for a in 0..n {
            let next = (0..n).filter(|b| leads[a][*b]).map(|b| rows[b]).max();
            rows[a] = 1 + next.unwrap_or(0);
        }
    }
    Ok(rows.into_iter().max().unwrap_or(0))
}

/// The places of each repetition: those that lead to each other.
fn rounds(automaton: &Automaton) -> Vec<BTreeSet<usize>> {
    let reached: Vec<BTreeSet<usize>> = (0..automaton.len())
        .map(|from| {
            let mut seen = BTreeSet::new();
            let mut ahead = vec![from];
            while let Some(here) = ahead.pop() {
                for next in automaton.follow[here].keys() {
                    if seen.insert(*next) {
                        ahead.push(*next);
                    }
                }
            }
            seen
        })
        .collect();
    let round = |place: usize| -> BTreeSet<usize> {
        let there = reached[place].iter().copied();
        there.filter(|other| reached[*other].contains(&place)).collect()
    };
    let mut found: Vec<BTreeSet<usize>> = Vec::new();
    for place in 0..automaton.len() {
        let known = found.iter().any(|round| round.contains(&place));
        if !known && reached[place].contains(&place) {
            found.push(round(place));
        }
    }
    found
}

struct Search<'a> {
    automaton: &'a Automaton,
    steps: usize,
}

impl Search<'_> {
    fn step(&mut self) -> Result<(), Fault> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(Fault::TooLarge);
        }
        Ok(())
    }

    fn follow(&self, place: usize) -> impl Iterator<Item = usize> + use<'_> {
        self.automaton.follow[place].keys().copied()
    }

    /// Whether one text can part on its way round and meet again.
    fn is_split(&mut self, round: &BTreeSet<usize>) -> Result<bool, Fault> {
        for place in round {
            let follow = &self.automaton.follow[*place];
            if follow.iter().any(|(next, ways)| ways.is_ambiguous() && round.contains(next)) {
                return Ok(true);
            }
        }
        let mut seen: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut ahead: Vec<(usize, usize)> = round.iter().map(|place| (*place, *place)).collect();
        while let Some((a, b)) = ahead.pop() {
            let next_a: Vec<usize> = self.follow(a).filter(|n| round.contains(n)).collect();
            let next_b: Vec<usize> = self.follow(b).filter(|n| round.contains(n)).collect();
            for a_next in next_a {
                for b_next in &next_b {
                    self.step()?;
                    let pair = (a_next, *b_next);
                    if !self.automaton.shares(pair.0, pair.1) {
                        continue;
                    }
                    if pair.0 == pair.1 {
                        if a != b {
                            return Ok(true);
                        }
                    } else if seen.insert(pair) {
                        ahead.push(pair);
                    }
                }
            }
        }
        Ok(false)
    }

    /// Whether one text can go round in `from`, lead from there to `to`, and go round in `to`.
    fn is_shared(&mut self, from: &BTreeSet<usize>, to: &BTreeSet<usize>) -> Result<bool, Fault> {
        for p in from {
            for q in to {
                if self.shares_text(*p, *q, from, to)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn shares_text(
        &mut self,
        p: usize,
        q: usize,
        from: &BTreeSet<usize>,
        to: &BTreeSet<usize>,
    ) -> Result<bool, Fault> {
        let mut seen = BTreeSet::new();
        let mut ahead = vec![(p, p, q)];
        while let Some((a, b, c)) = ahead.pop() {
            let next_a: Vec<usize> = self.follow(a).filter(|n| from.contains(n)).collect();
            let next_b: Vec<usize> = self.follow(b).collect();
            let next_c: Vec<usize> = self.follow(c).filter(|n| to.contains(n)).collect();
            for a_next in &next_a {
                for b_next in &next_b {
                    self.step()?;
                    if !self.automaton.shares(*a_next, *b_next) {
                        continue;
                    }
                    for c_next in &next_c {
                        self.step()?;
                        // Sets that share a character two by two nearly always share one all three.
                        if !self.automaton.shares(*b_next, *c_next)
                            || !self.automaton.shares(*a_next, *c_next)
                        {
                            continue;
                        }
                        let next = (*a_next, *b_next, *c_next);
                        if next == (p, q, q) {
                            return Ok(true);
                        }
                        if seen.insert(next) {
                            ahead.push(next);
                        }
                    }
                }
            }
        }
        Ok(false)
    }
}
