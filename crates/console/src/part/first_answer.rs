//! Turns an empty project into three steps to the first answer, the last of which happens by itself.

use leptos::{prelude::*, task::spawn_local};
use protocol::query::Site;

use crate::browser;
use crate::live::Live;
use crate::{snippet, words};

/// How to get the first answer; gives way to the numbers when it arrives.
#[component]
pub fn FirstAnswer(
    /// Sites that may send.
    sites: Vec<Site>,
    /// What is known.
    live: Live,
) -> impl IntoView {
    let shown = Memo::new(move |_| {
        live.shown.with(|s| {
            s.as_ref()
                .map_or(0, |s| s.ever.as_ref().unwrap_or(&s.report).shown)
        })
    });
    let done = move || (shown.get() > 0).then_some("true");
    let tags = (0..)
        .zip(sites)
        .map(|(i, site)| view! { <Tag i site/> })
        .collect_view();
    view! {
        <ol class="steps" aria-label="To the first answer">
            <li data-done=done>
                <h2>"Put this tag on a page"</h2>
                {tags}
            </li>
            <li data-done=done>
                <h2>"Open the page and let the survey show"</h2>
                <p class="muted">
                    {move || match shown.get() {
                        0 => "It comes after a moment, and not again soon to somebody who has seen it.".to_owned(),
                        n => format!("Shown to {} so far.", words::people(n)),
                    }}
                </p>
            </li>
            <li class="waiting">
                <h2>"Waiting for the first answer"</h2>
                <p class="muted" role="status">
                    "It appears here by itself, within two seconds of being given."
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
                    told.set("Copied");
                } else {
                    browser::select(&id);
                    told.set("Selected: copy it with your keyboard");
                }
            });
        }
    };
    view! {
        <div class="snippet">
            <pre tabindex="0" aria-label="Script tag"><code id=id>{text}</code></pre>
            <button class="button" type="button" on:click=copy>"Copy"</button>
        </div>
        <p class="muted">
            {format!("Accepted from {}.", snippet::origins_in_words(&site.origins))}
            " "<span role="status">{told}</span>
        </p>
    }
}
