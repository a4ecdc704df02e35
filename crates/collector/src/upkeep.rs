//! Turns a data folder into a copy of itself, and into what is wrong with it.
//!
//! A folder with a database in it is whole: when copying, the images come first and the database gets
//! its name last.

mod images;

use std::path::{Path, PathBuf};

use store_sqlite::{Flaw, KeptImage};

use self::images::{Image, keep_image, look_at_image};
use crate::attachments::{IMAGES, sync_now};
use crate::error::RunError;
use crate::settings::{Given, Settled};
use crate::setup::{FILE, make_private_folder};

/// What the database is called until all else is there.
const UNFINISHED: &str = "firsthand.db.unfinished";

/// What is in a data folder, and what is wrong with it.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) flaws: Vec<Flaw>,
    pub(crate) layout: u32,
    /// The newest layout that this build knows.
    pub(crate) known_layout: u32,
    pub(crate) items: u64,
    pub(crate) images: usize,
}

/// Looks at all of a data folder, which may be in use, and changes nothing.
///
/// # Errors
///
/// [`RunError::Settings`] when there is no database, [`RunError::Unchecked`] when this build cannot
/// judge it.
pub(crate) fn verify(data: &Settled<PathBuf>) -> Result<Findings, RunError> {
    let file = database_of(data)?;
    let found = store_sqlite::inspect(&file).map_err(RunError::Unchecked)?;
    let mut flaws = found.flaws;
    let root = data.value.join(IMAGES);
    let mut missing = Vec::new();
    for known in &found.images {
        match look_at_image(&root, known)? {
            Image::Whole => {}
            Image::Missing => missing.push(known),
            Image::Changed => flaws.push(Flaw {
                code: "changed_file",
                what: format!("{IMAGES}/{} is not what was kept", known.path),
            }),
        }
    }
    for lost in still_known(&file, missing)? {
        flaws.push(Flaw {
            code: "missing_file",
            what: format!("{IMAGES}/{} is not there", lost.path),
        });
    }
    Ok(Findings {
        flaws,
        layout: found.layout,
        known_layout: found.known_layout,
        items: found.items,
        images: found.images.len(),
    })
}

/// Copies a data folder, which may be in use, into a new one, and looks at the copy.
///
/// # Errors
///
/// [`RunError::Settings`] when there is no database or the other folder has something in it,
/// [`RunError::Store`] and [`RunError::System`] when the disk fails.
pub(crate) fn back_up(data: &Settled<PathBuf>, to: &Given) -> Result<Findings, RunError> {
    let file = database_of(data)?;
    let folder = PathBuf::from(&to.value);
    make_empty(&folder, to)?;
    let copy = folder.join(UNFINISHED);
    store_sqlite::copy(&file, &copy)?;
    let known = store_sqlite::images_in(&copy)?;
    let mut missing = Vec::new();
    for image in &known {
        let kept = keep_image(&data.value.join(IMAGES), &folder.join(IMAGES), image)?;
        if !kept {
            missing.push(image);
        }
    }
    // Erased since the moment of the copy: their rows go as well. Others are lost, and told.
    let n_missing = missing.len();
    let lost = still_known(&file, missing.clone())?;
    if lost.len() < n_missing {
        let gone = missing.iter().filter(|image| !lost.contains(image));
        let gone: Vec<_> = gone.map(|image| image.id).collect();
        store_sqlite::forget_in_copy(&copy, &gone)?;
    }
    finish(&folder, &copy)?;
    verify(&Settled {
        value: folder,
        given: to.clone(),
    })
}

/// Makes a data folder from a backup that is sound.
///
/// # Errors
///
/// [`RunError::Settings`] when there is no backup, or something in the data folder already;
/// [`RunError::NotSound`] when the backup is damaged; as [`back_up`] otherwise.
pub(crate) fn restore(
    from: &Settled<PathBuf>,
    data: &Settled<PathBuf>,
) -> Result<Findings, RunError> {
    let found = verify(from)?;
    if !found.flaws.is_empty() {
        return Ok(found);
    }
    back_up(from, &data.given)
}

/// The database of a folder, which has to be there.
fn database_of(data: &Settled<PathBuf>) -> Result<PathBuf, RunError> {
    let file = data.value.join(FILE);
    if file.exists() {
        return Ok(file);
    }
    let reason = format!("has no {FILE}");
    Err(data.given.wrong(reason).into())
}

/// Makes a folder in which nothing is; one that is there may be empty.
fn make_empty(folder: &Path, given: &Given) -> Result<(), RunError> {
    let made = make_private_folder(folder).and_then(|()| std::fs::read_dir(folder));
    let mut inside =
        made.map_err(|error| given.wrong(format!("cannot be used as a folder: {error}")))?;
    if inside.next().is_some() {
        let reason = "is not empty, and nothing is overwritten";
        return Err(given.wrong(reason).into());
    }
    Ok(())
}

/// Gives the database its name, once all else is on disk.
fn finish(folder: &Path, copy: &Path) -> Result<(), RunError> {
    let named = sync_now(folder)
        .and_then(|()| std::fs::rename(copy, folder.join(FILE)))
        .and_then(|()| sync_now(folder));
    named.map_err(|source| RunError::System {
        doing: "finish the copy",
        source,
    })
}

/// Those of the images that the database, which may be in use, still knows.
fn still_known<'a>(
    file: &Path,
    missing: Vec<&'a KeptImage>,
) -> Result<Vec<&'a KeptImage>, RunError> {
    if missing.is_empty() {
        return Ok(missing);
    }
    let known = store_sqlite::images_in(file)?;
    let is_known = |image: &&KeptImage| known.iter().any(|known| known.id == image.id);
    Ok(missing.into_iter().filter(is_known).collect())
}
