//! Turns a name into what the widget itself says, in the language it was given.
//!
//! `words/<tag>.json` holds them, a file for each language; the page hands them over as one text of
//! lines in the order of [`Word`], which is that of the files.

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $key:literal,)*) => {
        /// What the widget itself says. `{n}`, `{of}` and `{title}` are filled in: see [`fill`].
        ///
        /// A number stands beside a colon or a sign, or the sentence is right for every number: so
        /// no language needs its rules of plural here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Word { $($(#[$doc])* $name,)* }

        impl Word {
            /// The names in the files, in their order.
            pub const KEYS: &[&str] = &[$($key,)*];
        }
    };
}

words! {
    /// BCP 47 tag that these words are marked with.
    Language = "language",
    /// `ltr` or `rtl`.
    Dir = "dir",
    /// Goes on to the next question.
    Next = "next",
    /// Hands in the last answer.
    Send = "send",
    /// Leaves an announcement behind.
    Done = "done",
    /// Passes over an optional question.
    Skip = "skip",
    /// Goes back to the question before.
    Back = "back",
    /// Leaves the intro.
    Start = "start",
    /// Asks to be asked later.
    Later = "later",
    /// Name of the button in the corner.
    Close = "close",
    /// The feedback form, and what opens it.
    Feedback = "feedback",
    /// `{n}` of `{of}` questions.
    Progress = "progress",
    /// `{n}` percent.
    Share = "share",
    /// Said once to screen readers when the survey appears; `{title}` is what it asks first.
    Arrived = "arrived",
    /// Name of a step of a scale: `{n}` of `{of}`.
    Step = "step",
    /// Name of a star: `{n}` of `{of}`.
    Stars = "stars",
    /// Beside questions that need no answer.
    Optional = "optional",
    /// Any options.
    PickAny = "pick_any",
    /// At least `{n}` options.
    PickMin = "pick_min",
    /// At most `{n}` options.
    PickMax = "pick_max",
    /// From `{n}` to `{of}` options.
    PickRange = "pick_range",
    /// Label of the text field beside "other".
    Own = "own",
    /// Said to screen readers: "none of these" took the other choices back.
    Cleared = "cleared",
    /// At least `{n}` characters.
    AtLeast = "at_least",
    /// Characters left: `{n}`.
    Left = "left",
    /// Characters too many: `{n}`.
    Over = "over",
    /// Said to screen readers: at most `{n}` characters are left.
    Nearly = "nearly",
    /// Said to screen readers: the text is too long.
    Full = "full",
    /// A required score is not chosen.
    NeedScore = "need_score",
    /// A required text is empty.
    NeedText = "need_text",
    /// A required choice is not made.
    NeedOption = "need_option",
    /// A required box is not ticked.
    NeedConsent = "need_consent",
    /// "Other" is chosen, without a text.
    NeedOther = "need_other",
    /// Fewer than `{n}` characters.
    TooShort = "too_short",
    /// More than `{n}` characters.
    TooLong = "too_long",
    /// Fewer than `{n}` options.
    Few = "few",
    /// More than `{n}` options.
    Many = "many",
    /// Not an e-mail address.
    Email = "email",
    /// Not a web address.
    Url = "url",
    /// Not a number.
    Number = "number",
    /// Reaction: thumbs up.
    Up = "up",
    /// Reaction: thumbs down.
    Down = "down",
    /// Reaction: a heart.
    Heart = "heart",
    /// Behind links.
    NewTab = "new_tab",
    /// The box that attaches what the browser knows.
    Context = "context",
    /// Headline of what that is.
    Preview = "preview",
    /// Delivery: on the way.
    Sending = "sending",
    /// Delivery: the collector cannot be reached, headline.
    Waiting = "waiting",
    /// Delivery: the collector cannot be reached, what was kept and what happens next.
    WaitingText = "waiting_text",
    /// Delivery: the collector cannot be reached, and the device keeps the answer beyond the page.
    WaitingKept = "waiting_kept",
    /// Delivery: refused for good, headline.
    Refused = "refused",
    /// Delivery: refused for good, what was kept and what can be done.
    RefusedText = "refused_text",
    /// Delivery: a feedback form was refused and is back, with everything in it.
    Kept = "kept",
    /// Thanks of a survey without an ending.
    Thanks = "thanks",
}

/// What the page gives beside the words, in the lines behind them.
const DIGITS: usize = Word::Thanks as usize + 1;
const CONTEXT: usize = DIGITS + 1;

/// The words of one language.
#[derive(Clone, Debug, Default)]
pub struct Words(Vec<String>);

impl Words {
    /// Takes the lines of `text`: the words, the ten digits of the language, and what may be attached
    /// to feedback as name, value, name, value, … each followed by U+001F.
    pub fn new(text: &str) -> Self {
        Self(split(text, b'\n').into_iter().map(str::to_owned).collect())
    }

    /// What is said; empty when it is not known.
    pub fn get(&self, word: Word) -> &str {
        self.line(word as usize)
    }

    fn line(&self, index: usize) -> &str {
        self.0.get(index).map_or("", String::as_str)
    }

    /// What is said, with a number in it.
    pub fn with(&self, word: Word, n: usize) -> String {
        fill(self.get(word), "{n}", &self.number(n))
    }

    /// What is said, with a number of so many in it.
    pub fn with_of(&self, word: Word, n: usize, of: usize) -> String {
        fill(&self.with(word, n), "{of}", &self.number(of))
    }

    /// Writes `n` in the digits of the language.
    pub fn number(&self, n: usize) -> String {
        let digits = decimal(n);
        let own: Vec<char> = self.line(DIGITS).chars().collect();
        let own = |digit: char| own.get(digit as usize - '0' as usize).copied();
        digits
            .chars()
            .map(|digit| own(digit).unwrap_or(digit))
            .collect()
    }

    /// What may be attached to feedback: names and values.
    pub fn context(&self) -> Vec<(&str, &str)> {
        let parts = split(self.line(CONTEXT), 0x1f);
        parts
            .chunks_exact(2)
            .map(|pair| (pair[0], pair[1]))
            .collect()
    }
}

/// The parts of `text` between ASCII marks; `str::split` would bring a search engine along.
fn split(text: &str, mark: u8) -> Vec<&str> {
    let parts = text.as_bytes().split(|b| *b == mark);
    parts
        .filter_map(|part| std::str::from_utf8(part).ok())
        .collect()
}

/// Whether texts in `language` (BCP 47) run from right to left.
pub fn is_rtl(language: &str) -> bool {
    const RTL: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];
    let end = language.bytes().position(|b| b == b'-' || b == b'_');
    let primary = language
        .get(..end.unwrap_or(language.len()))
        .unwrap_or_default();
    RTL.iter().any(|rtl| rtl.eq_ignore_ascii_case(primary))
}

/// Puts `value` where `template` has `key`, such as `{n}`.
pub fn fill(template: &str, key: &str, value: &str) -> String {
    // `str::replacen` would bring two kilobytes of search into the module.
    let found = template
        .as_bytes()
        .windows(key.len())
        .position(|window| window == key.as_bytes());
    let filled = found.and_then(|at| {
        let before = template.get(..at)?;
        let after = template.get(at + key.len()..)?;
        Some([before, value, after].concat())
    });
    filled.unwrap_or_else(|| template.to_owned())
}

/// Writes `n` in decimal digits.
pub fn decimal(mut n: usize) -> String {
    let mut digits = String::new();
    loop {
        // A remainder of ten is a digit.
        digits.insert(0, char::from(b'0' + (n % 10) as u8));
        n /= 10;
        if n == 0 {
            return digits;
        }
    }
}

#[cfg(test)]
mod tests;
