//! Turns sums into the JSON of `protocol::latency::LatencyReport`, in parts that fit into an exit.

use protocol::budget::Stage;

use super::sums::{FeatureSums, KeySums, SliceSums};
use crate::json::Json;

/// Bytes after which a report goes on in another item: with the largest template there is still room
/// within what an exit may send.
const PART_BYTES: usize = 12 << 10;

/// What a report is made of, beside the sums.
pub(super) struct Frame<'a> {
    /// Number of its first slice.
    pub(super) first: u64,
    pub(super) overflow: u32,
    pub(super) skewed: bool,
    pub(super) vitals: &'a [(Vec<u8>, u32)],
}

/// Reports of everything that is told now, each as JSON.
pub(super) struct Parts<'a> {
    frame: Frame<'a>,
    part: Json,
    pub(super) done: Vec<Vec<u8>>,
}

impl<'a> Parts<'a> {
    pub(super) fn new(frame: Frame<'a>) -> Self {
        let mut parts = Self {
            frame,
            part: Json::default(),
            done: Vec::new(),
        };
        parts.begin();
        parts
    }

    fn begin(&mut self) {
        let part = &mut self.part;
        part.raw(b"{");
        part.number_at("slice", self.frame.first);
        part.key("features");
        part.raw(b"[");
    }

    fn end(&mut self) {
        let part = &mut self.part;
        part.end(b']');
        // Only once.
        let frame = &mut self.frame;
        if frame.overflow > 0 {
            part.number_at("overflow", core::mem::take(&mut frame.overflow).into());
        }
        if frame.skewed {
            part.flag_at("skewed", true);
        }
        if !frame.vitals.is_empty() {
            part.key("vitals");
            part.raw(b"[");
            for (name, value) in core::mem::take(&mut frame.vitals) {
                part.raw(b"[");
                part.text(name);
                part.number((*value).into());
                part.end(b']');
            }
            part.end(b']');
        }
        part.end(b'}');
        self.done.push(core::mem::take(&mut part.0));
    }

    /// The last part.
    pub(super) fn finish(mut self) -> Vec<Vec<u8>> {
        self.end();
        self.done
    }

    /// Tells one feature; its slices up to `until` only.
    pub(super) fn feature(
        &mut self,
        sums: &mut FeatureSums,
        within: &[(Stage, u32)],
        until: u64,
        proofs: &[u64],
    ) {
        self.open_feature(sums, within);
        let first = self.frame.first;
        let told = |slice: &&mut SliceSums| (first..=until).contains(&slice.number);
        for slice in sums.slices.iter_mut().filter(told) {
            if slice.has_news() {
                slice.settle(proofs);
                write_slice(&mut self.part, slice, first);
                slice.clear();
            }
        }
        self.open_keys();
        for key in core::mem::take(&mut sums.keys) {
            if self.part.0.len() > PART_BYTES {
                self.close_feature();
                self.end();
                self.begin();
                self.open_feature(sums, within);
                self.open_keys();
            }
            write_key(&mut self.part, &key, first);
        }
        self.close_feature();
    }

    fn open_feature(&mut self, sums: &FeatureSums, within: &[(Stage, u32)]) {
        let part = &mut self.part;
        part.raw(b"{");
        part.word_at("id", &sums.id);
        part.key("within");
        part.raw(b"[");
        for (stage, ms) in within {
            part.raw(b"[");
            part.text(match stage {
                Stage::Headers => b"headers",
                Stage::Body => b"body",
            });
            part.number((*ms).into());
            part.end(b']');
        }
        part.end(b']');
        part.key("slices");
        part.raw(b"[");
    }

    fn open_keys(&mut self) {
        self.part.end(b']');
        self.part.key("keys");
        self.part.raw(b"[");
    }

    fn close_feature(&mut self) {
        self.part.end(b']');
        self.part.end(b'}');
    }
}

fn write_slice(to: &mut Json, slice: &mut SliceSums, first: u64) {
    let vote = slice.vote();
    let SliceSums {
        number,
        eligible,
        bad,
        held,
        n,
        slow,
        ..
    } = slice;
    let counts = [(*number - first) as u32, vote, *eligible, *bad, *held, *n];
    write_list(to, counts.iter().chain(&*slow));
}

fn write_list<'a>(to: &mut Json, numbers: impl Iterator<Item = &'a u32>) {
    to.raw(b"[");
    for number in numbers {
        to.number((*number).into());
    }
    to.end(b']');
}

fn write_key(to: &mut Json, key: &KeySums, first: u64) {
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
    if key.phase_n > 0 {
        to.key("p");
        let ms = key.phases.map(|tenths| tenths / 10);
        write_list(to, ms.iter().chain([&key.phase_n]));
    }
    if !key.slowest.is_empty() {
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
        to.end(b']');
    }
    to.end(b'}');
}
