//! Turns each kind of problem into a stable name and into how bad it is.

use serde::{Serialize, Serializer};

/// Whether a survey may run all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It must be put right before the survey may run.
    Error,
    /// It is probably not what was meant.
    Warning,
}

macro_rules! codes {
    ($($severity:ident { $($(#[$doc:meta])+ $name:ident = $text:literal,)+ })+) => {
        /// What kind of problem it is, by a name that never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $($($(#[$doc])+ $name,)+)+
        }

        impl Code {
            /// Every code, errors first.
            pub const ALL: &[Self] = &[$($(Self::$name,)+)+];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($(Self::$name => $text,)+)+
                }
            }

            /// How bad it is.
            pub const fn severity(self) -> Severity {
                match self {
                    $($(Self::$name => Severity::$severity,)+)+
                }
            }
        }
    };
}

codes! {
    Error {
        /// The text is not JSON.
        Syntax = "syntax",
        /// The JSON is not a survey: a part is missing, unknown, or of another type.
        Shape = "shape",
        /// Something follows the survey.
        Trailing = "trailing",
        /// An id is not a slug.
        Id = "id",
        /// An id that means something else already.
        ReservedId = "reserved_id",
        /// Two questions, options or endings have the same id.
        DuplicateId = "duplicate_id",
        /// The survey has no name.
        Name = "name",
        /// A text says nothing.
        EmptyText = "empty_text",
        /// A text is longer than any text may be.
        TextTooLong = "text_too_long",
        /// Not a BCP 47 language tag.
        LanguageTag = "language_tag",
        /// A language is listed twice.
        DuplicateLanguage = "duplicate_language",
        /// A text is missing in one of the survey's languages.
        MissingTranslation = "missing_translation",
        /// A text takes an answer from a question that does not exist.
        PipeUnknown = "pipe_unknown",
        /// A text takes an answer from a question that comes later.
        PipeLater = "pipe_later",
        /// There is no question.
        NoQuestions = "no_questions",
        /// There are more questions than a response can hold.
        TooManyQuestions = "too_many_questions",
        /// A question has more rules than anybody can follow.
        TooManyRules = "too_many_rules",
        /// There is no ending.
        NoEndings = "no_endings",
        /// There are more endings than anybody needs.
        TooManyEndings = "too_many_endings",
        /// A full response would not fit into one item.
        ResponseSize = "response_size",
        /// The limits of a text answer fit no text.
        TextLimits = "text_limits",
        /// A rating has too few or too many steps.
        RatingMax = "rating_max",
        /// There are not that many faces.
        EmojiSteps = "emoji_steps",
        /// A choice has too few or too many options.
        OptionCount = "option_count",
        /// The limits of a choice fit no number of options.
        ChoiceLimits = "choice_limits",
        /// A jump to a question or an ending that does not exist.
        UnknownTarget = "unknown_target",
        /// A rule looks at a question that does not exist.
        UnknownQuestion = "unknown_question",
        /// A rule looks at a question that comes later.
        LaterQuestion = "later_question",
        /// A rule's test does not fit the kind of question.
        RuleMisfit = "rule_misfit",
        /// A rule's range is not within the scale.
        RuleRange = "rule_range",
        /// A rule names an option that does not exist.
        RuleOption = "rule_option",
        /// A rule needs a required question to be passed over.
        RuleSkipped = "rule_skipped",
        /// A rule that no answer fulfils.
        RuleNever = "rule_never",
        /// Earlier rules take every answer that fulfils this one.
        RuleShadowed = "rule_shadowed",
        /// No way leads to a question.
        UnreachableQuestion = "unreachable_question",
        /// A way leads back to where it came from.
        Loop = "loop",
        /// Not a time as RFC 3339 writes it.
        Time = "time",
        /// It is over before it begins.
        Window = "window",
        /// The sample is larger than all.
        Sample = "sample",
        /// No impression is allowed.
        NoImpressions = "no_impressions",
        /// An address test is empty.
        UrlEmpty = "url_empty",
        /// An address test that no address fulfils.
        UrlNever = "url_never",
        /// Every address that is allowed is excluded again.
        UrlExcluded = "url_excluded",
        /// The languages of the people and of the survey never meet.
        LanguagesNever = "languages_never",
        /// A filter names no property.
        FilterKey = "filter_key",
        /// Filters that nobody fulfils together.
        FilterNever = "filter_never",
        /// A trigger has no event, or one of the reserved names.
        EventName = "event_name",
        /// Something must have happened zero times, or in too long a time.
        EventTimes = "event_times",
        /// A share of the page that is not from 1 to 100 percent.
        Scroll = "scroll",
        /// What sets the survey off calls it off as well.
        Cancelled = "cancelled",
        /// A CSS selector is empty or not closed.
        Selector = "selector",
        /// An inline survey does not say where it is put.
        InlineElement = "inline_element",
        /// A colour is not `#rrggbb`.
        Color = "color",
        /// Two colours are too close to each other.
        Contrast = "contrast",
        /// A link, an image or a redirect with an address that is not allowed there.
        Address = "address",
        /// Not a regular expression of JavaScript.
        RegexSyntax = "regex_syntax",
        /// A regular expression that needs more than can be checked, such as backreferences.
        RegexUnsupported = "regex_unsupported",
        /// A regular expression too large to be checked.
        RegexTooLarge = "regex_too_large",
        /// A regular expression that takes exponential time on some addresses.
        RegexExponential = "regex_exponential",
        /// A regular expression that takes at least cubic time on some addresses.
        RegexPolynomial = "regex_polynomial",
    }
    Warning {
        /// No way leads to an ending.
        UnreachableEnding = "unreachable_ending",
        /// Nobody is in the sample.
        SampleZero = "sample_zero",
        /// A translation in a language that the survey does not have.
        UnusedTranslation = "unused_translation",
        /// An answer that may be missing, and nothing to say instead.
        PipeWithoutFallback = "pipe_without_fallback",
        /// Rules between questions that are on one screen.
        RulesTogether = "rules_together",
        /// An announcement cannot be required.
        RequiredStatement = "required_statement",
        /// An element is named for a survey that is not inline.
        UnusedElement = "unused_element",
        /// Only the person opens a feedback form.
        FeedbackRule = "feedback_rule",
        /// A wait of no days.
        WaitZero = "wait_zero",
        /// More questions in a row than most people answer.
        ManyQuestions = "many_questions",
        /// Not the question whose scores can be compared with others.
        NpsWording = "nps_wording",
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
