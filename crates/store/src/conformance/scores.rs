//! Turns the promises of [`crate::Scores`] into behaviours.

use std::collections::BTreeMap;

use protocol::id::InstallId;
use protocol::latency::LatencyContext;
use protocol::query::access::Credential;
use protocol::query::delivery::{Bot, Browser};
use protocol::query::inbox::Change;
use protocol::query::scores::Release;
use protocol::query::surveys::Counts;
use protocol::query::view::{Aside, Status};
use scores::Kind;

use super::build::*;
use super::inbox::{put, shown_by};
use crate::{
    AuditEntry, Body, By, Cut, ImpressionRow, NewItem, NewValue, ProjectId, Reach, Respondent,
    ResponseRow, Scale, Scored, ScoresFilter, Signs, Span, Store, Subject,
};

/// The scores of a kind that a query shows.
pub fn scores_of(project: ProjectId, kind: Kind, query: &str) -> ScoresFilter {
    ScoresFilter {
        project,
        view: shown_by(project, query).view,
        kind,
        question: None,
        now_ms: T0,
    }
}

async fn all(store: &dyn Store, filter: ScoresFilter) -> [u64; 11] {
    let scored = ok(store.scored(filter, Cut::default()).await);
    assert!(scored.cells.len() < 2, "{scored:?}");
    scored.cells.first().map_or([0; 11], |cell| cell.histogram)
}

/// Scores that a query shows, each as often as it was given.
async fn given(store: &dyn Store, project: ProjectId, query: &str) -> Vec<u32> {
    let histogram = all(store, scores_of(project, Kind::Nps, query)).await;
    let often = (0..).zip(histogram);
    often.flat_map(|(s, n)| vec![s; n as usize]).collect()
}

/// Response and item number `n` by install number `n`, in its second `n`.
async fn says(store: &dyn Store, project: ProjectId, n: u32, row: ResponseRow, signs: Signs) {
    let mut one = batch(project, n, vec![answered(n, u64::from(n) * 1_000, row)]);
    one.signs = signs;
    append(store, one).await;
}

fn on(browser: Browser) -> Signs {
    Signs {
        browser,
        ..Signs::default()
    }
}

fn about(traits: &[(&str, &str)]) -> Option<Respondent> {
    let traits = traits.iter();
    Some(Respondent {
        id: String::new(),
        verified: false,
        traits: traits.map(|(k, v)| ((*k).into(), (*v).into())).collect(),
    })
}

const fn waited(budgeted: u32, over_budget: u32) -> Option<LatencyContext> {
    Some(LatencyContext {
        requests: budgeted,
        p75_ms: None,
        budgeted,
        over_budget,
        worst: None,
        recent_failures: 0,
    })
}

/// Four people who differ, and gave 9, 6, 3 and 10.
async fn four(store: &dyn Store) -> ProjectId {
    let project = project(store).await;
    let mut one = response(1, 1, vec![score(9), reason("fine")]);
    one.respondent = about(&[("plan", "pro"), ("country", "CH")]);
    one.latency = waited(10, 1);
    let mut two = response(2, 1, vec![score(6)]);
    two.respondent = about(&[("plan", "free"), ("country", "ch")]);
    two.page_url = String::from("https://shop.example/cart/7");
    two.language = String::from("de-AT");
    two.latency = waited(10, 2);
    let mut three = response(3, 1, vec![score(3)]);
    three.survey.id = String::from("exit");
    three.language = String::from("de");
    three.latency = waited(0, 0);
    let mut four = response(4, 1, vec![score(10)]);
    four.context = BTreeMap::from([(String::from("version"), String::from("2.1"))]);
    for (n, row, browser) in [
        (1, one, Browser::Chromium),
        (2, two, Browser::SafariMobile),
        (3, three, Browser::Other),
        (4, four, Browser::Firefox),
    ] {
        says(store, project, n, row, on(browser)).await;
    }
    project
}

/// Scores are those of the view, whatever it says.
pub async fn scores_follow_the_view(store: &dyn Store) {
    let project = four(store).await;
    let elsewhere = super::build::project(store).await;
    assert_eq!(given(store, elsewhere, "").await, [0_u32; 0]);
    for (query, expected) in [
        ("", &[3, 6, 9, 10][..]),
        ("survey=nps", &[6, 9, 10]),
        ("survey=exit", &[3]),
        ("survey=none", &[]),
        ("device=desktop", &[9, 10]),
        ("device=mobile", &[6]),
        ("browser=other", &[3]),
        ("language=de", &[3, 6]),
        ("language=de-AT", &[6]),
        ("country=ch", &[6, 9]),
        ("version=2.1", &[10]),
        ("trait.plan=pro", &[9]),
        ("page=/cart", &[3, 6, 9, 10]),
        ("page==/cart", &[3, 9, 10]),
        ("page==/cart/*", &[6]),
        ("page==cart", &[]),
        ("page==/CART", &[]),
        ("q=fine", &[9]),
        ("survey=nps&device=desktop&trait.plan=pro", &[9]),
    ] {
        assert_eq!(given(store, project, query).await, expected, "{query}");
    }
    put(store, project, &[2], Change::Snooze(Some(T0 + 100))).await;
    assert_eq!(
        given(store, project, "device=mobile").await,
        [6],
        "it counts"
    );
    assert_eq!(given(store, project, "is=snoozed").await, [6]);
    put(store, project, &[4], Change::Status(Status::Planned)).await;
    assert_eq!(given(store, project, "status=planned").await, [10]);
}

/// Of each person the latest score in the view counts, over all surveys and at every time.
pub async fn each_person_scores_once(store: &dyn Store) {
    let project = project(store).await;
    let mut first = response(1, 1, vec![score(2)]);
    first.survey.id = String::from("exit");
    let second = response(2, 1, vec![score(8)]);
    let mut csat = response(
        3,
        1,
        vec![answer(
            "easy",
            NewValue::Score {
                scale: Scale::Csat,
                points: 5,
            },
        )],
    );
    csat.survey.id = String::from("sat");
    let items: Vec<NewItem> = vec![
        answered(1, 1_000, first),
        answered(2, 2_000, second),
        answered(3, 3_000, csat),
    ];
    append(store, batch(project, 1, items)).await;
    assert_eq!(given(store, project, "").await, [8]);
    assert_eq!(given(store, project, "survey=exit").await, [2]);
    let until = format!("to={}", T0 + 2_000);
    assert_eq!(given(store, project, &until).await, [2]);
    let csat = all(store, scores_of(project, Kind::Csat, "")).await;
    assert_eq!(csat, people(&[5]));
    let mut filter = scores_of(project, Kind::Nps, "");
    filter.question = Some(String::from("another"));
    assert_eq!(all(store, filter).await, [0; 11]);
}

/// Cells of all scores: stretch, keys, scores.
async fn cells(
    store: &dyn Store,
    project: ProjectId,
    cut: Cut,
) -> Vec<(usize, Vec<String>, Vec<usize>)> {
    let filter = scores_of(project, Kind::Nps, "");
    let scored: Scored = ok(store.scored(filter, cut).await);
    let cells = scored.cells.into_iter();
    let cells = cells.map(|cell| {
        let keys = cell.keys.into_iter();
        let keys = keys.map(|key| key.unwrap_or_else(|| String::from("?")));
        let scores = (0..11).filter(|s| cell.histogram[*s] > 0);
        (cell.stretch, keys.collect(), scores.collect())
    });
    cells.collect()
}

/// Each key, and the scores of those who have it.
type Expected = &'static [(&'static str, &'static [usize])];

/// Each person is in one cell: all cells together are everybody.
pub async fn scores_are_set_apart(store: &dyn Store) {
    let project = four(store).await;
    let all: [(By, Expected); 9] = [
        (By::Survey, &[("exit", &[3]), ("nps", &[6, 9, 10])]),
        (
            By::Device,
            &[("?", &[3]), ("desktop", &[9, 10]), ("mobile", &[6])],
        ),
        (By::Page, &[("/cart", &[3, 9, 10]), ("/cart/7", &[6])]),
        (By::Language, &[("de", &[3, 6]), ("en", &[9, 10])]),
        // As the newest answer spells it.
        (By::Country, &[("?", &[3, 10]), ("ch", &[6, 9])]),
        (By::Version, &[("?", &[3, 6, 9]), ("2.1", &[10])]),
        (
            By::Trait(String::from("plan")),
            &[("?", &[3, 10]), ("free", &[6]), ("pro", &[9])],
        ),
        (
            By::Budget(10),
            &[("?", &[3, 10]), ("over", &[6]), ("within", &[9])],
        ),
        (By::Budget(20), &[("?", &[3, 10]), ("within", &[6, 9])]),
    ];
    for (by, expected) in all {
        let cut = Cut {
            edges: Vec::new(),
            by: vec![by.clone()],
        };
        let found = cells(store, project, cut).await;
        let found: Vec<_> = found
            .iter()
            .map(|(_, keys, scores)| (&*keys[0], &**scores))
            .collect();
        assert_eq!(found, expected, "{by:?}");
    }
    let cut = Cut {
        edges: vec![T0, T0 + 2_000, T0 + 3_500],
        by: Vec::new(),
    };
    let over_time = cells(store, project, cut).await;
    let expected = [
        (0, vec![], vec![9]),
        (1, vec![], vec![3, 6]),
        (2, vec![], vec![10]),
    ];
    assert_eq!(over_time, expected);
}

/// Whatever keeps a score aside takes it out of every number, tells so, and gives it back.
pub async fn scores_kept_aside_are_told(store: &dyn Store) {
    let project = four(store).await;
    let robot = Signs {
        bot: Some(Bot::Name),
        ..on(Browser::Chromium)
    };
    says(store, project, 5, response(5, 1, vec![score(0)]), robot).await;
    let told = async |query: &str| {
        let filter = scores_of(project, Kind::Nps, query);
        ok(store.scored(filter, Cut::default()).await).aside
    };
    let reach = async || ok(store.reach(scores_of(project, Kind::Nps, ""), vec![]).await);
    assert_eq!(told("").await, BTreeMap::from([(Aside::Bot, 1)]));
    put(store, project, &[1], Change::Status(Status::Spam)).await;
    put(store, project, &[1, 2], Change::Archived(true)).await;
    assert_eq!(given(store, project, "").await, [3, 10]);
    assert_eq!(given(store, project, "is=spam").await, [9]);
    assert_eq!(given(store, project, "is=archived,bot").await, [0, 6, 9]);
    let expected = [(Aside::Spam, 1), (Aside::Archived, 2), (Aside::Bot, 1)];
    assert_eq!(told("").await, BTreeMap::from(expected));
    // Of what the view would show.
    assert_eq!(
        told("device=mobile").await,
        BTreeMap::from([(Aside::Archived, 1)])
    );
    // What is asked for by name is not left out.
    let beside = [(Aside::Archived, 1), (Aside::Bot, 1)];
    assert_eq!(told("is=spam").await, BTreeMap::from(beside));
    assert_eq!(told("is=spam,archived,bot").await, BTreeMap::new());
    assert_eq!(reach().await, Reach::default());
    put(store, project, &[1], Change::Status(Status::New)).await;
    put(store, project, &[1, 2], Change::Archived(false)).await;
    assert_eq!(given(store, project, "").await, [3, 6, 9, 10]);
}

/// People are asked when they are shown one of the surveys, and asked once.
pub async fn reach_is_of_all_surveys(store: &dyn Store) {
    let project = project(store).await;
    for n in 1..=3 {
        let shown = vec![
            item(n * 10, 0, impression()),
            item(n * 10 + 1, 5, impression()),
        ];
        append(store, batch(project, n, shown)).await;
    }
    says(
        store,
        project,
        1,
        response(1, 1, vec![score(9)]),
        Signs::default(),
    )
    .await;
    let surveys = vec![String::from("exit"), String::from("nps")];
    let filter = scores_of(project, Kind::Nps, "");
    let reach = ok(store.reach(filter, surveys).await);
    assert_eq!((reach.shown, reach.answered), (3, 1));
    let none = store.reach(
        scores_of(project, Kind::Nps, ""),
        vec![String::from("exit")],
    );
    assert_eq!(ok(none.await), Reach::default());
}

const DAY_MS: u64 = 86_400_000;

/// An impression of a survey to an install, so long after [`T0`].
async fn sees(store: &dyn Store, project: ProjectId, n: u32, install: u32, survey: &str, at: u64) {
    let shown = Body::Impression(ImpressionRow {
        survey: reference(survey),
        feedback: survey == "feedback",
    });
    append(store, batch(project, install, vec![item(n, at, shown)])).await;
}

/// Everything that is counted of whom surveys were shown to, in spans that begin and end within days, at their
/// ends, and in none.
async fn whom(store: &dyn Store, project: ProjectId) -> Vec<(Vec<Counts>, Reach)> {
    let surveys = || ["nps", "exit", "feedback"].map(String::from).to_vec();
    let edges = [
        0,
        1,
        DAY_MS / 2,
        DAY_MS,
        DAY_MS + 1,
        2 * DAY_MS,
        5 * DAY_MS / 2,
    ];
    let mut all = Vec::new();
    for (at, from) in edges.iter().enumerate() {
        for to in edges[at..].iter().chain([&(u64::MAX - T0)]) {
            let (from_ms, to_ms) = (T0 + from, T0 + to);
            let counts = store.survey_counts(project, surveys(), Span { from_ms, to_ms });
            let mut filter = scores_of(project, Kind::Nps, "");
            filter.view.from_ms = Some(from_ms);
            filter.view.to_ms = Some(to_ms);
            let reach = store.reach(filter, surveys());
            all.push((ok(counts.await), ok(reach.await)));
        }
    }
    all
}

/// Days that were put together say what they said before, also after something came or went.
pub async fn days_put_together_say_the_same(store: &dyn Store) {
    let (project, other) = (project(store).await, super::build::project(store).await);
    let surveys = ["nps", "nps", "exit", "feedback"];
    for n in 0..48 {
        let (install, survey) = (n % 7, surveys[n as usize % 4]);
        sees(
            store,
            project,
            n,
            install,
            survey,
            u64::from(n) * DAY_MS / 16,
        )
        .await;
    }
    sees(store, other, 90, 1, "nps", 0).await;
    says(
        store,
        project,
        3,
        response(3, 1, vec![score(9)]),
        Signs::default(),
    )
    .await;
    let before = whom(store, project).await;
    let empty = &before[0].0[0];
    assert_eq!((empty.impressions, empty.shown), (0, 0));
    assert!(
        before.iter().any(|(counts, _)| counts[0].shown == 7),
        "{before:?}"
    );
    let now = T0 + 5 * DAY_MS / 2;
    // Two days of three surveys, and one of another project; the third is not over.
    assert_eq!(ok(store.gather(now).await), 2 * 3 + 1);
    assert_eq!(ok(store.gather(now).await), 0);
    assert_eq!(whom(store, project).await, before);
    // Late, into a day that is put together.
    sees(store, project, 91, 50, "nps", DAY_MS / 3).await;
    let after = whom(store, project).await;
    let first_day = |all: &[(Vec<Counts>, Reach)]| {
        let day = all.iter().find(|(counts, _)| counts[2].impressions > 0);
        day.map(|(counts, reach)| (counts[0].shown, reach.shown))
    };
    assert_ne!(first_day(&after), first_day(&before));
    assert_eq!(ok(store.gather(now).await), 1);
    assert_eq!(whom(store, project).await, after);
    // What goes is gone from it.
    let subject = Subject::Install(nth(InstallId::new, 50));
    ok(store.erase(project, subject, T0 + 3 * DAY_MS).await);
    assert_eq!(whom(store, project).await, before);
    assert_eq!(ok(store.gather(now).await), 1);
    assert_eq!(whom(store, project).await, before);
}

/// Releases are a project's own, and both ways are in the audit log.
pub async fn releases_are_kept(store: &dyn Store) {
    let project = four(store).await;
    let elsewhere = super::build::project(store).await;
    assert_eq!(ok(store.traits(project).await), ["country", "plan"]);
    let entry = |project, action: &str| AuditEntry {
        project,
        at_ms: T0,
        credential: Credential::Token,
        actor: String::from("ci"),
        action: String::from(action),
        target: String::new(),
        detail: String::new(),
    };
    let release = |at_ms, name: &str| Release {
        id: 0,
        at_ms,
        name: String::from(name),
        note: String::new(),
        by: String::from("ci"),
    };
    let add = |one: Release| store.add_release(one, entry(project, "release.add"));
    let later = ok(add(release(T0 + 9, "2.0")).await);
    let earlier = ok(add(release(T0, "1.0")).await);
    let of = async |project, to_ms| {
        let span = Span { from_ms: T0, to_ms };
        ok(store.releases(project, span).await)
    };
    assert_eq!(of(project, T0 + 10).await, [earlier.clone(), later.clone()]);
    assert_eq!(of(project, T0 + 9).await, [earlier]);
    assert_eq!(of(elsewhere, T0 + 10).await, []);
    let theirs = store.remove_release(later.id, entry(elsewhere, "release.remove"));
    assert!(!ok(theirs.await));
    assert!(ok(store
        .remove_release(later.id, entry(project, "release.remove"))
        .await));
    assert!(!ok(store
        .remove_release(later.id, entry(project, "release.remove"))
        .await));
    let log = ok(store.audit_log(project, None, 9).await);
    let log: Vec<_> = log
        .iter()
        .map(|(_, line)| (&*line.action, &*line.target))
        .collect();
    assert_eq!(log.len(), 3, "{log:?}");
    assert_eq!(log[2], ("release.add", &*later.id.to_string()));
}
