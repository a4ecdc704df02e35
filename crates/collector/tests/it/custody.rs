//! Turns somebody who asks for their data into everything that is kept, or into nothing left of it.

use std::fs;
use std::path::Path;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use protocol::query::custody::{Copy, Erased, Held};
use serde_json::{Value, json};
use store::Backup;

use crate::attachments::png_image;
use crate::process::{Running, firsthand, init};
use crate::socket::send;
use crate::world::{
    Answer, EMAIL, KEY, SHOP, T0, World, batch_path, header_line, id, impression, item, page,
    reason, score, survey,
};

/// What only the person who is erased has written.
const MARK: &str = "XyzzyMarker";

/// Response `n` by somebody, with one image.
fn answered(n: u32, person: &str, text: &str, image: u32) -> String {
    let p = json!({
        "survey": survey(), "response": id(n), "revision": 1, "complete": true,
        "answers": [score(3), reason(text)], "page": page(), "attachments": [id(image)],
        "person": { "id": person, "traits": { "plan": text } }, "context": { "screen": text },
    });
    item(n, "response", &p)
}

async fn upload(world: &World, n: u32, body: Vec<u8>) -> Answer {
    let path = format!("/v1/attachment?k={KEY}&id={}", id(n));
    world.post_bytes(&path, body).await
}

/// Two people on two browsers, with everything that can be kept about them.
async fn two_people() -> World {
    let world = World::new().await;
    for (n, install, person, text) in [(100, 1, "ada", MARK), (200, 2, "bo", "from bo")] {
        let image = upload(&world, n + 9, png_image(n, 4)).await;
        assert_eq!(image.status, StatusCode::OK, "{image:?}");
        let all = [
            header_line(install),
            impression(n),
            answered(n + 1, person, text, n + 9),
        ];
        assert_eq!(world.post(&all).await.outcomes().0, "aa");
        let conflict = answered(n + 1, person, &format!("{text} again"), n + 9);
        assert_eq!(
            world
                .post(&[header_line(install), conflict])
                .await
                .outcomes()
                .0,
            "c"
        );
    }
    world
}

fn export_path(whom: &str) -> String {
    format!("/api/v1/people/export?{whom}")
}

/// The lines of an export.
async fn exported(world: &World, whom: &str) -> Vec<Value> {
    let answer = world.fetch(&export_path(whom)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    lines(&String::from_utf8(answer.body).unwrap())
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn kinds(lines: &[Value]) -> Vec<&str> {
    lines
        .iter()
        .map(|line| line["kind"].as_str().unwrap())
        .collect()
}

async fn erase(world: &World, body: &Value) -> Answer {
    let request = Request::post("/api/v1/people/erase")
        .header(header::HOST, "collector.example")
        .header(header::ORIGIN, "http://collector.example")
        .header(header::COOKIE, world.sign_in().await);
    world
        .send(request.body(Body::from(body.to_string())).unwrap())
        .await
}

/// How often bytes are found in any file below a folder.
fn found(folder: &Path, sought: &[u8]) -> usize {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let counts = entries.map(|path| {
        if path.is_dir() {
            return found(&path, sought);
        }
        let bytes = fs::read(path).unwrap();
        bytes
            .windows(sought.len())
            .filter(|part| *part == sought)
            .count()
    });
    counts.sum()
}

#[tokio::test]
async fn files_are_whole_also_when_they_come_compressed() {
    let world = two_people().await;
    let cookie = world.sign_in().await;
    for path in [
        export_path("person=ada"),
        String::from("/api/v1/inbox/export"),
        String::from("/api/v1/inbox/export?format=ndjson"),
        String::from("/api/v1/scores/export"),
        String::from("/api/v1/audit/export?action=site"),
    ] {
        let ask = |coding| {
            let request = Request::get(&path)
                .header(header::COOKIE, &cookie)
                .header(header::ACCEPT_ENCODING, coding);
            world.send(request.body(Body::empty()).unwrap())
        };
        let (plain, small) = (ask("identity").await, ask("gzip").await);
        assert_eq!(plain.status, StatusCode::OK, "{path}: {plain:?}");
        assert_eq!(small.header("content-encoding"), Some("gzip"), "{path}");
        let mut bytes = Vec::new();
        let mut decoder = flate2::read::GzDecoder::new(&*small.body);
        std::io::Read::read_to_end(&mut decoder, &mut bytes).unwrap();
        assert_eq!(bytes, plain.body, "{path}");
    }
}

#[tokio::test]
async fn an_export_is_whole_and_says_so() {
    let world = two_people().await;
    let all = exported(&world, "person=ada").await;
    let expected = [
        "export",
        "item",
        "item",
        "conflict",
        "response",
        "attachment",
        "end",
    ];
    assert_eq!(kinds(&all), expected);
    let counts = json!({ "item": 2, "conflict": 1, "response": 1, "attachment": 1 });
    assert_eq!(all[0]["counts"], counts);
    assert_eq!(all[0]["project"], "Shop");
    assert_eq!(all[0]["about"], json!({ "person": "ada" }));
    assert_eq!(all[0]["at_ms"], T0);
    assert_eq!(all[2]["line"]["p"]["answers"][1]["value"]["text"], MARK);
    assert_eq!(all[4]["respondent_traits"]["plan"], MARK);
    assert_eq!(all[4]["answers"][0]["score"], 3);
    assert_eq!(all[5]["mime"], "image/png");
    assert!(
        all[5]["base64"]
            .as_str()
            .unwrap()
            .starts_with("iVBORw0KGgo")
    );
    assert_eq!(all[6]["lines"], 5);
    for whom in [
        format!("install={}", id(1)),
        format!("response={}", id(101)),
    ] {
        let same = exported(&world, &whom).await;
        assert!(format!("{same:?}").contains(MARK), "{whom}");
        assert!(!format!("{same:?}").contains("from bo"), "{whom}");
    }
    assert_eq!(
        kinds(&exported(&world, "person=nobody").await),
        ["export", "end"]
    );
}

#[tokio::test]
async fn nothing_is_left_of_whom_was_erased() {
    let world = two_people().await;
    let of_bo = exported(&world, "person=bo").await;
    let copy = Backup {
        path: "/copies/monday.db".into(),
        made_ms: T0 + 1,
    };
    world.store.note_backup(copy).await.unwrap();
    assert!(found(&world.data(), MARK.as_bytes()) > 0);
    let held: Held = world.ask("/api/v1/people/held?person=ada").await;
    assert_eq!(held.first_ms, Some(T0));
    let answer = erase(&world, &json!({ "whom": { "person": "ada" } })).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let erased: Erased = answer.json();
    assert_eq!(erased.counts, held.counts);
    assert!(erased.rewritten);
    let copies = [Copy {
        path: "/copies/monday.db".into(),
        made_ms: T0 + 1,
    }];
    assert_eq!(erased.backups, copies);
    assert_eq!(found(&world.data(), MARK.as_bytes()), 0);
    assert_eq!(found(&world.data(), b"ada"), 0);
    assert_eq!(found(&world.data(), id(1).as_bytes()), 0);
    assert!(!world.images().join("09").join(id(109)).exists());
    assert_eq!(exported(&world, "person=bo").await, of_bo);
    // Who did what, and not to whom.
    let log = world.store.audit_log(world.project, None, 9).await.unwrap();
    let (_, entry) = log
        .iter()
        .find(|(_, it)| it.action == "answerer.erase")
        .unwrap();
    assert_eq!(
        (&*entry.actor, &*entry.target),
        (EMAIL, "somebody, by person")
    );
    assert_eq!(entry.detail, "1 attachment, 1 conflict, 2 item, 1 response");
    assert!(log.iter().any(|(_, it)| it.action == "answerer.export"));

    // Neither a second delivery nor a second upload brings it back.
    let again = [
        header_line(1),
        impression(100),
        answered(101, "ada", MARK, 109),
    ];
    let (letters, reasons) = world.post(&again).await.outcomes();
    assert_eq!(
        (&*letters, reasons),
        ("xx", vec![(0, "erased"), (1, "erased")])
    );
    let image = upload(&world, 109, png_image(100, 4)).await;
    assert_eq!(image.refusal(), (410, "attachment_erased"));
    assert_eq!(found(&world.data(), MARK.as_bytes()), 0);
    // What they say later is new.
    world.pass(120_000);
    let late = header_line(1).replace(&T0.to_string(), &world.now().to_string());
    let new = answered(300, "ada", "new", 301);
    assert_eq!(world.post(&[late, new]).await.outcomes().0, "a");
}

#[tokio::test]
async fn whom_it_is_about_has_to_be_clear() {
    let world = World::new().await;
    let both = format!("person=ada&install={}", id(1));
    for whom in ["", "person=", &*both, "install=7", "name=ada"] {
        let answer = world.fetch(&export_path(whom)).await;
        assert_eq!(answer.refusal(), (400, "invalid_parameter"), "{whom}");
    }
    let long = "x".repeat(257);
    for (body, code) in [
        (json!({}), "unreadable_body"),
        (json!({ "whom": {} }), "invalid_parameter"),
        (json!({ "whom": { "person": long } }), "invalid_parameter"),
        (
            json!({ "whom": { "person": "a", "name": "b" } }),
            "unreadable_body",
        ),
    ] {
        assert_eq!(erase(&world, &body).await.refusal(), (400, code), "{body}");
    }
}

#[test]
fn the_command_line_tells_first_and_erases_with_a_yes() {
    let dir = tempfile::tempdir().unwrap();
    assert!(init(dir.path()).status.success());
    let collector = Running::start(dir.path());
    let from_shop = [
        ("Origin", SHOP),
        ("Content-Type", "text/plain;charset=UTF-8"),
    ];
    let path = format!("/v1/attachment?k={KEY}&id={}", id(109));
    let image = send(
        &collector.address,
        "POST",
        &path,
        &from_shop,
        &png_image(1, 4),
    )
    .unwrap();
    assert_eq!(image.status, 200);
    let lines_of =
        |n, person, text| [header_line(n), answered(n * 100 + 1, person, text, 109)].join("\n");
    for (n, person, text) in [(1, "ada", MARK), (2, "bo", "from bo")] {
        let body = lines_of(n, person, text);
        let answer = send(
            &collector.address,
            "POST",
            &batch_path(n),
            &from_shop,
            body.as_bytes(),
        );
        assert_eq!(answer.unwrap().body, r#"{"r":"a"}"#);
    }
    let person = |args: &[&str]| {
        let mut command = firsthand();
        command
            .arg("person")
            .args(args)
            .arg("--data")
            .arg(dir.path());
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        (
            output.status.code(),
            text,
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, text, _) = person(&["export", "--person", "ada"]);
    assert_eq!(code, Some(0));
    assert_eq!(
        kinds(&lines(&text)),
        ["export", "item", "response", "attachment", "end"]
    );
    let (_, told, _) = person(&["erase", "--person", "ada"]);
    assert!(told.contains("1 attachment, 1 item, 1 response"), "{told}");
    assert!(told.contains("--yes"), "{told}");
    assert!(found(dir.path(), MARK.as_bytes()) > 0);
    // While the collector runs.
    let (code, told, _) = person(&["erase", "--person", "ada", "--yes"]);
    assert_eq!(
        (code, &*told),
        (Some(0), "erased: 1 attachment, 1 item, 1 response\n")
    );
    assert_eq!(found(dir.path(), MARK.as_bytes()), 0);
    let body = lines_of(1, "ada", MARK);
    let answer = send(
        &collector.address,
        "POST",
        &batch_path(3),
        &from_shop,
        body.as_bytes(),
    );
    assert!(answer.unwrap().body.starts_with(r#"{"r":"x""#));
    let (code, told, _) = person(&["erase", "--person", "ada", "--yes", "--no-rewrite"]);
    assert_eq!(code, Some(0));
    assert!(told.starts_with("nothing was kept about them"), "{told}");
    for wrong in [
        &["erase"][..],
        &["erase", "--person", "a", "--install", &id(1)],
        &["erase", "--person", ""],
    ] {
        let (code, _, said) = person(wrong);
        assert_eq!(code, Some(2), "{said}");
    }
    assert_eq!(collector.stop("-TERM").0, Some(0));
    assert_eq!(found(dir.path(), MARK.as_bytes()), 0);
    assert!(found(dir.path(), b"from bo") > 0);
}
