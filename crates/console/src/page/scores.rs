//! Turns the answers of one survey, or of all, into the page that tells how people feel and why.

pub mod groups;

use leptos::prelude::*;
use protocol::query::SurveySummary;

pub use self::groups::{Groups, Under};
use crate::account::{Account, Surveys};
use crate::browser;
use crate::chunk::{self, Lazily, is_painted};
use crate::live::{Choice, Live, Shown};
use crate::node::Element;
use crate::part::scores::breakdown::chips;
use crate::part::scores::compared::compared;
use crate::part::scores::figures::figures;
use crate::part::scores::histogram::pictures;
use crate::part::scores::top::{dropped, kinds};
use crate::part::scores::trend::trend;
use crate::part::{Chooser, Comments, Notice, Painted, Skeleton};
use crate::performance::zone::Zone;
use crate::picture::{Picture, kind_of};
use crate::scores_url::{ALL, ScoresUrl, Span};
use crate::shell::keys::on_key;
use crate::view_url::{Dropped, use_view};
use crate::words::say;

/// `/scores?survey=nps&days=28&device=mobile`
#[component]
pub fn ScoresPage() -> impl IntoView {
    let viewed = use_view::<ScoresUrl>();
    let url = viewed.view;
    on_key("c", say::compare_key(), move || {
        viewed.change(|url| {
            url.compare = match url.compare.as_deref() {
                Some("none") => None,
                _ => Some(String::from("none")),
            };
        });
    });
    on_key("x", say::filters_clear(), move || {
        viewed.change(|url| url.filters.clear());
    });
    let known = expect_context::<Surveys>();
    let surveys = known.0;
    let subject = Memo::new(move |_| {
        surveys.with(|all| url.with(|url| Subject::of(all, url.survey.as_deref())))
    });
    if subject.with_untracked(Result::is_err) {
        // Somebody may have published it since.
        known.ask();
    }
    Effect::new(move || match subject.get() {
        Ok(subject) => browser::set_title(&say::scores_of(&subject.name)),
        Err(_) => browser::set_title(say::scores_title()),
    });
    let page = move || match subject.get() {
        Ok(subject) => {
            let of = subject.clone();
            let wanted = Memo::new(move |_| {
                let url = url.get();
                Choice {
                    survey: of.id.clone(),
                    kind: of.kind(url.kind.as_deref()).to_owned(),
                    url,
                }
            });
            let surveys = surveys.get_untracked();
            view! { <OneSubject surveys subject wanted/> }.into_any()
        }
        Err(None) => view! { <NoSurvey/> }.into_any(),
        Err(Some(name)) => {
            view! { <UnknownSurvey name surveys=surveys.get_untracked()/> }.into_any()
        }
    };
    view! { <div class="scores-page"><Dropped what=viewed.dropped/>{page}</div> }
}

/// A survey that asks for a score, or all of them.
#[derive(Clone, Debug, PartialEq)]
struct Subject {
    id: Option<String>,
    name: String,
    /// Kinds of score, the survey's own first.
    kinds: Vec<String>,
    /// What it asks, in their order; nothing of all together.
    titles: Vec<String>,
}

impl Subject {
    /// The survey that the URL names, or the first that asks for a score; else the name in vain.
    fn of(surveys: &[SurveySummary], named: Option<&str>) -> Result<Self, Option<String>> {
        let mut scored = surveys.iter().filter(|s| !s.scores.is_empty()).peekable();
        if named == Some(ALL) && scored.peek().is_some() {
            return Ok(Self::all(scored));
        }
        let found = match named {
            None => scored.next(),
            Some(id) => scored.find(|s| s.id == id),
        };
        let survey = found.ok_or_else(|| named.map(String::from))?;
        Ok(Self {
            id: Some(survey.id.clone()),
            name: survey.name.clone(),
            kinds: survey.scores.iter().map(|it| it.kind.clone()).collect(),
            titles: survey.scores.iter().map(|it| it.title.clone()).collect(),
        })
    }

    fn all<'a>(scored: impl Iterator<Item = &'a SurveySummary>) -> Self {
        let mut kinds: Vec<String> = Vec::new();
        for one in scored.flat_map(|survey| &survey.scores) {
            if !kinds.contains(&one.kind) {
                kinds.push(one.kind.clone());
            }
        }
        // As the collector chooses one.
        kinds.sort_by_key(|kind| ["nps", "csat", "ces"].iter().position(|it| it == kind));
        Self {
            id: None,
            name: String::from(say::scores_all_surveys()),
            kinds,
            titles: Vec::new(),
        }
    }

    /// The kind that is looked at, before the collector has said so.
    fn kind(&self, asked: Option<&str>) -> &str {
        self.kinds.get(self.nth(asked)).map_or("", String::as_str)
    }

    /// Which of its kinds that is.
    fn nth(&self, asked: Option<&str>) -> usize {
        let named = self.kinds.iter().position(|it| Some(&**it) == asked);
        named.unwrap_or(0)
    }
}

#[component]
fn OneSubject(
    surveys: Vec<SurveySummary>,
    subject: Subject,
    wanted: Memo<Choice>,
) -> impl IntoView {
    let live = Live::new(wanted, expect_context::<Account>());
    provide_context(live);
    let picture = Memo::new(move |_| {
        live.shown.with(|shown| {
            let shown = shown.as_ref()?;
            let span = match shown.awaits_first_answer() {
                true => Span::All,
                false => shown.choice.url.span,
            };
            Some(Picture::new(&shown.report, span))
        })
    });
    let stage = Memo::new(move |_| live.shown.with(|s| s.as_ref().map(Stage::of)));
    let kept = Signal::derive(move || {
        live.shown.with(|shown| {
            let shown = shown.as_ref()?;
            let at = browser::moment(shown.at_ms).clock();
            Some(shown.choice.url.span.kept(&at))
        })
    });
    view! {
        <Head surveys subject live picture/>
        <Notice trouble=live.trouble kept retry=move |()| live.refresh()/>
        <div
            class="work"
            aria-busy=move || live.is_behind().then_some("true")
            data-stale=move || live.trouble.get().map(|_| "true")
        >
            {move || match stage.get() {
                None => live.trouble.get().is_none().then(|| view! { <Skeleton/> }).into_any(),
                Some(Stage::NeverAnswered) => {
                    view! { <Lazily chunk=chunk::SCORES_FIRST quiet=true/> }.into_any()
                }
                Some(Stage::NobodyInSpan) => {
                    view! { <Lazily chunk=chunk::SCORES_EMPTY quiet=true/> }.into_any()
                }
                Some(Stage::Answers) => view! { <Answers live picture/> }.into_any(),
            }}
        </div>
    }
}

/// What is looked at, the page in a sentence, and what narrows it.
#[component]
fn Head(
    surveys: Vec<SurveySummary>,
    subject: Subject,
    live: Live,
    picture: Memo<Option<Picture>>,
) -> impl IntoView {
    let wanted = live.wanted;
    let subject = StoredValue::new(subject);
    let name = subject.with_value(|it| it.name.clone());
    let question = Memo::new(move |_| {
        let said = live.shown.with(|s| {
            let question = s.as_ref()?.report.question.as_ref()?;
            Some(question.title.clone())
        });
        // The same that the collector will say, so that nothing moves then.
        said.or_else(|| {
            let kind = wanted.with(|wanted| wanted.url.kind.clone());
            subject.with_value(|it| it.titles.get(it.nth(kind.as_deref())).cloned())
        })
    });
    let under = move || {
        let told = live.shown.with(|s| dropped(&s.as_ref()?.report.dropped));
        wanted.with(|wanted| {
            let kinds = subject.with_value(|it| {
                let kind = it.kind(wanted.url.kind.as_deref());
                kinds(&it.kinds, kind, &wanted.url)
            });
            let parts = [kinds, chips(&wanted.url), told];
            parts.into_iter().flatten().collect::<Vec<Element>>()
        })
    };
    view! {
        <header class="page-head">
            <Chooser surveys wanted/>
            <h1 class="sentence">
                {move || picture.get().map_or_else(|| name.clone(), |p| p.sentence)}
            </h1>
            {move || question.get().map(|q| view! { <p class="question">{say::app_quote(&q)}</p> })}
            <Painted draw=Box::new(under)/>
        </header>
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
        match (shown.awaits_first_answer(), shown.report.total.n) {
            (true, _) => Self::NeverAnswered,
            (false, 0) => Self::NobodyInSpan,
            (false, _) => Self::Answers,
        }
    }
}

/// Everything that is known of people who answered.
#[component]
fn Answers(live: Live, picture: Memo<Option<Picture>>) -> impl IntoView {
    let is_shown = is_painted(Memo::new(move |_| picture.with(Option::is_some)));
    view! {
        <div class="scores-columns">
            <div>
                <Painted draw=Box::new(move || numbers(live, picture))/>
                // The numbers are on screen before what is below them is fetched.
                <div class="scores-groups">
                    {move || is_shown.get().then(|| {
                        view! { <Lazily chunk=chunk::SCORES_GROUPS quiet=true/> }
                    })}
                </div>
            </div>
            <Comments live/>
        </div>
        {move || is_shown.get().then(|| {
            view! { <Lazily chunk=chunk::SCORES_FOOT quiet=true/> }
        })}
    }
}

/// The score, beside what, and over time.
fn numbers(live: Live, picture: Memo<Option<Picture>>) -> Vec<Element> {
    let Some(picture) = picture.get() else {
        return Vec::new();
    };
    live.shown.with(|shown| {
        let Some(shown) = shown else {
            return Vec::new();
        };
        let (report, url) = (&shown.report, &shown.choice.url);
        let kind = kind_of(&report.kind);
        let zone = Zone::new(&report.timezone, browser::ahead_min);
        vec![
            figures(&picture, compared(kind, report.compared.as_ref(), url), url),
            trend(report, kind, &zone, url),
            pictures(&picture, url),
        ]
    })
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
        .filter(|s| !s.scores.is_empty())
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
