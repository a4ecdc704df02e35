//! Turns an empty project into three steps to the first answer, the last of which happens by itself.

use leptos::{prelude::*, task::spawn_local};
use protocol::query::{Session, Site};

use crate::browser;
use crate::live::Live;
use crate::snippet;
use crate::words::{self, say};

/// How to get the first answer; gives way to the numbers when it arrives.
#[component]
pub fn FirstAnswer() -> impl IntoView {
    let live = expect_context::<Live>();
    let sites = expect_context::<Session>().sites;
    let shown = Memo::new(move |_| {
        live.shown
            .with(|s| s.as_ref().map_or(0, crate::live::Shown::were_shown))
    });
    let done = move || (shown.get() > 0).then_some("true");
    let tags = (0..)
        .zip(sites)
        .map(|(i, site)| view! { <Tag i site/> })
        .collect_view();
    view! {
        <ol class="steps" aria-label=say::first_title()>
            <li data-done=done>
                <h2>{say::first_tag()}</h2>
                {tags}
            </li>
            <li data-done=done>
                <h2>{say::first_open()}</h2>
                <p class="muted">
                    {move || match shown.get() {
                        0 => say::first_open_what().to_owned(),
                        n => say::first_shown(&words::people(n)),
                    }}
                </p>
            </li>
            <li class="waiting">
                <h2>{say::first_waiting()}</h2>
                <p class="muted" role="status">
                    {say::first_waiting_what()}
                </p>
            </li>
        </ol>
    }
}

#[component]
fn Tag(i: u32, site: Site) -> impl IntoView {
    let id = format!("tag-{i}");
    let text = snippet::script_tag(&browser::base_url(), &site.key);
    let told = RwSignal::new("");
    let copy = {
        let (id, text) = (id.clone(), text.clone());
        move |_| {
            let (id, text) = (id.clone(), text.clone());
            spawn_local(async move {
                if browser::copy(&text).await {
                    told.set(say::first_copied());
                } else {
                    browser::select(&id);
                    told.set(say::first_selected());
                }
            });
        }
    };
    view! {
        <div class="snippet">
            <pre tabindex="0" aria-label=say::first_script()><code id=id>{text}</code></pre>
            <button class="button" type="button" on:click=copy>{say::first_copy()}</button>
        </div>
        <p class="muted">
            {say::first_accepted(&snippet::origins_in_words(&site.origins))}
            " "<span role="status">{told}</span>
        </p>
    }
}
