//! Turns files that want something else than to be seen into refusals, or into plain pixels.

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::ImageFormat;

use crate::attachments::{drawn, files, path, pixels, png_image, upload};
use crate::world::{World, id};

/// A chunk of a PNG file.
fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(name);
    sum.update(body);
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&length[..], name, body, &sum.sum().to_be_bytes()].concat()
}

/// A PNG file of one grey, of so many pixels, as small as it gets.
fn grey(width: u32, height: u32, bits: u8) -> Vec<u8> {
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    let row = vec![0; 1 + (width as usize * usize::from(bits)).div_ceil(8)];
    for _ in 0..height {
        zlib.write_all(&row).unwrap();
    }
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &[&sides[..], &[bits, 0, 0, 0, 0]].concat()),
        chunk(b"IDAT", &zlib.finish().unwrap()),
        chunk(b"IEND", b""),
    ]
    .concat()
}

/// What a phone writes beside the pixels: turn it, and where it was taken.
fn exif() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let mut bytes = [tag.to_le_bytes(), kind.to_le_bytes()].concat();
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
        bytes
    };
    // Orientation 6 (turn right), a comment, and a directory of GPS with one latitude.
    let mut tiff = b"II*\0\x08\0\0\0\x03\0".to_vec();
    tiff.extend(entry(0x0112, 3, 1, 6));
    tiff.extend(entry(0x010e, 2, 16, 50 + 18));
    tiff.extend(entry(0x8825, 4, 1, 50));
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend(b"\x01\0");
    tiff.extend(entry(1, 2, 2, u32::from(b'N')));
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend(b"GPS 48.1371N 11E");
    let body = [b"Exif\0\0".to_vec(), tiff].concat();
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [b"\xff\xe1".to_vec(), length.to_vec(), body].concat()
}

async fn kept(world: &World, n: u32, body: Vec<u8>) -> Vec<u8> {
    let answer = upload(world, &path(n), body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let shown = world.fetch(&format!("/api/v1/attachments/{}", id(n))).await;
    assert_eq!(shown.status, 200);
    shown.body
}

fn holds(bytes: &[u8], sought: &[u8]) -> bool {
    bytes.windows(sought.len()).any(|part| part == sought)
}

#[tokio::test]
async fn what_is_no_image_is_refused_whatever_it_is_called() {
    let world = World::new().await;
    let html = b"<!doctype html><script>alert(document.domain)</script>".to_vec();
    let svg = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let behind = |start: &[u8]| [start, &html].concat();
    let mut cut_off = png_image(1, 64);
    cut_off.truncate(cut_off.len() / 2);
    for (nth, body) in [
        html.clone(),
        svg.to_vec(),
        behind(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01"),
        behind(b"\xff\xd8\xff\xc0\0\x11\x08\0\x01\0\x01"),
        behind(b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\0\0\0\0"),
        behind(b"GIF89a\x01\0\x01\0"),
        cut_off,
    ]
    .into_iter()
    .enumerate()
    {
        let answer = upload(&world, &path(7), body).await;
        assert_eq!(answer.refusal(), (415, "not_an_image"), "{nth}");
    }
    assert_eq!(files(&world.images()), Vec::<Vec<u8>>::new());
}

#[tokio::test]
async fn a_photo_loses_where_it_was_taken_and_keeps_how_it_is_held() {
    let world = World::new().await;
    let plain = drawn(5, 64, ImageFormat::Jpeg);
    let mut photo = plain[..2].to_vec();
    photo.extend(exif());
    // After the start and before the rest.
    photo.extend(&plain[2..]);
    assert!(holds(&photo, b"GPS 48.1371N"));
    let shown = kept(&world, 7, photo).await;
    for gone in [&b"GPS"[..], b"Exif", b"48.1371"] {
        assert!(!holds(&shown, gone));
    }
    for file in files(&world.images()) {
        assert!(!holds(&file, b"48.1371"));
    }
    // Turned right: the top left corner is now where the bottom left one was.
    let (before, after) = (pixels(&plain), pixels(&shown));
    let near = |a: &image::Rgba<u8>, b: &image::Rgba<u8>| {
        a.0.iter().zip(b.0).all(|(a, b)| a.abs_diff(b) <= 24)
    };
    assert!(near(after.get_pixel(0, 0), before.get_pixel(0, 63)));
    assert!(near(after.get_pixel(63, 0), before.get_pixel(0, 0)));
}

#[tokio::test]
async fn a_file_that_is_two_things_is_one_afterwards() {
    let world = World::new().await;
    let script = b"<script>alert(document.domain)</script>";
    let zip = b"PK\x03\x04 and a whole archive PK\x05\x06";
    let image = png_image(3, 16);
    // In a text that a PNG may have, and behind its end.
    let end = image.len() - 12;
    let commented = [
        &image[..end],
        &chunk(b"tEXt", &[b"Comment\0", &script[..]].concat()),
        &image[end..],
        zip,
    ]
    .concat();
    let jpeg = drawn(3, 16, ImageFormat::Jpeg);
    let comment = [&b"\xff\xfe\0\x29"[..], script].concat();
    let jpeg = [&jpeg[..2], &comment, &jpeg[2..], script, zip].concat();
    let webp = drawn(3, 16, ImageFormat::WebP);
    let webp = [&webp[..], zip, script].concat();
    for (n, body) in [(1, commented), (2, jpeg), (3, webp)] {
        assert!(holds(&body, script), "{n}");
        let shown = kept(&world, n, body.clone()).await;
        assert!(!holds(&shown, b"<script"), "{n}");
        assert!(!holds(&shown, b"PK\x03\x04"), "{n}");
        let (before, after) = (pixels(&body), pixels(&shown));
        assert_eq!(before.dimensions(), after.dimensions());
    }
    for file in files(&world.images()) {
        assert!(!holds(&file, b"<script"));
    }
}

#[tokio::test]
async fn an_image_that_would_fill_the_memory_is_refused_before_it_is_decoded() {
    let world = World::new().await;
    // A few kilobytes that say a thousand megapixels, or just too many.
    let started = Instant::now();
    for (width, height) in [(100_000, 100_000), (8_192, 8_192), (8_192, 4_097)] {
        let mut claims = grey(8, 8, 8);
        claims[16..20].copy_from_slice(&u32::to_be_bytes(width));
        claims[20..24].copy_from_slice(&u32::to_be_bytes(height));
        let answer = upload(&world, &path(7), claims).await;
        assert_eq!(answer.refusal(), (413, "image_too_large"));
    }
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "nothing was decoded"
    );
    // More pixels than it said: those beyond are not there. Fewer: it breaks off.
    let mut small = grey(2_048, 2_048, 8);
    small[16..20].copy_from_slice(&8_u32.to_be_bytes());
    let sum = chunk(b"IHDR", &small[16..29]);
    small[29..33].copy_from_slice(&sum[sum.len() - 4..]);
    let answer = upload(&world, &path(7), small).await;
    assert!([200, 415].contains(&answer.status.as_u16()), "{answer:?}");
    for file in files(&world.images()) {
        assert_eq!(pixels(&file).width(), 8);
    }
}

#[tokio::test]
async fn as_many_pixels_as_there_may_be_are_decoded() {
    let world = World::new().await;
    let whole = grey(8_192, 4_096, 1);
    assert!(whole.len() < 100_000, "{}", whole.len());
    let shown = kept(&world, 7, whole).await;
    let (width, height) = image::load_from_memory(&shown)
        .map(|it| (it.width(), it.height()))
        .unwrap();
    assert_eq!((width, height), (8_192, 4_096));
    assert!(shown.len() < 1 << 20, "{}", shown.len());
}

#[tokio::test]
async fn every_kind_stays_what_it_was() {
    let world = World::new().await;
    for (n, format, mime) in [
        (1, ImageFormat::Png, "image/png"),
        (2, ImageFormat::Jpeg, "image/jpeg"),
        (3, ImageFormat::WebP, "image/webp"),
    ] {
        let sent = drawn(n, 32, format);
        let shown = kept(&world, n, sent.clone()).await;
        assert_eq!(image::guess_format(&shown).unwrap(), format);
        if format != ImageFormat::Jpeg {
            assert_eq!(pixels(&shown), pixels(&sent));
        }
        let answer = world.fetch(&format!("/api/v1/attachments/{}", id(n))).await;
        assert_eq!(answer.header("content-type"), Some(mime));
    }
}
