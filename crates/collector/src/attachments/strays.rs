//! Turns files that no row names into files that are gone.
//!
//! A process that ends between a file and its row leaves one behind, of an image that was never
//! written down or of one that is gone. Nobody else would ever remove it.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use protocol::id::AttachmentId;

use super::folder::Folder;
use crate::app::Collector;
use crate::error::RunError;

/// How old a file is whose row is not on its way any more; an upload takes two minutes at most.
const SETTLED: Duration = Duration::from_secs(600);

impl Collector {
    /// Removes files of images that nothing names, and answers how many there were.
    ///
    /// # Errors
    ///
    /// [`RunError::System`] when the folder cannot be read, [`RunError::Store`] when the store fails.
    pub async fn remove_strays(&self) -> Result<usize, RunError> {
        let Some(folder) = &self.images else {
            return Ok(0);
        };
        let root = folder.root().to_owned();
        let listed = tokio::task::spawn_blocking(move || settled(&root)).await;
        let listed = listed.unwrap_or_else(|_| Err(io::ErrorKind::Interrupted.into()));
        let listed = listed.map_err(|source| RunError::System {
            doing: "look through the folder of images",
            source,
        })?;
        let mut n = 0;
        for id in listed {
            n += usize::from(self.remove_if_stray(folder, id).await?);
        }
        if n > 0 {
            tracing::info!(n, "removed files that nothing names");
        }
        Ok(n)
    }

    async fn remove_if_stray(&self, folder: &Folder, id: AttachmentId) -> Result<bool, RunError> {
        // Not while an upload is between its file and its row.
        let _turn = folder.turn().await;
        if self.store.attachment(id).await?.is_some() {
            return Ok(false);
        }
        let removed = folder.remove(&Folder::path_of(id)).await;
        removed.map_err(|source| RunError::System {
            doing: "remove a file that nothing names",
            source,
        })?;
        Ok(true)
    }
}

/// Images whose files are where they belong, and not new.
fn settled(root: &Path) -> io::Result<Vec<AttachmentId>> {
    let mut found = Vec::new();
    for folder in std::fs::read_dir(root)? {
        let folder = folder?.path();
        if !folder.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(folder)? {
            found.extend(settled_image(root, &file?.path()));
        }
    }
    Ok(found)
}

fn settled_image(root: &Path, file: &Path) -> Option<AttachmentId> {
    let id: AttachmentId = file.file_name()?.to_str()?.parse().ok()?;
    let is_in_place = file == root.join(PathBuf::from(Folder::path_of(id)));
    let age = file
        .metadata()
        .and_then(|known| known.modified())
        .ok()?
        .elapsed()
        .ok()?;
    (is_in_place && age > SETTLED).then_some(id)
}
