//! Turns the answers of one survey into the page that tells how people feel and why.

use leptos::prelude::*;
use protocol::query::{Session, SurveySummary};

use crate::account::Account;
use crate::browser;
use crate::live::{Choice, Live, Shown};
use crate::part::{
    Chooser, Comments, EmptySpan, FirstAnswer, Headline, Histogram, Notice, ResponseRate, Skeleton,
    Split,
};
use crate::picture::Picture;
use crate::scores_url::{ScoresUrl, Span};
use crate::view_url::{Dropped, use_view};
use crate::words::say;

/// `/scores?survey=nps&days=28`
#[component]
pub fn ScoresPage() -> impl IntoView {
    let viewed = use_view::<ScoresUrl>();
    let url = viewed.view;
    let session = StoredValue::new(expect_context::<Session>());
    let survey = Memo::new(move |_| session.with_value(|s| chosen(&s.surveys, &url.get())));
    Effect::new(move || match survey.get() {
        Ok(survey) => browser::set_title(&say::scores_of(&survey.name)),
        Err(_) => browser::set_title(say::scores_title()),
    });
    let page = move || match survey.get() {
        Ok(survey) => {
            let id = survey.id.clone();
            let wanted = Memo::new(move |_| Choice {
                survey: id.clone(),
                span: url.get().span,
            });
            view! { <OneSurvey session=session.get_value() survey wanted/> }.into_any()
        }
        Err(None) => view! { <NoSurvey/> }.into_any(),
        Err(Some(name)) => {
            view! { <UnknownSurvey name surveys=session.with_value(|s| s.surveys.clone())/> }
                .into_any()
        }
    };
    view! { <Dropped what=viewed.dropped/>{page} }
}

/// The survey that the URL names, or the first that asks for a score; else the name in vain.
fn chosen(surveys: &[SurveySummary], url: &ScoresUrl) -> Result<SurveySummary, Option<String>> {
    let mut scored = surveys.iter().filter(|s| s.nps_question.is_some());
    let found = match &url.survey {
        None => scored.next(),
        Some(id) => scored.find(|s| s.id == *id),
    };
    found.cloned().ok_or_else(|| url.survey.clone())
}

#[component]
fn OneSurvey(session: Session, survey: SurveySummary, wanted: Memo<Choice>) -> impl IntoView {
    let live = Live::new(wanted, expect_context::<Account>());
    let question = survey.nps_question.clone().map(|(_, title)| title);
    let picture = Memo::new(move |_| {
        live.shown.with(|shown| {
            let shown = shown.as_ref()?;
            let span = match shown.awaits_first_answer() {
                true => Span::All,
                false => shown.choice.span,
            };
            Some(Picture::new(&shown.report, span))
        })
    });
    let stage = Memo::new(move |_| live.shown.with(|s| s.as_ref().map(Stage::of)));
    let session = StoredValue::new(session);
    let kept = Signal::derive(move || {
        live.shown.with(|shown| {
            let shown = shown.as_ref()?;
            let at = browser::moment(shown.at_ms).clock();
            Some(shown.choice.span.kept(&at))
        })
    });
    view! {
        <header class="page-head">
            <Chooser surveys=session.with_value(|s| s.surveys.clone()) wanted/>
            <h1 class="sentence">
                {move || picture.get().map_or_else(|| survey.name.clone(), |p| p.sentence)}
            </h1>
            {question.map(|q| view! { <p class="question">{say::app_quote(&q)}</p> })}
        </header>
        <Notice trouble=live.trouble kept retry=move |()| live.refresh()/>
        <div
            class="work"
            aria-busy=move || live.is_behind().then_some("true")
            data-stale=move || live.trouble.get().map(|_| "true")
        >
            {move || match stage.get() {
                None => live.trouble.get().is_none().then(|| view! { <Skeleton/> }).into_any(),
                Some(Stage::NeverAnswered) => {
                    view! { <FirstAnswer sites=session.with_value(|s| s.sites.clone()) live/> }
                        .into_any()
                }
                Some(Stage::NobodyInSpan) => view! { <EmptySpan live/> }.into_any(),
                Some(Stage::Answers) => view! { <Answers live picture/> }.into_any(),
            }}
        </div>
    }
}

/// What there is to show at all.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    NeverAnswered,
    NobodyInSpan,
    Answers,
}

impl Stage {
    fn of(shown: &Shown) -> Self {
        match (shown.awaits_first_answer(), shown.report.n) {
            (true, _) => Self::NeverAnswered,
            (false, 0) => Self::NobodyInSpan,
            (false, _) => Self::Answers,
        }
    }
}

#[component]
fn Answers(live: Live, picture: Memo<Option<Picture>>) -> impl IntoView {
    view! {
        {move || picture.get().map(|p| view! {
            <section class="figures" aria-label=say::scores_score()>
                <Headline headline=p.headline reading=p.reading/>
                <Split split=p.split/>
            </section>
            <section class="pictures">
                <Histogram counts=p.histogram/>
                <ResponseRate rate=p.response_rate/>
            </section>
        })}
        <Comments live/>
    }
}

#[component]
fn NoSurvey() -> impl IntoView {
    view! {
        <section class="said">
            <h1>{say::scores_none_title()}</h1>
            <p class="muted">
                {say::scores_none_what()}" "
                <code>"firsthand init --survey FILE.json"</code>
            </p>
        </section>
    }
}

#[component]
fn UnknownSurvey(name: String, surveys: Vec<SurveySummary>) -> impl IntoView {
    let links = surveys
        .into_iter()
        .filter(|s| s.nps_question.is_some())
        .map(|s| {
            let href = ScoresUrl::href(&s.id, Span::DEFAULT);
            view! { <li><a href=href>{s.name}</a></li> }
        })
        .collect_view();
    view! {
        <section class="said">
            <h1>{say::scores_unknown_title(&name)}</h1>
            <p class="muted">{say::scores_unknown_what()}</p>
            <ul class="plain">{links}</ul>
        </section>
    }
}
