//! Turns the shipped binary into a collector with one site, and counts what it has on disk.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use rusqlite::Connection;

use crate::{Failure, items};

/// A collector that runs, and ends with this.
pub(crate) struct Collector {
    child: Child,
    dir: tempfile::TempDir,
    pub(crate) address: String,
}

fn firsthand() -> Command {
    Command::new(env!("CARGO_BIN_EXE_firsthand"))
}

/// The first line that a child prints which begins so, without that.
pub(crate) fn told(child: &mut Child, beginning: &str) -> Result<String, Failure> {
    let out = child.stdout.take().ok_or("no output")?;
    for line in BufReader::new(out).lines() {
        if let Some(rest) = line?.strip_prefix(beginning) {
            return Ok(rest.trim_end_matches('/').to_owned());
        }
    }
    Err("it ended".into())
}

impl Collector {
    pub(crate) fn start() -> Result<Self, Failure> {
        let dir = tempfile::tempdir()?;
        let made = firsthand()
            .args(["init", "--admin", "bench@firsthand.example"])
            .args(["--password", "firsthand-bench", "--site-key", items::KEY])
            .args(["--origin", "http://127.0.0.1:8788", "--data"])
            .arg(dir.path())
            .output()?;
        if !made.status.success() {
            return Err(String::from_utf8_lossy(&made.stderr).into());
        }
        let mut child = firsthand()
            .args(["serve", "--listen", "127.0.0.1:0", "--log-level", "error"])
            .args(["--rate-per-key", "off", "--data"])
            .arg(dir.path())
            .stdout(Stdio::piped())
            .spawn()?;
        let address = told(&mut child, "listening on http://")?;
        Ok(Self {
            child,
            dir,
            address,
        })
    }

    /// The most memory that it ever held, in MiB, as the system counts it.
    pub(crate) fn peak_mib(&self) -> Result<u64, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = peak.and_then(|peak| peak.split_whitespace().next());
        Ok(kib.ok_or("no VmHWM")?.parse::<u64>()? / 1_024)
    }

    /// Makes sure that as many items are on disk as were acknowledged.
    pub(crate) fn check(&self, acknowledged: u64) -> Result<(), Failure> {
        let stored = self
            .db()?
            .query_row("SELECT COUNT(*) FROM item", [], |row| row.get::<_, i64>(0))?;
        if stored == i64::try_from(acknowledged)? {
            return Ok(());
        }
        Err(format!("{acknowledged} were acknowledged, {stored} are there").into())
    }

    pub(crate) fn db(&self) -> Result<Connection, Failure> {
        Ok(Connection::open(self.dir.path().join("firsthand.db"))?)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
