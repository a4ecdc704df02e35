//! Turns the query string of the inbox into a view and a chosen item, and both into links.

use protocol::id::ResponseId;
use protocol::query::view::{Dropped, Status, View};

use crate::view_url::escape;

/// What the URL of the inbox says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboxUrl {
    /// Which answers.
    pub view: View,
    /// Which of them is open.
    pub sel: Option<ResponseId>,
    /// What made no sense, as it was written.
    pub dropped: Vec<String>,
}

impl InboxUrl {
    /// Of decoded names and values; `day` answers when a day such as `2026-11-01` begins.
    pub fn read(pairs: &[(String, String)], day: impl Fn(&str) -> Option<u64>) -> Self {
        let mut query = String::new();
        for (name, value) in pairs {
            query.push('&');
            escape(name, &mut query);
            query.push('=');
            escape(value, &mut query);
        }
        let mut parsed = View::parse(&query, &["sel"], day);
        let mut sel = None;
        if let Some(text) = parsed.others.remove("sel").filter(|text| !text.is_empty()) {
            sel = text.parse().ok();
            if sel.is_none() {
                parsed.drop("sel", &text, "no_such_value");
            }
        }
        Self {
            view: parsed.view,
            sel,
            dropped: parsed.dropped.iter().map(named).collect(),
        }
    }

    /// Takes in what was typed into the search box: words take the place of the words before, filters by
    /// name are added. Answers with the link; what makes no sense stays in it, to be named.
    pub fn searched(&self, typed: &str, day: impl Fn(&str) -> Option<u64>) -> String {
        let mut before = self.view.clone();
        before.words.clear();
        let mut query = before.to_string();
        query.push_str("&q=");
        escape(typed, &mut query);
        let parsed = View::parse(&query, &[], day);
        if parsed.dropped.is_empty() {
            return link(&parsed.view, None);
        }
        let mut view = parsed.view;
        let mut said = view.typed();
        view.words.clear();
        for piece in &parsed.dropped {
            if !said.is_empty() {
                said.push(' ');
            }
            said.push_str(&as_typed(piece));
        }
        let mut query = view.to_string();
        if !said.is_empty() {
            query.push_str(if query.is_empty() { "q=" } else { "&q=" });
            escape(&said, &mut query);
        }
        with_path(&query)
    }
}

/// A link to a view, with an item open.
pub fn link(view: &View, sel: Option<ResponseId>) -> String {
    let mut query = view.to_string();
    if let Some(sel) = sel {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(&format!("sel={sel}"));
    }
    with_path(&query)
}

/// A link to the view with another status, or with any.
pub fn of_status(view: &View, status: Option<Status>) -> String {
    let status = status.into_iter().collect();
    let view = View {
        status,
        ..view.clone()
    };
    link(&view, None)
}

fn with_path(query: &str) -> String {
    match query {
        "" => String::from("inbox"),
        query => format!("inbox?{query}"),
    }
}

fn named(dropped: &Dropped) -> String {
    format!("{}={}", dropped.param, dropped.value)
}

fn as_typed(dropped: &Dropped) -> String {
    match (&*dropped.param, &*dropped.value) {
        ("q", word) => String::from(word),
        (name, value) if value.contains(' ') => format!("{name}:\"{value}\""),
        (name, value) => format!("{name}:{value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> InboxUrl {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(k, v)| (String::from(*k), String::from(*v)))
            .collect();
        InboxUrl::read(&pairs, |day| (day == "2026-11-01").then_some(1_000))
    }

    #[test]
    fn a_link_reads_back_as_itself() {
        let sel = ResponseId::new(1, &[7; 10]);
        let pairs = [
            ("tag", "a & b"),
            ("tag", "50 %"),
            ("trait.plan", "pro"),
            ("q", "slow \"check out\""),
            ("sel", &sel.to_string()),
        ];
        let url = read(&pairs);
        assert_eq!((url.sel, url.dropped.len()), (Some(sel), 0));
        assert_eq!(url.view.tags, ["a & b", "50 %"]);
        let href = link(&url.view, url.sel);
        assert!(href.starts_with("inbox?tag=a+%26+b&tag=50+%25&"), "{href}");
        assert!(href.ends_with(&format!("&sel={sel}")), "{href}");
    }

    #[test]
    fn what_makes_no_sense_is_named_as_it_was_written() {
        let url = read(&[("statsu", "new"), ("sel", "x"), ("score", "99")]);
        assert_eq!(url.dropped, ["statsu=new", "score=99", "sel=x"]);
        assert_eq!(url.view, View::default());
    }

    fn check_search(before: &[(&str, &str)], typed: &str, link: &str) {
        let found = read(before).searched(typed, |day| (day == "2026-11-01").then_some(1_000));
        assert_eq!(found, link);
    }

    #[test]
    fn a_search_becomes_words_and_filters() {
        check_search(&[], "", "inbox");
        check_search(&[], "slow", "inbox?q=slow");
        check_search(&[("q", "fast")], "slow", "inbox?q=slow");
        check_search(&[("tag", "a")], "slow tag:b", "inbox?tag=a&tag=b&q=slow");
        check_search(&[], "so slow", "inbox?q=so+slow");
        check_search(&[("sel", "x")], "after:2026-11-01", "inbox?from=1000");
        check_search(&[("status", "new")], "", "inbox?status=new");
        // What nobody understands stays, and the page names it.
        check_search(&[], "slow color:red", "inbox?q=slow%20color:red");
    }

    #[test]
    fn a_status_takes_the_place_of_others() {
        let url = read(&[("status", "new,triaged"), ("days", "7")]);
        assert_eq!(
            of_status(&url.view, Some(Status::Spam)),
            "inbox?days=7&status=spam"
        );
        assert_eq!(of_status(&url.view, None), "inbox?days=7");
    }
}
