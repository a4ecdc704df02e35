//! Turns a command line into a finished child process, with progress on stderr and without orphans.

use std::fmt;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::paths;

static STOP: AtomicBool = AtomicBool::new(false);

/// How long a child may be silent about its progress before we say that it still runs.
const HEARTBEAT: Duration = Duration::from_secs(30);
/// How long a child may take to stop after SIGTERM before it is killed.
const GRACE: Duration = Duration::from_secs(5);

/// The error of a run that a person or a supervisor ended.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped by a signal")
    }
}

impl std::error::Error for Interrupted {}

/// Takes SIGINT, SIGTERM and SIGHUP as a request to stop the children first and ourselves after.
pub(crate) fn watch_signals() -> Result<()> {
    ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed)).context("cannot watch signals")
}

/// True once a signal asked us to stop.
pub(crate) fn stopping() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// Prints one line of progress.
pub(crate) fn say(line: impl fmt::Display) {
    eprintln!("xtask: {line}");
}

/// `1.2 s` or `3 min 04 s`.
pub(crate) fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    if whole < 60 {
        format!("{:.1} s", duration.as_secs_f32())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

/// Stdio that sends a child's stdout to our stderr.
pub(crate) fn to_stderr() -> Stdio {
    io::stderr()
        .as_fd()
        .try_clone_to_owned()
        .map_or_else(|_| Stdio::null(), Stdio::from)
}

/// The cargo that runs us, for native builds into `target`.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(paths::root())
        .env("CARGO_TARGET_DIR", paths::target());
    command
}

/// A program of `node_modules`, run at the root.
pub(crate) fn npm_tool(name: &str) -> Command {
    let mut command = Command::new(paths::npm_bin(name));
    command.current_dir(paths::root());
    command
}

/// Runs to the end with all output on stderr.
///
/// # Errors
/// When the program cannot start, ends with another status than 0, or we are stopped meanwhile.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<()> {
    command.stdout(to_stderr());
    finish(what, command)
}

/// Runs to the end without the program's stdout: for tools that tell their inner life there.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_quietly(what: &str, command: &mut Command) -> Result<()> {
    command.stdout(Stdio::null());
    finish(what, command)
}

/// Runs to the end with the program's own stdout: for tests, whose last lines are the result.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_aloud(what: &str, command: &mut Command) -> Result<()> {
    command.stdout(Stdio::inherit());
    finish(what, command)
}

fn finish(what: &str, command: &mut Command) -> Result<()> {
    let status = wait(what, command, None)?;
    match status {
        Some(status) if status.success() => Ok(()),
        Some(status) => bail!("{what} failed ({status})"),
        None => bail!("{what} took too long"),
    }
}

/// Runs for at most `limit`; false when it failed, could not start, or was still running then.
///
/// # Errors
/// Only when we are stopped meanwhile.
pub(crate) fn attempt(what: &str, command: &mut Command, limit: Duration) -> Result<bool> {
    command.stdout(to_stderr());
    match wait(what, command, Some(limit)) {
        Ok(status) => Ok(status.is_some_and(|status| status.success())),
        Err(error) if error.is::<Interrupted>() => Err(error),
        Err(_) => Ok(false),
    }
}

/// What a short command printed on stdout, trimmed.
///
/// # Errors
/// When it cannot start or fails; the message carries its stderr.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        bail!(
            "{name} failed ({}): {}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8(output.stdout)
        .with_context(|| format!("{name} printed something that is not UTF-8"))?
        .trim()
        .to_owned())
}

fn wait(what: &str, command: &mut Command, limit: Option<Duration>) -> Result<Option<ExitStatus>> {
    if stopping() {
        bail!(Interrupted);
    }
    let name = command.get_program().to_string_lossy().into_owned();
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {name} ({what})"))?;
    let mut next_beat = HEARTBEAT;
    loop {
        if let Some(status) = child
            .try_wait()
            .with_context(|| format!("cannot wait for {name}"))?
        {
            return Ok(Some(status));
        }
        let elapsed = start.elapsed();
        if stopping() {
            stop(&mut child);
            bail!(Interrupted);
        }
        if limit.is_some_and(|limit| elapsed > limit) {
            stop(&mut child);
            return Ok(None);
        }
        if elapsed > next_beat {
            say(format_args!("{what}: {} so far", seconds(elapsed)));
            next_beat += HEARTBEAT;
        }
        // Short commands are not made longer, long ones cost nothing to watch.
        sleep((elapsed / 10).clamp(Duration::from_millis(2), Duration::from_millis(100)));
    }
}

/// Ends a child: SIGTERM, a few seconds of grace, then SIGKILL.
pub(crate) fn stop(child: &mut Child) {
    let _ = Command::new("kill").arg(child.id().to_string()).status();
    let start = Instant::now();
    while start.elapsed() < GRACE {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Waits until no other xtask does `what`; the others wait until the answer is dropped.
///
/// # Errors
/// When the lock file cannot be made.
pub(crate) fn lock(what: &str) -> Result<File> {
    let path = paths::notes().join(format!("{what}.lock"));
    write(&path, "")?;
    let file = File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
    if file.try_lock().is_err() {
        say(format_args!("waiting for another {what}"));
        file.lock()
            .with_context(|| format!("cannot lock {}", path.display()))?;
    }
    Ok(file)
}

/// Writes a file and the folders above it.
///
/// # Errors
/// When the file system refuses.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    }
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Reads a whole file.
///
/// # Errors
/// When it is missing or unreadable; the message names it.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
