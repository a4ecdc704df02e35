//! Turns counters into the body of an OTLP export, JSON encoding.
//!
//! Our histograms are exponential histograms as OTLP has them: scale, buckets and zero bucket are
//! handed on as they are. Counters are cumulative since the process began.
//!
//! # Source
//!
//! <https://opentelemetry.io/docs/specs/otlp/#otlphttp>; field names:
//! <https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto>

use latency::Histogram;
use latency::histogram::MAX_MS;
use serde_json::{Value, json};

use super::families::{Family, Labels, Series, families};
use super::{Counts, Standing};

/// `AGGREGATION_TEMPORALITY_CUMULATIVE`.
const CUMULATIVE: u8 = 2;

/// The body of one export. Times are milliseconds since 1970 (UTC).
pub(crate) fn request(
    counts: &Counts,
    standings: &[Standing],
    started_ms: u64,
    now_ms: u64,
) -> Value {
    let at = At { started_ms, now_ms };
    let families = families(counts, standings);
    let metrics = families.iter().filter_map(|family| metric(family, at));
    let metrics: Vec<_> = metrics.collect();
    let service = vec![("service.name", String::from("firsthand"))];
    json!({ "resourceMetrics": [{
        "resource": { "attributes": attributes(&service) },
        "scopeMetrics": [{
            "scope": { "name": "firsthand", "version": env!("CARGO_PKG_VERSION") },
            "metrics": metrics,
        }],
    }] })
}

/// Since when and until when.
#[derive(Clone, Copy)]
struct At {
    started_ms: u64,
    now_ms: u64,
}

impl At {
    /// What every point has. JSON numbers are too small for nanoseconds: texts.
    fn point(self, labels: &Labels) -> Value {
        json!({
            "attributes": attributes(labels),
            "startTimeUnixNano": nanoseconds(self.started_ms),
            "timeUnixNano": nanoseconds(self.now_ms),
        })
    }

    fn count(self, labels: &Labels, count: u64) -> Value {
        let mut point = self.point(labels);
        point["asInt"] = Value::from(count.to_string());
        point
    }

    fn number(self, labels: &Labels, number: f64) -> Value {
        let mut point = self.point(labels);
        point["asDouble"] = Value::from(number);
        point
    }

    fn histogram(self, labels: &Labels, histogram: &Histogram) -> Value {
        let mut point = self.point(labels);
        let exponential = Exponential::of(histogram);
        point["count"] = Value::from(histogram.count().to_string());
        point["sum"] = Value::from(histogram.sum_ms());
        point["scale"] = Value::from(histogram.scale());
        point["zeroCount"] = Value::from(histogram.zero().to_string());
        point["zeroThreshold"] = Value::from(1.0);
        let counts = exponential.counts.iter().map(u64::to_string);
        point["positive"] = json!({
            "offset": exponential.offset,
            "bucketCounts": counts.collect::<Vec<_>>(),
        });
        for (name, value) in [("min", histogram.min_ms()), ("max", histogram.max_ms())] {
            if let Some(value) = value {
                point[name] = Value::from(value);
            }
        }
        point
    }
}

/// Buckets without holes: bucket `offset + n` is from `base^(offset + n)`, exclusive, to the next
/// power, where `base` is `2^(2^-scale)`.
struct Exponential {
    offset: i32,
    counts: Vec<u64>,
}

impl Exponential {
    fn of(histogram: &Histogram) -> Self {
        let mut found: Vec<(i32, u64)> = histogram.indexed().collect();
        // What is too long for any bucket is in the one above all that are not, never lost.
        if histogram.over() > 0 {
            let per_octave = f64::from(histogram.scale()).exp2();
            found.push(((MAX_MS.log2() * per_octave).ceil() as i32, histogram.over()));
        }
        let offset = found.first().map_or(0, |first| first.0);
        let mut counts = Vec::new();
        for (index, count) in found {
            counts.resize(usize::try_from(index - offset).unwrap_or(0), 0);
            counts.push(count);
        }
        Self { offset, counts }
    }
}

/// One metric and its points; nothing when it has none, which some receivers refuse.
fn metric(family: &Family<'_>, at: At) -> Option<Value> {
    let (kind, unit, mut data) = match &family.series {
        Series::Counters(series) => {
            let points = series
                .iter()
                .map(|(labels, count)| at.count(labels, *count));
            let data = cumulative(&points.collect::<Vec<_>>());
            ("sum", "1", data)
        }
        Series::Gauges(series) => {
            let points = series
                .iter()
                .map(|(labels, value)| at.number(labels, *value));
            let points: Vec<_> = points.collect();
            ("gauge", "1", json!({ "dataPoints": points }))
        }
        Series::Histograms(series) => {
            let full = series.iter().filter(|(_, histogram)| !histogram.is_empty());
            let points = full.map(|(labels, histogram)| at.histogram(labels, histogram));
            let data = cumulative(&points.collect::<Vec<_>>());
            ("exponentialHistogram", "ms", data)
        }
    };
    if kind == "sum" {
        data["isMonotonic"] = Value::from(true);
    }
    let is_empty = data["dataPoints"].as_array().is_none_or(Vec::is_empty);
    (!is_empty).then(|| {
        let (name, meaning) = (family.name, family.meaning);
        json!({ "name": name, "description": meaning, "unit": unit, kind: data })
    })
}

fn cumulative(points: &[Value]) -> Value {
    json!({ "dataPoints": points, "aggregationTemporality": CUMULATIVE })
}

fn attributes(labels: &Labels) -> Value {
    let labels = labels.iter();
    labels
        .map(|(key, value)| json!({ "key": key, "value": { "stringValue": value } }))
        .collect()
}

fn nanoseconds(ms: u64) -> String {
    (u128::from(ms) * 1_000_000).to_string()
}
