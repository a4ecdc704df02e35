//! Turns one broken part after the other into the one thing that is said of it.

use serde_json::json;

use super::check;

/// Each case: what is broken, and what is said.
macro_rules! cases {
    ($($name:ident { $({ $($at:literal: $part:tt),* } => [$(($pointer:literal, $code:literal)),*],)+ })+) => {
        $(#[test]
        fn $name() {
            $(check(&[$(($at, json!($part))),*], &[$(($pointer, $code)),*]);)+
        })+
    };
}

cases! {
    ids_are_slugs_and_differ {
        { "/id": "My survey" } => [("/id", "id")],
        { "/questions/2/id": "" } => [("/questions/2/id", "id")],
        { "/questions/2/id": "score" } => [("/questions/2/id", "duplicate_id")],
        { "/questions/1/kind/multiple_choice/options/1/id": "a" } =>
            [("/questions/1/kind/multiple_choice/options/1/id", "duplicate_id")],
        { "/questions/1/kind/multiple_choice/options/1/id": "other" } =>
            [("/questions/1/kind/multiple_choice/options/1/id", "reserved_id")],
        { "/endings/0/id": "Thanks" } => [("/endings/0/id", "id")],
        { "/endings/1": {"id": "thanks", "title": "T"} } =>
            [("/endings/1", "unreachable_ending"), ("/endings/1/id", "duplicate_id")],
    }

    parts_are_there {
        { "/name": " " } => [("/name", "name")],
        { "/questions": [] } => [("/questions", "no_questions")],
        { "/endings": [] } => [("/endings", "no_endings")],
        { "/questions/0/title": "" } =>
            [("/questions/0/title", "empty_text"), ("/questions/0/title", "nps_wording")],
        { "/questions/2/button": "" } => [("/questions/2/button", "empty_text")],
        { "/questions/0/kind/nps/high": "\t" } => [("/questions/0/kind/nps/high", "empty_text")],
        { "/intro": {"title": ""} } => [("/intro/title", "empty_text")],
        { "/kind": {"feedback": {"label": ""}} } => [("/kind/feedback/label", "empty_text")],
        { "/endings/0/title": "" } => [("/endings/0/title", "empty_text")],
        { "/questions/2/title": (["x"; 10_001].concat()) } =>
            [("/questions/2/title", "text_too_long")],
        { "/questions/1/kind/multiple_choice/options/0/label": (["x"; 1_000].concat()) } => [],
        { "/questions/1/kind/multiple_choice/options/0/label": (["x"; 1_001].concat()),
          "/questions/1/kind/multiple_choice/other": (["x"; 1_001].concat()),
          "/questions/1/kind/multiple_choice/none": {"en": (["x"; 1_001].concat())} } =>
            [("/questions/1/kind/multiple_choice/none/en", "text_too_long"),
             ("/questions/1/kind/multiple_choice/options/0/label", "text_too_long"),
             ("/questions/1/kind/multiple_choice/other", "text_too_long")],
    }

    limits_fit_something {
        { "/questions/2/kind/text/max_chars": 0 } =>
            [("/questions/2/kind/text/max_chars", "text_limits")],
        { "/questions/2/kind/text/min_chars": 1001 } =>
            [("/questions/2/kind/text/min_chars", "text_limits")],
        { "/questions/2/kind": {"rating": {"max": 1, "low": "L", "high": "H"}} } =>
            [("/questions/2/kind/rating/max", "rating_max")],
        { "/questions/2/kind": {"rating": {"max": 11, "low": "L", "high": "H"}} } =>
            [("/questions/2/kind/rating/max", "rating_max")],
        { "/questions/2/kind": {"rating": {"max": 8, "low": "L", "high": "H", "look": "emoji"}} } =>
            [("/questions/2/kind/rating/look", "emoji_steps")],
        { "/questions/2/kind": {"single_choice": {"options": [{"id": "a", "label": "A"}]}} } =>
            [("/questions/2/kind/single_choice/options", "option_count")],
        { "/questions/2/kind": {"single_choice": {"max": 1,
            "options": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]}} } =>
            [("/questions/2/kind/single_choice/max", "choice_limits")],
        { "/questions/1/kind/multiple_choice/max": 4 } =>
            [("/questions/1/kind/multiple_choice/max", "choice_limits")],
        { "/questions/1/kind/multiple_choice/max": 4, "/questions/1/kind/multiple_choice/other": "O" } => [],
        { "/questions/1/kind/multiple_choice/min": 4 } =>
            [("/questions/1/kind/multiple_choice/min", "choice_limits")],
        { "/questions/1/kind/multiple_choice/min": 3, "/questions/1/kind/multiple_choice/max": 2 } =>
            [("/questions/1/kind/multiple_choice/min", "choice_limits")],
        { "/questions/2/kind": {"statement": {}}, "/questions/2/required": true } =>
            [("/questions/2/required", "required_statement")],
    }

    a_response_fits_into_an_item {
        { "/questions/2/kind/text/max_chars": 10_000 } => [],
        { "/questions/2/kind/text/max_chars": 10_000,
          "/questions/3": {"id": "more", "title": "More?", "kind": {"text": {"max_chars": 5000}}} } =>
            [("/questions", "many_questions"), ("/questions", "response_size")],
        { "/questions/1": {"id": "parts", "title": "Text?", "required": true,
            "kind": {"text": {"max_chars": 9000}}}, "/questions/2/title": "Why {{parts|that}}?",
          "/questions/2/kind/text/max_chars": 5000 } => [("/questions", "response_size")],
    }

    languages_are_whole {
        { "/language": "en_US" } => [("/language", "language_tag")],
        { "/language": "1" } => [("/language", "language_tag")],
        { "/kind": {"feedback": {"label": {"en": "F", "DE": "F", "fr": "F"}}} } =>
            [("/kind/feedback/label/DE", "unused_translation"),
             ("/kind/feedback/label/fr", "unused_translation")],
        { "/endings/0/title": {"de": "Danke"} } =>
            [("/endings/0/title", "missing_translation"),
             ("/endings/0/title/de", "unused_translation")],
        { "/endings/0/title": {"en": "Thanks", "a/b~": "?"} } =>
            [("/endings/0/title/a~1b~0", "language_tag")],
        { "/languages": ["EN"] } => [("/languages/0", "duplicate_language")],
    }

    translations_are_complete {
        { "/languages": ["de"],
          "/questions": [{"id": "q", "title": {"en": "Why?", "DE": "Warum?"},
              "kind": {"consent": {"label": {"en": "I agree", "de": ""}}}}],
          "/endings/0/title": "Thanks" } =>
            [("/questions/0/kind/consent/label/de", "empty_text"),
             ("/endings/0/title", "missing_translation")],
        { "/languages": ["de"],
          "/questions": [{"id": "q", "title": {"en": "News", "de": "Neues"},
              "kind": {"statement": {"image": {"url": "https://a.example/i.png", "alt": ""}}}}],
          "/endings/0/title": {"en": "Thanks", "de": "Danke"} } => [],
    }

    answers_in_texts_were_given {
        { "/questions/2/title": "Why {{score|that}}?" } => [],
        { "/questions/2/title": "Why {{score}}?" } =>
            [("/questions/2/title", "pipe_without_fallback")],
        { "/questions/2/title": "Why {{mark|that}}?" } => [("/questions/2/title", "pipe_unknown")],
        { "/questions/1/title": "Why {{reason|that}}?" } => [("/questions/1/title", "pipe_later")],
        { "/questions/1/title": "Why {{parts|that}}?" } => [("/questions/1/title", "pipe_later")],
        { "/endings/0/text": "You said {{reason|nothing}}." } => [],
    }

    targets_exist_and_are_reached {
        { "/questions/0/rules": [{"when": {"bucket": "low"}, "go": {"question": "why"}}] } =>
            [("/questions/0/rules/0/go", "unknown_target")],
        { "/questions/2/otherwise": {"end": "bye"} } =>
            [("/questions/2/otherwise", "unknown_target")],
        { "/questions/0/otherwise": {"question": "reason"} } =>
            [("/questions/1", "unreachable_question")],
        { "/questions/0/otherwise": {"end": "thanks"},
          "/questions/0/rules": [{"when": {"bucket": "low"}, "go": {"question": "reason"}}] } =>
            [("/questions/1", "unreachable_question")],
        { "/endings/1": {"id": "bye", "title": "Bye"} } =>
            [("/endings/1", "unreachable_ending")],
        { "/endings/1": {"id": "bye", "title": "Bye"},
          "/questions/0/rules": [{"when": {"bucket": "promoter"}, "go": {"end": "bye"}}] } => [],
    }

    circles_are_told {
        { "/questions/2/otherwise": {"question": "score"} } =>
            [("/questions/2/otherwise", "loop"), ("/endings/0", "unreachable_ending")],
        { "/questions/1/rules": [{"when": "skipped", "go": {"question": "parts"}}] } =>
            [("/questions/1/rules/0/go", "loop")],
        { "/questions/0/otherwise": {"question": "reason"},
          "/questions/1/otherwise": {"end": "thanks"},
          "/questions/2/otherwise": {"question": "parts"} } => [],
    }

    tests_fit_their_question {
        { "/questions/0/rules": [{"when": {"between": [11, 12]}, "go": "next"}] } =>
            [("/questions/0/rules/0/when", "rule_range")],
        { "/questions/0/rules": [{"when": {"between": [5, 3]}, "go": "next"}] } =>
            [("/questions/0/rules/0/when", "rule_range")],
        { "/questions/0/rules": [{"when": {"any_of": ["a"]}, "go": "next"}] } =>
            [("/questions/0/rules/0/when", "rule_misfit")],
        { "/questions/2/rules": [{"when": {"bucket": "low"}, "go": "next"}] } =>
            [("/questions/2/rules/0/when", "rule_misfit")],
        { "/questions/0/rules": [{"when": "skipped", "go": "next"}] } =>
            [("/questions/0/rules/0/when", "rule_skipped")],
        { "/questions/1/rules": [{"when": {"all_of": ["a", "d"]}, "go": "next"}] } =>
            [("/questions/1/rules/0/when", "rule_option")],
        { "/questions/1/rules": [{"when": {"any_of": ["other"]}, "go": "next"}] } =>
            [("/questions/1/rules/0/when", "rule_option")],
        { "/questions/1/rules": [{"when": {"none_of": []}, "go": "next"}] } =>
            [("/questions/1/rules/0/when", "rule_never")],
        { "/questions/1/kind/multiple_choice/max": 1,
          "/questions/1/rules": [{"when": {"all_of": ["a", "b"]}, "go": "next"}] } =>
            [("/questions/1/rules/0/when", "rule_never")],
        { "/questions/1/kind/multiple_choice/none": "None",
          "/questions/1/rules": [{"when": {"all_of": ["a", "none"]}, "go": "next"}] } =>
            [("/questions/1/rules/0/when", "rule_never")],
        { "/questions/1/kind/multiple_choice/min": 3,
          "/questions/1/rules": [{"when": {"none_of": ["a"]}, "go": "next"}] } =>
            [("/questions/1/rules/0/when", "rule_never")],
        { "/questions/2/kind": {"rating": {"max": 4, "low": "L", "high": "H"}},
          "/questions/2/rules": [{"when": {"bucket": "middle"}, "go": "next"}] } =>
            [("/questions/2/rules/0/when", "rule_never")],
        { "/questions/2/kind": {"statement": {}},
          "/questions/2/rules": [{"when": "answered", "go": "next"}] } =>
            [("/questions/2/rules/0/when", "rule_misfit")],
    }

    rules_look_at_what_was_answered {
        { "/questions/2/rules": [{"of": "score", "when": {"bucket": "low"}, "go": "next"}] } => [],
        { "/questions/0/rules": [{"of": "reason", "when": "answered", "go": "next"}] } =>
            [("/questions/0/rules/0/of", "later_question")],
        { "/questions/0/rules": [{"of": "mark", "when": "answered", "go": "next"}] } =>
            [("/questions/0/rules/0/of", "unknown_question")],
        { "/questions/0/rules": [{"when": {"bucket": "low"}, "go": {"question": "reason"}}],
          "/questions/1/otherwise": {"end": "thanks"},
          "/questions/2/rules": [{"of": "parts", "when": "answered", "go": "next"}] } =>
            [("/questions/2/rules/0/of", "rule_never")],
    }

    rules_are_not_taken_by_earlier_ones {
        { "/questions/0/rules": [{"when": {"bucket": "low"}, "go": {"question": "reason"}},
                                 {"when": {"between": [2, 5]}, "go": "next"}] } =>
            [("/questions/0/rules/1", "rule_shadowed")],
        { "/questions/0/rules": [{"when": {"between": [0, 8]}, "go": {"question": "reason"}},
                                 {"when": {"bucket": "high"}, "go": "next"},
                                 {"when": "answered", "go": "next"}] } =>
            [("/questions/0/rules/2", "rule_shadowed")],
        { "/questions/1/rules": [{"when": {"any_of": ["a", "b"]}, "go": "next"},
                                 {"when": {"all_of": ["b", "c"]}, "go": "next"}] } =>
            [("/questions/1/rules/1", "rule_shadowed")],
        { "/questions/1/rules": [{"when": {"any_of": ["a"]}, "go": "next"},
                                 {"when": {"none_of": ["a"]}, "go": "next"},
                                 {"when": "skipped", "go": "next"}] } => [],
        { "/questions/1/rules": [{"when": {"any_of": ["a"]}, "go": {"end": "thanks"}},
                                 {"when": {"none_of": ["a"]}, "go": {"end": "thanks"}},
                                 {"when": "skipped", "go": {"end": "thanks"}}] } =>
            [("/questions/2", "unreachable_question")],
        { "/questions/2/rules": [{"of": "score", "when": "answered", "go": "next"},
                                 {"when": "answered", "go": "next"}] } => [],
    }

    people_are_asked_little {
        { "/questions/3": {"id": "more", "title": "More?", "kind": {"text": {"max_chars": 9}}} } =>
            [("/questions", "many_questions")],
        { "/questions/3": {"id": "more", "title": "More?", "kind": {"text": {"max_chars": 9}}},
          "/kind": {"feedback": {}} } => [],
        { "/questions/3": {"id": "more", "title": "More?", "kind": {"consent": {"label": "Yes"}}} } => [],
        { "/questions/3": {"id": "more", "title": "More?", "kind": {"text": {"max_chars": 9}}},
          "/questions/0/rules": [{"when": {"bucket": "low"}, "go": {"question": "reason"}},
                                 {"when": "answered", "go": "next"}],
          "/questions/1/otherwise": {"question": "more"} } => [],
        { "/questions/0/title": "Do you like us?" } => [("/questions/0/title", "nps_wording")],
        { "/look/together": true,
          "/questions/0/rules": [{"when": {"bucket": "low"}, "go": {"question": "reason"}}] } =>
            [("/questions/0/rules", "rules_together")],
    }

    looks_can_be_seen {
        { "/look/placement": "inline" } => [("/look/element", "inline_element")],
        { "/look/placement": "inline", "/look/element": "#here" } => [],
        { "/look/placement": "inline", "/look/element": " " } => [("/look/element", "selector")],
        { "/look/element": "#here" } => [("/look/element", "unused_element")],
        { "/look/colors": {"light": {"accent": "red"}} } => [("/look/colors/light/accent", "color")],
        { "/look/colors": {"dark": {"ink": "#12345g"}} } => [("/look/colors/dark/ink", "color")],
        { "/look/colors": {"light": {"accent": "#2158a7"}} } => [],
        { "/look/colors": {"light": {"accent": "#ffff00"}} } =>
            [("/look/colors/light/accent", "contrast")],
        { "/look/colors": {"light": {"accent": "#2158a7", "on_accent": "#000000"}} } =>
            [("/look/colors/light/on_accent", "contrast")],
        { "/look/colors": {"dark": {"surface": "#ffffff"}} } =>
            [("/look/colors/dark/surface", "contrast"), ("/look/colors/dark/surface", "contrast")],
        { "/look/colors": {"dark": {"ink": "#333333"}} } => [("/look/colors/dark/ink", "contrast")],
    }

    addresses_open_nothing_bad {
        { "/endings/0/link": {"url": "javascript:alert(1)", "label": "Go"} } =>
            [("/endings/0/link/url", "address")],
        { "/endings/0/link": {"url": " https://a.example", "label": "Go"} } =>
            [("/endings/0/link/url", "address")],
        { "/endings/0/link": {"url": "https://", "label": "Go"} } =>
            [("/endings/0/link/url", "address")],
        { "/endings/0/link": {"url": "mailto:us@a.example", "label": "Go"} } => [],
        { "/endings/0/link": {"url": "HTTP://a.example", "label": "Go"} } => [],
        { "/endings/0/redirect": "http://a.example" } => [("/endings/0/redirect", "address")],
        { "/endings/0/redirect": "//a.example" } => [("/endings/0/redirect", "address")],
        { "/endings/0/redirect": "/\\a.example" } => [("/endings/0/redirect", "address")],
        { "/endings/0/redirect": "/thanks?from=survey" } => [],
        { "/endings/0/redirect": "https://a.example/" } => [],
        { "/questions/2/kind": {"statement": {"image": {"url": "data:image/png;base64,", "alt": ""},
            "link": {"url": "vbscript:x", "label": "L"}}} } =>
            [("/questions/2/kind/statement/image/url", "address"),
             ("/questions/2/kind/statement/link/url", "address")],
    }

    rules_of_showing_can_hold {
        { "/show/sample_permille": 1001 } => [("/show/sample_permille", "sample")],
        { "/show/sample_permille": 0 } => [("/show/sample_permille", "sample_zero")],
        { "/show/max_impressions": 0 } => [("/show/max_impressions", "no_impressions")],
        { "/show/from": "tomorrow" } => [("/show/from", "time")],
        { "/show/until": "2026-03-01" } => [("/show/until", "time")],
        { "/show/from": "2026-03-01T10:00:00+01:00", "/show/until": "2026-03-01T09:00:00Z" } =>
            [("/show/until", "window")],
        { "/show/from": "2026-03-01T10:00:00+01:00", "/show/until": "2026-03-01T09:00:01Z" } => [],
        { "/show/languages": ["x"] } => [("/show/languages/0", "language_tag")],
        { "/show/languages": ["de"], "/otherwise": "hide" } => [("/show/languages", "languages_never")],
        { "/show/languages": ["en-GB"], "/otherwise": "hide" } => [],
        { "/show/again": {"any": {"seen": {"days": 0}}} } => [("/show/again/any/seen", "wait_zero")],
        { "/show/element": "[data-x='1" } => [("/show/element", "selector")],
        { "/show/element": "#a:has([b=\"]\"]) > .c\\:d" } => [],
        { "/kind": {"feedback": {}}, "/show": {"triggers": ["exit"], "delay_ms": 5} } =>
            [("/show/delay_ms", "feedback_rule"), ("/show/triggers", "feedback_rule")],
    }

    addresses_can_be_met {
        { "/show/url": [{"contains": ""}] } => [("/show/url/0/contains", "url_empty")],
        { "/show/url": [{"contains": "?tab=2"}] } => [("/show/url/0/contains", "url_never")],
        { "/show/url": [{"equals": "/cart"}] } => [("/show/url/0/equals", "url_never")],
        { "/show/url": [{"equals": "https://"}] } => [("/show/url/0/equals", "url_never")],
        { "/show/url": [{"equals": "https://a.example/"}] } => [],
        { "/show/url": [{"glob": "/cart/*"}] } => [("/show/url/0/glob", "url_never")],
        { "/show/url": [{"glob": "*/cart/*"}, {"glob": "htt*/x"}, {"glob": "https://*"}] } => [],
        { "/show/url": [{"regex": "("}] } => [("/show/url/0/regex", "regex_syntax")],
        { "/show/url": [{"regex": "(a)\\1"}] } => [("/show/url/0/regex", "regex_unsupported")],
        { "/show/url": [{"regex": "a{999}"}] } => [("/show/url/0/regex", "regex_too_large")],
        { "/show/url": [{"regex": "(a+)+$"}] } => [("/show/url/0/regex", "regex_exponential")],
        { "/show/url_not": [{"regex": ".*.*.*x"}] } => [("/show/url_not/0/regex", "regex_polynomial")],
        { "/show/url": [{"contains": "/a"}], "/show/url_not": [{"contains": "/a"}] } =>
            [("/show/url_not/0", "url_excluded")],
        { "/show/url": [{"contains": "/a"}, {"contains": "/b"}], "/show/url_not": [{"contains": "/a"}] } => [],
        { "/show/url": [{"contains": "/Cart/x"}], "/show/url_not": [{"contains": "/cart"}] } =>
            [("/show/url_not/0", "url_excluded")],
        { "/show/url_not": [{"glob": "*"}] } => [("/show/url_not/0", "url_excluded")],
        { "/show/url_not": [{"contains": "/admin"}] } => [],
    }

    filters_can_hold {
        { "/show/traits": [{"key": "", "test": "present"}] } => [("/show/traits/0/key", "filter_key")],
        { "/show/traits": [{"key": "plan", "test": {"is": []}}] } =>
            [("/show/traits/0/test", "filter_never")],
        { "/show/traits": [{"key": "n", "test": {"at_least": 5}}, {"key": "n", "test": {"below": 5}}] } =>
            [("/show/traits/1/test", "filter_never")],
        { "/show/traits": [{"key": "n", "test": {"at_least": 4}}, {"key": "n", "test": {"below": 5}}] } => [],
        { "/show/traits": [{"key": "p", "test": {"is": ["a", "b"]}}, {"key": "p", "test": {"is_not": ["b", "a"]}}] } =>
            [("/show/traits/1/test", "filter_never")],
        { "/show/traits": [{"key": "p", "test": {"contains": ["x"]}}, {"key": "p", "test": {"is": ["a"]}}] } =>
            [("/show/traits/1/test", "filter_never")],
        { "/show/traits": [{"key": "p", "test": {"is": ["a"]}}, {"key": "q", "test": {"is": ["b"]}}] } => [],
    }

    triggers_can_happen {
        { "/show/triggers": [{"event": {"name": ""}}] } =>
            [("/show/triggers/0/event/name", "event_name")],
        { "/show/triggers": [{"event": {"name": "$failed"}}, {"event": {"name": "$breach"}}] } => [],
        { "/show/triggers": [{"event": {"name": "$0"}}] } =>
            [("/show/triggers/0/event/name", "event_name")],
        { "/show/triggers": [{"event": {"name": "e", "times": 0, "within_s": 5_000_000,
            "filters": [{"key": "k", "test": {"is": []}}]}}] } =>
            [("/show/triggers/0/event/filters/0/test", "filter_never"),
             ("/show/triggers/0/event/times", "event_times"),
             ("/show/triggers/0/event/within_s", "event_times")],
        { "/show/triggers": [{"breach": {"feature": "", "times": 0}}] } =>
            [("/show/triggers/0/breach/feature", "event_name"),
             ("/show/triggers/0/breach/times", "event_times")],
        { "/show/triggers": [{"scroll": 0}, {"scroll": 101}, {"scroll": 100}] } =>
            [("/show/triggers/0/scroll", "scroll"), ("/show/triggers/1/scroll", "scroll")],
        { "/show/triggers": [{"click": ""}] } => [("/show/triggers/0/click", "selector")],
        { "/show/cancel": [{"name": " "}] } => [("/show/cancel/0/name", "event_name")],
        { "/show/triggers": [{"event": {"name": "e"}}], "/show/cancel": [{"name": "e"}] } =>
            [("/show/cancel", "cancelled")],
        { "/show/triggers": [{"event": {"name": "e"}}], "/show/cancel": [{"name": "e", "times": 2}] } => [],
        { "/show/triggers": [{"event": {"name": "e"}}, "exit"], "/show/cancel": [{"name": "e"}] } => [],
    }
}

#[test]
fn more_questions_than_a_response_can_hold_are_told() {
    let question =
        |n: usize| json!({"id": format!("q{n}"), "title": "?", "kind": {"statement": {}}});
    // Even a definition's length of them is told at once.
    for n in [101, 20_000] {
        let questions: Vec<_> = (0..n).map(question).collect();
        check(
            &[("/questions", json!(questions))],
            &[("/questions", "too_many_questions")],
        );
    }
}

#[test]
fn more_rules_and_endings_than_can_be_followed_are_told() {
    let rule = json!({"when": "answered", "go": "next"});
    let ending = |n: usize| json!({"id": format!("e{n}"), "title": "Bye"});
    for n in [51, 5_000] {
        check(
            &[("/questions/1/rules", json!(vec![&rule; n]))],
            &[("/questions/1/rules", "too_many_rules")],
        );
        let endings: Vec<_> = (0..n).map(ending).collect();
        check(
            &[("/endings", json!(endings))],
            &[("/endings", "too_many_endings")],
        );
    }
}

#[test]
fn contrast_tells_the_ratio() {
    let survey = super::survey(&[("/look/colors", json!({"light": {"accent": "#ffff00"}}))]);
    let survey = survey::publish::parse(&survey.to_string()).unwrap();
    let found = survey::publish::check(&survey);
    let expected = "In the light theme accent on surface has a contrast of 1.07:1; it needs 3:1.";
    assert_eq!(found[0].problem.sentence, expected);
}
