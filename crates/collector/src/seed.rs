//! Turns a number into a shop that nobody has: its people, what they said, what they waited for, and what a
//! team did about it.
//!
//! Everything goes the way that real data goes: bodies as pages send them through the steps of ingest, sums
//! through the store's own merging, outages through the evaluation, the team's work through the inbox. The same
//! seed, size and end make the same data.
//!
//! | file | what it makes up |
//! |---|---|
//! | `story` | when things happen: a trend, releases of which one is slow, an outage |
//! | `people` | who they are, and on what machine |
//! | `texts` | what they write, by theme and language |
//! | `visits` | what they are asked and answer |
//! | `traffic` | what pages measured of requests |
//! | `desk` | what the team did with it |

mod day;
mod desk;
mod people;
mod story;
mod texts;
mod traffic;
mod visits;

use std::sync::Arc;

use protocol::survey::Survey;
use store::{ProjectId, Retention, Site, Span, Store, StoreError};

use self::day::Days;
use self::desk::Mark;
use self::people::People;
use self::story::Story;
use self::texts::Texts;
use self::visits::Shown;
use crate::audit::itself;
use crate::clock::Clock;
use crate::definitions;
use crate::sites::{SiteView, Sites};

const SURVEYS: &str = include_str!("seed/surveys.json");
const BUDGETS: &str = include_str!("seed/budgets.json");
const TEXTS: &str = include_str!("seed/texts.json");

/// What the project is called, so that nobody takes it for a real one.
const PROJECT: &str = "Demo shop (made-up data)";
const ORIGINS: [&str; 2] = ["http://localhost:*", "http://127.0.0.1:*"];

/// How much is made up.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The same number makes the same data.
    pub(crate) seed: u64,
    /// Answers, feedback among them.
    pub(crate) answers: u64,
    /// Surveys that were shown, answered or not; never fewer than answers.
    pub(crate) impressions: u64,
    /// Requests that pages made.
    pub(crate) requests: u64,
    /// Days of 24 hours that it happened in.
    pub(crate) days: u64,
    /// When it ends; milliseconds since 1970 (UTC).
    pub(crate) until_ms: u64,
    /// Key of the site that it came through; made when there is none.
    pub(crate) site_key: String,
    /// Also beside data that is there.
    pub(crate) beside: bool,
}

/// What was made up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seeded {
    /// Surveys that were shown.
    pub(crate) impressions: u64,
    /// Responses.
    pub(crate) answers: u64,
    /// Items of all kinds but reports.
    pub(crate) items: u64,
    /// Reports of what pages measured.
    pub(crate) reports: u64,
    /// Requests that these count.
    pub(crate) requests: u64,
    /// Responses that the team has looked at.
    pub(crate) triaged: u64,
}

/// Why nothing, or not all, could be made up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SeedError {
    /// Somebody's data is there.
    #[error(
        "there are {items} items already, and made-up ones cannot be told from them later; \
         use an empty folder, or --beside-what-is-there"
    )]
    NotEmpty {
        /// How many.
        items: u64,
    },
    /// The store failed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// Ingest has no place for what was made up: the two do not fit together any more.
    #[error("made-up data was refused: {0}")]
    Refused(String),
    /// What is embedded cannot be read.
    #[error("what is made up from cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
}

/// Fills a store, and tells `told` how many of how many days are done.
///
/// # Errors
///
/// [`SeedError`]; what was written until then stays.
pub(crate) async fn seed(
    store: Arc<dyn Store>,
    plan: &Plan,
    told: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Seeded, SeedError> {
    let story = Story::new(plan.until_ms, plan.days);
    let (project, shown, site) = prepare(&store, plan, &story).await?;
    let texts: Texts = serde_json::from_str(TEXTS)?;
    let people = People::new(plan.seed, plan.answers);
    let mut days = Days {
        store: Arc::clone(&store),
        plan,
        story: &story,
        people: &people,
        texts: &texts,
        shown: &shown,
        site: &site,
        evaluator: crate::Evaluator::new(Arc::clone(&store), Retention::default()),
        seeded: Seeded::default(),
    };
    let mut marks: Vec<Mark> = Vec::new();
    for day in 0..plan.days {
        days.live(day, &mut marks).await?;
        told(day + 1, plan.days);
    }
    let mut seeded = days.seeded;
    let desk = desk::Desk::new(&*store, project, plan, &story);
    seeded.triaged = desk.work(&marks, &texts).await?;
    let ledger = store::LedgerRetention::default();
    store.prune_ledger(plan.until_ms, ledger).await?;
    store.gather(plan.until_ms).await?;
    Ok(seeded)
}

/// Makes what is not there: project, site, surveys, budgets.
async fn prepare(
    store: &Arc<dyn Store>,
    plan: &Plan,
    story: &Story,
) -> Result<(ProjectId, Shown, Arc<SiteView>), SeedError> {
    let project = match store.projects().await?.first() {
        Some(project) => project.id,
        None => {
            let name = String::from(PROJECT);
            store.create_project(name, story.from_ms).await?
        }
    };
    if !plan.beside {
        refuse_data(&**store, project).await?;
    }
    if store.site(plan.site_key.clone()).await?.is_none() {
        let site = Site {
            key: plan.site_key.clone(),
            project,
            origins: ORIGINS.map(String::from).to_vec(),
        };
        store.put_site(site, story.from_ms).await?;
    }
    if store.budgets(project).await?.is_empty() {
        let document = String::from(BUDGETS);
        store
            .publish_budgets(project, document, story.from_ms)
            .await?;
    }
    let shown = publish(&**store, project, story).await?;
    let sites = Sites::new(Arc::clone(store), Clock::from_fn(|| 0));
    let site = sites.find(&plan.site_key).await?;
    let site = site.ok_or_else(|| SeedError::Refused(String::from("there is no such site")))?;
    Ok((site.project, shown, site))
}

async fn refuse_data(store: &dyn Store, project: ProjectId) -> Result<(), SeedError> {
    let ever = Span {
        from_ms: 0,
        to_ms: u64::MAX >> 11,
    };
    let sums = store.delivery(project, ever, 0).await?;
    match sums.fates.iter().map(|fate| fate.items).sum() {
        0 => Ok(()),
        items => Err(SeedError::NotEmpty { items }),
    }
}

/// Publishes the surveys as the story begins, and another wording of one of them in its middle.
async fn publish(store: &dyn Store, project: ProjectId, story: &Story) -> Result<Shown, SeedError> {
    let first: Vec<Survey> = serde_json::from_str(SURVEYS)?;
    let mut later = first.clone();
    later.retain(|survey| survey.id == visits::NPS);
    for survey in &mut later {
        survey.show.delay_ms = 4_000;
    }
    let who = itself(project);
    let begin = definitions::publish_anyway(store, &who, first.clone(), story.from_ms).await?;
    let change = definitions::publish_anyway(store, &who, later, story.reworded_ms()).await?;
    Ok(Shown::new(first, &begin, &change))
}
