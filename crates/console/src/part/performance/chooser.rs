//! Turns pages and stretches of time into links; the URL holds the choice.

use leptos::prelude::*;
use protocol::query::Window;

use crate::browser;
use crate::performance::url::{Chosen, Place};
use crate::performance::zone::Zone;

/// Which page about performance, over which time.
#[component]
pub fn WindowChooser(
    /// The page.
    #[prop(into)]
    place: Signal<Place>,
    /// What is chosen.
    chosen: Memo<Chosen>,
    /// What it came to, when that is known.
    #[prop(into)]
    window: Signal<Option<Window>>,
    /// Zone of the project, when it is known.
    #[prop(into)]
    zone: Signal<Option<Zone>>,
) -> impl IntoView {
    let is_up = move || place.get() == Place::Availability;
    let tab = move |to: Place| chosen.with(|chosen| to.href(chosen));
    let offered = Memo::new(move |_| {
        let utc = || Zone::new("UTC", browser::ahead_min);
        Chosen::offered(&zone.get().unwrap_or_else(utc), browser::now_ms())
    });
    let links = move || {
        let links = offered.get().into_iter().map(|(offer, label)| {
            let href = place.with(|place| place.href(&offer));
            let current = chosen.with(|chosen| chosen.is(&offer, window.get()));
            view! {
                <a href=href aria-current=current.then_some("true") data-noscroll="">{label}</a>
            }
        });
        links.collect_view()
    };
    view! {
        <div class="chooser">
            <nav class="tabs" aria-label="Performance">
                <a href=move || tab(Place::Features) aria-current=move || (!is_up()).then_some("page")>
                    "Features"
                </a>
                <a href=move || tab(Place::Availability) aria-current=move || is_up().then_some("page")>
                    "Availability"
                </a>
            </nav>
            <nav class="spans" aria-label="Time span">{links}</nav>
        </div>
    }
}
