//! Turns published surveys into what agent and widget read.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use collector::setup::{first_feedback, first_survey};
use protocol::config::{Class, Config, Furniture};
use protocol::outcome::ErrorReply;
use protocol::survey::SurveyContent;

use crate::world::{KEY, World};

#[tokio::test]
async fn a_config_names_the_running_surveys() {
    let world = World::new().await;
    let answer = world.get(&format!("/v1/config?k={KEY}&v=1")).await;
    let config: Config = postcard::from_bytes(&answer.body).unwrap();
    let (rules, _) = survey::compile::rules(&[(&first_survey(), 1)]);
    assert_eq!(config.surveys, rules);
    assert_eq!(config.furniture, "");
    assert_eq!(
        answer.header("content-type"),
        Some("application/octet-stream")
    );
    let people = world.get(&format!("/v1/config.json?k={KEY}")).await;
    assert_eq!(people.json::<Config>(), config);
    assert_eq!(people.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn the_newest_version_runs_and_the_highest_priority_comes_first() {
    let world = World::new().await;
    let publish = |id: &str, priority: i32| {
        let mut survey = first_survey();
        survey.id = id.into();
        survey.show.priority = priority;
        world.store.publish(world.project, survey, 1)
    };
    publish("nps", -5).await.unwrap();
    publish("b", 7).await.unwrap();
    publish("a", 7).await.unwrap();
    let config: Config = world.get(&format!("/v1/config.json?k={KEY}")).await.json();
    let order: Vec<_> = config
        .surveys
        .iter()
        .map(|rule| (rule.survey.id.as_str(), rule.survey.version))
        .collect();
    assert_eq!(order, [("a", 1), ("b", 1), ("nps", 2)]);
}

#[tokio::test]
async fn a_config_is_asked_for_again_cheaply() {
    let world = World::new().await;
    let path = format!("/v1/config?k={KEY}");
    let first = world.get(&path).await;
    assert_eq!(first.header("cache-control"), Some("no-cache"));
    let tag = first.header("etag").unwrap();
    let again = Request::get(&path).header(header::IF_NONE_MATCH, tag);
    let again = world.send(again.body(Body::empty()).unwrap()).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert_eq!(again.body, b"");
}

#[tokio::test]
async fn a_survey_is_content_for_ever() {
    let world = World::new().await;
    let content = survey::compile::content(&first_survey(), 1, "");
    let answer = world.get(&format!("/v1/survey/nps@1?k={KEY}")).await;
    let read: SurveyContent = postcard::from_bytes(&answer.body).unwrap();
    assert_eq!(read, content);
    let immutable = Some("public, max-age=31536000, immutable");
    assert_eq!(answer.header("cache-control"), immutable);
    let people = world.get(&format!("/v1/survey/nps@1.json?k={KEY}")).await;
    assert_eq!(people.json::<SurveyContent>(), content);
}

#[tokio::test]
async fn a_survey_comes_in_the_language_that_is_asked_for() {
    let world = World::new().await;
    let shown = async |language: &str| {
        let path = format!("/v1/survey/nps@1.json?k={KEY}&l={language}");
        let answer = world.get(&path).await;
        let tag = answer.header("etag").unwrap().to_owned();
        let content: SurveyContent = answer.json();
        (content.language, content.endings[0].title.text.clone(), tag)
    };
    let (language, thanks, german) = shown("DE-at").await;
    assert_eq!((&*language, &*thanks), ("de", "Vielen Dank"));
    for other in ["", "fr", "en-GB", "%F0%9F%A6%86", "-", "de_AT"] {
        let (language, thanks, tag) = shown(other).await;
        assert_eq!((&*language, &*thanks), ("en", "Thank you"), "{other}");
        assert_ne!(tag, german);
    }
    let long = format!("/v1/survey/nps@1?k={KEY}&l={}", "x".repeat(65));
    assert_eq!(world.get(&long).await.refusal(), (400, "invalid_parameter"));
}

#[tokio::test]
async fn a_survey_that_is_known_is_not_sent_again() {
    let world = World::new().await;
    for name in ["nps@1", "nps@1.json"] {
        let path = format!("/v1/survey/{name}?k={KEY}&l=de");
        let first = world.get(&path).await;
        let tag = first.header("etag").unwrap();
        let again = Request::get(&path).header(header::IF_NONE_MATCH, tag);
        let again = world.send(again.body(Body::empty()).unwrap()).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{name}");
        let immutable = Some("public, max-age=31536000, immutable");
        assert_eq!(again.header("cache-control"), immutable, "{name}");
    }
}

#[tokio::test]
async fn a_feedback_form_comes_with_its_launcher() {
    let world = World::new().await;
    let published = world.store.publish(world.project, first_feedback(), 1);
    published.await.unwrap();
    let config: Config = world.get(&format!("/v1/config.json?k={KEY}")).await.json();
    let rule = config
        .surveys
        .iter()
        .find(|rule| rule.survey.id == "feedback");
    assert_eq!(rule.unwrap().class, Class::Feedback);
    let furniture: Furniture = serde_json::from_str(&config.furniture).unwrap();
    assert_eq!(furniture.launchers[0].survey, "feedback");
    let form = world
        .get(&format!("/v1/survey/feedback@1.json?k={KEY}"))
        .await;
    let form: SurveyContent = form.json();
    assert!(form.feedback.unwrap().screenshot);
}

#[tokio::test]
async fn what_an_author_may_write_is_published_too() {
    let world = World::new().await;
    let schema = world.get("/v1/survey.schema.json").await;
    assert_eq!(
        schema.header("content-type"),
        Some("application/schema+json")
    );
    let schema: serde_json::Value = schema.json();
    assert!(schema["properties"]["questions"].is_object(), "{schema}");
    let other: ErrorReply = world.get("/v1/survey.schema").await.json();
    assert_eq!(other.error.code.as_str(), "not_found");
}

#[tokio::test]
async fn what_was_not_published_is_not_found() {
    let world = World::new().await;
    for name in [
        "nps@2",
        "nps@0",
        "other@1",
        "nps",
        "nps@",
        "@1",
        "nps@1.html",
    ] {
        let answer = world.get(&format!("/v1/survey/{name}?k={KEY}")).await;
        assert_eq!(answer.refusal(), (404, "not_found"), "{name}");
        let cached = answer.header("cache-control");
        assert_eq!(cached, Some("no-cache"), "a refusal is not for ever");
    }
}

#[tokio::test]
async fn a_site_stays_as_it_was_while_it_cannot_be_read() {
    let path = format!("/v1/config?k={KEY}");
    for is_known in [true, false] {
        let world = World::new().await;
        if is_known {
            world.get(&path).await;
        }
        world.tamper("ALTER TABLE site RENAME TO elsewhere");
        world.pass(3_600_000);
        let answer = world.get(&path).await;
        if is_known {
            assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
            // What is not in memory may exist all the same.
            let unknown = world.get(&format!("/v1/survey/nps@2?k={KEY}")).await;
            assert_eq!(unknown.refusal(), (503, "overloaded"));
        } else {
            assert_eq!(answer.refusal(), (503, "overloaded"));
        }
        world.tamper("ALTER TABLE elsewhere RENAME TO site");
        assert_eq!(world.get(&path).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_key_is_asked_for() {
    let world = World::new().await;
    for path in ["/v1/config", "/v1/config.json", "/v1/survey/nps@1"] {
        assert_eq!(world.get(path).await.refusal(), (400, "invalid_parameter"));
        let unknown = world.get(&format!("{path}?k=fh_nobody_here")).await;
        assert_eq!(unknown.refusal(), (403, "unknown_site_key"));
    }
}
