//! Turns "answers of every kind come back, and only the right ones count" into behaviours.

use std::collections::BTreeMap;

use protocol::id::ResponseId;
use protocol::item::DismissReason;
use protocol::latency::LatencyContext;
use protocol::outcome::Outcome::Accepted;
use protocol::query::view::{ScoreRange, View};
use protocol::survey::Reaction;
use scores::Kind;

use super::build::*;
use crate::{
    Body, CommentsFilter, DismissalRow, ImpressionRow, KeptResponse, NewAnswer, NewItem, NewOption,
    NewValue, ProjectId, Respondent, ResponseRow, Scale, Store,
};

fn on_scale(question: &str, scale: Scale, points: u8) -> NewAnswer {
    answer(question, NewValue::Score { scale, points })
}

fn chosen(options: &[&str], other: Option<&str>) -> NewValue {
    let options = options.iter().map(|id| NewOption {
        id: String::from(*id),
        label: format!("The {id}"),
    });
    NewValue::Choice {
        options: options.collect(),
        other: other.map(String::from),
    }
}

/// One answer of each kind, with the ends of the scales.
fn every_answer() -> Vec<NewAnswer> {
    vec![
        on_scale("nps", Scale::Nps, 0),
        on_scale("csat", Scale::Csat, 5),
        on_scale("ces", Scale::Ces, 7),
        on_scale("stars", Scale::Rating(5), 1),
        on_scale("digits", Scale::Rating(10), 10),
        answer("topic", chosen(&["billing"], None)),
        answer(
            "features",
            chosen(&["zebra", "ant", "other"], Some("A bee")),
        ),
        reason("Because"),
        answer("terms", NewValue::Consent),
        answer("news", NewValue::Reaction(Reaction::Up)),
        answer("old_news", NewValue::Reaction(Reaction::Down)),
        answer("best_news", NewValue::Reaction(Reaction::Heart)),
        answer("more", NewValue::Skipped),
    ]
}

fn texts_of(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| (String::from(*name), String::from(*value)))
        .collect()
}

async fn kept(store: &dyn Store, project: ProjectId, n: u32) -> KeptResponse {
    match ok(store.response(project, nth(ResponseId::new, n)).await) {
        Some(kept) => kept,
        None => panic!("response {n} is not there"),
    }
}

/// Whatever was answered is read back as it was given, in its order.
pub async fn every_kind_of_answer_is_read_back(store: &dyn Store) {
    let project = project(store).await;
    let mut row = response(1, 1, every_answer());
    row.answers[3].off_path = true;
    row.complete = true;
    row.context = texts_of(&[("browser", "Firefox 141"), ("window", "1280 \u{d7} 720")]);
    row.latency = Some(LatencyContext {
        requests: 40,
        p75_ms: Some(310),
        budgeted: 30,
        over_budget: 9,
        worst: Some(String::from("search")),
        recent_failures: 2,
    });
    let outcomes = append(store, batch(project, 1, vec![answered(1, 7, row.clone())])).await;
    assert_eq!(outcomes, [Accepted]);
    let found = kept(store, project, 1).await;
    assert_eq!(found.row, row);
    assert_eq!(found.at_ms, T0 + 7);
    assert_eq!(found.install, nth(protocol::id::InstallId::new, 1));
    let absent = store.response(project, nth(ResponseId::new, 2)).await;
    assert_eq!(ok(absent), None);
}

/// Options, images and context of an earlier revision go with it, whatever the order of arrival.
pub async fn a_later_revision_replaces_everything(store: &dyn Store) {
    let first = || {
        let mut row = response(1, 1, every_answer());
        row.context = texts_of(&[("browser", "Firefox")]);
        row.attachments = vec![nth(protocol::id::AttachmentId::new, 1)];
        row.respondent = Some(Respondent::default());
        answered(1, 0, row)
    };
    let second = response(1, 2, vec![answer("features", chosen(&["bee"], None))]);
    let last = || answered(2, 1, second.clone());
    for order in [[first(), last()], [last(), first()]] {
        let project = project(store).await;
        for one in order {
            append(store, batch(project, 1, vec![one])).await;
        }
        assert_eq!(kept(store, project, 1).await.row, second);
    }
}

/// Who answered is read back: known, vouched for, or only described.
pub async fn who_answered_is_read_back(store: &dyn Store) {
    let project = project(store).await;
    let known = Respondent {
        id: String::from("u-4711"),
        verified: true,
        traits: texts_of(&[("plan", "pro"), ("\"quoted\"", "it's \u{1F600}")]),
    };
    let described = Respondent {
        traits: texts_of(&[("plan", "free")]),
        ..Respondent::default()
    };
    let people = [Some(known), Some(described), None];
    for (n, respondent) in (1_u32..).zip(people) {
        let row = ResponseRow {
            respondent,
            ..response(n, 1, vec![score(9)])
        };
        append(store, batch(project, n, vec![answered(n, 0, row.clone())])).await;
        assert_eq!(kept(store, project, n).await.row, row);
    }
}

/// A five of seven is no five of ten.
pub async fn only_scores_of_the_nps_scale_count(store: &dyn Store) {
    let project = project(store).await;
    let scales = [Scale::Csat, Scale::Ces, Scale::Rating(10)];
    for (n, scale) in (1_u32..).zip(scales) {
        let row = response(n, 1, vec![on_scale("score", scale, 5)]);
        let items = vec![item(n * 10, 0, impression()), answered(n, 1, row)];
        append(store, batch(project, n, items)).await;
    }
    let counted = counts(store, project).await;
    assert_eq!(counted.histogram, people(&[]));
    assert_eq!((counted.shown, counted.shown_and_answered), (3, 0));
}

/// What somebody said before going back another way is kept, and neither counted nor listed.
pub async fn what_is_off_the_path_never_counts(store: &dyn Store) {
    let project = project(store).await;
    let aside = |mut answer: NewAnswer| {
        answer.off_path = true;
        answer
    };
    let row = response(1, 1, vec![aside(score(2)), aside(reason("Not so"))]);
    let items = vec![item(1, 0, impression()), answered(2, 1, row.clone())];
    append(store, batch(project, 1, items)).await;
    let both = response(2, 1, vec![aside(score(1)), reason("So")]);
    append(store, batch(project, 2, vec![answered(3, 2, both)])).await;
    let counted = counts(store, project).await;
    assert_eq!(counted.histogram, people(&[]));
    assert_eq!((counted.shown, counted.shown_and_answered), (1, 0));
    let page = ok(store.comments(comments_filter(project, 10)).await);
    let listed: Vec<_> = page.items.iter().map(|c| (&*c.text, c.score)).collect();
    assert_eq!(listed, [("So", None)]);
    assert_eq!(kept(store, project, 1).await.row, row);
}

/// Whoever opens a form was not asked: no score of it counts, nor that it was seen.
pub async fn feedback_is_no_part_of_scores_and_reach(store: &dyn Store) {
    let project = project(store).await;
    let opened = Body::Impression(ImpressionRow {
        survey: reference("nps"),
        feedback: true,
    });
    let row = ResponseRow {
        feedback: true,
        ..response(1, 1, vec![score(9), reason("Found a fault")])
    };
    let items = vec![item(1, 0, opened), answered(2, 1, row)];
    append(store, batch(project, 1, items)).await;
    let counted = counts(store, project).await;
    assert_eq!(counted, crate::NpsCounts::default());
    // What was written is read all the same.
    assert_eq!(texts(store, project).await, ["Found a fault"]);
}

/// What somebody writes beside the options is a comment as any other.
pub async fn what_is_written_beside_options_is_a_comment(store: &dyn Store) {
    let project = project(store).await;
    let answers = vec![
        score(3),
        answer("features", chosen(&["ant", "other"], Some("A bee"))),
        answer("topic", chosen(&["billing"], None)),
        reason("Because"),
    ];
    let items = vec![answered(1, 0, response(1, 1, answers))];
    append(store, batch(project, 1, items)).await;
    let page = ok(store.comments(comments_filter(project, 10)).await);
    let listed: Vec<_> = page.items.iter().map(|c| (&*c.prompt, &*c.text)).collect();
    assert_eq!(listed, [("reason?", "Because"), ("features?", "A bee")]);
    assert!(page.items.iter().all(|c| c.score.map(u8::from) == Some(3)));
}

/// Without a survey, what was written in any of them, page by page, each with its survey.
pub async fn comments_of_all_surveys_are_one_list(store: &dyn Store) {
    let project = project(store).await;
    let elsewhere = self::project(store).await;
    let write = |n: u32, survey: &str| -> NewItem {
        let row = ResponseRow {
            survey: reference(survey),
            ..response(n, 1, vec![reason(&n.to_string())])
        };
        answered(n, u64::from(n), row)
    };
    let items = vec![write(1, "nps"), write(2, "feedback"), write(3, "nps")];
    append(store, batch(project, 1, items)).await;
    append(store, batch(elsewhere, 1, vec![write(4, "nps")])).await;
    let (mut seen, mut after) = (Vec::new(), None);
    for _ in 0..2 {
        let filter = CommentsFilter {
            view: View::default(),
            after,
            ..comments_filter(project, 2)
        };
        let page = ok(store.comments(filter).await);
        after = page.next;
        seen.extend(page.items.into_iter().map(|c| (c.text, c.survey)));
    }
    assert_eq!(after, None);
    let seen: Vec<_> = seen.iter().map(|(t, s)| (t.as_str(), s.as_str())).collect();
    assert_eq!(seen, [("3", "nps"), ("2", "feedback"), ("1", "nps")]);
}

/// A 2 of 5 is not a 2 of 10: comments beside a score are of people who gave it on that scale.
pub async fn comments_beside_a_score_are_of_its_kind(store: &dyn Store) {
    let project = project(store).await;
    let gave = |n: u32, nps: u8, csat: u8| {
        let answers = vec![
            on_scale("score", Scale::Nps, nps),
            on_scale("effort", Scale::Csat, csat),
            reason(&n.to_string()),
        ];
        answered(n, u64::from(n), response(n, 1, answers))
    };
    let items = vec![gave(1, 2, 5), gave(2, 9, 2), gave(3, 5, 5)];
    append(store, batch(project, 1, items)).await;
    for (kind, expect) in [(Kind::Nps, "1"), (Kind::Csat, "2")] {
        let mut filter = comments_filter(project, 10);
        filter.kind = Some(kind);
        filter.view.score = Some(ScoreRange { least: 2, most: 2 });
        let page = ok(store.comments(filter).await);
        let texts: Vec<_> = page.items.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(texts, [expect], "{kind:?}");
    }
}

/// A person, the page, a person who wants to be asked later.
pub async fn every_way_to_close_is_kept(store: &dyn Store) {
    let project = project(store).await;
    let ways = [
        DismissReason::Person,
        DismissReason::Page,
        DismissReason::Snoozed,
    ];
    let items = (1_u32..).zip(ways).map(|(n, reason)| {
        let closed = DismissalRow {
            survey: reference("nps"),
            response: None,
            reason,
        };
        item(n, 0, Body::Dismissal(closed))
    });
    let outcomes = append(store, batch(project, 1, items.collect())).await;
    assert_eq!(outcomes, [Accepted; 3]);
}
