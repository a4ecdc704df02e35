//! Turns sums into the JSON of `protocol::latency::LatencyReport`, in parts that fit into an exit.

use latency::Histogram;
use protocol::budget::Stage;

use super::rules::Feature;
use super::sums::{BAD, Key, SLOW};
use super::{MAX_SLICES, VITALS, Vitals};
use crate::command::word;
use crate::json::Json;

/// Bytes after which a report goes on in another item: with the largest template there is still room
/// within what an exit may send.
const PART_BYTES: usize = 12 << 10;

/// Reports of everything that is told now, each as JSON.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Number of the first slice.
    pub(super) first: u64,
    /// The last slice that is told.
    pub(super) until: u64,
    pub(super) overflow: u32,
    pub(super) skewed: bool,
    pub(super) vitals: Vitals,
    pub(super) part: Json,
    /// Whether anything was told of the feature that is open.
    pub(super) has_news: bool,
    /// Whether this part tells of failures.
    pub(super) has_failures: bool,
    pub(super) done: Vec<(bool, Vec<u8>)>,
}

impl Parts {
    pub(super) fn begin(&mut self) {
        let part = &mut self.part;
        part.raw(b"{");
        part.number_at("slice", self.first);
        part.key("features");
        part.raw(b"[");
    }

    /// Ends a part; what is of no feature is told with the first one.
    pub(super) fn end(&mut self) {
        let part = &mut self.part;
        part.end(b']');
        part.number_at("overflow", core::mem::take(&mut self.overflow).into());
        part.flag_at("skewed", self.skewed);
        part.key("vitals");
        part.raw(b"[");
        for (place, value) in self.vitals.iter_mut().enumerate() {
            if *value > 0 {
                part.raw(b"[");
                part.text(word(VITALS, place));
                part.number((*value - 1).into());
                part.end(b']');
                *value = 0;
            }
        }
        part.ends(b"]}");
        let body = core::mem::take(&mut part.0);
        self.done
            .push((core::mem::take(&mut self.has_failures), body));
    }

    /// Tells one feature; tells whether there was anything to tell.
    pub(super) fn feature(&mut self, feature: &mut Feature) -> bool {
        let mut slices = core::mem::take(&mut feature.slices);
        let mut keys = core::mem::take(&mut feature.keys);
        let start = self.part.0.len();
        self.has_news = false;
        self.open(feature);
        for slice in &mut slices {
            if slice.has_news() && (self.first..=self.until).contains(&slice.number) {
                self.split(feature, false);
                slice.tell(self.first);
                self.has_failures |= slice.counts[BAD] > 0;
                let n = SLOW + feature.within().count();
                write_list(&mut self.part, &slice.counts[..n]);
                slice.counts.fill(0);
            }
        }
        self.part.ends(KEYS);
        for key in &mut keys {
            if key.has_news() {
                self.split(feature, true);
                write_key(&mut self.part, key, self.first);
                key.clear();
            }
        }
        self.part.ends(b"]}");
        if !self.has_news {
            self.part.0.truncate(start);
        }
        feature.slices = slices;
        feature.keys = keys;
        self.has_news
    }

    fn open(&mut self, feature: &Feature) {
        let part = &mut self.part;
        part.raw(b"{");
        part.word_at("id", feature.id);
        part.key("within");
        part.raw(b"[");
        for (stage, ms) in feature.within() {
            part.raw(match stage {
                Stage::Headers => b"[\"headers\"",
                Stage::Body => b"[\"body\"",
            });
            part.number(ms.into());
            part.end(b']');
        }
        part.ends(b"],\"slices\":[");
    }

    /// Goes on in another part when this one is full.
    fn split(&mut self, feature: &Feature, in_keys: bool) {
        self.has_news = true;
        if self.part.0.len() > PART_BYTES {
            if !in_keys {
                self.part.ends(KEYS);
            }
            self.part.ends(b"]}");
            self.end();
            self.begin();
            self.open(feature);
            if in_keys {
                self.part.ends(KEYS);
            }
        }
    }
}

/// Between slices and keys.
const KEYS: &[u8] = b"],\"keys\":[";

fn write_list(to: &mut Json, numbers: &[u32]) {
    to.raw(b"[");
    for number in numbers {
        to.number((*number).into());
    }
    to.end(b']');
}

fn write_key(to: &mut Json, key: &mut Key, first: u64) {
    to.raw(b"{");
    let split = key.name.iter().position(|byte| *byte == b' ');
    let (method, template) = key.name.split_at(split.unwrap_or_default());
    // Most are, and need not say so.
    if method != b"GET" {
        to.word_at("m", method);
    }
    to.word_at("t", template.get(1..).unwrap_or_default());
    to.key("c");
    // Zeros at the end may be left out.
    let last = key.classes.iter().rposition(|n| *n > 0);
    write_list(to, &key.classes[..=last.unwrap_or_default()]);
    write_histogram(to, "h", &key.times);
    write_histogram(to, "e", &key.errors);
    let [phases @ .., n] = &mut key.phases;
    if *n > 0 {
        for tenths in phases {
            *tenths /= 10;
        }
        to.key("p");
        write_list(to, &key.phases);
    }
    if key.slowest[0].tenths > 0 {
        to.key("x");
        to.raw(b"[");
        for slow in key.slowest.iter().filter(|it| it.tenths > 0) {
            to.raw(b"[");
            // A clock that was set is no reason to lose the report.
            let slice = slow.slice.saturating_sub(first).min(MAX_SLICES) as u32;
            for number in &[slow.tenths / 10, slice, slow.class.into(), slow.status] {
                to.number((*number).into());
            }
            to.text(&slow.trace);
            to.end(b']');
        }
        to.end(b']');
    }
    to.end(b'}');
}

fn write_histogram(to: &mut Json, name: &str, histogram: &Histogram) {
    if !histogram.is_empty() {
        to.key(name);
        to.base64(&histogram.encode());
    }
}
