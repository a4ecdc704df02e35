//! Turns commands into one short line each, and a fake clock into the timer that they ask for.

mod input;
mod keeping;
mod print;

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;

use agent::{Agent, Body, Command, Entropy, Now};
use protocol::config::{
    CONFIG_FORMAT, Class, Condition, Config, Fact, Furniture, Match, Metering, Op, Outcome, Quiet,
    Scope, SurveyRule,
};
use protocol::id::{BatchId, InstallId, ItemId, ResponseId, SessionId};
use protocol::item::{Answer, AnswerValue, DismissReason, Item, PageContext, SurveyRef};
use protocol::score::NpsScore;

pub(crate) use input::{INPUTS, Input, encode};
use keeping::{Kept, kind};
use print::base64;
pub(crate) use print::{ids, list, response};

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
    pub(crate) items: Vec<Item<Body>>,
}

/// A page with a fake clock around one agent.
pub(crate) struct Page {
    agent: Agent<Counter>,
    /// How requests are measured by the next config.
    pub(crate) metering: Metering,
    now: Now,
    wakes_at: Option<u64>,
    pub(crate) saved: Vec<u8>,
    /// What the page's listeners heard.
    pub(crate) events: Vec<String>,
    /// What the widget has been told so far.
    answers: Vec<Answer>,
    complete: bool,
    /// Whether the latest thing shown was opened.
    pub(crate) opened: bool,
    /// What the latest thing shown went on from.
    pub(crate) resumed: Option<String>,
    pub(crate) sent: Vec<Sent>,
    /// Envelopes whose answer is awaited, oldest first.
    pub(crate) flights: VecDeque<u32>,
    /// When requests were made, on the monotonic clock.
    pub(crate) requests: Vec<u64>,
    /// What the page was told to keep beyond its end.
    pub(crate) kept: BTreeMap<ItemId, Kept>,
    slots: Vec<u32>,
    responses: Vec<ResponseId>,
}

/// A rule that shows `id` everywhere at once, as often as the defaults allow; inline, so that several
/// can be shown in one session.
pub(crate) fn rule(id: &str) -> SurveyRule {
    let wait = |outcome, days| Quiet {
        scope: Scope::Survey,
        outcome,
        days,
    };
    SurveyRule {
        survey: SurveyRef {
            id: id.to_owned(),
            version: 1,
        },
        class: Class::Nps,
        priority: 0,
        sample_permille: 1_000,
        from_ms: 0,
        until_ms: 0,
        conditions: Vec::new(),
        triggers: Vec::new(),
        cancels: Vec::new(),
        delay_ms: 0,
        max_impressions: 3,
        waits: vec![
            wait(Outcome::Snoozed, Some(7)),
            wait(Outcome::Dismissed, None),
            wait(Outcome::Partial, None),
            wait(Outcome::Completed, None),
        ],
        inline: true,
    }
}

/// The same above the page: one of these in a session.
pub(crate) fn popover(id: &str) -> SurveyRule {
    SurveyRule {
        inline: false,
        ..rule(id)
    }
}

/// `rule`, quiet for `days` after `outcome`.
pub(crate) fn again(mut rule: SurveyRule, outcome: Outcome, days: u16) -> SurveyRule {
    for wait in &mut rule.waits {
        if wait.outcome == outcome {
            wait.days = Some(days);
        }
    }
    rule
}

/// Any of `values` in the way of `op`.
pub(crate) fn condition(fact: Fact, key: &str, op: Op, values: &[&str]) -> Condition {
    let value = |value: &&str| Match {
        op,
        value: (*value).to_owned(),
    };
    Condition {
        fact,
        key: key.to_owned(),
        any: values.iter().map(value).collect(),
        negated: false,
    }
}

pub(crate) fn url(values: &[&str]) -> Vec<Condition> {
    vec![condition(Fact::Url, "", Op::Contains, values)]
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
        let mut page = Self {
            agent: Agent::new(state, now, Counter(seed << 32)),
            now,
            wakes_at: None,
            saved: state.to_vec(),
            events: Vec::new(),
            answers: Vec::new(),
            complete: false,
            opened: false,
            resumed: None,
            sent: Vec::new(),
            flights: VecDeque::new(),
            requests: Vec::new(),
            kept: BTreeMap::new(),
            slots: Vec::new(),
            responses: Vec::new(),
            metering: Metering::default(),
        };
        page.go(URL);
        page
    }

    /// A page of a browser that has kept `state`.
    pub(crate) fn resume(state: &[u8]) -> Self {
        Self::at(state, START, 2)
    }

    /// The next page load of the same browser, `ms` later.
    pub(crate) fn reload(&mut self, ms: u64, rules: &[SurveyRule]) -> String {
        let wall = self.now.wall_ms + ms;
        *self = Self::at(&self.saved, wall, wall);
        self.configure(rules)
    }

    pub(crate) fn configure(&mut self, rules: &[SurveyRule]) -> String {
        self.furnish(rules, "")
    }

    pub(crate) fn furnish(&mut self, rules: &[SurveyRule], furniture: &str) -> String {
        let config = Config {
            format: CONFIG_FORMAT,
            surveys: rules.to_vec(),
            furniture: furniture.to_owned(),
            metering: self.metering.clone(),
        };
        self.configure_bytes(&postcard::to_allocvec(&config).unwrap())
    }

    pub(crate) fn configure_bytes(&mut self, bytes: &[u8]) -> String {
        self.give(
            "configure",
            Input {
                bytes,
                ..Input::default()
            },
        )
    }

    pub(crate) fn config_failed(&mut self, status: u32, code: &str) -> String {
        self.call("config_failed", [status, 0, 0], [code, "", ""])
    }

    pub(crate) fn go(&mut self, url: &str) -> String {
        let context = PageContext {
            url: url.to_owned(),
            language: "en".to_owned(),
        };
        let context = serde_json::to_string(&context).unwrap();
        self.call("page", [0; 3], [url, "en", &context])
    }

    pub(crate) fn show(&mut self, id: &str) -> String {
        self.show_with(id, 0)
    }

    pub(crate) fn show_with(&mut self, id: &str, flags: u32) -> String {
        self.call("show", [flags, 0, 0], [id, "", ""])
    }

    /// The facade could open the widget; `guard` is why it would not.
    pub(crate) fn ready(&mut self, guard: u32) -> String {
        let bytes = &self.saved.clone();
        self.give(
            "ready",
            Input {
                numbers: [guard, 0, 0],
                bytes,
                ..Input::default()
            },
        )
    }

    /// The widget was prepared, opened and painted.
    pub(crate) fn shown(&mut self) -> String {
        self.ready(0) + &self.call("painted", [0; 3], [""; 3])
    }

    pub(crate) fn plain(&mut self, name: &str) -> String {
        self.call(name, [0; 3], [""; 3])
    }

    pub(crate) fn show_failed(&mut self) -> String {
        self.plain("show_failed")
    }

    fn answer(&mut self, question: &str, value: AnswerValue) -> String {
        let answer = Answer {
            question: question.to_owned(),
            prompt: "\"Why?\" 🫖".to_owned(),
            value,
            off_path: false,
        };
        let same = |it: &&mut Answer| it.question == question;
        match self.answers.iter_mut().find(same) {
            Some(earlier) => *earlier = answer,
            None => self.answers.push(answer),
        }
        self.progress("")
    }

    /// Tells how far the person is.
    pub(crate) fn progress(&mut self, extras: &str) -> String {
        let given = |it: &Answer| it.value != AnswerValue::Skipped;
        let answered = u32::from(self.answers.iter().any(given));
        let flags = answered + 2 * u32::from(self.complete);
        let answers = serde_json::to_string(&self.answers).unwrap();
        self.call("answered", [flags, 0, 0], [&answers, "AAEC", extras])
    }

    pub(crate) fn nps(&mut self, score: u8) -> String {
        let score = NpsScore::try_from(score).unwrap();
        self.answer("score", AnswerValue::Nps(score))
    }

    pub(crate) fn text(&mut self, text: &str) -> String {
        let value = match text.trim() {
            "" => AnswerValue::Skipped,
            text => AnswerValue::Text(text.to_owned()),
        };
        self.answer("reason", value)
    }

    pub(crate) fn complete(&mut self) -> String {
        self.complete = true;
        self.progress("")
    }

    pub(crate) fn close(&mut self, by: DismissReason) -> String {
        self.call("closed", [by as u32, 0, 0], [""; 3])
    }

    pub(crate) fn hide(&mut self) -> String {
        self.plain("hidden")
    }

    pub(crate) fn see(&mut self) -> String {
        self.plain("visible")
    }

    pub(crate) fn online(&mut self) -> String {
        self.plain("online")
    }

    pub(crate) fn sync(&mut self, state: &[u8]) -> String {
        self.give(
            "synced",
            Input {
                bytes: state,
                ..Input::default()
            },
        )
    }

    /// Tells of an event with properties.
    pub(crate) fn track(&mut self, event: &str, properties: &[&str]) -> String {
        self.call("track", [0; 3], [event, &list(properties), ""])
    }

    pub(crate) fn say(&mut self, name: &str, text: &str) -> String {
        self.call(name, [0; 3], [text, "", ""])
    }

    pub(crate) fn call(&mut self, name: &str, numbers: [u32; 3], texts: [&str; 3]) -> String {
        self.give(
            name,
            Input {
                numbers,
                texts,
                ..Input::default()
            },
        )
    }

    pub(crate) fn give(&mut self, name: &str, input: Input<'_>) -> String {
        self.hear(&encode(name, input))
    }

    /// One input as bytes. What comes back must be readable as commands.
    pub(crate) fn hear(&mut self, input: &[u8]) -> String {
        let json = self.agent.hear(input, self.now);
        let read = serde_json::from_slice::<Vec<Command>>(&json);
        let commands = read.unwrap_or_else(|error| {
            panic!("{error}: {}", String::from_utf8_lossy(&json));
        });
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
        self.call(
            "delivered",
            [slot, status.into(), retry_after_ms],
            [letters, code, ""],
        )
    }

    /// Lets `ms` pass, with every wake-up that falls into it.
    pub(crate) fn wait(&mut self, ms: u64) -> String {
        let until = self.now.mono_ms + ms;
        let mut printed = String::new();
        while let Some(at) = self.wakes_at.filter(|at| *at <= until) {
            self.pass_to(at);
            self.wakes_at = None;
            printed += &self.plain("tick");
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
                self.saved = base64(state);
                return String::new();
            }
            Command::Open => {
                self.opened = true;
                return String::new();
            }
            Command::Wipe => {
                self.saved.clear();
                "wipe".to_owned()
            }
            Command::Furnish { furniture } => {
                assert_ne!(*furniture, Furniture::default());
                "furnish".to_owned()
            }
            Command::Explained { survey, gates } => {
                let mut line = format!("explained {survey}");
                for gate in gates {
                    write!(line, "\n{}", serde_json::to_string(gate).unwrap()).unwrap();
                }
                line
            }
            counted @ Command::Counted { .. } => print::counted(counted),
            Command::Keep { header, items } => {
                for item in items {
                    let row = Kept {
                        sender: [header.install.0, header.session.0, header.boot.0],
                        seq: item.seq,
                        at: header.sent_wall - item.age_ms,
                        kind: kind(item.kind),
                        body: serde_json::to_vec(&item.p).unwrap(),
                    };
                    self.kept.insert(item.id, row);
                }
                return String::new();
            }
            Command::Unkeep { ids } => {
                self.kept.retain(|id, _| !ids.contains(id));
                return String::new();
            }
            Command::FetchConfig => "fetch_config".to_owned(),
            Command::Show {
                survey,
                resume,
                by_person,
            } => {
                self.opened = false;
                self.complete = false;
                self.resumed.clone_from(resume);
                if resume.is_none() {
                    self.answers.clear();
                }
                let by_person = if *by_person { " by person" } else { "" };
                format!("show {}@{}{by_person}", survey.id, survey.version)
            }
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
                let report = &header.report;
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
            Command::Emit { event, survey, .. } => {
                let event = format!("{event:?}").to_lowercase();
                let id = survey.as_ref().map(|it| it.id.as_str());
                self.events
                    .push(format!("{event} {}", id.unwrap_or_default()));
                if ["ready", "eligible"].contains(&event.as_str()) {
                    return String::new();
                }
                format!("emit {event}")
            }
            Command::Warn { code, about } => format!("warn {code:?} {about}"),
        };
        line + "\n"
    }

    fn fly(&mut self, slot: u32) {
        self.flights.push_back(slot);
        self.requests.push(self.now.mono_ms);
    }
}
