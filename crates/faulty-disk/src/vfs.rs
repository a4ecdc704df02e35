//! Turns SQLite's calls through pointers into calls of a [`crate::Disk`].
//!
//! The one file with unsafe code. What each function may rely on is in SQLite's own description of
//! `sqlite3_vfs` and `sqlite3_io_methods`: <https://www.sqlite.org/c3ref/vfs.html>,
//! <https://www.sqlite.org/c3ref/io_methods.html>.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::sync::{Arc, Once, OnceLock};

use rusqlite::ffi;

use crate::disk::{Disk, Done, Shared, find};
use crate::locks::NONE;

/// The name to open connections with.
pub const VFS: &str = "faulty-disk";

const NAME: &CStr = c"faulty-disk";

/// The longest path.
const MAX_PATH: c_int = 512;

/// What SQLite's own file system for Unix says of every disk: a sector has this many bytes, and bytes
/// beside those that are written stay as they are.
const SECTOR: c_int = 4096;
const CHARACTERISTICS: c_int = ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE;

/// An open file. SQLite allocates it, and knows only its beginning.
#[repr(C)]
struct Opened {
    base: ffi::sqlite3_file,
    handle: *mut Handle,
}

struct Handle {
    disk: Arc<Shared>,
    file: usize,
    /// Names this open file among those that lock.
    holder: u64,
    /// A new log or journal, whose folder has to be synced with it.
    names_new_file: bool,
}

const METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(x_close),
    xRead: Some(x_read),
    xWrite: Some(x_write),
    xTruncate: Some(x_truncate),
    xSync: Some(x_sync),
    xFileSize: Some(x_file_size),
    xLock: Some(x_lock),
    xUnlock: Some(x_unlock),
    xCheckReservedLock: Some(x_check_reserved_lock),
    xFileControl: Some(x_file_control),
    xSectorSize: Some(x_sector_size),
    xDeviceCharacteristics: Some(x_device_characteristics),
    xShmMap: Some(x_shm_map),
    xShmLock: Some(x_shm_lock),
    xShmBarrier: Some(x_shm_barrier),
    xShmUnmap: Some(x_shm_unmap),
    xFetch: None,
    xUnfetch: None,
};
static IO_METHODS: ffi::sqlite3_io_methods = METHODS;

/// Makes the file system known to SQLite, once for the process.
pub(crate) fn register() {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        // SAFETY: a null name asks for the file system that is there from the beginning, and lives as
        // long as the process.
        let system = unsafe { ffi::sqlite3_vfs_find(null()) };
        assert!(!system.is_null(), "SQLite has no file system");
        // SAFETY: as above; the structure is copied, so that time and randomness stay the system's.
        let mut vfs = unsafe { *system };
        vfs.iVersion = 2;
        vfs.szOsFile = size_of::<Opened>() as c_int;
        vfs.mxPathname = MAX_PATH;
        vfs.pNext = null_mut();
        vfs.zName = NAME.as_ptr();
        vfs.xOpen = Some(x_open);
        vfs.xDelete = Some(x_delete);
        vfs.xAccess = Some(x_access);
        vfs.xFullPathname = Some(x_full_pathname);
        // SAFETY: what is registered is never freed.
        let code = unsafe { ffi::sqlite3_vfs_register(Box::into_raw(Box::new(vfs)), 0) };
        assert_eq!(code, ffi::SQLITE_OK, "SQLite takes no file system");
    });
}

/// Where files without a name are: statements that undo much need some.
fn scratch() -> Arc<Shared> {
    static SCRATCH: OnceLock<Disk> = OnceLock::new();
    Arc::clone(&SCRATCH.get_or_init(Disk::new).0)
}

fn code(done: Done<()>) -> c_int {
    done.err().unwrap_or(ffi::SQLITE_OK)
}

fn int(number: i64) -> usize {
    usize::try_from(number).unwrap_or_default()
}

/// # Safety
///
/// `file` was opened by [`x_open`] and is not closed.
unsafe fn handle<'a>(file: *mut ffi::sqlite3_file) -> &'a mut Handle {
    // SAFETY: `x_open` has written an `Opened` with a handle there. SQLite calls the methods of one
    // file from one thread at a time.
    unsafe { &mut *(*file.cast::<Opened>()).handle }
}

/// # Safety
///
/// `name` ends with a zero and outlives the call.
unsafe fn text<'a>(name: *const c_char) -> Option<&'a str> {
    if name.is_null() {
        return None;
    }
    // SAFETY: as promised by the caller.
    unsafe { CStr::from_ptr(name) }.to_str().ok()
}

unsafe extern "C" fn x_open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    // SAFETY: SQLite hands over room for an `Opened`; without methods it does not close it.
    unsafe { (*file).pMethods = null() };
    // SAFETY: a file's name, or null for a temporary one.
    let name = unsafe { text(name) };
    let found = match name {
        Some(name) => find(name).map(|(disk, name)| (disk, Some(name))),
        None => Some((scratch(), None)),
    };
    let Some((disk, name)) = found else {
        return ffi::SQLITE_CANTOPEN;
    };
    let is_log = flags & (ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL) != 0;
    let create = flags & ffi::SQLITE_OPEN_CREATE != 0;
    let opened = match disk.open(name, create) {
        Ok(opened) => opened,
        Err(code) => return code,
    };
    let handle = Box::new(Handle {
        file: opened,
        holder: NEXT.fetch_add(1, Ordering::Relaxed),
        names_new_file: is_log && create,
        disk,
    });
    // SAFETY: as above; `out_flags` may be null.
    unsafe {
        (*file.cast::<Opened>()).handle = Box::into_raw(handle);
        (*file).pMethods = &raw const IO_METHODS;
        if let Some(out) = out_flags.as_mut() {
            *out = flags;
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn x_delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: a file's name.
    match unsafe { text(name) }.and_then(find) {
        Some((disk, name)) => code(disk.delete(name, sync != 0)),
        None => ffi::SQLITE_IOERR_DELETE_NOENT,
    }
}

unsafe extern "C" fn x_access(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _: c_int,
    found: *mut c_int,
) -> c_int {
    // SAFETY: a file's name.
    let exists = unsafe { text(name) }
        .and_then(find)
        .is_some_and(|(disk, name)| disk.exists(name));
    // SAFETY: room for the answer.
    unsafe { *found = c_int::from(exists) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn x_full_pathname(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    n_out: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: a file's name.
    let name = unsafe { CStr::from_ptr(name) }.to_bytes_with_nul();
    if name.len() > int(n_out.into()) {
        return ffi::SQLITE_CANTOPEN;
    }
    // SAFETY: there is room for `n_out` bytes, and the name is another memory.
    unsafe { std::ptr::copy_nonoverlapping(name.as_ptr().cast(), out, name.len()) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn x_close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: an open file, whose handle nobody uses after this.
    let handle = unsafe { Box::from_raw((*file.cast::<Opened>()).handle) };
    // SAFETY: as above.
    unsafe { (*file).pMethods = null() };
    leave_shared_memory(&handle);
    let mut state = handle.disk.state();
    state.files[handle.file].locks.unlock(handle.holder, NONE);
    ffi::SQLITE_OK
}

unsafe extern "C" fn x_read(
    file: *mut ffi::sqlite3_file,
    out: *mut c_void,
    n: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: an open file, and room for `n` bytes.
    let (handle, out) = unsafe {
        let out = std::slice::from_raw_parts_mut(out.cast::<u8>(), int(n.into()));
        (handle(file), out)
    };
    let state = handle.disk.state();
    if let Err(code) = state.readable() {
        return code;
    }
    let content = &state.files[handle.file].now;
    let rest = content.get(int(at)..).unwrap_or_default();
    let n_read = rest.len().min(out.len());
    out[..n_read].copy_from_slice(&rest[..n_read]);
    // What is not there reads as zeros.
    out[n_read..].fill(0);
    if n_read < out.len() {
        return ffi::SQLITE_IOERR_SHORT_READ;
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn x_write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    n: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: an open file, and `n` bytes.
    let (handle, bytes) = unsafe {
        let bytes = std::slice::from_raw_parts(bytes.cast::<u8>(), int(n.into()));
        (handle(file), bytes)
    };
    code(handle.disk.write(handle.file, int(at), bytes))
}

unsafe extern "C" fn x_truncate(file: *mut ffi::sqlite3_file, to: ffi::sqlite3_int64) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    code(handle.disk.resize(handle.file, int(to)))
}

unsafe extern "C" fn x_sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    let done = handle.disk.sync(handle.file, handle.names_new_file);
    if done.is_ok() {
        handle.names_new_file = false;
    }
    code(done)
}

unsafe extern "C" fn x_file_size(
    file: *mut ffi::sqlite3_file,
    size: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    let found = handle.disk.state().files[handle.file].now.len();
    // SAFETY: room for the answer.
    unsafe { *size = found as i64 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn x_lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    let mut state = handle.disk.state();
    let locks = &mut state.files[handle.file].locks;
    if locks.lock(handle.holder, level) {
        ffi::SQLITE_OK
    } else {
        ffi::SQLITE_BUSY
    }
}

unsafe extern "C" fn x_unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    let mut state = handle.disk.state();
    state.files[handle.file].locks.unlock(handle.holder, level);
    ffi::SQLITE_OK
}

unsafe extern "C" fn x_check_reserved_lock(
    file: *mut ffi::sqlite3_file,
    found: *mut c_int,
) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    let is_reserved = handle.disk.state().files[handle.file].locks.is_reserved();
    // SAFETY: room for the answer.
    unsafe { *found = c_int::from(is_reserved) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn x_file_control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn x_sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    SECTOR
}

unsafe extern "C" fn x_device_characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    CHARACTERISTICS
}

unsafe extern "C" fn x_shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    let mut state = handle.disk.state();
    let shared = &mut state.files[handle.file].shared;
    shared.users.insert(handle.holder);
    let region = int(region.into());
    let n_words = int(size.into()).div_ceil(size_of::<u64>());
    while extend != 0 && shared.regions.len() <= region {
        shared.regions.push(vec![0; n_words].into_boxed_slice());
    }
    let found = shared.regions.get_mut(region);
    let found = found.map_or(null_mut(), |words| words.as_mut_ptr().cast());
    // SAFETY: room for the answer. The region stays where it is until its last user has left, and is
    // read and written by SQLite alone, under the locks below.
    unsafe { *out = found };
    ffi::SQLITE_OK
}

unsafe extern "C" fn x_shm_lock(
    file: *mut ffi::sqlite3_file,
    first: c_int,
    n: c_int,
    flags: c_int,
) -> c_int {
    // SAFETY: an open file.
    let handle = unsafe { handle(file) };
    let mut state = handle.disk.state();
    let locks = &mut state.files[handle.file].shared.locks;
    let slots = int(first.into())..int((first + n).into());
    if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
        locks.unlock(handle.holder, slots);
        return ffi::SQLITE_OK;
    }
    let exclusive = flags & ffi::SQLITE_SHM_EXCLUSIVE != 0;
    if locks.lock(handle.holder, slots, exclusive) {
        ffi::SQLITE_OK
    } else {
        ffi::SQLITE_BUSY
    }
}

unsafe extern "C" fn x_shm_barrier(file: *mut ffi::sqlite3_file) {
    fence(Ordering::SeqCst);
    // SAFETY: an open file. The lock is a barrier of its own, as in SQLite's file system for Unix.
    drop(unsafe { handle(file) }.disk.state());
}

unsafe extern "C" fn x_shm_unmap(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: an open file.
    leave_shared_memory(unsafe { handle(file) });
    ffi::SQLITE_OK
}

/// The last who leaves takes the memory along: the log is read again by the next who comes.
fn leave_shared_memory(handle: &Handle) {
    let mut state = handle.disk.state();
    let shared = &mut state.files[handle.file].shared;
    shared.users.remove(&handle.holder);
    shared.locks.unlock(handle.holder, 0..8);
    if shared.users.is_empty() {
        shared.regions.clear();
    }
}
