//! Turns one feature into the page that says how fast it was, when, and who had the time.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use protocol::query::performance::{FeatureDetail, UNMATCHED};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, MouseEvent};

use super::answered::Answered;
use crate::api::ApiError;
use crate::browser;
use crate::node::{Element, el, said};
use crate::part::performance::alerts::alerts;
use crate::part::performance::blame::blame;
use crate::part::performance::classes::classes;
use crate::part::performance::distribution::{self, distribution};
use crate::part::performance::exemplars::exemplars;
use crate::part::performance::health_mark::word;
use crate::part::performance::objectives::objectives;
use crate::part::performance::percentiles::{self, percentiles};
use crate::part::performance::templates::templates;
use crate::part::{Notice, Painted};
use crate::performance::bars::Bars;
use crate::performance::blame::Split;
use crate::performance::curve::Curve;
use crate::performance::url::{Chosen, Place};
use crate::performance::zone::Zone;
use crate::performance::{quantity, sentence};
use crate::words;

/// `/performance/features/search?window=7d`
#[component]
pub fn FeaturePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        let id = params.with(|params| params.get("id")).unwrap_or_default();
        if id == UNMATCHED { String::new() } else { id }
    });
    let place = Memo::new(move |_| Place::Feature(id.get()));
    let page: Answered<FeatureDetail> = Answered::new(place, |told| (&told.timezone, told.window));
    let name = Memo::new(move |_| {
        let name = page.draw(|told, _, _| told.summary.name.clone());
        name.unwrap_or_else(|| id.get())
    });
    Effect::new(move || browser::set_title(&name.get()));
    let unknown = Memo::new(move |_| {
        let is_missing = page.live.trouble.get() == Some(ApiError::NotFound);
        is_missing && page.told.with(Option::is_none)
    });
    let head = move || {
        if unknown.get() {
            return vec![page.head(None, Some(missing(&id.get(), &page.chosen.get())))];
        }
        let health = page.draw(|told, _, _| word(told.summary.health));
        let crumb = crumb(&page.chosen.get(), name.get(), health);
        let said = page.draw(|told, zone, shown| {
            let phrase = shown.phrase(told.window);
            (
                sentence::feature(&told.summary, &phrase),
                context(told, zone),
            )
        });
        vec![page.head(Some(crumb), said)]
    };
    let looked = Looked::new();
    let pictures = Memo::new(move |_| {
        page.draw(|told, zone, _| (Bars::new(told), Curve::new(told, zone), Split::new(told)))
    });
    let body = move || {
        let drawn = page.draw(|told, zone, _| {
            pictures.with(|pictures| {
                let (bars, curve, split) = pictures.as_ref()?;
                looked
                    .steps
                    .set_value(curve.steps.iter().map(|step| step.to).collect());
                Some(parts(told, (bars, curve, split.as_ref()), zone, looked))
            })
        });
        let outline = ["feature-block", "chart-block", "chart-block"];
        page.body(drawn.flatten(), &outline)
    };
    view! {
        <Painted draw=Box::new(head)/>
        <Show when=move || !unknown.get()>
            <Notice
                trouble=page.live.trouble kept=page.kept() retry=move |()| page.live.refresh()
            />
        </Show>
        <Painted draw=Box::new(body) on_event=Callback::new(move |event| looked.hear(&event))/>
    }
}

/// What the reader points at and has opened.
#[derive(Clone, Copy)]
struct Looked {
    /// Which step of time.
    step: RwSignal<Option<usize>>,
    /// Right edges of the steps, from 0 to 1.
    steps: StoredValue<Vec<f64>>,
    /// Names of the tables that are open.
    open: RwSignal<Vec<String>>,
}

impl Looked {
    fn new() -> Self {
        Self {
            step: RwSignal::new(None),
            steps: StoredValue::new(Vec::new()),
            open: RwSignal::new(Vec::new()),
        }
    }

    fn is_open(self, name: &str) -> bool {
        self.open.with(|open| open.iter().any(|one| one == name))
    }

    fn hear(self, event: &web_sys::Event) {
        let target = event.target();
        let Some(element) = target.and_then(|t| t.dyn_into::<web_sys::Element>().ok()) else {
            return;
        };
        let kind = event.type_();
        if kind == "toggle" {
            if let Some(name) = element.get_attribute("data-name") {
                let is_open = element.has_attribute("open");
                self.open.update(|open| {
                    open.retain(|one| *one != name);
                    open.extend(is_open.then_some(name));
                });
            }
        } else if element.class_name() == percentiles::READER {
            let step = match kind.as_str() {
                "input" => element
                    .dyn_ref::<HtmlInputElement>()
                    .and_then(|input| input.value().parse().ok()),
                "pointermove" => self.pointed_at(event, element.client_width()),
                _ => None,
            };
            if step != self.step.get_untracked() {
                self.step.set(step);
            }
        }
    }

    fn pointed_at(self, event: &web_sys::Event, width: i32) -> Option<usize> {
        let x = event.dyn_ref::<MouseEvent>()?.offset_x();
        let at = f64::from(x) / f64::from(width.max(1));
        self.steps
            .with_value(|steps| steps.iter().position(|to| at < *to))
    }
}

type Pictures<'a> = (&'a Bars, &'a Curve, Option<&'a Split>);

/// Everything about it.
fn parts(
    told: &FeatureDetail,
    (bars, curve, split): Pictures<'_>,
    zone: &Zone,
    looked: Looked,
) -> Vec<Element> {
    let summary = &told.summary;
    let promises = (!summary.objectives.is_empty()).then(|| {
        let promises = el("section").class("promises").at("aria-label", "Promises");
        promises.add(objectives(&summary.objectives))
    });
    let mut parts: Vec<Element> = alerts(&summary.alerts, zone, usize::MAX)
        .into_iter()
        .collect();
    parts.extend(promises);
    if summary.requests == 0 {
        let nothing = "No requests came in this time, so there is nothing to draw. That is not the same as fine: try a longer time, or look whether pages still report.";
        parts.push(said("p", "muted", nothing).at("data-testid", "nothing"));
        return parts;
    }
    let step = looked.step.get();
    parts.extend([
        distribution(told, bars, looked.is_open(distribution::TABLE)),
        percentiles(curve, zone, step, looked.is_open(percentiles::TABLE)),
        el("div")
            .class("halves")
            .add(blame(split))
            .add(classes(told)),
        templates(told),
        exemplars(told, zone),
    ]);
    parts
}

fn crumb(chosen: &Chosen, name: String, health: Option<Element>) -> Element {
    let back = el("a")
        .at("href", Place::Features.href(chosen))
        .text("Features");
    el("p")
        .class("crumb")
        .add(back)
        .add(el("span").at("aria-hidden", "true").text("/"))
        .add(el("span").text(name))
        .maybe(health)
}

fn context(told: &FeatureDetail, zone: &Zone) -> Element {
    let (requests, n) = (told.summary.requests, told.summary.n);
    let counted = match requests {
        0 => String::from("No requests"),
        _ => {
            let (all, n) = (quantity::requests(requests), words::count(n));
            format!("{all}, n = {n} count for latency")
        }
    };
    let mut text = format!("{counted}; {}.", zone.stretch(told.window));
    if let Some(owner) = &told.summary.owner {
        text = format!("{text} {owner} answers for it.");
    }
    if let Some(apdex) = told.apdex {
        text = format!("{text} Apdex {apdex:.2}.");
    }
    said("p", "context", text)
}

/// What stands where a feature would be.
fn missing(id: &str, chosen: &Chosen) -> (String, Element) {
    let why = "Neither budgets nor any request ever named it. The link may be mistyped, or older than the budgets. ";
    let back = el("a").at("href", Place::Features.href(chosen));
    let said = said("p", "context", why).add(back.text("Show all features"));
    (format!("There is no feature \u{201c}{id}\u{201d}"), said)
}
