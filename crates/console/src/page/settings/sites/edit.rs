//! Turns a name and lines of origins into a new site, or into another state of one.

use gloo_net::http::Method;
use leptos::html::{Input, Textarea};
use leptos::{ev::SubmitEvent, prelude::*};
use protocol::query::setup::{NewSite, SiteEdit, SiteEntry};

use super::super::send::{Sending, body, wrong};
use crate::api::ApiError;
use crate::fetched::Live;
use crate::shell::toast::Toasts;
use crate::words::say;

/// Origins, one a line.
fn origins(text: &str) -> Vec<String> {
    let lines = text.split(|c: char| c.is_whitespace() || c == ',');
    let lines = lines.filter(|line| !line.is_empty());
    lines.map(String::from).collect()
}

#[component]
fn Fields(
    /// Tells these fields from those of another site.
    id: String,
    name: NodeRef<Input>,
    allowed: NodeRef<Textarea>,
    #[prop(optional)] name_is: String,
    #[prop(optional)] allowed_are: String,
) -> impl IntoView {
    let (name_id, allowed_id) = (format!("site-name-{id}"), format!("site-origins-{id}"));
    let what_id = format!("site-origins-what-{id}");
    view! {
        <div class="field">
            <label for=name_id.clone()>{say::sites_name()}</label>
            <input id=name_id required=true maxlength="100" autocomplete="off" node_ref=name value=name_is/>
        </div>
        <div class="field">
            <label for=allowed_id.clone()>{say::sites_origins()}</label>
            <textarea
                id=allowed_id required=true rows="3" spellcheck="false" autocapitalize="off"
                node_ref=allowed aria-describedby=what_id.clone() prop:value=allowed_are
                placeholder="https://shop.example"
            ></textarea>
            <p class="small" id=what_id>{say::sites_origins_what()}</p>
        </div>
    }
}

/// A form for a new site.
pub(super) fn add(live: Live) -> impl IntoView {
    let (toasts, sending) = (expect_context::<Toasts>(), Sending::new());
    let (name, allowed) = (NodeRef::<Input>::new(), NodeRef::<Textarea>::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(name), Some(allowed)) = (name.get_untracked(), allowed.get_untracked()) else {
            return;
        };
        let new = NewSite {
            name: String::from(name.value().trim()),
            origins: origins(&allowed.value()),
        };
        sending.send(Method::POST, "api/v1/sites", body(&new), move |_| {
            toasts.say(say::sites_added(&name.value()));
            name.set_value("");
            allowed.set_value("");
            live.refresh();
        });
    };
    view! {
        <section class="explained">
            <h2>{say::sites_new()}</h2>
            <form class="block-form" method="post" on:submit=submit>
                <Fields id=String::from("new") name allowed/>
                {wrong(sending)}
                <button class="button primary" type="submit" aria-disabled=move || sending.busy.get().then_some("true")>
                    {say::sites_add()}
                </button>
            </form>
        </section>
    }
}

/// A form that changes a site. Where somebody else was quicker, theirs is shown beside what was typed.
pub(super) fn edit(
    site: SiteEntry,
    now: Memo<Option<SiteEntry>>,
    live: Live,
    open: RwSignal<bool>,
) -> impl IntoView {
    let (toasts, sending) = (expect_context::<Toasts>(), Sending::new());
    let (name, allowed) = (NodeRef::<Input>::new(), NodeRef::<Textarea>::new());
    let SiteEntry {
        id,
        rev,
        name: was_called,
        origins: were_allowed,
        ..
    } = site;
    let rev = RwSignal::new(rev);
    let overtaken = move || {
        let is_old = sending
            .wrong
            .with(|wrong| matches!(wrong, Some(ApiError::Conflict(_))));
        now.get().filter(|now| is_old && now.rev != rev.get())
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(name), Some(allowed)) = (name.get_untracked(), allowed.get_untracked()) else {
            return;
        };
        let edit = SiteEdit {
            rev: rev.get_untracked(),
            name: String::from(name.value().trim()),
            origins: origins(&allowed.value()),
        };
        let url = format!("api/v1/sites/{id}");
        sending.send(Method::PUT, url, body(&edit), move |_| {
            toasts.say(say::sites_changed());
            open.set(false);
            live.refresh();
        });
    };
    view! {
        <form class="block-form" method="post" on:submit=submit>
            <Fields
                id=id.to_string() name allowed name_is=was_called
                allowed_are=were_allowed.join("\n")
            />
            {move || overtaken().map(|theirs| view! {
                <div class="overtaken" role="alert">
                    <p><strong>{say::set_overtaken()}</strong></p>
                    <p class="small">{theirs.name.clone()}": "{theirs.origins.join(" ")}</p>
                    <button
                        class="button" type="button"
                        on:click=move |_| { rev.set(theirs.rev); sending.wrong.set(None); }
                    >
                        {say::set_mine_over()}
                    </button>
                </div>
            })}
            {wrong(sending)}
            <div class="acts">
                <button class="button primary" type="submit" aria-disabled=move || sending.busy.get().then_some("true")>
                    {say::set_save()}
                </button>
                <button class="button" type="button" on:click=move |_| open.set(false)>{say::set_cancel()}</button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::origins;

    #[test]
    fn origins_are_lines_or_words() {
        let read = origins(" https://a.example\nhttps://b.example, http://localhost:*\n\n");
        assert_eq!(
            read,
            [
                "https://a.example",
                "https://b.example",
                "http://localhost:*"
            ]
        );
        assert!(origins(" \n").is_empty());
    }
}
