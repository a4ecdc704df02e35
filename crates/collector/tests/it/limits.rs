//! Turns bodies that are too much, or no bodies at all, into refusals as a whole.

use axum::body::Body;
use axum::http::{Request, header};
use protocol::limits::{MAX_BODY_BYTES, MAX_DECODED_BYTES, MAX_ITEM_BYTES, MAX_ITEMS};
use serde_json::json;

use crate::world::{KEY, SHOP, World, batch_path, gzip, header_line, id, impression, response};

fn gzip_path() -> String {
    batch_path(1).replace("z=-", "z=gz")
}

#[tokio::test]
async fn a_compressed_body_is_the_same_body() {
    let world = World::new().await;
    let body = gzip([header_line(1), impression(1)].join("\n").as_bytes());
    let answer = world.post_bytes(&gzip_path(), body.clone()).await;
    assert_eq!(answer.outcomes().0, "a");
    // Two gzip members in a row are one stream.
    let halves = [header_line(1) + "\n", impression(2)];
    let body = halves.map(|half| gzip(half.as_bytes())).concat();
    let answer = world.post_bytes(&gzip_path(), body).await;
    assert_eq!(answer.outcomes().0, "a");
}

#[tokio::test]
async fn a_body_that_grows_without_end_is_cut_off() {
    let world = World::new().await;
    let mut bomb = gzip(&vec![b' '; 64 << 20]);
    // Whoever unfolds all of it before measuring comes to this, and says something else.
    bomb.extend(b"no gzip");
    assert!(bomb.len() < MAX_BODY_BYTES);
    let answer = world.post_bytes(&gzip_path(), bomb).await;
    assert_eq!(answer.refusal(), (413, "body_too_large"));
}

#[tokio::test]
async fn a_body_may_be_exactly_as_long_as_allowed_after_decompression() {
    let world = World::new().await;
    let head = header_line(1) + "\n";
    for (more, expected) in [(0, 200), (1, 413)] {
        // White space behind the header is one line that is too long, and nothing worse.
        let padding = " ".repeat(MAX_DECODED_BYTES - head.len() + more);
        let body = gzip((head.clone() + &padding).as_bytes());
        let answer = world.post_bytes(&gzip_path(), body).await;
        assert_eq!(answer.status.as_u16(), expected);
    }
}

#[tokio::test]
async fn a_body_past_the_limit_is_refused_with_or_without_a_length() {
    let world = World::new().await;
    let body = vec![b'x'; MAX_BODY_BYTES + 1];
    let answer = world.post_bytes(&batch_path(1), body.clone()).await;
    assert_eq!(answer.refusal(), (413, "body_too_large"));
    // A stream has no length; nothing but counting helps.
    let chunks = body
        .chunks(4096)
        .map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()));
    let stream = Body::from_stream(Chunks(chunks.collect::<Vec<_>>().into_iter()));
    let request = Request::post(batch_path(1)).header(header::ORIGIN, SHOP);
    let answer = world.send(request.body(stream).unwrap()).await;
    assert_eq!(answer.refusal(), (413, "body_too_large"));
    // Announced, and so long that nobody waits for its end.
    let request = Request::post(batch_path(1)).header(header::CONTENT_LENGTH, 1_u64 << 40);
    let answer = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.refusal(), (413, "body_too_large"));
}

/// A stream of chunks that are all there.
struct Chunks<I>(I);

impl<I: Iterator + Unpin> futures_core::Stream for Chunks<I> {
    type Item = I::Item;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<I::Item>> {
        std::task::Poll::Ready(self.0.next())
    }
}

#[tokio::test]
async fn items_are_counted() {
    let world = World::new().await;
    for (n, expected) in [(MAX_ITEMS as u32, 200), (MAX_ITEMS as u32 + 1, 413)] {
        let lines: Vec<_> = (1..=n).map(impression).collect();
        let answer = world.post(&[vec![header_line(1)], lines].concat()).await;
        assert_eq!(answer.status.as_u16(), expected);
        if expected == 413 {
            assert_eq!(answer.refusal(), (413, "too_many_items"));
        }
    }
}

#[tokio::test]
async fn items_are_measured_one_by_one() {
    let world = World::new().await;
    let short = impression(1);
    let pad = |bytes: usize| {
        let more = bytes - short.len() - r#""x":"","#.len();
        short.replacen('{', &format!(r#"{{"x":"{}","#, "x".repeat(more)), 1)
    };
    let (fits, long) = (pad(MAX_ITEM_BYTES), pad(MAX_ITEM_BYTES + 1));
    assert_eq!(
        (fits.len(), long.len()),
        (MAX_ITEM_BYTES, MAX_ITEM_BYTES + 1)
    );
    let answer = world.post(&[header_line(1), long, fits]).await;
    let (letters, errors) = answer.outcomes();
    assert_eq!(
        (letters.as_str(), errors),
        ("xa", vec![(0, "item_too_large")])
    );
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused() {
    let world = World::new().await;
    let good = header_line(1);
    let wrong = [
        String::new(),
        String::from("\n"),
        String::from("hello"),
        impression(1),
        good.replace(&id(1), "nobody"),
        good.replace("firsthand-js", &"x".repeat(300)),
        good.replace(&crate::world::T0.to_string(), "-1"),
        good.replace(&crate::world::T0.to_string(), "18446744073709551615"),
        format!("{good}{good}"),
    ];
    for text in wrong {
        let answer = world.post_bytes(&batch_path(1), text.clone().into()).await;
        assert_eq!(answer.refusal(), (400, "unreadable_body"), "{text}");
    }
    let answer = world.post_bytes(&batch_path(1), vec![0xff, 0xfe]).await;
    assert_eq!(answer.refusal(), (400, "unreadable_body"));
    let answer = world.post_bytes(&gzip_path(), good.into()).await;
    assert_eq!(answer.refusal(), (400, "unreadable_body"));
    let mut cut = gzip(header_line(1).as_bytes());
    cut.truncate(cut.len() - 6);
    let answer = world.post_bytes(&gzip_path(), cut).await;
    assert_eq!(answer.refusal(), (400, "unreadable_body"));
}

#[tokio::test]
async fn parameters_have_to_be_there_and_right() {
    let world = World::new().await;
    let b = id(1);
    let wrong = [
        (format!("v=1&b={b}"), (400, "invalid_parameter")),
        (format!("k={KEY}&b={b}"), (400, "invalid_parameter")),
        (format!("k={KEY}&v=one&b={b}"), (400, "invalid_parameter")),
        (format!("k={KEY}&v=2&b={b}"), (415, "unsupported_encoding")),
        (format!("k={KEY}&v=1"), (400, "invalid_parameter")),
        (format!("k={KEY}&v=1&b=1"), (400, "invalid_parameter")),
        (format!("k={KEY}&v=1&b={b}&n=x"), (400, "invalid_parameter")),
        (
            format!("k={KEY}&v=1&b={b}&z=br"),
            (415, "unsupported_encoding"),
        ),
        (
            format!("k=fh_nobody_here&v=1&b={b}"),
            (403, "unknown_site_key"),
        ),
        (format!("k=&v=1&b={b}"), (403, "unknown_site_key")),
        (format!("k=%00%ff&v=1&b={b}"), (403, "unknown_site_key")),
    ];
    for (query, refusal) in wrong {
        let answer = world
            .post_bytes(&format!("/v1/batch?{query}"), Vec::new())
            .await;
        assert_eq!(answer.refusal(), refusal, "{query}");
    }
    // What is not ours is for a later version, and what may be absent may.
    let path = format!("/v1/batch?k={KEY}&v=1&b={b}&later=1");
    let answer = world.post_bytes(&path, header_line(1).into()).await;
    assert_eq!(answer.status.as_u16(), 200);
}

#[tokio::test]
async fn nothing_that_was_refused_is_kept() {
    let world = World::new().await;
    let line = response(1, 1, 1, &json!([crate::world::score(9)]));
    let lines = [vec![header_line(1)], vec![line.clone(); MAX_ITEMS + 1]].concat();
    assert_eq!(world.post(&lines).await.status.as_u16(), 413);
    assert_eq!(world.post(&[header_line(1), line]).await.outcomes().0, "a");
}
