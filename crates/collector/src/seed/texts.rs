//! Turns a theme, a mood and a language into what somebody might have written.

use std::collections::BTreeMap;

use fastrand::Rng;
use serde::Deserialize;

/// Sentences by language.
type Said = BTreeMap<String, Vec<String>>;

/// What is written about, by how it is meant.
#[derive(Debug, Deserialize)]
pub(super) struct Theme {
    /// What the team calls it.
    pub(super) tag: String,
    /// Path of the page that it mostly comes from.
    pub(super) page: String,
    /// Slug of the feature that it is about; empty for none.
    pub(super) feature: String,
    bad: Said,
    good: Said,
    idea: Said,
}

/// How something is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Bad,
    Good,
    Idea,
}

#[derive(Debug, Deserialize)]
struct ByTone {
    bad: Said,
    good: Said,
}

/// Everything that sentences are put together from.
#[derive(Debug, Deserialize)]
pub(super) struct Texts {
    pub(super) themes: Vec<Theme>,
    openers: ByTone,
    tails: ByTone,
    /// Whole sentences in languages that the shop does not speak.
    elsewhere: Said,
    spam: Vec<String>,
    pub(super) notes: Vec<String>,
}

impl Texts {
    /// What somebody writes about a theme.
    pub(super) fn write(
        &self,
        theme: &Theme,
        tone: Tone,
        (language, browser): (&str, &str),
        random: &mut Rng,
    ) -> String {
        if let Some(sentences) = self.elsewhere.get(language) {
            return one(sentences, random).to_owned();
        }
        let said = match tone {
            Tone::Bad => &theme.bad,
            Tone::Good => &theme.good,
            Tone::Idea => &theme.idea,
        };
        let around = |parts: &ByTone, random: &mut Rng| match tone {
            Tone::Bad => of(&parts.bad, language, random),
            Tone::Good => of(&parts.good, language, random),
            Tone::Idea => String::new(),
        };
        let opener = around(&self.openers, random);
        let sentence = of(said, language, random);
        let tail = around(&self.tails, random);
        let order = format!("A-{}", random.u32(10_000..99_999));
        let mut text = format!("{opener}{sentence}{tail}")
            .replace("{browser}", browser)
            .replace("{order}", &order)
            .replace("{n}", &random.u32(3..20).to_string());
        // People are lazy, each in their own way.
        match random.u32(..10) {
            0 => text = text.to_lowercase(),
            1..5 => text.push('.'),
            5 if tone == Tone::Bad => text.push_str("!!"),
            _ => {}
        }
        text
    }

    /// What nobody meant.
    pub(super) fn spam(&self, random: &mut Rng) -> String {
        one(&self.spam, random).to_owned()
    }
}

fn of(said: &Said, language: &str, random: &mut Rng) -> String {
    let sentences = said.get(language).or_else(|| said.get("en"));
    sentences.map_or_else(String::new, |all| one(all, random).to_owned())
}

/// One of several; nothing of none.
pub(super) fn one<'a>(all: &'a [String], random: &mut Rng) -> &'a str {
    match all.len() {
        0 => "",
        n => &all[random.usize(..n)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_can_be_said_in_every_language() {
        let texts: Texts = serde_json::from_str(super::super::TEXTS).unwrap();
        let random = &mut Rng::with_seed(1);
        for theme in &texts.themes {
            for tone in [Tone::Bad, Tone::Good, Tone::Idea] {
                for language in ["en", "de", "fr", "es", "it", "nl", "pt", "pl", "ja"] {
                    let text = texts.write(theme, tone, (language, "Firefox"), random);
                    let is_whole = !text.trim().is_empty() && !text.contains(['{', '}']);
                    assert!(is_whole, "{} {language}: {text}", theme.tag);
                }
            }
        }
    }
}
