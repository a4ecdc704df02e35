//! Turns where something was said, by whom and after what waiting into lines, most of which are filters.

use leptos::prelude::*;
use protocol::latency::LatencyContext;
use protocol::query::delivery::Browser;
use protocol::query::inbox::Detail;
use protocol::query::view::View;

use crate::inbox::board::Board;
use crate::inbox::names;
use crate::inbox::url::link;
use crate::performance::quantity;
use crate::words::say;

/// On the card, and not behind a hover.
pub(super) fn context(board: Board, detail: &Detail) -> impl IntoView + use<> {
    let item = &detail.item;
    let (url, is_link) = (item.page_url.clone(), is_page(&item.page_url));
    let page = match is_link {
        true => view! {
            <a href=url.clone() target="_blank" rel="noopener noreferrer nofollow">{url.clone()}</a>
        }
        .into_any(),
        false => view! { {url} }.into_any(),
    };
    let page_view = View {
        page: Some(String::from(names::place(&item.page_url))),
        ..View::default()
    };
    let family = Browser::ALL
        .into_iter()
        .find(|one| one.as_str() == item.browser);
    let browser = family.map(|family| {
        let with = View {
            browser: Some(family),
            ..View::default()
        };
        line(
            say::inbox_browser(),
            filter(&with, names::browser(family.as_str())),
        )
    });
    let language = View {
        language: Some(item.language.clone()),
        ..View::default()
    };
    let survey = View {
        survey: Some(item.survey.clone()),
        ..View::default()
    };
    let named = board
        .session
        .with_value(|session| names::survey(&session.surveys, &item.survey));
    view! {
        <section class="inbox-context" aria-label=say::inbox_context()>
            <dl>
                {detail.latency.as_ref().map(|it| line(say::inbox_waited(), waited(it)))}
                {line(say::inbox_page(), view! {
                    {page}" "<a class="small" href=link(&page_view, None)>{say::inbox_only_these()}</a>
                }.into_any())}
                {line(say::scores_survey(), filter(&survey, say::inbox_version_of(&named, &detail.version.to_string())))}
                {browser}
                {line(say::language_title(), filter(&language, item.language.clone()))}
                {person(detail)}
                {traits(detail)}
                {agreed(detail)}
            </dl>
        </section>
    }
}

/// Anyone can send any text as an address: only what a browser opens as a page becomes a link.
fn is_page(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn line(name: impl Into<String>, what: AnyView) -> impl IntoView {
    view! { <div><dt>{name.into()}</dt><dd>{what}</dd></div> }
}

/// A value that leads to all that have it.
fn filter(with: &View, said: String) -> AnyView {
    view! { <a class="as-filter" href=link(with, None)>{said}</a> }.into_any()
}

fn person(detail: &Detail) -> Option<impl IntoView + use<>> {
    let id = detail.item.person.clone()?;
    let sure = match detail.verified {
        true => say::inbox_verified(),
        false => say::inbox_not_verified(),
    };
    let what = view! { {id}" "<span class="muted small">{sure}</span> };
    Some(line(say::inbox_person(), what.into_any()))
}

/// What the page said of the person. Country and version are filters of their own.
fn traits(detail: &Detail) -> impl IntoView + use<> {
    let all = detail.traits.iter().map(|(key, value)| {
        let mut with = View::default();
        match key.as_str() {
            "country" => with.country = Some(value.clone()),
            "version" => with.version = Some(value.clone()),
            _ => drop(with.traits.insert(key.clone(), value.clone())),
        }
        line(key.clone(), filter(&with, value.clone()))
    });
    all.collect_view()
}

/// What the person agreed to attach.
fn agreed(detail: &Detail) -> impl IntoView + use<> {
    let all = detail.context.iter().map(|(key, value)| {
        let mut with = View::default();
        let what = match key.as_str() {
            "country" => {
                with.country = Some(value.clone());
                filter(&with, value.clone())
            }
            "version" => {
                with.version = Some(value.clone());
                filter(&with, value.clone())
            }
            _ => value.clone().into_any(),
        };
        line(key.clone(), what)
    });
    all.collect_view()
}

/// What this person had waited for by then.
fn waited(latency: &LatencyContext) -> AnyView {
    let n = u64::from(latency.requests);
    let p75 = latency
        .p75_ms
        .map(|ms| say::inbox_p75(&quantity::latency(f64::from(ms))));
    let over = (latency.budgeted > 0).then(|| {
        let class = if latency.over_budget > 0 {
            "over"
        } else {
            "within"
        };
        let said = say::inbox_over(
            u64::from(latency.over_budget),
            &latency.budgeted.to_string(),
        );
        view! { <span class=class>{said}</span> }
    });
    let worst = latency.worst.clone().map(|id| {
        let href = format!("performance/features/{}", crate::browser::encode(&id));
        view! { <span>{say::inbox_worst()}" "<a href=href>{id}</a></span> }
    });
    let failed = u64::from(latency.recent_failures);
    view! {
        <span class="inbox-waited">
            <span>{p75.unwrap_or_else(|| String::from(say::health_unknown()))}</span>
            {over}
            {worst}
            {(failed > 0).then(|| view! { <span class="over">{say::inbox_failures(failed)}</span> })}
            <span class="muted">{say::requests(n)}</span>
        </span>
    }
    .into_any()
}
