//! Turns bodies that unfold to gigabytes into quick refusals of a process that stays small.
#![cfg(target_os = "linux")]

use std::time::{Duration, Instant};

use protocol::limits::MAX_BODY_BYTES;

use crate::process::{Running, init};
use crate::socket::send;
use crate::world::{batch_path, gzip, header_line, impression};

/// Whoever unfolds one whole bomb holds so much.
const GIB: usize = 1 << 30;
/// Bombs that come at once.
const AT_ONCE: usize = 16;
/// MiB that the process may have held at most. It has some 30 to begin with; a body and what it was
/// unfolded to are 5, of four bodies at once.
const MAX_PEAK_MIB: u64 = 200;
/// How long a refusal may take, of all that come at once, on a machine that does other things as well.
const QUICK: Duration = Duration::from_secs(20);

/// One member that is as long as a body may be. What packs a run of one byte is a run of one byte
/// itself, and so may be as long as one likes: a thousand times as much comes out of it.
fn one_long_member() -> Vec<u8> {
    let packed = gzip(&vec![b' '; 8 << 20]);
    let middle = packed.len() / 2;
    let byte = packed[middle];
    assert!(packed[middle - 64..middle + 64].iter().all(|b| *b == byte));
    let more = MAX_BODY_BYTES - packed.len();
    let run = std::iter::repeat_n(byte, more);
    let mut bomb = packed[..middle].to_vec();
    bomb.extend(run);
    bomb.extend(&packed[middle..]);
    // A byte of it is four matches of 258 bytes.
    assert!(more * 4 * 258 > GIB / 2, "{more}");
    bomb
}

/// As many members as fit, each of which is within bounds.
fn many_members() -> Vec<u8> {
    let member = gzip(&vec![b' '; 1 << 20]);
    member.repeat(MAX_BODY_BYTES / member.len())
}

/// Tens of thousands of members without anything in them, and a header at last: little comes out, and
/// each has to be begun.
fn empty_members() -> Vec<u8> {
    let last = gzip(header_line(1).as_bytes());
    let member = gzip(b"");
    let mut body = member.repeat((MAX_BODY_BYTES - last.len()) / member.len());
    body.extend(last);
    body
}

/// A bomb that was packed once more, and would fit through any check of what is unfolded once.
fn nested() -> Vec<u8> {
    gzip(&many_members())
}

/// Sends a body so often at once; all of them get the same answer.
fn check(running: &Running, body: &[u8], expected: (u16, &str)) {
    assert!(body.len() <= MAX_BODY_BYTES, "{}", body.len());
    let path = batch_path(1).replace("z=-", "z=gz");
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let answer = send(&running.address, "POST", &path, &[], body).unwrap();
                assert_eq!(answer.status, expected.0, "{}", answer.body);
                assert!(answer.body.contains(expected.1), "{}", answer.body);
            });
        }
    });
    let took = start.elapsed();
    eprintln!("{AT_ONCE} times {expected:?} took {took:?}");
    assert!(took < QUICK, "{took:?}");
}

fn peak_mib(running: &Running) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.unwrap().split_whitespace().next().unwrap();
    kib.parse::<u64>().unwrap() / 1_024
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let dir = tempfile::tempdir().unwrap();
    assert!(init(dir.path()).status.success());
    let running = Running::start(dir.path());
    check(&running, &one_long_member(), (413, "body_too_large"));
    check(&running, &many_members(), (413, "body_too_large"));
    check(&running, &nested(), (400, "unreadable_body"));
    check(&running, &empty_members(), (400, "unreadable_body"));
    let peak = peak_mib(&running);
    eprintln!("{AT_ONCE} bombs at once, at most {peak} MiB");
    assert!(peak < MAX_PEAK_MIB, "{peak} MiB");
    let body = [header_line(1), impression(1)].join("\n");
    let sent = send(
        &running.address,
        "POST",
        &batch_path(1),
        &[],
        body.as_bytes(),
    )
    .unwrap();
    assert_eq!((sent.status, sent.body.as_str()), (200, r#"{"r":"a"}"#));
}
