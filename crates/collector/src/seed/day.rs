//! Turns one day of a story into batches, in the order of their arrival, and has them kept.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use fastrand::Rng;
use protocol::envelope::Header;
use protocol::id::{BatchId, BootId, ItemId, SessionId};
use protocol::item::{Item, ItemType};
use protocol::outcome::Outcome;
use protocol::query::delivery::Bot;
use serde::Serialize;
use store::{Reply, Retention, Signs, Store};

use super::desk::Mark;
use super::people::{People, Person};
use super::story::{DAY_MS, HOUR_MS, Story};
use super::texts::Texts;
use super::traffic::{self, REQUESTS_PER_REPORT, RETRIES};
use super::visits::{Came, Shown, Visit};
use super::{Plan, SeedError, Seeded};
use crate::evaluate::Evaluator;
use crate::ingest::made::{Made, batch_of};
use crate::sites::SiteView;

/// Batches that wait for the disk at the same time: enough for one commit.
const WAITING: usize = 1_500;
/// One in so many visits is no person's.
const BOTS: u32 = 120;

/// What days are made of, and what they have come to.
pub(super) struct Days<'a> {
    pub(super) store: Arc<dyn Store>,
    pub(super) plan: &'a Plan,
    pub(super) story: &'a Story,
    pub(super) people: &'a People,
    pub(super) texts: &'a Texts,
    pub(super) shown: &'a Shown,
    pub(super) site: &'a Arc<SiteView>,
    pub(super) evaluator: Evaluator,
    pub(super) seeded: Seeded,
}

/// What happens at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Report,
    Ignored,
    Answered,
}

impl<'a> Days<'a> {
    /// Lives through a day: what arrives is kept, what is old goes, what broke is found.
    pub(super) async fn live(
        &mut self,
        day: u64,
        marks: &mut Vec<Mark<'a>>,
    ) -> Result<(), SeedError> {
        let mut random = Rng::with_seed(self.plan.seed.wrapping_mul(1_000_003) ^ day);
        let store = Arc::clone(&self.store);
        let mut waiting = VecDeque::new();
        for (at_ms, event) in self.events(day, &mut random) {
            let person = self.people.any(&mut random);
            let mut envelope = Envelope::new(at_ms, &mut random);
            match event {
                Event::Report => self.report(&mut envelope, &person, &mut random)?,
                Event::Ignored | Event::Answered => {
                    let answers = event == Event::Answered;
                    self.visit(&mut envelope, &person, answers, marks, &mut random)?;
                }
            }
            let made = envelope.made(&person, &mut random)?;
            let batch =
                batch_of(self.site, &self.plan.site_key, made).map_err(SeedError::Refused)?;
            waiting.push_back(store.append(batch));
            if waiting.len() >= WAITING {
                settle(&mut waiting, WAITING / 2).await?;
            }
        }
        settle(&mut waiting, 0).await?;
        let end_ms = self.story.from_ms + (day + 1) * DAY_MS;
        self.evaluator.pass(end_ms).await;
        self.store.prune(end_ms, Retention::default()).await?;
        Ok(())
    }

    /// When what happens on a day.
    fn events(&self, day: u64, random: &mut Rng) -> Vec<(u64, Event)> {
        let of_day = |total: u64| {
            let upto = |days: u64| {
                let weight = |day| self.story.weight(day);
                let all: f64 = (0..self.plan.days).map(weight).sum();
                let some: f64 = (0..days).map(weight).sum();
                (total as f64 * some / all).round() as u64
            };
            upto(day + 1) - upto(day)
        };
        let answers = of_day(self.plan.answers);
        let ignored = of_day(self.plan.impressions).saturating_sub(answers);
        let reports = of_day(self.plan.requests / REQUESTS_PER_REPORT);
        let kinds = [
            (Event::Report, reports),
            (Event::Ignored, ignored),
            (Event::Answered, answers),
        ];
        let mut events = Vec::new();
        for (event, count) in kinds {
            events.extend((0..count).map(|_| (self.story.moment(day, random), event)));
        }
        events.extend(self.retries(day, reports, random));
        events.retain(|(at_ms, _)| *at_ms + HOUR_MS / 6 < self.plan.until_ms);
        events.sort_unstable();
        events
    }

    /// Reports of those who try again while something is down.
    fn retries(&self, day: u64, reports: u64, random: &mut Rng) -> Vec<(u64, Event)> {
        let begin = self.story.from_ms + day * DAY_MS;
        let mut events = Vec::new();
        for (_, from, to) in self.story.outages() {
            if reports == 0 || !(begin..begin + DAY_MS).contains(&from) {
                continue;
            }
            let usual = reports * (to - from) / DAY_MS;
            // So many that each slice has somebody in it, however small the shop.
            let count = (usual * RETRIES).max((to - from) / 4_000);
            events.extend((0..count).map(|_| (random.u64(from..to), Event::Report)));
        }
        events
    }

    fn report(
        &mut self,
        envelope: &mut Envelope,
        person: &Person,
        random: &mut Rng,
    ) -> Result<(), SeedError> {
        let (report, requests) = traffic::report(person, envelope.at_ms, self.story, random);
        // Told when the page is left.
        envelope.sent_ms += 2 * 60_000 + 15_000;
        envelope.push(ItemType::Latency, envelope.sent_ms, &report, random)?;
        self.seeded.reports += 1;
        self.seeded.requests += requests;
        Ok(())
    }

    fn visit(
        &mut self,
        envelope: &mut Envelope,
        person: &Person,
        answers: bool,
        marks: &mut Vec<Mark<'a>>,
        random: &mut Rng,
    ) -> Result<(), SeedError> {
        let at_ms = envelope.at_ms;
        let visit = Visit {
            person,
            at_ms,
            story: self.story,
            texts: self.texts,
        };
        let (came, gist) = visit.outcome(self.shown, answers, random);
        envelope.sent_ms += random.u64(20_000..50_000);
        for one in came {
            match one {
                Came::Shown(shown) => {
                    self.seeded.impressions += 1;
                    envelope.push(ItemType::Impression, at_ms, &shown, random)?;
                }
                Came::Closed(closed) => {
                    let then = at_ms + random.u64(1_500..15_000);
                    envelope.push(ItemType::Dismissal, then, &closed, random)?;
                }
                Came::Answered(response) => {
                    self.seeded.answers += 1;
                    let then = at_ms + random.u64(4_000..19_000);
                    envelope.push(ItemType::Response, then, &*response, random)?;
                }
            }
        }
        self.seeded.items += envelope.seq;
        envelope.is_bot = random.u32(..BOTS) == 0;
        marks.extend(
            gist.filter(|gist| gist.is_written)
                .map(|gist| Mark { at_ms, gist }),
        );
        Ok(())
    }
}

/// Waits until no more than `left` wait, the oldest first.
async fn settle(
    waiting: &mut VecDeque<Reply<'_, Vec<Outcome>>>,
    left: usize,
) -> Result<(), SeedError> {
    while waiting.len() > left {
        let Some(reply) = waiting.pop_front() else {
            break;
        };
        let outcomes = reply.await?;
        if let Some(other) = outcomes.iter().find(|one| **one != Outcome::Accepted) {
            let message = format!("an item ended as {other:?}; was the same seed used before?");
            return Err(SeedError::Refused(message));
        }
    }
    Ok(())
}

/// A body that is being written.
struct Envelope {
    at_ms: u64,
    sent_ms: u64,
    seq: u64,
    boot: BootId,
    lines: Vec<String>,
    is_bot: bool,
}

impl Envelope {
    fn new(at_ms: u64, random: &mut Rng) -> Self {
        Self {
            at_ms,
            sent_ms: at_ms,
            seq: 0,
            boot: BootId::new(at_ms, &bytes(random)),
            lines: Vec::new(),
            is_bot: false,
        }
    }

    fn push(
        &mut self,
        kind: ItemType,
        at_ms: u64,
        body: &impl Serialize,
        random: &mut Rng,
    ) -> Result<(), SeedError> {
        let item = Item {
            id: ItemId::new(at_ms, &bytes(random)),
            seq: self.seq,
            age_ms: self.sent_ms.saturating_sub(at_ms),
            kind,
            p: body,
        };
        self.lines.push(serde_json::to_string(&item)?);
        self.seq += 1;
        Ok(())
    }

    fn made(self, person: &Person, random: &mut Rng) -> Result<Made, SeedError> {
        let header = Header {
            sdk: String::from("firsthand-js/0.1.0"),
            install: person.install,
            session: SessionId::new(self.at_ms, &bytes(random)),
            boot: self.boot,
            sent_wall: self.sent_ms,
            report: BTreeMap::<String, u32>::new(),
        };
        let mut body = serde_json::to_string(&header)?;
        for line in self.lines {
            body.push('\n');
            body.push_str(&line);
        }
        let signs = Signs {
            browser: person.browser,
            bot: self.is_bot.then_some(Bot::Name),
            page: String::new(),
            test: false,
        };
        Ok(Made {
            batch: BatchId::new(self.sent_ms, &bytes(random)),
            received_ms: self.sent_ms + random.u64(20..400),
            signs,
            body,
        })
    }
}

fn bytes(random: &mut Rng) -> [u8; 10] {
    let mut bytes = [0; 10];
    random.fill(&mut bytes);
    bytes
}
