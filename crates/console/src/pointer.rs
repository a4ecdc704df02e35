//! Turns a JSON pointer into the place in a text that it points at.

use core::ops::Range;

/// The bytes of what `pointer` points at in a JSON text; of the nearest thing around it that is there, where it
/// is not. Nothing where the text ends too early to tell.
///
/// # Source
/// RFC 6901.
pub fn place(text: &str, pointer: &str) -> Option<Range<usize>> {
    let steps: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect();
    let mut scan = Scan {
        bytes: text.as_bytes(),
        at: 0,
    };
    scan.find(&steps)
}

/// The line, from 1, of a byte of a text.
pub fn line(text: &str, at: usize) -> usize {
    let before = text.as_bytes().iter().take(at);
    before.filter(|byte| **byte == b'\n').count() + 1
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&mut self) -> Option<u8> {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn find(&mut self, steps: &[String]) -> Option<Range<usize>> {
        let open = self.peek()?;
        let start = self.at;
        let Some((step, rest)) = steps.split_first() else {
            self.skip()?;
            return Some(start..self.at);
        };
        match open {
            b'{' | b'[' => self
                .find_in(open == b'{', step, rest)
                .or(Some(start..start + 1)),
            // It points into a text or a number.
            _ => {
                self.skip()?;
                Some(start..self.at)
            }
        }
    }

    /// Looks through an object or a list.
    fn find_in(&mut self, is_object: bool, step: &str, rest: &[String]) -> Option<Range<usize>> {
        self.at += 1;
        for nth in 0.. {
            if matches!(self.peek()?, b'}' | b']') {
                return None;
            }
            let is_it = if is_object {
                let name = self.name()?;
                if self.peek()? != b':' {
                    return None;
                }
                self.at += 1;
                name == step
            } else {
                step.parse() == Ok(nth)
            };
            if is_it {
                return self.find(rest);
            }
            self.skip()?;
            if self.peek()? == b',' {
                self.at += 1;
            }
        }
        None
    }

    /// A name of an object, as it is meant.
    fn name(&mut self) -> Option<String> {
        let start = self.at;
        self.skip()?;
        serde_json::from_slice(self.bytes.get(start..self.at)?).ok()
    }

    /// Goes to the end of a value.
    fn skip(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => self.skip_text()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                    continue;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                b',' | b':' if depth > 0 => {
                    self.at += 1;
                    continue;
                }
                b',' | b':' => return None,
                _ => {
                    let is_end =
                        |byte: &u8| byte.is_ascii_whitespace() || b",:{}[]\"".contains(byte);
                    let left = self.bytes.get(self.at..)?;
                    self.at += left.iter().position(is_end).unwrap_or(left.len());
                }
            }
            if depth == 0 {
                return Some(());
            }
        }
    }

    fn skip_text(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            match self.bytes.get(self.at)? {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                _ => self.at += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{
  "a": [1, {"b/c": "x\"]", "d": {}}],
  "timezone": "UTC"
}"#;

    #[track_caller]
    fn check(pointer: &str, expect: &str) {
        let found = place(TEXT, pointer).map(|place| &TEXT[place]);
        assert_eq!(found, Some(expect), "{pointer}");
    }

    #[test]
    fn what_is_pointed_at_is_found() {
        check("", TEXT);
        check("/timezone", "\"UTC\"");
        check("/a/0", "1");
        check("/a/1/b~1c", "\"x\\\"]\"");
        check("/a/1/d", "{}");
    }

    #[test]
    fn what_is_missing_is_what_is_around_it() {
        check("/a/1/e", "{");
        check("/a/7", "[");
        check("/nothing/at/all", "{");
        check("/timezone/0", "\"UTC\"");
    }

    #[test]
    fn a_text_that_ends_early_has_no_end() {
        assert_eq!(place("", "/a"), None);
        assert_eq!(place("{\"a\": \"x", ""), None);
        for end in 0..TEXT.len() {
            // Whatever somebody has typed so far.
            let _ = place(&TEXT[..end], "/a/1/d");
        }
    }

    #[test]
    fn lines_count_from_one() {
        let at = place(TEXT, "/timezone").map(|place| line(TEXT, place.start));
        assert_eq!((line(TEXT, 0), at), (1, Some(3)));
    }
}
