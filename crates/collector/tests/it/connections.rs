//! Turns clients that are slow, many, or cut short into what the others notice of them.
#![cfg(unix)]

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::process::{Running, init};
use crate::socket::send;
use crate::world::{batch_path, header_line, impression};

/// Connections that say nothing, or next to nothing.
const SLOW: usize = 10_000;
/// How long somebody who behaves may wait meanwhile. Far above what it takes, far below the ten
/// seconds after which slow ones are closed anyway.
const BEARABLE: Duration = Duration::from_secs(5);

fn started() -> (tempfile::TempDir, Running) {
    let dir = tempfile::tempdir().unwrap();
    assert!(init(dir.path()).status.success());
    let running = Running::start(dir.path());
    (dir, running)
}

/// Lets this process open as many sockets as it may; answers how many.
fn raise_limit() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(20_000).min(20_000);
    let raised = Rlimit {
        current: Some(most),
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised).unwrap();
    most as usize
}

fn batch(address: &str, n: u32) -> u16 {
    let body = [header_line(n), impression(n)].join("\n");
    let sent = send(address, "POST", &batch_path(n), &[], body.as_bytes());
    sent.unwrap().status
}

#[test]
fn ten_thousand_slow_connections_keep_nobody_out() {
    let room = raise_limit() - 256;
    let slow = SLOW.min(room);
    let (_dir, running) = started();
    let head = format!("POST {} HTTP/1.1\r\nHost: x\r\n", batch_path(1));
    let long_body = format!("{head}Content-Length: 100000\r\n\r\n{{");
    let mut held = Vec::with_capacity(slow);
    let (mut n, mut longest) = (0, Duration::ZERO);
    for nth in 0..slow {
        let mut stream = TcpStream::connect(&running.address).unwrap();
        // Some say nothing, some never end their head, some never end their body.
        let beginning = match nth % 3 {
            0 => "",
            1 => head.as_str(),
            _ => long_body.as_str(),
        };
        // One that had to go already cannot be written to.
        let _ = stream.write_all(beginning.as_bytes());
        held.push(stream);
        if nth % 250 == 249 {
            n += 1;
            let start = Instant::now();
            assert_eq!(batch(&running.address, n), 200, "after {nth}");
            longest = longest.max(start.elapsed());
        }
    }
    // With all of them there, as many again.
    for _ in 0..40 {
        n += 1;
        let start = Instant::now();
        assert_eq!(batch(&running.address, n), 200);
        longest = longest.max(start.elapsed());
    }
    assert!(longest < BEARABLE, "{longest:?}");
    eprintln!("{slow} slow connections; the slowest of {n} others took {longest:?}");
    drop(held);
    assert_eq!(running.stop("-TERM").0, Some(0));
}

#[test]
fn who_never_ends_a_request_is_closed() {
    let (_dir, running) = started();
    let check = |beginning: &str| {
        let mut stream = TcpStream::connect(&running.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        stream.write_all(beginning.as_bytes()).unwrap();
        let start = Instant::now();
        let mut rest = String::new();
        match stream.read_to_string(&mut rest) {
            Err(error) if error.kind() != ErrorKind::ConnectionReset => panic!("{error}"),
            _ => {}
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{beginning:?}");
        rest
    };
    std::thread::scope(|scope| {
        scope.spawn(|| assert_eq!(check(""), ""));
        scope.spawn(|| assert_eq!(check("GET /healthz HTTP/1.1\r\nHost:"), ""));
        scope.spawn(|| {
            let head = format!("POST {} HTTP/1.1\r\nHost: x\r\n", batch_path(1));
            let told = check(&format!("{head}Content-Length: 1000\r\n\r\n{{"));
            assert!(told.starts_with("HTTP/1.1 503 "), "{told}");
            assert!(told.contains("\"overloaded\""), "{told}");
        });
    });
}

#[test]
fn what_was_begun_before_the_signal_is_kept() {
    let (dir, running) = started();
    let address = running.address.clone();
    let body = [header_line(1), impression(1)].join("\n");
    let mut begun = TcpStream::connect(&address).unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n",
        batch_path(1),
        body.len()
    );
    let (first, second) = body.split_at(body.len() / 2);
    begun.write_all(head.as_bytes()).unwrap();
    begun.write_all(first.as_bytes()).unwrap();
    // Somebody else is answered, so that the first is known to have been accepted.
    assert_eq!(batch(&address, 2), 200);
    running.signal("-TERM");
    // From now on nobody is let in.
    while TcpStream::connect(&address).is_ok() {
        std::thread::yield_now();
    }
    begun.write_all(second.as_bytes()).unwrap();
    let mut answer = String::new();
    begun.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains(r#"{"r":"a"}"#), "{answer}");
    assert_eq!(running.end(), Some(0));
    let db = rusqlite::Connection::open(dir.path().join("firsthand.db")).unwrap();
    let items: i64 = db
        .query_row("SELECT COUNT(*) FROM item", [], |row| row.get(0))
        .unwrap();
    assert_eq!(items, 2);
}
