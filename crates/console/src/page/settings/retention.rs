//! Turns how long each kind of thing is kept into a list that an admin changes where the configuration is silent.

use gloo_net::http::Method;
use leptos::prelude::*;
use protocol::query::Session;
use protocol::query::access::Role;
use protocol::query::setup::{Keep, NewKeep, Older, Retention};

use super::ask::Ask;
use super::part::{trouble, zone};
use super::send::{Sending, body, wrong};
use crate::api::{self, ApiError};
use crate::browser;
use crate::fetched::{At, Live, fetched};
use crate::performance::zone::Zone;
use crate::shell::toast::Toasts;
use crate::words::{self, say};

const DAY_MS: u64 = 86_400_000;
/// What to choose from, in days: a month to what holds two years against each other.
const DAYS: [u64; 5] = [30, 90, 180, 400, 800];

pub(super) fn section() -> impl IntoView {
    let may = expect_context::<Session>().role >= Role::Admin;
    let (live, told) = fetched::<Retention>(Memo::new(|_| At::new("api/v1/retention")));
    let keys = move || {
        told.with(|told| {
            let items = told.iter().flat_map(|told| &told.items);
            items.map(|one| one.key.clone()).collect::<Vec<_>>()
        })
    };
    view! {
        <section class="counts keeps">
            <h2>{say::keep_title()}</h2>
            <p class="small">{say::keep_what()}</p>
            {trouble(live)}
            <table>
                <thead><tr><th scope="col">{say::people_kind()}</th><th scope="col" class="number">{say::keep_length()}</th></tr></thead>
                <tbody>
                    <For each=keys key=Clone::clone children=move |key| view! { <KeepRow key told live may/> }/>
                </tbody>
            </table>
        </section>
    }
}

#[component]
fn KeepRow(key: String, told: Memo<Option<Retention>>, live: Live, may: bool) -> impl IntoView {
    let name = kind_name(&key);
    let head = format!("{key}-is");
    let code = key.clone();
    let one = Memo::new(move |_| {
        told.with(|told| {
            told.as_ref()?
                .items
                .iter()
                .find(|one| one.key == key)
                .cloned()
        })
    });
    // The collector may come back with another configuration.
    let is_fixed = Memo::new(move |_| one.with(|one| one.as_ref().is_none_or(|one| one.fixed)));
    let length = move || one.with(|one| one.as_ref().map(|one| length(one.keep_ms)));
    let (chosen_by, named) = (format!("{code}-for"), head.clone());
    let cell = move || match (may, is_fixed.get()) {
        (true, false) => {
            view! { <Chooser id=chosen_by.clone() head=named.clone() name one live/> }.into_any()
        }
        (true, true) => view! { {length}<p class="small">{say::keep_fixed()}</p> }.into_any(),
        (false, _) => length.into_any(),
    };
    view! { <tr><th scope="row"><span id=head>{name}</span>" "<code>{code}</code></th><td class="number">{cell}</td></tr> }
}

/// How one kind is chosen: another length is picked, and then kept.
#[derive(Clone, Copy)]
struct Choice {
    name: &'static str,
    /// What is kept now.
    one: Memo<Option<Keep>>,
    /// Another length, with the revision that it was picked beside.
    picked: RwSignal<Option<NewKeep>>,
    zone: StoredValue<Zone>,
    sending: Sending,
    ask: Ask,
    toasts: Toasts,
    live: Live,
}

impl Choice {
    fn pick(self, keep_ms: Option<u64>) {
        let Some(now) = self.one.get_untracked() else {
            return;
        };
        let new = NewKeep {
            rev: now.rev,
            keep_ms,
        };
        self.picked.set((keep_ms != now.keep_ms).then_some(new));
        self.sending.wrong.set(None);
    }

    /// Asks first where something would go.
    fn save(self, id: String) {
        let (Some(now), Some(new)) = (self.one.get_untracked(), self.picked.get_untracked()) else {
            return;
        };
        match new.keep_ms {
            Some(ms) if now.keep_ms.is_none_or(|was| ms < was) => {
                self.shorten(id, now.key, ms, new)
            }
            _ => self.put(&id, &now.key, new),
        }
    }

    fn shorten(self, id: String, key: String, ms: u64, new: NewKeep) {
        let url = format!("api/v1/retention/{key}/older?keep_ms={ms}");
        self.sending.send(Method::GET, url, None, move |text| {
            let older = match api::read::<Older>(&text) {
                Ok(older) => older,
                Err(error) => {
                    self.sending.wrong.try_set(Some(error));
                    return;
                }
            };
            // Nothing, where the page was left meanwhile.
            let now_ms = browser::now_ms();
            let goes = |zone: &Zone| goes(zone, &key, ms, older, now_ms);
            let Some(what) = self.zone.try_with_value(goes) else {
                return;
            };
            let title = say::keep_ask(self.name, &length(Some(ms)));
            self.ask.before(title, what, say::keep_verb(), move || {
                self.put(&id, &key, new);
            });
        });
    }

    fn put(self, id: &str, key: &str, new: NewKeep) {
        let (url, id) = (format!("api/v1/retention/{key}"), String::from(id));
        self.sending.send(Method::PUT, url, body(&new), move |_| {
            self.toasts
                .say(say::keep_changed(self.name, &length(new.keep_ms)));
            self.live.refresh();
            // The button that was pressed is about to go.
            browser::focus(&id);
        });
    }

    /// What is picked goes once it is so, or once somebody else was first: then the page says how it is.
    fn settle(self) {
        Effect::new(move || {
            let now = self.one.with(|one| one.as_ref().map(|one| one.keep_ms));
            let picked = self.picked.get();
            if picked.is_some_and(|new| Some(new.keep_ms) == now) {
                self.picked.set(None);
            }
        });
        Effect::new(move || {
            let wrong = self.sending.wrong.get();
            if matches!(wrong, Some(ApiError::Conflict(_))) {
                self.picked.set(None);
                self.live.refresh();
            }
        });
    }
}

/// What goes, in sentences.
fn goes(zone: &Zone, key: &str, ms: u64, older: Older, now_ms: u64) -> String {
    let day = words::when(zone.moment(older.before_ms), zone.moment(now_ms));
    match older.n {
        0 => say::keep_nothing(&length(Some(ms))),
        n if key == "keep_responses" => {
            let goes = say::keep_goes(&day, &words::count(n));
            format!("{goes} {}", say::keep_with())
        }
        n => say::keep_goes(&day, &words::count(n)),
    }
}

#[component]
fn Chooser(
    id: String,
    head: String,
    name: &'static str,
    one: Memo<Option<Keep>>,
    live: Live,
) -> impl IntoView {
    let choice = Choice {
        name,
        one,
        picked: RwSignal::new(None),
        zone: StoredValue::new(zone()),
        sending: Sending::new(),
        ask: expect_context::<Ask>(),
        toasts: expect_context::<Toasts>(),
        live,
    };
    choice.settle();
    let stored = move || one.with(|one| one.as_ref().and_then(|one| one.keep_ms));
    let shown = move || choice.picked.get().map_or_else(stored, |new| new.keep_ms);
    let options = move || {
        let shown = shown();
        let lengths = lengths(stored()).into_iter();
        lengths
            .map(|keep_ms| {
                view! { <option value=value(keep_ms) prop:selected=keep_ms == shown>{length(keep_ms)}</option> }
            })
            .collect_view()
    };
    let pick = move |event| choice.pick(event_target_value(&event).parse().ok());
    let is_other = Memo::new(move |_| choice.picked.with(Option::is_some));
    let save = id.clone();
    let button = move || {
        let id = save.clone();
        is_other.get().then(|| {
            view! {
                <button class="button" type="button" on:click=move |_| choice.save(id.clone())>
                    {say::set_save()}<span class="visually-hidden">" "{name}</span>
                </button>
            }
        })
    };
    view! {
        <div class="choice">
            <select id=id class="select" aria-labelledby=head on:change=pick>{options}</select>
            {button}
        </div>
        {wrong(choice.sending)}
    }
}

/// What to choose from, with what is so.
fn lengths(stored: Option<u64>) -> Vec<Option<u64>> {
    let days = DAYS.iter().map(|days| days * DAY_MS);
    let mut lengths: Vec<_> = days.chain(stored).map(Some).collect();
    lengths.sort_unstable();
    lengths.dedup();
    lengths.push(None);
    lengths
}

/// A length as the value of an option; empty is for good.
fn value(keep_ms: Option<u64>) -> String {
    keep_ms.map(|ms| ms.to_string()).unwrap_or_default()
}

fn length(keep_ms: Option<u64>) -> String {
    match keep_ms {
        None => String::from(say::keep_forever()),
        Some(ms) => say::tokens_days(ms.div_ceil(DAY_MS)),
    }
}

fn kind_name(key: &str) -> &'static str {
    match key {
        "keep_responses" => say::keep_responses(),
        "keep_impressions" => say::keep_impressions(),
        "keep_dismissals" => say::keep_dismissals(),
        "keep_attachments" => say::keep_attachments(),
        "keep_vitals" => say::keep_vitals(),
        "keep_dead_letters" => say::keep_dead_letters(),
        "keep_losses" => say::keep_losses(),
        "keep_ids" => say::keep_ids(),
        "keep_slices" => say::keep_slices(),
        "keep_minutes" => say::keep_minutes(),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: u64 = 1_795_763_700_000;

    #[track_caller]
    fn check(key: &str, days: u64, n: u64, expect: &str) {
        let zone = Zone::new("Europe/Berlin", |_, _| 60);
        let before_ms = NOW_MS - days * DAY_MS;
        let told = goes(&zone, key, days * DAY_MS, Older { n, before_ms }, NOW_MS);
        assert_eq!(told, expect);
    }

    // Why: nobody can take it back, so that a day of last year must not read as one of this.
    #[test]
    fn what_goes_is_told_with_its_year() {
        check(
            "keep_losses",
            30,
            1_284,
            "What arrived before 28 October at 08:15 is deleted within an hour, for good: 1,284.",
        );
        check(
            "keep_responses",
            400,
            2,
            "What arrived before 23 October 2025 is deleted within an hour, for good: 2. \
             Their images and notes go with them.",
        );
        check(
            "keep_responses",
            30,
            0,
            "Nothing is older yet. From now on what is older than 30 days is deleted within an \
             hour, for good.",
        );
    }
}
