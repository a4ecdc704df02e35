//! The path of an answer, from the batch that brings it to the score and the comment in the console.
//!
//! On a real socket, through the real binary. Reads as documentation: this is what the product does.

use protocol::query::{Comments, NpsReport, Session};
use serde_json::json;

use crate::process::{Running, init};
use crate::socket::{RawAnswer, send};
use crate::world::{
    EMAIL, KEY, PASSWORD, SHOP, batch_path, header_line, impression, reason, response, score,
};

#[test]
fn a_batch_goes_in_and_a_score_comes_out() {
    let dir = tempfile::tempdir().unwrap();
    assert!(init(dir.path()).status.success());
    let collector = Running::start(dir.path());
    let address = collector.address.as_str();

    // A page asks what to show.
    let from_shop = [("Origin", SHOP)];
    let config = format!("/v1/config.json?k={KEY}");
    let config = send(address, "GET", &config, &from_shop, b"").unwrap();
    assert!(
        config.body.contains(r#""survey":{"id":"nps","version":1}"#),
        "{config:?}"
    );

    // Three people answer; the third closes the tab before the reason.
    let post = |n: u32, lines: &[String]| -> RawAnswer {
        let lines = [vec![header_line(n)], lines.to_vec()].concat().join("\n");
        let path = batch_path(n);
        let sent = [
            ("Origin", SHOP),
            ("Content-Type", "text/plain;charset=UTF-8"),
        ];
        send(address, "POST", &path, &sent, lines.as_bytes()).unwrap()
    };
    let answers = [
        (10, json!([score(10), reason("So fast")])),
        (20, json!([score(9), reason("Helpful people")])),
        (30, json!([score(3)])),
    ];
    for (n, answers) in &answers {
        let lines = [impression(*n), response(n + 1, *n, 1, answers)];
        let reply = post(*n, &lines);
        assert_eq!((reply.status, reply.body.as_str()), (200, r#"{"r":"aa"}"#));
        assert_eq!(reply.header("access-control-allow-origin"), Some(SHOP));
        // The reply was lost on its way, the page sends the same again: nothing counts twice.
        assert_eq!(post(*n, &lines).body, r#"{"r":"dd"}"#);
    }

    // A person signs in and looks.
    let origin = format!("http://{address}");
    let own = [
        ("Origin", origin.as_str()),
        ("Content-Type", "application/json"),
    ];
    let door = json!({ "email": EMAIL, "password": PASSWORD }).to_string();
    let door = send(address, "POST", "/api/v1/session", &own, door.as_bytes()).unwrap();
    let session: Session = serde_json::from_str(&door.body).unwrap();
    assert_eq!(session.email, EMAIL);
    let cookie = door.header("set-cookie").unwrap();
    let cookie = [("Cookie", cookie.split(';').next().unwrap())];

    let path = "/api/v1/scores/nps?survey=nps&days=28";
    let report = send(address, "GET", path, &cookie, b"").unwrap();
    let report: NpsReport = serde_json::from_str(&report.body).unwrap();
    assert_eq!((report.n, report.promoters, report.detractors), (3, 2, 1));
    assert!((report.score.unwrap() - 100.0 / 3.0).abs() < 1e-9);
    assert!(report.interval.unwrap().low < report.score.unwrap());
    assert_eq!((report.shown, report.shown_and_answered), (3, 3));

    // Page by page, newest first.
    let mut texts = Vec::new();
    let mut path = String::from("/api/v1/comments?survey=nps&days=28&limit=1");
    loop {
        let page = send(address, "GET", &path, &cookie, b"").unwrap();
        let page: Comments = serde_json::from_str(&page.body).unwrap();
        texts.extend(page.items.into_iter().map(|comment| comment.text));
        match page.next {
            Some(next) => path = format!("/api/v1/comments?survey=nps&limit=1&after={next}"),
            None => break,
        }
    }
    texts.sort();
    assert_eq!(texts, ["Helpful people", "So fast"]);

    // And what was asked wrongly is told.
    for (wrong, status) in [
        ("/api/v1/scores/nps", 400),
        ("/api/v1/scores/nps?survey=nps&days=0", 400),
        ("/api/v1/scores/nps?survey=nps&days=x", 400),
        ("/api/v1/scores/nps?survey=none", 404),
        ("/api/v1/comments?survey=nps&limit=201", 400),
        ("/api/v1/comments?survey=nps&after=x", 400),
        ("/api/v1/comments?survey=none", 404),
    ] {
        let answer = send(address, "GET", wrong, &cookie, b"").unwrap();
        assert_eq!(answer.status, status, "{wrong} {}", answer.body);
    }
    assert_eq!(collector.stop("-TERM").0, Some(0));
}

#[test]
fn a_body_past_the_limit_hears_so_on_a_socket_too() {
    let dir = tempfile::tempdir().unwrap();
    assert!(init(dir.path()).status.success());
    let collector = Running::start(dir.path());
    let long = vec![b'x'; 4 << 20];
    let answer = send(&collector.address, "POST", &batch_path(1), &[], &long).unwrap();
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("body_too_large"));
    // In chunks, without a length.
    let answer = send_chunked(&collector.address, &batch_path(1), &long);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

fn send_chunked(address: &str, path: &str, body: &[u8]) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Transfer-Encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    for chunk in body.chunks(64 << 10) {
        let size = format!("{:x}\r\n", chunk.len());
        stream
            .write_all(&[size.as_bytes(), chunk, b"\r\n"].concat())
            .unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
