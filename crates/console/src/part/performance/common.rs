//! Turns what many parts have in common into elements: moments, tables, what can be opened.

use crate::node::{Element, Text, el, said};
use crate::performance::zone::iso;

/// A moment as it is written, with its ISO form for machines and tooltips.
pub fn when(at_ms: u64, written: String) -> Element {
    let iso = iso(at_ms);
    el("time")
        .at("datetime", iso.clone())
        .at("title", iso)
        .text(written)
}

/// What may be wider than the page; the keyboard can scroll it.
pub fn scroll(label: impl Into<Text>, table: Element) -> Element {
    el("div")
        .class("scroll")
        .at("role", "group")
        .at("tabindex", "0")
        .at("aria-label", label)
        .child(table)
}

/// What few need. It is made only when it is open: `name` tells whoever hears of it.
pub fn disclosure(name: &'static str, summary: String, inside: Option<Element>) -> Element {
    el("details")
        .key(name)
        .class("twin")
        .at("data-name", name)
        .child(el("summary").text(summary))
        .maybe(inside)
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// What is written above it.
    pub name: Text,
    /// What that means, where it is not plain.
    pub hint: &'static str,
    /// Whether it holds numbers.
    pub is_number: bool,
}

/// A column of words.
pub fn words(name: impl Into<Text>) -> Column {
    Column {
        name: name.into(),
        hint: "",
        is_number: false,
    }
}

/// A column of numbers.
pub fn numbers(name: impl Into<Text>) -> Column {
    Column {
        is_number: true,
        ..words(name)
    }
}

impl Column {
    /// With what its name means.
    #[must_use]
    pub const fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    fn head(self) -> Element {
        let head = el("th").at("scope", "col");
        let head = head.maybe_at("class", self.is_number.then_some("number"));
        let hint = (!self.hint.is_empty()).then_some(self.hint);
        head.maybe_at("title", hint).text(self.name)
    }
}

/// A table that people read along a line.
pub fn table(columns: Vec<Column>, rows: impl IntoIterator<Item = Element>) -> Element {
    let heads = columns.into_iter().map(Column::head);
    el("table")
        .class("rows")
        .child(el("thead").child(el("tr").all(heads)))
        .child(el("tbody").all(rows))
}

/// The head of a line.
pub fn head() -> Element {
    el("th").at("scope", "row")
}

/// A cell with a number.
pub fn number(text: impl Into<Text>) -> Element {
    said("td", "number", text)
}

/// A paragraph in which what stands between backticks is code.
pub fn with_code(text: &str) -> Element {
    let pieces = text.split('`').zip([false, true].into_iter().cycle());
    pieces.fold(el("p"), |p, (piece, is_code)| match is_code {
        true => p.child(el("code").text(String::from(piece))),
        false => p.text(String::from(piece)),
    })
}

/// A part of a page with its title.
pub fn section(class: &'static str, id: &'static str, title: &'static str) -> Element {
    el("section")
        .class(class)
        .at("aria-labelledby", id)
        .child(said("h2", "section-title", title).at("id", id))
}
