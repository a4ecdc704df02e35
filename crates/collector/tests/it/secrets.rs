//! Turns a process that logs all that it can into text in which no secret is.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use protocol::query::access::{Invited, MadeToken};
use serde_json::{Value, json};

use crate::process::{firsthand, init};
use crate::world::{EMAIL, KEY, PASSWORD};

const METRICS_TOKEN: &str = "metrics-s3cret-0123456789";
const CHOSEN: &str = "chosen-s3cret-password";
const WRONG: &str = "wrong-s3cret-password";

/// What one answer had to say of itself.
struct Said {
    status: u16,
    cookie: Option<String>,
    body: String,
}

fn ask(method: &str, url: &str, headers: &[(&str, &str)], body: &Value) -> Said {
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    let agent: ureq::Agent = config.build().into();
    let mut request = axum::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut answer = match body {
        Value::Null => agent.run(request.body(()).unwrap()).unwrap(),
        body => agent.run(request.body(body.to_string()).unwrap()).unwrap(),
    };
    let cookie = answer
        .headers()
        .get("set-cookie")
        .map(|cookie| cookie.to_str().unwrap());
    let cookie = cookie
        .and_then(|cookie| cookie.split(';').next())
        .map(String::from);
    Said {
        status: answer.status().as_u16(),
        cookie,
        body: answer.body_mut().read_to_string().unwrap(),
    }
}

fn signed_in(api: &str, password: &str) -> Said {
    let body = json!({ "email": EMAIL, "password": password });
    ask("POST", &format!("{api}/session"), &[], &body)
}

/// Uses every secret that there is, rightly and wrongly, and answers all of them.
fn use_secrets(base: &str) -> Vec<String> {
    let api = format!("{base}api/v1");
    assert_eq!(signed_in(&api, WRONG).status, 401);
    let cookie = signed_in(&api, PASSWORD).cookie.unwrap();
    let as_admin = [("cookie", cookie.as_str())];
    let new = json!({ "name": "dashboard", "role": "admin", "scopes": ["audit", "surveys"] });
    let made = ask("POST", &format!("{api}/tokens"), &as_admin, &new);
    let made: MadeToken = serde_json::from_str(&made.body).unwrap();
    let bearer = format!("Bearer {}", made.secret);
    for (path, status) in [
        ("surveys", 200),
        ("audit", 200),
        ("comments", 403),
        ("team", 403),
    ] {
        let said = ask(
            "GET",
            &format!("{api}/{path}"),
            &[("authorization", &bearer)],
            &Value::Null,
        );
        assert_eq!(said.status, status, "{path}");
    }
    let invitation = json!({ "email": "eve@example.com", "role": "viewer" });
    let link = ask("POST", &format!("{api}/team"), &as_admin, &invitation);
    let link: Invited = serde_json::from_str(&link.body).unwrap();
    let secret = link.link.split_once('#').unwrap().1.to_owned();
    for status in [204, 410] {
        let used = json!({ "link": secret, "password": CHOSEN });
        assert_eq!(
            ask("POST", &format!("{api}/password-link"), &[], &used).status,
            status
        );
    }
    let bearer = format!("Bearer {METRICS_TOKEN}");
    let metrics = format!("{base}metrics");
    assert_eq!(
        ask("GET", &metrics, &[("authorization", &bearer)], &Value::Null).status,
        200
    );
    let broken = json!({ "current": PASSWORD, "new": 7 });
    assert_eq!(
        ask("PUT", &format!("{api}/password"), &as_admin, &broken).status,
        400
    );
    let session = cookie.split_once('=').unwrap().1.to_owned();
    vec![session, made.secret, secret]
}

#[test]
fn no_secret_is_in_any_log() {
    for format in ["text", "json"] {
        let dir = tempfile::tempdir().unwrap();
        let made = init(dir.path());
        assert!(made.status.success());
        let site_secret = firsthand()
            .args(["site", "secret", "--site-key", KEY, "--data"])
            .arg(dir.path())
            .output()
            .unwrap();
        let site_secret_text = String::from_utf8(site_secret.stdout)
            .unwrap()
            .trim()
            .to_owned();
        let mut child = firsthand()
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--log-level",
                "trace",
                "--log",
                format,
            ])
            .args(["--metrics-token", METRICS_TOKEN, "--data"])
            .arg(dir.path())
            .env("RUST_BACKTRACE", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let base = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        // Read while it runs: a full pipe would stop it.
        let mut errors = child.stderr.take().unwrap();
        let reading = std::thread::spawn(move || {
            let mut text = String::new();
            errors.read_to_string(&mut text).unwrap();
            text
        });
        let mut secrets = use_secrets(&base);
        child.kill().unwrap();
        child.wait().unwrap();
        let mut logged = reading.join().unwrap();
        for told in [made.stdout, made.stderr, site_secret.stderr] {
            logged += &String::from_utf8(told).unwrap();
        }
        assert!(
            logged.contains("/api/v1/password-link"),
            "it logs: {logged}"
        );
        secrets.extend([PASSWORD, CHOSEN, WRONG, METRICS_TOKEN].map(String::from));
        secrets.push(site_secret_text);
        for secret in secrets {
            assert!(secret.len() >= 14, "{secret:?}");
            assert!(
                !logged.contains(&secret),
                "{format}: {secret} is in {logged}"
            );
        }
        // Nobody's address is, either.
        assert!(
            !logged.contains(EMAIL) && !logged.contains("eve@"),
            "{logged}"
        );
    }
}
