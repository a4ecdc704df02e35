//! Turns a data folder in use into a backup, that into a data folder, and damage into findings.

use std::path::Path;
use std::process::Output;

use rusqlite::Connection;

use crate::process::{Running, firsthand, init};
use crate::socket::send;
use crate::world::{KEY, id};

/// One red pixel.
const PNG: &[u8] =
    b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\
    \x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\
    \xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82";

/// A command about a data folder, without an environment.
fn run(data: &Path, args: &[&str]) -> Output {
    let mut command = firsthand();
    command.args(args).arg("--data").arg(data);
    command.output().unwrap()
}

/// Exit code and what was printed to stdout.
#[track_caller]
fn check(data: &Path, args: &[&str], code: i32) -> String {
    let done = run(data, args);
    assert_eq!(done.status.code(), Some(code), "{args:?}: {done:?}");
    String::from_utf8(done.stdout).unwrap()
}

/// Codes of the findings of `verify`.
fn findings(data: &Path) -> Vec<String> {
    let told = check(data, &["verify"], 1);
    let code = |line: &str| line.split(':').next().unwrap_or_default().to_owned();
    told.lines().map(code).collect()
}

fn upload(collector: &Running, n: u32) {
    let path = format!("/v1/attachment?k={KEY}&id={}", id(n));
    let sent = send(&collector.address, "POST", &path, &[], PNG).unwrap();
    assert_eq!(sent.status, 200, "{sent:?}");
}

/// A data folder with an answer and an image, and nobody who serves it.
fn filled(data: &Path) {
    assert!(init(data).status.success());
    let collector = Running::start(data);
    assert_eq!(collector.post_answer(1).letters(), "a");
    upload(&collector, 7);
    assert_eq!(collector.stop("-TERM").0, Some(0));
}

/// The one image in a folder.
fn image(data: &Path) -> std::path::PathBuf {
    let name = id(7);
    data.join("attachments")
        .join(&name[name.len() - 2..])
        .join(&name)
}

#[test]
fn a_backup_of_a_folder_in_use_is_restored_and_served() {
    let dir = tempfile::tempdir().unwrap();
    let (data, again) = (dir.path().join("data"), dir.path().join("again"));
    let backup = dir.path().join("backup");
    let backup = backup.to_str().unwrap();
    assert!(init(&data).status.success());
    let collector = Running::start(&data);
    upload(&collector, 7);
    assert_eq!(collector.post_answer(1).letters(), "a");
    check(&data, &["backup", backup], 0);
    // Later than the backup.
    assert_eq!(collector.post_answer(2).letters(), "a");
    assert!(check(&data, &["verify"], 0).starts_with("sound: 2 items and 1 images"));
    assert!(check(&data, &["verify", backup], 0).starts_with("sound: 1 items and 1 images"));
    drop(collector);
    let noted: String = Connection::open(data.join("firsthand.db"))
        .unwrap()
        .query_row("SELECT path FROM backup", [], |row| row.get(0))
        .unwrap();
    assert_eq!(noted, backup);

    assert!(check(&again, &["restore", backup], 0).contains("holds 1 items and 1 images"));
    assert_eq!(
        std::fs::read(image(&again)).unwrap(),
        std::fs::read(image(&data)).unwrap()
    );
    let restored = Running::start(&again);
    assert_eq!(
        restored.post_answer(1).letters(),
        "d",
        "it is in the backup"
    );
    assert_eq!(restored.post_answer(2).letters(), "a", "it was later");
    drop(restored);
    assert!(check(&again, &["verify"], 0).starts_with("sound: 2 items"));
}

#[test]
fn nothing_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    filled(&data);
    let backup = dir.path().join("backup");
    let name = backup.to_str().unwrap();
    check(&data, &["backup", name], 0);
    check(&data, &["backup", name], 2);
    check(&data, &["restore", name], 2);
    assert!(check(&data, &["verify"], 0).starts_with("sound"));
    // A folder that is there and empty, as a mounted volume is, may be filled.
    let empty = dir.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    check(&empty, &["restore", name], 0);
    check(&dir.path().join("missing"), &["verify"], 2);
    check(&dir.path().join("missing"), &["backup", "nowhere"], 2);
    check(&dir.path().join("other"), &["restore", "nowhere"], 2);
}

#[test]
fn a_damaged_backup_is_not_restored() {
    let dir = tempfile::tempdir().unwrap();
    let (data, backup) = (dir.path().join("data"), dir.path().join("backup"));
    filled(&data);
    check(&data, &["backup", backup.to_str().unwrap()], 0);
    let mut bytes = std::fs::read(backup.join("firsthand.db")).unwrap();
    bytes[8192 * 3..8192 * 4].fill(0xa5);
    std::fs::write(backup.join("firsthand.db"), bytes).unwrap();
    let again = dir.path().join("again");
    let told = check(&again, &["restore", backup.to_str().unwrap()], 1);
    assert!(told.starts_with("damaged: "), "{told}");
    assert!(!again.exists());
}

#[test]
fn what_is_wrong_with_images_and_rows_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    filled(data);
    let image = image(data);
    let whole = std::fs::read(&image).unwrap();
    std::fs::write(&image, [&whole[..], b"!"].concat()).unwrap();
    assert_eq!(findings(data), ["changed_file"]);
    std::fs::remove_file(&image).unwrap();
    assert_eq!(findings(data), ["missing_file"]);
    std::fs::write(&image, whole).unwrap();
    let db = Connection::open(data.join("firsthand.db")).unwrap();
    db.execute_batch("DELETE FROM response").unwrap();
    assert_eq!(findings(data), ["answer_without_response"]);
    db.execute_batch("PRAGMA user_version = 99").unwrap();
    check(data, &["verify"], 2);
}

#[test]
fn a_backup_tells_what_it_could_not_take() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    filled(&data);
    std::fs::remove_file(image(&data)).unwrap();
    let backup = dir.path().join("backup");
    let told = check(&data, &["backup", backup.to_str().unwrap()], 1);
    assert!(told.starts_with("missing_file: "), "{told}");
    // The rest is there all the same.
    assert_eq!(findings(&backup), ["missing_file"]);
}
