//! Turns surveys as written into rules and contents, and looks at every part of them.

use protocol::config::{Furniture, SurveyRule};
use protocol::survey::Survey;
use serde_json::{Value, json};
use survey::compile::{content, rules};

/// A survey with these parts in place of the usual ones.
fn survey(parts: &Value) -> Survey {
    let mut survey = json!({
        "id": "s", "name": "S", "language": "en",
        "questions": [{"id": "q", "title": "Why?", "kind": {"text": {"max_chars": 100}}}],
        "endings": [{"id": "thanks", "title": "Thank you"}]
    });
    for (name, part) in parts.as_object().expect("parts by name") {
        survey[name] = part.clone();
    }
    serde_json::from_value(survey).expect("a survey")
}

fn compiled(parts: &[Value]) -> (Vec<SurveyRule>, Furniture) {
    let surveys: Vec<Survey> = parts.iter().map(survey).collect();
    let surveys: Vec<(&Survey, u32)> = surveys.iter().map(|survey| (survey, 1)).collect();
    rules(&surveys)
}

/// A survey with this display rule has this in its compiled rule at `pointer`, and these probes.
#[track_caller]
fn check(show: &Value, pointer: &str, expected: &Value, probes: &Value) {
    let (rules, furniture) = compiled(&[json!({ "show": show })]);
    let rule = serde_json::to_value(&rules[0]).expect("a rule as JSON");
    assert_eq!(rule.pointer(pointer), Some(expected));
    assert_eq!(serde_json::json!(furniture.probes), *probes);
}

#[test]
fn addresses_become_one_condition_each_way() {
    check(
        &json!({"url": [{"contains": "/cart"}, {"equals": "https://a.example/"}],
               "url_not": [{"glob": "*/admin/*"}, {"regex": "/v\\d+/"}]}),
        "/conditions",
        &json!([
            {"fact": "url", "key": "", "negated": false, "any": [
                {"op": "contains", "value": "/cart"}, {"op": "is", "value": "https://a.example/"}]},
            {"fact": "url", "key": "", "negated": true, "any": [
                {"op": "glob", "value": "*/admin/*"}, {"op": "probe", "value": "0"}]},
        ]),
        &json!([{"regex": "/v\\d+/"}]),
    );
}

#[test]
fn people_and_visits_become_conditions() {
    let is = |fact, op, value| json!([{"fact": fact, "key": "", "negated": false, "any": [{"op": op, "value": value}]}]);
    let none = json!([]);
    let at = "/conditions";
    check(
        &json!({"devices": ["phone"]}),
        at,
        &is("device", "is", "phone"),
        &none,
    );
    check(
        &json!({"languages": ["pt"]}),
        at,
        &is("language", "within", "pt"),
        &none,
    );
    check(
        &json!({"pages": 3}),
        at,
        &is("pages", "at_least", "3"),
        &none,
    );
    check(
        &json!({"dwell_ms": 1500}),
        at,
        &is("dwell", "at_least", "1500"),
        &none,
    );
    check(
        &json!({"element": "#a"}),
        at,
        &is("element", "probe", "0"),
        &json!([{"element": "#a"}]),
    );
    check(&json!({}), at, &none, &none);
}

#[test]
fn filters_become_conditions() {
    let filters = json!({"traits": [
        {"key": "plan", "test": {"is": ["pro", "team"]}},
        {"key": "plan", "test": {"is_not": ["free"]}},
        {"key": "mail", "test": {"contains": ["@a."]}},
        {"key": "seats", "test": {"at_least": -5}},
        {"key": "seats", "test": {"below": 10}},
        {"key": "since", "test": "present"}]});
    let of = |key, negated, any: Value| json!({"fact": "trait", "key": key, "negated": negated, "any": any});
    let conditions = json!([
        of(
            "plan",
            false,
            json!([{"op": "is", "value": "pro"}, {"op": "is", "value": "team"}])
        ),
        of("plan", true, json!([{"op": "is", "value": "free"}])),
        of("mail", false, json!([{"op": "contains", "value": "@a."}])),
        of("seats", false, json!([{"op": "at_least", "value": "-5"}])),
        of("seats", false, json!([{"op": "below", "value": "10"}])),
        of("since", false, json!([{"op": "present", "value": ""}])),
    ]);
    check(&filters, "/conditions", &conditions, &json!([]));
}

#[test]
fn what_happens_becomes_triggers() {
    let one = |event| json!({"event": event, "filters": [], "times": 1, "within_ms": 0});
    check(
        &json!({"triggers": [
            {"event": {"name": "checkout", "times": 2, "within_s": 60}},
            {"click": "#buy"}, {"scroll": 50}, "exit", {"click": "#buy"},
            {"breach": {"feature": "checkout", "times": 3, "within_s": 60}}]}),
        "/triggers",
        &json!([
            {"event": "checkout", "filters": [], "times": 2, "within_ms": 60_000},
            one("$0"), one("$1"), one("$2"), one("$0"),
            {"event": "$breach", "times": 3, "within_ms": 60_000, "filters": [
                {"fact": "property", "key": "feature", "negated": false,
                 "any": [{"op": "is", "value": "checkout"}]}]},
        ]),
        &json!([{"click": "#buy"}, {"scroll": 50}, "exit"]),
    );
    check(
        &json!({"cancel": [{"name": "bought", "filters": [{"key": "sum", "test": "present"}]}]}),
        "/cancels/0/filters/0/fact",
        &json!("property"),
        &json!([]),
    );
}

#[test]
fn times_become_milliseconds() {
    let none = json!([]);
    check(&json!({}), "/from_ms", &json!(0), &none);
    let day = json!({"from": "1970-01-02T01:00:00+01:00", "until": "1969-01-01T00:00:00Z"});
    check(&day, "/from_ms", &json!(86_400_000), &none);
    // Over before 1970 is over, not without a limit.
    check(&day, "/until_ms", &json!(1), &none);
    let (rules, _) = compiled(&[json!({"show": {"from": "soon"}})]);
    assert_eq!(rules, []);
}

#[test]
fn waits_keep_scope_and_outcome() {
    check(
        &json!({"again": {"survey": {"seen": {"days": 0}, "completed": "never"},
                         "any": {"dismissed": {"days": 14}}}}),
        "/waits",
        &json!([
            {"scope": "survey", "outcome": "completed", "days": null},
            {"scope": "any", "outcome": "dismissed", "days": 14},
        ]),
        &json!([]),
    );
}

#[test]
fn the_questions_make_the_class() {
    let ends = json!({"low": "Bad", "high": "Good"});
    for (kinds, class) in [
        (vec!["ces", "csat", "nps"], "nps"),
        (vec!["ces", "csat"], "csat"),
        (vec!["ces"], "ces"),
        (vec![], "other"),
    ] {
        let question = |kind: &&str| json!({"id": kind, "title": "?", "kind": {*kind: ends}});
        let questions: Vec<Value> = kinds.iter().map(question).collect();
        let (rules, _) = compiled(&[json!({ "questions": questions })]);
        assert_eq!(json!(rules[0].class), json!(class), "{kinds:?}");
    }
}

#[test]
fn a_missing_language_hides_where_it_is_said() {
    let (rules, _) = compiled(&[json!({"languages": ["de"], "otherwise": "hide"})]);
    let expected = json!([{"fact": "language", "key": "", "negated": false, "any": [
        {"op": "within", "value": "en"}, {"op": "within", "value": "de"}]}]);
    assert_eq!(json!(rules[0].conditions), expected);
}

#[test]
fn an_inline_survey_waits_for_its_element() {
    let look = json!({"placement": "inline", "element": "#here"});
    let (rules, furniture) = compiled(&[json!({"look": look, "show": {"element": "#here"}})]);
    assert!(rules[0].inline);
    assert_eq!(rules[0].conditions.len(), 1);
    assert_eq!(json!(furniture.probes), json!([{"element": "#here"}]));
}

#[test]
fn rules_stand_in_the_order_of_choice() {
    let with = |id, priority| json!({"id": id, "show": {"priority": priority}});
    let (rules, _) = compiled(&[with("b", 1), with("c", 9), with("a", 1)]);
    let ids: Vec<&str> = rules.iter().map(|rule| rule.survey.id.as_str()).collect();
    assert_eq!(ids, ["c", "a", "b"]);
}

#[test]
fn surveys_share_probes() {
    let with = |id, priority| json!({"id": id, "show": {"priority": priority, "element": "#a", "url": [{"regex": "x"}]}});
    let (rules, furniture) = compiled(&[with("a", 1), with("b", 2)]);
    assert_eq!(furniture.probes.len(), 2);
    assert_eq!(rules[0].conditions, rules[1].conditions);
}

#[test]
fn a_feedback_form_is_furniture() {
    let form = json!({"kind": {"feedback": {"launcher": "tab", "label": "Tell us"}},
        "look": {"corner": "top_left"}, "show": {"url": [{"regex": "x"}]}});
    let (rules, furniture) = compiled(&[form]);
    assert_eq!(json!(rules[0].class), json!("feedback"));
    assert_eq!(rules[0].conditions, []);
    assert_eq!(rules[0].waits, []);
    let expected = json!({"probes": [], "launchers": [{"survey": "s", "launcher": "tab",
        "corner": "top_left", "label": "Tell us", "language": "en"}]});
    assert_eq!(json!(furniture), expected);
}

#[test]
fn content_is_in_one_language() {
    let written = survey(&json!({"languages": ["de"],
        "intro": {"title": {"en": "Hello", "de": "Hallo"}},
        "questions": [{"id": "q", "title": {"en": "Why?", "de": "Warum?"}, "button": "Go",
            "kind": {"single_choice": {"options": [{"id": "a", "label": {"en": "A", "de": "Ä"}}]}}}]}));
    let german = content(&written, 7, "de-AT");
    assert_eq!(german.language, "de");
    assert_eq!((german.survey.version, german.format), (7, 2));
    let json = json!(german);
    let at = |pointer| json.pointer(pointer).cloned().unwrap_or_default();
    assert_eq!(at("/intro/title"), json!({"text": "Hallo", "language": ""}));
    assert_eq!(
        at("/questions/0/button"),
        json!({"text": "Go", "language": "en"})
    );
    let label = at("/questions/0/kind/single_choice/options/0/label/text");
    assert_eq!(label, json!("Ä"));
    assert_eq!(content(&written, 7, "fr").language, "en");
}

#[test]
fn text_on_the_accent_follows_from_it() {
    let look = json!({"colors": {"light": {"accent": "#2158a7"},
        "dark": {"accent": "#f0c000", "on_accent": "#111111"}}});
    let colors = content(&survey(&json!({ "look": look })), 1, "en")
        .look
        .colors;
    assert_eq!(colors.light.on_accent.as_deref(), Some("#ffffff"));
    assert_eq!(colors.dark.on_accent.as_deref(), Some("#111111"));
    let plain = content(&survey(&json!({})), 1, "en").look.colors;
    assert_eq!(plain.light.on_accent, None);
}
