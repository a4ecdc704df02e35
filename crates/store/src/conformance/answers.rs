//! Turns the promises of [`crate::Answers`] into behaviours.

use protocol::outcome::Outcome::{Accepted, Conflict, Duplicate};

use super::build::*;
use crate::{Body, NewAnswer, NewItem, NewValue, NpsFilter, ResponseRow, Span, Store};

/// What is new is accepted, item by item.
pub async fn new_items_are_accepted(store: &dyn Store) {
    let project = project(store).await;
    let items = vec![
        item(1, 0, impression()),
        answered(2, 1, response(1, 1, vec![score(9)])),
        item(3, 2, dismissal(Some(1))),
    ];
    let outcomes = append(store, batch(project, 1, items)).await;
    assert_eq!(outcomes, [Accepted, Accepted, Accepted]);
}

/// The same item again is a duplicate, however old it has become, and counts once.
pub async fn a_repeated_item_is_a_duplicate(store: &dyn Store) {
    let project = project(store).await;
    let first = answered(1, 0, response(1, 1, vec![score(9)]));
    let later = NewItem {
        age_ms: 99_000,
        at_ms: T0 + 50,
        ..first.clone()
    };
    assert_eq!(
        append(store, batch(project, 1, vec![first])).await,
        [Accepted]
    );
    let again = vec![later, item(2, 0, impression())];
    let outcomes = append(store, batch(project, 1, again)).await;
    assert_eq!(outcomes, [Duplicate, Accepted]);
    assert_eq!(counts(store, project).await.histogram, people(&[9]));
}

/// A batch may repeat an item of its own.
pub async fn a_repetition_within_one_batch_is_a_duplicate(store: &dyn Store) {
    let project = project(store).await;
    let one = item(1, 0, impression());
    let outcomes = append(store, batch(project, 1, vec![one.clone(), one])).await;
    assert_eq!(outcomes, [Accepted, Duplicate]);
}

/// An id that comes back with another body is a conflict, and what was first stays.
pub async fn another_body_under_one_id_is_a_conflict(store: &dyn Store) {
    let project = project(store).await;
    let first = answered(1, 0, response(1, 1, vec![score(9)]));
    let mut other = answered(1, 0, response(1, 2, vec![score(2)]));
    other.body_hash = [7; 32];
    assert_eq!(
        append(store, batch(project, 1, vec![first.clone()])).await,
        [Accepted]
    );
    for _ in 0..2 {
        let outcomes = append(store, batch(project, 1, vec![other.clone(), first.clone()])).await;
        assert_eq!(outcomes, [Conflict, Duplicate]);
    }
    assert_eq!(counts(store, project).await.histogram, people(&[9]));
}

/// One id in two projects is two items.
pub async fn projects_do_not_share_item_ids(store: &dyn Store) {
    let one = project(store).await;
    let two = project(store).await;
    let same = answered(1, 0, response(1, 1, vec![score(9), reason("Fast")]));
    for project in [one, two] {
        let outcomes = append(store, batch(project, 1, vec![same.clone()])).await;
        assert_eq!(outcomes, [Accepted]);
        assert_eq!(counts(store, project).await.histogram, people(&[9]));
        assert_eq!(texts(store, project).await, ["Fast"]);
    }
}

/// Nothing in, nothing out.
pub async fn an_empty_batch_is_answered(store: &dyn Store) {
    let project = project(store).await;
    assert_eq!(append(store, batch(project, 1, Vec::new())).await, []);
}

/// The highest revision is what is read, whichever order the revisions arrive in.
pub async fn the_highest_revision_wins_in_every_order(store: &dyn Store) {
    const ORDERS: [[u32; 3]; 6] = [
        [1, 2, 3],
        [1, 3, 2],
        [2, 1, 3],
        [2, 3, 1],
        [3, 1, 2],
        [3, 2, 1],
    ];
    let revision = |n: u32| {
        let answers: Vec<NewAnswer> = match n {
            1 => vec![score(3)],
            2 => vec![score(9)],
            _ => vec![score(9), reason("Fast")],
        };
        answered(n, u64::from(n), response(1, n, answers))
    };
    for order in ORDERS {
        let project = project(store).await;
        for n in order {
            let outcomes = append(store, batch(project, 1, vec![revision(n)])).await;
            assert_eq!(outcomes, [Accepted], "{order:?}");
        }
        let histogram = counts(store, project).await.histogram;
        assert_eq!(histogram, people(&[9]), "{order:?}");
        assert_eq!(texts(store, project).await, ["Fast"], "{order:?}");
    }
}

/// Two items that claim one revision: the greater item id is read, first or last.
pub async fn equal_revisions_do_not_depend_on_order(store: &dyn Store) {
    let less = answered(1, 0, response(1, 1, vec![score(1)]));
    let greater = answered(2, 0, response(1, 1, vec![score(8)]));
    for order in [[&less, &greater], [&greater, &less]] {
        let project = project(store).await;
        for one in order {
            append(store, batch(project, 1, vec![one.clone()])).await;
        }
        assert_eq!(counts(store, project).await.histogram, people(&[8]));
    }
}

/// What a later revision no longer says is no longer read.
pub async fn a_later_revision_can_take_an_answer_back(store: &dyn Store) {
    let project = project(store).await;
    let first = response(1, 1, vec![score(4), reason("Slow")]);
    let second = response(1, 2, vec![answer("score", NewValue::Skipped)]);
    let items = vec![answered(1, 0, first), answered(2, 1, second)];
    append(store, batch(project, 1, items)).await;
    assert_eq!(counts(store, project).await.histogram, people(&[]));
    assert_eq!(texts(store, project).await, Vec::<String>::new());
}

/// One person, several scores: the latest counts, by when it was given, not by when it arrived.
pub async fn the_latest_score_of_each_person_counts(store: &dyn Store) {
    let project = project(store).await;
    let late = answered(1, 900, response(1, 1, vec![score(10)]));
    let early = answered(2, 100, response(2, 1, vec![score(0)]));
    append(store, batch(project, 1, vec![late])).await;
    append(store, batch(project, 1, vec![early])).await;
    let other = answered(3, 500, response(3, 1, vec![score(7)]));
    append(store, batch(project, 2, vec![other])).await;
    assert_eq!(counts(store, project).await.histogram, people(&[10, 7]));
}

/// Impressions, dismissals, skipped and unanswered questions change no histogram, and a skipped
/// question does not take an earlier score away.
pub async fn only_scores_count(store: &dyn Store) {
    let project = project(store).await;
    let given = answered(1, 0, response(1, 1, vec![score(6)]));
    append(store, batch(project, 1, vec![given])).await;
    let skipped = vec![answer("score", NewValue::Skipped)];
    let items = vec![
        item(2, 10, impression()),
        answered(3, 20, response(2, 1, skipped)),
        item(4, 30, dismissal(Some(2))),
        answered(5, 40, response(3, 1, Vec::new())),
        item(6, 50, dismissal(None)),
    ];
    append(store, batch(project, 1, items.clone())).await;
    let shifted = items.into_iter().map(|mut one| {
        one.id = nth(protocol::id::ItemId::new, one.seq as u32 + 100);
        if let Body::Response(row) = &mut one.body {
            row.response = nth(protocol::id::ResponseId::new, one.seq as u32 + 100);
        }
        one
    });
    append(store, batch(project, 2, shifted.collect())).await;
    assert_eq!(counts(store, project).await.histogram, people(&[6]));
}

/// What happened at the start of a span is in it, what happened at its end is not.
pub async fn a_span_has_a_start_and_no_end(store: &dyn Store) {
    let project = project(store).await;
    let items = vec![
        item(1, 100, impression()),
        answered(2, 100, response(1, 1, vec![score(5), reason("Fine")])),
    ];
    append(store, batch(project, 1, items)).await;
    for (from, to, inside) in [(100, 101, 1), (99, 100, 0), (101, 200, 0), (0, 1000, 1)] {
        let span = Span {
            from_ms: T0 + from,
            to_ms: T0 + to,
        };
        let counts = ok(store.nps(nps_filter(project, span)).await);
        assert_eq!(counts.histogram[5], inside, "{span:?}");
        assert_eq!(counts.shown, inside, "{span:?}");
        assert_eq!(counts.shown_and_answered, inside, "{span:?}");
        let mut filter = comments_filter(project, 10);
        filter.view.from_ms = Some(span.from_ms);
        filter.view.to_ms = Some(span.to_ms);
        let page = ok(store.comments(filter).await);
        assert_eq!(page.items.len() as u64, inside, "{span:?}");
    }
}

/// Reach counts people: shown twice is shown once, answered without having been shown is not reach.
pub async fn reach_counts_people_once(store: &dyn Store) {
    let project = project(store).await;
    let twice = vec![item(1, 0, impression()), item(2, 10, impression())];
    append(store, batch(project, 1, twice)).await;
    let both = vec![
        item(3, 0, impression()),
        answered(4, 10, response(1, 1, vec![score(9)])),
    ];
    append(store, batch(project, 2, both)).await;
    let unseen = answered(5, 10, response(2, 1, vec![score(9)]));
    append(store, batch(project, 3, vec![unseen])).await;
    let counts = counts(store, project).await;
    assert_eq!((counts.shown, counts.shown_and_answered), (2, 1));
    assert_eq!(counts.histogram, people(&[9, 9]));
}

/// Scores of another survey or another question are not mixed in.
pub async fn scores_stay_with_their_survey_and_question(store: &dyn Store) {
    let project = project(store).await;
    let elsewhere = ResponseRow {
        survey: reference("other"),
        ..response(1, 1, vec![score(1), reason("Not here")])
    };
    let mut second = score(2);
    second.question = String::from("second");
    let items = vec![
        answered(1, 0, elsewhere),
        answered(2, 0, response(2, 1, vec![score(9), second])),
    ];
    append(store, batch(project, 1, items)).await;
    assert_eq!(counts(store, project).await.histogram, people(&[9]));
    assert_eq!(texts(store, project).await, Vec::<String>::new());
    let filter = NpsFilter {
        question: String::from("second"),
        ..nps_filter(project, ALWAYS)
    };
    assert_eq!(ok(store.nps(filter).await).histogram, people(&[2]));
}

/// Every comment is on exactly one page, newest first, also when several have one time.
pub async fn comments_come_newest_first_page_by_page(store: &dyn Store) {
    let project = project(store).await;
    for n in 1..=7_u32 {
        // Numbers 3, 4 and 5 happen at the same time.
        let at = if (3..=5).contains(&n) { 30 } else { n * 10 };
        let answers = vec![score(5), reason(&n.to_string())];
        let one = answered(n, u64::from(at), response(n, 1, answers));
        append(store, batch(project, n, vec![one])).await;
    }
    let (mut seen, mut after) = (Vec::new(), None);
    for size in [2, 2, 2, 1] {
        let mut filter = comments_filter(project, 2);
        filter.after = after;
        let page = ok(store.comments(filter).await);
        assert_eq!(page.items.len(), size);
        after = page.next;
        seen.extend(page.items.into_iter().map(|comment| comment.text));
    }
    assert_eq!(after, None);
    assert_eq!(seen, ["7", "6", "5", "4", "3", "2", "1"]);
}

/// A comment stands beside the score of its response, and names the page.
pub async fn a_comment_brings_its_score_and_page(store: &dyn Store) {
    let project = project(store).await;
    let mut row = response(1, 1, vec![score(2), reason("Slow checkout")]);
    row.language = String::from("de");
    let without = response(2, 1, vec![reason("No score")]);
    let items = vec![answered(1, 10, row), answered(2, 5, without)];
    append(store, batch(project, 1, items)).await;
    let page = ok(store.comments(comments_filter(project, 10)).await);
    let first = &page.items[0];
    assert_eq!(first.score.map(u8::from), Some(2));
    assert_eq!(first.prompt, "reason?");
    assert_eq!(first.page_url, "https://shop.example/cart");
    assert_eq!(first.language, "de");
    assert_eq!(first.cursor.at_ms, T0 + 10);
    assert_eq!(first.cursor.position, 1);
    assert_eq!(page.items[1].score, None);
}

/// Whatever people write comes back as they wrote it.
pub async fn any_text_survives(store: &dyn Store) {
    let project = project(store).await;
    let text = "line\nline \0 \u{1F600} \u{202E} '); DROP TABLE answer; -- \u{10FFFF}";
    let long = "\u{e9}".repeat(10_000);
    let items = vec![
        answered(1, 2, response(1, 1, vec![reason(text)])),
        answered(2, 1, response(2, 1, vec![reason(&long)])),
    ];
    append(store, batch(project, 1, items)).await;
    assert_eq!(texts(store, project).await, [text, &long]);
}
