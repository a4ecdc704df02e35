//! Turns a site key into what ingest and config need to know, without a read for every request.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use axum::body::Bytes;
use axum::http::HeaderValue;
use protocol::config::{CONFIG_FORMAT, Config, Furniture};
use protocol::item::SurveyRef;
use protocol::survey::Survey;
use store::{IdentitySecret, ProjectId, PublishedSurvey, Site, Store, StoreError};

use crate::assets::etag_of;
use crate::budgets::InForce;
use crate::clock::Clock;
use crate::origin::OriginPattern;

/// How long a site is taken from memory. Another process may change it, `firsthand init` for
/// instance, and whoever runs that looks at the result within seconds.
const FRESH_MS: u64 = 1_000;

/// What a key for trying things out ends with: `fh_shop-test` is that of `fh_shop`. Whatever comes through
/// it is kept as a test.
pub(crate) const TEST_KEY: &str = "-test";

/// Surveys by id and version. Every version that was ever published: answers arrive late.
pub(crate) type Surveys = BTreeMap<String, BTreeMap<u32, Survey>>;

/// Sorts what was published.
pub(crate) fn by_version(published: Vec<PublishedSurvey>) -> Surveys {
    let mut surveys = Surveys::new();
    for PublishedSurvey {
        version, survey, ..
    } in published
    {
        let versions = surveys.entry(survey.id.clone()).or_default();
        versions.insert(version, survey);
    }
    surveys
}

/// The newest version of each, by id.
pub(crate) fn newest(surveys: &Surveys) -> impl Iterator<Item = (u32, &Survey)> {
    let versions = surveys.values().filter_map(BTreeMap::last_key_value);
    versions.map(|(version, survey)| (*version, survey))
}

/// One site, its project's surveys, and who may use it.
#[derive(Debug, PartialEq)]
pub(crate) struct SiteView {
    /// Where its items go.
    pub(crate) project: ProjectId,
    /// Whether it is only to try things out.
    pub(crate) is_test: bool,
    /// What the page's server signs ids of people with.
    pub(crate) secret: Option<IdentitySecret>,
    origins: Vec<OriginPattern>,
    surveys: Surveys,
    /// What the agent is told: every running survey, highest priority first, then by id.
    pub(crate) config: Config,
    /// The same as bytes, and their entity tag.
    pub(crate) config_bytes: (Bytes, HeaderValue),
}

/// What is known of the project of a site.
struct Known {
    is_test: bool,
    published: Vec<PublishedSurvey>,
    paused: BTreeSet<String>,
    budgets: InForce,
}

impl SiteView {
    fn new(site: &Site, secret: Option<IdentitySecret>, known: Known) -> Result<Self, StoreError> {
        let surveys = by_version(known.published);
        let config = config(&surveys, &known.paused, &known.budgets);
        let bytes = postcard::to_allocvec(&config).map_err(|error| StoreError::Unreadable {
            what: "a config",
            source: error.into(),
        })?;
        let etag = etag_of(&bytes);
        // Patterns were checked before they were stored; what a newer build allows matches nothing.
        let origins = site.origins.iter().filter_map(|o| o.parse().ok());
        Ok(Self {
            project: site.project,
            is_test: known.is_test,
            secret,
            origins: origins.collect(),
            surveys,
            config,
            config_bytes: (bytes.into(), etag),
        })
    }

    /// A site that no store has, whose project has these surveys in version 1.
    pub(crate) fn detached(surveys: Vec<Survey>) -> Self {
        let published = surveys.into_iter().map(|survey| PublishedSurvey {
            version: 1,
            published_ms: 0,
            survey,
        });
        Self {
            project: ProjectId(0),
            is_test: false,
            secret: None,
            origins: Vec::new(),
            surveys: by_version(published.collect()),
            config: config(&Surveys::new(), &BTreeSet::new(), &InForce::default()),
            config_bytes: (Bytes::new(), HeaderValue::from_static("")),
        }
    }

    /// Whether a page of this origin may use the site.
    pub(crate) fn allows(&self, origin: &str) -> bool {
        self.origins.iter().any(|pattern| pattern.matches(origin))
    }

    /// The survey as it was published in this version.
    pub(crate) fn survey(&self, reference: &SurveyRef) -> Option<&Survey> {
        self.surveys.get(&reference.id)?.get(&reference.version)
    }
}

/// Every running survey in the form that the agent follows, what the page has to put up, and what is
/// measured of it.
fn config(surveys: &Surveys, paused: &BTreeSet<String>, budgets: &InForce) -> Config {
    let running: Vec<_> = newest(surveys)
        .filter(|(_, survey)| !paused.contains(&survey.id))
        .map(|(version, survey)| (survey, version))
        .collect();
    let (rules, furniture) = survey::compile::rules(&running);
    let furniture = if furniture == Furniture::default() {
        String::new()
    } else {
        // Texts and numbers, which always can be written.
        serde_json::to_string(&furniture).unwrap_or_default()
    };
    Config {
        format: CONFIG_FORMAT,
        surveys: rules,
        furniture,
        metering: budgets.metering(),
    }
}

/// Finds sites, and remembers them for a moment.
#[derive(Debug)]
pub(crate) struct Sites {
    store: Arc<dyn Store>,
    clock: Clock,
    /// What was read, and when. Only keys that exist, so that guessing keys does not fill it.
    known: Mutex<HashMap<String, (u64, Arc<SiteView>)>>,
    /// Held while a site is read, by its key, so that a crowd reads it once. Only those in use.
    reading: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
}

impl Sites {
    pub(crate) fn new(store: Arc<dyn Store>, clock: Clock) -> Self {
        Self {
            store,
            clock,
            known: Mutex::default(),
            reading: Mutex::default(),
        }
    }

    /// The site with this key, at most a second old, or older while the store cannot read it.
    pub(crate) async fn find(&self, key: &str) -> Result<Option<Arc<SiteView>>, StoreError> {
        let since_ms = self.clock.now_ms().saturating_sub(FRESH_MS);
        match self.newer_than(key, since_ms).await {
            Err(error) if error.is_passing() => {
                let Some((_, view)) = self.known(key) else {
                    return Err(error);
                };
                // A full queue is no fault, and would fill the log when it lasts.
                if !matches!(error, StoreError::Overloaded) {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "a site stays as it was, it cannot be read");
                }
                Ok(Some(view))
            }
            found => found,
        }
    }

    /// The site with this key as it was at some moment after `since_ms`.
    pub(crate) async fn newer_than(
        &self,
        key: &str,
        since_ms: u64,
    ) -> Result<Option<Arc<SiteView>>, StoreError> {
        if !protocol::limits::is_site_key(key) {
            return Ok(None);
        }
        if let Some(view) = self.known_after(key, since_ms) {
            return Ok(Some(view));
        }
        let reading = self.reading(key);
        let _reading = reading.lock().await;
        // Whoever held it before may have read what is asked for.
        match self.known_after(key, since_ms) {
            Some(view) => Ok(Some(view)),
            None => self.read(key).await,
        }
    }

    /// Reads a site. An unchanged one stays the view that it was.
    async fn read(&self, key: &str) -> Result<Option<Arc<SiteView>>, StoreError> {
        let read_ms = self.clock.now_ms();
        let mut site = self.store.site_in_use(String::from(key), read_ms).await?;
        let mut is_test = false;
        if site.is_none()
            && let Some(tried) = key.strip_suffix(TEST_KEY)
        {
            site = self.store.site_in_use(String::from(tried), read_ms).await?;
            is_test = true;
        }
        let Some(site) = site else {
            self.lock_known().remove(key);
            return Ok(None);
        };
        let secret = self.store.site_secret(site.key.clone()).await?;
        let known = Known {
            is_test,
            published: self.store.surveys(site.project).await?,
            // What stands still can be tried all the same.
            paused: match is_test {
                true => BTreeSet::new(),
                false => self.store.paused(site.project).await?,
            },
            budgets: InForce::of(&*self.store, site.project).await?,
        };
        let view = SiteView::new(&site, secret, known)?;
        let mut known = self.lock_known();
        let view = match known.get(key) {
            Some((_, before)) if **before == view => Arc::clone(before),
            _ => Arc::new(view),
        };
        known.insert(String::from(key), (read_ms, Arc::clone(&view)));
        Ok(Some(view))
    }

    /// Whether a site with this key has been found lately.
    pub(crate) fn is_known(&self, key: &str) -> bool {
        self.lock_known().contains_key(key)
    }

    fn known(&self, key: &str) -> Option<(u64, Arc<SiteView>)> {
        self.lock_known().get(key).cloned()
    }

    fn known_after(&self, key: &str, since_ms: u64) -> Option<Arc<SiteView>> {
        let (read_ms, view) = self.known(key)?;
        // A time that is still to come is from before the clock was put back.
        let is_newer = since_ms < read_ms && read_ms <= self.clock.now_ms();
        is_newer.then_some(view)
    }

    fn lock_known(&self) -> MutexGuard<'_, HashMap<String, (u64, Arc<SiteView>)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What to hold while the site with this key is read.
    fn reading(&self, key: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = reading.get(key).and_then(Weak::upgrade) {
            return held;
        }
        reading.retain(|_, held| held.strong_count() > 0);
        let new = Arc::default();
        reading.insert(String::from(key), Arc::downgrade(&new));
        new
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use store_sqlite::SqliteStore;
    use tempfile::TempDir;

    use super::*;
    use crate::setup::first_survey;

    const KEY: &str = "fh_demo_shop";
    const T: u64 = 1_793_491_200_000;

    async fn sites(clock: Clock) -> (TempDir, ProjectId, Arc<Sites>) {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&dir.path().join("firsthand.db")).unwrap();
        let store: Arc<dyn Store> = Arc::new(store);
        let project = store.create_project("Shop".into(), T).await.unwrap();
        let site = Site {
            key: KEY.into(),
            project,
            origins: vec!["https://shop.example".into()],
        };
        store.put_site(site, T).await.unwrap();
        store.publish(project, first_survey(), T).await.unwrap();
        let sites = Sites::new(store, clock);
        (dir, project, Arc::new(sites))
    }

    #[tokio::test]
    async fn a_crowd_reads_a_site_once() {
        // Every look at the clock is a millisecond.
        let ticks = AtomicU64::new(T);
        let clock = Clock::from_fn(move || ticks.fetch_add(1, Ordering::Relaxed));
        let (_dir, _, sites) = sites(clock).await;
        let mut crowd = tokio::task::JoinSet::new();
        for _ in 0..100 {
            let sites = Arc::clone(&sites);
            crowd.spawn(async move { sites.find(KEY).await });
        }
        for found in crowd.join_all().await {
            assert!(found.unwrap().is_some());
        }
        // The first one looked when it came and when it read, and nobody has read since.
        assert_eq!(sites.known(KEY).unwrap().0, T + 1);
        assert!(sites.find("fh_nobody_here").await.unwrap().is_none());
        assert_eq!(sites.lock_known().len(), 1);
        assert!(sites.reading.lock().unwrap().len() <= 1);
    }

    #[tokio::test]
    async fn a_site_is_another_when_something_changed() {
        let (_dir, project, sites) = sites(Clock::from_fn(|| T)).await;
        let first = sites.find(KEY).await.unwrap().unwrap();
        let again = sites.newer_than(KEY, T).await.unwrap().unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        let mut second = first_survey();
        second.name = "Second".into();
        let published = sites.store.publish(project, second, T);
        let version = published.await.unwrap();
        let id = String::from("nps");
        let reference = SurveyRef { id, version };
        assert!(first.survey(&reference).is_none());
        let changed = sites.newer_than(KEY, T).await.unwrap().unwrap();
        assert!(changed.survey(&reference).is_some());
    }
}
