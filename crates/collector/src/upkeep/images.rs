//! Turns the row of an image into its file in another folder, or into whether it is whole.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use store_sqlite::KeptImage;

use crate::attachments::sync_now;
use crate::error::RunError;
use crate::setup::make_private_folder;

/// What became of the file of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Image {
    Whole,
    Missing,
    /// It is there, and other bytes than were kept.
    Changed,
}

/// Reads the file of an image below `root`.
pub(super) fn look_at_image(root: &Path, known: &KeptImage) -> Result<Image, RunError> {
    let file = match File::open(root.join(&known.path)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Image::Missing),
        file => file.map_err(failed("read an image"))?,
    };
    let mut nowhere = io::sink();
    let (bytes, sha256) = pass_on(file, &mut nowhere).map_err(failed("read an image"))?;
    if (bytes, sha256) == (known.bytes, known.sha256) {
        return Ok(Image::Whole);
    }
    Ok(Image::Changed)
}

/// Copies the file of an image, synced, whatever is in it; answers whether there was one.
pub(super) fn keep_image(from: &Path, to: &Path, known: &KeptImage) -> Result<bool, RunError> {
    let source = match File::open(from.join(&known.path)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        file => file.map_err(failed("read an image"))?,
    };
    let place = to.join(&known.path);
    let folder = place.parent().unwrap_or(to);
    let copied = make_private_folder(folder).and_then(|()| {
        let mut copy = File::create_new(&place)?;
        pass_on(source, &mut copy)?;
        copy.sync_all()?;
        sync_now(folder)
    });
    copied.map_err(failed("copy an image"))?;
    Ok(true)
}

/// Hands on everything that is read; answers how much it was, and its hash.
fn pass_on(mut from: File, to: &mut dyn Write) -> io::Result<(u64, [u8; 32])> {
    let (mut buffer, mut bytes) = (vec![0; 64 * 1024], 0);
    let mut hash = Sha256::new();
    loop {
        let n = from.read(&mut buffer)?;
        if n == 0 {
            return Ok((bytes, hash.finalize().into()));
        }
        hash.update(&buffer[..n]);
        to.write_all(&buffer[..n])?;
        bytes += n as u64;
    }
}

fn failed(doing: &'static str) -> impl Fn(io::Error) -> RunError {
    move |source| RunError::System { doing, source }
}
