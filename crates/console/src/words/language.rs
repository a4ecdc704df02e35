//! Turns what a browser asks for into one of the languages that there are, and knows their habits.

/// A language that the console speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
}

impl Language {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 4] = [Self::En, Self::De, Self::Fr, Self::Es];

    /// The language of a tag such as `de-AT`, if there is one.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|it| it.tag().eq_ignore_ascii_case(primary))
    }

    /// `de`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
        }
    }

    /// As those who speak it call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
            Self::Fr => "Français",
            Self::Es => "Español",
        }
    }

    /// Which form of a plural a count takes: 0 one, 1 other, 2 many (millions, which take "of").
    ///
    /// # Source
    /// Unicode CLDR 48, plural rules for cardinal integers of en, de, fr, es.
    pub const fn form(self, n: u64) -> usize {
        let is_one = match self {
            Self::Fr => n <= 1,
            Self::En | Self::De | Self::Es => n == 1,
        };
        let takes_of = matches!(self, Self::Fr | Self::Es);
        match is_one {
            true => 0,
            false if takes_of && n != 0 && n.is_multiple_of(1_000_000) => 2,
            false => 1,
        }
    }

    /// What stands between thousands.
    pub(super) const fn thousands(self) -> char {
        match self {
            Self::En => ',',
            Self::De | Self::Es => '.',
            // A narrow space that does not break.
            Self::Fr => '\u{202f}',
        }
    }

    /// From how many digits on thousands are set apart: Spanish leaves four together.
    pub(super) const fn least_digits(self) -> usize {
        match self {
            Self::Es => 5,
            Self::En | Self::De | Self::Fr => 4,
        }
    }

    /// What stands before a fraction.
    pub(super) const fn point(self) -> char {
        match self {
            Self::En => '.',
            Self::De | Self::Fr | Self::Es => ',',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: Language, expect: [(u64, usize); 5]) {
        for (n, form) in expect {
            assert_eq!(language.form(n), form, "{} {n}", language.tag());
        }
    }

    #[test]
    fn plurals_are_those_of_the_language() {
        let usual = [(0, 1), (1, 0), (2, 1), (21, 1), (1_000_000, 1)];
        check(Language::En, usual);
        check(Language::De, usual);
        check(
            Language::Es,
            [(0, 1), (1, 0), (2, 1), (1_000_001, 1), (3_000_000, 2)],
        );
        check(
            Language::Fr,
            [(0, 0), (1, 0), (2, 1), (1_500_000, 1), (1_000_000, 2)],
        );
    }

    #[test]
    fn tags_lead_to_languages() {
        assert_eq!(Language::of_tag("de-AT"), Some(Language::De));
        assert_eq!(Language::of_tag("FR"), Some(Language::Fr));
        assert_eq!(Language::of_tag("fro"), None);
        assert_eq!(Language::of_tag(""), None);
    }
}
