//! Turns who the person is, what they allow and when they leave into what is kept and sent.

use crate::page::{MINUTE, Page, SECOND, check, list, popover, response, rule};

#[test]
fn a_response_says_whose_it_is() {
    let mut page = Page::open("nps");
    page.say("traits", &list(&["plan", "free", "name", "Zoë 🫖"]));
    page.say("identify", r#"{"id":"u1","signature":"00ff"}"#);
    page.say("traits", &list(&["plan", "pro"]));
    page.nps(9);
    page.progress(r#"{"context":{"browser":"Firefox"}}"#);
    page.wait(SECOND);
    let sent = response(&page);
    let person = sent.person.unwrap();
    assert_eq!(
        (person.id.as_str(), person.signature.as_str()),
        ("u1", "00ff")
    );
    assert_eq!(person.traits["plan"], "pro");
    assert_eq!(person.traits["name"], "Zoë 🫖");
    assert_eq!(sent.context["browser"], "Firefox");
    // Somebody else has none of it.
    page.say("identify", r#"{"id":"u2"}"#);
    page.accept();
    page.text("More");
    page.wait(SECOND);
    let person = response(&page).person.unwrap();
    assert_eq!((person.id.as_str(), person.traits.len()), ("u2", 0));
}

#[test]
fn a_person_known_by_traits_only_is_sent_without_an_id() {
    let mut page = Page::open("nps");
    page.nps(9);
    page.wait(SECOND);
    assert_eq!(response(&page).person, None);
    page.accept();
    page.say("traits", &list(&["plan", "pro"]));
    page.text("More");
    page.wait(SECOND);
    assert_eq!(response(&page).person.unwrap().traits["plan"], "pro");
}

#[test]
fn a_reset_forgets_and_what_happened_before_stays_theirs() {
    let rules = [popover("nps")];
    let (mut page, _) = Page::new(&rules);
    page.shown();
    page.nps(9);
    check(
        page.plain("reset"),
        "hide\nwipe\nsend b1 [r1.1 score=9, impression nps]",
    );
    page.accept();
    check(page.go("https://shop.example/b"), "show nps@1");
    page.shown();
    page.wait(3 * SECOND);
    let [before, after] = [0, 1].map(|i| page.sent[i].install);
    assert_ne!(before, after);
}

#[test]
fn a_reset_in_one_tab_is_one_in_all() {
    let rules = [rule("nps")];
    let (mut here, _) = Page::new(&rules);
    let (mut there, _) = Page::new(&rules);
    there.sync(&here.saved.clone());
    here.plain("reset");
    there.sync(&here.saved);
    there.plain("visible");
    here.sync(&there.saved.clone());
    assert_eq!(here.saved[..40], there.saved[..40]);
}

#[test]
fn without_consent_nothing_is_kept_and_nothing_asks_by_itself() {
    let mut page = Page::bare();
    check(page.call("consent", [0; 3], [""; 3]), "wipe");
    check(page.configure(&[popover("nps")]), "");
    page.wait(MINUTE);
    assert!(page.saved.is_empty());
    check(page.show_with("nps", 1), "show nps@1 by person");
    page.shown();
    page.nps(3);
    assert!(page.saved.is_empty());
    page.call("consent", [1, 0, 0], [""; 3]);
    assert!(!page.saved.is_empty());
}

#[test]
fn what_surveys_need_is_put_up() {
    let mut page = Page::bare();
    let furniture = r#"{"probes":[{"click":"a \"b\""},"exit"],"launchers":[]}"#;
    check(page.furnish(&[], furniture), "furnish");
}
