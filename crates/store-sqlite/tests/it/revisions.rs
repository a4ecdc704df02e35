//! Turns any order, repetition and batching of revisions into the same stored answer.

use proptest::prelude::*;
use protocol::id::ResponseId;
use store::conformance::{
    ALWAYS, answer, answered, batch, comments_filter, nps_filter, nth, ok, project, reason,
    response, score,
};
use store::{CommentPage, NewItem, NewValue, NpsCounts, ResponseRow};

use crate::open;

/// Revisions of three responses of two people, some numbers used twice.
fn revision(n: u32, points: u8, text: Option<String>) -> NewItem {
    let answers = match (points, text) {
        (0..=10, Some(text)) => vec![score(points), reason(&text)],
        (0..=10, None) => vec![score(points)],
        _ => vec![answer("score", NewValue::Skipped)],
    };
    let row = ResponseRow {
        response: nth(ResponseId::new, n % 3),
        ..response(0, 1 + n / 6, answers)
    };
    answered(n, u64::from(n) * 7 % 50, row)
}

fn revisions() -> impl Strategy<Value = Vec<NewItem>> {
    let one = (0..=11_u8, proptest::option::of("[a-z]{1,5}"));
    proptest::collection::vec(one, 1..18).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(n, (points, text))| revision(n as u32, points, text))
            .collect()
    })
}

/// What the console would read after these batches.
fn read_after(batches: &[Vec<NewItem>]) -> (NpsCounts, CommentPage) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (_dir, store) = open();
        let project = project(&*store).await;
        for items in batches {
            ok(store.append(batch(project, 1, items.clone())).await);
        }
        let counts = ok(store.nps(nps_filter(project, ALWAYS)).await);
        let comments = ok(store.comments(comments_filter(project, 200)).await);
        (counts, comments)
    })
}

proptest! {
    // Each case makes two files.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_permutation_gives_the_same_answer(
        (sent, shuffled) in revisions().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        size in 1_usize..6,
        repeated in any::<bool>(),
    ) {
        let at_once = read_after(&[sent]);
        let mut batches: Vec<_> = shuffled.chunks(size).map(<[_]>::to_vec).collect();
        if repeated {
            batches.extend(batches.clone());
        }
        prop_assert_eq!(at_once, read_after(&batches));
    }
}
