//! Turns a view into conditions on the rows of `response`.

use protocol::query::delivery::Browser;
use protocol::query::view::{Aside, Assignee, Device, Has, ScoreRange, View};
use rusqlite::types::Value;
use store::{CommentsFilter, InboxCursor, InboxFilter, ProjectId, Subject};

use super::written;
use crate::convert::int_from_u64;

/// Conditions, each true of what is looked for, and what stands at their question marks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clause {
    sql: String,
    pub(crate) values: Vec<Value>,
}

impl Clause {
    /// Everything of one project.
    pub(super) fn of(project: ProjectId) -> Self {
        let mut clause = Self::default();
        clause.and("response.project = ?", [Value::from(project.0)]);
        clause
    }

    /// What a filter shows.
    pub(super) fn of_filter(filter: &InboxFilter) -> Self {
        let mut clause = Self::of(filter.project);
        clause.and("response.listed = 1", []);
        clause.aside(&filter.view, filter.now_ms);
        clause.rest(filter);
        clause
    }

    /// What a filter shows, and what it would show if nothing were kept aside.
    pub(super) fn of_all_beside(filter: &InboxFilter) -> Self {
        let mut clause = Self::of(filter.project);
        clause.and("response.listed = 1", []);
        clause.rest(filter);
        clause
    }

    /// All conditions but what is kept aside.
    fn rest(&mut self, filter: &InboxFilter) {
        self.narrow(&filter.view);
    }

    /// What a view says of responses, but not what is kept aside.
    pub(crate) fn narrow(&mut self, view: &View) {
        // What an index knows is said first, and words before what is read from the whole row.
        self.given(view);
        self.words(view);
        self.state(view);
        self.place(view);
        self.traits(view);
    }

    /// Scores of a kind in rows of `answer`, from one question or all, in the survey and time of a view.
    /// Whatever else it says is for [`Clause::narrow`].
    pub(crate) fn of_scores(
        project: ProjectId,
        kind: &str,
        question: Option<&str>,
        view: &View,
    ) -> Self {
        let mut clause = Self::default();
        clause.and("answer.project = ?", [Value::from(project.0)]);
        clause.and("answer.kind = ?", [text(kind)]);
        clause.and("answer.score IS NOT NULL", []);
        clause.and("answer.off_path = 0", []);
        clause.and("answer.feedback = 0", []);
        if let Some(question) = question {
            clause.and("answer.question = ?", [text(question)]);
        }
        clause.answered(view);
        clause
    }

    /// Comments that count in rows of `answer`, in a view; how late they may be is for the caller.
    pub(crate) fn of_comments(filter: &CommentsFilter) -> Self {
        let view = &filter.view;
        let mut clause = Self::default();
        clause.and("answer.project = ?", [Value::from(filter.project.0)]);
        clause.and("answer.text IS NOT NULL", []);
        clause.and("answer.off_path = 0", []);
        clause.counts("answer.hidden", view, filter.now_ms);
        clause.answered(&View {
            to_ms: None,
            ..view.clone()
        });
        let mut others = View {
            survey: None,
            from_ms: None,
            to_ms: None,
            ..view.clone()
        };
        // A 2 of 5 is not a 2 of 10, and one person may have given both.
        if let (Some(kind), Some(range)) = (filter.kind, others.score) {
            others.score = None;
            clause.gave(kind.as_str(), range);
        }
        clause.narrow(&others);
        clause
    }

    /// That the same response gave a score of a kind.
    fn gave(&mut self, kind: &str, range: ScoreRange) {
        let [least, most] = [range.least, range.most].map(|end| Value::from(i64::from(end)));
        self.and(
            "EXISTS (
                SELECT 1 FROM answer AS given WHERE given.project = answer.project
                    AND given.response = answer.response AND given.kind = ?
                    AND given.off_path = 0 AND given.score BETWEEN ? AND ?
            )",
            [text(kind), least, most],
        );
    }

    /// The survey and the time, as rows of `answer` repeat them.
    fn answered(&mut self, view: &View) {
        if let Some(survey) = &view.survey {
            self.and("answer.survey = ?", [text(survey)]);
        }
        if let Some(from) = view.from_ms {
            self.and("answer.at_ms >= ?", [Value::from(int_from_u64(from))]);
        }
        if let Some(to) = view.to_ms {
            self.and("answer.at_ms < ?", [Value::from(int_from_u64(to))]);
        }
    }

    /// Only what came from somebody. Of one response: from the same browser profile.
    pub(super) fn of_somebody(&mut self, whose: &Subject) {
        match whose {
            Subject::Install(install) => {
                let install = Value::from(install.0.as_bytes().to_vec());
                self.and("response.install = ?", [install]);
            }
            // Said in two ways, so that the index of those who are named is used.
            Subject::Person(id) => {
                self.and("response.respondent <> ''", []);
                self.and("response.respondent = ?", [text(id)]);
            }
            Subject::Response(response) => {
                let id = Value::from(response.0.as_bytes().to_vec());
                self.and(
                    "response.install = (
                        SELECT install FROM response AS this
                        WHERE this.project = response.project AND this.id = ?
                    )",
                    [id],
                );
            }
        }
    }

    /// Only what comes after a place.
    pub(super) fn after(&mut self, after: InboxCursor) {
        let id = after.response.0.as_bytes().to_vec();
        self.and(
            "(response.at_ms, response.id) < (?, ?)",
            [Value::from(int_from_u64(after.at_ms)), Value::from(id)],
        );
    }

    /// The conditions, for after `WHERE`.
    pub(crate) fn sql(&self) -> &str {
        &self.sql
    }

    pub(crate) fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        if !self.sql.is_empty() {
            self.sql.push_str("\n    AND ");
        }
        self.sql.push_str(condition);
        self.values.extend(values);
    }

    fn one_of<'a>(&mut self, column: &str, values: impl IntoIterator<Item = &'a str>) {
        let values: Vec<_> = values.into_iter().map(text).collect();
        let marks = vec!["?"; values.len()].join(", ");
        self.and(&format!("{column} IN ({marks})"), values);
    }

    /// What is kept aside is there only when it is asked for by name; what is snoozed also where
    /// somebody looks for words, and beside what else is kept aside.
    fn aside(&mut self, view: &View, now_ms: u64) {
        self.counts("response.hidden", view, now_ms);
        if view.aside.is_empty() && view.words.is_empty() {
            let now = Value::from(int_from_u64(now_ms));
            self.and("ifnull(response.snooze_until_ms, 0) <= ?", [now]);
        }
    }

    /// What counts, or what is kept aside where that is asked for by name. `hidden` is the column of
    /// `response` or the one that repeats it: the only predicate of what counts.
    pub(crate) fn counts(&mut self, hidden: &str, view: &View, now_ms: u64) {
        let bits = view.aside.iter().fold(0, |bits, aside| bits | aside.bit());
        let now = Value::from(int_from_u64(now_ms));
        let snoozed = view.aside.contains(&Aside::Snoozed);
        match (bits, snoozed) {
            (0, _) => {
                self.and(&format!("{hidden} = 0"), []);
                if snoozed {
                    self.and("response.snooze_until_ms > ?", [now]);
                }
            }
            (bits, true) => self.and(
                &format!("({hidden} & ? <> 0 OR ({hidden} = 0 AND response.snooze_until_ms > ?))"),
                [Value::from(i64::from(bits)), now],
            ),
            (bits, false) => {
                self.and(
                    &format!("{hidden} & ? <> 0"),
                    [Value::from(i64::from(bits))],
                );
            }
        }
    }

    /// Who gave what, when.
    fn given(&mut self, view: &View) {
        if let Some(from) = view.from_ms {
            self.and("response.at_ms >= ?", [Value::from(int_from_u64(from))]);
        }
        if let Some(to) = view.to_ms {
            self.and("response.at_ms < ?", [Value::from(int_from_u64(to))]);
        }
        if let Some(survey) = &view.survey {
            self.and("response.survey = ?", [text(survey)]);
        }
        if let Some(question) = &view.question {
            self.and(
                "EXISTS (
                    SELECT 1 FROM answer WHERE answer.project = response.project
                        AND answer.response = response.id AND answer.question = ?
                        AND answer.off_path = 0 AND answer.kind <> 'skipped'
                )",
                [text(question)],
            );
        }
        if let Some(range) = view.score {
            let ends = [range.least, range.most].map(|end| Value::from(i64::from(end)));
            self.and("response.score BETWEEN ? AND ?", ends);
        }
    }

    /// What the page said of the person.
    fn traits(&mut self, view: &View) {
        for (key, value) in &view.traits {
            // A path is read three times as fast as a table of all, but has no way to say a quote.
            if key.contains(['"', '\\']) {
                self.and(
                    "EXISTS (
                        SELECT 1 FROM json_each(response.respondent_traits)
                        WHERE key = ? AND value = ?
                    )",
                    [text(key), text(value)],
                );
            } else {
                let path = Value::from(format!("$.\"{key}\""));
                self.and("response.respondent_traits ->> ? = ?", [path, text(value)]);
            }
        }
    }

    /// What a team has done about it.
    fn state(&mut self, view: &View) {
        if !view.status.is_empty() {
            self.one_of("response.status", view.status.iter().map(|it| it.as_str()));
        }
        match &view.assignee {
            Some(Assignee::Nobody) => self.and("response.assignee IS NULL", []),
            Some(Assignee::Person(email)) => self.and(
                "response.assignee = (SELECT id FROM person WHERE email = ?)",
                [text(email)],
            ),
            // Whoever asks has been named before; nobody is nobody's.
            Some(Assignee::Me) => self.and("0", []),
            None => {}
        }
        for tag in &view.tags {
            self.and(
                "EXISTS (
                    SELECT 1 FROM response_tag JOIN tag ON tag.number = response_tag.tag
                    WHERE response_tag.response = response.number AND tag.name = ?
                )",
                [text(tag)],
            );
        }
        for has in &view.has {
            let condition = match has {
                Has::Note => "EXISTS (SELECT 1 FROM note WHERE note.response = response.number)",
                Has::Image => {
                    "EXISTS (
                    SELECT 1 FROM response_attachment AS named
                    JOIN attachment ON attachment.id = named.attachment
                        AND attachment.project = named.project
                    WHERE named.project = response.project AND named.response = response.id
                )"
                }
            };
            self.and(condition, []);
        }
    }

    /// On what page, with what machine.
    fn place(&mut self, view: &View) {
        if let Some(page) = &view.page {
            match page.strip_prefix('=') {
                // What a breakdown names is told apart by case, as addresses are.
                Some(path) if !path.contains('*') => {
                    self.and(&format!("{PATH} = ?"), [text(path)]);
                }
                Some(path) => self.and(
                    &format!("{PATH} LIKE ? ESCAPE '\\'"),
                    [Value::from(like(path))],
                ),
                None => {
                    let pattern = Value::from(format!("%{}%", like(page)));
                    self.and("response.page_url LIKE ? ESCAPE '\\'", [pattern]);
                }
            }
        }
        if let Some(browser) = view.browser {
            self.and("response.browser = ?", [text(browser.as_str())]);
        }
        if let Some(device) = view.device {
            let all = Browser::ALL.into_iter();
            let such = all.filter(|browser| device_of(*browser) == Some(device));
            self.one_of("response.browser", such.map(Browser::as_str));
        }
        if let Some(language) = &view.language {
            // `de` is also German as it is written in Austria.
            let pattern = Value::from(format!("{}-%", like(language)));
            self.and(
                "(response.language = ? COLLATE NOCASE OR response.language LIKE ? ESCAPE '\\')",
                [text(language), pattern],
            );
        }
        for (name, value) in [("country", &view.country), ("version", &view.version)] {
            if let Some(value) = value {
                let condition = format!(
                    "ifnull(response.respondent_traits ->> '$.{name}',
                        response.context ->> '$.{name}') = ? COLLATE NOCASE"
                );
                self.and(&condition, [text(value)]);
            }
        }
    }

    fn words(&mut self, view: &View) {
        let (has, has_not) = written::asked_for(&view.words);
        for (is, words) in [("IN", has), ("NOT IN", has_not)] {
            let Some(words) = words else { continue };
            // The plus keeps the order of the index: a row for each match, sorted afterwards, takes ten
            // times as long where a word is common.
            let condition =
                format!("+response.number {is} (SELECT rowid FROM written WHERE written MATCH ?)");
            self.and(&condition, [Value::from(words)]);
        }
    }
}

fn text(text: &str) -> Value {
    Value::from(text.to_owned())
}

/// A pattern in which only `*` stands for anything.
fn like(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '*' => pattern.push('%'),
            '%' | '_' | '\\' => pattern.extend(['\\', c]),
            _ => pattern.push(c),
        }
    }
    pattern
}

/// The path of an address, from the first slash after `://` on; `/` where there is none.
const PATH: &str = "(CASE
    WHEN instr(substr(response.page_url, instr(response.page_url, '://') + 3), '/') = 0 THEN '/'
    ELSE substr(
        substr(response.page_url, instr(response.page_url, '://') + 3),
        instr(substr(response.page_url, instr(response.page_url, '://') + 3), '/')
    )
END)";

/// What a family of browser runs on, as far as it tells.
pub(crate) const fn device_of(browser: Browser) -> Option<Device> {
    match browser {
        Browser::ChromiumMobile | Browser::SafariMobile => Some(Device::Mobile),
        Browser::Chromium | Browser::Firefox | Browser::Safari => Some(Device::Desktop),
        Browser::Other => None,
    }
}
