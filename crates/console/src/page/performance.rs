//! Turns the three pages about performance into one that shows what its URL says.

mod availability;
mod feature;
mod features;
mod looked;

use std::sync::Arc;

use leptos::prelude::*;

use self::looked::Looked;
use super::NotFound;
use crate::account::Account;
use crate::api::ApiError;
use crate::asked::{Asked, Live, Said, Told};
use crate::browser;
use crate::node::{Element, el, said};
use crate::part::performance::budgets::budgets;
use crate::part::performance::chooser::chooser;
use crate::part::{Notice, Painted};
use crate::performance::url::{Chosen, Place};
use crate::performance::zone::Zone;
use crate::route::route;
use crate::view_url::{Dropped, Viewed, use_view};
use crate::words::say;

/// `/performance`, `/performance/features/search`, `/performance/availability`, each with `?window=7d`
#[component]
pub fn PerformancePage() -> impl IntoView {
    let path = route().path;
    let place =
        Memo::new(move |_| path.with(|path| Place::parse(path.strip_prefix("performance")?)));
    let is_known = Memo::new(move |_| place.with(Option::is_some));
    move || match is_known.get() {
        false => view! { <NotFound/> }.into_any(),
        true => {
            let place = Memo::new(move |_| place.get().unwrap_or(Place::Features));
            view! { <Known place/> }.into_any()
        }
    }
}

#[component]
fn Known(place: Memo<Place>) -> impl IntoView {
    let page = Page::new(place);
    let looked = Looked::new();
    Effect::new(move || browser::set_title(&page.title()));
    let refresh = move |()| page.live.refresh();
    view! {
        <Painted draw=Box::new(move || vec![page.head()])/>
        <Dropped what=page.dropped/>
        <Notice trouble=page.trouble() kept=page.kept() retry=refresh/>
        <Painted
            draw=Box::new(move || page.body(looked))
            on_event=Callback::new(move |event| looked.hear(&event))
        />
    }
}

/// What the page asked and was told.
#[derive(Clone, Copy)]
struct Page {
    live: Live,
    place: Memo<Place>,
    chosen: Memo<Chosen>,
    /// What of the URL makes no sense.
    dropped: Memo<Vec<String>>,
    /// The answer to a question of this place; it changes only when its words do.
    told: Memo<Option<Arc<Told>>>,
}

impl Page {
    fn new(place: Memo<Place>) -> Self {
        let Viewed {
            view: chosen,
            dropped,
            ..
        } = use_view::<Chosen>();
        let wanted = Memo::new(move |_| Asked {
            place: place.get(),
            chosen: chosen.get(),
        });
        let live = Live::new(wanted, expect_context::<Account>());
        let told = Memo::new(move |_| {
            let told = live.shown.get()?;
            (told.asked.place == place.get()).then_some(told)
        });
        Self {
            live,
            place,
            chosen,
            dropped,
            told,
        }
    }

    fn title(self) -> String {
        match (self.place.get(), self.told.get().as_deref()) {
            (Place::Features, _) => String::from(say::perf_title()),
            (Place::Availability, _) => String::from(say::perf_availability()),
            (Place::Feature(id), told) => feature_name(&id, told),
        }
    }

    /// There is no such feature.
    fn is_missing(self) -> bool {
        self.live.trouble.get() == Some(ApiError::NotFound) && self.told.get().is_none()
    }

    /// What is said above the numbers; that there is no such feature is said instead of them.
    fn trouble(self) -> Signal<Option<ApiError>> {
        Signal::derive(move || self.live.trouble.get().filter(|_| !self.is_missing()))
    }

    /// The head of the page: what to look at, the page in a sentence, what it is about.
    fn head(self) -> Element {
        let (told, place, chosen) = (self.told.get(), self.place.get(), self.chosen.get());
        let told = told.as_deref();
        let window = told.map(|told| told.frame().1);
        let zone = zone(told.map_or("UTC", |told| told.frame().0));
        let links = chooser(&place, &chosen, window, &zone, browser::now_ms());
        if let (Place::Feature(id), true) = (&place, self.is_missing()) {
            return head(links, None, Some(feature::missing(id, &chosen)));
        }
        let said = told.map(|told| match &told.said {
            Said::Features(features) => features::head(features, &told.phrase(), &zone),
            Said::Feature(detail) => feature::head(detail, &told.phrase(), &zone),
            Said::Availability(all) => availability::head(all, &told.phrase(), &zone),
        });
        let crumb = match &place {
            Place::Feature(id) => Some(feature::crumb(&chosen, feature_name(id, told), told)),
            _ => None,
        };
        head(links, crumb, said)
    }

    /// The body of the page, or its outline at its size.
    fn body(self, looked: Looked) -> Vec<Element> {
        let is_stale = self.live.trouble.get().is_some();
        let told = self.told.get();
        let Some(told) = told.as_deref() else {
            return match (is_stale, self.place.get()) {
                (true, _) => Vec::new(),
                (_, Place::Features) => waiting(&["feature-block"; 4]),
                (_, Place::Feature(_)) => waiting(&["feature-block", "chart-block", "chart-block"]),
                (_, Place::Availability) => waiting(&["up-block"; 3]),
            };
        };
        let zone = zone(told.frame().0);
        let parts = match &told.said {
            Said::Features(all) => {
                let mut parts = features::parts(all, &told.asked.chosen, &zone);
                parts.push(budgets(all.budgets_version, all.budget_window_ms));
                parts
            }
            Said::Feature(one) => feature::parts(one, told.pictures(one, &zone), &zone, looked),
            Said::Availability(all) => {
                let at_ms = self.at_ms().unwrap_or(told.at_ms);
                availability::parts(all, &zone, &told.asked.chosen, at_ms)
            }
        };
        let work = el("div").key("work").class("work");
        let work = work.maybe_at("aria-busy", self.live.is_behind().then_some("true"));
        vec![
            work.maybe_at("data-stale", is_stale.then_some("true"))
                .all(parts),
        ]
    }

    /// When the collector said so.
    fn at_ms(self) -> Option<u64> {
        self.live.shown.with(|told| Some(told.as_ref()?.at_ms))
    }

    /// What is still on screen when nothing newer could be had.
    fn kept(self) -> Signal<Option<String>> {
        Signal::derive(move || {
            let told = self.told.get()?;
            let clock = zone(told.frame().0).clock_s(self.at_ms()?);
            Some(say::app_kept_at(&clock))
        })
    }
}

fn feature_name(id: &str, told: Option<&Told>) -> String {
    match told.map(|told| &told.said) {
        Some(Said::Feature(detail)) => detail.summary.name.clone(),
        _ => String::from(id),
    }
}

/// A zone by its name, as this browser knows it.
fn zone(name: &str) -> Zone {
    Zone::new(name, browser::ahead_min)
}

fn head(links: Element, crumb: Option<Element>, told: Option<(String, Element)>) -> Element {
    let waiting = told.is_none().then_some("true");
    let (sentence, context) =
        told.unwrap_or_else(|| (String::from(say::perf_title()), el("p").class("context")));
    el("header")
        .class("page-head")
        .maybe_at("data-waiting", waiting)
        .child(links)
        .maybe(crumb)
        .child(said("h1", "sentence", sentence))
        .child(context)
}

/// The outline of what is awaited. Fades in by style after 150 ms, so that a quick answer is not
/// preceded by a flash.
fn waiting(outline: &[&'static str]) -> Vec<Element> {
    let blocks = outline
        .iter()
        .map(|class| el("i").class(format!("block {class}")));
    let skeleton = el("div")
        .key("waiting")
        .class("skeleton")
        .at("role", "status");
    let loading = said("span", "visually-hidden", say::app_loading());
    vec![skeleton.child(loading).all(blocks)]
}
