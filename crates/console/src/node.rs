//! Turns what is to be shown into a tree of plain elements that is drawn by one piece of code.
//!
//! Where nothing inside reacts by itself, a tree costs the module a tenth of what typed views cost,
//! and can be read in native tests. [`crate::part::Painted`] puts it on the page.

use std::borrow::Cow;

/// A text that is often known beforehand.
pub type Text = Cow<'static, str>;

/// A piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Words.
    Text(Text),
    /// An element.
    Element(Element),
}

/// An element with what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub tag: &'static str,
    /// Whether it is part of a drawing.
    pub is_svg: bool,
    /// Elements of different keys are never the same one with new contents.
    pub key: &'static str,
    /// Names and values, each name once.
    pub attributes: Vec<(&'static str, Text)>,
    /// What is in it, in order.
    pub children: Vec<Node>,
}

/// An element of the page.
pub const fn el(tag: &'static str) -> Element {
    Element {
        tag,
        is_svg: false,
        key: "",
        attributes: Vec::new(),
        children: Vec::new(),
    }
}

/// An element of a drawing.
pub fn svg(tag: &'static str) -> Element {
    Element {
        is_svg: true,
        ..el(tag)
    }
}

impl Element {
    /// Never takes the place of an element with another key.
    #[must_use]
    pub const fn key(mut self, key: &'static str) -> Self {
        self.key = key;
        self
    }

    /// With this attribute.
    #[must_use]
    pub fn at(mut self, name: &'static str, value: impl Into<Text>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// With a number as an attribute, to a hundredth.
    #[must_use]
    pub fn num(self, name: &'static str, value: f64) -> Self {
        let text = format!("{value:.2}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        self.at(name, String::from(text))
    }

    /// With this attribute, if there is one.
    #[must_use]
    pub fn maybe_at(self, name: &'static str, value: Option<&'static str>) -> Self {
        match value {
            Some(value) => self.at(name, value),
            None => self,
        }
    }

    /// Of these classes.
    #[must_use]
    pub fn class(self, classes: impl Into<Text>) -> Self {
        self.at("class", classes)
    }

    /// Then these words.
    #[must_use]
    pub fn text(mut self, text: impl Into<Text>) -> Self {
        self.children.push(Node::Text(text.into()));
        self
    }

    /// Then this element.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        self.children.push(Node::Element(child));
        self
    }

    /// Then this element, if there is one.
    #[must_use]
    pub fn maybe(self, child: Option<Self>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Then these elements.
    #[must_use]
    pub fn all(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children
            .extend(children.into_iter().map(Node::Element));
        self
    }

    /// Whether `other` can become this one by changing attributes and children.
    pub fn is_like(&self, other: &Self) -> bool {
        self.tag == other.tag && self.is_svg == other.is_svg && self.key == other.key
    }
}

/// Words in an element of their own.
pub fn said(tag: &'static str, class: &'static str, text: impl Into<Text>) -> Element {
    el(tag).class(class).text(text)
}

#[cfg(test)]
impl Element {
    /// Everything that is said in it.
    pub(crate) fn words(&self) -> String {
        let children = self.children.iter().map(|child| match child {
            Node::Text(text) => text.to_string(),
            Node::Element(element) => element.words(),
        });
        children.collect()
    }

    /// The elements in it, itself among them, that have this value of an attribute.
    pub(crate) fn find(&self, name: &str, value: &str) -> Vec<&Self> {
        let fits =
            |(key, text): &(&str, Text)| *key == name && text.split(' ').any(|word| word == value);
        let own = self.attributes.iter().any(fits).then_some(self);
        let below = self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element.find(name, value)),
            Node::Text(_) => None,
        });
        own.into_iter().chain(below.flatten()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_what_was_put_together() {
        let tree = el("p")
            .class("small muted")
            .text("n = ")
            .child(said("b", "n", "12"))
            .maybe(None)
            .all((0..2).map(|i| el("i").num("width", f64::from(i) / 3.0)));
        assert_eq!(tree.words(), "n = 12");
        assert_eq!(tree.find("class", "muted").len(), 1);
        assert_eq!(tree.find("width", "0.33").len(), 1);
        assert_eq!(tree.find("width", "0").len(), 1);
        assert!(tree.is_like(&el("p")));
        assert!(!tree.is_like(&svg("p")) && !tree.is_like(&el("p").key("a")));
    }
}
