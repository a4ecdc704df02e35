//! Turns what was measured of one method and template into the row of its sums.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use latency::{Class, Histogram};
use protocol::latency::{CLASSES, Exemplar, KeyReport, OTHER_TEMPLATE, PHASES};
use protocol::outcome::DiscardReason;
use store::{ExemplarRow, KeyRow};

use super::{MAX_COUNT, MAX_MS, MAX_SLICE_OFFSET, invalid};
use crate::ingest::{Refusal, scrub};

/// Slowest attempts of one template.
const MAX_EXEMPLARS: usize = 2;
/// Bytes of a method, or of what stands for one. The longest of the registry has 17; pages may have
/// their own.
///
/// # Source
///
/// <https://www.iana.org/assignments/http-methods>
const MAX_METHOD_BYTES: usize = 64;
/// Characters of a template, its origin and names of GraphQL operations included.
const MAX_TEMPLATE_CHARS: usize = 512;
/// Phases of a report, and how many attempts they are sums of.
const PHASE_FIELDS: usize = PHASES + 1;

/// Base64 as pages write it. Padding is not asked for, and no reason to lose a report.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(super) fn key_row(
    key: KeyReport,
    first: u64,
    slice: u64,
    place: &str,
) -> Result<KeyRow, Refusal> {
    check_method(&key.m, place)?;
    let classes = classes(&key.c, place)?;
    let sum_of = |counts: fn(Class) -> bool| -> u64 {
        let counted = Class::ALL.into_iter().filter(|class| counts(*class));
        counted.map(|class| classes[class as usize]).sum()
    };
    let times = histogram(
        &key.h,
        sum_of(Class::counts_for_latency),
        &format!("{place}.h"),
    )?;
    let errors = histogram(&key.e, sum_of(Class::is_failure), &format!("{place}.e"))?;
    let (phases, phase_n) = phases(&key.p, classes.iter().sum(), place)?;
    if key.x.len() > MAX_EXEMPLARS {
        return Err(invalid(format!("{place}.x: more than {MAX_EXEMPLARS}")));
    }
    let exemplars = key.x.into_iter().enumerate().map(|(index, exemplar)| {
        let place = format!("{place}.x[{index}]");
        exemplar_row(exemplar, first, &place)
    });
    Ok(KeyRow {
        exemplars: exemplars.collect::<Result<_, _>>()?,
        method: key.m,
        template: template_or_rest(key.t),
        slice,
        classes,
        histogram: times,
        errors,
        phases,
        phase_n,
    })
}

/// A method is a token: <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2>
fn check_method(method: &str, place: &str) -> Result<(), Refusal> {
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    let length = 1..=MAX_METHOD_BYTES;
    if length.contains(&method.len()) && method.bytes().all(is_token) {
        return Ok(());
    }
    Err(invalid(format!("{place}.m: is no method")))
}

/// The template, if it can be one that people read; the rest otherwise. A query may hold secrets, and
/// the SDK removes it; names of GraphQL operations may be many. None of it is worth a report.
fn template_or_rest(template: String) -> String {
    let length = 1..=MAX_TEMPLATE_CHARS;
    let is_odd = |c: char| c.is_control() || matches!(c, '?' | '#');
    if !length.contains(&template.chars().count()) || template.contains(is_odd) {
        return String::from(OTHER_TEMPLATE);
    }
    match scrub::text(&template) {
        Cow::Borrowed(_) => template,
        Cow::Owned(scrubbed) => scrubbed,
    }
}

fn classes(given: &[u32], place: &str) -> Result<[u64; CLASSES], Refusal> {
    if given.len() > CLASSES {
        return Err(invalid(format!("{place}.c: more than {CLASSES}")));
    }
    if given.iter().any(|count| *count > MAX_COUNT) {
        return Err(invalid(format!("{place}.c: is out of range")));
    }
    let mut classes = [0; CLASSES];
    for (class, count) in classes.iter_mut().zip(given) {
        *class = u64::from(*count);
    }
    Ok(classes)
}

/// A histogram of at most `most` attempts. Of what counts by its class some may be left out by what
/// else is known of it: it came from the cache, or the page was hidden.
fn histogram(text: &str, most: u64, place: &str) -> Result<Histogram, Refusal> {
    if text.is_empty() {
        return Ok(Histogram::default());
    }
    let refused = |message: String| {
        Refusal::new(
            DiscardReason::InvalidHistogram,
            format!("{place}: {message}"),
        )
    };
    let bytes = BASE64.decode(text).map_err(|e| refused(e.to_string()))?;
    let histogram = Histogram::decode(&bytes).map_err(|e| refused(e.to_string()))?;
    if histogram.count() > most {
        let count = histogram.count();
        return Err(refused(format!("{count} attempts, of which {most} count")));
    }
    Ok(histogram)
}

/// Sums by phase, and of how many attempts.
fn phases(given: &[u32], attempts: u64, place: &str) -> Result<([u64; PHASES], u64), Refusal> {
    if given.is_empty() {
        return Ok(([0; PHASES], 0));
    }
    let Ok(given) = <[u32; PHASE_FIELDS]>::try_from(given) else {
        let message = format!("{place}.p: needs {PHASE_FIELDS} numbers or none");
        return Err(invalid(message));
    };
    let [queue, connect, server, transfer, main, n] = given.map(u64::from);
    if n > attempts {
        return Err(invalid(format!("{place}.p: sums of more than there were")));
    }
    let phases = [queue, connect, server, transfer, main];
    if n == 0 && phases != [0; PHASES] {
        return Err(invalid(format!("{place}.p: sums of nothing")));
    }
    Ok((phases, n))
}

fn exemplar_row(exemplar: Exemplar, first: u64, place: &str) -> Result<ExemplarRow, Refusal> {
    let Exemplar(ms, offset, class, status, trace) = exemplar;
    if ms > MAX_MS || offset > MAX_SLICE_OFFSET || status > 999 {
        return Err(invalid(format!("{place}: is out of range")));
    }
    if Class::from_number(class).is_none() {
        return Err(invalid(format!("{place}[2]: is no class")));
    }
    let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    let is_trace = trace.is_empty() || (trace.len() == 32 && trace.bytes().all(is_hex));
    if !is_trace {
        return Err(invalid(format!("{place}[4]: is no trace id")));
    }
    Ok(ExemplarRow {
        ms,
        slice: first + u64::from(offset),
        class,
        status,
        trace,
    })
}
