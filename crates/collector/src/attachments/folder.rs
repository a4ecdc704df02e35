//! Turns bytes into a file that is whole or not there, under the id of its image.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use protocol::id::AttachmentId;
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;
use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit};

use crate::error::RunError;

/// Uploads at the same time. Each may last half a minute; a crowd waits instead of filling memory
/// and file handles.
const MAX_AT_ONCE: usize = 32;

/// Where files are that are not whole yet.
const UNFINISHED: &str = "unfinished";

/// The folder of all images.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    /// Numbers the unfinished files of this process.
    next: AtomicU64,
    moving: Mutex<()>,
    uploads: Semaphore,
}

impl Folder {
    /// Makes the folder, and removes what a process that ended early has left unfinished.
    pub(crate) fn open(root: PathBuf) -> Result<Self, RunError> {
        let unfinished = root.join(UNFINISHED);
        let failed = |source| RunError::System {
            doing: "make the folder of images",
            source,
        };
        match std::fs::remove_dir_all(&unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        std::fs::create_dir_all(&unfinished).map_err(failed)?;
        for folder in [Some(&*root), root.parent()].into_iter().flatten() {
            sync_now(folder).map_err(failed)?;
        }
        Ok(Self {
            root,
            next: AtomicU64::new(0),
            moving: Mutex::new(()),
            uploads: Semaphore::new(MAX_AT_ONCE),
        })
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

    /// Leave to upload; `None` when too many do.
    pub(super) fn admit(&self) -> Option<SemaphorePermit<'_>> {
        self.uploads.try_acquire().ok()
    }

    /// A new file that is removed again unless it is taken.
    pub(super) async fn begin(&self) -> io::Result<Unfinished> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        let path = self.root.join(UNFINISHED).join(n.to_string());
        let file = File::create(&path).await?;
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

    pub(super) async fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        fs::read(self.root.join(path)).await
    }

    /// Removes a file; one that is not there is no error.
    pub(super) async fn remove(&self, path: &str) -> io::Result<()> {
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
            // One that stays is removed at the next start.
            let _ = std::fs::remove_file(path);
        }
    }
}

async fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = folder.to_owned();
    let synced = tokio::task::spawn_blocking(move || sync_now(&folder)).await;
    synced.unwrap_or_else(|_| Err(io::ErrorKind::Interrupted.into()))
}

/// Without this a power cut may take the name of a file that was synced.
#[cfg(unix)]
fn sync_now(folder: &Path) -> io::Result<()> {
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
fn sync_now(_: &Path) -> io::Result<()> {
    Ok(())
}
