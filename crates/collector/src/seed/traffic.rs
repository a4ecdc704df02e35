//! Turns a person at a moment into a report of what their page waited for.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use fastrand::Rng;
use latency::{Class, Histogram};
use protocol::budget::Stage;
use protocol::latency::{
    CLASSES, Exemplar, FeatureReport, KeyReport, LatencyReport, PHASES, SLICE_MS, Vote, Within,
};

use super::people::Person;
use super::story::{Story, normal};

/// Requests of one report, on average.
pub(super) const REQUESTS_PER_REPORT: u64 = 30;
/// Slices of one report at most: two minutes.
const MAX_SLICES: u64 = 12;
/// How many times as many reports come while something is down: people try again.
pub(super) const RETRIES: u64 = 8;

/// A feature of the shop, what is promised of it, and what it asks for: method, template, median in
/// milliseconds.
struct Feature {
    id: &'static str,
    within: &'static [u32],
    keys: &'static [(&'static str, &'static str, f64)],
    /// How many of a hundred page loads use it.
    used: u32,
}

const FEATURES: [Feature; 5] = [
    Feature {
        id: "catalogue",
        within: &[250],
        keys: &[
            ("GET", "/api/products/:id", 92.0),
            ("GET", "/api/products/list", 118.0),
            ("GET", "/api/products/:id/reviews", 74.0),
            ("GET", "/api/products/:id/stock", 41.0),
        ],
        used: 90,
    },
    Feature {
        id: "search",
        within: &[500, 2_000],
        keys: &[
            ("GET", "/api/search", 190.0),
            ("GET", "/api/search/suggest", 62.0),
        ],
        used: 55,
    },
    Feature {
        id: "cart",
        within: &[300],
        keys: &[("GET", "/api/cart", 70.0), ("PUT", "/api/cart", 105.0)],
        used: 48,
    },
    Feature {
        id: "checkout",
        within: &[1_500],
        keys: &[("POST", "/api/checkout", 540.0)],
        used: 30,
    },
    Feature {
        id: "",
        within: &[],
        keys: &[("GET", "/api/session", 33.0), ("BEACON", "/api/seen", 20.0)],
        used: 70,
    },
];

/// What a page load reports at the end of its time, and how many requests that counts.
pub(super) fn report(
    person: &Person,
    from_ms: u64,
    story: &Story,
    random: &mut Rng,
) -> (LatencyReport, u64) {
    let first = from_ms / SLICE_MS;
    let slices = random.u64(2..=MAX_SLICES);
    let mut requests = 0;
    let mut features = Vec::new();
    for feature in &FEATURES {
        // While something is down, those who come mostly come for it.
        let is_down = story.is_down(feature.id, from_ms);
        if is_down || random.u32(..100) < feature.used {
            let made = one(feature, person, (first, slices), story, random);
            requests += made.1;
            features.push(made.0);
        }
    }
    let own = 1.0 + 1.8 * person.slowness;
    let vital =
        |ms: f64, random: &mut Rng| (ms * own * (0.4 * normal(random)).exp() * 1_000.0) as u64;
    let slow = story.slowness("catalogue", from_ms).sqrt();
    let vitals = vec![
        (String::from("LCP"), vital(1_350.0 * slow, random)),
        (String::from("INP"), vital(95.0, random)),
        (String::from("CLS"), (40.0 * random.f64() * own) as u64),
        (String::from("FCP"), vital(820.0, random)),
        (String::from("TTFB"), vital(210.0 * slow, random)),
    ];
    let report = LatencyReport {
        slice: first,
        features,
        overflow: 0,
        skewed: false,
        vitals,
    };
    (report, requests)
}

/// What is counted of one template.
#[derive(Default)]
struct Key {
    classes: [u32; CLASSES],
    times: Histogram,
    errors: Histogram,
    phases: [u32; PHASES],
    slowest: Option<Exemplar>,
}

fn one(
    feature: &Feature,
    person: &Person,
    (first, slices): (u64, u64),
    story: &Story,
    random: &mut Rng,
) -> (FeatureReport, u64) {
    let mut keys: Vec<Key> = feature.keys.iter().map(|_| Key::default()).collect();
    let mut counts = Vec::new();
    let mut requests = 0;
    for offset in 0..slices {
        // Every other slice nobody clicks.
        if offset > 0 && random.bool() {
            continue;
        }
        let at_ms = (first + offset) * SLICE_MS;
        let mut slice = vec![0_u32; 6 + feature.within.len()];
        for _ in 0..random.u32(1..=4) {
            requests += 1;
            let nth = random.usize(..keys.len());
            let (_, _, median) = feature.keys[nth];
            let fails = random.f64()
                < if story.is_down(feature.id, at_ms) {
                    0.93
                } else {
                    0.0015
                };
            let slow = story.slowness(feature.id, at_ms) * (1.0 + 1.4 * person.slowness);
            let ms = median * slow * (0.55 * normal(random)).exp();
            attempt(
                &mut keys[nth],
                &mut slice,
                (ms, fails, offset),
                feature,
                random,
            );
        }
        slice[0] = offset as u32;
        let is_bad = slice[3] * 2 >= slice[2];
        slice[1] = if is_bad { Vote::Bad } else { Vote::Good } as u32;
        counts.push(slice);
    }
    let keys = keys.into_iter().zip(feature.keys);
    let keys = keys.filter(|(key, _)| key.classes.iter().any(|n| *n > 0));
    let report = FeatureReport {
        id: String::from(feature.id),
        within: feature
            .within
            .iter()
            .map(|ms| Within(Stage::Headers, *ms))
            .collect(),
        slices: counts,
        keys: keys
            .map(|(key, (method, template, _))| told(key, method, template))
            .collect(),
    };
    (report, requests)
}

fn attempt(
    key: &mut Key,
    slice: &mut [u32],
    (ms, fails, offset): (f64, bool, u64),
    feature: &Feature,
    random: &mut Rng,
) {
    let tenths = (ms * 10.0) as u32;
    slice[2] += 1;
    if fails {
        slice[3] += 1;
        key.classes[Class::ServerError as usize] += 1;
        key.errors.record(tenths);
        return;
    }
    slice[5] += 1;
    key.classes[Class::Ok as usize] += 1;
    key.times.record(tenths);
    for (slow, within) in slice[6..].iter_mut().zip(feature.within) {
        *slow += u32::from(tenths > within * 10);
    }
    for (sum, share) in key.phases.iter_mut().zip([0.04, 0.09, 0.62, 0.19, 0.06]) {
        *sum += (ms * share) as u32;
    }
    let is_slowest = key.slowest.as_ref().is_none_or(|known| known.0 < ms as u32);
    if ms >= 100.0 && is_slowest {
        let trace = format!("{:016x}{:016x}", random.u64(..), random.u64(..));
        key.slowest = Some(Exemplar(
            ms as u32,
            offset as u32,
            Class::Ok as u8,
            200,
            trace,
        ));
    }
}

fn told(key: Key, method: &str, template: &str) -> KeyReport {
    let text = |histogram: &Histogram| match histogram.is_empty() {
        true => String::new(),
        false => STANDARD_NO_PAD.encode(histogram.encode()),
    };
    let ok = key.classes[Class::Ok as usize];
    let mut p = key.phases.to_vec();
    p.push(ok);
    KeyReport {
        m: String::from(method),
        t: String::from(template),
        c: key.classes.to_vec(),
        h: text(&key.times),
        e: text(&key.errors),
        p: if ok > 0 { p } else { Vec::new() },
        x: key.slowest.into_iter().collect(),
    }
}
