//! Turns sums into the JSON of `protocol::latency::LatencyReport`, in parts that fit into an exit.

use protocol::budget::Stage;

use super::rules::Feature;
use super::sums::{Key, SLOW, Slice};
use crate::json::Json;

/// Bytes after which a report goes on in another item: with the largest template there is still room
/// within what an exit may send.
const PART_BYTES: usize = 12 << 10;

/// Reports of everything that is told now, each as JSON.
pub(super) struct Parts<'a> {
    /// Number of the first slice.
    pub(super) first: u64,
    /// The last slice that is told.
    pub(super) until: u64,
    pub(super) overflow: u32,
    pub(super) skewed: bool,
    pub(super) vitals: &'a [(Vec<u8>, u32)],
    pub(super) part: Json,
    pub(super) done: Vec<Vec<u8>>,
}

impl Parts<'_> {
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
        for (name, value) in core::mem::take(&mut self.vitals) {
            part.raw(b"[");
            part.text(name);
            part.number((*value).into());
            part.end(b']');
        }
        part.raw_end(b"]}");
        self.done.push(core::mem::take(&mut part.0));
    }

    /// Tells one feature.
    pub(super) fn feature(&mut self, feature: &mut Feature) {
        let Self { first, until, .. } = *self;
        let mut slices = core::mem::take(&mut feature.slices);
        let keys = core::mem::take(&mut feature.keys);
        self.open(feature);
        for slice in &mut slices {
            if slice.has_news() && (first..=until).contains(&slice.number) {
                self.split(feature, false);
                write_slice(&mut self.part, slice, first, feature.within.len());
            }
        }
        self.part.raw_end(b"],\"keys\":[");
        for key in &keys {
            self.split(feature, true);
            write_key(&mut self.part, key, first);
        }
        self.part.raw_end(b"]}");
        feature.slices = slices;
    }

    fn open(&mut self, feature: &Feature) {
        let part = &mut self.part;
        part.raw(b"{");
        part.word_at("id", feature.id);
        part.key("within");
        part.raw(b"[");
        for (stage, ms) in &feature.within {
            part.raw(match stage {
                Stage::Headers => b"[\"headers\"",
                Stage::Body => b"[\"body\"",
            });
            part.number((*ms).into());
            part.end(b']');
        }
        part.raw_end(b"],\"slices\":[");
    }

    /// Goes on in another part when this one is full.
    fn split(&mut self, feature: &Feature, in_keys: bool) {
        if self.part.0.len() > PART_BYTES {
            let rest: &[u8] = if in_keys { b"]}" } else { b"],\"keys\":[]}" };
            self.part.raw_end(rest);
            self.end();
            self.begin();
            self.open(feature);
            if in_keys {
                self.part.raw_end(b"],\"keys\":[");
            }
        }
    }
}

fn write_slice(to: &mut Json, slice: &mut Slice, first: u64, thresholds: usize) {
    let start = [(slice.number - first) as u32, slice.vote()];
    let counts = slice.counts.iter().take(SLOW + thresholds);
    write_list(to, start.iter().chain(counts));
    slice.counts.fill(0);
}

fn write_list<'a>(to: &mut Json, numbers: impl Iterator<Item = &'a u32>) {
    to.raw(b"[");
    for number in numbers {
        to.number((*number).into());
    }
    to.end(b']');
}

fn write_key(to: &mut Json, key: &Key, first: u64) {
    to.raw(b"{");
    to.word_at("m", &key.method);
    to.word_at("t", &key.template);
    to.key("c");
    let last = key.classes.iter().rposition(|n| *n > 0);
    write_list(to, key.classes.iter().take(last.map_or(0, |last| last + 1)));
    for (name, histogram) in [("h", &key.times), ("e", &key.errors)] {
        if !histogram.is_empty() {
            to.key(name);
            to.base64(&histogram.encode());
        }
    }
    let [phases @ .., n] = key.phases;
    if n > 0 {
        to.key("p");
        let ms = phases.map(|tenths| tenths / 10);
        write_list(to, ms.iter().chain([&n]));
    }
    to.key("x");
    to.raw(b"[");
    for slow in &key.slowest {
        to.raw(b"[");
        to.number((slow.tenths / 10).into());
        to.number(slow.slice.saturating_sub(first));
        to.number(slow.class as u64);
        to.number(slow.status.into());
        to.text(&slow.trace);
        to.end(b']');
    }
    to.raw_end(b"]}");
}
