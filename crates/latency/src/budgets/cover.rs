//! Turns two patterns of paths into whether one of them fits whatever the other fits.
//!
//! Patterns are read as automata (as [`crate::feature::glob`] reads them), and followed side by side
//! over every letter that makes a difference: exact, not a guess by prefixes.

use std::collections::HashSet;

/// Pairs of places that are looked at. Patterns of people need a few dozen; beyond this a pattern is
/// taken for not covered, so that nothing is refused for being complicated.
const MAX_PAIRS: usize = 5_000;

/// What is expected at a place of a pattern; after it comes the next place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// This byte.
    Byte(u8),
    /// `*`: any bytes but slashes, or none.
    Star,
    /// `**`: any bytes, or none.
    Any,
    /// `**/` at the start of a segment: whole segments, or none. Always followed by the next.
    Segments,
    /// Within these segments: any bytes, of which the last is a slash.
    InSegments,
    /// Nothing more.
    End,
}

/// A pattern, and that without `/**` at its end, which also stands for nothing.
#[derive(Debug)]
struct Automaton {
    steps: Vec<Step>,
    starts: Vec<usize>,
}

/// Places, in order.
type Places = Vec<usize>;

impl Automaton {
    fn new(pattern: &[u8]) -> Self {
        let mut all = Self {
            steps: Vec::new(),
            starts: Vec::new(),
        };
        let mut rest = Some(pattern);
        while let Some(pattern) = rest {
            all.starts.push(all.steps.len());
            all.add(pattern);
            rest = pattern.strip_suffix(b"/**");
        }
        all
    }

    fn add(&mut self, pattern: &[u8]) {
        let mut at = 0;
        while let Some(byte) = pattern.get(at) {
            let rest = &pattern[at..];
            let is_segment = at == 0 || pattern[at - 1] == b'/';
            if rest.starts_with(b"**/") && is_segment {
                self.steps.extend([Step::Segments, Step::InSegments]);
                at += 3;
            } else if rest.starts_with(b"**") {
                self.steps.push(Step::Any);
                at += 2;
            } else {
                self.steps.push(match byte {
                    b'*' => Step::Star,
                    byte => Step::Byte(*byte),
                });
                at += 1;
            }
        }
        self.steps.push(Step::End);
    }

    /// All places that can be reached from these without a byte.
    fn closed(&self, mut places: Places) -> Places {
        let mut next = 0;
        while let Some(place) = places.get(next).copied() {
            next += 1;
            match self.steps[place] {
                Step::Star | Step::Any => places.push(place + 1),
                Step::Segments => places.extend([place + 1, place + 2]),
                Step::Byte(_) | Step::InSegments | Step::End => {}
            }
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Where these places lead with this byte.
    fn after(&self, places: &Places, byte: u8) -> Places {
        let mut to = Vec::new();
        for place in places {
            match self.steps[*place] {
                Step::Byte(want) if want == byte => to.push(place + 1),
                Step::Star if byte != b'/' => to.push(*place),
                Step::Any => to.push(*place),
                Step::InSegments if byte == b'/' => to.extend([*place, place + 1]),
                Step::InSegments => to.push(*place),
                _ => {}
            }
        }
        self.closed(to)
    }

    fn is_end(&self, places: &Places) -> bool {
        places.iter().any(|place| self.steps[*place] == Step::End)
    }

    /// Bytes by which two patterns can differ: those that they name, a slash, and one for all others.
    fn letters(&self, other: &Self) -> Vec<u8> {
        let steps = self.steps.iter().chain(&other.steps);
        let named = steps.filter_map(|step| match step {
            Step::Byte(byte) => Some(*byte),
            _ => None,
        });
        let mut letters: Vec<u8> = named.chain([b'/']).collect();
        letters.sort_unstable();
        letters.dedup();
        let other = (b'!'..=u8::MAX).find(|byte| !letters.contains(byte) && *byte != b'*');
        letters.extend(other);
        letters
    }

    /// The shortest way on from one of these places to an end.
    #[cfg(test)]
    fn finish(&self, places: &Places, path: &mut Vec<u8>) {
        let Some(mut place) = places.last().copied() else {
            return;
        };
        loop {
            match self.steps[place] {
                Step::Byte(byte) => path.push(byte),
                Step::InSegments => path.push(b'/'),
                Step::End => return,
                Step::Star | Step::Any => {}
                Step::Segments => place += 1,
            }
            place += 1;
        }
    }
}

/// Whether `wide` fits every path that `narrow` fits. Paths begin with a slash.
pub(super) fn covers(wide: &[u8], narrow: &[u8]) -> bool {
    let (wide, narrow) = (Automaton::new(wide), Automaton::new(narrow));
    escape(&wide, &narrow).is_some_and(|way| way.is_none())
}

/// A way out: the bytes so far, and where they lead in `narrow`.
type Way = (Vec<u8>, Places);

/// A path that begins so fits `narrow` and not `wide`; the inner is absent without one, the outer when
/// that is too much to find out.
fn escape(wide: &Automaton, narrow: &Automaton) -> Option<Option<Way>> {
    let letters = wide.letters(narrow);
    let start =
        |automaton: &Automaton| automaton.after(&automaton.closed(automaton.starts.clone()), b'/');
    let mut seen = HashSet::new();
    let mut ahead = vec![(start(narrow), start(wide), vec![b'/'])];
    while let Some((in_narrow, in_wide, path)) = ahead.pop() {
        // Whatever has begun in a pattern can be finished.
        if in_narrow.is_empty() || !seen.insert((in_narrow.clone(), in_wide.clone())) {
            continue;
        }
        if in_wide.is_empty() || narrow.is_end(&in_narrow) && !wide.is_end(&in_wide) {
            return Some(Some((path, in_narrow)));
        }
        if seen.len() > MAX_PAIRS {
            return None;
        }
        for letter in &letters {
            let mut path = path.clone();
            path.push(*letter);
            ahead.push((
                narrow.after(&in_narrow, *letter),
                wide.after(&in_wide, *letter),
                path,
            ));
        }
    }
    Some(None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::feature::glob;

    fn check(wide: &str, narrow: &str, expected: bool) {
        let found = covers(wide.as_bytes(), narrow.as_bytes());
        assert_eq!(found, expected, "{wide} covers {narrow}");
    }

    #[test]
    fn only_what_is_really_covered_is() {
        check("/api/**", "/api/search/**", true);
        check("/api/**", "/api", true);
        check("/api/**", "/api/*", true);
        check("/api/*", "/api/**", false);
        check("/api/search/**", "/api/**", false);
        check("/api/*/items", "/api/7/items", true);
        check("/api/*/items", "/api/7/8/items", false);
        check("/api/s*", "/api/search", true);
        check("/api/s*", "/api/search*", true);
        check("/api/search*", "/api/s*", false);
        check("**", "/anything/**", true);
        check("/**", "**", true);
        check("/a/**/c", "/a/c", true);
        check("/a/**/c", "/a/b/c", true);
        check("/a/**/c", "/a/bc", false);
        check("/*/b", "/a/*", false);
        check("/*", "/a", true);
        check("/a", "/a", true);
        check("/a", "/b", false);
        check("/apis", "/api", false);
    }

    fn pattern() -> impl Strategy<Value = String> {
        let part = prop::sample::select(vec!["a", "b", "*", "**", "/", "/", "/**", "/**/", "a*"]);
        prop::collection::vec(part, 0..6).prop_map(|parts| {
            let text = format!("/{}", parts.concat());
            // Three stars are refused elsewhere.
            text.replace("***", "**").replace("***", "**")
        })
    }

    proptest! {
        #[test]
        fn the_automaton_reads_patterns_as_pages_do(
            pattern in pattern(),
            path in "/[ab/c]{0,8}",
        ) {
            let automaton = Automaton::new(pattern.as_bytes());
            let mut places = automaton.closed(automaton.starts.clone());
            for byte in path.bytes() {
                places = automaton.after(&places, byte);
            }
            prop_assert_eq!(
                automaton.is_end(&places),
                glob(pattern.as_bytes(), path.as_bytes()),
                "{} {}", pattern, path
            );
        }

        #[test]
        fn what_is_not_covered_has_a_path_that_shows_it(
            wide in pattern(),
            narrow in pattern(),
            path in "/[ab/c]{0,8}",
        ) {
            let (w, n) = (Automaton::new(wide.as_bytes()), Automaton::new(narrow.as_bytes()));
            match escape(&w, &n) {
                Some(Some((mut path, places))) => {
                    if !n.is_end(&places) || w_fits(&w, &path) {
                        n.finish(&places, &mut path);
                    }
                    prop_assert!(glob(narrow.as_bytes(), &path), "{} {:?}", narrow, path);
                    prop_assert!(!glob(wide.as_bytes(), &path), "{} {:?}", wide, path);
                }
                Some(None) => prop_assert!(
                    !glob(narrow.as_bytes(), path.as_bytes())
                        || glob(wide.as_bytes(), path.as_bytes()),
                    "{} {} {}", wide, narrow, path
                ),
                None => {}
            }
        }
    }

    fn w_fits(wide: &Automaton, path: &[u8]) -> bool {
        let mut places = wide.closed(wide.starts.clone());
        for byte in path {
            places = wide.after(&places, *byte);
        }
        wide.is_end(&places)
    }
}
