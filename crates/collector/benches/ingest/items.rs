//! Turns numbers into items and envelopes, each with ids of its own.

use std::fmt::Write;

/// The site and its only survey, as `firsthand init` makes them.
pub(crate) const KEY: &str = "fh_bench_site";

/// Start of all ids: a time, as in every UUID of version 7. 2026-11-01.
const T0: u64 = 1_793_491_200_000;

/// An id of version 7 that is new: of one sender, later for a greater number.
fn id(kind: u8, sender: u32, n: u32) -> String {
    let time = T0 + u64::from(n) / 8;
    format!(
        "{:08x}-{:04x}-7{:03x}-8{:03x}-{:04x}{:08x}",
        time >> 16,
        time & 0xffff,
        n & 0xfff,
        kind,
        sender & 0xffff,
        n
    )
}

/// Id of item number `n` of a sender.
pub(crate) fn item_id(sender: u32, n: u32) -> String {
    id(1, sender, n)
}

/// Item number `n` of a sender: a line of about 350 bytes.
pub(crate) fn line(sender: u32, n: u32) -> String {
    let page = r#""page":{"url":"https://shop.example/categories/garden/furniture/chairs","language":"en"}"#;
    let survey = r#""survey":{"id":"nps","version":1}"#;
    let (kind, body) = if n.is_multiple_of(10) {
        let response = id(2, sender, n);
        let answers = r#"[{"question":"score","prompt":"How likely are you to recommend us?","value":{"nps":9}}]"#;
        let body = format!(
            r#"{survey},"response":"{response}","revision":1,"complete":false,"answers":{answers},{page}"#
        );
        ("response", body)
    } else {
        // As long as the others: what a field that nobody knows yet looks like.
        let unknown = "x".repeat(90);
        (
            "impression",
            format!(r#"{survey},{page},"later":"{unknown}""#),
        )
    };
    format!(
        r#"{{"id":"{}","seq":{n},"age_ms":{},"type":"{kind}","p":{{{body}}}}}"#,
        item_id(sender, n),
        100 + n % 900,
    )
}

/// The first line of an envelope.
pub(crate) fn header(sender: u32) -> String {
    let now_ms = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now_ms = now_ms.map_or(T0 as u128, |since| since.as_millis());
    let (install, session, boot) = (id(3, sender, 1), id(4, sender, 1), id(5, sender, 1));
    format!(
        r#"{{"sdk":"firsthand-js/0.1.0","install":"{install}","session":"{session}","boot":"{boot}","sent_wall":{now_ms},"report":{{}}}}"#
    )
}

/// A whole request: items `first` to `first + items` of a sender.
pub(crate) fn request(sender: u32, first: u32, items: u32) -> Vec<u8> {
    let mut body = header(sender);
    for n in first..first + items {
        body.push('\n');
        body += &line(sender, n);
    }
    let mut request = String::with_capacity(body.len() + 300);
    let batch = id(6, sender, first);
    // Text can always be written to a string.
    let _ = write!(
        request,
        "POST /v1/batch?k={KEY}&v=1&z=-&b={batch}&n=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\
         Origin: http://127.0.0.1:8788\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 \
         (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n\
         Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    request += &body;
    request.into_bytes()
}
