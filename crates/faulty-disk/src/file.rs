//! Turns writes into two contents of a file: what a reader sees, and what a power cut leaves.

use fastrand::Rng;

use crate::locks::{FileLocks, SlotLocks};

/// A change that has not reached the platter.
#[derive(Debug)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Resize { to: usize },
}

/// One file, under whatever name.
#[derive(Debug, Default)]
pub(crate) struct File {
    /// What a reader sees.
    pub(crate) now: Vec<u8>,
    /// What was synced.
    synced: Vec<u8>,
    /// What was not, in order.
    changes: Vec<Change>,
    pub(crate) locks: FileLocks,
    pub(crate) shared: SharedMemory,
}

/// The index of a write-ahead log: gone with the last who used it, never on a disk.
#[derive(Debug, Default)]
pub(crate) struct SharedMemory {
    pub(crate) locks: SlotLocks,
    pub(crate) users: std::collections::BTreeSet<u64>,
    /// Whole words, for alignment. Regions stay where they are while there are users.
    pub(crate) regions: Vec<Box<[u64]>>,
}

impl File {
    /// A file that survived.
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        Self {
            now: bytes.clone(),
            synced: bytes,
            ..Self::default()
        }
    }

    pub(crate) fn write(&mut self, at: usize, bytes: &[u8]) {
        write(&mut self.now, at, bytes);
        let bytes = bytes.to_vec();
        self.changes.push(Change::Write { at, bytes });
    }

    pub(crate) fn resize(&mut self, to: usize) {
        self.now.resize(to, 0);
        self.changes.push(Change::Resize { to });
    }

    pub(crate) fn sync(&mut self) {
        for change in self.changes.drain(..) {
            match change {
                Change::Write { at, bytes } => write(&mut self.synced, at, &bytes),
                Change::Resize { to } => self.synced.resize(to, 0),
            }
        }
    }

    /// A sync that failed and took the unsynced pages with it, as Linux does: they can be read until
    /// they leave the cache, and the next sync has nothing to say about them.
    pub(crate) fn forget(&mut self) {
        self.changes.clear();
    }

    /// What is found after a power cut.
    pub(crate) fn survivor(&self, rng: &mut Rng, sector: usize) -> Vec<u8> {
        let luck = Luck::draw(rng, self.changes.len());
        let mut found = self.synced.clone();
        for (nth, change) in self.changes.iter().enumerate() {
            match change {
                Change::Resize { to } if luck.keeps(nth, rng) => found.resize(*to, 0),
                Change::Resize { .. } => {}
                Change::Write { at, bytes } => {
                    // The size is kept elsewhere than the bytes, and may arrive alone.
                    if luck.keeps(nth, rng) && found.len() < at + bytes.len() {
                        let filling = if rng.bool() { 0 } else { rng.u8(..) };
                        found.resize(at + bytes.len(), filling);
                    }
                    for (at, piece) in sectors(*at, bytes, sector) {
                        if luck.keeps(nth, rng) {
                            write(&mut found, at, piece);
                        }
                    }
                }
            }
        }
        found
    }
}

fn write(content: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[at..end].copy_from_slice(bytes);
}

/// Cuts a write at the bounds of sectors.
fn sectors(at: usize, bytes: &[u8], sector: usize) -> impl Iterator<Item = (usize, &[u8])> {
    let mut done = 0;
    std::iter::from_fn(move || {
        let begin = at + done;
        let rest = &bytes[done..];
        let piece = rest.len().min(sector - begin % sector);
        done += piece;
        (piece > 0).then_some((begin, &rest[..piece]))
    })
}

/// Which unsynced changes a disk had written by itself when the power went.
#[derive(Debug)]
pub(crate) enum Luck {
    /// The first so many, the next of them in part.
    Prefix(usize),
    /// Any, with this many chances of a hundred.
    Any(u8),
}

impl Luck {
    pub(crate) fn draw(rng: &mut Rng, n: usize) -> Self {
        match rng.u8(0..8) {
            0 => Self::Any(0),
            1 => Self::Any(100),
            2..4 => Self::Prefix(rng.usize(0..=n)),
            4 => Self::Any(95),
            5 => Self::Any(5),
            _ => Self::Any(rng.u8(0..=100)),
        }
    }

    pub(crate) fn keeps(&self, nth: usize, rng: &mut Rng) -> bool {
        match self {
            Self::Prefix(n) if nth == *n => rng.bool(),
            Self::Prefix(n) => nth < *n,
            Self::Any(percent) => rng.u8(0..100) < *percent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_is_cut_at_sectors() {
        let cut: Vec<_> = sectors(500, &[7; 600], 512)
            .map(|(at, piece)| (at, piece.len()))
            .collect();
        assert_eq!(cut, [(500, 12), (512, 512), (1024, 76)]);
        assert_eq!(sectors(5, &[], 512).count(), 0);
    }

    #[test]
    fn what_was_synced_survives_and_the_rest_may() {
        let mut rng = Rng::with_seed(1);
        let mut file = File::default();
        file.write(0, &[1; 1024]);
        file.sync();
        file.write(512, &[2; 1024]);
        file.resize(700);
        let (mut sizes, mut torn) = (std::collections::BTreeSet::new(), false);
        for _ in 0..200 {
            let found = file.survivor(&mut rng, 512);
            assert_eq!(found[..512], [1; 512], "synced, and not touched since");
            torn |= found.len() == 1536 && found[512] == 1 && found[1024] == 2;
            sizes.insert(found.len());
        }
        assert!(torn, "never in part");
        assert!(sizes.is_superset(&[700, 1024, 1536].into()), "{sizes:?}");
    }

    #[test]
    fn a_failed_sync_may_forget() {
        let mut file = File::default();
        file.write(0, &[1; 8]);
        file.forget();
        file.sync();
        assert_eq!(file.now, [1; 8]);
        assert_eq!(file.survivor(&mut Rng::with_seed(1), 512), []);
    }
}
