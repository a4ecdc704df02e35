//! Turns uploads into images that the console shows, and everything else into refusals.

use std::io::Cursor;
use std::path::Path;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use collector::Collector;
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use protocol::query::Comments;
use serde_json::json;
use store::NewPerson;

use crate::process::{Running, init};
use crate::socket::send;
use crate::world::{
    Answer, EMAIL, KEY, PASSWORD, SHOP, World, batch_path, cookie_pair, get, header_line, id, item,
    page, reason, sign_in, survey,
};

const DAY: u64 = 86_400_000;

/// A PNG image with so many pixels a side, in colours of its own.
pub(crate) fn png_image(colour: u32, side: u32) -> Vec<u8> {
    drawn(colour, side, ImageFormat::Png)
}

pub(crate) fn drawn(colour: u32, side: u32, format: ImageFormat) -> Vec<u8> {
    let [_, red, green, blue] = colour.wrapping_mul(2_654_435_761).to_be_bytes();
    let pixels = RgbaImage::from_fn(side, side, |x, y| {
        Rgba([red ^ x as u8, green ^ y as u8, blue, 255])
    });
    let mut image = DynamicImage::ImageRgba8(pixels);
    if format == ImageFormat::Jpeg {
        image = DynamicImage::ImageRgb8(image.into_rgb8());
    }
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The pixels of an image.
pub(crate) fn pixels(bytes: &[u8]) -> RgbaImage {
    image::load_from_memory(bytes).unwrap().into_rgba8()
}

/// The first bytes of an image of this size, and as many more of the kind `x`.
fn png(width: u32, height: u32, more: usize) -> Vec<u8> {
    let start = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [start, sides, vec![b'x'; more]].concat()
}

pub(crate) fn path(n: u32) -> String {
    format!("/v1/attachment?k={KEY}&id={}", id(n))
}

pub(crate) async fn upload(world: &World, path: &str, body: Vec<u8>) -> Answer {
    world.post_bytes(path, body).await
}

/// A response that names images.
fn naming(n: u32, images: &[u32]) -> String {
    let images: Vec<_> = images.iter().map(|n| id(*n)).collect();
    let p = json!({
        "survey": survey(), "response": id(n), "revision": 1, "complete": true,
        "answers": [reason("See there")], "page": page(), "attachments": images,
    });
    item(n, "response", &p)
}

/// Every file under a folder.
pub(crate) fn files(folder: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(std::fs::read(path).unwrap());
        }
    }
    found
}

#[tokio::test]
async fn an_image_goes_in_once_and_comes_out_for_who_may_see_it() {
    let world = World::new().await;
    let image = png_image(1, 64);
    for _ in 0..2 {
        let answer = upload(&world, &path(7), image.clone()).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        assert_eq!(answer.body, br#"{"ok":true}"#);
        assert_eq!(answer.header("access-control-allow-origin"), Some(SHOP));
    }
    let only = files(&world.images());
    assert_eq!(only.len(), 1);
    assert_eq!(pixels(&only[0]), pixels(&image));
    let other = upload(&world, &path(7), png_image(2, 64)).await;
    assert_eq!(other.refusal(), (409, "attachment_conflict"));
    assert_eq!(files(&world.images()), only);

    let answer = world.post(&[header_line(1), naming(1, &[7, 8])]).await;
    assert_eq!(answer.outcomes().0, "a");
    let comments: Comments = world.ask("/api/v1/comments?survey=nps").await;
    let shown: Vec<_> = comments.items[0]
        .attachments
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(shown, [id(7)]);

    let url = format!("/api/v1/attachments/{}", id(7));
    let answer = world.fetch(&url).await;
    assert_eq!(answer.body, only[0]);
    assert_eq!(answer.header("content-type"), Some("image/png"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let name = format!("inline; filename=\"{}.png\"", id(7));
    assert_eq!(answer.header("content-disposition"), Some(&*name));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let policy = answer.header("content-security-policy").unwrap();
    for word in ["sandbox", "default-src 'none'"] {
        assert!(policy.contains(word), "{policy}");
    }
    let within = answer.header("cross-origin-resource-policy");
    assert_eq!(within, Some("same-origin"));
    assert_eq!(
        world.send(get(&url)).await.refusal(),
        (401, "not_signed_in")
    );
    for unknown in [
        id(8),
        String::from("..%2f..%2ffirsthand.db"),
        String::from("x"),
    ] {
        let answer = world.fetch(&format!("/api/v1/attachments/{unknown}")).await;
        assert_eq!(answer.refusal(), (404, "not_found"), "{unknown}");
    }
}

#[tokio::test]
async fn nobody_sees_the_images_of_another_project() {
    let world = World::new().await;
    upload(&world, &path(7), png_image(1, 1)).await;
    let project = world.store.create_project("Other".into(), 1).await.unwrap();
    let known = world.store.person(EMAIL.into()).await.unwrap().unwrap();
    let eve = NewPerson {
        project,
        email: "eve@firsthand.example".into(),
        password_hash: known.password_hash,
        role: protocol::query::access::Role::Viewer,
    };
    world.store.put_person(eve, 1).await.unwrap();
    let door = world.send(sign_in("eve@firsthand.example", PASSWORD)).await;
    let request = Request::get(format!("/api/v1/attachments/{}", id(7)))
        .header(header::COOKIE, cookie_pair(&door));
    let answer = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.refusal(), (404, "not_found"));
}

#[tokio::test]
async fn what_is_no_image_is_refused_and_leaves_nothing() {
    let world = World::new().await;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    let wrong = [
        (Vec::new(), (415, "not_an_image")),
        (svg, (415, "not_an_image")),
        (b"\x89PNG\r\n\x1a\n".to_vec(), (415, "not_an_image")),
        (png(8_193, 1, 0), (413, "image_too_large")),
        (png(0, 1, 0), (413, "image_too_large")),
        (png(8_192, 4_097, 0), (413, "image_too_large")),
        (png(8_192, 4_096, 0), (415, "not_an_image")),
        (png(1, 1, 5 << 20), (413, "attachment_too_large")),
        (png(1, 1, 17 << 20), (413, "attachment_too_large")),
    ];
    for (body, refusal) in wrong {
        assert_eq!(upload(&world, &path(7), body).await.refusal(), refusal);
    }
    assert_eq!(files(&world.images()), Vec::<Vec<u8>>::new());
}

#[tokio::test]
async fn a_request_has_to_say_what_it_brings_and_from_where() {
    let world = World::new().await;
    for (path, refusal) in [
        (
            format!("/v1/attachment?id={}", id(1)),
            (400, "invalid_parameter"),
        ),
        (
            format!("/v1/attachment?k={KEY}"),
            (400, "invalid_parameter"),
        ),
        (
            format!("/v1/attachment?k={KEY}&id=7"),
            (400, "invalid_parameter"),
        ),
        (
            format!("/v1/attachment?k=fh_nobody_here&id={}", id(1)),
            (403, "unknown_site_key"),
        ),
    ] {
        let answer = upload(&world, &path, png(1, 1, 0)).await;
        assert_eq!(answer.refusal(), refusal, "{path}");
    }
    let foreign = Request::post(path(1)).header(header::ORIGIN, "https://evil.test");
    let foreign = foreign.body(Body::from(png(1, 1, 0))).unwrap();
    let answer = world.send(foreign).await;
    assert_eq!(answer.refusal(), (403, "origin_not_allowed"));
    let answer = world.get(&path(1)).await;
    assert_eq!(answer.refusal(), (405, "method_not_allowed"));
}

#[tokio::test]
async fn an_image_that_nobody_names_is_removed_after_eight_days() {
    let world = World::new().await;
    for n in [7, 8] {
        upload(&world, &path(n), png_image(n, 2)).await;
    }
    world.post(&[header_line(1), naming(1, &[8])]).await;
    let removed = async |collector: &Collector| collector.remove_orphans().await.unwrap();
    // As long as an SDK keeps a response, and a day.
    world.pass(7 * DAY);
    upload(&world, &path(7), png_image(7, 2)).await;
    world.pass(8 * DAY);
    assert_eq!(removed(&world.collector).await, 0);
    world.pass(1);
    assert_eq!(removed(&world.collector).await, 1);
    let left = files(&world.images());
    assert_eq!(left.len(), 1);
    assert_eq!(pixels(&left[0]), pixels(&png_image(8, 2)));
    assert_eq!(removed(&world.collector).await, 0);
    // It may come again, under the same id.
    assert_eq!(
        upload(&world, &path(7), png_image(7, 2)).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_image_that_is_not_written_down_leaves_nothing() {
    let world = World::new().await;
    let trigger = "CREATE TRIGGER broken BEFORE INSERT ON attachment
        BEGIN SELECT RAISE(ABORT, 'broken'); END";
    world.tamper(trigger);
    let answer = upload(&world, &path(7), png_image(1, 1)).await;
    assert!(answer.status.is_server_error(), "{answer:?}");
    assert_eq!(files(&world.images()), Vec::<Vec<u8>>::new());
    world.tamper("DROP TRIGGER broken");
    let answer = upload(&world, &path(7), png_image(1, 1)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(files(&world.images()).len(), 1);
}

#[test]
fn an_image_survives_kill_9() {
    let dir = tempfile::tempdir().unwrap();
    assert!(init(dir.path()).status.success());
    let mut collector = Running::start(dir.path());
    let image = png_image(7, 400);
    let from_shop = [
        ("Origin", SHOP),
        ("Content-Type", "text/plain;charset=UTF-8"),
    ];
    let answer = send(&collector.address, "POST", &path(7), &from_shop, &image).unwrap();
    assert_eq!((answer.status, &*answer.body), (200, r#"{"ok":true}"#));
    collector.kill();
    let half = std::fs::File::create(dir.path().join("attachments/unfinished/3")).unwrap();
    let long_ago = SystemTime::now() - Duration::from_secs(3_600);
    half.set_modified(long_ago).unwrap();
    let collector = Running::start(dir.path());
    let lines = [header_line(1), naming(1, &[7])].join("\n");
    let path = batch_path(1);
    let answer = send(
        &collector.address,
        "POST",
        &path,
        &from_shop,
        lines.as_bytes(),
    )
    .unwrap();
    assert_eq!(answer.body, r#"{"r":"a"}"#);
    let kept = files(&dir.path().join("attachments"));
    assert_eq!(kept.len(), 1);
    assert_eq!(pixels(&kept[0]), pixels(&image));
    assert_eq!(collector.stop("-TERM").0, Some(0));
}
