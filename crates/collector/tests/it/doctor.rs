//! Turns a collector, and what is wrong around it, into findings and an exit code.

use std::io::{Read, Write};
use std::net::TcpListener;

use axum::body::Body;
use axum::http::{Request, header};
use protocol::query::diag::Diagnosis;
use serde_json::Value;

use crate::process::{Running, firsthand, init};
use crate::world::{KEY, SHOP, T0, World, batch_path, header_line, impression};

/// Codes that a doctor finds, with their severity, and its exit code.
fn doctor(args: &[&str]) -> (Vec<String>, Option<i32>) {
    let mut command = firsthand();
    let output = command
        .arg("doctor")
        .arg("--json")
        .args(args)
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let found = lines.lines().map(|line| {
        let finding: Value = serde_json::from_str(line).unwrap();
        assert!(finding["message"].as_str().unwrap().len() > 10, "{line}");
        format!(
            "{} {}",
            finding["severity"].as_str().unwrap(),
            finding["code"].as_str().unwrap()
        )
    });
    (found.collect(), output.status.code())
}

fn has(found: &[String], expected: &[&str]) {
    for one in expected {
        assert!(found.iter().any(|it| it == one), "no {one:?} in {found:?}");
    }
}

#[tokio::test]
async fn a_key_is_told_what_became_of_what_it_sent() {
    let world = World::new().await;
    let lines = [header_line(1), impression(1), String::from("junk")];
    world.post(&lines).await;
    let foreign = Request::post(batch_path(2)).header(header::ORIGIN, "https://evil.test");
    world.send(foreign.body(Body::empty()).unwrap()).await;
    let ask = Request::get(format!("/v1/diag?k={KEY}")).header(header::ORIGIN, SHOP);
    let answer = world.send(ask.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some(SHOP));
    let told: Diagnosis = answer.json();
    assert!(told.ready);
    assert_eq!(
        (told.wire, told.now_ms, told.origin_allowed),
        (1, T0, Some(true))
    );
    let recent = &told.recent;
    assert_eq!((recent.requests, recent.last_ms), (1, Some(T0)));
    let counts = |all: &[protocol::query::delivery::Reason]| -> Vec<String> {
        all.iter()
            .map(|it| format!("{} {}", it.items, it.reason))
            .collect()
    };
    assert_eq!(counts(&recent.items), ["1 accepted", "1 rejected"]);
    assert_eq!(counts(&recent.rejected), ["1 malformed_item"]);
    assert_eq!(counts(&recent.refused), ["1 origin_not_allowed"]);
    // Whoever is not allowed is told so, and nothing else.
    let ask = Request::get(format!("/v1/diag?k={KEY}")).header(header::ORIGIN, "https://evil.test");
    let told: Diagnosis = world.send(ask.body(Body::empty()).unwrap()).await.json();
    assert_eq!(told.origin_allowed, Some(false));
    let refused = world.get("/v1/diag?k=fh_nobody_here").await;
    assert_eq!(refused.refusal(), (403, "unknown_site_key"));
    // A collector that takes nothing says so.
    world.store.close().await.unwrap();
    world.pass(1_000);
    let told: Diagnosis = world.get(&format!("/v1/diag?k={KEY}")).await.json();
    assert!(!told.ready);
}

#[test]
fn a_collector_that_is_well_has_no_errors() {
    let dir = tempfile::tempdir().unwrap();
    assert!(init(dir.path()).status.success());
    let running = Running::start(dir.path());
    let url = format!("http://{}", running.address);
    let (found, code) = doctor(&["--url", &url, "--key", KEY, "--origin", SHOP]);
    has(
        &found,
        &[
            "good reachable",
            "good ready",
            "good key_known",
            "good cors",
            "good clock",
            "good origin_allowed",
            "good preflight",
            "good envelope_accepted",
            "good compressed_accepted",
        ],
    );
    assert_eq!(code, Some(0), "{found:?}");
    let (found, code) = doctor(&["--url", &url, "--key", KEY, "--origin", "https://evil.test"]);
    has(&found, &["error origin_refused"]);
    assert_eq!(code, Some(1));
    let (found, code) = doctor(&["--url", &url, "--key", "fh_nobody_here"]);
    has(&found, &["error key_unknown"]);
    assert_eq!(code, Some(1));
    assert_eq!(running.stop("-TERM").0, Some(0));
}

/// Answers every request alike, as often as asked.
fn serve(answer: &'static str, times: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(times) {
            let mut stream = stream.unwrap();
            let mut head = [0; 4_096];
            // Whatever is asked.
            let _ = stream.read(&mut head);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

#[test]
fn what_is_wrong_is_named() {
    let (_, code) = doctor(&["--url", "shop.example"]);
    assert_eq!(code, Some(2));
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let (found, code) = doctor(&["--url", &format!("http://{nobody}")]);
    assert_eq!(
        (found, code),
        (vec![String::from("error unreachable")], Some(1))
    );
    let redirect = "HTTP/1.1 301 Moved\r\nLocation: https://a.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let (found, _) = doctor(&["--url", &format!("http://{}", serve(redirect, 1))]);
    assert_eq!(found, ["error redirected"]);
    let other = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
    let (found, _) = doctor(&["--url", &format!("http://{}", serve(other, 1))]);
    assert_eq!(found, ["error not_a_collector"]);
}

#[test]
fn a_policy_of_a_page_is_read() {
    let dir = tempfile::tempdir().unwrap();
    assert!(init(dir.path()).status.success());
    let running = Running::start(dir.path());
    let url = format!("http://{}", running.address);
    let page = "HTTP/1.1 200 OK\r\nContent-Security-Policy: default-src 'self'\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let page = format!("http://{}/shop", serve(page, 1));
    let (found, code) = doctor(&[
        "--url", &url, "--key", KEY, "--origin", SHOP, "--page", &page,
    ]);
    has(
        &found,
        &[
            "good envelope_accepted",
            "error csp_blocks_connect",
            "error csp_blocks_script",
            "error csp_blocks_wasm",
        ],
    );
    assert_eq!(code, Some(1));
    assert_eq!(running.stop("-TERM").0, Some(0));
}
