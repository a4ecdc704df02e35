//! Turns answers of the collector into what all pages about performance have: head, body, waiting.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use protocol::query::Window;

use crate::account::Account;
use crate::asked::{Answer, Asked, Live};
use crate::browser;
use crate::node::{Element, el, said};
use crate::part::performance::chooser::chooser;
use crate::performance::url::{Chosen, Place};
use crate::performance::zone::Zone;

/// What a page asked and was told.
pub(super) struct Answered<T: Answer> {
    pub(super) live: Live<T>,
    /// What the URL says.
    pub(super) chosen: Memo<Chosen>,
    /// The answer, without when it came: what is drawn of it changes only when it does.
    pub(super) told: Memo<Option<T>>,
    /// The stretch of time that it is an answer about.
    pub(super) shown: Memo<Chosen>,
    place: Memo<Place>,
    parts: fn(&T) -> (&str, Window),
}

impl<T: Answer> Clone for Answered<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Answer> Copy for Answered<T> {}

impl<T: Answer> Answered<T> {
    /// Asks for `place`; `parts` are zone and window of an answer.
    pub(super) fn new(place: Memo<Place>, parts: fn(&T) -> (&str, Window)) -> Self {
        let query = use_query_map();
        let chosen = Memo::new(move |_| query.with(|query| Chosen::parse(query.get_str("window"))));
        let wanted = Memo::new(move |_| Asked::new(place.get(), chosen.get()));
        let live: Live<T> = Live::new(wanted, expect_context::<Account>());
        let told = Memo::new(move |_| live.shown.with(|shown| Some(shown.as_ref()?.told.clone())));
        let shown = Memo::new(move |_| {
            let of = live
                .shown
                .with(|shown| Some(shown.as_ref()?.asked.chosen.clone()));
            of.unwrap_or_default()
        });
        Self {
            live,
            chosen,
            told,
            shown,
            place,
            parts,
        }
    }

    /// Draws what is told.
    pub(super) fn draw<R>(self, draw: impl FnOnce(&T, &Zone, &Chosen) -> R) -> Option<R> {
        self.told.with(|told| {
            let told = told.as_ref()?;
            let zone = zone((self.parts)(told).0);
            Some(draw(told, &zone, &self.shown.get()))
        })
    }

    /// The head of the page: what to look at, the page in a sentence, what it is about.
    pub(super) fn head(self, crumb: Option<Element>, said: Option<(String, Element)>) -> Element {
        let parts = self.told.with(|told| {
            let (zone_name, window) = (self.parts)(told.as_ref()?);
            Some((zone(zone_name), window))
        });
        let (zone, window) = parts.unzip();
        let zone = zone.unwrap_or_else(|| self::zone("UTC"));
        let links = chooser(
            &self.place.get(),
            &self.chosen.get(),
            window,
            &zone,
            browser::now_ms(),
        );
        head(links, crumb, said)
    }

    /// The body of the page, or its outline at its size.
    pub(super) fn body(
        self,
        drawn: Option<Vec<Element>>,
        outline: &[&'static str],
    ) -> Vec<Element> {
        let is_stale = self.live.trouble.with(Option::is_some);
        match drawn {
            Some(parts) => vec![
                el("div")
                    .key("work")
                    .class("work")
                    .maybe_at("aria-busy", self.live.is_behind().then_some("true"))
                    .maybe_at("data-stale", is_stale.then_some("true"))
                    .all(parts),
            ],
            None if is_stale => Vec::new(),
            None => vec![waiting(outline)],
        }
    }

    /// What is still on screen when nothing newer could be had.
    pub(super) fn kept(self) -> Signal<Option<String>> {
        Signal::derive(move || {
            let at_ms = self.at_ms()?;
            let clock = self.draw(|_, zone, _| zone.clock_s(at_ms))?;
            Some(format!("You see what was known at {clock}."))
        })
    }

    /// When the collector said so.
    pub(super) fn at_ms(self) -> Option<u64> {
        self.live.shown.with(|shown| Some(shown.as_ref()?.at_ms))
    }
}

/// A zone by its name, as this browser knows it.
fn zone(name: &str) -> Zone {
    Zone::new(name, browser::ahead_min)
}

fn head(links: Element, crumb: Option<Element>, said: Option<(String, Element)>) -> Element {
    let waiting = said.is_none().then_some("true");
    let (sentence, context) =
        said.unwrap_or_else(|| (String::from("Performance"), el("p").class("context")));
    el("header")
        .class("page-head")
        .maybe_at("data-waiting", waiting)
        .add(links)
        .maybe(crumb)
        .add(self::said("h1", "sentence", sentence))
        .add(context)
}

/// The outline of what is awaited. Fades in by style after 150 ms, so that a quick answer is not
/// preceded by a flash.
fn waiting(outline: &[&'static str]) -> Element {
    let blocks = outline
        .iter()
        .map(|class| el("i").class(format!("block {class}")));
    el("div")
        .key("waiting")
        .class("skeleton")
        .at("role", "status")
        .add(said("span", "visually-hidden", "Loading"))
        .all(blocks)
}
