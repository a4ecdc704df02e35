//! Turns an image that somebody sent into one that says the same pixels and nothing else.
//!
//! What a camera or an editor writes beside the pixels (where, when, by whom, what was there before)
//! goes, and so does whatever makes a file two things at once. Decoding what strangers send is bounded
//! before it begins: by sides, by pixels, by memory, and by how many are decoded at a time.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, ImageResult, Limits};
use protocol::limits::MAX_IMAGE_SIDE;

use super::image::{Fault, Image, Kind};

/// Bytes that a decoder may take for one image: [`protocol::limits::MAX_IMAGE_PIXELS`] in 16 bits each
/// of red, green, blue and alpha, and some more to work with.
const MAX_DECODER_BYTES: u64 = 320 << 20;

/// Of JPEG, 1 to 100. What was lossy before loses little more, and text in a screenshot stays sharp.
const JPEG_QUALITY: u8 = 90;

/// An image that was encoded anew.
#[derive(Debug)]
pub(super) struct Encoded {
    pub(super) mime: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// Decodes and encodes an image; takes memory and time, so that it is no work for a thread that
/// answers requests.
///
/// # Errors
///
/// [`Fault`] when it is none, is too large, or breaks off.
pub(super) fn encode_anew(bytes: &[u8]) -> Result<Encoded, Fault> {
    let kind = Image::from_bytes(bytes)?.kind;
    let decoded = decode(bytes, kind).map_err(|_| Fault::Unknown)?;
    encode(decoded, kind).map_err(|_| Fault::Unknown)
}

fn decode(bytes: &[u8], kind: Kind) -> ImageResult<DynamicImage> {
    let format = match kind {
        Kind::Png => ImageFormat::Png,
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::LossyWebp | Kind::LosslessWebp => ImageFormat::WebP,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_IMAGE_SIDE);
    limits.max_image_height = Some(MAX_IMAGE_SIDE);
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    // What goes with the metadata, although people see it.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut decoded = DynamicImage::from_decoder(decoder)?;
    decoded.apply_orientation(orientation);
    Ok(decoded)
}

fn encode(decoded: DynamicImage, kind: Kind) -> ImageResult<Encoded> {
    let decoded = in_eight_bits(decoded);
    let mut bytes = Vec::new();
    let mime = match kind {
        Kind::Jpeg => "image/jpeg",
        // Without its losses it would be several times as long.
        Kind::LossyWebp if !decoded.color().has_alpha() => "image/jpeg",
        Kind::LossyWebp | Kind::LosslessWebp => "image/webp",
        Kind::Png => "image/png",
    };
    match mime {
        "image/jpeg" => {
            let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
            without_alpha(decoded).write_with_encoder(encoder)?;
        }
        "image/webp" => {
            decoded.write_with_encoder(WebPEncoder::new_lossless(&mut bytes))?;
        }
        _ => {
            let (compression, filter) = (CompressionType::Default, FilterType::Adaptive);
            let encoder = PngEncoder::new_with_quality(&mut bytes, compression, filter);
            decoded.write_with_encoder(encoder)?;
        }
    }
    Ok(Encoded { mime, bytes })
}

/// More bits are of no use on a screen.
fn in_eight_bits(decoded: DynamicImage) -> DynamicImage {
    match decoded {
        DynamicImage::ImageLuma8(_)
        | DynamicImage::ImageLumaA8(_)
        | DynamicImage::ImageRgb8(_)
        | DynamicImage::ImageRgba8(_) => decoded,
        DynamicImage::ImageLuma16(_) => DynamicImage::ImageLuma8(decoded.into_luma8()),
        DynamicImage::ImageLumaA16(_) => DynamicImage::ImageLumaA8(decoded.into_luma_alpha8()),
        other if other.color().has_alpha() => DynamicImage::ImageRgba8(other.into_rgba8()),
        other => DynamicImage::ImageRgb8(other.into_rgb8()),
    }
}

/// JPEG knows no other kinds of pixel.
fn without_alpha(decoded: DynamicImage) -> DynamicImage {
    match decoded {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => decoded,
        other => DynamicImage::ImageRgb8(other.into_rgb8()),
    }
}
