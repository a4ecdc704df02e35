//! Turns the promises of [`crate::Inbox`] into behaviours.

use std::collections::BTreeMap;

use protocol::id::ResponseId;
use protocol::query::access::Credential;
use protocol::query::delivery::Bot;
use protocol::query::inbox::{Change, Detail, Item};
use protocol::query::view::{Aside, Status, View};

use super::build::*;
use crate::{
    AuditEntry, InboxFilter, InboxStep, Meant, NewItem, ProjectId, Respondent, ResponseRow,
    Stepped, Store,
};

/// What a query shows at [`T0`].
pub fn shown_by(project: ProjectId, query: &str) -> InboxFilter {
    let parsed = View::parse(query, &[], |_| None);
    assert_eq!(parsed.dropped, [], "{query}");
    InboxFilter {
        project,
        view: parsed.view,
        now_ms: T0,
    }
}

/// Everything that a query shows, newest first.
pub async fn items(store: &dyn Store, project: ProjectId, query: &str) -> Vec<Item> {
    ok(store.inbox(shown_by(project, query), None, 200).await).items
}

/// Numbers of the responses that a query shows, newest first.
pub async fn seen(store: &dyn Store, project: ProjectId, query: &str) -> Vec<u32> {
    let all = items(store, project, query).await;
    all.iter().map(|item| number(item.response)).collect()
}

pub(super) fn number(id: ResponseId) -> u32 {
    let bytes = id.0.as_bytes();
    u32::from_be_bytes([bytes[12], bytes[13], bytes[14], bytes[15]])
}

/// A line for the audit log.
pub fn deed(project: ProjectId) -> AuditEntry {
    AuditEntry {
        project,
        at_ms: T0 + 5,
        credential: Credential::Session,
        actor: String::from("ada@example.com"),
        action: String::from("inbox.change"),
        target: String::from("status"),
        detail: String::new(),
    }
}

/// These responses are to be changed.
pub fn step_of(project: ProjectId, ids: &[u32], change: Change) -> InboxStep {
    let ids = ids.iter().map(|n| nth(ResponseId::new, *n)).collect();
    InboxStep {
        meant: Meant::Ids(ids),
        change,
        expect: None,
        rev: None,
        entry: deed(project),
    }
}

/// Changes these responses, and answers the step.
pub async fn put(store: &dyn Store, project: ProjectId, ids: &[u32], change: Change) -> u64 {
    let stepped = ok(store.inbox_change(step_of(project, ids, change)).await);
    match stepped {
        Stepped::Done {
            step: Some(step), ..
        } => step,
        other => panic!("nothing was changed: {other:?}"),
    }
}

pub(super) fn wrote(n: u32, text: &str) -> NewItem {
    answered(
        n,
        u64::from(n),
        response(n, 1, vec![score(5), reason(text)]),
    )
}

pub(super) async fn three(store: &dyn Store) -> ProjectId {
    let project = project(store).await;
    let all = vec![wrote(1, "one"), wrote(2, "two"), wrote(3, "three")];
    append(store, batch(project, 1, all)).await;
    project
}

pub(super) async fn detail(store: &dyn Store, project: ProjectId, n: u32) -> Detail {
    let found = ok(store.inbox_item(project, nth(ResponseId::new, n)).await);
    match found {
        Some(detail) => detail,
        None => panic!("response {n} is not there"),
    }
}

/// Whatever was written is in the inbox, and all feedback; scores alone are not.
pub async fn what_was_written_is_in_the_inbox(store: &dyn Store) {
    let project = project(store).await;
    let mut off = reason("taken back");
    off.off_path = true;
    let mut feedback = response(4, 1, vec![]);
    feedback.feedback = true;
    let all = vec![
        answered(1, 1, response(1, 1, vec![score(9)])),
        answered(
            2,
            2,
            response(2, 1, vec![score(2), reason("Slow checkout")]),
        ),
        answered(3, 3, response(3, 1, vec![score(9), off])),
        answered(4, 4, feedback),
    ];
    append(store, batch(project, 1, all)).await;
    let found = items(store, project, "").await;
    assert_eq!(seen(store, project, "").await, [4, 2]);
    let item = &found[1];
    assert_eq!(item.excerpt[0].text, "Slow checkout");
    assert_eq!(item.score.as_ref().map(|it| it.points), Some(2));
    assert_eq!((item.status, &*item.survey), (Status::New, "nps"));
    assert_eq!((item.at_ms, item.rev), (T0 + 2, 0));
    assert!(found[0].feedback && found[0].excerpt.is_empty());
    let elsewhere = super::build::project(store).await;
    assert_eq!(items(store, elsewhere, "").await, []);
    // What is not in the inbox can be looked at.
    assert_eq!(detail(store, project, 1).await.answers[0].kind, "nps");
    let none = store.inbox_item(elsewhere, nth(ResponseId::new, 1)).await;
    assert_eq!(ok(none), None);
}

/// Every item is on exactly one page, newest first, also when several have one time.
pub async fn the_inbox_comes_page_by_page(store: &dyn Store) {
    let project = project(store).await;
    for n in 1..=7_u32 {
        let at = if (3..=5).contains(&n) { 30 } else { n * 10 };
        let one = answered(n, u64::from(at), response(n, 1, vec![reason("x")]));
        append(store, batch(project, n, vec![one])).await;
    }
    let (mut found, mut after) = (Vec::new(), None);
    for size in [3, 3, 1] {
        let page = ok(store.inbox(shown_by(project, ""), after, 3).await);
        assert_eq!(page.items.len(), size);
        after = page.next;
        found.extend(page.items.iter().map(|item| number(item.response)));
    }
    assert_eq!(after, None);
    assert_eq!(found, [7, 6, 5, 4, 3, 2, 1]);
}

pub(super) fn various(n: u32, change: impl FnOnce(&mut ResponseRow)) -> NewItem {
    let mut row = response(n, 1, vec![score(5), reason("x")]);
    change(&mut row);
    answered(n, u64::from(n), row)
}

/// Each parameter of a view leaves out what it is not about.
pub async fn a_view_shows_what_it_says(store: &dyn Store) {
    let project = project(store).await;
    let about = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        let pairs = pairs
            .iter()
            .map(|(key, value)| ((*key).into(), (*value).into()));
        pairs.collect()
    };
    let all = vec![
        various(1, |row| row.survey = reference("other")),
        various(2, |row| {
            row.page_url = String::from("https://shop.example/50%_off")
        }),
        various(3, |row| row.language = String::from("de-AT")),
        various(4, |row| {
            row.respondent = Some(Respondent {
                id: String::from("u-1"),
                verified: false,
                traits: about(&[("plan", "pro"), ("country", "CH"), ("a\"b.c", "1")]),
            });
        }),
        various(5, |row| {
            row.context = about(&[("version", "2.1"), ("country", "at")])
        }),
        various(6, |row| row.answers = vec![score(10), reason("x")]),
        various(7, |row| row.answers = vec![reason("x")]),
    ];
    append(store, batch(project, 1, all)).await;
    for (query, expected) in [
        ("survey=other", &[1][..]),
        ("question=score", &[6, 5, 4, 3, 2, 1]),
        ("page=50%25_", &[2]),
        ("page=shop*off", &[2]),
        ("page=50_", &[]),
        ("language=de", &[3]),
        ("language=de-at", &[3]),
        ("language=d", &[]),
        ("trait.plan=pro", &[4]),
        ("trait.plan=p", &[]),
        ("trait.a%22b.c=1", &[4]),
        ("country=ch", &[4]),
        ("country=AT", &[5]),
        ("version=2.1", &[5]),
        ("score=9-10", &[6]),
        ("score=5&survey=nps", &[5, 4, 3, 2]),
        ("from=1793491200003&to=1793491200005", &[4, 3]),
        ("browser=other&survey=other", &[1]),
        ("device=mobile", &[]),
        ("status=triaged", &[]),
        ("assignee=none&survey=other", &[1]),
        ("assignee=ada@example.com", &[]),
        ("tag=slow", &[]),
        ("has=note", &[]),
        ("has=image", &[]),
        ("is=archived", &[]),
    ] {
        assert_eq!(seen(store, project, query).await, expected, "{query}");
    }
}

/// Words are found as they begin, without case and accents; phrases whole; and what must not be there is
/// left out. No text is a mistake.
pub async fn words_are_found(store: &dyn Store) {
    let project = project(store).await;
    let all = vec![
        wrote(1, "The checkout is slow, and slow again"),
        wrote(2, "Checking out was a JOY. Café!"),
        wrote(3, "\"Quoted\" AND * (NEAR) {said} : NOT ^ -- \u{1F600}"),
    ];
    append(store, batch(project, 1, all)).await;
    for (query, expected) in [
        ("q=check", &[2, 1][..]),
        ("q=CHECKOUT", &[1]),
        ("q=%22check%22", &[]),
        ("q=%22checking+out%22", &[2]),
        ("q=%22out+checking%22", &[]),
        ("q=slow+again", &[1]),
        ("q=slow+joy", &[]),
        ("q=cafe", &[2]),
        ("q=-slow", &[3, 2]),
        ("q=check+-slow", &[2]),
        ("q=asked:reason", &[3, 2, 1]),
        ("q=asked:reason+joy", &[2]),
        ("q=reason", &[]),
        ("q=and", &[3, 1]),
        ("q=near(", &[3]),
        ("q=%7Bsaid%7D", &[3]),
        ("q=not%22", &[3]),
    ] {
        assert_eq!(seen(store, project, query).await, expected, "{query}");
    }
    let found = items(store, project, "q=slow").await;
    let marked: Vec<_> = (found[0].excerpt.iter())
        .map(|piece| (&*piece.text, piece.hit))
        .collect();
    let expected = [
        ("The checkout is ", false),
        ("slow", true),
        (", and ", false),
        ("slow", true),
        (" again", false),
    ];
    assert_eq!(marked, expected);
}

/// What a later revision says is found, and what it no longer says is not.
pub async fn words_follow_revisions(store: &dyn Store) {
    let project = project(store).await;
    let first = answered(1, 1, response(1, 1, vec![reason("slow")]));
    let second = answered(2, 2, response(1, 2, vec![reason("quick")]));
    append(store, batch(project, 1, vec![first.clone()])).await;
    put(store, project, &[1], Change::Status(Status::Planned)).await;
    append(store, batch(project, 1, vec![second])).await;
    let late = answered(3, 3, response(1, 1, vec![reason("late")]));
    append(store, batch(project, 1, vec![late])).await;
    assert_eq!(seen(store, project, "q=quick").await, [1]);
    assert_eq!(seen(store, project, "q=slow").await, [0_u32; 0]);
    assert_eq!(seen(store, project, "q=late").await, [0_u32; 0]);
    // Its state stays.
    assert_eq!(seen(store, project, "status=planned").await, [1]);
    let third = answered(4, 4, response(1, 3, vec![score(1)]));
    append(store, batch(project, 1, vec![third])).await;
    assert_eq!(seen(store, project, "").await, [0_u32; 0]);
    assert_eq!(seen(store, project, "q=quick").await, [0_u32; 0]);
}

/// Each field changes, says so, and changes back.
pub async fn a_step_is_told_and_undone(store: &dyn Store) {
    let project = three(store).await;
    let person = crate::NewPerson {
        project,
        email: String::from("Bo@example.com"),
        password_hash: String::from("hash"),
        role: protocol::query::access::Role::Responder,
    };
    ok(store.put_person(person, T0).await);
    let bo = || String::from("bo@example.com");
    let until = T0 + 1_000;
    let two = nth(ResponseId::new, 2);
    for (change, query, field, to) in [
        (
            Change::Status(Status::Triaged),
            "status=triaged",
            "status",
            "triaged",
        ),
        (
            Change::Assignee(Some(bo())),
            "assignee=bo@example.com",
            "assignee",
            "bo@example.com",
        ),
        (
            Change::Snooze(Some(until)),
            "is=snoozed",
            "snooze",
            "1793491201000",
        ),
        (Change::Archived(true), "is=archived", "archived", "1"),
        (
            Change::AddTag(String::from("Slow")),
            "tag=sLOW",
            "tag",
            "Slow",
        ),
        (
            Change::DuplicateOf(two),
            "status=duplicate",
            "duplicate_of",
            &two.to_string(),
        ),
    ] {
        let before = items(store, project, "").await;
        let step = put(store, project, &[3, 2, 3], change).await;
        let both = seen(store, project, query).await;
        // Nothing is its own duplicate.
        let expected = if field == "duplicate_of" {
            &[3][..]
        } else {
            &[3, 2]
        };
        assert_eq!(both, expected, "{query}");
        let line = detail(store, project, 3).await.changes;
        let line = line
            .iter()
            .find(|line| line.step == step && line.field == field);
        let line = line.map(|line| (&*line.actor, line.at_ms, line.to.as_deref()));
        assert_eq!(line, Some(("ada@example.com", T0 + 5, Some(to))), "{field}");
        let undone = ok(store.inbox_undo(step, deed(project)).await);
        let n = expected.len() as u64;
        assert!(
            matches!(undone, Stepped::Done { matched, changed, .. } if (matched, changed) == (n, n)),
            "{undone:?}"
        );
        assert_eq!(seen(store, project, query).await, [0_u32; 0], "{query}");
        let mut after = items(store, project, "").await;
        for (after, before) in after.iter_mut().zip(&before) {
            assert!(after.rev >= before.rev);
            after.rev = before.rev;
        }
        assert_eq!(after, before, "{field}");
    }
    let log = ok(store.audit_log(project, None, 100).await);
    assert_eq!(log.len(), 12);
    assert_eq!(log[11].1.detail, "2 changed");
}

/// A step leaves alone what somebody has changed since when it is undone, and can itself be undone.
pub async fn an_undone_step_respects_others(store: &dyn Store) {
    let project = three(store).await;
    put(store, project, &[1], Change::Status(Status::Planned)).await;
    let step = put(store, project, &[1, 2, 3], Change::Status(Status::Declined)).await;
    put(store, project, &[2], Change::Status(Status::Shipped)).await;
    let undone = ok(store.inbox_undo(step, deed(project)).await);
    let Stepped::Done {
        matched: 3,
        changed: 2,
        step: Some(back),
    } = undone
    else {
        panic!("{undone:?}");
    };
    for (status, expected) in [("planned", 1), ("shipped", 2), ("new", 3)] {
        let query = format!("status={status}");
        assert_eq!(seen(store, project, &query).await, [expected], "{query}");
    }
    ok(store.inbox_undo(back, deed(project)).await);
    assert_eq!(seen(store, project, "status=declined").await, [3, 1]);
    // Nothing is left to undo; and nobody undoes what others did elsewhere.
    let again = ok(store.inbox_undo(back, deed(project)).await);
    assert!(
        matches!(again, Stepped::Done { step: None, .. }),
        "{again:?}"
    );
    let other = super::build::project(store).await;
    let refused = ok(store.inbox_undo(step, deed(other)).await);
    assert_eq!(refused, Stepped::Missing);
}

/// A change of all that a view shows is of all of them, or of none when there are others than expected.
pub async fn all_that_a_view_shows_is_changed(store: &dyn Store) {
    let project = three(store).await;
    let elsewhere = three(store).await;
    let mut step = InboxStep {
        meant: Meant::All(Box::new(shown_by(project, "q=-two"))),
        expect: Some(3),
        ..step_of(project, &[], Change::Status(Status::Triaged))
    };
    let refused = ok(store.inbox_change(step.clone()).await);
    assert_eq!(refused, Stepped::Other { matched: 2 });
    assert_eq!(seen(store, project, "status=triaged").await, [0_u32; 0]);
    step.expect = Some(2);
    let done = ok(store.inbox_change(step.clone()).await);
    assert!(matches!(done, Stepped::Done { changed: 2, .. }), "{done:?}");
    assert_eq!(seen(store, project, "status=triaged").await, [3, 1]);
    assert_eq!(seen(store, elsewhere, "status=triaged").await, [0_u32; 0]);
    // The same again changes nothing, and is no step.
    let again = ok(store.inbox_change(step).await);
    let unchanged = Stepped::Done {
        matched: 2,
        changed: 0,
        step: None,
    };
    assert_eq!(again, unchanged);
    assert_eq!(ok(store.audit_log(project, None, 10).await).len(), 1);
}

/// Whoever was slower hears so; what names what is not there changes nothing.
pub async fn a_slower_change_is_refused(store: &dyn Store) {
    let project = three(store).await;
    let change = |rev, status| InboxStep {
        rev: Some(rev),
        ..step_of(project, &[1], Change::Status(status))
    };
    let first = ok(store.inbox_change(change(0, Status::Planned)).await);
    assert!(
        matches!(first, Stepped::Done { changed: 1, .. }),
        "{first:?}"
    );
    let second = ok(store.inbox_change(change(0, Status::Declined)).await);
    assert_eq!(second, Stepped::Faster);
    assert_eq!(detail(store, project, 1).await.item.status, Status::Planned);
    let nobody = Change::Assignee(Some(String::from("who@example.com")));
    let nothing = Change::DuplicateOf(nth(ResponseId::new, 99));
    for change in [nobody, nothing] {
        let refused = ok(store.inbox_change(step_of(project, &[1], change)).await);
        assert_eq!(refused, Stepped::Missing);
    }
    let other = super::build::project(store).await;
    let elsewhere = step_of(other, &[1], Change::Status(Status::Declined));
    let unchanged = ok(store.inbox_change(elsewhere).await);
    assert!(
        matches!(unchanged, Stepped::Done { matched: 0, .. }),
        "{unchanged:?}"
    );
}

/// Spam, what is put away and what no person gave are in no list and no number, until they are asked for
/// by name, and count again when that is taken back.
pub async fn what_is_kept_aside_counts_nowhere(store: &dyn Store) {
    let project = three(store).await;
    let mut robot = batch(project, 4, vec![wrote(4, "beep")]);
    robot.signs.bot = Some(Bot::Name);
    append(store, robot).await;
    // One person an install: who gave 1 to 3 is one.
    let other = wrote(5, "five");
    append(store, batch(project, 5, vec![other])).await;
    assert_eq!(counts(store, project).await.histogram[5], 2);
    assert_eq!(seen(store, project, "is=bot").await, [4]);
    let spam = put(store, project, &[5], Change::Status(Status::Spam)).await;
    put(store, project, &[3], Change::Archived(true)).await;
    assert_eq!(seen(store, project, "").await, [2, 1]);
    assert_eq!(texts(store, project).await, ["two", "one"]);
    assert_eq!(counts(store, project).await.histogram[5], 1);
    assert_eq!(seen(store, project, "is=spam").await, [5]);
    assert_eq!(seen(store, project, "is=archived,spam").await, [5, 3]);
    assert_eq!(seen(store, project, "q=five").await, [0_u32; 0]);
    let item = &items(store, project, "is=bot").await[0];
    assert_eq!(item.aside, [Aside::Bot]);
    ok(store.inbox_undo(spam, deed(project)).await);
    assert_eq!(seen(store, project, "").await, [5, 2, 1]);
    assert_eq!(counts(store, project).await.histogram[5], 2);
}

/// What is snoozed comes back at its time, or when there is something new; it is found by its words.
pub async fn what_is_snoozed_comes_back(store: &dyn Store) {
    let project = three(store).await;
    put(store, project, &[1, 2], Change::Snooze(Some(T0 + 100))).await;
    assert_eq!(seen(store, project, "").await, [3]);
    assert_eq!(seen(store, project, "is=snoozed").await, [2, 1]);
    assert_eq!(seen(store, project, "q=one").await, [1]);
    assert_eq!(texts(store, project).await.len(), 3, "it counts");
    let later = InboxFilter {
        now_ms: T0 + 100,
        ..shown_by(project, "")
    };
    assert_eq!(ok(store.inbox(later, None, 9).await).items.len(), 3);
    let more = answered(9, 9, response(2, 2, vec![reason("two and more")]));
    append(store, batch(project, 1, vec![more])).await;
    assert_eq!(seen(store, project, "").await, [2, 3]);
}

/// Who was erased is in no list, and nothing of them is in what others say.
pub async fn what_was_erased_leaves_the_inbox(store: &dyn Store) {
    let project = project(store).await;
    let mine = super::custody::said(1, None, "mine alone", &[]);
    append(store, batch(project, 1, vec![mine])).await;
    let theirs = super::custody::said(2, None, "theirs", &[]);
    append(store, batch(project, 2, vec![theirs])).await;
    let original = nth(ResponseId::new, 1);
    put(store, project, &[2], Change::DuplicateOf(original)).await;
    put(store, project, &[1], Change::AddTag(String::from("slow"))).await;
    super::custody::erase(store, project, super::custody::install(1)).await;
    assert_eq!(seen(store, project, "").await, [2]);
    assert_eq!(seen(store, project, "q=mine").await, [0_u32; 0]);
    let left = detail(store, project, 2).await;
    assert_eq!(left.item.duplicate_of, None);
    assert!(!format!("{left:?}").contains(&original.to_string()));
    ok(store.rewrite().await);
    assert_eq!(seen(store, project, "q=theirs").await, [2]);
}
