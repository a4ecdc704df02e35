//! Turns templates and files into the drafts of new surveys.

use leptos::{ev, prelude::*, task::spawn_local};
use protocol::query::Session;
use protocol::query::access::Role;
use protocol::query::surveys::{Board, NewDraft};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use crate::account::Account;
use crate::route::{Route, Step, route};
use crate::shell::toast::Toasts;
use crate::surveys::api::{self, Told};
use crate::surveys::templates::{TEMPLATES, free_id};
use crate::surveys::url::desk;
use crate::words::say;

/// What somebody can begin with.
#[component]
pub(super) fn Templates(board: Board) -> impl IntoView {
    let may = expect_context::<Session>().role >= Role::Manager;
    let ids: Vec<String> = board.items.into_iter().map(|one| one.id).collect();
    let ids = StoredValue::new(ids);
    let begin = Begin {
        account: expect_context(),
        toasts: expect_context(),
        route: route(),
    };
    let items = TEMPLATES.map(|template| {
        let start = move |_| {
            let id =
                ids.with_value(|ids| free_id(template.id(), |id| ids.iter().any(|it| it == id)));
            begin.with(id.clone(), template.definition(&id));
        };
        view! {
            <li>
                <button type="button" class="template" on:click=start>
                    <strong>{(template.name)()}</strong>
                    <span>{(template.what)()}</span>
                </button>
            </li>
        }
    });
    let import = move |ev: ev::Event| {
        spawn_local(async move {
            let Some(text) = text_of_file(&ev).await else {
                return;
            };
            let named = serde_json::from_str::<serde_json::Value>(&text).ok();
            let named = named.and_then(|it| Some(String::from(it.get("id")?.as_str()?)));
            let wanted = named.filter(|id| protocol::limits::is_slug(id));
            let wanted = wanted.unwrap_or_else(|| String::from("imported"));
            match ids.try_with_value(|ids| ids.contains(&wanted)) {
                // It is a new draft of a survey that there is.
                Some(true) => begin.route.go(&desk(&wanted), Step::Forth),
                Some(false) => begin.with(wanted, text),
                // Somebody has left meanwhile.
                None => {}
            }
        });
    };
    may.then(|| view! {
        <section class="begin" aria-labelledby="begin">
            <h2 class="section-title" id="begin">{say::survey_begin()}</h2>
            <p class="muted">{say::survey_begin_what()}</p>
            <ul class="templates">{items}</ul>
            <label class="button file">
                {say::survey_import()}
                <input type="file" accept=".json,application/json" class="visually-hidden" on:change=import/>
            </label>
        </section>
    })
}

/// Makes drafts.
#[derive(Clone, Copy)]
struct Begin {
    account: Account,
    toasts: Toasts,
    route: Route,
}

impl Begin {
    fn with(self, id: String, text: String) {
        spawn_local(async move {
            let draft = NewDraft {
                text,
                rev: 0,
                base: None,
            };
            let (name, sent) = (id.as_str(), &draft);
            match self.account.with_session(|| api::save(name, sent)).await {
                // Somebody has begun one of this name a moment ago: there it is.
                Ok(Told::Done(_) | Told::Clash(_) | Told::Refused(_)) => {
                    self.route.go(&desk(&id), Step::Forth);
                }
                Err(error) => self.toasts.failed(&error),
            }
        });
    }
}

/// The text of the file that was chosen, which can be chosen again.
pub(super) async fn text_of_file(ev: &ev::Event) -> Option<String> {
    let input: HtmlInputElement = ev.target()?.dyn_into().ok()?;
    let file = input.files()?.get(0)?;
    let text = JsFuture::from(file.text()).await.ok()?.as_string();
    input.set_value("");
    text
}
