//! Turns who holds a file, or a part of its shared memory, into whether somebody else may.
//!
//! Rules: <https://www.sqlite.org/lockingv3.html> and `xShmLock` in <https://www.sqlite.org/walformat.html>.

use std::collections::BTreeMap;

/// Names one open file.
pub(crate) type Holder = u64;

/// Levels of a lock on a file, in SQLite's numbers.
pub(crate) const NONE: i32 = 0;
const SHARED: i32 = 1;
const RESERVED: i32 = 2;
const PENDING: i32 = 3;
const EXCLUSIVE: i32 = 4;

/// Who holds a file, and how firmly.
#[derive(Debug, Default)]
pub(crate) struct FileLocks(BTreeMap<Holder, i32>);

impl FileLocks {
    /// Whether `holder` has the level now.
    pub(crate) fn lock(&mut self, holder: Holder, level: i32) -> bool {
        let mine = self.0.get(&holder).copied().unwrap_or(NONE);
        if mine >= level {
            return true;
        }
        let highest = self.highest_of_others(holder);
        let may = match level {
            SHARED => highest < PENDING,
            RESERVED => highest < RESERVED,
            _ => highest < RESERVED,
        };
        if !may {
            return false;
        }
        if level == EXCLUSIVE && highest > NONE {
            // Readers finish, and no new ones come.
            self.0.insert(holder, PENDING);
            return false;
        }
        self.0.insert(holder, level);
        true
    }

    pub(crate) fn unlock(&mut self, holder: Holder, level: i32) {
        if level == NONE {
            self.0.remove(&holder);
        } else {
            self.0.insert(holder, level);
        }
    }

    /// Whether anybody is about to write.
    pub(crate) fn is_reserved(&self) -> bool {
        self.0.values().any(|level| *level >= RESERVED)
    }

    fn highest_of_others(&self, holder: Holder) -> i32 {
        let others = self.0.iter().filter(|(other, _)| **other != holder);
        others.map(|(_, level)| *level).max().unwrap_or(NONE)
    }
}

/// Slots of shared memory that can be locked.
const N_SLOTS: usize = 8;

/// Who holds which slots of the shared memory.
#[derive(Debug, Default)]
pub(crate) struct SlotLocks([BTreeMap<Holder, bool>; N_SLOTS]);

impl SlotLocks {
    /// Whether `holder` has all of the slots now; none of them otherwise.
    pub(crate) fn lock(
        &mut self,
        holder: Holder,
        slots: std::ops::Range<usize>,
        exclusive: bool,
    ) -> bool {
        let Some(wanted) = self.0.get_mut(slots) else {
            return false;
        };
        let is_free = |slot: &BTreeMap<Holder, bool>| {
            let mut others = slot.iter().filter(|(other, _)| **other != holder);
            others.all(|(_, held_exclusively)| !exclusive && !held_exclusively)
        };
        if !wanted.iter().all(is_free) {
            return false;
        }
        for slot in wanted {
            slot.insert(holder, exclusive);
        }
        true
    }

    pub(crate) fn unlock(&mut self, holder: Holder, slots: std::ops::Range<usize>) {
        for slot in self.0.get_mut(slots).into_iter().flatten() {
            slot.remove(&holder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_writes_when_nobody_reads() {
        let mut locks = FileLocks::default();
        assert!(locks.lock(1, SHARED) && locks.lock(2, SHARED));
        assert!(locks.lock(1, RESERVED) && !locks.lock(2, RESERVED));
        assert!(!locks.lock(1, EXCLUSIVE), "somebody reads");
        assert!(!locks.lock(3, SHARED), "somebody waits to write");
        locks.unlock(2, NONE);
        assert!(locks.lock(1, EXCLUSIVE));
        assert!(locks.is_reserved());
        locks.unlock(1, SHARED);
        assert!(locks.lock(3, SHARED) && !locks.is_reserved());
    }

    #[test]
    fn slots_are_shared_or_not() {
        let mut locks = SlotLocks::default();
        assert!(locks.lock(1, 3..4, false) && locks.lock(2, 3..4, false));
        assert!(!locks.lock(1, 2..5, true), "the other holds one of them");
        locks.unlock(2, 3..4);
        assert!(locks.lock(1, 2..5, true) && !locks.lock(2, 4..5, false));
        assert!(!locks.lock(1, 7..9, true), "there are eight");
    }
}
