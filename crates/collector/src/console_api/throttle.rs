//! Turns failed attempts to sign in into pauses that grow.
//!
//! Three things are counted: attempts for one e-mail address from one network, all attempts from one
//! network, and all attempts for one address from networks that nobody has signed in to it from. The
//! first two grow to a quarter of an hour. The last, which a crowd of machines can bring about for
//! anybody's address, grows to half a minute only and never stands before the networks that its owner
//! comes from: so guessing stays slow, and nobody can keep the owner out for good.
//!
//! All of it is in memory, as hashes with a key of this process, and bounded.
//!
//! # Source
//!
//! <https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies> for why an
//! account must not be locked for everybody.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::admission::Network;

/// Failures are forgotten when there was none for so long.
const FORGET_MS: u64 = 24 * 60 * 60_000;
/// Things that failures are counted of. One more than that makes the older half be forgotten.
const MAX_COUNTED: usize = 20_000;
/// Networks that somebody has signed in from. One more than that makes all be forgotten.
const MAX_KNOWN: usize = 20_000;

/// After how many failures pauses begin, at one second, and how far they grow by doubling.
#[derive(Clone, Copy)]
struct Rule {
    free: u32,
    max_ms: u64,
}

/// Enough for a person who tries five old passwords.
const PAIR: Rule = Rule {
    free: 5,
    max_ms: 15 * 60_000,
};
/// Enough for an office on a Monday.
const NETWORK: Rule = Rule {
    free: 20,
    max_ms: 15 * 60_000,
};
/// Two guesses a minute, wherever they come from.
const ADDRESS: Rule = Rule {
    free: 20,
    max_ms: 30_000,
};
/// As [`ADDRESS`], where a proxy hides all networks and there is nothing else to count by.
const HIDDEN: Rule = Rule { free: 5, ..ADDRESS };

impl Rule {
    fn pause_ms(self, failures: u32) -> u64 {
        match failures.checked_sub(self.free) {
            // The one that comes when all that are free have failed waits a second.
            Some(over) => 1_000_u64.saturating_mul(1 << over.min(20)).min(self.max_ms),
            None => 0,
        }
    }
}

/// Counts attempts until they turn out to be right.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    hasher: RandomState,
    counted: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    failures: HashMap<u64, Failures>,
    /// Pairs of address and network that have been right.
    known: HashSet<u64>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Failures {
    count: u32,
    last_ms: u64,
}

/// An attempt that was let through, and counts as failed unless something better is said of it.
#[derive(Debug)]
#[must_use]
pub(super) struct Attempt {
    pair: Option<u64>,
    others: Vec<u64>,
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
    pub(super) fn admit(
        &self,
        email: &str,
        network: Option<Network>,
        now_ms: u64,
    ) -> Result<Attempt, u64> {
        let pair = network.map(|network| self.hash(("pair", email, network)));
        let address = self.hash(("address", email));
        let mut counted = self.lock();
        let mut rules = Vec::new();
        match network.zip(pair) {
            Some((network, pair)) => {
                rules.push((pair, PAIR));
                rules.push((self.hash(("network", network)), NETWORK));
                if !counted.known.contains(&pair) {
                    rules.push((address, ADDRESS));
                }
            }
            None => rules.push((address, HIDDEN)),
        }
        let waits = rules
            .iter()
            .map(|(key, rule)| counted.wait_ms(*key, *rule, now_ms));
        match waits.max() {
            Some(wait_ms) if wait_ms > 0 => return Err(wait_ms.div_ceil(1000)),
            _ => {}
        }
        for (key, _) in &rules {
            counted.count(*key, now_ms);
        }
        let others = rules.into_iter().map(|(key, _)| key);
        let others = others.filter(|key| Some(*key) != pair).collect();
        Ok(Attempt { pair, others })
    }

    /// The password was right: what was counted for its address and network is taken back, and that
    /// network is one that its owner comes from.
    pub(super) fn forgive(&self, attempt: &Attempt) {
        let mut counted = self.lock();
        if let Some(pair) = attempt.pair {
            counted.failures.remove(&pair);
            if counted.known.len() >= MAX_KNOWN {
                counted.known.clear();
            }
            counted.known.insert(pair);
        }
        counted.take_back(&attempt.others);
    }

    /// The attempt was never checked.
    pub(super) fn take_back(&self, attempt: &Attempt) {
        let mut counted = self.lock();
        counted.take_back(attempt.pair.as_slice());
        counted.take_back(&attempt.others);
    }

    fn hash(&self, key: impl Hash) -> u64 {
        self.hasher.hash_one(key)
    }

    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counted {
    /// Milliseconds until another attempt is let through.
    fn wait_ms(&self, key: u64, rule: Rule, now_ms: u64) -> u64 {
        let Some(failures) = self.failures.get(&key) else {
            return 0;
        };
        if now_ms.saturating_sub(failures.last_ms) >= FORGET_MS {
            return 0;
        }
        let pause_ms = rule.pause_ms(failures.count);
        let over_ms = failures.last_ms.saturating_add(pause_ms);
        // A failure that is still to come is from before the clock was put back.
        over_ms.saturating_sub(now_ms).min(pause_ms)
    }

    fn count(&mut self, key: u64, now_ms: u64) {
        if self.failures.len() >= MAX_COUNTED && !self.failures.contains_key(&key) {
            self.forget_older_half();
        }
        let failures = self.failures.entry(key).or_default();
        if now_ms.saturating_sub(failures.last_ms) >= FORGET_MS {
            failures.count = 0;
        }
        failures.count = failures.count.saturating_add(1);
        failures.last_ms = now_ms;
    }

    /// Half at once, so that it is seldom looked for.
    fn forget_older_half(&mut self) {
        let mut times: Vec<u64> = self.failures.values().map(|f| f.last_ms).collect();
        let middle = times.len() / 2;
        let (_, middle_ms, _) = times.select_nth_unstable(middle);
        let middle_ms = *middle_ms;
        self.failures.retain(|_, f| f.last_ms > middle_ms);
    }

    fn take_back(&mut self, keys: &[u64]) {
        for key in keys {
            if let Some(failures) = self.failures.get_mut(key) {
                failures.count = failures.count.saturating_sub(1);
                if failures.count == 0 {
                    self.failures.remove(key);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: u64 = 1_793_491_200_000;
    const MINUTE: u64 = 60_000;

    const fn net(n: u8) -> Option<Network> {
        Some(Network::V4([203, 0, n]))
    }

    /// Fails so often, at one time.
    fn fail(throttle: &Throttle, email: &str, network: Option<Network>, at: u64, times: u32) {
        for n in 0..times {
            let admitted = throttle.admit(email, network, at);
            assert!(admitted.is_ok(), "{email} {n}: {admitted:?}");
        }
    }

    fn wait(throttle: &Throttle, email: &str, network: Option<Network>, at: u64) -> u64 {
        match throttle.admit(email, network, at) {
            Ok(attempt) => {
                throttle.take_back(&attempt);
                0
            }
            Err(seconds) => seconds,
        }
    }

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour() {
        let throttle = Throttle::default();
        let mut at = T;
        fail(&throttle, "ada", net(1), at, 5);
        for expected in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            assert_eq!(wait(&throttle, "ada", net(1), at), expected);
            assert_eq!(wait(&throttle, "ada", net(1), at + expected * 1000 - 1), 1);
            at += expected * 1000;
            fail(&throttle, "ada", net(1), at, 1);
        }
        assert_eq!(wait(&throttle, "bob", net(1), at), 0, "a colleague");
        assert_eq!(wait(&throttle, "ada", net(1), at + FORGET_MS), 0);
    }

    #[test]
    fn one_network_tries_many_addresses_in_vain() {
        let throttle = Throttle::default();
        for n in 0..20 {
            fail(&throttle, &format!("person{n}"), net(1), T, 1);
        }
        assert_eq!(wait(&throttle, "ada", net(1), T), 1);
        assert_eq!(wait(&throttle, "ada", net(2), T), 0);
    }

    #[test]
    fn many_networks_slow_each_other_but_never_the_owner() {
        let throttle = Throttle::default();
        let attempt = throttle.admit("ada", net(250), T).unwrap();
        throttle.forgive(&attempt);
        let (mut at, mut let_through) = (T, 0);
        // An hour of attempts twice a second, each from another network than the one before.
        for n in 0..7_200_u32 {
            let network = net(u8::try_from(n % 200).unwrap());
            let_through += u32::from(throttle.admit("ada", network, at).is_ok());
            at += 500;
            assert_eq!(wait(&throttle, "ada", net(250), at), 0, "the owner at {n}");
        }
        assert!((100..=150).contains(&let_through), "{let_through}");
        assert!(wait(&throttle, "ada", net(251), at) <= 30);
    }

    #[test]
    fn behind_a_proxy_that_hides_networks_nobody_waits_long() {
        let throttle = Throttle::default();
        let mut at = T;
        fail(&throttle, "ada", None, at, 5);
        for _ in 0..100 {
            let seconds = wait(&throttle, "ada", None, at);
            assert!((1..=30).contains(&seconds), "{seconds}");
            at += seconds * 1000;
            fail(&throttle, "ada", None, at, 1);
        }
    }

    #[test]
    fn the_right_password_clears_its_own_network_alone() {
        let throttle = Throttle::default();
        fail(&throttle, "ada", net(1), T, 4);
        fail(&throttle, "ada", net(2), T, 5);
        let attempt = throttle.admit("ada", net(1), T).unwrap();
        throttle.forgive(&attempt);
        fail(&throttle, "ada", net(1), T, 5);
        assert_eq!(wait(&throttle, "ada", net(1), T), 1);
        assert_eq!(wait(&throttle, "ada", net(2), T), 1);
    }

    #[test]
    fn an_attempt_that_was_taken_back_was_none() {
        let throttle = Throttle::default();
        for _ in 0..1_000 {
            let attempt = throttle.admit("ada", net(1), T).unwrap();
            throttle.take_back(&attempt);
        }
        assert_eq!(throttle.lock().failures.len(), 0);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let throttle = Throttle::default();
        for n in 0..60_000_u32 {
            let [_, a, b, c] = n.to_be_bytes();
            let network = Some(Network::V4([a, b, c]));
            let _ = throttle.admit(&format!("person{n}"), network, T + u64::from(n));
        }
        assert!(throttle.lock().failures.len() <= MAX_COUNTED);
    }

    #[test]
    fn a_clock_that_was_put_back_makes_nobody_wait_longer() {
        let throttle = Throttle::default();
        fail(&throttle, "ada", net(1), T, 5);
        assert_eq!(wait(&throttle, "ada", net(1), T - 60 * MINUTE), 1);
    }
}
