//! Turns a regular expression of JavaScript into the reason why no page should run it.
//!
//! Engines of browsers go back and try again, which on some addresses takes time that doubles with
//! every character. [`check`] finds these patterns from their structure, without running them:
//!
//! 1. `parse` reads the pattern as JavaScript does with the flag `u`;
//! 2. `automaton` makes the graph of its characters, and of which may follow which, in how many ways;
//! 3. `ambiguity` looks for a way round that one text can take in two ways (exponential), and for
//!    rows of repetitions that can share one text (polynomial).
//!
//! # Source
//! N. Weideman, B. van der Merwe, M. Berglund, B. Watson, "Analyzing Matching Time Behavior of
//! Backtracking Regular Expression Matchers by Using Ambiguity of NFA", CIAA 2016.

mod ambiguity;
mod automaton;
mod parse;
mod set;

use std::fmt;

use protocol::limits::MAX_REGEX_INPUT;

use self::parse::Node;

/// Tries on the worst address: about a second on a slow phone.
const MAX_TRIES: f64 = 5e8;

/// Why a pattern is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Not a regular expression of JavaScript.
    Syntax {
        /// Where, in characters from 0.
        at: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// More than can be checked.
    Unsupported {
        /// What is not supported.
        what: &'static str,
    },
    /// Too large to be checked.
    TooLarge,
    /// Takes exponential time on some texts.
    Exponential,
    /// Takes cubic time or more on some texts, and much of it.
    Polynomial,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { at, what } => write!(
                f,
                "JavaScript does not take this as a regular expression with the flag u: at character {}, {what}.",
                at + 1
            ),
            Self::Unsupported { what } => {
                write!(f, "The pattern has {what}, which cannot be checked; write it without.")
            }
            Self::TooLarge => f.write_str(
                "The pattern is too large to be checked; use shorter counts or several tests.",
            ),
            Self::Exponential => f.write_str(
                "One text can go round a repetition in several ways, so that some addresses take exponential time; let each part of a repetition begin or end with something that the others do not have.",
            ),
            Self::Polynomial => f.write_str(
                "Several repetitions can share one text, so that some addresses take very long; begin the pattern with ^, and use [^/]* instead of .* between slashes.",
            ),
        }
    }
}

impl std::error::Error for Fault {}

/// Checks that JavaScript takes `pattern`, and that it is quick on every address.
///
/// # Errors
/// The first [`Fault`] found.
///
/// ```
/// use survey::patterns::{Fault, check};
/// assert_eq!(check(r"^https://shop\.example/orders/\d+$"), Ok(()));
/// assert_eq!(check("(a+)+$"), Err(Fault::Exponential));
/// ```
pub fn check(pattern: &str) -> Result<(), Fault> {
    let node = parse::parse(pattern)?;
    each(&node, false)
}

/// Checks a pattern, and each lookaround in it as a pattern of its own.
fn each(node: &Node, is_behind: bool) -> Result<(), Fault> {
    let automaton = automaton::build(&node.clone().searched(is_behind), is_behind)?;
    if ambiguity::tries(&automaton, MAX_REGEX_INPUT as f64)? > MAX_TRIES {
        return Err(Fault::Polynomial);
    }
    let mut looks = Vec::new();
    node.looks(&mut looks);
    looks
        .into_iter()
        .try_for_each(|(body, is_behind)| each(body, is_behind))
}
