//! Turns a distribution into bytes, and back.

use latency::Histogram;
use protocol::latency::PHASES;
use store::{Distribution, ExemplarRow, KeyRow};

use super::bytes::{Reader, put, put_bytes};

/// First byte of what is kept.
const FORM: u8 = 1;

/// What one page load measured of a template.
pub(super) fn of_key(row: &KeyRow) -> Distribution {
    let mut exemplars = Distribution {
        exemplars: row.exemplars.clone(),
        ..Distribution::default()
    };
    // Merged with nothing, they are in order and few.
    exemplars.merge(&Distribution::default());
    Distribution {
        classes: row.classes,
        histogram: row.histogram.clone(),
        errors: row.errors.clone(),
        phases: row.phases,
        phase_n: row.phase_n,
        exemplars: exemplars.exemplars,
    }
}

pub(super) fn encode(distribution: &Distribution) -> Vec<u8> {
    let mut out = vec![FORM];
    let classes = &distribution.classes;
    // The last classes are rare.
    let n = classes
        .iter()
        .rposition(|&count| count > 0)
        .map_or(0, |last| last + 1);
    put(&mut out, n as u64);
    for &count in classes.iter().take(n) {
        put(&mut out, count);
    }
    put(&mut out, distribution.phase_n);
    if distribution.phase_n > 0 {
        for sum in distribution.phases {
            put(&mut out, sum);
        }
    }
    for histogram in [&distribution.histogram, &distribution.errors] {
        if histogram.is_empty() {
            put(&mut out, 0);
        } else {
            put_bytes(&mut out, &histogram.encode());
        }
    }
    for one in &distribution.exemplars {
        put(&mut out, one.ms.into());
        put(&mut out, one.slice);
        put(&mut out, one.class.into());
        put(&mut out, one.status.into());
        put_bytes(&mut out, &trace_bytes(&one.trace));
    }
    out
}

pub(super) fn decode(bytes: &[u8]) -> Option<Distribution> {
    let (&FORM, rest) = bytes.split_first()? else {
        return None;
    };
    let reader = &mut Reader(rest);
    let mut found = Distribution::default();
    let n: usize = reader.small()?;
    for count in found.classes.get_mut(..n)? {
        *count = reader.number()?;
    }
    found.phase_n = reader.number()?;
    if found.phase_n > 0 {
        for nth in 0..PHASES {
            *found.phases.get_mut(nth)? = reader.number()?;
        }
    }
    found.histogram = histogram(reader)?;
    found.errors = histogram(reader)?;
    while !reader.0.is_empty() {
        found.exemplars.push(ExemplarRow {
            ms: reader.small()?,
            slice: reader.number()?,
            class: reader.small()?,
            status: reader.small()?,
            trace: trace_text(reader.bytes()?),
        });
    }
    Some(found)
}

fn histogram(reader: &mut Reader<'_>) -> Option<Histogram> {
    match reader.bytes()? {
        [] => Some(Histogram::default()),
        bytes => Histogram::decode(bytes).ok(),
    }
}

/// A trace id of 32 hex digits as 16 bytes; what is none is not kept.
fn trace_bytes(trace: &str) -> Vec<u8> {
    let is_hex = trace.len() == 32 && trace.bytes().all(|byte| byte.is_ascii_hexdigit());
    match u128::from_str_radix(trace, 16) {
        Ok(number) if is_hex => number.to_be_bytes().into(),
        _ => Vec::new(),
    }
}

fn trace_text(bytes: &[u8]) -> String {
    match <[u8; 16]>::try_from(bytes) {
        Ok(bytes) => format!("{:032x}", u128::from_be_bytes(bytes)),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn histograms() -> impl Strategy<Value = Histogram> {
        prop::collection::vec(0..700_000_u32, 0..20).prop_map(|values| {
            let mut histogram = Histogram::default();
            for tenths in values {
                histogram.record(tenths);
            }
            histogram
        })
    }

    fn distributions() -> impl Strategy<Value = Distribution> {
        let exemplar = (
            any::<u32>(),
            0..1_u64 << 28,
            0..9_u8,
            0..600_u16,
            any::<Option<u128>>(),
        );
        let exemplar = exemplar.prop_map(|(ms, slice, class, status, trace)| ExemplarRow {
            ms,
            slice,
            class,
            status,
            trace: trace
                .map(|trace| format!("{trace:032x}"))
                .unwrap_or_default(),
        });
        let exemplars = prop::collection::vec(exemplar, 0..3);
        let numbers = (
            prop::array::uniform9(0..99_u64),
            prop::array::uniform5(0..9_999_u64),
        );
        (histograms(), histograms(), numbers, 1..99_u64, exemplars).prop_map(
            |(histogram, errors, (classes, phases), phase_n, exemplars)| Distribution {
                classes,
                histogram,
                errors,
                phases,
                phase_n,
                exemplars,
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_kept_is_read_back(distribution in distributions()) {
            prop_assert_eq!(decode(&encode(&distribution)), Some(distribution));
        }

        #[test]
        fn any_bytes_are_read_or_refused(mut bytes: Vec<u8>) {
            bytes.insert(0, FORM);
            if let Some(found) = decode(&bytes) {
                prop_assert_eq!(decode(&encode(&found)).map(|again| again.classes), Some(found.classes));
            }
        }

        #[test]
        fn merging_does_not_depend_on_order(all in prop::collection::vec(distributions(), 2..5)) {
            let sum = |all: &mut dyn Iterator<Item = &Distribution>| {
                let mut sum = Distribution::default();
                all.for_each(|one| sum.merge(one));
                sum
            };
            let (forth, back) = (sum(&mut all.iter()), sum(&mut all.iter().rev()));
            prop_assert_eq!(encode(&forth), encode(&back));
        }
    }

    #[test]
    fn what_is_no_trace_id_is_not_kept() {
        let check = |trace: &str, expected| assert_eq!(trace_text(&trace_bytes(trace)), expected);
        check("", "");
        check(
            "4bf92f3577b34da6a3ce929d0e0e4736",
            "4bf92f3577b34da6a3ce929d0e0e4736",
        );
        check(
            "00000000000000000000000000000001",
            "00000000000000000000000000000001",
        );
        check("4bf92f3577b34da6", "");
        check("+bf92f3577b34da6a3ce929d0e0e4736", "");
    }
}
