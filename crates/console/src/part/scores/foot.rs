//! Turns what was left out, and where the same numbers are, into the lines under all pictures.

use std::collections::BTreeMap;

use protocol::query::view::Aside;

use crate::node::{Element, el, said};
use crate::scores_url::ScoresUrl;
use crate::visit;
use crate::words::{count, say};

/// What was left out and why, and the same as files.
pub fn foot(aside: &BTreeMap<Aside, u64>, url: &ScoresUrl, survey: Option<&str>) -> Element {
    let mut query = url.scored(survey);
    for (name, value) in [
        ("by", &url.by),
        ("step", &url.step),
        ("compare", &url.compare),
    ] {
        if let Some(value) = value {
            query.push_str(&format!("&{name}={}", crate::view_url::escaped(value)));
        }
    }
    let file = |format: &'static str, name: &'static str| {
        let href = format!("api/v1/scores/export?{query}&format={format}");
        el("a").at("href", href).at("download", "").text(name)
    };
    // No link shows files: there a visitor would find an error.
    let files = visit::key().is_none().then(|| {
        el("p")
            .class("files")
            .text(format!("{} ", say::export_title()))
            .child(file("csv", "CSV"))
            .text(" ")
            .child(file("ndjson", "NDJSON"))
    });
    el("footer")
        .class("scores-foot small muted")
        .child(said("p", "", left_out(aside)).at("data-testid", "aside"))
        .maybe(files)
}

fn left_out(aside: &BTreeMap<Aside, u64>) -> String {
    let all = aside.iter().map(|(reason, n)| {
        let n = count(*n);
        match reason {
            Aside::Spam => say::aside_spam(&n),
            Aside::Archived => say::aside_archived(&n),
            Aside::Test => say::aside_test(&n),
            Aside::Bot => say::aside_bot(&n),
            Aside::Snoozed => say::aside_snoozed(&n),
        }
    });
    let all: Vec<_> = all.collect();
    match all.is_empty() {
        true => String::from(say::aside_none()),
        false => say::aside_left(&all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_out_in_silence() {
        assert_eq!(left_out(&BTreeMap::new()), "No answer was left out.");
        let some = BTreeMap::from([(Aside::Spam, 2), (Aside::Bot, 1_000)]);
        assert_eq!(left_out(&some), "Left out: 2 spam, 1,000 by bots.");
    }

    #[test]
    fn the_file_is_of_the_same_view() {
        let mut url = ScoresUrl::default();
        url.set("device", Some("mobile"));
        url.by = Some(String::from("page"));
        let drawn = foot(&BTreeMap::new(), &url, Some("nps"));
        let href = "api/v1/scores/export?survey=nps&device=mobile&by=page&format=csv";
        assert_eq!(drawn.find("href", href).len(), 1);
        visit::begin(String::from("key"), String::new(), |_, _| String::new());
        let drawn = foot(&BTreeMap::new(), &url, Some("nps"));
        assert_eq!(drawn.find("href", href).len(), 0);
    }
}
