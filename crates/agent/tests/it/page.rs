//! Turns commands into one short line each, and a fake clock into the timer that they ask for.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;

use agent::{Agent, Body, Command, Drops, Entropy, Now, Reply, Shared};
use protocol::config::{CONFIG_FORMAT, Config, DisplayRule, SurveyRule};
use protocol::envelope::Header;
use protocol::id::{BatchId, InstallId, ItemId, ResponseId, SessionId};
use protocol::item::{
    AnswerValue, DismissReason, Dismissal, Impression, Item, ItemType, Response, SurveyRef,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) const SECOND: u64 = 1_000;
pub(crate) const MINUTE: u64 = 60 * SECOND;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;

/// When every test begins.
pub(crate) const START: u64 = 1_795_300_000_000;
pub(crate) const URL: &str = "https://shop.example/cart";

/// Asserts on what was printed; whitespace at the ends does not count.
#[track_caller]
pub(crate) fn check(actual: impl AsRef<str>, expected: &str) {
    let tidy = |text: &str| {
        let lines = text.trim().lines().map(str::trim);
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(tidy(actual.as_ref()), tidy(expected));
}

/// Ids count up; waits are always as long as they can be, so that times can be told in advance.
#[derive(Debug)]
pub(crate) struct Counter(u64);

impl Entropy for Counter {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0 += 1;
        let number = self.0.to_be_bytes();
        match bytes {
            // Four bytes choose a wait, ten make an id.
            [_, _, _, _] => bytes.fill(0xff),
            _ => bytes
                .iter_mut()
                .zip(number.iter().cycle())
                .for_each(|(byte, n)| *byte = *n),
        }
    }
}

/// What the header of an envelope said.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) slot: u32,
    pub(crate) batch: BatchId,
    pub(crate) install: InstallId,
    pub(crate) session: SessionId,
    pub(crate) sent_wall: u64,
    pub(crate) items: Vec<Item<Shared>>,
}

/// A page with a fake clock around one agent.
pub(crate) struct Page {
    agent: Agent<Counter>,
    now: Now,
    wakes_at: Option<u64>,
    pub(crate) saved: Vec<u8>,
    pub(crate) sent: Vec<Sent>,
    /// Envelopes whose answer is awaited, oldest first.
    pub(crate) flights: VecDeque<u32>,
    /// When requests were made, on the monotonic clock.
    pub(crate) requests: Vec<u64>,
    slots: Vec<u32>,
    responses: Vec<ResponseId>,
}

/// A rule that shows `id` everywhere at once, as often as the defaults allow.
pub(crate) fn rule(id: &str) -> SurveyRule {
    SurveyRule {
        survey: SurveyRef {
            id: id.to_owned(),
            version: 1,
        },
        show: DisplayRule::default(),
    }
}

impl Page {
    /// A page at [`URL`] of a new browser; nothing was configured yet.
    pub(crate) fn bare() -> Self {
        Self::at(&[], START, 1)
    }

    /// A page of a new browser on a site with these surveys.
    pub(crate) fn new(rules: &[SurveyRule]) -> (Self, String) {
        let mut page = Self::bare();
        let shown = page.configure(rules);
        (page, shown)
    }

    /// A page with one survey open and visible, its impression delivered.
    pub(crate) fn open(id: &str) -> Self {
        let (mut page, _) = Self::new(&[rule(id)]);
        page.shown();
        page.wait(3 * SECOND);
        page.accept();
        page
    }

    fn at(state: &[u8], wall_ms: u64, seed: u64) -> Self {
        let now = Now {
            wall_ms,
            mono_ms: 0,
        };
        let state = Some(state).filter(|state| !state.is_empty());
        let mut page = Self {
            agent: Agent::new(state, now, Counter(seed << 32)),
            now,
            wakes_at: None,
            saved: Vec::new(),
            sent: Vec::new(),
            flights: VecDeque::new(),
            requests: Vec::new(),
            slots: Vec::new(),
            responses: Vec::new(),
        };
        page.go(URL);
        page
    }

    /// The next page load of the same browser, `ms` later.
    pub(crate) fn reload(&mut self, ms: u64, rules: &[SurveyRule]) -> String {
        let wall = self.now.wall_ms + ms;
        *self = Self::at(&self.saved, wall, wall);
        self.configure(rules)
    }

    pub(crate) fn configure(&mut self, rules: &[SurveyRule]) -> String {
        let config = Config {
            format: CONFIG_FORMAT,
            surveys: rules.to_vec(),
        };
        let bytes = postcard::to_allocvec(&config).unwrap();
        self.input(|agent, now| agent.configure(&bytes, now))
    }

    pub(crate) fn configure_bytes(&mut self, bytes: &[u8]) -> String {
        self.input(|agent, now| agent.configure(bytes, now))
    }

    pub(crate) fn config_failed(&mut self, status: u16, code: &str) -> String {
        self.input(|agent, now| agent.config_failed(status, 0, code, now))
    }

    pub(crate) fn go(&mut self, url: &str) -> String {
        self.input(|agent, now| agent.page(url, "en", now))
    }

    pub(crate) fn show(&mut self, id: &str) -> String {
        self.input(|agent, now| agent.show(id, now))
    }

    pub(crate) fn shown(&mut self) -> String {
        self.input(Agent::shown)
    }

    pub(crate) fn show_failed(&mut self) -> String {
        self.input(Agent::show_failed)
    }

    pub(crate) fn nps(&mut self, score: u8) -> String {
        self.input(|agent, now| agent.answered_nps("score", "How likely?", score, now))
    }

    pub(crate) fn text(&mut self, text: &str) -> String {
        self.input(|agent, now| agent.answered_text("reason", "Why?", text, now))
    }

    pub(crate) fn complete(&mut self) -> String {
        self.input(Agent::completed)
    }

    pub(crate) fn close(&mut self, by: DismissReason) -> String {
        self.input(|agent, now| agent.closed(by, now))
    }

    pub(crate) fn hide(&mut self) -> String {
        self.input(Agent::hidden)
    }

    pub(crate) fn see(&mut self) -> String {
        self.input(Agent::visible)
    }

    pub(crate) fn online(&mut self) -> String {
        self.input(Agent::online)
    }

    pub(crate) fn sync(&mut self, state: &[u8]) -> String {
        self.input(|agent, now| agent.synced(state, now))
    }

    /// One input as bytes.
    pub(crate) fn hear(&mut self, input: &[u8]) -> String {
        self.input(|agent, now| agent.hear(input, now))
    }

    /// What the harness knows how to do, for inputs that it has no name for.
    pub(crate) fn input(
        &mut self,
        input: impl FnOnce(&mut Agent<Counter>, Now) -> Vec<Command>,
    ) -> String {
        let commands = input(&mut self.agent, self.now);
        commands.iter().map(|command| self.obey(command)).collect()
    }

    /// Answers the oldest request under way: each item is accepted.
    pub(crate) fn accept(&mut self) -> String {
        let slot = *self.flights.front().expect("a request is under way");
        let sent = self.sent.iter().find(|sent| sent.slot == slot).unwrap();
        self.reply(200, &"a".repeat(sent.items.len()))
    }

    /// Answers the oldest request under way.
    pub(crate) fn reply(&mut self, status: u16, letters: &str) -> String {
        self.reply_with(status, letters, 0, "")
    }

    pub(crate) fn reply_with(
        &mut self,
        status: u16,
        letters: &str,
        retry_after_ms: u32,
        code: &str,
    ) -> String {
        let slot = self.flights.pop_front().expect("a request is under way");
        let reply = Reply {
            slot,
            status,
            letters,
            retry_after_ms,
            code,
        };
        self.input(|agent, now| agent.delivered(&reply, now))
    }

    /// Lets `ms` pass, with every wake-up that falls into it.
    pub(crate) fn wait(&mut self, ms: u64) -> String {
        let until = self.now.mono_ms + ms;
        let mut printed = String::new();
        while let Some(at) = self.wakes_at.filter(|at| *at <= until) {
            self.pass_to(at);
            self.wakes_at = None;
            printed += &self.input(Agent::tick);
        }
        self.pass_to(until);
        printed
    }

    /// Sets the wall clock without letting time pass.
    pub(crate) fn set_wall(&mut self, wall_ms: u64) {
        self.now.wall_ms = wall_ms;
    }

    /// Milliseconds since the page began.
    pub(crate) fn time(&self) -> u64 {
        self.now.mono_ms
    }

    fn pass_to(&mut self, mono_ms: u64) {
        let passed = mono_ms.saturating_sub(self.now.mono_ms);
        self.now.mono_ms += passed;
        self.now.wall_ms += passed;
    }

    /// Carries out and prints one command; timers and saves are carried out in silence.
    fn obey(&mut self, command: &Command) -> String {
        let line = match command {
            Command::Wake { in_ms } => {
                self.wakes_at = Some(self.now.mono_ms + u64::from(*in_ms));
                return String::new();
            }
            Command::Save { state } => {
                self.saved.clone_from(state);
                return String::new();
            }
            Command::FetchConfig => "fetch_config".to_owned(),
            Command::Show { survey } => format!("show {}@{}", survey.id, survey.version),
            Command::Hide => "hide".to_owned(),
            Command::Send {
                slot,
                batch,
                attempt,
                header,
                items,
                exit,
            } => {
                assert_eq!(*attempt, 1);
                assert!(self.sent.iter().all(|sent| sent.batch != *batch));
                self.slots.push(*slot);
                self.fly(*slot);
                self.sent.push(Sent {
                    slot: *slot,
                    batch: *batch,
                    install: header.install,
                    session: header.session,
                    sent_wall: header.sent_wall,
                    items: items.clone(),
                });
                let lines: Vec<_> = items.iter().map(|item| self.item(item)).collect();
                let mut line = format!("send {} [{}]", self.batch(*slot), lines.join(", "));
                let report = read(header, items);
                if !report.is_empty() {
                    write!(line, " {report:?}").unwrap();
                }
                line + if *exit { " exit" } else { "" }
            }
            Command::Resend {
                slot,
                attempt,
                exit,
            } => {
                self.fly(*slot);
                let exit = if *exit { " exit" } else { "" };
                format!("resend {} #{attempt}{exit}", self.batch(*slot))
            }
            Command::Forget { slot } => format!("forget {}", self.batch(*slot)),
            Command::Delivery { state } => format!("delivery {state:?}").to_lowercase(),
            Command::Emit { event, .. } => format!("emit {event:?}").to_lowercase(),
            Command::Warn { code, about } => format!("warn {code:?} {about}"),
        };
        line + "\n"
    }

    fn fly(&mut self, slot: u32) {
        self.flights.push_back(slot);
        self.requests.push(self.now.mono_ms);
    }

    fn batch(&self, slot: u32) -> String {
        let number = self.slots.iter().position(|it| *it == slot);
        number.map_or_else(|| "unsent".to_owned(), |n| format!("b{}", n + 1))
    }

    fn response(&mut self, id: ResponseId) -> String {
        let known = self.responses.iter().position(|it| *it == id);
        let number = known.unwrap_or_else(|| {
            self.responses.push(id);
            self.responses.len() - 1
        });
        format!("r{}", number + 1)
    }

    fn item(&mut self, item: &Item<Shared>) -> String {
        match &*item.p.0 {
            Body::Impression(it) => format!("impression {}", it.survey.id),
            Body::Dismissal(it) => {
                let response = it.response.map(|id| self.response(id));
                format!(
                    "dismissal {} {:?} {}",
                    it.survey.id,
                    it.reason,
                    response.unwrap_or_default()
                )
                .trim()
                .to_lowercase()
            }
            Body::Response(it) => {
                let mut line = format!("{}.{}", self.response(it.response), it.revision);
                for answer in &it.answers {
                    match &answer.value {
                        AnswerValue::Nps(score) => {
                            write!(line, " {}={}", answer.question, u8::from(*score))
                        }
                        AnswerValue::Text(text) => write!(line, " {}={text}", answer.question),
                        AnswerValue::Skipped => write!(line, " {}=-", answer.question),
                    }
                    .unwrap();
                }
                line + if it.complete { " done" } else { "" }
            }
        }
    }
}

/// Reads an envelope as a collector does, and tells its loss report.
fn read(header: &Header<Drops>, items: &[Item<Shared>]) -> BTreeMap<String, u32> {
    for item in items {
        let line = serde_json::to_string(item).unwrap();
        let same = match item.kind {
            ItemType::Impression => again::<Item<Impression>>(&line),
            ItemType::Response => again::<Item<Response>>(&line),
            ItemType::Dismissal => again::<Item<Dismissal>>(&line),
        };
        assert_eq!(same, line);
    }
    let header = serde_json::to_string(header).unwrap();
    assert_eq!(again::<Header>(&header), header);
    serde_json::from_str::<Header>(&header).unwrap().report
}

fn again<T: Serialize + DeserializeOwned>(line: &str) -> String {
    serde_json::to_string(&serde_json::from_str::<T>(line).unwrap()).unwrap()
}

/// The ids and positions of all items that were sent, in the order of sending.
pub(crate) fn ids(page: &Page) -> Vec<(ItemId, u64)> {
    let items = page.sent.iter().flat_map(|sent| &sent.items);
    items.map(|item| (item.id, item.seq)).collect()
}
