//! Turns a few words into valid batches, so that a test says only what it is about.

use std::collections::BTreeMap;

use protocol::id::{BatchId, BootId, InstallId, ItemId, ResponseId, SessionId};
use protocol::item::{DismissReason, SurveyRef};
use protocol::outcome::Outcome;
use protocol::query::view::View;
use protocol::score::NpsScore;
use protocol::survey::{DisplayRule, Look, MissingLanguage, Survey, SurveyKind};

use crate::{
    Batch, Body, CommentsFilter, DismissalRow, ImpressionRow, NewAnswer, NewItem, NewValue,
    NpsCounts, NpsFilter, ProjectId, ResponseRow, Sender, Signs, Span, Store,
};

/// When everything happens: 2026-11-01T00:00:00Z, in milliseconds.
pub const T0: u64 = 1_793_491_200_000;

/// The id number `n`, of any kind: `nth(InstallId::new, 3)`.
pub fn nth<I>(new: impl Fn(u64, &[u8; 10]) -> I, n: u32) -> I {
    let mut random = [0; 10];
    random[6..].copy_from_slice(&n.to_be_bytes());
    new(T0, &random)
}

/// A batch of install number `install` with these items.
pub fn batch(project: ProjectId, install: u32, items: Vec<NewItem>) -> Batch {
    let id = items.first().map_or(0, |item| item.seq as u32);
    Batch {
        project,
        id: nth(BatchId::new, install * 1000 + id),
        received_ms: T0 + 60_000,
        sender: Sender {
            sdk: String::from("firsthand-js/0.1.0"),
            install: nth(InstallId::new, install),
            session: nth(SessionId::new, install),
            boot: nth(BootId::new, install),
            sent_wall_ms: T0 + 59_000,
            clock_offset_ms: 1_000,
        },
        losses: Vec::new(),
        items,
        signs: Signs::default(),
        refused: Vec::new(),
        header: String::from(r#"{"sdk":"firsthand-js/0.1.0"}"#),
        site_key: String::from("fh_demo_shop"),
    }
}

/// Item number `n` with this body, which happened `at` milliseconds after [`T0`].
pub fn item(n: u32, at: u64, body: Body) -> NewItem {
    let mut body_hash = [0; 32];
    body_hash[..4].copy_from_slice(&n.to_be_bytes());
    NewItem {
        id: nth(ItemId::new, n),
        seq: u64::from(n),
        age_ms: 5,
        at_ms: T0 + at,
        body_hash,
        line: format!(r#"{{"n":{n},"kept":"as it came"}}"#),
        body,
    }
}

/// Version 1 of the survey `id`.
pub fn reference(id: &str) -> SurveyRef {
    SurveyRef {
        id: String::from(id),
        version: 1,
    }
}

/// The survey `nps` became visible.
pub fn impression() -> Body {
    Body::Impression(ImpressionRow {
        survey: reference("nps"),
        feedback: false,
    })
}

/// The survey `nps` was closed.
pub fn dismissal(response: Option<u32>) -> Body {
    Body::Dismissal(DismissalRow {
        survey: reference("nps"),
        response: response.map(|n| nth(ResponseId::new, n)),
        reason: DismissReason::Person,
    })
}

/// Revision `revision` of response number `n` to the survey `nps`.
pub fn response(n: u32, revision: u32, answers: Vec<NewAnswer>) -> ResponseRow {
    ResponseRow {
        survey: reference("nps"),
        feedback: false,
        response: nth(ResponseId::new, n),
        revision,
        complete: false,
        answers,
        page_url: String::from("https://shop.example/cart"),
        language: String::from("en"),
        respondent: None,
        attachments: Vec::new(),
        context: BTreeMap::new(),
        latency: None,
    }
}

/// Item number `n`, which answers at `at` milliseconds after [`T0`].
pub fn answered(n: u32, at: u64, row: ResponseRow) -> NewItem {
    item(n, at, Body::Response(Box::new(row)))
}

/// A score to the question `score`.
pub fn score(points: u8) -> NewAnswer {
    answer(
        "score",
        NpsScore::try_from(points).map_or(NewValue::Skipped, NewValue::nps),
    )
}

/// A text to the question `reason`.
pub fn reason(text: &str) -> NewAnswer {
    answer("reason", NewValue::Text(String::from(text)))
}

/// An answer to any question.
pub fn answer(question: &str, value: NewValue) -> NewAnswer {
    NewAnswer {
        question: String::from(question),
        prompt: format!("{question}?"),
        value,
        off_path: false,
    }
}

/// A survey without anything special.
pub fn survey(id: &str, name: &str) -> Survey {
    Survey {
        schema: None,
        id: String::from(id),
        name: String::from(name),
        kind: SurveyKind::Survey,
        language: String::from("en"),
        languages: Vec::new(),
        otherwise: MissingLanguage::Fallback,
        intro: None,
        questions: Vec::new(),
        endings: Vec::new(),
        look: Look::default(),
        show: DisplayRule::default(),
    }
}

/// All time.
pub const ALWAYS: Span = Span {
    from_ms: 0,
    to_ms: u64::MAX,
};

/// Everything about the question `score` of the survey `nps`.
pub fn nps_filter(project: ProjectId, span: Span) -> NpsFilter {
    NpsFilter {
        project,
        survey: String::from("nps"),
        question: String::from("score"),
        span,
    }
}

/// The first comments of the survey `nps`.
pub fn comments_filter(project: ProjectId, limit: u32) -> CommentsFilter {
    CommentsFilter {
        project,
        view: View {
            survey: Some(String::from("nps")),
            ..View::default()
        },
        kind: None,
        now_ms: T0,
        after: None,
        limit,
    }
}

/// A new project.
pub async fn project(store: &dyn Store) -> ProjectId {
    ok(store.create_project(String::from("Shop"), T0).await)
}

/// What became of a batch.
pub async fn append(store: &dyn Store, batch: Batch) -> Vec<Outcome> {
    ok(store.append(batch).await)
}

/// Counts of all time.
pub async fn counts(store: &dyn Store, project: ProjectId) -> NpsCounts {
    ok(store.nps(nps_filter(project, ALWAYS)).await)
}

/// Texts of all comments, newest first.
pub async fn texts(store: &dyn Store, project: ProjectId) -> Vec<String> {
    let page = ok(store.comments(comments_filter(project, 200)).await);
    page.items.into_iter().map(|comment| comment.text).collect()
}

/// A histogram with these people: `people(&[9, 9, 3])`.
pub fn people(scores: &[usize]) -> [u64; 11] {
    let mut histogram = [0; 11];
    for &score in scores {
        histogram[score] += 1;
    }
    histogram
}

/// What a call must have answered; fails the test otherwise.
#[track_caller]
pub fn ok<T>(answer: Result<T, crate::StoreError>) -> T {
    match answer {
        Ok(value) => value,
        Err(error) => panic!("the store failed: {error:?}"),
    }
}
