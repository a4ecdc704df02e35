//! Turns the real binary into a child process that a test can talk to, stop and kill.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::json;

use crate::socket::{RawAnswer, send};
use crate::world::{EMAIL, KEY, PASSWORD, SHOP, batch_path, header_line, response, score};

/// The binary, without whatever the surroundings would have it do.
pub(crate) fn firsthand() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_firsthand"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("FIRSTHAND_") {
            command.env_remove(name);
        }
    }
    command
}

/// Prepares a data folder as scripts do.
pub(crate) fn init(data: &Path) -> Output {
    firsthand()
        .arg("init")
        .arg("--data")
        .arg(data)
        .args(["--admin", EMAIL, "--password", PASSWORD])
        .args(["--site-key", KEY, "--origin", SHOP])
        .output()
        .unwrap()
}

/// A collector that runs, and ends with the test at the latest.
pub(crate) struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
    /// Host and port.
    pub(crate) address: String,
    /// What was printed before it was listening.
    pub(crate) before: String,
}

impl Running {
    pub(crate) fn start(data: &Path) -> Self {
        let mut command = firsthand();
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--log-level", "warn"])
            .arg("--data")
            .arg(data);
        Self::by(command)
    }

    /// A collector that a command ends in.
    pub(crate) fn by(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut before = String::new();
        let address = loop {
            let mut line = String::new();
            assert_ne!(out.read_line(&mut line).unwrap(), 0, "it ended: {before}");
            if let Some(url) = line.trim_end().strip_prefix("listening on http://") {
                break url.trim_end_matches('/').to_owned();
            }
            before += &line;
        };
        Self {
            child,
            out,
            address,
            before,
        }
    }

    /// Sends answer number `n`, as a page does.
    pub(crate) fn post_answer(&self, n: u32) -> RawAnswer {
        let lines = [header_line(1), response(n, n, 1, &json!([score(9)]))];
        let body = lines.join("\n");
        let sent = send(&self.address, "POST", &batch_path(n), &[], body.as_bytes());
        sent.unwrap()
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end, and answers the exit code.
    pub(crate) fn end(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Sends a signal, waits for the end, and answers the exit code and what else was printed.
    pub(crate) fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        self.signal(signal);
        let code = self.child.wait().unwrap().code();
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        (code, rest)
    }

    /// Number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut would, as far as a process can tell.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_first_start_prints_what_it_made_once_and_stops_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("deep/data");
    let first = Running::start(&data);
    for shown in ["e-mail", "password", "site key", "http://localhost:*"] {
        assert!(first.before.contains(shown), "{}", first.before);
    }
    assert_eq!(first.stop("-TERM"), (Some(0), String::new()));
    let second = Running::start(&data);
    assert_eq!(second.before, "");
    assert_eq!(second.stop("-INT"), (Some(0), String::new()));
}

#[test]
fn this_machine_may_ask_for_metrics() {
    let dir = tempfile::tempdir().unwrap();
    let running = Running::start(dir.path());
    let ask = |headers| crate::socket::send(&running.address, "GET", "/metrics", headers, b"");
    let answer = ask(&[]).unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(
        answer.body.contains("\nfirsthand_batches_waiting 0\n"),
        "{answer:?}"
    );
    assert_eq!(ask(&[("Via", "1.1 proxy")]).unwrap().status, 404);
    assert_eq!(running.stop("-TERM").0, Some(0));
}

#[test]
fn a_start_that_fails_leaves_the_first_one_to_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = firsthand()
        .args(["serve", "--listen", &address, "--data"])
        .arg(dir.path())
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert_eq!(refused.stdout, b"");
    let started = Running::start(dir.path());
    for shown in ["e-mail", "password", "site key"] {
        assert!(started.before.contains(shown), "{}", started.before);
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_the_data_folder() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    assert!(init(&data).status.success());
    let mode = std::fs::metadata(&data).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn init_can_be_repeated_and_changes_what_is_different() {
    let dir = tempfile::tempdir().unwrap();
    let first = init(dir.path());
    assert!(first.status.success(), "{first:?}");
    assert!(init(dir.path()).status.success());
    let changed = firsthand()
        .args(["init", "--admin", EMAIL, "--site-key", KEY])
        .args([
            "--origin",
            "https://a.example",
            "--origin",
            "https://*.b.example",
        ])
        .arg("--data")
        .arg(dir.path())
        .env("FIRSTHAND_PASSWORD", "another-password")
        .output()
        .unwrap();
    assert!(changed.status.success(), "{changed:?}");
    let running = Running::start(dir.path());
    let sign_in = |password: &str| {
        let body = format!(r#"{{"email":"{EMAIL}","password":"{password}"}}"#);
        crate::socket::send(
            &running.address,
            "POST",
            "/api/v1/session",
            &[],
            body.as_bytes(),
        )
        .unwrap()
    };
    assert_eq!(sign_in(PASSWORD).status, 401);
    let answer = sign_in("another-password");
    assert_eq!(answer.status, 200);
    let origins = r#""origins":["https://a.example","https://*.b.example"]"#;
    assert!(answer.body.contains(origins), "{}", answer.body);
    assert_eq!(running.stop("-TERM").0, Some(0));
}
