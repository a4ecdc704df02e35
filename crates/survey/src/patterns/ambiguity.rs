//! Turns the graph of a pattern into how often one text may be read in different ways.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::Fault;
use super::automaton::Automaton;

/// Steps of one search: some hundredths of a second.
const MAX_STEPS: usize = 2_000_000;

/// Repetitions in one row that are looked at; so many of them are too many anyway.
const MAX_ROW: usize = 8;

/// About how often the worst text of `n` characters is tried.
///
/// `k` repetitions in a row part a text in about `n^k / k!` ways when each character can be in any
/// of them; where only every `w`th can end one, in `w` times fewer.
///
/// # Errors
/// [`Fault::Exponential`] when one text can go round a repetition in two ways, and
/// [`Fault::TooLarge`] when that cannot be told in reasonable time.
pub(super) fn tries(automaton: &Automaton, n: f64) -> Result<f64, Fault> {
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
    let mut links = Vec::new();
    for (a, from) in rounds.iter().enumerate() {
        for (b, to) in rounds.iter().enumerate() {
            if a != b
                && let Some(shared) = search.shared(from, to)?
            {
                links.push((a, b, shared as f64));
            }
        }
    }
    let mut rows = vec![n; rounds.len()];
    let mut worst = n;
    for k in 2..=MAX_ROW {
        let mut longer = vec![0.0; rounds.len()];
        for (a, b, shared) in &links {
            longer[*a] = f64::max(longer[*a], rows[*b] * n / shared / k as f64);
        }
        rows = longer;
        worst = rows.iter().copied().fold(worst, f64::max);
    }
    Ok(worst)
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
    let mut found: Vec<BTreeSet<usize>> = Vec::new();
    for (place, there) in reached.iter().enumerate() {
        let known = found.iter().any(|round| round.contains(&place));
        if !known && there.contains(&place) {
            let back = there.iter().copied();
            found.push(
                back.filter(|other| reached[*other].contains(&place))
                    .collect(),
            );
        }
    }
    found
}

/// Places that one text has reached in three ways at once.
type Trio = (usize, usize, usize);

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
            if follow
                .iter()
                .any(|(next, ways)| ways.is_ambiguous() && round.contains(next))
            {
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

    /// Period of the shortest text that can go round in `from`, lead from there to `to`, and go
    /// round in `to`; nothing when there is none.
    fn shared(
        &mut self,
        from: &BTreeSet<usize>,
        to: &BTreeSet<usize>,
    ) -> Result<Option<usize>, Fault> {
        let mut shortest = None;
        for p in from {
            for q in to {
                let length = self.shared_from((*p, *p, *q), from, to)?;
                shortest = [shortest, length].into_iter().flatten().min();
            }
        }
        Ok(shortest)
    }

    /// The same from one place in each: `start` is `(p, p, q)`, and `(p, q, q)` the end.
    fn shared_from(
        &mut self,
        start: Trio,
        from: &BTreeSet<usize>,
        to: &BTreeSet<usize>,
    ) -> Result<Option<usize>, Fault> {
        let end = (start.0, start.2, start.2);
        let mut came: BTreeMap<Trio, Trio> = BTreeMap::new();
        let mut ahead = VecDeque::from([start]);
        while let Some(here) = ahead.pop_front() {
            for next in self.trios(here, from, to)? {
                if let Entry::Vacant(entry) = came.entry(next) {
                    entry.insert(here);
                    ahead.push_back(next);
                }
                if next == end {
                    return Ok(Some(self.period(start, end, &came)));
                }
            }
        }
        Ok(None)
    }

    /// After how many characters the text that led from `start` to `end` may begin again: 1 when it
    /// can be one character over and over.
    fn period(&self, start: Trio, end: Trio, came: &BTreeMap<Trio, Trio>) -> usize {
        let mut places = Vec::new();
        let mut here = end;
        let mut length = 0;
        loop {
            places.extend([here.0, here.1, here.2]);
            length += 1;
            match came.get(&here) {
                Some(before) if *before != start => here = *before,
                _ => break,
            }
        }
        if self.automaton.share_one(&places) {
            1
        } else {
            length
        }
    }

    /// Where one more character can lead all three: the first within `from`, the last within `to`.
    fn trios(
        &mut self,
        (a, b, c): Trio,
        from: &BTreeSet<usize>,
        to: &BTreeSet<usize>,
    ) -> Result<Vec<Trio>, Fault> {
        let automaton = self.automaton;
        let next_c: Vec<usize> = self.follow(c).filter(|next| to.contains(next)).collect();
        let mut found = Vec::new();
        for a_next in automaton.follow[a]
            .keys()
            .filter(|next| from.contains(next))
        {
            for b_next in automaton.follow[b].keys() {
                self.step()?;
                if !automaton.shares(*a_next, *b_next) {
                    continue;
                }
                for c_next in &next_c {
                    self.step()?;
                    // Sets that share characters two by two nearly always share one all three.
                    if automaton.shares(*b_next, *c_next) && automaton.shares(*a_next, *c_next) {
                        found.push((*a_next, *b_next, *c_next));
                    }
                }
            }
        }
        Ok(found)
    }
}
