//! Turns a password into a hash, and a hash and a password into yes or no: argon2id.

use std::sync::Arc;

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
    at_work: Arc<Semaphore>,
}

impl Passwords {
    pub(super) fn new() -> Result<Self, RunError> {
        Ok(Self {
            nobody: hash_password("a person who does not exist")?,
            at_work: Arc::new(Semaphore::new(MAX_AT_ONCE)),
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
        // Never closed, so the only answer is a permit. It goes with the work, which goes on when
        // whoever asked does not wait for it.
        let permit = Arc::clone(&self.at_work).acquire_owned().await;
        let work = move || {
            let _permit = permit;
            is_password(&password, &hash)
        };
        let checked = tokio::task::spawn_blocking(work).await;
        let right = checked.map_err(|error| ApiError::internal(&error))?;
        Ok(right && exists)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_nobody_waits_for_counts_until_it_is_done() {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.max_blocking_threads(1).build().unwrap();
        runtime.block_on(async {
            let passwords = Passwords::new().unwrap();
            // The one thread that could do the work has something else to do first.
            let (go, gone) = std::sync::mpsc::channel::<()>();
            let before = tokio::task::spawn_blocking(move || gone.recv());
            tokio::select! {
                biased;
                _ = passwords.check(String::from("guess"), None) => unreachable!(),
                () = std::future::ready(()) => {}
            }
            assert_eq!(passwords.at_work.available_permits(), MAX_AT_ONCE - 1);
            go.send(()).unwrap();
            before.await.unwrap().unwrap();
            let all = u32::try_from(MAX_AT_ONCE).unwrap();
            drop(passwords.at_work.acquire_many(all).await.unwrap());
        });
    }
}
