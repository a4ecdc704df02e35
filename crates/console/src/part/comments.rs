//! Turns what people wrote into a list to read, newest first.

use leptos::{prelude::*, task::spawn_local};
use protocol::id::AttachmentId;
use protocol::query::Comment;
use scores::Kind;

use crate::api::ApiError;
use crate::browser;
use crate::live::Live;
use crate::picture::Group;
use crate::shell::pages::pages;
use crate::thread::Thread;
use crate::words::{self, say};

/// Texts longer than this are cut until asked for: about eight lines.
const LONG_CHARS: usize = 700;

/// The comments of the chosen survey and span.
#[component]
pub fn Comments(
    /// Where they come from.
    live: Live,
) -> impl IntoView {
    let thread = Memo::new(move |_| {
        live.shown
            .with(|s| s.as_ref().map(|s| s.thread.clone()))
            .unwrap_or_default()
    });
    let prompt = Memo::new(move |_| thread.with(|t| t.common_prompt().map(str::to_owned)));
    // Times in words grow old: they follow every refresh.
    let now = Signal::derive(move || live.shown.with(|s| s.as_ref().map_or(0, |s| s.at_ms)));
    // An image may arrive after the words that it belongs to.
    let key = |c: &Comment| {
        (
            c.response,
            c.prompt.clone(),
            c.text.clone(),
            c.attachments.len(),
        )
    };
    view! {
        <section class="comments" aria-labelledby="comments-title">
            <div class="section-head">
                <h2 class="section-title" id="comments-title">{say::comments_title()}</h2>
                <InInbox live/>
            </div>
            {move || prompt.get().map(|p| view! { <p class="question">{say::app_quote(&p)}</p> })}
            <Show
                when=move || thread.with(|t| !t.items.is_empty())
                fallback=|| view! { <p class="muted">{say::comments_none()}</p> }
            >
                <ol class="comment-list">
                    <For each=move || thread.get().items key let:comment>
                        <Entry comment now show_prompt=Signal::derive(move || prompt.get().is_none())/>
                    </For>
                </ol>
            </Show>
            <Older live thread/>
        </section>
    }
}

/// A link to the same answers in the inbox, once it is there.
#[component]
fn InInbox(live: Live) -> impl IntoView {
    let is_there = pages().any(|page| page.path == "inbox");
    let href = move || live.wanted.with(|it| format!("inbox?{}", it.view()));
    is_there.then(|| view! { <a class="quiet-link" href=href>{say::scores_inbox()}</a> })
}

#[component]
fn Entry(comment: Comment, now: Signal<u64>, show_prompt: Signal<bool>) -> impl IntoView {
    let (class, said) = match comment.score.map(u8::from) {
        Some(score) => {
            let group = Group::of(Kind::Nps, score);
            (
                group.one(),
                format!(" {}", say::comments_out_of(group.said())),
            )
        }
        None => ("unscored", say::comments_no_score().to_owned()),
    };
    let figure = comment.score.map(|s| u8::from(s).to_string());
    let (at, iso) = (browser::moment(comment.at_ms), browser::iso(comment.at_ms));
    let when = move || words::when(at, browser::moment(now.get()));
    view! {
        <li class="comment" data-testid="comment">
            <p class=format!("chip {class}")>
                {figure}<span class="visually-hidden">{said}</span>
            </p>
            <div class="comment-body">
                {move || show_prompt.get().then(|| view! { <p class="muted">{comment.prompt.clone()}</p> })}
                <Words text=comment.text language=comment.language/>
                <Images ids=comment.attachments/>
                <p class="meta">
                    <PageLink url=comment.page_url/>
                    <span aria-hidden="true">"\u{b7}"</span>
                    <time datetime=iso.clone() title=iso>{when}</time>
                </p>
            </div>
        </li>
    }
}

#[component]
fn Words(text: String, language: String) -> impl IntoView {
    let long = text.chars().count() > LONG_CHARS;
    let cut = RwSignal::new(long);
    let button = long.then(|| {
        view! {
            <button
                class="button quiet" type="button"
                aria-expanded=move || if cut.get() { "false" } else { "true" }
                on:click=move |_| cut.update(|c| *c = !*c)
            >
                {move || if cut.get() { say::comments_all() } else { say::comments_less() }}
            </button>
        }
    });
    view! {
        <p class="words" class:cut=move || cut.get() lang=language dir="auto">{text}</p>
        {button}
    }
}

/// Pictures that came with a comment, small; each opens in full.
#[component]
fn Images(ids: Vec<AttachmentId>) -> impl IntoView {
    let n = ids.len();
    let link = move |(nth, id): (usize, AttachmentId)| {
        let url = format!("api/v1/attachments/{id}");
        let picture = url.clone();
        let name = say::comments_shot(&n.to_string(), &(nth + 1).to_string());
        view! {
            <a href=url target="_blank" rel="noopener">
                <img class="shot" src=picture alt=name loading="lazy"/>
            </a>
        }
    };
    (n > 0).then(|| {
        let links = ids.into_iter().enumerate().map(link).collect_view();
        view! { <p class="shots">{links}</p> }
    })
}

/// The page that a comment came from. Anyone can send any text as its address, so only an address
/// that a browser opens as a page becomes a link.
#[component]
fn PageLink(url: String) -> impl IntoView {
    let place = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    match place.map(str::to_owned) {
        Some(place) => view! {
            <a class="place" href=url target="_blank" rel="noopener noreferrer nofollow">{place}</a>
        }
        .into_any(),
        None => view! { <span class="place">{url}</span> }.into_any(),
    }
}

#[component]
fn Older(live: Live, thread: Memo<Thread>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let load = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            error.try_set(live.load_older().await.err());
            busy.try_set(false);
        });
    };
    let more = move || thread.with(|t| t.next.is_some());
    view! {
        {move || error.get().map(|e| view! { <p class="inline-error" role="alert">{e.to_string()}</p> })}
        <Show when=more>
            <button class="button" type="button" aria-disabled=move || busy.get().then_some("true") on:click=load>
                {move || if busy.get() { say::comments_loading() } else { say::comments_more() }}
            </button>
        </Show>
    }
}
