//! Turns more promises of [`crate::Inbox`] into behaviours: what a team adds, counts and is suggested.

use std::collections::BTreeMap;

use protocol::id::ResponseId;
use protocol::query::inbox::{Change, Detail};
use protocol::query::view::{Aside, Status};

use super::build::*;
use super::inbox::*;
use crate::{Amended, Respondent, Store};

/// What a view shows is counted by everything that it can be narrowed to, and what is kept aside beside it.
pub async fn the_inbox_is_counted(store: &dyn Store) {
    let project = three(store).await;
    let other = various(4, |row| row.survey = reference("other"));
    append(store, batch(project, 4, vec![other])).await;
    put(store, project, &[1], Change::Status(Status::Planned)).await;
    put(store, project, &[2], Change::Status(Status::Spam)).await;
    put(store, project, &[3], Change::Snooze(Some(T0 + 1))).await;
    put(
        store,
        project,
        &[1, 2, 4],
        Change::AddTag(String::from("slow")),
    )
    .await;
    let counts = |query| store.inbox_counts(shown_by(project, query));
    let all = ok(counts("").await);
    assert_eq!(all.total, 2);
    let status = [(Status::New, 1), (Status::Planned, 1)];
    assert_eq!(all.status, BTreeMap::from(status));
    let survey = [("nps", 1), ("other", 1)].map(|(name, n)| (name.into(), n));
    assert_eq!(all.survey, BTreeMap::from(survey));
    assert_eq!(all.tag, BTreeMap::from([(String::from("slow"), 2)]));
    assert_eq!(all.assignee, BTreeMap::from([(String::new(), 2)]));
    let aside = [(Aside::Spam, 1), (Aside::Snoozed, 1)];
    assert_eq!(all.aside, BTreeMap::from(aside));
    let planned = ok(counts("status=planned").await);
    assert_eq!((planned.total, planned.status), (1, all.status));
    assert_eq!(planned.survey.len(), 1);
    let spam = ok(counts("is=spam&survey=nps").await);
    assert_eq!((spam.total, spam.tag.len()), (1, 1));
    // One number everywhere.
    for query in [
        "",
        "status=planned",
        "is=spam",
        "is=snoozed",
        "q=one",
        "tag=slow",
    ] {
        let total = ok(counts(query).await).total;
        assert_eq!(
            total,
            items(store, project, query).await.len() as u64,
            "{query}"
        );
    }
}

/// A tag has one name without case; it can be renamed, merged and forgotten.
pub async fn tags_are_renamed_merged_and_forgotten(store: &dyn Store) {
    let project = three(store).await;
    let other = super::build::project(store).await;
    put(
        store,
        project,
        &[1, 2],
        Change::AddTag(String::from("slow")),
    )
    .await;
    put(
        store,
        project,
        &[2, 3],
        Change::AddTag(String::from("Speed")),
    )
    .await;
    let slow = ok(store.put_tag(String::from("SLOW"), deed(project)).await);
    assert_eq!((&*slow.name, slow.responses), ("slow", 2));
    let speed = ok(store.put_tag(String::from("speed"), deed(project)).await);
    let elsewhere = ok(store.put_tag(String::from("slow"), deed(other)).await);
    assert_ne!(elsewhere.id, slow.id);
    let rename = |tag, name: &str| store.rename_tag(tag, name.into(), deed(project));
    assert_eq!(ok(rename(slow.id, "SPEED").await), Amended::Taken);
    assert_eq!(ok(rename(elsewhere.id, "x").await), Amended::Missing);
    assert_eq!(ok(rename(slow.id, "Slowness").await), Amended::Done);
    assert_eq!(seen(store, project, "tag=slowness").await, [2, 1]);
    let merge = |from, into| store.merge_tags(from, into, deed(project));
    for (from, into) in [(slow.id, slow.id), (slow.id, elsewhere.id), (99, slow.id)] {
        assert_eq!(ok(merge(from, into).await), None);
    }
    assert_eq!(ok(merge(slow.id, speed.id).await), Some(1));
    assert_eq!(seen(store, project, "tag=speed").await, [3, 2, 1]);
    let names: Vec<_> = ok(store.tags(project).await)
        .into_iter()
        .map(|tag| (tag.name, tag.responses))
        .collect();
    assert_eq!(names, [(String::from("Speed"), 3)]);
    let remove = |tag| store.remove_tag(tag, deed(project));
    assert_eq!(ok(remove(slow.id).await), Amended::Missing);
    assert_eq!(ok(remove(speed.id).await), Amended::Done);
    assert_eq!(items(store, project, "").await[0].tags, [""; 0]);
    assert_eq!(ok(store.tags(other).await).len(), 1);
}

/// A note belongs to whoever wrote it.
pub async fn a_note_is_its_authors(store: &dyn Store) {
    let project = three(store).await;
    let one = nth(ResponseId::new, 1);
    let note = ok(store
        .add_note(one, String::from("Call them"), deed(project))
        .await);
    let Some(note) = note else {
        panic!("there is no response")
    };
    assert_eq!((&*note.author, note.at_ms), ("ada@example.com", T0 + 5));
    assert_eq!(seen(store, project, "has=note").await, [1]);
    let mut bo = deed(project);
    bo.actor = String::from("bo@example.com");
    bo.at_ms = T0 + 9;
    let edit = |entry| store.edit_note(note.id, String::from("Called"), entry);
    assert_eq!(ok(edit(bo.clone()).await), Amended::NotYours);
    let other = super::build::project(store).await;
    assert_eq!(ok(edit(deed(other)).await), Amended::Missing);
    assert_eq!(ok(edit(deed(project)).await), Amended::Done);
    let notes = detail(store, project, 1).await.notes;
    assert_eq!(
        (&*notes[0].text, notes[0].edited_ms),
        ("Called", Some(T0 + 5))
    );
    assert_eq!(ok(store.remove_note(note.id, bo).await), Amended::NotYours);
    assert_eq!(
        ok(store.remove_note(note.id, deed(project)).await),
        Amended::Done
    );
    assert_eq!(
        ok(store.remove_note(note.id, deed(project)).await),
        Amended::Missing
    );
    let nothing = store.add_note(nth(ResponseId::new, 9), String::from("x"), deed(project));
    assert_eq!(ok(nothing.await), None);
    assert_eq!(detail(store, project, 1).await.notes, []);
}

/// What came from one browser profile, or from one person, is one list.
pub async fn a_timeline_is_of_one_person(store: &dyn Store) {
    let project = project(store).await;
    let of = |n, person: Option<&str>| {
        various(n, |row| {
            row.respondent = person.map(|id| Respondent {
                id: id.into(),
                ..Respondent::default()
            });
        })
    };
    let mut scored = of(3, None);
    if let crate::Body::Response(row) = &mut scored.body {
        row.answers = vec![score(9)];
    }
    append(
        store,
        batch(project, 1, vec![of(1, Some("ada")), of(2, None), scored]),
    )
    .await;
    append(
        store,
        batch(project, 2, vec![of(4, Some("ada")), of(5, Some("bo"))]),
    )
    .await;
    put(store, project, &[2], Change::Archived(true)).await;
    let told = |whose| store.timeline(project, whose, 200);
    for (whose, expected) in [
        (super::custody::install(1), &[3, 2, 1][..]),
        (super::custody::named("ada"), &[4, 1]),
        (super::custody::named(""), &[]),
        (crate::Subject::Response(nth(ResponseId::new, 4)), &[5, 4]),
    ] {
        let found = ok(told(whose.clone()).await);
        let found: Vec<_> = found.iter().map(|item| number(item.response)).collect();
        assert_eq!(found, expected, "{whose:?}");
    }
    assert_eq!(detail(store, project, 1).await.others, 3);
    assert_eq!(detail(store, project, 5).await.others, 1);
}

/// What has rare words in common is suggested, the likest first, and nothing that is kept aside.
pub async fn what_is_alike_is_suggested(store: &dyn Store) {
    let project = project(store).await;
    let texts = [
        "The voucher code at checkout is refused",
        "Voucher code refused, tried twice",
        "I love the colours",
        "The voucher was fine",
        "Voucher code refused by a robot",
    ];
    let all = (1..).zip(texts).map(|(n, text)| wrote(n, text)).collect();
    append(store, batch(project, 1, all)).await;
    put(store, project, &[5], Change::Status(Status::Spam)).await;
    let similar = |detail: Detail| -> Vec<u32> {
        let all = detail.similar.iter();
        all.map(|item| number(item.response)).collect()
    };
    assert_eq!(similar(detail(store, project, 1).await), [2, 4]);
    assert_eq!(similar(detail(store, project, 3).await), [0_u32; 0]);
    let marked = &detail(store, project, 1).await.similar[0].excerpt;
    assert_eq!((&*marked[0].text, marked[0].hit), ("Voucher", true));
}

/// An export has all that was written, and the same items as the list.
pub async fn an_export_is_whole(store: &dyn Store) {
    let project = project(store).await;
    let long = "word ".repeat(400);
    append(store, batch(project, 1, vec![wrote(1, long.trim())])).await;
    let part = &items(store, project, "q=word").await[0];
    assert!(part.excerpt.len() > 1);
    let page = ok(store
        .inbox_whole(shown_by(project, "q=word"), None, 9)
        .await);
    assert_eq!(page.items[0].excerpt[0].text, long.trim());
    assert_eq!(page.items.len(), 1);
}
