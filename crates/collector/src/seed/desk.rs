//! Turns what people wrote into what a team did with it: looked, sorted, decided, noted.

use std::collections::BTreeMap;

use fastrand::Rng;
use protocol::id::ResponseId;
use protocol::query::access::Credential;
use protocol::query::access::Role;
use protocol::query::inbox::Change;
use protocol::query::view::Status;
use store::{
    AuditEntry, InboxStep, Meant, PasswordLink, ProjectId, Stepped, Store, StoreError, TokenHash,
};

use super::story::{DAY_MS, HOUR_MS, Story};
use super::texts::{Texts, Tone, one};
use super::visits::Gist;
use super::{Plan, SeedError};

/// The team, and what they may do.
const TEAM: [(&str, Role); 4] = [
    ("mara@shop.example", Role::Manager),
    ("jonas@shop.example", Role::Responder),
    ("aisha@shop.example", Role::Responder),
    ("luis@shop.example", Role::Viewer),
];
/// How many of the team look after what people wrote.
const BUSY: usize = 3;
/// Responses of one step at most, well below what the inbox allows.
const STEP: usize = 800;

/// An answer that somebody can read.
#[derive(Debug)]
pub(super) struct Mark<'a> {
    pub(super) at_ms: u64,
    pub(super) gist: Gist<'a>,
}

/// Where the team works.
pub(super) struct Desk<'a> {
    store: &'a dyn Store,
    project: ProjectId,
    plan: &'a Plan,
    story: &'a Story,
}

/// What is done on one day by one person, to many.
type Steps = BTreeMap<(u64, usize, String), (Change, Vec<ResponseId>)>;

impl<'a> Desk<'a> {
    pub(super) fn new(
        store: &'a dyn Store,
        project: ProjectId,
        plan: &'a Plan,
        story: &'a Story,
    ) -> Self {
        Self {
            store,
            project,
            plan,
            story,
        }
    }

    /// Does what the team would have done by the end; answers how many responses have a status.
    pub(super) async fn work(&self, marks: &[Mark<'_>], texts: &Texts) -> Result<u64, SeedError> {
        self.hire().await?;
        let mut random = Rng::with_seed(self.plan.seed ^ 0x00de_5c00);
        let mut steps = Steps::new();
        let mut notes = Vec::new();
        let mut triaged = 0;
        for mark in marks {
            let Some((day, status)) = self.decide(mark, &mut random) else {
                continue;
            };
            triaged += 1;
            let who = random.usize(..BUSY);
            let mut put = |order: &str, change: Change| {
                let key = (day, who, format!("{order} {change:?}"));
                let (_, ids) = steps.entry(key).or_insert_with(|| (change, Vec::new()));
                ids.push(mark.gist.response);
            };
            put("1", Change::Status(status));
            if status != Status::Spam {
                put("2", Change::AddTag(mark.gist.theme.tag.clone()));
                if random.u32(..10) < 4 {
                    let email = TEAM[who].0;
                    put("3", Change::Assignee(Some(String::from(email))));
                }
                if random.u32(..60) == 0 {
                    put("4", Change::Archived(true));
                }
                if random.u32(..25) == 0 {
                    let note = one(&texts.notes, &mut random).to_owned();
                    notes.push((mark.gist.response, day, who, note));
                }
            }
        }
        self.take(steps).await?;
        for (response, day, who, note) in notes {
            let entry = self.entry(who, day, "note.add", "");
            self.store.add_note(response, note, entry).await?;
        }
        Ok(triaged)
    }

    /// Lets the team in, by invitations that have run out.
    async fn hire(&self) -> Result<(), SeedError> {
        for (email, role) in TEAM {
            let entry = self.entry(0, self.story.from_ms, "person.invite", email);
            let mut token = [0; 32];
            Rng::with_seed(self.plan.seed).fill(&mut token[..]);
            token[..email.len()].copy_from_slice(email.as_bytes());
            let link = PasswordLink {
                token: TokenHash(token),
                expires_ms: self.story.from_ms + 1,
            };
            match self
                .store
                .invite(String::from(email), role, link, entry)
                .await
            {
                // They are there already.
                Ok(_) | Err(StoreError::Taken { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// When the team came to something, and what became of it; nothing while it waits.
    fn decide(&self, mark: &Mark<'_>, random: &mut Rng) -> Option<(u64, Status)> {
        let delay = (random.f64() * random.f64() * 4.0 * DAY_MS as f64) as u64 + HOUR_MS;
        let at_ms = mark.at_ms + delay;
        if at_ms >= self.plan.until_ms || random.u32(..100) < 9 {
            return None;
        }
        // Four times a day somebody sits down and looks at what came.
        let at_ms = at_ms
            .next_multiple_of(6 * HOUR_MS)
            .min(self.plan.until_ms - 1);
        if mark.gist.is_spam {
            return Some((at_ms, Status::Spam));
        }
        let is_old = self.plan.until_ms - mark.at_ms > 14 * DAY_MS;
        let status = match (mark.gist.tone, random.u32(..100)) {
            (Tone::Good, _) => Status::Triaged,
            (_, 0..12) if is_old => Status::Shipped,
            (Tone::Idea, 0..30) | (_, 12..28) => Status::Planned,
            (_, 28..36) => Status::InProgress,
            (_, 36..46) => Status::Declined,
            _ => Status::Triaged,
        };
        Some((at_ms, status))
    }

    async fn take(&self, steps: Steps) -> Result<(), SeedError> {
        for ((day, who, _), (change, ids)) in steps {
            for some in ids.chunks(STEP) {
                let step = InboxStep {
                    meant: Meant::Ids(some.to_vec()),
                    change: change.clone(),
                    expect: None,
                    rev: None,
                    entry: self.entry(who, day, "inbox.change", ""),
                };
                let stepped = self.store.inbox_change(step).await?;
                if !matches!(stepped, Stepped::Done { .. }) {
                    return Err(SeedError::Refused(format!("a step ended as {stepped:?}")));
                }
            }
        }
        Ok(())
    }

    fn entry(&self, who: usize, at_ms: u64, action: &str, target: &str) -> AuditEntry {
        AuditEntry {
            project: self.project,
            at_ms: at_ms.min(self.plan.until_ms - 1),
            credential: Credential::Session,
            actor: String::from(TEAM[who].0),
            action: String::from(action),
            target: String::from(target),
            detail: String::new(),
        }
    }
}
