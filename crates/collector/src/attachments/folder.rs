//! Turns bytes into a file that is whole or not there, under the id of its image.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use protocol::id::AttachmentId;
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;
use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit};

use crate::error::RunError;
use crate::setup::random_hex;

/// Uploads at the same time. Each may last half a minute; a crowd waits instead of filling memory
/// and file handles.
pub(super) const MAX_AT_ONCE: usize = 32;

/// Where files are that are not whole yet.
const UNFINISHED: &str = "unfinished";

/// How old an unfinished file is that nobody writes to any more; an upload takes two minutes at most.
const ABANDONED: Duration = Duration::from_secs(600);

/// The folder of all images.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    /// Begins the names of the unfinished files of this process: another may use the same folder.
    name: String,
    /// Numbers them.
    next: AtomicU64,
    moving: Mutex<()>,
    uploads: Semaphore,
    decoding: Mutex<()>,
}

impl Folder {
    /// Makes the folder, and removes what a process that ended early left unfinished some time ago.
    pub(crate) fn open(root: PathBuf) -> Result<Self, RunError> {
        let unfinished = root.join(UNFINISHED);
        let failed = |source| RunError::System {
            doing: "make the folder of images",
            source,
        };
        std::fs::create_dir_all(&unfinished).map_err(failed)?;
        remove_abandoned(&unfinished).map_err(failed)?;
        for folder in [Some(&*root), root.parent()].into_iter().flatten() {
            sync_now(folder).map_err(failed)?;
        }
        Ok(Self {
            root,
            name: random_hex::<8>()?,
            next: AtomicU64::new(0),
            moving: Mutex::new(()),
            uploads: Semaphore::new(MAX_AT_ONCE),
            decoding: Mutex::new(()),
        })
    }

    /// Where all of it is.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Where the image with this id belongs. The last digits are random, so the folders fill evenly.
    pub(crate) fn path_of(id: AttachmentId) -> String {
        let name = id.to_string();
        format!("{}/{name}", &name[name.len() - 2..])
    }

    /// Leave to look, move and write down; one at a time.
    pub(crate) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.moving.lock().await
    }

    /// Leave to decode; one at a time, as one may take some hundred megabytes.
    pub(super) async fn decoding(&self) -> MutexGuard<'_, ()> {
        self.decoding.lock().await
    }

    /// Leave to upload; `None` when too many do.
    pub(super) fn admit(&self) -> Option<SemaphorePermit<'_>> {
        self.uploads.try_acquire().ok()
    }

    /// A new file that is removed again unless it is taken.
    pub(super) async fn begin(&self) -> io::Result<Unfinished> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{n}", self.name);
        let path = self.root.join(UNFINISHED).join(name);
        let file = File::create_new(&path).await?;
        Ok(Unfinished {
            file,
            path: Some(path),
        })
    }

    /// Moves a file to its place, synced: it, and the folders that name it.
    pub(super) async fn take(&self, mut file: Unfinished, path: &str) -> io::Result<()> {
        file.file.sync_all().await?;
        let place = self.root.join(path);
        let parent = place.parent().unwrap_or(&self.root);
        fs::create_dir_all(parent).await?;
        if let Some(unfinished) = &file.path {
            fs::rename(unfinished, &place).await?;
            file.path = None;
        }
        sync_folder(parent).await?;
        sync_folder(&self.root).await
    }

    pub(crate) async fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        fs::read(self.root.join(path)).await
    }

    /// Whether the file of an image is there.
    pub(super) async fn has(&self, path: &str) -> bool {
        fs::try_exists(self.root.join(path)).await.unwrap_or(false)
    }

    /// Removes a file; one that is not there is no error.
    pub(crate) async fn remove(&self, path: &str) -> io::Result<()> {
        match fs::remove_file(self.root.join(path)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// A file that arrives, and is removed when it does not arrive whole.
#[derive(Debug)]
pub(super) struct Unfinished {
    file: File,
    /// Gone once it was moved to its place.
    path: Option<PathBuf>,
}

impl Unfinished {
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await
    }

    /// Hands everything to the system, so that it can be read.
    pub(super) async fn finish(&mut self) -> io::Result<()> {
        self.file.flush().await
    }

    pub(super) async fn read(&self) -> io::Result<Vec<u8>> {
        match &self.path {
            Some(path) => fs::read(path).await,
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // One that stays is removed at a later start.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Removes what was last written to long ago. What cannot be removed stays, and nobody misses it.
fn remove_abandoned(unfinished: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(unfinished)? {
        let entry = entry?;
        let written = entry.metadata().and_then(|known| known.modified());
        let age = written.ok().and_then(|written| written.elapsed().ok());
        if age.is_some_and(|age| age > ABANDONED) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
    Ok(())
}

async fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = folder.to_owned();
    let synced = tokio::task::spawn_blocking(move || sync_now(&folder)).await;
    synced.unwrap_or_else(|_| Err(io::ErrorKind::Interrupted.into()))
}

/// Without this a power cut may take the name of a file that was synced.
#[cfg(unix)]
pub(crate) fn sync_now(folder: &Path) -> io::Result<()> {
    // The parent of a folder without further parts is the one that we are in.
    let named = folder.as_os_str();
    let folder = if named.is_empty() {
        Path::new(".")
    } else {
        folder
    };
    std::fs::File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be opened, and its names are synced with the file.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as above")]
pub(crate) fn sync_now(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    async fn begun(folder: &Folder, bytes: &[u8]) -> Unfinished {
        let mut file = folder.begin().await.unwrap();
        file.write(bytes).await.unwrap();
        file.finish().await.unwrap();
        file
    }

    #[tokio::test]
    async fn two_processes_share_a_folder() {
        let dir = tempfile::tempdir().unwrap();
        let one = Folder::open(dir.path().to_owned()).unwrap();
        let first = begun(&one, b"first").await;
        let other = Folder::open(dir.path().to_owned()).unwrap();
        let second = begun(&other, b"second").await;
        assert_eq!(first.read().await.unwrap(), b"first");
        one.take(first, "ab/first").await.unwrap();
        other.take(second, "ab/second").await.unwrap();
        assert_eq!(one.read("ab/first").await.unwrap(), b"first");
        assert_eq!(one.read("ab/second").await.unwrap(), b"second");
    }

    #[test]
    fn what_was_abandoned_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let unfinished = dir.path().join(UNFINISHED);
        std::fs::create_dir(&unfinished).unwrap();
        let (old, young) = (unfinished.join("old"), unfinished.join("young"));
        for (path, age) in [(&old, ABANDONED * 2), (&young, ABANDONED / 2)] {
            let file = std::fs::File::create(path).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        }
        Folder::open(dir.path().to_owned()).unwrap();
        assert!(!old.exists());
        assert!(young.exists());
    }
}
