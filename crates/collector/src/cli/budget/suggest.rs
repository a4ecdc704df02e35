//! Turns stored history into thresholds that could be promised, and what each would have cost.

use std::fmt::Write as _;
use std::io::Write;

use clap::{ArgMatches, Args};
use latency::suggest::{Proposal, suggest};
use protocol::budget::Span as Length;
use store::{FeatureSum, Project, Span, Store, SumsFilter};
use store_sqlite::SqliteStore;

use super::super::survey::Place;
use super::super::{project, runtime};
use super::table::{ms, percent};
use crate::budgets::InForce;
use crate::clock::Clock;
use crate::error::RunError;
use crate::settings::{Given, Source};
use crate::setup::say;

/// The targets that people promise.
const TARGETS: [f64; 4] = [0.9, 0.95, 0.99, 0.999];
/// As long as the console looks back.
const MAX_WINDOW_MS: u64 = 90 * 86_400_000;

#[derive(Debug, Args)]
pub(super) struct SuggestArgs {
    /// Id of a feature; `-` is what belongs to none [default: all]
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    feature: Option<String>,
    /// How long to look back, up to 90d
    #[arg(long, value_name = "LENGTH", default_value = "30d")]
    window: String,
    #[command(flatten)]
    place: Place,
}

impl SuggestArgs {
    pub(super) fn run(
        self,
        matches: &ArgMatches,
        out: &mut (dyn Write + Send),
    ) -> Result<(), RunError> {
        let window = length(&self.window)?;
        let (store, name) = self.place.open(matches)?;
        runtime()?.block_on(tell(store, name, self.feature, window, out))
    }
}

fn length(text: &str) -> Result<Length, RunError> {
    let length: Option<Length> = text.parse().ok();
    let length = length.filter(|length| (60_000..=MAX_WINDOW_MS).contains(&length.0));
    let given = Given {
        from: Source::Flag("--window"),
        value: String::from(text),
    };
    length.ok_or_else(|| {
        given
            .wrong("is no length from 1m to 90d, such as 30d")
            .into()
    })
}

async fn tell(
    store: SqliteStore,
    name: Option<String>,
    feature: Option<String>,
    window: Length,
    out: &mut (dyn Write + Send),
) -> Result<(), RunError> {
    let project = project(&store, name.as_deref()).await?;
    let in_force = InForce::of(&store, project.id).await?;
    // As in addresses of the console.
    let feature = feature.map(|id| if id == "-" { String::new() } else { id });
    let sums = sums(&store, &project, feature.clone(), window).await?;
    store.close().await?;
    let told: Vec<String> = sums
        .iter()
        .filter(|sum| !sum.distribution.histogram.is_empty())
        .map(|sum| text(sum, &in_force, window))
        .collect();
    if told.is_empty() {
        return Err(RunError::Missing {
            what: "measured request of the feature",
            name: feature.unwrap_or_else(|| String::from("any")),
            hint: format!(" in the last {window}"),
        });
    }
    say(out, &told.join("\n"))
}

async fn sums(
    store: &dyn Store,
    project: &Project,
    feature: Option<String>,
    window: Length,
) -> Result<Vec<FeatureSum>, RunError> {
    // This very millisecond is in it.
    let to_ms = Clock::system().now_ms().saturating_add(1);
    let span = Span {
        from_ms: to_ms.saturating_sub(window.0),
        to_ms,
    };
    let filter = SumsFilter {
        project: project.id,
        feature,
        spans: vec![span],
        with_distribution: true,
    };
    Ok(store.sums(filter).await?.into_iter().flatten().collect())
}

/// What could be promised of one feature.
fn text(sum: &FeatureSum, in_force: &InForce, window: Length) -> String {
    let histogram = &sum.distribution.histogram;
    let targets = targets(sum, in_force);
    let budget_window = in_force.budgets.window;
    let proposals = suggest(histogram, &targets, window.0, budget_window.0);
    let id = if sum.feature.is_empty() {
        "-"
    } else {
        &sum.feature
    };
    let mut text = format!(
        "{id}: {} requests in the last {window}, budgets of {budget_window}\n",
        histogram.count()
    );
    for proposal in &proposals {
        text += &of(proposal);
    }
    text
}

/// The usual ones, and those that are promised already.
fn targets(sum: &FeatureSum, in_force: &InForce) -> Vec<f64> {
    let mut targets = TARGETS.to_vec();
    let promised = in_force.feature(&sum.feature).into_iter();
    targets.extend(promised.flat_map(|feature| feature.latency.iter().map(|one| one.target)));
    targets.sort_by(f64::total_cmp);
    targets.dedup();
    targets
}

fn of(proposal: &Proposal) -> String {
    let mut text = format!(
        "  within {:<8} p{} is {}, {} within\n",
        Length(u64::from(proposal.within_ms)).to_string(),
        (proposal.quantile * 1_000.0).round() / 10.0,
        ms(proposal.measured_ms),
        percent(proposal.share),
    );
    for cost in &proposal.costs {
        // Writing to a text cannot fail.
        let _ = match (cost.burn, cost.used) {
            (Some(burn), Some(used)) => writeln!(
                text,
                "    target {:<7} burn {burn:>8.2}, {} of the budget used{}",
                percent(cost.target),
                percent(used),
                if used > 1.0 { ": BREACHED" } else { "" },
            ),
            _ => writeln!(
                text,
                "    target {:<7} {} violations",
                percent(cost.target),
                cost.bad
            ),
        };
    }
    text
}
