//! Turns each kind of problem into a stable name and into whether it keeps budgets from being published.

macro_rules! codes {
    ($($is_error:literal { $($(#[$doc:meta])+ $name:ident = $text:literal,)+ })+) => {
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

            /// Whether it has to be put right first.
            pub const fn is_error(self) -> bool {
                match self {
                    $($(Self::$name => $is_error,)+)+
                }
            }
        }
    };
}

codes! {
    true {
        /// The text is not JSON.
        Syntax = "syntax",
        /// A part is missing, twice there, or of another type.
        Shape = "shape",
        /// A key that nobody knows.
        UnknownKey = "unknown_key",
        /// Something follows the document.
        Trailing = "trailing",
        /// Not the version that is understood.
        Version = "version",
        /// The window of the budgets is too short or too long.
        WindowRange = "window_range",
        /// A slice is neither 10 nor 60 seconds.
        SliceLength = "slice_length",
        /// The hard timeout is too short or too long.
        HardTimeoutRange = "hard_timeout_range",
        /// Not the shape of a zone's name.
        Timezone = "timezone",
        /// More features than pages can tell apart.
        TooManyFeatures = "too_many_features",
        /// An id is not a slug.
        Id = "id",
        /// An id that means something else already.
        ReservedId = "reserved_id",
        /// Two features have the same id.
        DuplicateId = "duplicate_id",
        /// A name or an owner that says nothing, or too much.
        Name = "name",
        /// More matches than a feature may have.
        TooManyMatches = "too_many_matches",
        /// A match that names nothing.
        EmptyMatch = "empty_match",
        /// Not a method.
        Method = "method",
        /// Not an origin.
        Origin = "origin",
        /// Not the name of an operation, or not a path.
        Graphql = "graphql",
        /// A pattern that no path fits, or that cannot be read.
        Glob = "glob",
        /// An earlier feature takes every request that a match is for.
        HiddenMatch = "hidden_match",
        /// More latency objectives than a feature may have.
        TooManyObjectives = "too_many_objectives",
        /// A target that is not above 0 and at most 1.
        TargetRange = "target_range",
        /// A threshold of nothing.
        ThresholdZero = "threshold_zero",
        /// A threshold that no attempt can be over, because it is a timeout before.
        ThresholdAboveTimeout = "threshold_above_timeout",
        /// Two objectives with the same stage and threshold.
        DuplicateThreshold = "duplicate_threshold",
        /// Samples or clients without which a slice says nothing: none, or too many.
        QuorumRange = "quorum_range",
        /// Something is included twice.
        DuplicateInclude = "duplicate_include",
        /// More templates than pages can keep.
        TooManyTemplates = "too_many_templates",
        /// A template that cannot be read.
        Template = "template",
        /// A template is there twice.
        DuplicateTemplate = "duplicate_template",
        /// The number of templates to tell apart is too small or too large.
        MaxKeysRange = "max_keys_range",
        /// What pages have to fetch is too much.
        TooLarge = "too_large",
        /// More alerts than anybody can tell apart.
        TooManyAlerts = "too_many_alerts",
        /// Two alerts with the same severity and windows.
        DuplicateAlert = "duplicate_alert",
        /// A factor that is not above 0.
        AlertFactor = "alert_factor",
        /// The short window is not shorter than the long one.
        AlertWindows = "alert_windows",
        /// A window that is longer than that of the budgets, or shorter than a slice.
        AlertRange = "alert_range",
        /// A factor that no burn can be above.
        AlertNeverFires = "alert_never_fires",
        /// A target of 1 leaves no budget that an alert could look at.
        TargetWithoutBudget = "target_without_budget",
    }
    false {
        /// An earlier match of the same feature takes every request that a match is for.
        RedundantMatch = "redundant_match",
        /// An objective is kept whenever another one is.
        ImpliedObjective = "implied_objective",
        /// An earlier template takes every path that one is for.
        HiddenTemplate = "hidden_template",
        /// One of the usual alerts can never fire.
        UsualAlertNeverFires = "usual_alert_never_fires",
    }
}
