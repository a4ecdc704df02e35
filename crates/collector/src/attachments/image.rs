//! Turns the first bytes of a file into "this kind of image, of this size", or into "none of ours".
//!
//! Names and content types are what a sender claims. Only formats are taken that carry no script, and
//! nothing is decoded that says of itself that it is too large.

use protocol::limits::{MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Image {
    /// Its format.
    pub(super) kind: Kind,
}

/// A format that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Png,
    Jpeg,
    /// With losses, or in the extended form, which does not say so at its beginning.
    LossyWebp,
    LosslessWebp,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is no image of a kind that we know.
    Unknown,
    /// It has no pixels, or too many to show.
    Sides { width: u32, height: u32 },
}

impl Image {
    /// Looks at the header.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, Fault> {
        let (kind, sides) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            (Kind::Png, png(bytes))
        } else if bytes.starts_with(b"\xff\xd8\xff") {
            (Kind::Jpeg, jpeg(bytes))
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            let is_lossless = bytes.get(12..16) == Some(b"VP8L");
            let kind = if is_lossless {
                Kind::LosslessWebp
            } else {
                Kind::LossyWebp
            };
            (kind, webp(bytes))
        } else {
            return Err(Fault::Unknown);
        };
        let (width, height) = sides.ok_or(Fault::Unknown)?;
        let fits = |side: u32| (1..=MAX_IMAGE_SIDE).contains(&side);
        if !fits(width) || !fits(height) || width * height > MAX_IMAGE_PIXELS {
            return Err(Fault::Sides { width, height });
        }
        Ok(Self { kind })
    }
}

/// How files of this content type are called.
pub(super) fn extension(mime: &str) -> &'static str {
    match mime {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/webp" => "webp",
        _ => "bin",
    }
}

/// # Source
///
/// <https://www.w3.org/TR/png-3/#11IHDR>: the first chunk, width and height first.
fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.get(12..16)? != b"IHDR" {
        return None;
    }
    Some((big(bytes.get(16..20)?), big(bytes.get(20..24)?)))
}

/// # Source
///
/// ITU-T T.81, B.2.2: the frame header follows a marker `SOF0` to `SOF15`; `DHT`, `JPG` and `DAC` lie
/// between them and are none.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            // Any number of fill bytes may stand before a marker.
            0xff => at += 1,
            // Without a length.
            0x01 | 0xd0..=0xd7 => at += 2,
            0xc4 | 0xc8 | 0xcc => at = after_segment(bytes, at)?,
            0xc0..=0xcf => {
                let height = big(bytes.get(at + 5..at + 7)?);
                return Some((big(bytes.get(at + 7..at + 9)?), height));
            }
            // The picture begins, or ends, before anybody said how large it is.
            0xd9 | 0xda => return None,
            _ => at = after_segment(bytes, at)?,
        }
    }
}

fn after_segment(bytes: &[u8], at: usize) -> Option<usize> {
    let length = big(bytes.get(at + 2..at + 4)?);
    // The length counts itself.
    (length >= 2).then(|| at + 2 + length as usize)
}

/// # Source
///
/// <https://developers.google.com/speed/webp/docs/riff_container> and, for the lossy form, RFC 6386,
/// section 9.1.
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8 " => {
            if bytes.get(23..26)? != b"\x9d\x01\x2a" {
                return None;
            }
            // Two bits above each side say how to scale it.
            let side = |at: usize| Some(little(bytes.get(at..at + 2)?) & 0x3fff);
            Some((side(26)?, side(28)?))
        }
        b"VP8L" => {
            if *bytes.get(20)? != 0x2f {
                return None;
            }
            let bits = little(bytes.get(21..25)?);
            Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        b"VP8X" => Some((
            little(bytes.get(24..27)?) + 1,
            little(bytes.get(27..30)?) + 1,
        )),
        _ => None,
    }
}

/// A number of up to four bytes, the most significant first.
fn big(bytes: &[u8]) -> u32 {
    let bytes = bytes.iter();
    bytes.fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// The same, the least significant first.
fn little(bytes: &[u8]) -> u32 {
    let bytes = bytes.iter().rev();
    bytes.fold(0, |number, byte| number << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png_of(width: u32, height: u32) -> Vec<u8> {
        let start = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        [
            start,
            width.to_be_bytes().into(),
            height.to_be_bytes().into(),
        ]
        .concat()
    }

    fn jpeg_of(before: &[u8], width: u16, height: u16) -> Vec<u8> {
        let mut bytes = b"\xff\xd8".to_vec();
        bytes.extend_from_slice(before);
        bytes.extend_from_slice(b"\xff\xc2\0\x11\x08");
        bytes.extend_from_slice(&height.to_be_bytes());
        bytes.extend_from_slice(&width.to_be_bytes());
        bytes
    }

    fn webp_of(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [b"RIFF\0\0\0\0WEBP", &kind[..], b"\0\0\0\0", body].concat()
    }

    fn check(bytes: &[u8], expected: Result<Kind, Fault>) {
        let found = Image::from_bytes(bytes).map(|image| image.kind);
        assert_eq!(found, expected, "{bytes:?}");
    }

    #[test]
    fn the_three_kinds_are_told_from_each_other() {
        check(&png_of(1, 8192), Ok(Kind::Png));
        check(&jpeg_of(b"\xff\xe0\0\x04ab", 640, 480), Ok(Kind::Jpeg));
        let dht_and_fill = b"\xff\xc4\0\x03x\xff\xff\xff\xdb\0\x02";
        check(&jpeg_of(dht_and_fill, 640, 480), Ok(Kind::Jpeg));
        let lossy = webp_of(b"VP8 ", b"\0\0\0\x9d\x01\x2a\x80\x42\xe0\x01");
        check(&lossy, Ok(Kind::LossyWebp));
        check(&webp_of(b"VP8L", b"\x2f\0\0\0\0"), Ok(Kind::LosslessWebp));
        let extended = webp_of(b"VP8X", b"\0\0\0\0\x7f\x02\0\xdf\x01\0");
        check(&extended, Ok(Kind::LossyWebp));
    }

    #[test]
    fn sides_have_a_limit_and_cannot_be_nothing() {
        let sides = |width, height| Err(Fault::Sides { width, height });
        check(&png_of(8193, 1), sides(8193, 1));
        check(&png_of(8192, 4096), Ok(Kind::Png));
        check(&png_of(8192, 4097), sides(8192, 4097));
        check(&png_of(0, 1), sides(0, 1));
        check(&png_of(u32::MAX, u32::MAX), sides(u32::MAX, u32::MAX));
        check(&jpeg_of(b"", 640, 0), sides(640, 0));
        let extended = webp_of(b"VP8X", b"\0\0\0\0\xff\xff\xff\0\0\0");
        check(&extended, sides(1 << 24, 1));
    }

    #[test]
    fn everything_else_is_no_image() {
        for bytes in [
            &b""[..],
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"<html><script>alert(1)</script>",
            b"GIF89a\x01\0\x01\0",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff",
            b"\xff\xd8\xff\xe0\0\x00",
            b"\xff\xd8\xff\xe0\xff\xff",
            b"\xff\xd8\xff\xda\0\x02",
            b"RIFF\0\0\0\0WAVEfmt ",
            b"RIFF\0\0\0\0WEBPVP8 ",
        ] {
            check(bytes, Err(Fault::Unknown));
        }
        // A header that breaks off at any place brings nothing down.
        for whole in [png_of(1, 1), jpeg_of(b"\xff\xe0\0\x04ab", 1, 1)] {
            for end in 0..whole.len() {
                assert!(Image::from_bytes(&whole[..end]).is_err(), "{end}");
            }
        }
    }
}
