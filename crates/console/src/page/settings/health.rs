//! Turns what became of everything that pages sent into figures and tables.

use leptos::prelude::*;
use protocol::query::delivery::{Browser, Delivery, LossOf, Reason};

use super::part::{head, trouble, waiting};
use crate::fetched::{At, fetched};
use crate::view_url::{Dropped, Reader, View, Viewed, Writer, use_view};
use crate::words::{self, say};

/// Days that can be chosen; the second is the usual.
const DAYS: [u32; 3] = [1, 7, 28];

/// Which window, as the address says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    days: u32,
    browser: Option<String>,
    bots: bool,
}

impl View for Window {
    fn read(from: &mut Reader) -> Self {
        let days = from.take("days", |text| {
            text.parse().ok().filter(|days| DAYS.contains(days))
        });
        let is_known = |text: &str| Browser::ALL.iter().any(|one| one.as_str() == text);
        Self {
            days: days.unwrap_or(DAYS[1]),
            browser: from.take("browser", |text| is_known(text).then(|| String::from(text))),
            bots: from.take("bots", |text| text.parse().ok()).unwrap_or(false),
        }
    }

    fn write(&self, to: &mut Writer) {
        let days = (self.days != DAYS[1]).then(|| self.days.to_string());
        to.put("days", days.as_deref());
        to.put("browser", self.browser.as_deref());
        to.put("bots", self.bots.then_some("true"));
    }
}

impl Window {
    /// A link to the same with something else.
    fn with(&self, how: impl FnOnce(&mut Self)) -> String {
        let mut other = self.clone();
        how(&mut other);
        other.link("settings/health")
    }
}

pub(super) fn page() -> impl IntoView {
    let viewed = use_view::<Window>();
    let (live, told) = fetched::<Delivery>(Memo::new(move |_| {
        At::new(viewed.view.with(|view| view.link("api/v1/delivery")))
    }));
    let sentence = Signal::derive(move || {
        let days = viewed.view.with(|view| view.days);
        told.with(|told| {
            let told = told.as_ref()?;
            let span = say::audit_days(u64::from(days));
            Some(match told.n {
                0 => say::health_nothing(&span),
                n => match told.loss.share {
                    Some(share) => say::health_sentence(n, &share_of(share), &span),
                    None => say::health_arrived(n, &span),
                },
            })
        })
    });
    view! {
        {head(sentence, say::set_health(), say::set_health_what())}
        <Choose viewed/>
        <Dropped what=viewed.dropped/>
        {trouble(live)}
        <div class="work" aria-busy=move || live.is_behind().then_some("true")>
            {move || match told.get() {
                None => waiting(6).into_any(),
                Some(told) => view! { <Told told/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Choose(viewed: Viewed<Window>) -> impl IntoView {
    let links = move || {
        let now = viewed.view.get();
        DAYS.map(|days| {
            view! {
                <a
                    href=now.with(|view| view.days = days) data-noscroll="true"
                    aria-current=(now.days == days).then_some("true")
                >
                    {say::audit_days(u64::from(days))}
                </a>
            }
        })
    };
    let browsers = Browser::ALL.map(|one| {
        let is_chosen =
            move || viewed.view.with(|view| view.browser.as_deref() == Some(one.as_str()));
        view! { <option value=one.as_str() selected=is_chosen>{browser_name(one.as_str())}</option> }
    });
    view! {
        <div class="health-choose">
            <nav class="spans" aria-label=say::audit_when()>{links}</nav>
            <div class="acts">
                <label class="visually-hidden" for="health-browser">{say::health_browser()}</label>
                <select
                    id="health-browser" class="select"
                    on:change=move |event| {
                        let chosen = event_target_value(&event);
                        viewed.change(|view| view.browser = Some(chosen).filter(|one| !one.is_empty()));
                    }
                >
                    <option value="">{say::health_every_browser()}</option>
                    {browsers}
                </select>
                <label class="check">
                    <input
                        type="checkbox" prop:checked=move || viewed.view.with(|view| view.bots)
                        on:change=move |event| {
                            let bots = event_target_checked(&event);
                            viewed.change(|view| view.bots = bots);
                        }
                    />
                    {say::health_bots()}
                </label>
            </div>
        </div>
    }
}

/// What a family of browsers is called.
fn browser_name(name: &str) -> &'static str {
    match name {
        "chromium" => "Chrome, Edge",
        "chromium_mobile" => "Chrome (Android)",
        "firefox" => "Firefox",
        "safari" => "Safari",
        "safari_mobile" => "Safari (iOS)",
        _ => say::health_other(),
    }
}

/// A share that is never rounded to nothing while there is something: `0.3 %`, `<0.1 %`.
fn share_of(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        0.0 => String::from("0 %"),
        p if p < 0.1 => format!("<{} %", words::decimal(String::from("0.1"))),
        p if p < 10.0 => format!("{} %", words::decimal(format!("{p:.1}"))),
        p => format!("{p:.0} %"),
    }
}

#[component]
fn Told(told: Delivery) -> impl IntoView {
    let rejected: u64 = told.rejected.iter().map(|one| one.items).sum();
    let dropped: u64 = told.dropped.iter().map(|one| one.items).sum();
    let lost =
        told.loss.open + told.loss.lost - told.loss.explained.min(told.loss.open + told.loss.lost);
    let figures = [
        (
            say::health_accepted(),
            told.accepted,
            say::health_accepted_what(),
        ),
        (say::health_late(), told.late, say::health_late_what()),
        (
            say::health_duplicate(),
            told.duplicate,
            say::health_duplicate_what(),
        ),
        (
            say::health_conflict(),
            told.conflict,
            say::health_conflict_what(),
        ),
        (
            say::health_rejected(),
            rejected,
            say::health_rejected_what(),
        ),
        (say::health_dropped(), dropped, say::health_dropped_what()),
        (say::health_lost(), lost, say::health_lost_what()),
    ];
    let figures = figures.map(|(name, n, what)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd><strong>{words::count(n)}</strong><span class="small">{what}</span></dd>
            </div>
        }
    });
    let sdks = told.sdks.iter().map(|one| {
        let cells = [words::count(one.items), words::count(one.late)];
        (one.sdk.clone(), cells.to_vec())
    });
    let letters = told.letters.iter().map(|one| {
        let cells = [words::count(one.letters), words::count(one.dropped)];
        (one.reason.clone(), cells.to_vec())
    });
    let (items, late) = (say::health_items(), say::health_late());
    view! {
        <dl class="health-figures">{figures}</dl>
        <Table title=say::health_by_reason() first=say::health_reason() heads=vec![items] is_code=true
            rows=reasons(&told.rejected) none=say::health_none_rejected()/>
        <Table title=say::health_by_dropped() first=say::health_reason() heads=vec![items] is_code=true
            rows=reasons(&told.dropped) none=say::health_none_dropped()/>
        <Table title=say::health_by_browser() first=say::health_browser() heads=loss_heads()
            rows=losses(&told.by_browser, |name| String::from(browser_name(name))) none=say::health_none_loads()/>
        <Table title=say::health_by_page() first=say::health_page() heads=loss_heads() is_code=true
            rows=losses(&told.by_page, page_name) none=say::health_none_loads()/>
        <Table title=say::health_by_sdk() first=say::health_sdk() heads=vec![items, late] is_code=true
            rows=sdks.collect() none=say::health_none_sdks()/>
        <Table title=say::health_letters() first=say::health_reason() heads=vec![say::health_kept(), say::health_gone()]
            is_code=true rows=letters.collect() none=say::health_none_letters()/>
        {(!told.bots.is_empty()).then(|| view! {
            <Table title=say::health_by_bot() first=say::health_sign() heads=vec![items] is_code=true
                rows=reasons(&told.bots) none=""/>
        })}
    }
}

fn page_name(name: &str) -> String {
    match name {
        "" => String::from(say::health_not_known()),
        name => String::from(name),
    }
}

fn reasons(reasons: &[Reason]) -> Vec<(String, Vec<String>)> {
    let rows = reasons.iter();
    rows.map(|one| (one.reason.clone(), vec![words::count(one.items)]))
        .collect()
}

fn loss_heads() -> Vec<&'static str> {
    vec![
        say::health_loads(),
        say::health_items(),
        say::health_share(),
    ]
}

fn losses(of: &[LossOf], name: impl Fn(&str) -> String) -> Vec<(String, Vec<String>)> {
    let rows = of.iter().map(|one| {
        let share = one.loss.share.map(share_of);
        let cells = [
            words::count(one.loss.boots),
            words::count(one.loss.came),
            share.unwrap_or_else(|| String::from(say::health_not_known())),
        ];
        (name(&one.name), cells.to_vec())
    });
    rows.collect()
}

/// Counts by name, or in a sentence that there are none.
#[component]
fn Table(
    title: &'static str,
    /// What names are of.
    first: &'static str,
    /// What the numbers are.
    heads: Vec<&'static str>,
    rows: Vec<(String, Vec<String>)>,
    none: &'static str,
    /// Whether names are codes, or addresses.
    #[prop(optional)]
    is_code: bool,
) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <section class="counts"><h2>{title}</h2><p class="muted">{none}</p></section>
        }
        .into_any();
    }
    let heads = heads.into_iter();
    let heads: Vec<_> = heads
        .map(|head| view! { <th scope="col" class="number">{head}</th> })
        .collect();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(name, cells)| {
            let cells: Vec<_> = cells
                .into_iter()
                .map(|cell| view! { <td class="number">{cell}</td> })
                .collect();
            let name = match is_code {
                true => view! { <code>{name}</code> }.into_any(),
                false => name.into_any(),
            };
            view! { <tr><th scope="row">{name}</th>{cells}</tr> }
        })
        .collect();
    view! {
        <section class="counts">
            <h2>{title}</h2>
            <table>
                <thead><tr><th scope="col">{first}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(share: f64, expect: &str) {
        assert_eq!(share_of(share), expect);
    }

    #[test]
    fn a_share_never_rounds_to_nothing() {
        check(0.0, "0 %");
        check(0.000_4, "<0.1 %");
        check(0.003, "0.3 %");
        check(0.099_9, "10.0 %");
        check(0.42, "42 %");
    }
}
