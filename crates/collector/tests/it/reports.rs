//! Turns a few words into reports of latency, as agents would send them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use latency::Histogram;
use protocol::latency::SLICE_MS;
use serde_json::{Value, json};

use crate::world::{Answer, World, id, item};

/// The threshold that every report counts against, in milliseconds.
pub(crate) const WITHIN_MS: u32 = 300;

/// Clients that tell a story, and attempts of each in a slice: enough for any rule.
pub(crate) const CLIENTS: u32 = 4;
pub(crate) const ATTEMPTS: u32 = 6;

/// A histogram of these times, as it travels.
pub(crate) fn histogram(times_ms: &[u32]) -> String {
    let mut histogram = Histogram::default();
    for ms in times_ms {
        histogram.record(ms * 10);
    }
    STANDARD_NO_PAD.encode(histogram.encode())
}

/// A report of answers after these times, all in one slice.
pub(crate) fn answered(feature: &str, slice: u64, times_ms: &[u32]) -> Value {
    let n = times_ms.len();
    let slow = times_ms.iter().filter(|ms| **ms > WITHIN_MS).count();
    json!({ "slice": slice, "features": [{
        "id": feature,
        "within": [["headers", WITHIN_MS]],
        "slices": [[0, 1, n, 0, 0, n, slow]],
        "keys": [{ "m": "GET", "t": "/api/search", "c": [n], "h": histogram(times_ms) }],
    }] })
}

/// What one client says of a row of slices: in `G` all answered after 100 ms, in `B` all failed, in
/// `H` it was offline as far as it knows, and in `-` it said nothing.
pub(crate) fn story(feature: &str, first: u64, slices: &str) -> Value {
    let n = ATTEMPTS;
    let told = slices
        .chars()
        .enumerate()
        .filter_map(|(offset, c)| match c {
            'G' => Some(json!([offset, 1, n, 0, 0, n, 0])),
            'B' => Some(json!([offset, 2, n, n, 0, 0, 0])),
            'H' => Some(json!([offset, 0, 0, 0, n, 0, 0])),
            _ => None,
        });
    let told: Vec<Value> = told.collect();
    let count = |c: char| n * u32::try_from(slices.matches(c).count()).unwrap();
    let (good, failed) = (count('G'), count('B') + count('H'));
    let mut key = json!({ "m": "GET", "t": "/api/search", "c": [good, 0, 0, 0, failed] });
    if good > 0 {
        key["h"] = histogram(&vec![100; good as usize]).into();
    }
    if failed > 0 {
        key["e"] = histogram(&vec![2; failed as usize]).into();
    }
    json!({ "slice": first, "features": [{
        "id": feature, "within": [["headers", WITHIN_MS]], "slices": told, "keys": [key],
    }] })
}

impl World {
    /// Number of the slice that is under way.
    pub(crate) fn slice(&self) -> u64 {
        self.now() / SLICE_MS
    }

    /// Sends a report as item number `n` of install number `install`, whose clock is right.
    pub(crate) async fn report(&self, install: u32, n: u32, report: &Value) -> Answer {
        self.report_at(self.now(), install, n, report).await
    }

    /// Sends a report by a clock that shows this.
    pub(crate) async fn report_at(
        &self,
        sent_wall: u64,
        install: u32,
        n: u32,
        report: &Value,
    ) -> Answer {
        let header = json!({
            "sdk": "firsthand-js/0.1.0", "install": id(install), "session": id(2),
            "boot": id(install), "sent_wall": sent_wall, "report": {},
        });
        self.post(&[header.to_string(), item(n, "latency", report)])
            .await
    }

    /// Lets time pass until a row of slices is over, and has [`CLIENTS`] clients tell of it. Items are
    /// numbered from `n` on.
    pub(crate) async fn tell(&self, feature: &str, n: u32, slices: &str) -> u64 {
        let first = self.slice();
        self.pass(slices.len() as u64 * SLICE_MS);
        for client in 0..CLIENTS {
            let report = story(feature, first, slices);
            let answer = self.report(100 + client, n + client, &report).await;
            assert_eq!(answer.outcomes(), ("a".into(), vec![]));
        }
        first * SLICE_MS
    }
}
