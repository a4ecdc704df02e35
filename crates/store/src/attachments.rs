//! Turns an uploaded image into a row that says where it is; the image itself is a file elsewhere.

use protocol::id::AttachmentId;

use crate::{ProjectId, Reply};

/// What is known of one image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Minted by the sender; unique over all projects.
    pub id: AttachmentId,
    /// Whose it is.
    pub project: ProjectId,
    /// Content type, found out by looking at it.
    pub mime: String,
    /// How long its file is.
    pub bytes: u64,
    /// SHA-256 of its file.
    pub sha256: [u8; 32],
    /// SHA-256 of what was sent, before it was encoded anew.
    pub sent_sha256: [u8; 32],
    /// When it last arrived.
    pub created_ms: u64,
    /// Where it is, relative to the folder of all images.
    pub path: String,
}

impl Attachment {
    /// Whether the other is the same image in the same place: an upload that was repeated.
    pub fn is_same(&self, other: &Self) -> bool {
        self.id == other.id
            && self.project == other.project
            && self.sent_sha256 == other.sent_sha256
    }
}

/// What is known of images.
pub trait Attachments: Send + Sync {
    /// Keeps what is known of an image; the same again changes only when it arrived.
    ///
    /// # Errors
    ///
    /// [`crate::StoreError::Taken`] when the id belongs to another image, or to another project's;
    /// [`crate::StoreError::Erased`] when the image with this id was erased.
    fn put_attachment(&self, attachment: Attachment) -> Reply<'_, ()>;

    /// The image with this id, whichever project it belongs to.
    fn attachment(&self, id: AttachmentId) -> Reply<'_, Option<Attachment>>;

    /// Forgets the images that last arrived before `before_ms` and that no response names, and answers
    /// them, so that their files can be removed.
    fn forget_orphans(&self, before_ms: u64) -> Reply<'_, Vec<Attachment>>;
}
