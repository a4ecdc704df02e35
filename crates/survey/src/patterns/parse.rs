//! Turns the text of a regular expression into its structure, as JavaScript reads it with flag `u`.
//!
//! # Source
//! ECMA-262, section 22.2.1, "Patterns": <https://tc39.es/ecma262/#sec-patterns>

use regex_syntax::hir::ClassUnicode;

use super::Fault;
use super::set::{self, Item};

/// Characters of a pattern; longer ones are better written as several tests.
const MAX_CHARS: usize = 1_000;
/// Groups within groups.
const MAX_DEPTH: usize = 32;

/// A part of a pattern.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// One character out of a set.
    Set(ClassUnicode),
    /// One after the other; nothing when there is none.
    Concat(Vec<Self>),
    /// One of these.
    Alt(Vec<Self>),
    /// Again and again: at least, at most.
    Repeat(Box<Self>, u32, Option<u32>),
    /// The start of the text.
    Start,
    /// Something else about the place: `$`, `\b`.
    Guard,
    /// Something that stands ahead or behind.
    Look { body: Box<Self>, is_behind: bool },
}

impl Node {
    /// The pattern as engines run it: from every character on, unless it asks for the start.
    pub(super) fn searched(self, is_behind: bool) -> Self {
        if !is_behind && self.is_at_start() {
            return self;
        }
        let mut any = set::one('\0');
        any.negate();
        any.union(&set::one('\0'));
        let any = Self::Repeat(Box::new(Self::Set(any)), 0, None);
        Self::Concat(if is_behind {
            vec![self, any]
        } else {
            vec![any, self]
        })
    }

    fn is_at_start(&self) -> bool {
        match self {
            Self::Start => true,
            Self::Concat(parts) => parts.first().is_some_and(Self::is_at_start),
            Self::Alt(parts) => parts.iter().all(Self::is_at_start),
            Self::Set(_) | Self::Repeat(..) | Self::Guard | Self::Look { .. } => false,
        }
    }

    /// Adds every lookaround that is not within another one.
    pub(super) fn looks<'a>(&'a self, found: &mut Vec<(&'a Self, bool)>) {
        match self {
            Self::Look { body, is_behind } => found.push((body, *is_behind)),
            Self::Concat(parts) | Self::Alt(parts) => {
                for part in parts {
                    part.looks(found);
                }
            }
            Self::Repeat(part, ..) => part.looks(found),
            Self::Set(_) | Self::Start | Self::Guard => {}
        }
    }
}

/// Reads a whole pattern.
pub(super) fn parse(pattern: &str) -> Result<Node, Fault> {
    let letters: Vec<char> = pattern.chars().collect();
    if letters.len() > MAX_CHARS {
        return Err(Fault::TooLarge);
    }
    let mut parser = Parser {
        letters,
        at: 0,
        names: Vec::new(),
        depth: 0,
    };
    let node = parser.alternatives()?;
    match parser.peek() {
        None => Ok(node),
        Some(_) => parser.fail("a closing parenthesis has no opening one"),
    }
}

struct Parser {
    letters: Vec<char>,
    at: usize,
    /// Names of groups so far.
    names: Vec<String>,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        Some(letter)
    }

    fn eat(&mut self, text: &str) -> bool {
        let end = self.at + text.chars().count();
        let here = self.letters.get(self.at..end);
        let is_here = here.is_some_and(|here| here.iter().copied().eq(text.chars()));
        if is_here {
            self.at = end;
        }
        is_here
    }

    fn fail<T>(&self, what: &'static str) -> Result<T, Fault> {
        let at = self.at.min(self.letters.len().saturating_sub(1));
        Err(Fault::Syntax { at, what })
    }

    fn alternatives(&mut self) -> Result<Node, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault::TooLarge);
        }
        let mut all = vec![self.row()?];
        while self.eat("|") {
            all.push(self.row()?);
        }
        self.depth -= 1;
        Ok(if all.len() == 1 {
            all.remove(0)
        } else {
            Node::Alt(all)
        })
    }

    fn row(&mut self) -> Result<Node, Fault> {
        let mut parts = Vec::new();
        while let Some(letter) = self.peek() {
            if letter == '|' || letter == ')' {
                break;
            }
            let part = self.atom()?;
            parts.push(self.repeated(part)?);
        }
        Ok(Node::Concat(parts))
    }

    fn atom(&mut self) -> Result<Node, Fault> {
        let Some(letter) = self.next() else {
            return self.fail("the pattern ends too early");
        };
        match letter {
            '^' => Ok(Node::Start),
            '$' => Ok(Node::Guard),
            '.' => Ok(Node::Set(set::dot())),
            '(' => self.group(),
            '[' => self.class(),
            '\\' => self.escape(),
            '*' | '+' | '?' | '{' => {
                self.at -= 1;
                self.fail("there is nothing to repeat")
            }
            '}' | ']' => {
                self.at -= 1;
                self.fail("a closing bracket needs a backslash before it")
            }
            letter => Ok(Node::Set(set::one(letter))),
        }
    }

    fn group(&mut self) -> Result<Node, Fault> {
        let look = [("?=", false), ("?!", false), ("?<=", true), ("?<!", true)]
            .into_iter()
            .find(|(start, _)| self.eat(start));
        if look.is_none() && !self.eat("?:") {
            if self.eat("?<") {
                self.name()?;
            } else if self.peek() == Some('?') {
                return Err(Fault::Unsupported {
                    what: "flags or another kind of group",
                });
            }
        }
        let body = self.alternatives()?;
        if !self.eat(")") {
            return self.fail("a parenthesis is not closed");
        }
        Ok(match look {
            Some((_, is_behind)) => Node::Look {
                body: Box::new(body),
                is_behind,
            },
            None => body,
        })
    }

    fn name(&mut self) -> Result<(), Fault> {
        let mut name = String::new();
        while let Some(letter) = self.next() {
            if letter == '>' {
                let starts = !name.starts_with(|c: char| c.is_ascii_digit());
                if name.is_empty() || !starts || self.names.contains(&name) {
                    return self.fail("the name of the group is not a name, or is taken");
                }
                self.names.push(name);
                return Ok(());
            }
            if !(letter.is_alphanumeric() || letter == '_' || letter == '$') {
                break;
            }
            name.push(letter);
        }
        self.fail("the name of the group is not a name")
    }

    fn repeated(&mut self, part: Node) -> Result<Node, Fault> {
        let start = self.at;
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.at += 1;
                let limits = self.limits()?;
                self.at -= 1;
                limits
            }
            _ => return Ok(part),
        };
        self.at += 1;
        if matches!(part, Node::Start | Node::Guard | Node::Look { .. }) {
            self.at = start;
            return self.fail("an assertion cannot be repeated");
        }
        // Lazy or not, a text that does not match is tried in every way.
        self.eat("?");
        Ok(Node::Repeat(Box::new(part), least, most))
    }

    /// What stands in braces, up to the closing one.
    fn limits(&mut self) -> Result<(u32, Option<u32>), Fault> {
        let least = self.number()?;
        let most = if self.eat(",") {
            if self.peek() == Some('}') {
                None
            } else {
                Some(self.number()?)
            }
        } else {
            Some(least)
        };
        if !self.eat("}") {
            return self.fail("a count is written {2}, {2,} or {2,5}");
        }
        if most.is_some_and(|most| most < least) {
            return self.fail("the counts are in the wrong order");
        }
        Ok((least, most))
    }

    fn number(&mut self) -> Result<u32, Fault> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(|letter| letter.to_digit(10)) {
            self.at += 1;
            let so_far: u32 = number.unwrap_or(0);
            number = Some(so_far.saturating_mul(10).saturating_add(digit));
        }
        match number {
            Some(number) => Ok(number),
            None => self.fail("a count is written {2}, {2,} or {2,5}"),
        }
    }

    fn escape(&mut self) -> Result<Node, Fault> {
        if self.eat("b") || self.eat("B") {
            return Ok(Node::Guard);
        }
        if self.eat("k") || matches!(self.peek(), Some('1'..='9')) {
            return Err(Fault::Unsupported {
                what: "a backreference",
            });
        }
        Ok(Node::Set(match self.escaped(false)? {
            Item::One(letter) => set::one(letter),
            Item::Many(set) => set,
        }))
    }

    fn class(&mut self) -> Result<Node, Fault> {
        let negated = self.eat("^");
        let mut all = ClassUnicode::empty();
        loop {
            if self.eat("]") {
                break;
            }
            match self.member()? {
                Item::Many(set) => {
                    all.union(&set);
                    if self.peek() == Some('-') && self.letters.get(self.at + 1) != Some(&']') {
                        return self.fail("a range goes from one character to another");
                    }
                }
                Item::One(from) => {
                    let is_range =
                        self.peek() == Some('-') && self.letters.get(self.at + 1) != Some(&']');
                    let to = if is_range {
                        self.at += 1;
                        match self.member()? {
                            Item::One(to) if to >= from => to,
                            _ => {
                                return self.fail("a range goes from one character to a later one");
                            }
                        }
                    } else {
                        from
                    };
                    all.union(&set::range(from, to));
                }
            }
        }
        if negated {
            all.negate();
        }
        Ok(Node::Set(all))
    }

    fn member(&mut self) -> Result<Item, Fault> {
        match self.next() {
            Some('\\') => self.escaped(true),
            Some(letter) => Ok(Item::One(letter)),
            None => self.fail("a square bracket is not closed"),
        }
    }

    /// What stands after a backslash, in square brackets or not.
    fn escaped(&mut self, in_class: bool) -> Result<Item, Fault> {
        let Some(letter) = self.next() else {
            return self.fail("the pattern ends in a backslash");
        };
        Ok(match letter {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => Item::Many(set::short(letter)),
            'p' | 'P' => Item::Many(self.property(letter == 'P')?),
            'f' => Item::One('\u{c}'),
            'n' => Item::One('\n'),
            'r' => Item::One('\r'),
            't' => Item::One('\t'),
            'v' => Item::One('\u{b}'),
            'b' if in_class => Item::One('\u{8}'),
            '-' if in_class => Item::One('-'),
            '0' if !matches!(self.peek(), Some('0'..='9')) => Item::One('\0'),
            'c' => match self.next() {
                Some(letter) if letter.is_ascii_alphabetic() => {
                    Item::One(char::from(letter as u8 % 32))
                }
                _ => return self.fail("\\c needs a letter"),
            },
            'x' => Item::One(self.code(2)?),
            'u' if self.eat("{") => {
                let start = self.at;
                while self.peek().is_some_and(|letter| letter != '}') {
                    self.at += 1;
                }
                let digits = self.at - start;
                self.at = start;
                let letter = self.code(digits)?;
                self.at += 1;
                Item::One(letter)
            }
            'u' => Item::One(self.unit()?),
            '^' | '$' | '\\' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|'
            | '/' => Item::One(letter),
            _ => {
                self.at -= 1;
                return self.fail("this character takes no backslash");
            }
        })
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        let text: String = self
            .letters
            .get(self.at..self.at + digits)?
            .iter()
            .collect();
        let valid = !text.is_empty() && text.chars().all(|c| c.is_ascii_hexdigit());
        let code = u32::from_str_radix(&text, 16).ok().filter(|_| valid)?;
        self.at += digits;
        Some(code)
    }

    fn code(&mut self, digits: usize) -> Result<char, Fault> {
        match self.hex(digits).and_then(char::from_u32) {
            Some(letter) => Ok(letter),
            None => self.fail("this is not the number of a character"),
        }
    }

    /// Four digits; a pair of surrogates is one character.
    fn unit(&mut self) -> Result<char, Fault> {
        let Some(code) = self.hex(4) else {
            return self.fail("\\u needs four digits");
        };
        let low = if (0xd800..0xdc00).contains(&code) && self.eat("\\u") {
            self.hex(4).filter(|low| (0xdc00..0xe000).contains(low))
        } else {
            None
        };
        let code = low.map_or(code, |low| {
            0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00)
        });
        match char::from_u32(code) {
            Some(letter) => Ok(letter),
            None => Err(Fault::Unsupported {
                what: "half of a character",
            }),
        }
    }

    fn property(&mut self, negated: bool) -> Result<ClassUnicode, Fault> {
        if !self.eat("{") {
            return self.fail("\\p needs a property in braces");
        }
        let start = self.at;
        while self.peek().is_some_and(|letter| letter != '}') {
            self.at += 1;
        }
        let name: String = self.letters[start..self.at].iter().collect();
        match set::property(&name) {
            Some(mut set) if self.eat("}") => {
                if negated {
                    set.negate();
                }
                Ok(set)
            }
            _ => self.fail("this is not a property of characters"),
        }
    }
}
