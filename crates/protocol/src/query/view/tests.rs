//! Turns query strings into views, and holds what they print and what they leave out against that.

use super::*;

fn day(text: &str) -> Option<u64> {
    (text == "2026-11-01").then_some(1_793_491_200_000)
}

fn parse(query: &str) -> Parsed {
    View::parse(query, &["after", "limit"], day)
}

/// Reads a query, and expects what it prints, and what was dropped: name, value, why.
#[track_caller]
fn check(query: &str, printed: &str, dropped: &[(&str, &str, &str)]) {
    let parsed = parse(query);
    assert_eq!(parsed.view.to_string(), printed, "{query}");
    let found: Vec<_> = (parsed.dropped.iter())
        .map(|it| (&*it.param, &*it.value, &*it.why))
        .collect();
    assert_eq!(found, dropped, "{query}");
    let again = parse(printed);
    assert_eq!(
        (again.view, again.dropped),
        (parsed.view, vec![]),
        "{query}"
    );
}

#[test]
fn a_view_is_its_query_string() {
    check("", "", &[]);
    check("?survey=nps&days=28", "survey=nps&days=28", &[]);
    check("status=spam,new,new", "status=new,spam", &[]);
    check("tag=a%20b&tag=c%26d&tag=c%26d", "tag=a+b&tag=c%26d", &[]);
    check("assignee=Ada@Example.com", "assignee=ada@example.com", &[]);
    check(
        "trait.plan=pro&trait.a%3Db=%C3%A9",
        "trait.a%3Db=%C3%A9&trait.plan=pro",
        &[],
    );
    check(
        "is=bot,spam&has=note&device=mobile",
        "device=mobile&has=note&is=spam,bot",
        &[],
    );
    check("from=5&to=9", "from=5&to=9", &[]);
    check(
        "page=/cart*&browser=safari",
        "page=/cart*&browser=safari",
        &[],
    );
}

#[test]
fn scores_are_ranges() {
    for (text, printed) in [
        ("7", "7"),
        ("0-6", "0-6"),
        ("<=6", "0-6"),
        ("<7", "0-6"),
        (">=9", "9-10"),
        (">8", "9-10"),
        ("<1", "0"),
    ] {
        check(&format!("score={text}"), &format!("score={printed}"), &[]);
    }
    for text in ["", "<0", ">10", "11", "6-0", "-1", "x", "<=", "1-", "256"] {
        assert_eq!(ScoreRange::from_name(text), None, "{text}");
    }
}

#[test]
fn what_makes_no_sense_is_named() {
    let none = "no_such_value";
    check("colour=red", "", &[("colour", "red", "unknown")]);
    check(
        "status=new,old&days=7",
        "days=7",
        &[("status", "new,old", none)],
    );
    check("score=12", "", &[("score", "12", none)]);
    check(
        "days=0&from=x",
        "",
        &[("days", "0", none), ("from", "x", "not_a_number")],
    );
    check("from=9&to=9", "from=9", &[("to", "9", "empty_span")]);
    check("survey=", "", &[("survey", "", "empty")]);
    check("assignee=ada", "", &[("assignee", "ada", none)]);
    check("trait.=x", "", &[("trait.", "x", "unknown")]);
}

#[test]
fn a_search_box_is_taken_apart() {
    check(
        "q=slow+%22check+out%22+-fine",
        "q=slow+%22check+out%22+-fine",
        &[],
    );
    check(
        "q=status:new+slow+status:spam",
        "status=new,spam&q=slow",
        &[],
    );
    check(
        "q=lang:de+trait.plan:pro",
        "language=de&trait.plan=pro",
        &[],
    );
    check("q=tag:%22a+b%22+score:%3C%3D6", "tag=a+b&score=0-6", &[]);
    check("q=after:2026-11-01", "from=1793491200000", &[]);
    check("q=https://a.test/x+10:30", "q=https://a.test/x+10:30", &[]);
    check(
        "q=asked:why+-asked:%22how+likely%22",
        "q=asked:why+-asked:%22how+likely%22",
        &[],
    );
    check("q=is:snoozed+has:image", "has=image&is=snoozed", &[]);
    check("q=a+a+%22a%22", "q=a+%22a%22", &[]);
}

#[test]
fn operators_that_say_nothing_are_named() {
    let dropped = |q: &str, all: &[(&str, &str, &str)]| check(&format!("q={q}"), "", all);
    dropped("colour:red", &[("colour", "red", "unknown")]);
    dropped("before:tomorrow", &[("before", "tomorrow", "not_a_day")]);
    dropped("-status:new", &[("status", "new", "cannot_be_left_out")]);
    dropped(
        "!!!+-",
        &[
            ("q", "!!!", "nothing_to_find"),
            ("q", "-", "nothing_to_find"),
        ],
    );
    dropped("status:", &[("status", "", "empty")]);
    dropped("%22", &[]);
    let many: Vec<_> = (0..17).map(|n| format!("w{n}")).collect();
    let parsed = parse(&format!("q={}", many.join("+")));
    assert_eq!(parsed.view.words.len(), MAX_WORDS);
    assert_eq!(parsed.dropped[0].why, "too_many");
}

#[test]
fn other_parameters_are_the_callers() {
    let parsed = parse("after=1.2&limit=5&survey=nps");
    assert_eq!(parsed.others["after"], "1.2");
    assert_eq!(parsed.others["limit"], "5");
    assert_eq!(parsed.dropped, []);
}

#[test]
fn broken_escapes_are_read_as_they_stand() {
    let parsed = parse("page=%zz%e&tag=%ff");
    assert_eq!(parsed.view.page.as_deref(), Some("%zz%e"));
    assert_eq!(parsed.view.tags, ["\u{fffd}"]);
}
