//! Turns definitions in files and in requests into versions that run.

use std::path::{Path, PathBuf};
use std::process::Output;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use collector::setup::first_survey;
use protocol::config::Config;
use protocol::query::{Published, Refused, Surveys};
use serde_json::{Value, json};

use crate::process::{Running, firsthand, init};
use crate::socket::send;
use crate::world::{Answer, KEY, SHOP, World, everything};

/// Runs `firsthand` with these words, and a data folder if there is one.
fn run(words: &[&str], data: Option<&Path>, files: &[&PathBuf]) -> (Option<i32>, String, String) {
    let mut command = firsthand();
    command.args(words).args(files);
    if let Some(data) = data {
        command.arg("--data").arg(data);
    }
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

fn file(dir: &Path, name: &str, definition: &Value) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, definition.to_string()).unwrap();
    path
}

/// A survey that cannot be published: nobody sees its title.
fn broken() -> Value {
    let mut survey = everything();
    survey["questions"][0]["title"] = "".into();
    survey
}

fn renamed(name: &str) -> Value {
    let mut survey = everything();
    survey["name"] = name.into();
    survey
}

#[test]
fn check_says_where_and_what() {
    let dir = tempfile::tempdir().unwrap();
    let good = file(dir.path(), "good.json", &everything());
    let (code, out, _) = run(&["survey", "check"], None, &[&good]);
    assert_eq!(code, Some(0), "{out}");
    assert!(!out.contains("error"), "{out}");
    let bad = file(dir.path(), "bad.json", &broken());
    let (code, out, err) = run(&["survey", "check"], None, &[&good, &bad]);
    assert_eq!(code, Some(2));
    let expected = format!("{}: error /questions/0/title: ", bad.display());
    assert!(out.contains(&expected), "{out}");
    assert!(err.contains("1 of these"), "{err}");
    // The same id twice: one of them would silently win.
    let twice = file(dir.path(), "twice.json", &renamed("Again"));
    let (code, out, _) = run(&["survey", "check"], None, &[&good, &twice]);
    assert_eq!(code, Some(2));
    assert!(out.contains("/id: "), "{out}");
    let (code, out, _) = run(&["survey", "check"], None, &[&file_of(dir.path(), "{")]);
    assert_eq!((code, out.contains("error")), (Some(2), true), "{out}");
    let missing = dir.path().join("none.json");
    let (code, _, err) = run(&["survey", "check"], None, &[&missing]);
    assert_eq!(
        (code, err.contains("cannot be read")),
        (Some(2), true),
        "{err}"
    );
}

fn file_of(dir: &Path, text: &str) -> PathBuf {
    let path = dir.join("text.json");
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn the_schema_is_printed() {
    let (code, out, _) = run(&["survey", "schema"], None, &[]);
    assert_eq!(code, Some(0));
    let schema: Value = serde_json::from_str(&out).unwrap();
    assert!(schema["properties"]["endings"].is_object(), "{out}");
}

#[test]
fn what_is_published_beside_a_running_collector_runs_within_a_second() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    assert!(init(&data).status.success());
    let collector = Running::start(&data);
    let from_shop = [("Origin", SHOP)];
    let running = || {
        let path = format!("/v1/config.json?k={KEY}");
        let answer = send(&collector.address, "GET", &path, &from_shop, b"").unwrap();
        let config: Config = serde_json::from_str(&answer.body).unwrap();
        let rules = config.surveys.into_iter();
        let of = |rule: protocol::config::SurveyRule| (rule.survey.id, rule.survey.version);
        rules.map(of).collect::<Vec<_>>()
    };
    let before = [("feedback".to_owned(), 1), ("nps".to_owned(), 1)];
    assert_eq!(running(), before);

    let publish = |files: &[&PathBuf]| run(&["survey", "publish"], Some(&data), files);
    let good = file(dir.path(), "good.json", &everything());
    let (code, out, err) = publish(&[&good]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.ends_with("everything version 1\n"), "{out}");
    assert!(
        publish(&[&good])
            .1
            .ends_with("everything version 1, unchanged\n")
    );
    let with = [
        ("everything".to_owned(), 1),
        before[0].clone(),
        before[1].clone(),
    ];
    let start = std::time::Instant::now();
    while running() != with {
        assert!(start.elapsed().as_secs() < 10, "it never ran");
        std::thread::yield_now();
    }

    // One that is wrong keeps all of them from being published.
    let mut nps = serde_json::to_value(first_survey()).unwrap();
    nps["name"] = "Changed".into();
    let nps = file(dir.path(), "nps.json", &nps);
    let bad = file(dir.path(), "bad.json", &broken());
    let (code, _, err) = publish(&[&nps, &bad]);
    assert_eq!(
        (code, err.contains("nothing was changed")),
        (Some(2), true),
        "{err}"
    );
    let (code, out, _) = run(&["survey", "list"], Some(&data), &[]);
    let expected = "everything\t1\tsurvey\tEverything\nfeedback\t1\tfeedback\tFeedback\n\
                    nps\t1\tsurvey\tNPS\n";
    assert_eq!((code, out.as_str()), (Some(0), expected));
    assert_eq!(collector.stop("-TERM").0, Some(0));
}

#[test]
fn a_project_and_a_folder_have_to_be_there() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let good = file(dir.path(), "good.json", &everything());
    let (code, _, err) = run(&["survey", "publish"], Some(&data), &[&good]);
    assert_eq!((code, err.contains("--data")), (Some(2), true), "{err}");
    assert!(!data.exists(), "a mistyped folder was made");
    assert!(init(&data).status.success());
    let named = ["survey", "publish", "--project", "Nobody's"];
    let (code, _, err) = run(&named, Some(&data), &[&good]);
    assert_eq!((code, err.contains("My product")), (Some(2), true), "{err}");
    let named = ["survey", "publish", "--project", "My product"];
    assert_eq!(run(&named, Some(&data), &[&good]).0, Some(0));
}

#[test]
fn a_site_has_one_secret_until_it_is_rotated() {
    let dir = tempfile::tempdir().unwrap();
    assert!(init(dir.path()).status.success());
    let secret = |more: &[&str]| {
        let words = [&["site", "secret", "--site-key", KEY], more].concat();
        run(&words, Some(dir.path()), &[])
    };
    let (code, first, err) = secret(&[]);
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(first.trim_end().len(), 64, "{first}");
    assert_eq!(secret(&[]).1, first);
    let rotated = secret(&["--rotate"]).1;
    assert_ne!(rotated, first);
    assert_eq!(secret(&[]).1, rotated);
    let unknown = ["site", "secret", "--site-key", "fh_nobody_here"];
    let (code, out, err) = run(&unknown, Some(dir.path()), &[]);
    assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
}

async fn put(world: &World, id: &str, body: String, origin: &str) -> Answer {
    let cookie = world.sign_in().await;
    let request = Request::put(format!("/api/v1/surveys/{id}"))
        .header(header::COOKIE, cookie)
        .header(header::HOST, "collector.example")
        .header(header::ORIGIN, origin);
    world.send(request.body(Body::from(body)).unwrap()).await
}

const OWN: &str = "http://collector.example";

#[tokio::test]
async fn the_console_publishes_as_the_command_line_does() {
    let world = World::new().await;
    let published = async |name: &str| {
        let answer = put(&world, "everything", renamed(name).to_string(), OWN).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let published: Published = answer.json();
        (published.version, published.is_new)
    };
    assert_eq!(published("First").await, (1, true));
    assert_eq!(published("First").await, (1, false));
    assert_eq!(published("Second").await, (2, true));
    let listed: Surveys = world.ask("/api/v1/surveys").await;
    let listed: Vec<_> = listed
        .items
        .iter()
        .map(|one| (&*one.survey.id, one.version, &*one.survey.name))
        .collect();
    assert_eq!(listed, [("everything", 2, "Second"), ("nps", 1, "NPS")]);

    let answer = put(&world, "everything", broken().to_string(), OWN).await;
    assert_eq!(answer.refusal(), (422, "invalid_survey"));
    let refused: Refused = answer.json();
    let mut errors = refused.findings.iter().filter(|finding| finding.is_error);
    assert_eq!(errors.next().unwrap().pointer, "/questions/0/title");
    for (id, body) in [
        ("other", everything().to_string()),
        ("everything", "{".into()),
    ] {
        let answer = put(&world, id, body, OWN).await;
        assert_eq!(answer.refusal(), (422, "invalid_survey"));
    }
    let foreign = put(
        &world,
        "everything",
        everything().to_string(),
        "https://evil.test",
    )
    .await;
    assert_eq!(foreign.refusal(), (403, "cross_origin"));
    let stranger = Request::put("/api/v1/surveys/everything")
        .body(Body::from(json!({}).to_string()))
        .unwrap();
    assert_eq!(world.send(stranger).await.refusal(), (401, "not_signed_in"));
    let still: Surveys = world.ask("/api/v1/surveys").await;
    assert_eq!(still.items[0].version, 2);
}

#[tokio::test]
async fn a_definition_of_questions_without_end_is_refused() {
    let world = World::new().await;
    let question =
        |n: usize| json!({ "id": format!("q{n}"), "title": "?", "kind": { "statement": {} } });
    let mut survey = everything();
    survey["questions"] = (0..15_000).map(question).collect();
    let answer = put(&world, "everything", survey.to_string(), OWN).await;
    assert_eq!(answer.refusal(), (422, "invalid_survey"));
    let refused: Refused = answer.json();
    let codes: Vec<_> = refused.findings.iter().map(|one| &*one.code).collect();
    assert_eq!(codes, ["too_many_questions"]);
}
