//! Turns the flags that begin with `--keep-` into lengths of time that know where they came from.

use clap::{ArgMatches, Args};

use super::super::given;
use crate::settings::KeepGiven;

#[derive(Debug, Args)]
pub(super) struct KeepArgs {
    /// How long answers are kept, or forever [default: forever]
    #[arg(long, value_name = "LENGTH", env = "FIRSTHAND_KEEP_RESPONSES")]
    keep_responses: Option<String>,
    /// How long it is kept that surveys were shown; response rates stand on it [default: 400d]
    #[arg(long, value_name = "LENGTH", env = "FIRSTHAND_KEEP_IMPRESSIONS")]
    keep_impressions: Option<String>,
    /// How long it is kept that surveys were closed [default: 400d]
    #[arg(long, value_name = "LENGTH", env = "FIRSTHAND_KEEP_DISMISSALS")]
    keep_dismissals: Option<String>,
    /// How long images are kept [default: 400d]
    #[arg(long, value_name = "LENGTH", env = "FIRSTHAND_KEEP_ATTACHMENTS")]
    keep_attachments: Option<String>,
    /// How long web vitals are kept [default: 400d]
    #[arg(long, value_name = "LENGTH", env = "FIRSTHAND_KEEP_VITALS")]
    keep_vitals: Option<String>,
    /// How long what could not be kept as it should is kept aside [default: 90d]
    #[arg(long, value_name = "LENGTH", env = "FIRSTHAND_KEEP_DEAD_LETTERS")]
    keep_dead_letters: Option<String>,
    /// How long it is kept what pages had to drop [default: 90d]
    #[arg(long, value_name = "LENGTH", env = "FIRSTHAND_KEEP_LOSSES")]
    keep_losses: Option<String>,
    /// How long ids are known after what they named is gone, 8d or more [default: 15d]
    #[arg(long, value_name = "LENGTH", env = "FIRSTHAND_KEEP_IDS")]
    keep_ids: Option<String>,
}

impl KeepArgs {
    pub(super) fn given(self, matches: &ArgMatches) -> KeepGiven {
        macro_rules! given {
            ($id:ident, $flag:literal, $variable:literal) => {
                given(matches, self.$id, stringify!($id), $flag, $variable)
            };
        }
        KeepGiven {
            responses: given!(
                keep_responses,
                "--keep-responses",
                "FIRSTHAND_KEEP_RESPONSES"
            ),
            impressions: given!(
                keep_impressions,
                "--keep-impressions",
                "FIRSTHAND_KEEP_IMPRESSIONS"
            ),
            dismissals: given!(
                keep_dismissals,
                "--keep-dismissals",
                "FIRSTHAND_KEEP_DISMISSALS"
            ),
            attachments: given!(
                keep_attachments,
                "--keep-attachments",
                "FIRSTHAND_KEEP_ATTACHMENTS"
            ),
            vitals: given!(keep_vitals, "--keep-vitals", "FIRSTHAND_KEEP_VITALS"),
            dead_letters: given!(
                keep_dead_letters,
                "--keep-dead-letters",
                "FIRSTHAND_KEEP_DEAD_LETTERS"
            ),
            losses: given!(keep_losses, "--keep-losses", "FIRSTHAND_KEEP_LOSSES"),
            ids: given!(keep_ids, "--keep-ids", "FIRSTHAND_KEEP_IDS"),
        }
    }
}
