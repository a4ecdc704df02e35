//! Turns failed attempts to sign in into a pause: per e-mail address, and in total.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// How long an attempt is remembered.
const WINDOW_MS: u64 = 5 * 60_000;
/// Failed attempts for one address in a window. Enough for a person who tries three old passwords.
const MAX_PER_EMAIL: usize = 5;
/// Failed attempts for all addresses in a window. Also bounds what this remembers.
const MAX_IN_TOTAL: usize = 100;

/// Counts attempts until they turn out to be right.
#[derive(Debug, Default)]
pub(super) struct Throttle(Mutex<Attempts>);

#[derive(Debug, Default)]
struct Attempts {
    /// Times of attempts in the window, oldest first.
    all: VecDeque<u64>,
    /// The same, by address.
    by_email: HashMap<String, VecDeque<u64>>,
}

impl Throttle {
    /// Lets an attempt through and counts it as failed until [`Throttle::forgive`] or
    /// [`Throttle::take_back`].
    ///
    /// Counted before the password is checked, so that a hundred attempts at once are a hundred.
    ///
    /// # Errors
    ///
    /// The seconds to wait.
    pub(super) fn admit(&self, email: &str, now_ms: u64) -> Result<(), u64> {
        let mut attempts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.forget_before(now_ms.saturating_sub(WINDOW_MS));
        let own = attempts.by_email.get(email);
        let full = own
            .filter(|own| own.len() >= MAX_PER_EMAIL)
            .or(Some(&attempts.all).filter(|all| all.len() >= MAX_IN_TOTAL));
        if let Some(full) = full {
            let oldest = full.front().copied().unwrap_or(now_ms);
            let wait_ms = (oldest + WINDOW_MS).saturating_sub(now_ms);
            return Err(wait_ms.div_ceil(1000).max(1));
        }
        attempts.all.push_back(now_ms);
        let own = attempts.by_email.entry(String::from(email)).or_default();
        own.push_back(now_ms);
        Ok(())
    }

    /// Takes back what was counted for an address: its password was right.
    pub(super) fn forgive(&self, email: &str) {
        let mut attempts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for at_ms in attempts.by_email.remove(email).unwrap_or_default() {
            remove_one(&mut attempts.all, at_ms);
        }
    }

    /// Takes back the one attempt that was let through at `at_ms`: it was never checked.
    pub(super) fn take_back(&self, email: &str, at_ms: u64) {
        let mut attempts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Gone when another attempt was forgiven meanwhile, and then from both.
        let Some(own) = attempts.by_email.get_mut(email) else {
            return;
        };
        if remove_one(own, at_ms) {
            if own.is_empty() {
                attempts.by_email.remove(email);
            }
            remove_one(&mut attempts.all, at_ms);
        }
    }
}

/// Removes one of the entries with this time; whether there was one.
fn remove_one(times: &mut VecDeque<u64>, at_ms: u64) -> bool {
    let found = times.iter().position(|at| *at == at_ms);
    found.and_then(|at| times.remove(at)).is_some()
}

impl Attempts {
    fn forget_before(&mut self, start_ms: u64) {
        let is_old = |at: &u64| *at <= start_ms;
        self.all.retain(|at| !is_old(at));
        self.by_email.retain(|_, own| {
            own.retain(|at| !is_old(at));
            !own.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: u64 = 1_793_491_200_000;

    #[test]
    fn the_sixth_failure_waits_until_the_first_is_forgotten() {
        let throttle = Throttle::default();
        for n in 0..5 {
            assert_eq!(throttle.admit("ada", T + n * 1000), Ok(()));
        }
        assert_eq!(throttle.admit("ada", T + 60_000), Err(240));
        assert_eq!(throttle.admit("bob", T + 60_000), Ok(()));
        assert_eq!(throttle.admit("ada", T + WINDOW_MS - 1), Err(1));
        assert_eq!(throttle.admit("ada", T + WINDOW_MS), Ok(()));
        assert_eq!(throttle.admit("ada", T + WINDOW_MS), Err(1));
    }

    #[test]
    fn the_right_password_clears_the_address_alone() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(throttle.admit("ada", T), Ok(()));
            assert_eq!(throttle.admit("bob", T), Ok(()));
        }
        throttle.forgive("ada");
        assert_eq!(throttle.admit("ada", T), Ok(()));
        assert_eq!(throttle.admit("bob", T), Err(300));
    }

    #[test]
    fn an_attempt_that_was_taken_back_was_none() {
        let throttle = Throttle::default();
        for n in 0..1_000 {
            assert_eq!(throttle.admit("ada", T + n), Ok(()));
            throttle.take_back("ada", T + n);
        }
        for _ in 0..5 {
            assert_eq!(throttle.admit("ada", T), Ok(()));
        }
        throttle.take_back("ada", T);
        throttle.take_back("ada", T + 1);
        throttle.take_back("bob", T);
        assert_eq!(throttle.admit("ada", T), Ok(()));
        assert_eq!(throttle.admit("ada", T), Err(300));
    }

    #[test]
    fn many_addresses_together_are_too_many() {
        let throttle = Throttle::default();
        for n in 0..100 {
            assert_eq!(throttle.admit(&format!("person{n}"), T), Ok(()));
        }
        assert_eq!(throttle.admit("ada", T), Err(300));
        assert_eq!(throttle.admit("ada", T + WINDOW_MS), Ok(()));
    }
}
