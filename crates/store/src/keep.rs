//! Turns kinds of things into how long each is kept, as the configuration or an admin has it.

/// How long what is kept, in milliseconds since it arrived; for good where absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepFor {
    /// Answers: responses with all their revisions.
    pub responses_ms: Option<u64>,
    /// That surveys were shown.
    pub impressions_ms: Option<u64>,
    /// That surveys were closed.
    pub dismissals_ms: Option<u64>,
    /// Images.
    pub attachments_ms: Option<u64>,
    /// Web vitals, by the hour.
    pub vitals_ms: Option<u64>,
    /// What could not be kept as it should: conflicts. Letters are pruned by [`crate::Ledger`].
    pub dead_letters_ms: Option<u64>,
    /// What pages had to drop.
    pub losses_ms: Option<u64>,
    /// Ids of what is gone, since it went: longer than an SDK tries to deliver.
    pub ids_ms: u64,
}

impl Default for KeepFor {
    /// Answers for good; images, and what response rates stand on, for 400 days, so that a year can
    /// be held against the year before; conflicts and losses for a quarter; ids for 15 days.
    fn default() -> Self {
        const DAY_MS: u64 = 86_400_000;
        Self {
            responses_ms: None,
            impressions_ms: Some(400 * DAY_MS),
            dismissals_ms: Some(400 * DAY_MS),
            attachments_ms: Some(400 * DAY_MS),
            vitals_ms: Some(400 * DAY_MS),
            dead_letters_ms: Some(90 * DAY_MS),
            losses_ms: Some(90 * DAY_MS),
            ids_ms: 15 * DAY_MS,
        }
    }
}

/// The kinds of [`KeepFor`] that may be kept for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeepKind {
    /// [`KeepFor::responses_ms`].
    Responses,
    /// [`KeepFor::impressions_ms`].
    Impressions,
    /// [`KeepFor::dismissals_ms`].
    Dismissals,
    /// [`KeepFor::attachments_ms`].
    Attachments,
    /// [`KeepFor::vitals_ms`].
    Vitals,
    /// [`KeepFor::dead_letters_ms`].
    DeadLetters,
    /// [`KeepFor::losses_ms`].
    Losses,
}

impl KeepKind {
    /// Every kind, in the order of their declaration.
    pub const ALL: [Self; 7] = [
        Self::Responses,
        Self::Impressions,
        Self::Dismissals,
        Self::Attachments,
        Self::Vitals,
        Self::DeadLetters,
        Self::Losses,
    ];

    /// The stable name: its key in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Responses => "keep_responses",
            Self::Impressions => "keep_impressions",
            Self::Dismissals => "keep_dismissals",
            Self::Attachments => "keep_attachments",
            Self::Vitals => "keep_vitals",
            Self::DeadLetters => "keep_dead_letters",
            Self::Losses => "keep_losses",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl KeepFor {
    /// How long this kind is kept.
    pub const fn of(&self, kind: KeepKind) -> Option<u64> {
        match kind {
            KeepKind::Responses => self.responses_ms,
            KeepKind::Impressions => self.impressions_ms,
            KeepKind::Dismissals => self.dismissals_ms,
            KeepKind::Attachments => self.attachments_ms,
            KeepKind::Vitals => self.vitals_ms,
            KeepKind::DeadLetters => self.dead_letters_ms,
            KeepKind::Losses => self.losses_ms,
        }
    }

    /// Keeps this kind for so long.
    pub const fn set(&mut self, kind: KeepKind, keep_ms: Option<u64>) {
        match kind {
            KeepKind::Responses => self.responses_ms = keep_ms,
            KeepKind::Impressions => self.impressions_ms = keep_ms,
            KeepKind::Dismissals => self.dismissals_ms = keep_ms,
            KeepKind::Attachments => self.attachments_ms = keep_ms,
            KeepKind::Vitals => self.vitals_ms = keep_ms,
            KeepKind::DeadLetters => self.dead_letters_ms = keep_ms,
            KeepKind::Losses => self.losses_ms = keep_ms,
        }
    }
}

/// How long an admin has one kind kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepChoice {
    /// What.
    pub kind: KeepKind,
    /// Milliseconds since it arrived; for good where absent.
    pub keep_ms: Option<u64>,
    /// Counts the changes of this kind: 1 for the first.
    pub rev: u32,
}
