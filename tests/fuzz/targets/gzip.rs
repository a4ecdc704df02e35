//! Turns bytes into a compressed body that ends in outcomes, or into a finding.
//!
//! Of mutated gzip hardly anything passes its checksum. Half of the time, therefore, what is mutated is the text within.

#![no_main]

use std::io::{Read, Write};
use std::sync::LazyLock;

use collector::DryRun;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use protocol::envelope::Encoding;

static SITE: LazyLock<DryRun> = LazyLock::new(firsthand_fuzz::site);

/// Longest text that is mutated in compressed form.
const MAX_TEXT: usize = 1 << 16;

fuzz_target!(|bytes: &[u8]| {
    firsthand_fuzz::body(&SITE, Encoding::Gzip, bytes);
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    if seed & 1 == 0 {
        return fuzzer_mutate(data, size, max_size);
    }
    match within(&data[..size]).and_then(|text| packed(text, max_size)) {
        Some(packed) => {
            data[..packed.len()].copy_from_slice(&packed);
            packed.len()
        }
        None => fuzzer_mutate(data, size, max_size),
    }
});

/// The text in gzip, if that is what it is.
fn within(gzip: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let mut decoder = GzDecoder::new(gzip).take(MAX_TEXT as u64);
    decoder.read_to_end(&mut text).ok()?;
    Some(text)
}

/// A mutation of the text, compressed, if it fits.
fn packed(mut text: Vec<u8>, max_size: usize) -> Option<Vec<u8>> {
    let length = text.len();
    text.resize((length * 2).clamp(64, MAX_TEXT), 0);
    let room = text.len();
    let length = fuzzer_mutate(&mut text, length, room);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&text[..length]).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() <= max_size).then_some(packed)
}
