//! Turns requests of one key, or of one network, into so many a second and no more.
//!
//! A token bucket, kept as the one time at which it will be full again: the generic cell rate
//! algorithm. What is remembered is bounded, and a bucket that has filled up is forgotten: it is the
//! same as none.
//!
//! # Source
//!
//! ITU-T I.371 (2004), annex A, "virtual scheduling algorithm".

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, PoisonError};

const SECOND_NS: u64 = 1_000_000_000;

/// Buckets that are told apart in the time that it takes to fill one. More than that share one: it
/// takes an attacker with as many networks to get there, and 3 MiB to remember them.
const MAX_BUCKETS: usize = 50_000;

/// So many requests a second, and so many at once after a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests a second, from 1.
    pub per_second: u32,
    /// Requests at once, from 1.
    pub burst: u32,
}

impl Rate {
    /// Nanoseconds that one request takes up.
    fn step(self) -> u64 {
        SECOND_NS / u64::from(self.per_second.max(1))
    }

    /// Nanoseconds in which an empty bucket fills up.
    fn filling(self) -> u64 {
        self.step() * u64::from(self.burst.max(1))
    }
}

/// A request that was one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany {
    /// Requests at once.
    pub(crate) limit: u32,
    /// Seconds after which one more is let through, from 1.
    pub(crate) retry_after_s: u64,
    /// Seconds after which as many as `limit` are.
    pub(crate) reset_s: u64,
}

/// Buckets of one kind, by whatever tells them apart.
#[derive(Debug)]
pub(crate) struct Buckets {
    rate: Rate,
    /// Keys are kept hashed with it, and it is of this process alone: nobody learns from memory who
    /// was here.
    hasher: RandomState,
    generations: Mutex<Generations>,
}

/// When each bucket will be full, by key. What is in neither is full.
#[derive(Debug, Default)]
struct Generations {
    /// When `young` began.
    since_ns: u64,
    young: HashMap<u64, u64>,
    old: HashMap<u64, u64>,
}

impl Buckets {
    pub(crate) fn new(rate: Rate) -> Self {
        Self {
            rate,
            hasher: RandomState::new(),
            generations: Mutex::default(),
        }
    }

    /// Takes one from the bucket of `key`.
    ///
    /// # Errors
    ///
    /// When it is empty.
    pub(crate) fn take(&self, key: impl Hash, now_ms: u64) -> Result<(), TooMany> {
        let now_ns = now_ms.saturating_mul(1_000_000);
        let key = self.hasher.hash_one(key);
        let mut generations = self
            .generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let full_ns = generations.bucket(key, now_ns, self.rate.filling());
        let begins = (*full_ns).max(now_ns);
        let filled_after = begins + self.rate.step() - now_ns;
        if filled_after > self.rate.filling() {
            let wait = filled_after - self.rate.filling();
            return Err(TooMany {
                limit: self.rate.burst,
                retry_after_s: wait.div_ceil(SECOND_NS),
                reset_s: (begins - now_ns).div_ceil(SECOND_NS),
            });
        }
        *full_ns = begins + self.rate.step();
        Ok(())
    }
}

impl Generations {
    /// When the bucket of `key` will be full; to be changed when something is taken.
    fn bucket(&mut self, key: u64, now_ns: u64, filling: u64) -> &mut u64 {
        let age = now_ns.abs_diff(self.since_ns);
        if age >= filling {
            // Whatever was not looked at for as long as it takes to fill has filled.
            self.old = std::mem::take(&mut self.young);
            if age >= 2 * filling {
                self.old.clear();
            }
            self.since_ns = now_ns;
        }
        let known = self.old.get(&key).copied();
        let is_new = !self.young.contains_key(&key);
        let key = if is_new && self.young.len() >= MAX_BUCKETS {
            0
        } else {
            key
        };
        let full_ns = self.young.entry(key).or_insert(known.unwrap_or(0));
        // From before the clock was put back.
        *full_ns = (*full_ns).min(now_ns.saturating_add(filling));
        full_ns
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const T: u64 = 1_793_491_200_000;
    const RATE: Rate = Rate {
        per_second: 10,
        burst: 3,
    };

    fn takes(buckets: &Buckets, key: u32, at_ms: u64, expected: &[bool]) {
        let found: Vec<bool> = expected
            .iter()
            .map(|_| buckets.take(key, at_ms).is_ok())
            .collect();
        assert_eq!(found, expected, "{key} at {}", at_ms - T);
    }

    #[test]
    fn a_bucket_empties_and_fills() {
        let buckets = Buckets::new(RATE);
        takes(&buckets, 1, T, &[true, true, true, false, false]);
        takes(&buckets, 2, T, &[true]);
        takes(&buckets, 1, T + 99, &[false]);
        takes(&buckets, 1, T + 100, &[true, false]);
        takes(&buckets, 1, T + 10_000, &[true, true, true, false]);
    }

    #[test]
    fn whoever_is_refused_is_told_when() {
        let buckets = Buckets::new(Rate {
            per_second: 1,
            burst: 5,
        });
        takes(&buckets, 1, T, &[true; 5]);
        let refused = buckets.take(1, T).unwrap_err();
        let expected = TooMany {
            limit: 5,
            retry_after_s: 1,
            reset_s: 5,
        };
        assert_eq!(refused, expected);
        takes(&buckets, 1, T + 1_000, &[true, false]);
    }

    #[test]
    fn a_clock_that_is_put_back_locks_nobody_out() {
        let buckets = Buckets::new(RATE);
        takes(&buckets, 1, T + 200, &[true, true, true, false]);
        // A little is waited for, as long as filling takes, and much begins anew.
        takes(&buckets, 1, T, &[false]);
        takes(&buckets, 1, T + 100, &[true, false]);
        takes(&buckets, 1, T - 86_400_000, &[true, true, true, false]);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let buckets = Buckets::new(RATE);
        for key in 0..(MAX_BUCKETS + 100) {
            let _ = buckets.take(key, T);
        }
        let remembered = buckets.generations.lock().unwrap().young.len();
        assert!(remembered <= MAX_BUCKETS + 1, "{remembered}");
        // Whoever comes after that shares what is left with the others.
        takes(&buckets, u32::MAX, T, &[false]);
        takes(&buckets, u32::MAX, T + 1_000, &[true]);
    }

    proptest! {
        /// Never more than the burst and what has flowed in since, never less than the rate.
        #[test]
        fn no_pattern_gets_more_than_its_share(
            per_second in 1_u32..200,
            burst in 1_u32..50,
            pauses in prop::collection::vec(0_u64..500, 1..400),
        ) {
            let buckets = Buckets::new(Rate { per_second, burst });
            let (mut now, mut taken) = (T, 0_u64);
            for pause in pauses {
                now += pause;
                if buckets.take(7_u32, now).is_ok() {
                    taken += 1;
                }
                let flowed = (now - T) as f64 * f64::from(per_second) / 1_000.0;
                prop_assert!(taken as f64 <= f64::from(burst) + flowed + 1.0);
            }
            // After a pause as long as filling takes, all of the burst is there again.
            now += 1_000 * u64::from(burst).div_ceil(u64::from(per_second)) + 1;
            for _ in 0..burst {
                prop_assert!(buckets.take(7_u32, now).is_ok());
            }
            prop_assert!(buckets.take(7_u32, now).is_err());
        }
    }
}
