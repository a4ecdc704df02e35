//! Turns calls of a file system into changes of files, until the power goes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use fastrand::Rng;
use rusqlite::ffi;

use crate::file::{File, Luck};

/// What is wrong with a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No file can grow; what a file has already can be written anew.
    Full,
    /// Nothing can be written or made: a file system that was remounted after an error.
    ReadOnly,
    /// Nothing can be synced. What was to be synced is forgotten by the next sync that works, as
    /// Linux does since a page that could not be written counts as clean.
    SyncFails,
    /// A sync does nothing and says that it did.
    SyncLies,
    /// A sync takes this long.
    SlowSync(Duration),
    /// No write and no sync returns until the fault is gone.
    Stuck,
}

/// A result as SQLite wants it: `Err` with its code.
pub(crate) type Done<T> = Result<T, i32>;

/// A disk with one folder.
#[derive(Clone, Debug)]
pub struct Disk(pub(crate) Arc<Shared>);

#[derive(Debug)]
pub(crate) struct Shared {
    id: u64,
    state: Mutex<State>,
    /// Told when the fault changes, when a write gets stuck and when the power goes.
    changed: Condvar,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) files: Vec<File>,
    /// Names as a program sees them.
    names: BTreeMap<String, usize>,
    /// Names that survive.
    synced_names: BTreeMap<String, usize>,
    /// Names that were made or removed since, in order; removed ones have no file.
    named: Vec<(String, Option<usize>)>,
    fault: Option<Fault>,
    /// Changes so far: writes, sizes, syncs and names.
    n_changes: u64,
    /// The change during which the power goes.
    cut_at: Option<u64>,
    /// The sync during which the power goes.
    cut_sync_at: Option<u64>,
    /// The sync that fails once, and forgets.
    fail_sync_at: Option<u64>,
    n_stuck: usize,
}

/// Disks by number, which is the first part of a path: the file system is registered once, and a
/// thread may hold a file of a disk that its test has done with.
static DISKS: Mutex<BTreeMap<u64, Weak<Shared>>> = Mutex::new(BTreeMap::new());

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A test that failed elsewhere is no reason to fail here.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for Disk {
    fn default() -> Self {
        Self::new()
    }
}

impl Disk {
    /// An empty disk.
    pub fn new() -> Self {
        Self::with(State::default())
    }

    fn with(state: State) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        crate::vfs::register();
        let shared = Arc::new(Shared {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            state: Mutex::new(state),
            changed: Condvar::new(),
        });
        lock(&DISKS).insert(shared.id, Arc::downgrade(&shared));
        Self(shared)
    }

    /// The path of a file, for connections through [`crate::VFS`].
    pub fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/{}/{name}", self.0.id))
    }

    /// Breaks the disk, or heals it.
    pub fn set_fault(&self, fault: Option<Fault>) {
        self.0.state().fault = fault;
        self.0.changed.notify_all();
    }

    /// Waits until a write or a sync is stuck, or the power goes.
    pub fn wait_until_stuck(&self) {
        let mut state = self.0.state();
        while state.n_stuck == 0 && !state.is_off() {
            state = wait(&self.0.changed, state);
        }
    }

    /// Changes so far: writes, new sizes, syncs, and names that were made or removed.
    pub fn n_changes(&self) -> u64 {
        self.0.state().n_changes
    }

    /// Lets the power go during the change number `n` from now, counted from 0. Nothing works
    /// afterwards.
    pub fn cut_power_after(&self, n: u64) {
        let mut state = self.0.state();
        state.cut_at = Some(state.n_changes + n);
    }

    /// Lets the power go during the first sync that is change number `n` from now, or a later one: the
    /// moment at which most is written and least is safe.
    pub fn cut_power_in_sync_after(&self, n: u64) {
        let mut state = self.0.state();
        state.cut_sync_at = Some(state.n_changes + n);
    }

    /// Lets the first sync that is change number `n` from now, or a later one, fail as
    /// [`Fault::SyncFails`] does; the next one works.
    pub fn fail_one_sync_after(&self, n: u64) {
        let mut state = self.0.state();
        state.fail_sync_at = Some(state.n_changes + n);
    }

    /// Whether the power went.
    pub fn is_off(&self) -> bool {
        self.0.state().is_off()
    }

    /// Switches the power off now.
    pub fn cut_power(&self) {
        self.cut_power_after(0);
        self.0.changed.notify_all();
    }

    /// Size of a file, in bytes; 0 when there is none.
    pub fn size_of(&self, name: &str) -> usize {
        let state = self.0.state();
        let file = state.names.get(name);
        file.map_or(0, |file| state.files[*file].now.len())
    }

    /// A disk as it may be found when the power is back: everything that was synced, and of the rest
    /// what `rng` says, in pieces of a sector of so many bytes.
    pub fn survivor(&self, rng: &mut Rng, sector: usize) -> Self {
        let state = self.0.state();
        let mut names = state.synced_names.clone();
        let luck = Luck::draw(rng, state.named.len());
        for (nth, (name, file)) in state.named.iter().enumerate() {
            match file {
                _ if !luck.keeps(nth, rng) => {}
                Some(file) => drop(names.insert(name.clone(), *file)),
                None => drop(names.remove(name)),
            }
        }
        let mut found = State::default();
        for (name, file) in names {
            let bytes = state.files[file].survivor(rng, sector);
            found.names.insert(name, found.files.len());
            found.files.push(File::of(bytes));
        }
        found.synced_names = found.names.clone();
        drop(state);
        Self::with(found)
    }
}

fn wait<'a>(changed: &Condvar, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
    changed.wait(state).unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Shared {
    fn drop(&mut self) {
        lock(&DISKS).remove(&self.id);
    }
}

/// The disk and the name in it that a path means.
pub(crate) fn find(path: &str) -> Option<(Arc<Shared>, &str)> {
    let (id, name) = path.strip_prefix('/')?.split_once('/')?;
    let disk = lock(&DISKS).get(&id.parse().ok()?)?.upgrade()?;
    Some((disk, name))
}

impl Shared {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Opens a file, or makes it; without a name, one that nobody else finds.
    pub(crate) fn open(&self, name: Option<&str>, create: bool) -> Done<usize> {
        let known = |state: &State| name.and_then(|name| state.names.get(name).copied());
        if let Some(file) = known(&self.state()) {
            return Ok(file);
        }
        let mut state = self.change(ffi::SQLITE_CANTOPEN)?;
        if let Some(file) = known(&state) {
            return Ok(file);
        }
        if !create || state.fault == Some(Fault::ReadOnly) {
            return Err(ffi::SQLITE_CANTOPEN);
        }
        let file = state.files.len();
        state.files.push(File::default());
        if let Some(name) = name {
            state.names.insert(name.to_owned(), file);
            state.named.push((name.to_owned(), Some(file)));
        }
        Ok(file)
    }

    pub(crate) fn delete(&self, name: &str, sync_folder: bool) -> Done<()> {
        let mut state = self.change(ffi::SQLITE_IOERR_DELETE)?;
        if state.fault == Some(Fault::ReadOnly) {
            return Err(ffi::SQLITE_IOERR_DELETE);
        }
        if !state.names.contains_key(name) {
            return Err(ffi::SQLITE_IOERR_DELETE_NOENT);
        }
        state.names.remove(name);
        state.named.push((name.to_owned(), None));
        if sync_folder {
            state.sync_folder();
        }
        Ok(())
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        self.state().names.contains_key(name)
    }

    pub(crate) fn write(&self, file: usize, at: usize, bytes: &[u8]) -> Done<()> {
        let mut state = self.change(ffi::SQLITE_IOERR_WRITE)?;
        let end = at + bytes.len();
        match state.fault {
            Some(Fault::ReadOnly) => Err(ffi::SQLITE_IOERR_WRITE),
            Some(Fault::Full) if end > state.files[file].now.len() => Err(ffi::SQLITE_FULL),
            _ => {
                state.files[file].write(at, bytes);
                Ok(())
            }
        }
    }

    pub(crate) fn resize(&self, file: usize, to: usize) -> Done<()> {
        let mut state = self.change(ffi::SQLITE_IOERR_TRUNCATE)?;
        if state.fault == Some(Fault::ReadOnly) {
            return Err(ffi::SQLITE_IOERR_TRUNCATE);
        }
        state.files[file].resize(to);
        Ok(())
    }

    /// Syncs a file. The first sync of a new log or journal syncs the folder too, as SQLite's own
    /// file system does; `with_folder` says so.
    pub(crate) fn sync(&self, file: usize, with_folder: bool) -> Done<()> {
        let mut state = self.change(ffi::SQLITE_IOERR_FSYNC)?;
        if state.cut_sync_at.is_some_and(|at| at < state.n_changes) {
            state.cut_at = Some(state.n_changes - 1);
            self.changed.notify_all();
            return Err(ffi::SQLITE_IOERR_FSYNC);
        }
        if state.fail_sync_at.is_some_and(|at| at < state.n_changes) {
            state.fail_sync_at = None;
            state.files[file].forget();
            return Err(ffi::SQLITE_IOERR_FSYNC);
        }
        match state.fault {
            Some(Fault::SyncLies) => return Ok(()),
            Some(Fault::ReadOnly) => return Err(ffi::SQLITE_IOERR_FSYNC),
            Some(Fault::SyncFails) => {
                state.files[file].forget();
                return Err(ffi::SQLITE_IOERR_FSYNC);
            }
            Some(Fault::SlowSync(length)) => {
                drop(state);
                // Stands for a device that is slow; other files go on meanwhile.
                std::thread::sleep(length);
                state = self.state();
            }
            Some(Fault::Full | Fault::Stuck) | None => {}
        }
        if state.is_off() {
            return Err(ffi::SQLITE_IOERR_FSYNC);
        }
        state.files[file].sync();
        if with_folder {
            state.sync_folder();
        }
        Ok(())
    }

    /// Begins a change: stays while the disk is stuck, then counts it. Fails with `code` when the
    /// power goes during it, or has gone.
    fn change(&self, code: i32) -> Done<MutexGuard<'_, State>> {
        let mut state = self.state();
        state.n_stuck += 1;
        while state.fault == Some(Fault::Stuck) && !state.is_off() {
            self.changed.notify_all();
            state = wait(&self.changed, state);
        }
        state.n_stuck -= 1;
        state.n_changes += 1;
        if state.is_off() {
            self.changed.notify_all();
            return Err(code);
        }
        Ok(state)
    }
}

impl State {
    fn is_off(&self) -> bool {
        self.cut_at.is_some_and(|at| at < self.n_changes)
    }

    /// Fails when the power is off.
    pub(crate) fn readable(&self) -> Done<()> {
        if self.is_off() {
            return Err(ffi::SQLITE_IOERR_READ);
        }
        Ok(())
    }

    fn sync_folder(&mut self) {
        self.synced_names = self.names.clone();
        self.named.clear();
    }
}
