//! Turns the page and its filters into a view that is saved, or into a link for somebody else.

use leptos::html::Dialog;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use protocol::query::Session;
use protocol::query::access::Role;
use protocol::query::views::{NewSavedView, NewShare, PAGES, SHARED_PAGES, SavedView, Share};
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement};

use crate::account::{Account, Surveys};
use crate::api::ApiError;
use crate::browser;
use crate::route::route;
use crate::scores_url::ScoresUrl;
use crate::views;
use crate::words::say;

/// Whether the dialog is open.
#[derive(Clone, Copy, Debug)]
pub struct ViewsOpen(pub RwSignal<bool>);

/// What the dialog knows.
#[derive(Clone, Copy)]
struct Known {
    saved: RwSignal<Vec<SavedView>>,
    shares: RwSignal<Vec<Share>>,
    /// The address of the link that was just made.
    made: RwSignal<Option<String>>,
    trouble: RwSignal<Option<ApiError>>,
    account: Account,
}

impl Known {
    fn load(self, with_shares: bool) {
        spawn_local(async move {
            match self.account.with_session(views::saved).await {
                Ok(saved) => drop(self.saved.try_set(saved.items)),
                Err(error) => drop(self.trouble.try_set(Some(error))),
            }
            if with_shares && let Ok(shares) = self.account.with_session(views::shares).await {
                self.shares.try_set(shares.items);
            }
        });
    }

    /// Does something, then looks at what there is.
    fn after(self, done: impl Future<Output = Result<(), ApiError>> + 'static) {
        spawn_local(async move {
            let trouble = done.await.err();
            let is_well = trouble.is_none();
            self.trouble.try_set(trouble);
            if is_well {
                self.load(true);
            }
        });
    }
}

/// Saved views, and links to views.
#[component]
pub fn ViewsDialog() -> impl IntoView {
    let is_open = expect_context::<ViewsOpen>().0;
    let dialog = NodeRef::<Dialog>::new();
    let may_share = expect_context::<Session>().role >= Role::Responder;
    let known = Known {
        saved: RwSignal::new(Vec::new()),
        shares: RwSignal::new(Vec::new()),
        made: RwSignal::new(None),
        trouble: RwSignal::new(None),
        account: expect_context::<Account>(),
    };
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        if is_open.get() && !dialog.open() {
            known.made.set(None);
            known.trouble.set(None);
            known.load(may_share);
            // Only a dialog that is shown already refuses.
            let _ = dialog.show_modal();
        } else if !is_open.get() && dialog.open() {
            dialog.close();
        }
    });
    let close = move || is_open.set(false);
    view! {
        <dialog
            class="help views" node_ref=dialog aria-labelledby="views-title"
            on:close=move |_| close()
            on:click=move |event| if event.target() == event.current_target() { close() }
        >
            <div class="help-box">
                <header>
                    <h2 id="views-title">{say::views_title()}</h2>
                    <button class="button quiet" type="button" on:click=move |_| close()>
                        {say::app_close()}
                    </button>
                </header>
                <div class="sign-in-error" role="alert">
                    {move || known.trouble.get().map(|e| view! { <p>{e.to_string()}" "{e.advice()}</p> })}
                </div>
                {move || is_open.get().then(|| view! {
                    <Save known may_share/>
                    <Saved known/>
                    {may_share.then(|| view! { <Link known/> <Links known/> })}
                })}
            </div>
        </dialog>
    }
}

/// The page that is on screen, and its filters.
fn here() -> (String, String) {
    let route = route();
    let query = web_sys::window().and_then(|window| window.location().search().ok());
    let query = query.unwrap_or_default();
    (
        route.path.get_untracked(),
        String::from(query.trim_start_matches('?')),
    )
}

fn is_one_of(pages: &[&str]) -> bool {
    let (page, _) = here();
    pages.contains(&page.split('/').next().unwrap_or_default())
}

/// What was filled in.
fn filled(event: &SubmitEvent) -> Option<FormData> {
    event.prevent_default();
    let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
    FormData::new_with_form(&form).ok()
}

fn text(form: &FormData, name: &str) -> String {
    form.get(name).as_string().unwrap_or_default()
}

#[component]
fn Save(known: Known, may_share: bool) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        let Some(form) = filled(&event) else { return };
        let (page, query) = here();
        let view = NewSavedView {
            name: text(&form, "name"),
            page,
            query,
            team: form.has("team"),
        };
        known.after(async move { views::save(&view).await.map(drop) });
    };
    match is_one_of(&PAGES) {
        false => view! { <p class="muted">{say::views_not_here()}</p> }.into_any(),
        true => view! {
            <section>
                <h3 class="label">{say::views_save_title()}</h3>
                <form class="views-form" on:submit=submit>
                    <div class="field">
                        <label for="view-name">{say::views_name()}</label>
                        <input id="view-name" name="name" type="text" required=true maxlength="80"/>
                    </div>
                    {may_share.then(|| view! {
                        <label class="check"><input type="checkbox" name="team"/>{say::views_team()}</label>
                    })}
                    <button class="button" type="submit">{say::views_save()}</button>
                </form>
            </section>
        }
        .into_any(),
    }
}

#[component]
fn Saved(known: Known) -> impl IntoView {
    let is_open = expect_context::<ViewsOpen>().0;
    let line = move |view: SavedView| {
        let href = match view.query.as_str() {
            "" => view.page.clone(),
            query => format!("{}?{query}", view.page),
        };
        let whose = if view.team {
            say::views_of_team()
        } else {
            say::views_own()
        };
        let forget = move |_| known.after(views::forget(view.id));
        let label = say::views_forget_which(&view.name);
        view! {
            <li>
                <a href=href on:click=move |_| is_open.set(false)>{view.name}</a>
                <span class="muted">{whose}</span>
                <button class="button quiet" type="button" aria-label=label on:click=forget>
                    {say::views_forget()}
                </button>
            </li>
        }
    };
    view! {
        <section>
            <h3 class="label">{say::views_saved()}</h3>
            {move || match known.saved.get() {
                saved if saved.is_empty() => view! { <p class="muted">{say::views_none()}</p> }.into_any(),
                saved => view! {
                    <ul class="plain views-list">{saved.into_iter().map(line).collect_view()}</ul>
                }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Link(known: Known) -> impl IntoView {
    let surveys = expect_context::<Surveys>().0.get_untracked().into_iter();
    let first = surveys
        .filter(|survey| !survey.scores.is_empty())
        .map(|survey| survey.id)
        .next();
    let submit = move |event: SubmitEvent| {
        let Some(form) = filled(&event) else { return };
        let (page, mut query) = here();
        if page == "scores" {
            query = ScoresUrl::held(&query, first.as_deref());
        }
        let password = text(&form, "password");
        let new = NewShare {
            name: text(&form, "name"),
            page,
            query,
            verbatims: form.has("verbatims"),
            days: text(&form, "days").parse().ok(),
            password: (!password.is_empty()).then_some(password),
        };
        known.after(async move {
            let made = views::share(&new).await?;
            let address = format!("{}s/{}", browser::base_url(), made.token);
            known.made.try_set(Some(address));
            Ok(())
        });
    };
    is_one_of(&SHARED_PAGES).then(|| view! {
        <section>
            <h3 class="label">{say::views_link_title()}</h3>
            <p class="muted">{say::views_link_what()}</p>
            <form class="views-form" on:submit=submit>
                <div class="field">
                    <label for="share-name">{say::views_name()}</label>
                    <input id="share-name" name="name" type="text" required=true maxlength="80"/>
                </div>
                <div class="field">
                    <label for="share-days">{say::views_ends()}</label>
                    <select id="share-days" name="days">
                        {[7, 30, 90, 365].map(|days| view! {
                            <option value=days.to_string() selected=days == 30>{say::views_days(days)}</option>
                        })}
                        <option value="">{say::views_never()}</option>
                    </select>
                </div>
                <div class="field">
                    <label for="share-password">{say::views_password()}</label>
                    <input
                        id="share-password" name="password" type="password" minlength="8"
                        autocomplete="new-password"
                    />
                </div>
                <label class="check">
                    <input type="checkbox" name="verbatims"/>{say::views_verbatims()}
                </label>
                <button class="button primary" type="submit">{say::views_make()}</button>
            </form>
            {move || known.made.get().map(|address| view! { <Made address/> })}
        </section>
    })
}

/// The address of a link, this once.
#[component]
fn Made(address: String) -> impl IntoView {
    let copied = RwSignal::new(false);
    let text = StoredValue::new(address.clone());
    let copy = move |_| {
        spawn_local(async move {
            if browser::copy(&text.get_value()).await {
                copied.try_set(true);
            } else {
                browser::select("share-address");
            }
        });
    };
    view! {
        <div class="views-made" role="status">
            <label for="share-address">{say::views_made()}</label>
            <input id="share-address" type="text" readonly=true value=address/>
            <button class="button" type="button" on:click=copy>
                {move || if copied.get() { say::views_copied() } else { say::views_copy() }}
            </button>
        </div>
    }
}

#[component]
fn Links(known: Known) -> impl IntoView {
    let line = move |share: Share| {
        let now_ms = browser::now_ms();
        let has_ended = share.expires_ms.is_some_and(|end| end <= now_ms);
        let state = if share.revoked_ms.is_some() {
            String::from(say::views_taken_back())
        } else if has_ended {
            String::from(say::views_ended())
        } else {
            say::views_opened(share.opened)
        };
        let works = share.revoked_ms.is_none() && !has_ended;
        let label = say::views_take_back_which(&share.name);
        let take_back = move |_| known.after(views::take_back(share.id));
        view! {
            <li>
                <span>{share.name}</span>
                <span class="muted">{share.page}" · "{state}</span>
                {works.then(|| view! {
                    <button class="button quiet" type="button" aria-label=label on:click=take_back>
                        {say::views_take_back()}
                    </button>
                })}
            </li>
        }
    };
    move || {
        let shares = known.shares.get();
        (!shares.is_empty()).then(|| {
            view! {
                <section>
                    <h3 class="label">{say::views_links()}</h3>
                    <ul class="plain views-list">{shares.into_iter().map(line).collect_view()}</ul>
                </section>
            }
        })
    }
}
