//! Turns the names of sets of characters into these sets.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

/// What can stand in square brackets.
#[derive(Debug)]
pub(super) enum Item {
    One(char),
    Many(ClassUnicode),
}

pub(super) fn range(from: char, to: char) -> ClassUnicode {
    ClassUnicode::new([ClassUnicodeRange::new(from, to)])
}

pub(super) fn one(letter: char) -> ClassUnicode {
    range(letter, letter)
}

/// Everything but the ends of lines.
pub(super) fn dot() -> ClassUnicode {
    let mut set = range('\u{2028}', '\u{2029}');
    set.union(&one('\n'));
    set.union(&one('\r'));
    set.negate();
    set
}

/// `\d`, `\w`, `\s`, and in capitals everything else. In JavaScript the first two are ASCII.
pub(super) fn short(letter: char) -> ClassUnicode {
    let mut set = match letter.to_ascii_lowercase() {
        'd' => range('0', '9'),
        'w' => {
            let mut set = range('a', 'z');
            set.union(&range('A', 'Z'));
            set.union(&range('0', '9'));
            set.union(&one('_'));
            set
        }
        _ => {
            let mut set = property("White_Space").unwrap_or_else(ClassUnicode::empty);
            set.union(&one('\u{feff}'));
            set
        }
    };
    if letter.is_ascii_uppercase() {
        set.negate();
    }
    set
}

/// The set behind `\p{name}`, if there is one.
pub(super) fn property(name: &str) -> Option<ClassUnicode> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '=';
    // Elsewhere case does not matter, in JavaScript names begin with a capital or `sc=`.
    let begins = name.starts_with(|c: char| c.is_ascii_uppercase())
        || ["gc=", "sc=", "scx="]
            .iter()
            .any(|short| name.starts_with(short));
    if !begins || !name.chars().all(is_name) {
        return None;
    }
    match regex_syntax::parse(&format!("\\p{{{name}}}"))
        .ok()?
        .into_kind()
    {
        HirKind::Class(Class::Unicode(set)) => Some(set),
        _ => None,
    }
}
