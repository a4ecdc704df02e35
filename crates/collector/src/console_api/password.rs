//! Turns a password into a hash, and a hash and a password into yes or no: argon2id.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::error::{ApiError, RunError};

/// Hashes at work at the same time. Each takes 19 MiB and a core for some 30 ms: without a limit,
/// a crowd at the door would take what ingest needs.
const MAX_AT_ONCE: usize = 2;

/// Hashes a password with a random salt, as a PHC string.
///
/// The parameters are the crate's defaults: 19 MiB, two passes, one lane.
///
/// # Source
///
/// <https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id>
pub(crate) fn hash_password(password: &str) -> Result<String, RunError> {
    let hash: PasswordHash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(RunError::Password)?;
    Ok(hash.to_string())
}

/// Whether a password is the one that was hashed. Takes as long for a wrong one as for the right one.
pub(crate) fn is_password(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}

/// Checks passwords, off the threads that answer requests.
#[derive(Debug)]
pub(super) struct Passwords {
    /// What a person who does not exist is checked against, so that guessing an e-mail address takes
    /// as long as guessing a password.
    nobody: String,
    at_work: Semaphore,
}

impl Passwords {
    pub(super) fn new() -> Result<Self, RunError> {
        Ok(Self {
            nobody: hash_password("a person who does not exist")?,
            at_work: Semaphore::new(MAX_AT_ONCE),
        })
    }

    /// Whether `password` belongs to a person with this hash; never for nobody.
    pub(super) async fn check(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, ApiError> {
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        // Never closed, so the only answer is a permit.
        let _permit = self.at_work.acquire().await;
        let checked = tokio::task::spawn_blocking(move || is_password(&password, &hash)).await;
        let right = checked.map_err(|error| ApiError::internal(&error))?;
        Ok(right && exists)
    }
}
