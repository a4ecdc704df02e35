//! Turns a few words into a collector with a site, a person and a clock, and into requests to it.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, Version};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use collector::setup::first_survey;
use collector::{Clock, Collector, app};
use faulty_disk::Disk;
use flate2::Compression;
use flate2::write::GzEncoder;
use protocol::outcome::{BatchReply, ErrorReply};
use protocol::query::access::Role;
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use store::{NewPerson, ProjectId, Site, Store};
use store_sqlite::{Ground, SqliteStore};
use tempfile::TempDir;
use tower::ServiceExt;

/// When every test begins: 2026-11-01T00:00:00Z.
pub(crate) const T0: u64 = 1_793_491_200_000;
pub(crate) const KEY: &str = "fh_demo_shop";
pub(crate) const SHOP: &str = "http://127.0.0.1:8788";
pub(crate) const EMAIL: &str = "demo@firsthand.example";
pub(crate) const PASSWORD: &str = "firsthand-demo";

/// [`PASSWORD`], hashed with parameters that take no time.
fn quick_hash() -> String {
    let params = Params::new(8, 1, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: PasswordHash = argon2.hash_password(PASSWORD.as_bytes()).unwrap();
    hash.to_string()
}

/// A collector with one of everything, and a clock that stands still.
pub(crate) struct World {
    pub(crate) app: Router,
    pub(crate) collector: Arc<Collector>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) project: ProjectId,
    clock: Arc<AtomicU64>,
    /// Removed with the world.
    dir: TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|collector| collector).await
    }

    pub(crate) async fn with(change: impl FnOnce(Collector) -> Collector) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let ground = Ground::of(dir.path().join("firsthand.db"));
        Self::build(dir, &ground, change).await
    }

    /// A collector whose database is on a disk that the test breaks.
    pub(crate) async fn on(disk: &Disk) -> Self {
        let ground = Ground::of(disk.path("firsthand.db")).through(faulty_disk::VFS);
        Self::build(tempfile::tempdir().unwrap(), &ground, |it| it).await
    }

    async fn build(
        dir: TempDir,
        ground: &Ground,
        change: impl FnOnce(Collector) -> Collector,
    ) -> Self {
        let store = SqliteStore::open_on(ground).unwrap();
        let store: Arc<dyn Store> = Arc::new(store);
        let project = store.create_project("Shop".into(), T0).await.unwrap();
        let site = Site {
            key: KEY.into(),
            project,
            origins: vec![SHOP.into()],
        };
        store.put_site(site, T0).await.unwrap();
        store.publish(project, first_survey(), T0).await.unwrap();
        let person = NewPerson {
            project,
            email: EMAIL.into(),
            password_hash: quick_hash(),
            role: Role::Admin,
        };
        store.put_person(person, T0).await.unwrap();
        let clock = Arc::new(AtomicU64::new(T0));
        let read = Arc::clone(&clock);
        let now = Clock::from_fn(move || read.load(Ordering::Relaxed));
        let collector = Collector::new(Arc::clone(&store), now).unwrap();
        let collector = collector.with_images(dir.path().join("attachments"));
        let collector = Arc::new(change(collector.unwrap()));
        Self {
            app: app(Arc::clone(&collector)),
            collector,
            store,
            project,
            clock,
            dir,
        }
    }

    /// The folder of everything that is kept.
    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().to_owned()
    }

    /// The folder of all images.
    pub(crate) fn images(&self) -> PathBuf {
        self.dir.path().join("attachments")
    }

    /// What the clock shows.
    pub(crate) fn now(&self) -> u64 {
        self.clock.load(Ordering::Relaxed)
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, ms: u64) {
        self.clock.fetch_add(ms, Ordering::Relaxed);
    }

    /// The store's file, behind its back.
    pub(crate) fn db(&self) -> Connection {
        Connection::open(self.dir.path().join("firsthand.db")).unwrap()
    }

    /// Changes the store's file behind its back.
    pub(crate) fn tamper(&self, sql: &str) {
        self.db().execute_batch(sql).unwrap();
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.to_vec(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(get(path)).await
    }

    /// Sends lines as the shop would.
    pub(crate) async fn post(&self, lines: &[String]) -> Answer {
        self.post_bytes(&batch_path(1), lines.join("\n").into())
            .await
    }

    pub(crate) async fn post_bytes(&self, path: &str, body: Vec<u8>) -> Answer {
        let request = Request::post(path)
            .header(header::ORIGIN, SHOP)
            .header(header::CONTENT_TYPE, "text/plain;charset=UTF-8")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    /// Lets somebody in who has a role, signs them in, and answers the cookie.
    pub(crate) async fn sign_in_as(&self, role: Role) -> String {
        let email = format!("{role}@firsthand.example");
        if self.store.person(email.clone()).await.unwrap().is_none() {
            let person = NewPerson {
                project: self.project,
                email: email.clone(),
                password_hash: quick_hash(),
                role,
            };
            self.store.put_person(person, T0).await.unwrap();
        }
        let answer = self.send(sign_in(&email, PASSWORD)).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        cookie_pair(&answer)
    }

    /// Signs in and answers the cookie.
    pub(crate) async fn sign_in(&self) -> String {
        let answer = self.send(sign_in(EMAIL, PASSWORD)).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        cookie_pair(&answer)
    }

    /// Asks the console API as somebody who is signed in, whatever the answer.
    pub(crate) async fn fetch(&self, path: &str) -> Answer {
        let cookie = self.sign_in().await;
        let request = Request::get(path).header(header::COOKIE, cookie);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Publishes a survey, as JSON.
    pub(crate) async fn publish(&self, definition: Value) -> u32 {
        let survey = serde_json::from_value(definition).unwrap();
        self.store.publish(self.project, survey, T0).await.unwrap()
    }

    /// Asks the console API as somebody who is signed in.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, path: &str) -> T {
        let answer = self.fetch(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.json()
    }
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        write!(f, "{} {body} {:?}", self.status, self.headers)
    }
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Status and stable code of a refusal.
    pub(crate) fn refusal(&self) -> (u16, &'static str) {
        let reply: ErrorReply = self.json();
        (self.status.as_u16(), reply.error.code.as_str())
    }

    /// Letters and codes of a batch that was read.
    pub(crate) fn outcomes(&self) -> (String, Vec<(u32, &'static str)>) {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        let reply: BatchReply = self.json();
        let errors = reply.err.iter().map(|error| (error.0, error.1.as_str()));
        (reply.r, errors.collect())
    }
}

/// `name=value` of the cookie that an answer sets.
pub(crate) fn cookie_pair(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie").unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

pub(crate) fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

pub(crate) fn sign_in(email: &str, password: &str) -> Request<Body> {
    let body = json!({ "email": email, "password": password });
    Request::post("/api/v1/session")
        .header(header::HOST, "collector.example")
        .header(header::ORIGIN, "http://collector.example")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

/// A UUID with this number in it.
pub(crate) fn id(n: u32) -> String {
    format!("01936f7e-0000-7000-8000-{n:012}")
}

/// As a browser packs a body.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn batch_path(n: u32) -> String {
    format!("/v1/batch?k={KEY}&v=1&z=-&b={}&n=1", id(n))
}

/// The first line, of install number `install`, sent at [`T0`].
pub(crate) fn header_line(install: u32) -> String {
    json!({
        "sdk": "firsthand-js/0.1.0", "install": id(install), "session": id(2), "boot": id(3),
        "sent_wall": T0, "report": {},
    })
    .to_string()
}

pub(crate) fn page() -> Value {
    json!({ "url": "https://shop.example/cart", "language": "en" })
}

pub(crate) fn survey() -> Value {
    json!({ "id": "nps", "version": 1 })
}

/// Item number `n` of a type, with this body.
pub(crate) fn item(n: u32, kind: &str, p: &Value) -> String {
    json!({ "id": id(n), "seq": n, "age_ms": 100, "type": kind, "p": p }).to_string()
}

pub(crate) fn impression(n: u32) -> String {
    item(
        n,
        "impression",
        &json!({ "survey": survey(), "page": page() }),
    )
}

/// Revision `revision` of response number `response`, as item number `n`.
pub(crate) fn response(n: u32, response: u32, revision: u32, answers: &Value) -> String {
    let p = json!({
        "survey": survey(), "response": id(response), "revision": revision, "complete": false,
        "answers": answers, "page": page(),
    });
    item(n, "response", &p)
}

pub(crate) fn score(value: impl Into<Value>) -> Value {
    let value: Value = value.into();
    json!({ "question": "score", "prompt": "How likely?", "value": { "nps": value } })
}

pub(crate) fn reason(text: &str) -> Value {
    json!({ "question": "reason", "prompt": "Why?", "value": { "text": text } })
}

/// A survey with a question of every kind, under its name.
pub(crate) fn everything() -> Value {
    let options = json!([{ "id": "billing", "label": "Billing" }, { "id": "search", "label": "Search" },
        { "id": "export", "label": "Export" }]);
    let scale = json!({ "low": "Bad", "high": "Good" });
    let many = json!({ "options": options, "other": "Something else", "none": "None of these",
        "min": 1, "max": 3 });
    let question = |id: &str, kind: Value| json!({ "id": id, "title": id, "kind": kind });
    json!({
        "id": "everything", "name": "Everything", "language": "en",
        "questions": [
            question("nps", json!({ "nps": scale })),
            question("csat", json!({ "csat": scale })),
            question("ces", json!({ "ces": scale })),
            question("rating", json!({ "rating": { "max": 5, "low": "Bad", "high": "Good" } })),
            question("topic", json!({ "single_choice": { "options": options } })),
            question("features", json!({ "multiple_choice": many })),
            question("why", json!({ "text": { "max_chars": 300 } })),
            question("terms", json!({ "consent": { "label": "Yes" } })),
            question("news", json!({ "statement": { "reactions": true } })),
            question("more", json!({ "text": { "max_chars": 300 } })),
        ],
        "endings": [{ "id": "thanks", "title": "Thank you" }],
    })
}
