//! Turns every survey of a project into a list: how each stands, who saw it, how many answered.

use leptos::prelude::*;
use protocol::query::surveys::{Board, BoardEntry, State};

use super::templates::Templates;
use crate::account::Account;
use crate::api::ApiError;
use crate::browser;
use crate::part::{Notice, Skeleton};
use crate::performance::zone::Zone;
use crate::refresh::{Question, Refresh};
use crate::scores_url::Span;
use crate::surveys::url::{BoardUrl, desk};
use crate::surveys::{api, tell};
use crate::view_url::{Dropped, View, use_view};
use crate::words::{self, say};

/// Over which span the list counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asked(Span);

#[derive(Clone, PartialEq, Eq)]
struct Told {
    asked: Asked,
    board: Board,
    at_ms: u64,
}

impl Question for Asked {
    type Answer = Told;

    async fn ask(self) -> Result<Told, ApiError> {
        Ok(Told {
            board: api::board(self.0).await?,
            asked: self,
            at_ms: browser::now_ms(),
        })
    }

    fn is_answered_by(&self, told: &Told) -> bool {
        told.asked == *self
    }
}

/// `/surveys?state=running&days=28`
#[component]
pub(super) fn BoardPage() -> impl IntoView {
    browser::set_title(say::rail_surveys());
    let viewed = use_view::<BoardUrl>();
    let url = viewed.view;
    let wanted = Memo::new(move |_| Asked(url.get().span));
    let live = Refresh::new(wanted, expect_context::<Account>());
    let board = Memo::new(move |_| {
        live.shown
            .with(|told| told.as_ref().map(|it| it.board.clone()))
    });
    let sentence = move || match board.get() {
        Some(board) if board.items.is_empty() => String::from(say::survey_none()),
        Some(board) => tell::board(&board.items, wanted.get().0),
        None => String::from(say::rail_surveys()),
    };
    let kept = Signal::derive(move || {
        live.shown.with(|told| {
            let at = browser::moment(told.as_ref()?.at_ms).clock();
            Some(say::app_kept_at(&at))
        })
    });
    view! {
        <Dropped what=viewed.dropped/>
        <header class="page-head surveys-head">
            <Filters url/>
            <h1 class="sentence">{sentence}</h1>
        </header>
        <Notice trouble=live.trouble kept retry=move |()| live.refresh()/>
        <div class="work" aria-busy=move || live.is_behind().then_some("true")>
            {move || match board.get() {
                None => live.trouble.get().is_none().then(|| view! { <Skeleton/> }).into_any(),
                Some(board) => view! { <Table board=board.clone() url/><Templates board/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Filters(url: Memo<BoardUrl>) -> impl IntoView {
    let states = [None].into_iter().chain(State::ALL.map(Some));
    let states = states.map(move |state| {
        let href = move || BoardUrl { state, ..url.get() }.link("surveys");
        let is_it = move || (url.get().state == state).then_some("true");
        let name = state.map_or(say::survey_state_any(), tell::state);
        view! { <a href=href aria-current=is_it data-noscroll="">{name}</a> }
    });
    let spans = Span::OFFERED.map(move |span| {
        let href = move || BoardUrl { span, ..url.get() }.link("surveys");
        let is_it = move || (url.get().span == span).then_some("true");
        view! { <a href=href aria-current=is_it data-noscroll="">{span.label()}</a> }
    });
    view! {
        <div class="chooser">
            <nav class="spans" aria-label=say::survey_state()>{states.collect_view()}</nav>
            <nav class="spans" aria-label=say::time_span()>{spans}</nav>
        </div>
    }
}

#[component]
fn Table(board: Board, url: Memo<BoardUrl>) -> impl IntoView {
    let zone = Zone::new(&board.timezone, browser::ahead_min);
    let is_empty = board.items.is_empty();
    let rows = move || {
        let state = url.get().state;
        let shown = board
            .items
            .iter()
            .filter(|one| state.is_none_or(|state| one.state == state));
        let rows: Vec<_> = shown
            .map(|one| view! { <Row entry=one.clone() zone=zone.clone()/> })
            .collect();
        if rows.is_empty() {
            let cells =
                view! { <tr><td class="muted" colspan="6">{say::survey_none_so()}</td></tr> };
            return cells.into_any();
        }
        rows.into_any()
    };
    (!is_empty).then(|| {
        view! {
            <table class="board" data-testid="board">
                <caption class="visually-hidden">{say::rail_surveys()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say::scores_survey()}</th>
                        <th scope="col">{say::survey_state()}</th>
                        <th scope="col" class="number">{say::survey_impressions()}</th>
                        <th scope="col" class="number">{say::survey_responses()}</th>
                        <th scope="col" class="number" title=say::survey_rate_what()>
                            {say::survey_rate()}
                        </th>
                        <th scope="col" class="last">{say::survey_last()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
    })
}

#[component]
fn Row(entry: BoardEntry, zone: Zone) -> impl IntoView {
    let now = zone.moment(browser::now_ms());
    let last = entry
        .counts
        .last_ms
        .map(|at| (words::when(zone.moment(at), now), browser::iso(at)));
    let rate = match (entry.feedback, tell::rate(&entry)) {
        // Whoever opens a form was not asked: there is no rate.
        (true, _) => view! { <span class="muted">{say::survey_unasked()}</span> }.into_any(),
        (false, None) => view! { <span class="muted">{say::survey_nobody()}</span> }.into_any(),
        (false, Some((percent, n))) => view! {
            <strong>{percent}</strong>" "<span class="small">{n}</span>
        }
        .into_any(),
    };
    let draft = entry
        .draft
        .as_ref()
        .filter(|_| entry.state != State::Draft)
        .map(|draft| {
            let errors = u64::from(draft.errors);
            let what = match errors {
                0 => String::from(say::survey_has_draft()),
                n => say::survey_has_broken_draft(n),
            };
            view! { <span class="small draft-sign">{what}</span> }
        });
    view! {
        <tr data-testid="survey">
            <th scope="row">
                <a href=desk(&entry.id)>{entry.name.clone()}</a>
                <span class="small under"><code>{entry.id.clone()}</code>{draft}</span>
            </th>
            <td><StateMark state=entry.state/></td>
            <td class="number" data-label=say::survey_impressions()>{words::count(entry.counts.impressions)}</td>
            <td class="number" data-label=say::survey_responses()>{words::count(entry.counts.responses)}</td>
            <td class="number" data-label=say::survey_rate() title=say::survey_rate_what()>
                {rate}
            </td>
            <td class="last" data-label=say::survey_last()>
                {match last {
                    Some((said, iso)) => view! { <time datetime=iso.clone() title=iso>{said}</time> }.into_any(),
                    None => view! { <span class="muted">{say::survey_no_answers()}</span> }.into_any(),
                }}
            </td>
        </tr>
    }
}

/// How a survey stands: by shape and by word.
#[component]
pub(super) fn StateMark(state: State) -> impl IntoView {
    view! {
        <span class=format!("state-mark {}", state.as_str())>{tell::state(state)}</span>
    }
}
