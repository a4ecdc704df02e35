//! Turns sites into a list that admins change while pages use them, and waits with them for the first event.

mod edit;
mod row;

use leptos::prelude::*;
use protocol::query::setup::Sites;

use self::edit::add;
use self::row::site_row;
use super::part::{head, trouble, waiting};
use crate::fetched::{At, fetched};
use crate::words::say;

pub(super) fn page() -> impl IntoView {
    // Somebody may have put a tag on a page a moment ago.
    let (live, told) = fetched::<Sites>(Memo::new(|_| At::new("api/v1/sites").soon()));
    let sentence = Signal::derive(move || {
        told.with(|told| {
            let sites = &told.as_ref()?.items;
            let waiting = sites.iter().filter(|site| site.first_ms.is_none()).count();
            let all = say::sites_sentence(sites.len() as u64);
            Some(match waiting {
                0 => format!("{all}."),
                n => format!("{all}; {}.", say::sites_waiting(n as u64)),
            })
        })
    });
    let ids = Memo::new(move |_| {
        told.with(|told| {
            let sites = told.iter().flat_map(|told| told.items.iter());
            sites.map(|site| site.id).collect::<Vec<_>>()
        })
    });
    let row = move |id: i64| {
        let site = Memo::new(move |_| {
            told.with(|told| {
                let mut sites = told.as_ref()?.items.iter();
                sites.find(|site| site.id == id).cloned()
            })
        });
        site_row(site, live)
    };
    let is_there = Memo::new(move |_| told.with(Option::is_some));
    view! {
        {head(sentence, say::set_sites(), say::set_sites_what())}
        {trouble(live)}
        {move || match is_there.get() {
            false => waiting(6).into_any(),
            true => view! {
                <ul class="sites" aria-label=say::set_sites()>
                    <For each=move || ids.get() key=|id| *id children=row/>
                </ul>
                {add(live)}
            }.into_any(),
        }}
    }
}
