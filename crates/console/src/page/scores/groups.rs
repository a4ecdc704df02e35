//! Turns the answers behind a score into groups: by what people have in common, and by what they waited for.

use leptos::prelude::*;

use crate::account::Account;
use crate::live::{Beside, Live, Said};
use crate::node::Element;
use crate::part::Painted;
use crate::part::scores::breakdown::{USUAL, breakdown};
use crate::part::scores::slow::slow;
use crate::refresh::Refresh;

/// Below the numbers of the page.
#[component]
pub fn Groups() -> impl IntoView {
    let (live, account) = (expect_context::<Live>(), expect_context::<Account>());
    let by = Memo::new(move |_| {
        live.wanted.with(|it| {
            let by = it.url.by.as_deref().unwrap_or(USUAL);
            Beside::breakdown(it, by)
        })
    });
    let by = Refresh::new(by, account);
    let waited = Memo::new(move |_| live.wanted.with(Beside::slow));
    let waited = Refresh::new(waited, account);
    view! { <Painted draw=Box::new(move || beside(live, by, waited))/> }
}

/// What goes along with it.
fn beside(live: Live, by: Refresh<Beside>, waited: Refresh<Beside>) -> Vec<Element> {
    let rows = by.shown.with(|said| match said {
        Some((_, Said::Breakdown(told))) => Some(told.clone()),
        _ => None,
    });
    let groups = waited.shown.with(|said| match said {
        Some((_, Said::Slow(told))) => Some(told.clone()),
        _ => None,
    });
    let traits = live
        .shown
        .with(|shown| shown.as_ref().map(|it| it.report.traits.clone()));
    let traits = traits.unwrap_or_default();
    live.wanted.with(|wanted| {
        vec![
            breakdown(rows.as_deref(), &traits, &wanted.url),
            slow(groups.as_deref(), &traits, &wanted.url),
        ]
    })
}
