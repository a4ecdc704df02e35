//! Turns a site key into what ingest and config need to know, without a read for every request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use protocol::config::{CONFIG_FORMAT, Config, Furniture};
use protocol::item::SurveyRef;
use protocol::survey::Survey;
use store::{IdentitySecret, ProjectId, PublishedSurvey, Site, Store, StoreError};

use crate::clock::Clock;
use crate::origin::OriginPattern;

/// How long a site is taken from memory. Another process may change it, `firsthand init` for
/// instance, and whoever runs that looks at the result within seconds.
const FRESH_MS: u64 = 1_000;

/// One site, its project's surveys, and who may use it.
#[derive(Debug)]
pub(crate) struct SiteView {
    /// Where its items go.
    pub(crate) project: ProjectId,
    /// What the page's server signs ids of people with.
    pub(crate) secret: Option<IdentitySecret>,
    origins: Vec<OriginPattern>,
    /// Every version that was ever published: answers arrive late.
    surveys: HashMap<(String, u32), Arc<Survey>>,
    /// What the agent is told.
    pub(crate) config: Config,
}

impl SiteView {
    fn new(site: &Site, secret: Option<IdentitySecret>, published: Vec<PublishedSurvey>) -> Self {
        let mut surveys = HashMap::new();
        let mut running: Vec<(u32, Arc<Survey>)> = Vec::new();
        // Sorted by id, then by version: the last of each id is the newest.
        for PublishedSurvey {
            version, survey, ..
        } in published
        {
            let survey = Arc::new(survey);
            if running.last().is_some_and(|(_, last)| last.id == survey.id) {
                running.pop();
            }
            running.push((version, Arc::clone(&survey)));
            surveys.insert((survey.id.clone(), version), survey);
        }
        // Patterns were checked before they were stored; what a newer build allows matches nothing.
        let origins = site.origins.iter().filter_map(|o| o.parse().ok());
        Self {
            project: site.project,
            secret,
            origins: origins.collect(),
            surveys,
            config: config(&running),
        }
    }

    /// Whether a page of this origin may use the site.
    pub(crate) fn allows(&self, origin: &str) -> bool {
        self.origins.iter().any(|pattern| pattern.matches(origin))
    }

    /// The survey as it was published in this version.
    pub(crate) fn survey(&self, reference: &SurveyRef) -> Option<&Survey> {
        let key = (reference.id.clone(), reference.version);
        self.surveys.get(&key).map(|survey| &**survey)
    }
}

/// Every running survey in the form that the agent follows, and what the page has to put up.
fn config(running: &[(u32, Arc<Survey>)]) -> Config {
    let running = running.iter();
    let running: Vec<_> = running
        .map(|(version, survey)| (&**survey, *version))
        .collect();
    let (surveys, furniture) = survey::compile::rules(&running);
    let furniture = if furniture == Furniture::default() {
        String::new()
    } else {
        // Texts and numbers, which always can be written.
        serde_json::to_string(&furniture).unwrap_or_default()
    };
    Config {
        format: CONFIG_FORMAT,
        surveys,
        furniture,
    }
}

/// Finds sites, and remembers them for a moment.
#[derive(Debug)]
pub(crate) struct Sites {
    store: Arc<dyn Store>,
    clock: Clock,
    /// Only keys that exist, so that guessing keys does not fill it.
    known: Mutex<HashMap<String, (u64, Arc<SiteView>)>>,
}

impl Sites {
    pub(crate) fn new(store: Arc<dyn Store>, clock: Clock) -> Self {
        Self {
            store,
            clock,
            known: Mutex::default(),
        }
    }

    /// The site with this key, at most a second old.
    pub(crate) async fn find(&self, key: &str) -> Result<Option<Arc<SiteView>>, StoreError> {
        let known = self
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned();
        match known {
            Some((read_ms, view)) if self.clock.now_ms().abs_diff(read_ms) < FRESH_MS => {
                Ok(Some(view))
            }
            _ => self.find_now(key).await,
        }
    }

    /// The site with this key as it is this moment.
    pub(crate) async fn find_now(&self, key: &str) -> Result<Option<Arc<SiteView>>, StoreError> {
        if !protocol::limits::is_site_key(key) {
            return Ok(None);
        }
        let read_ms = self.clock.now_ms();
        let found = self.store.site(String::from(key)).await?;
        let view = match found {
            None => None,
            Some(site) => {
                let secret = self.store.site_secret(site.key.clone()).await?;
                let surveys = self.store.surveys(site.project).await?;
                Some(Arc::new(SiteView::new(&site, secret, surveys)))
            }
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match &view {
            Some(view) => known.insert(String::from(key), (read_ms, Arc::clone(view))),
            None => known.remove(key),
        };
        Ok(view)
    }
}
