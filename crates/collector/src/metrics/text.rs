//! Turns families of series into the text that Prometheus reads, format 0.0.4.
//!
//! Histograms are classic ones. Their bounds are powers of two milliseconds, which are borders of our
//! own buckets at every scale, so that no count is estimated. (Native histograms exist in the protobuf
//! format only; whoever wants them takes the OTLP export, which Prometheus reads too.)
//!
//! # Source
//!
//! <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>

use std::fmt::{Arguments, Display, Formatter, Result, Write};

use latency::Histogram;

use super::families::{Family, Labels, Series, families};
use super::{Counts, Standing};

/// Powers of two milliseconds that are bounds: 1 ms to 65.536 s, just above the usual hard timeout.
const BOUNDS: std::ops::RangeInclusive<i32> = 0..=16;

/// Everything that is counted, and where every promise stands.
pub(crate) fn scrape(counts: &Counts, standings: &[Standing]) -> String {
    let mut text = Text(String::new());
    for family in families(counts, standings) {
        text.family(&family);
    }
    text.0
}

struct Text(String);

impl Text {
    fn family(&mut self, family: &Family<'_>) {
        let name = family.name.replace('.', "_");
        let (name, kind) = match family.series {
            Series::Counters(_) => (format!("{name}_total"), "counter"),
            Series::Gauges(_) => (name, "gauge"),
            Series::Histograms(_) => (format!("{name}_seconds"), "histogram"),
        };
        let meaning = family.meaning;
        self.write(format_args!(
            "# HELP {name} {meaning}\n# TYPE {name} {kind}\n"
        ));
        match &family.series {
            Series::Counters(series) => self.lines(&name, series),
            Series::Gauges(series) => self.lines(&name, series),
            Series::Histograms(series) => {
                for (labels, histogram) in series {
                    self.histogram(&name, labels, histogram);
                }
            }
        }
    }

    fn lines(&mut self, name: &str, series: &[(Labels, impl Display)]) {
        for (labels, value) in series {
            self.line(name, labels, value);
        }
    }

    fn line(&mut self, name: &str, labels: &Labels, value: impl Display) {
        self.write(format_args!("{name}{} {value}\n", Braced(labels)));
    }

    /// A histogram of milliseconds, in seconds, which is what Prometheus asks for.
    fn histogram(&mut self, name: &str, labels: &Labels, histogram: &Histogram) {
        let bucket = format!("{name}_bucket");
        let mut up_to = |le: String, count| {
            let labels = [&labels[..], &[("le", le)]].concat();
            self.line(&bucket, &labels, count);
        };
        for power in BOUNDS {
            let ms = f64::from(power).exp2();
            up_to((ms / 1_000.0).to_string(), at_most(histogram, ms));
        }
        up_to(String::from("+Inf"), histogram.count());
        let sum = histogram.sum_ms() / 1_000.0;
        self.line(&format!("{name}_sum"), labels, sum);
        self.line(&format!("{name}_count"), labels, histogram.count());
    }

    fn write(&mut self, text: Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.0.write_fmt(text);
    }
}

/// Attempts of at most so many milliseconds, which have to be the border of a bucket.
fn at_most(histogram: &Histogram, ms: f64) -> u64 {
    // Borders are powers of two up to rounding; the next one is 2 % above.
    let below = histogram.buckets().filter(|(_, to, _)| *to <= ms * 1.001);
    below.map(|(_, _, count)| count).sum()
}

/// Labels as they are written; nothing without any.
struct Braced<'a>(&'a Labels);

impl Display for Braced<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (index, (name, value)) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "{" } else { "," })?;
            write!(f, "{name}=\"")?;
            for c in value.chars() {
                match c {
                    '\\' => f.write_str("\\\\")?,
                    '"' => f.write_str("\\\"")?,
                    '\n' => f.write_str("\\n")?,
                    c => f.write_char(c)?,
                }
            }
            f.write_char('"')?;
        }
        f.write_str(if self.0.is_empty() { "" } else { "}" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_labels_are_escaped() {
        let labels = vec![("a", String::from("x\\y\"z\n")), ("b", String::new())];
        assert_eq!(Braced(&labels).to_string(), r#"{a="x\\y\"z\n",b=""}"#);
        assert_eq!(Braced(&Labels::new()).to_string(), "");
    }

    #[test]
    fn bounds_are_exact() {
        let mut histogram = Histogram::default();
        for tenths in [5, 10, 11, 20, 1_280, 1_281, 700_000] {
            histogram.record(tenths);
        }
        let check = |ms, expected| assert_eq!(at_most(&histogram, ms), expected, "{ms}");
        check(1.0, 2);
        check(2.0, 4);
        check(64.0, 4);
        check(128.0, 5);
        check(256.0, 6);
    }
}
