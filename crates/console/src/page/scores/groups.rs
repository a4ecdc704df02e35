//! Turns the answers behind a score into groups: by what people have in common, and by what they waited for.

use leptos::prelude::*;

use crate::account::Account;
use crate::live::{Beside, Live, Said};
use crate::node::Element;
use crate::part::scores::breakdown::{USUAL, breakdown};
use crate::part::scores::foot::foot;
use crate::part::scores::slow::slow;
use crate::part::scores::top::dropped;
use crate::part::{Notice, Painted};
use crate::refresh::Refresh;

/// Below the numbers of the page.
#[component]
pub fn Groups() -> impl IntoView {
    let (live, account) = (expect_context::<Live>(), expect_context::<Account>());
    let choice = Memo::new(move |_| live.settled());
    let by = Memo::new(move |_| {
        choice.with(|it| {
            let by = it.url.by.as_deref().unwrap_or(USUAL);
            Beside::breakdown(it, by)
        })
    });
    let by = Refresh::new(by, account);
    let waited = Memo::new(move |_| choice.with(Beside::slow));
    let waited = Refresh::new(waited, account);
    // Where the page itself says what is wrong, that is enough.
    let trouble = Signal::derive(move || match live.trouble.get() {
        None => by.trouble.get().or_else(|| waited.trouble.get()),
        Some(_) => None,
    });
    let retry = move |()| {
        by.refresh();
        waited.refresh();
    };
    view! {
        <Notice trouble kept=Signal::stored(None::<String>) retry/>
        <Painted draw=Box::new(move || beside(live, by, waited))/>
    }
}

/// What was left out, and where the numbers are as files: under all of them.
#[component]
pub fn Under() -> impl IntoView {
    let live = expect_context::<Live>();
    let under = move || {
        live.shown.with(|shown| {
            let foot = shown.as_ref().map(|it| {
                let survey = it.choice.survey.as_deref();
                foot(&it.report.aside, &it.choice.url, survey)
            });
            foot.into_iter().collect()
        })
    };
    view! { <Painted draw=Box::new(under)/> }
}

/// The answer to what is asked now; that to another question would stand under its name.
fn answer(to: Refresh<Beside>) -> Option<Said> {
    let wanted = to.wanted.get();
    let (asked, said) = to.shown.get()?;
    (asked == wanted).then_some(said)
}

/// What goes along with it.
fn beside(live: Live, by: Refresh<Beside>, waited: Refresh<Beside>) -> Vec<Element> {
    let is_awaited = |it: Refresh<Beside>| it.trouble.with(Option::is_none);
    let rows = answer(by).and_then(|said| match said {
        Said::Breakdown(told) => Some(told),
        Said::Slow(_) => None,
    });
    let groups = answer(waited).and_then(|said| match said {
        Said::Slow(told) => Some(told),
        Said::Breakdown(_) => None,
    });
    let traits = live
        .shown
        .with(|shown| shown.as_ref().map(|it| it.report.traits.clone()));
    let traits = traits.unwrap_or_default();
    // What is pressed leads on from what was chosen last, also while its numbers are awaited.
    live.wanted.with(|wanted| {
        let url = &wanted.url;
        let rows = breakdown(rows.as_deref(), is_awaited(by), &traits, url);
        let groups = groups.as_deref();
        // The rest is named above the numbers.
        let unknown = groups.map(|told| told.dropped.iter().filter(|it| it.param == "segment"));
        let unknown: Vec<_> = unknown.into_iter().flatten().cloned().collect();
        let is_there = groups.is_some() || is_awaited(waited);
        let groups = is_there.then(|| slow(groups, &traits, url));
        let parts = [Some(rows), groups, dropped(&unknown)];
        parts.into_iter().flatten().collect()
    })
}
