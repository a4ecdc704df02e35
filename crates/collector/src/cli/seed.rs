//! Turns a few numbers into a data folder that looks as if a shop had used it for weeks.

use std::io::Write;
use std::sync::Arc;

use chrono::DateTime;
use clap::{ArgMatches, Args};
use store::Store;

use super::init::{check_site_key, checked};
use super::{DataArgs, runtime};
use crate::clock::Clock;
use crate::error::RunError;
use crate::seed::{Plan, Seeded, seed};
use crate::setup::{self, say};

/// Answers unless told otherwise: enough that every page has something to show.
const ANSWERS: u64 = 2_000;
/// Impressions of each answer: one in five people answers.
const IMPRESSIONS: u64 = 5;
/// Requests of each answer; and at least so many that outages can be found.
const REQUESTS: u64 = 50;
const LEAST_REQUESTS: u64 = 400_000;

#[derive(Debug, Args)]
pub(super) struct SeedArgs {
    #[command(flatten)]
    data: DataArgs,
    /// How many answers, feedback among them
    #[arg(long, value_name = "NUMBER", default_value_t = ANSWERS)]
    answers: u64,
    /// How many times a survey was shown, answered or not [default: five times for each answer]
    #[arg(long, value_name = "NUMBER")]
    impressions: Option<u64>,
    /// How many requests pages made [default: 50 for each answer, and at least 400000]
    #[arg(long, value_name = "NUMBER")]
    requests: Option<u64>,
    /// How many days it happened in, 1 to 400
    #[arg(long, value_name = "NUMBER", default_value_t = 45, value_parser = clap::value_parser!(u64).range(1..=400))]
    days: u64,
    /// The same number makes the same data, with the same --until
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// When it ends, as in 2026-11-27T18:00:00Z [default: now]
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Public key of the site that it came through; the site is made when there is none
    #[arg(long, value_name = "KEY", default_value = "fh_demo_shop")]
    site_key: String,
    /// Do it even where data is already: what is made up cannot be told from it later
    #[arg(long)]
    beside_what_is_there: bool,
}

impl SeedArgs {
    pub(super) fn run(
        self,
        matches: &ArgMatches,
        out: &mut (dyn Write + Send),
    ) -> Result<(), RunError> {
        let until_ms = match self.until {
            None => Clock::system().now_ms(),
            Some(text) => {
                let text = checked("--until", text, check_time)?;
                time(&text).unwrap_or_default()
            }
        };
        let plan = Plan {
            seed: self.seed,
            answers: self.answers,
            impressions: self.impressions.unwrap_or(IMPRESSIONS * self.answers),
            requests: self
                .requests
                .unwrap_or((REQUESTS * self.answers).max(LEAST_REQUESTS)),
            days: self.days,
            until_ms,
            site_key: checked("--site-key", self.site_key, check_site_key)?,
            beside: self.beside_what_is_there,
        };
        let data = self.data.settle(matches)?;
        let store: Arc<dyn Store> = Arc::new(setup::open(&data)?);
        let done = runtime()?.block_on(async {
            let mut told = |day, days| {
                if day % 5 == 0 || day == days {
                    // Progress is for people; a closed terminal is no reason to stop.
                    let _ = writeln!(std::io::stderr(), "seed: day {day} of {days}");
                }
            };
            let seeded = seed(Arc::clone(&store), &plan, &mut told).await;
            store.close().await?;
            seeded.map_err(RunError::from)
        })?;
        say(out, &summary(&plan, done))
    }
}

fn summary(plan: &Plan, done: Seeded) -> String {
    let Seeded {
        impressions,
        answers,
        items,
        reports,
        requests,
        triaged,
    } = done;
    format!(
        "made up, of {} days: {answers} answers ({triaged} looked at), {impressions} impressions, \
         {items} items with what was closed, {requests} requests in {reports} reports\n",
        plan.days
    )
}

fn time(text: &str) -> Option<u64> {
    let at = DateTime::parse_from_rfc3339(text).ok()?;
    at.timestamp_millis().try_into().ok()
}

fn check_time(text: &str) -> Result<(), String> {
    match time(text) {
        // A year and more before it still has to be after 1970.
        Some(ms) if ms > 500 * 86_400_000 => Ok(()),
        _ => Err(String::from("is no time such as 2026-11-27T18:00:00Z")),
    }
}
