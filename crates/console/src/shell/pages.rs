//! Turns the pages that there are into one list: rail, keys and palette take theirs from it.

use crate::words::say;

/// A page of the console.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Below the console's base, without slashes.
    pub path: &'static str,
    /// What people read.
    pub name: fn() -> &'static str,
    /// Keys that lead to it.
    pub keys: &'static str,
    /// Outline of its sign in a square of 20, drawn with a line of 1.5.
    pub sign: &'static str,
    /// Whether it is built: one that is not has no link and no key.
    pub is_there: bool,
}

/// All pages, in the order of the rail.
const ALL: [Page; 5] = [
    Page {
        path: "inbox",
        name: say::rail_inbox,
        keys: "g i",
        sign: "M3 11l2-7h10l2 7v5H3v-5h4l1 2h4l1-2h4",
        is_there: true,
    },
    Page {
        path: "scores",
        name: say::rail_scores,
        keys: "g s",
        sign: "M3 17h14M5 17v-5M10 17V4M15 17V9",
        is_there: true,
    },
    Page {
        path: "performance",
        name: say::rail_performance,
        keys: "g p",
        sign: "M3 15a7 7 0 1 1 14 0M10 15l3.5-5",
        is_there: true,
    },
    Page {
        path: "surveys",
        name: say::rail_surveys,
        keys: "g u",
        sign: "M5 3h10v14H5zM8 7h4M8 10h4M8 13h2",
        is_there: true,
    },
    Page {
        path: "settings",
        name: say::rail_settings,
        keys: "g ,",
        sign: "M3 6h7M14 6h3M12 4v4M3 14h3M10 14h7M8 12v4",
        is_there: true,
    },
];

/// The pages that are built, in the order of the rail.
pub fn pages() -> impl Iterator<Item = Page> {
    ALL.into_iter().filter(|page| page.is_there)
}

impl Page {
    /// Whether an address, without the console's base, is this page or below it.
    pub fn holds(&self, path: &str) -> bool {
        let path = path.trim_start_matches('/');
        let rest = path.strip_prefix(self.path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_page_holds_what_is_below_it() {
        let scores = ALL[1];
        assert!(scores.holds("/scores") && scores.holds("scores/x"));
        assert!(!scores.holds("/scoresheet") && !scores.holds("/performance/scores"));
    }

    #[test]
    fn no_two_pages_share_a_key_or_an_address() {
        let keys: HashSet<_> = ALL.iter().map(|page| page.keys).collect();
        let paths: HashSet<_> = ALL.iter().map(|page| page.path).collect();
        assert_eq!((keys.len(), paths.len()), (ALL.len(), ALL.len()));
        assert!(ALL.iter().all(|page| page.keys.starts_with("g ")));
    }
}
