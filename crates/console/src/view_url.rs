//! Turns a query string into the filters of a view, and filters into a link; what makes no sense is named.

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::route::{Route, Step, route};
use crate::words::say;

/// Longest parameter that is named in full, in characters.
const NAMED: usize = 40;

/// What a view shows, as its URL says it. The usual is said by nothing: its link has no parameter.
pub trait View: Clone + PartialEq + Send + Sync + 'static {
    /// Takes what it knows from the query string; `None` and senseless values mean the usual.
    fn read(from: &mut Reader) -> Self;

    /// Writes all of itself that is not the usual.
    fn write(&self, to: &mut Writer);

    /// `survey=nps&days=7`, without a question mark; empty for the usual view.
    fn query(&self) -> String {
        let mut to = Writer::default();
        self.write(&mut to);
        to.text
    }

    /// A link to this view of `path`, relative to the console's base.
    fn link(&self, path: &str) -> String {
        match self.query() {
            query if query.is_empty() => String::from(path),
            query => format!("{path}?{query}"),
        }
    }
}

/// Parameters of a query string, each taken once.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    left: BTreeMap<String, String>,
    dropped: Vec<String>,
}

impl Reader {
    /// Of decoded names and values.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self {
            left: pairs.into_iter().collect(),
            dropped: Vec::new(),
        }
    }

    /// The value of `name`, if there is one and `parse` makes sense of it. An empty one is none.
    pub fn take<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = self.left.remove(name).filter(|text| !text.is_empty())?;
        let value = parse(&text);
        if value.is_none() {
            self.dropped.push(named(name, &text));
        }
        value
    }

    /// Names and values of all that is left and `fits`, by name; an empty value is none.
    pub fn take_all(&mut self, fits: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let left = core::mem::take(&mut self.left);
        let (taken, left) = left.into_iter().partition(|(name, _)| fits(name));
        self.left = left;
        let taken: BTreeMap<String, String> = taken;
        taken
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }

    /// What made no sense, `name=value` each; what nobody took among it.
    pub fn finish(mut self) -> Vec<String> {
        let unknown = self.left.iter().map(|(name, text)| named(name, text));
        self.dropped.extend(unknown);
        self.dropped
    }
}

fn named(name: &str, text: &str) -> String {
    let whole = format!("{name}={text}");
    match whole.chars().count() {
        0..=NAMED => whole,
        _ => whole.chars().take(NAMED).chain(['\u{2026}']).collect(),
    }
}

/// A query string in the making.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    text: String,
}

impl Writer {
    /// All of it.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Adds a parameter, if there is a value.
    pub fn put(&mut self, name: &str, value: Option<&str>) {
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return;
        };
        if !self.text.is_empty() {
            self.text.push('&');
        }
        escape(name, &mut self.text);
        self.text.push('=');
        escape(value, &mut self.text);
    }
}

/// A value as it stands in a query string.
pub fn escaped(value: &str) -> String {
    let mut text = String::new();
    escape(value, &mut text);
    text
}

/// Escapes what would end a value or be read as something else.
pub(crate) fn escape(value: &str, to: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'-'
            | b'_'
            | b'.'
            | b'~'
            | b':'
            | b','
            | b'*'
            | b'/' => {
                to.push(char::from(byte));
            }
            _ => {
                to.push('%');
                for digit in [byte >> 4, byte & 15] {
                    let digit = char::from_digit(u32::from(digit), 16).unwrap_or('0');
                    to.push(digit.to_ascii_uppercase());
                }
            }
        }
    }
}

/// The view that the URL of the current page says, and the way to another.
pub struct Viewed<V: View> {
    /// What the URL says.
    pub view: Memo<V>,
    /// What of it makes no sense.
    pub dropped: Memo<Vec<String>>,
    route: Route,
}

impl<V: View> core::fmt::Debug for Viewed<V> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.view.with_untracked(View::query))
    }
}

impl<V: View> Clone for Viewed<V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V: View> Copy for Viewed<V> {}

/// The view that the URL of the current page says.
pub fn use_view<V: View>() -> Viewed<V> {
    let route = route();
    let read = Memo::new(move |_| {
        let mut reader = Reader::new(route.query.get());
        let view = V::read(&mut reader);
        (view, reader.finish())
    });
    Viewed {
        view: Memo::new(move |_| read.with(|(view, _)| view.clone())),
        dropped: Memo::new(move |_| read.with(|(_, dropped)| dropped.clone())),
        route,
    }
}

impl<V: View> Viewed<V> {
    /// Changes the view and with it the URL; Back leads to the view before.
    pub fn change(self, how: impl FnOnce(&mut V)) {
        self.go(how, Step::Forth);
    }

    /// The same in place, for what changes with every key: Back leads to what was before it.
    pub fn adjust(self, how: impl FnOnce(&mut V)) {
        self.go(how, Step::Instead);
    }

    fn go(self, how: impl FnOnce(&mut V), step: Step) {
        let mut view = self.view.get_untracked();
        how(&mut view);
        let path = self.route.path.get_untracked();
        self.route.go(&view.link(&path), step);
    }
}

/// Names what of the URL was left out of the view; nothing where all of it made sense.
#[component]
pub fn Dropped(
    /// From [`Viewed::dropped`].
    what: Memo<Vec<String>>,
) -> impl IntoView {
    view! {
        <div class="dropped" role="status">
            {move || {
                let what = what.get();
                (!what.is_empty()).then(|| view! { <p>{say::url_dropped(&what.join(", "))}</p> })
            }}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Filters {
        text: Option<String>,
        least: Option<u32>,
    }

    impl View for Filters {
        fn read(from: &mut Reader) -> Self {
            Self {
                text: from.take("q", |text| Some(String::from(text))),
                least: from.take("least", |text| text.parse().ok()),
            }
        }

        fn write(&self, to: &mut Writer) {
            to.put("q", self.text.as_deref());
            to.put("least", self.least.map(|n| n.to_string()).as_deref());
        }
    }

    fn read(pairs: &[(&str, &str)]) -> (Filters, Vec<String>) {
        let pairs = pairs.iter();
        let mut reader = Reader::new(pairs.map(|(k, v)| (String::from(*k), String::from(*v))));
        (Filters::read(&mut reader), reader.finish())
    }

    #[test]
    fn what_makes_no_sense_is_dropped_and_named() {
        let (view, dropped) = read(&[("q", "a b"), ("least", "x"), ("color", "red")]);
        assert_eq!((view.text.as_deref(), view.least), (Some("a b"), None));
        assert_eq!(dropped, ["least=x", "color=red"]);
        let (view, dropped) = read(&[("q", ""), ("least", "7")]);
        assert_eq!((view.text, view.least, dropped.len()), (None, Some(7), 0));
        let long = "x".repeat(500);
        let (_, dropped) = read(&[("y", &long)]);
        assert_eq!(dropped[0].chars().count(), NAMED + 1);
    }

    #[test]
    fn a_link_says_what_is_not_the_usual() {
        let mut view = Filters {
            text: None,
            least: None,
        };
        assert_eq!(view.link("inbox"), "inbox");
        view.text = Some(String::from("50 % & \u{fc}ber=x"));
        view.least = Some(3);
        let link = view.link("inbox");
        assert_eq!(link, "inbox?q=50%20%25%20%26%20%C3%BCber%3Dx&least=3");
    }
}
