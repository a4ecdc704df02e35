//! Turns the structure of a pattern into a graph: its characters, and which may follow which.
//!
//! Each place in the pattern that takes a character is a node. An edge also knows whether it can be
//! gone in more than one way: `(a*)*` goes from one `a` to the next by either star.

use std::collections::BTreeMap;

use regex_syntax::hir::ClassUnicode;

use super::Fault;
use super::parse::Node;

/// Places of one graph.
const MAX_PLACES: usize = 400;
/// Parts that may be absent: each may double the ways through a pattern.
const MAX_OPTIONAL: usize = 12;
/// Counts up to this are written out, larger ones taken as without an end.
const MAX_COPIES: u32 = 8;
/// Counts of something that may be empty, up to which the ways through it stay few.
const MAX_EMPTY: u32 = 3;

/// The graph of one pattern.
#[derive(Debug)]
pub(super) struct Automaton {
    /// The sets that places take, each once.
    sets: Vec<ClassUnicode>,
    /// By place, the index of its set.
    set: Vec<usize>,
    /// By place, what may follow, and whether in more than one way.
    pub(super) follow: Vec<BTreeMap<usize, Ways>>,
    /// Whether two sets share a character.
    overlap: Vec<Vec<bool>>,
}

/// In how many ways: none, one, or more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ways(u8);

impl Ways {
    const ONE: Self = Self(1);

    pub(super) const fn is_ambiguous(self) -> bool {
        self.0 > 1
    }

    fn plus(self, other: Self) -> Self {
        Self((self.0 + other.0).min(2))
    }

    fn times(self, other: Self) -> Self {
        Self((self.0 * other.0).min(2))
    }
}

impl Automaton {
    pub(super) fn len(&self) -> usize {
        self.set.len()
    }

    /// Whether one character can be taken at both places.
    pub(super) fn shares(&self, a: usize, b: usize) -> bool {
        self.overlap[self.set[a]][self.set[b]]
    }

    /// Whether one character can be taken at all of these places.
    pub(super) fn share_one(&self, places: &[usize]) -> bool {
        let mut sets = places.iter().map(|place| &self.sets[self.set[*place]]);
        let Some(mut shared) = sets.next().cloned() else {
            return false;
        };
        sets.for_each(|set| shared.intersect(set));
        !shared.ranges().is_empty()
    }
}

/// Makes the graph of `node`.
///
/// Places after which the pattern has matched, whatever follows, are left out: who comes there never
/// has to go back. That is not so in a lookbehind, which is read from its end.
pub(super) fn build(node: &Node, is_behind: bool) -> Result<Automaton, Fault> {
    let mut builder = Builder {
        automaton: Automaton {
            sets: Vec::new(),
            set: Vec::new(),
            follow: Vec::new(),
            overlap: Vec::new(),
        },
        n_optional: 0,
    };
    let whole = builder.part(node)?;
    let mut automaton = builder.automaton;
    if !is_behind {
        for end in whole.last.iter().filter(|end| end.free) {
            automaton.follow[end.place].clear();
            for follow in &mut automaton.follow {
                follow.remove(&end.place);
            }
        }
    }
    automaton.overlap = overlaps(&automaton.sets);
    Ok(automaton)
}

fn overlaps(sets: &[ClassUnicode]) -> Vec<Vec<bool>> {
    let share = |a: &ClassUnicode, b: &ClassUnicode| {
        let mut both = a.clone();
        both.intersect(b);
        !both.ranges().is_empty()
    };
    let row = |a| sets.iter().map(|b| share(a, b)).collect();
    sets.iter().map(row).collect()
}

/// What is known of a part of the pattern.
#[derive(Clone, Debug, Default)]
struct Part {
    /// In how many ways it takes nothing.
    empty: Ways,
    /// Whether it can do so without asking anything about the place.
    empty_free: bool,
    first: Vec<(usize, Ways)>,
    last: Vec<End>,
}

#[derive(Clone, Copy, Debug)]
struct End {
    place: usize,
    ways: Ways,
    /// Whether nothing is asked about the place after it.
    free: bool,
}

impl Part {
    /// What takes nothing.
    fn nothing(free: bool) -> Self {
        Self {
            empty: Ways::ONE,
            empty_free: free,
            ..Self::default()
        }
    }
}

struct Builder {
    automaton: Automaton,
    n_optional: usize,
}

impl Builder {
    fn part(&mut self, node: &Node) -> Result<Part, Fault> {
        match node {
            Node::Set(set) => self.place(set),
            Node::Start | Node::Guard | Node::Look { .. } => Ok(Part::nothing(false)),
            Node::Concat(parts) => {
                let mut whole = Part::nothing(true);
                for part in parts {
                    let part = self.part(part)?;
                    whole = self.join(whole, part);
                }
                Ok(whole)
            }
            Node::Alt(parts) => {
                let mut whole = Part::default();
                for part in parts {
                    let part = self.part(part)?;
                    whole.empty = whole.empty.plus(part.empty);
                    whole.empty_free |= part.empty_free;
                    whole.first.extend(part.first);
                    whole.last.extend(part.last);
                }
                Ok(whole)
            }
            Node::Repeat(part, least, most) => self.repeat(part, *least, *most),
        }
    }

    fn place(&mut self, set: &ClassUnicode) -> Result<Part, Fault> {
        let automaton = &mut self.automaton;
        let place = automaton.set.len();
        if place >= MAX_PLACES {
            return Err(Fault::TooLarge);
        }
        let known = automaton.sets.iter().position(|known| known == set);
        let index = known.unwrap_or_else(|| {
            automaton.sets.push(set.clone());
            automaton.sets.len() - 1
        });
        automaton.set.push(index);
        automaton.follow.push(BTreeMap::new());
        Ok(Part {
            empty: Ways::default(),
            empty_free: false,
            first: vec![(place, Ways::ONE)],
            last: vec![End {
                place,
                ways: Ways::ONE,
                free: true,
            }],
        })
    }

    fn link(&mut self, last: &[End], first: &[(usize, Ways)]) {
        for end in last {
            for (place, ways) in first {
                let edge = self.automaton.follow[end.place].entry(*place).or_default();
                *edge = edge.plus(end.ways.times(*ways));
            }
        }
    }

    fn join(&mut self, a: Part, b: Part) -> Part {
        self.link(&a.last, &b.first);
        let mut first = a.first;
        if a.empty > Ways::default() {
            let later = b.first.iter();
            first.extend(later.map(|(place, ways)| (*place, ways.times(a.empty))));
        }
        let mut last = b.last;
        if b.empty > Ways::default() {
            last.extend(a.last.iter().map(|end| End {
                place: end.place,
                ways: end.ways.times(b.empty),
                free: end.free && b.empty_free,
            }));
        }
        Part {
            empty: a.empty.times(b.empty),
            empty_free: a.empty_free && b.empty_free,
            first,
            last,
        }
    }

    fn repeat(&mut self, node: &Node, least: u32, most: Option<u32>) -> Result<Part, Fault> {
        if most == Some(0) {
            return Ok(Part::nothing(true));
        }
        if most != Some(1) && has_repeating_look(node) {
            return Err(Fault::Unsupported {
                what: "a lookaround with repetitions inside a repetition",
            });
        }
        let is_varied = varies(node);
        if is_varied && least.max(most.unwrap_or(0)) > MAX_EMPTY && can_be_empty(node) {
            return Err(Fault::Exponential);
        }
        match most {
            Some(1) if least == 1 => self.part(node),
            Some(1) => self.optional(node),
            Some(most) if least == most && !(is_varied && most > MAX_EMPTY) => {
                self.copies(node, least)
            }
            Some(most) if most <= MAX_COPIES && !is_varied => {
                let fixed = self.copies(node, least)?;
                let rest = self.nested(node, most - least)?;
                Ok(self.join(fixed, rest))
            }
            _ if least == 0 => self.star(node),
            _ => {
                // One after `least - 1` others, again and again.
                let fixed = self.copies(node, least - 1)?;
                let part = self.part(node)?;
                self.link(&part.last.clone(), &part.first);
                Ok(self.join(fixed, part))
            }
        }
    }

    fn copies(&mut self, node: &Node, n: u32) -> Result<Part, Fault> {
        let mut whole = Part::nothing(true);
        // An empty part a million times would never meet the limit of places.
        for _ in 0..n.min(MAX_PLACES as u32 + 1) {
            let part = self.part(node)?;
            whole = self.join(whole, part);
        }
        Ok(whole)
    }

    /// Up to `n` times: each only after the one before.
    fn nested(&mut self, node: &Node, n: u32) -> Result<Part, Fault> {
        let mut inner = Part::nothing(true);
        for _ in 0..n {
            let part = self.part(node)?;
            inner = self.join(part, inner);
            inner.empty = Ways::ONE;
            inner.empty_free = true;
        }
        Ok(inner)
    }

    fn optional(&mut self, node: &Node) -> Result<Part, Fault> {
        self.n_optional += 1;
        if self.n_optional > MAX_OPTIONAL {
            return Err(Fault::TooLarge);
        }
        self.nested(node, 1)
    }

    fn star(&mut self, node: &Node) -> Result<Part, Fault> {
        let mut part = self.part(node)?;
        self.link(&part.last.clone(), &part.first);
        // Engines do not go round without taking anything.
        part.empty = Ways::ONE;
        part.empty_free = true;
        Ok(part)
    }
}

/// Whether texts of several lengths can be taken by a count inside.
fn varies(node: &Node) -> bool {
    match node {
        Node::Repeat(part, least, most) => most != &Some(*least) || varies(part),
        Node::Concat(parts) | Node::Alt(parts) => parts.iter().any(varies),
        Node::Set(_) | Node::Start | Node::Guard | Node::Look { .. } => false,
    }
}

fn can_be_empty(node: &Node) -> bool {
    match node {
        Node::Repeat(part, least, _) => *least == 0 || can_be_empty(part),
        Node::Concat(parts) => parts.iter().all(can_be_empty),
        Node::Alt(parts) => parts.iter().any(can_be_empty),
        Node::Set(_) => false,
        Node::Start | Node::Guard | Node::Look { .. } => true,
    }
}

fn has_repeating_look(node: &Node) -> bool {
    let mut looks = Vec::new();
    node.looks(&mut looks);
    looks.into_iter().any(|(body, _)| varies(body))
}
