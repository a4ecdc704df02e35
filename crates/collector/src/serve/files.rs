//! Turns what the system lets a process open into how many connections it may hold.

/// Connections that are held where the system has room for them. Each is a few KiB while it waits,
/// and thousands of pages send at once only when tens of thousands are open.
const MAX_CONNECTIONS: usize = 8_192;

/// Files that are open beside connections: the database, its log, its readers, images, what is read.
const OTHER_FILES: usize = 256;

/// Connections that there is room for, after asking the system for as much as it gives.
pub(super) fn room_for_connections() -> usize {
    let files = raised_limit().unwrap_or(MAX_CONNECTIONS + OTHER_FILES);
    // Where the system gives next to nothing, some connections are better than none.
    let room = files.saturating_sub(OTHER_FILES).clamp(64, MAX_CONNECTIONS);
    if room < MAX_CONNECTIONS {
        tracing::warn!("the system lets this process hold {room} connections at a time");
    }
    room
}

/// How many files this process may open, once that is as many as it may ask for. The limit that
/// shells and containers begin with is of a time before servers held thousands of connections.
#[cfg(unix)]
fn raised_limit() -> Option<usize> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let wanted = (MAX_CONNECTIONS + OTHER_FILES) as u64;
    let limit = getrlimit(Resource::Nofile);
    // Without a number there is no limit.
    let current = limit.current?;
    if current >= wanted {
        return usize::try_from(current).ok();
    }
    let raised = wanted.min(limit.maximum.unwrap_or(wanted));
    let asked = Rlimit {
        current: Some(raised),
        maximum: limit.maximum,
    };
    let given = match setrlimit(Resource::Nofile, asked) {
        Ok(()) => raised,
        Err(error) => {
            tracing::debug!(%error, "the limit of open files stays as it is");
            current
        }
    };
    usize::try_from(given).ok()
}

/// Systems of other kinds have no such limit.
#[cfg(not(unix))]
fn raised_limit() -> Option<usize> {
    None
}
