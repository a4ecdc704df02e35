//! Turns a file system that is really full into refusals of the real process, which go on when there is room.
//!
//! The process gets a small file system of its own, in a namespace of its own, and needs no rights for
//! that where Linux lets everybody have one. Elsewhere the test says so and ends.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::process::{Running, firsthand};
use crate::socket::send;
use crate::world::{EMAIL, KEY, PASSWORD, SHOP};

/// Mounts what is to be the data folder, fills it and serves it.
const SCRIPT: &str = r#"
    mount -t tmpfs -o size=8m tmpfs "$1" || exit
    shift
    "$@" || exit
    exec "$0" serve --listen 127.0.0.1:0 --log-level off --data "$FOLDER"
"#;

/// A command in which mounts are seen by nobody else.
fn apart() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "--"]);
    command
}

fn can_mount(folder: &std::path::Path) -> bool {
    let mut command = apart();
    command.args(["mount", "-t", "tmpfs", "tmpfs"]).arg(folder);
    command.output().is_ok_and(|done| done.status.success())
}

/// Asks until the process is ready, or is not; answers what it said.
fn wait_until_ready(collector: &Running, status: u16) -> String {
    let start = Instant::now();
    loop {
        let answer = send(&collector.address, "GET", "/readyz", &[], b"").unwrap();
        if answer.status == status {
            return answer.body;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{answer:?}");
        std::thread::yield_now();
    }
}

#[test]
fn the_process_goes_on_when_there_is_room_again() {
    let dir = tempfile::tempdir().unwrap();
    if !can_mount(dir.path()) {
        eprintln!("not tested: nothing can be mounted here");
        return;
    }
    let mut command = apart();
    command
        .args(["sh", "-c", SCRIPT])
        .arg(firsthand().get_program());
    command.arg(dir.path()).arg(firsthand().get_program());
    command.args(["init", "--admin", EMAIL, "--password", PASSWORD]);
    command.args(["--site-key", KEY, "--origin", SHOP, "--data"]);
    command.arg(dir.path()).env("FOLDER", dir.path());
    let mut collector = Running::by(command);
    // The folder as the process sees it.
    let seen = PathBuf::from(format!("/proc/{}/root", collector.id()));
    let folder = seen.join(dir.path().strip_prefix("/").unwrap());
    assert_eq!(collector.post_answer(1).letters(), "a");

    let mut filler = std::fs::File::create(folder.join("filler")).unwrap();
    while filler.write_all(&[1; 4096]).is_ok() {}
    let mut acknowledged = 1;
    let refused = loop {
        let answer = collector.post_answer(acknowledged + 1);
        if answer.status != 200 {
            break answer;
        }
        acknowledged += 1;
        assert!(acknowledged < 2_000, "the disk does not become full");
    };
    assert_eq!(refused.status, 503, "{refused:?}");
    assert_eq!(refused.header("retry-after"), Some("5"));
    let told = wait_until_ready(&collector, 503);
    assert_eq!(told, "not ready: the disk is full\n");

    drop(filler);
    std::fs::remove_file(folder.join("filler")).unwrap();
    wait_until_ready(&collector, 200);
    assert_eq!(collector.post_answer(acknowledged + 1).letters(), "a");
    for n in 1..=acknowledged {
        assert_eq!(collector.post_answer(n).letters(), "d", "{n}");
    }
    let mut verify = Command::new("nsenter");
    verify.args(["--target", &collector.id().to_string(), "--mount"]);
    verify.args(["--user", "--preserve-credentials"]);
    verify.arg(firsthand().get_program()).arg("verify");
    let found = verify.arg("--data").arg(dir.path()).output();
    let found = String::from_utf8(found.unwrap().stdout).unwrap();
    let expected = format!("sound: {} items", acknowledged + 1);
    assert!(found.starts_with(&expected), "{found}");
    eprintln!("a full disk: {acknowledged} items acknowledged, 1 refused, all there afterwards");
    // Its file system goes with it.
    collector.kill();
}
