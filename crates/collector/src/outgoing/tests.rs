//! Turns names that change their mind, redirects and endless answers into requests that were refused.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// A server on this machine that answers each connection with the next of these, and counts them.
fn server(answers: Vec<String>) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            let mut head = [0; 4096];
            let _ = stream.read(&mut head);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (port, asked)
}

fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn redirect(to: &str) -> String {
    format!(
        "HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
}

fn ask(url: &str) -> Ask {
    Ask {
        method: Method::GET,
        url: url.parse().unwrap(),
        headers: Vec::new(),
        body: Vec::new(),
        timeout: Duration::from_secs(5),
        max_bytes: 1_000,
    }
}

/// Knows one name, with these addresses.
fn knowing(addresses: &'static [&'static str]) -> Outgoing {
    let mut outgoing = Outgoing::new(Vec::new());
    outgoing.look_up = Arc::new(move |_, port| {
        let found = addresses
            .iter()
            .map(|ip| SocketAddr::new(ip.parse().unwrap(), port));
        let found: Vec<_> = found.collect();
        Box::pin(async move { Ok(found) })
    });
    outgoing
}

async fn refused(outgoing: &Outgoing, url: &str) {
    let sent = outgoing.send(ask(url)).await;
    assert!(
        matches!(sent, Err(OutgoingError::Refused { .. })),
        "{url}: {sent:?}"
    );
}

#[tokio::test]
async fn nothing_inside_is_asked() {
    let (port, asked) = server(vec![ok("secret")]);
    let outgoing = Outgoing::new(Vec::new());
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "0.0.0.0",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fd00::1]",
        // Other ways to write 127.0.0.1, which a URL makes one of.
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
    ] {
        refused(&outgoing, &format!("http://{host}:{port}/")).await;
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused() {
    for addresses in [
        &["127.0.0.1"][..],
        &["10.1.2.3"],
        &["1.1.1.1", "192.168.0.1"],
        &["::1"],
        &["fe80::1"],
    ] {
        refused(&knowing(addresses), "http://inside.example/").await;
    }
    let nobody = knowing(&[]).send(ask("http://nobody.example/")).await;
    assert!(
        matches!(nobody, Err(OutgoingError::Name { .. })),
        "{nobody:?}"
    );
}

#[tokio::test]
async fn a_name_is_looked_up_once_and_that_address_is_asked() {
    let (port, asked) = server(vec![ok("here")]);
    let looks = Arc::new(AtomicUsize::new(0));
    let mut outgoing = Outgoing::new(vec!["127.0.0.0/8".parse().unwrap()]);
    let count = Arc::clone(&looks);
    outgoing.look_up = Arc::new(move |_, port| {
        // The second time it would lead somewhere else.
        let ip = if count.fetch_add(1, Ordering::SeqCst) == 0 {
            "127.0.0.1"
        } else {
            "10.9.9.9"
        };
        let address = SocketAddr::new(ip.parse().unwrap(), port);
        Box::pin(async move { Ok(vec![address]) })
    });
    // No system resolver knows this name: only what was looked up here leads anywhere.
    let answer = outgoing
        .send(ask(&format!("http://rebound.invalid:{port}/")))
        .await
        .unwrap();
    assert_eq!(
        (answer.status.as_u16(), answer.body),
        (200, b"here".to_vec())
    );
    assert_eq!(
        (looks.load(Ordering::SeqCst), asked.load(Ordering::SeqCst)),
        (1, 1)
    );
}

#[tokio::test]
async fn other_schemes_passwords_and_ports_are_refused() {
    let outgoing = knowing(&["1.1.1.1"]);
    for url in [
        "ftp://shop.example/",
        "file:///etc/passwd",
        "gopher://shop.example/",
        "http://shop.example:25/",
        "http://shop.example:22/",
        "http://user@shop.example/",
        "http://user:pass@shop.example/",
    ] {
        refused(&outgoing, url).await;
    }
}

#[tokio::test]
async fn a_redirect_into_the_inside_is_refused() {
    let (inside, asked) = server(vec![ok("secret")]);
    for to in [
        format!("http://127.0.0.1:{inside}/"),
        String::from("http://[::1]/"),
        String::from("ftp://shop.example/"),
    ] {
        let (outside, _) = server(vec![redirect(&to)]);
        let first = format!("http://127.0.0.1:{outside}/").parse().unwrap();
        // The first hop is trusted, and with it nothing else on the same machine.
        let outgoing = Outgoing::new(Vec::new()).trusting(&first);
        refused(&outgoing, first.as_str()).await;
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn redirects_are_followed_three_times() {
    let near = || Outgoing::new(vec!["127.0.0.0/8".parse().unwrap()]);
    let (port, _) = server(vec![
        redirect("/a"),
        redirect("/b"),
        redirect("/c"),
        ok("done"),
    ]);
    let answer = near()
        .send(ask(&format!("http://127.0.0.1:{port}/")))
        .await
        .unwrap();
    assert_eq!(answer.body, b"done");
    let (port, _) = server(vec![redirect("/a"); 4]);
    let endless = near().send(ask(&format!("http://127.0.0.1:{port}/"))).await;
    assert!(matches!(endless, Err(OutgoingError::Hops)), "{endless:?}");
}

#[test]
fn secrets_do_not_travel_to_another_origin() {
    let mut first = ask("https://a.example/hook");
    first.method = Method::POST;
    first.body = b"body".to_vec();
    first
        .headers
        .push((header::AUTHORIZATION, HeaderValue::from_static("Bearer x")));
    let near = redirected(first.clone(), StatusCode::TEMPORARY_REDIRECT, "/other").unwrap();
    assert_eq!(
        (near.method, near.body.len(), near.headers.len()),
        (Method::POST, 4, 1)
    );
    let far = redirected(first, StatusCode::FOUND, "https://b.example/").unwrap();
    assert_eq!(
        (far.method, far.body.len(), far.headers.len()),
        (Method::GET, 0, 0)
    );
}

#[tokio::test]
async fn an_answer_is_bounded_in_bytes_and_time() {
    let near = Outgoing::new(vec!["127.0.0.0/8".parse().unwrap()]);
    let (port, _) = server(vec![ok(&"x".repeat(1_001))]);
    let long = near.send(ask(&format!("http://127.0.0.1:{port}/"))).await;
    assert!(matches!(long, Err(OutgoingError::Http(_))), "{long:?}");
    // Accepts, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let begin = Instant::now();
    let late = near
        .send(Ask {
            timeout: Duration::from_millis(200),
            ..ask(&url)
        })
        .await;
    assert!(late.is_err(), "{late:?}");
    assert!(begin.elapsed() < Duration::from_secs(4));
}
