//! Turns a text and its limit into how much more of it may be written.

/// How many characters a text still has room for, once that is worth saying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Plenty.
    Plenty,
    /// This many characters are left.
    Left(usize),
    /// This many characters are too many.
    Over(usize),
}

/// Tells what to show beside a text of at most `max_chars`: the room comes up with the last tenth.
pub fn room(text: &str, max_chars: u32) -> Room {
    let max = max_chars as usize;
    let n = text.trim().chars().count();
    if n > max {
        Room::Over(n - max)
    } else if max - n <= max / 10 {
        Room::Left(max - n)
    } else {
        Room::Plenty
    }
}

impl Room {
    /// The step of it that is read out: one sentence on arrival in the last tenth, one at twenty
    /// characters, one past the limit, and silence for each character between them.
    pub fn announced(self, max_chars: u32) -> Self {
        let tenth = max_chars as usize / 10;
        match self {
            Self::Left(n) if n <= 20 => Self::Left(tenth.min(20)),
            Self::Left(_) => Self::Left(tenth),
            Self::Over(_) => Self::Over(1),
            Self::Plenty => Self::Plenty,
        }
    }
}
