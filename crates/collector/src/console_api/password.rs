//! Turns a password into a hash, and a hash and a password into yes or no: argon2id.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use protocol::outcome::ErrorCode;
use tokio::sync::Semaphore;

use crate::error::{ApiError, RunError};

/// Hashes at work at the same time. Each takes 19 MiB and a core for some 30 ms: without a limit,
/// a crowd at the door would take what ingest needs.
const MAX_AT_ONCE: usize = 2;
/// Hashes that wait for their turn: a second of work. What comes then is told to come again.
const MAX_WAITING: usize = 64;

/// Characters that a password has at least. Shorter ones fall to guessing, throttle or not.
///
/// # Source
///
/// NIST SP 800-63B-4, 3.1.1.2, for passwords beside nothing else asks for more; 8 is its floor.
pub(crate) const MIN_PASSWORD_CHARS: usize = 8;
/// Characters that a password has at most: longer ones make nothing safer.
const MAX_PASSWORD_CHARS: usize = 1_024;

/// Whether somebody may choose this password.
pub(super) fn check_new(password: &str) -> Result<(), ApiError> {
    if (MIN_PASSWORD_CHARS..=MAX_PASSWORD_CHARS).contains(&password.chars().count()) {
        return Ok(());
    }
    let message = format!("a password has {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters");
    Err(ApiError::new(ErrorCode::InvalidParameter, message))
}

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
    waiting: Semaphore,
}

impl Passwords {
    pub(super) fn new() -> Result<Self, RunError> {
        Ok(Self {
            nobody: hash_password("a person who does not exist")?,
            at_work: Arc::new(Semaphore::new(MAX_AT_ONCE)),
            waiting: Semaphore::new(MAX_WAITING),
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
        let right = self.work(move || is_password(&password, &hash)).await?;
        Ok(right && exists)
    }

    /// Hashes a password that somebody chose.
    pub(super) async fn hash(&self, password: String) -> Result<String, ApiError> {
        let hashed = self.work(move || hash_password(&password)).await?;
        hashed.map_err(|error| ApiError::internal(&error))
    }

    /// Does some work when it is its turn.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let _waiting = self.waiting.try_acquire().map_err(|_| {
            let message = "too many people sign in right now; try again";
            ApiError::new(ErrorCode::Overloaded, message)
        })?;
        // Never closed, so the only answer is a permit. It goes with the work, which goes on when
        // whoever asked does not wait for it.
        let permit = Arc::clone(&self.at_work).acquire_owned().await;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        done.await.map_err(|error| ApiError::internal(&error))
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
