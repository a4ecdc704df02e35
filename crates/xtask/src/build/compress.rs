//! Turns each shipped file into its compressed twins.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use flate2::{Compression, write::GzEncoder};

use super::{Profile, dist::File};
use crate::paths;
use crate::run;
use crate::stamp::{list, long_hash};

/// Compresses every file, those that did not change since the last build excepted.
///
/// # Errors
/// When a file cannot be read or written.
pub(super) fn all(files: &[File], profile: Profile) -> Result<()> {
    // A file system may date a file a moment before the clock says.
    let begun = SystemTime::now() - Duration::from_secs(1);
    // One thread each: brotli 11 on the console's module takes longer than all the rest.
    std::thread::scope(|scope| {
        let threads: Vec<_> = files
            .iter()
            .map(|file| scope.spawn(move || compress(file, profile)))
            .collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| anyhow::bail!("a compressor panicked"))
        })
    })?;
    forget(begun)
}

fn compress(file: &File, profile: Profile) -> Result<()> {
    let (quality, level) = match profile {
        Profile::Debug => (2, 1),
        Profile::Release => (11, 9),
    };
    twin(file, "gz", level, |bytes| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::new(level));
        gzip.write_all(bytes)?;
        Ok(gzip.finish()?)
    })?;
    twin(file, "br", quality, |mut bytes| {
        let params = brotli::enc::BrotliEncoderParams {
            quality: i32::try_from(quality)?,
            lgwin: 22,
            size_hint: bytes.len(),
            ..Default::default()
        };
        let mut packed = Vec::new();
        brotli::BrotliCompress(&mut bytes, &mut packed, &params)?;
        Ok(packed)
    })
}

/// Writes one compressed twin. Those of the last build are kept apart: most files are the same again, and
/// the largest takes longer to compress than all else takes to bundle.
fn twin(
    file: &File,
    ending: &str,
    level: u32,
    compressed: impl Fn(&[u8]) -> Result<Vec<u8>>,
) -> Result<()> {
    let kept = twins().join(format!("{}-{level}.{ending}", long_hash(&file.bytes)));
    let bytes = match fs::read(&kept) {
        // Whatever was interrupted is made again.
        Ok(bytes) if !bytes.is_empty() => bytes,
        _ => compressed(&file.bytes)?,
    };
    let path = paths::dist().join(format!("{}.{ending}", file.path));
    if !fs::read(&path).is_ok_and(|old| old == bytes) {
        run::write(&path, &bytes)?;
    }
    // Files with the same content share it, and are written side by side: whoever reads it finds it whole.
    let fresh = kept.with_added_extension(long_hash(file.path.as_bytes()));
    run::write(&fresh, &bytes)?;
    fs::rename(&fresh, &kept).with_context(|| format!("cannot keep {}", kept.display()))
}

fn twins() -> PathBuf {
    paths::notes().join("twins")
}

/// Removes the kept twins that this build did not use.
fn forget(since: SystemTime) -> Result<()> {
    let mut files = Vec::new();
    list(&twins(), &mut files)?;
    for file in files {
        if fs::metadata(&file)?.modified()? < since {
            fs::remove_file(&file)?;
        }
    }
    Ok(())
}
