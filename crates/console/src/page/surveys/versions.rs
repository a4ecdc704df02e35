//! Turns the versions of a survey into a list with differences, and ways back.

use leptos::{prelude::*, task::spawn_local};
use protocol::query::access::Credential;
use protocol::query::surveys::Version;

use super::desk::zone_of;
use crate::surveys::api;
use crate::surveys::bench::Bench;
use crate::surveys::diff::{self, Line};
use crate::surveys::url::{DeskUrl, desk};
use crate::view_url::View;
use crate::words::say;

/// Every version, the newest first.
#[component]
pub(super) fn Versions(bench: Bench, url: Memo<DeskUrl>, may: bool) -> impl IntoView {
    let versions = Memo::new(move |_| {
        bench.desk.with(|desk| {
            desk.as_ref()
                .map(|desk| desk.versions.clone())
                .unwrap_or_default()
        })
    });
    let items = move || {
        let versions = versions.get();
        let newest = versions.first().map(|one| one.version);
        let lines = versions.into_iter();
        lines
            .map(|version| {
                let is_newest = newest == Some(version.version);
                view! { <One bench url version is_newest may/> }
            })
            .collect_view()
    };
    let is_any = move || versions.with(|all| !all.is_empty());
    move || {
        is_any().then(|| {
            view! {
                <section class="versions" aria-labelledby="versions">
                    <h2 class="section-title" id="versions">{say::survey_versions()}</h2>
                    <ol class="plain" data-testid="versions">{items}</ol>
                    <Compared bench url/>
                </section>
            }
        })
    }
}

#[component]
fn One(
    bench: Bench,
    url: Memo<DeskUrl>,
    version: Version,
    is_newest: bool,
    may: bool,
) -> impl IntoView {
    let number = version.version;
    let link = DeskUrl {
        version: Some(number),
    }
    .link(&desk(&bench.id()));
    let is_it = move || (url.get().version == Some(number)).then_some("true");
    let by = version.by.map(|by| match by.credential {
        Credential::CommandLine => String::from(say::survey_by_file()),
        Credential::None => String::from(say::survey_by_itself()),
        _ => say::survey_by(&by.name),
    });
    let restored = version
        .restored
        .map(|old| say::survey_as_version(&old.to_string()));
    let at = zone_of(bench).stamp(version.published_ms);
    view! {
        <li class="version">
            <strong>{say::survey_version(&number.to_string())}</strong>
            <span class="small">{at}" "{by}" "{restored}</span>
            <span class="version-actions">
                <a href=link aria-current=is_it data-noscroll="">{say::survey_compare()}</a>
                {(may && !is_newest).then(|| view! {
                    <button class="button" type="button" on:click=move |_| bench.roll_back(number)>
                        {say::survey_roll_back()}
                    </button>
                })}
            </span>
        </li>
    }
}

/// What is in the editor beside a version.
#[component]
fn Compared(bench: Bench, url: Memo<DeskUrl>) -> impl IntoView {
    let old = RwSignal::new(None::<(u32, String)>);
    Effect::new(move || {
        let Some(version) = url.get().version else {
            old.set(None);
            return;
        };
        let id = bench.id();
        spawn_local(async move {
            let told = api::definition(&id, version).await;
            // Another one may have been chosen meanwhile.
            let still = url.try_with_untracked(|url| url.version) == Some(Some(version));
            if let (true, Ok(text)) = (still, told) {
                old.try_set(Some((version, text)));
            }
        });
    });
    move || {
        old.get().map(|(version, text)| {
            view! {
                <div class="compared" data-testid="compared">
                    <p class="small">{say::survey_compared(&version.to_string())}</p>
                    {bench.text.with(|new| difference(&text, new))}
                </div>
            }
        })
    }
}

/// The lines that two definitions do not share.
pub(super) fn difference(old: &str, new: &str) -> AnyView {
    let lines = diff::lines(old, new);
    if lines.is_empty() {
        return view! { <p class="muted">{say::survey_no_difference()}</p> }.into_any();
    }
    let lines = lines.into_iter().map(|line| {
        let (class, mark, text) = match line {
            Line::Same(text) => ("same", " ", String::from(text)),
            Line::Old(text) => ("old", "\u{2212}", String::from(text)),
            Line::New(text) => ("new", "+", String::from(text)),
            Line::Gap(n) => ("gap", "", say::survey_lines(n as u64)),
        };
        view! { <span class=class><i aria-hidden="true">{mark}</i>{text}"\n"</span> }
    });
    view! {
        <pre class="difference" tabindex="0" aria-label=say::survey_difference()>{lines.collect_view()}</pre>
    }
    .into_any()
}
