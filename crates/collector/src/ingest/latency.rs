//! Turns a report of what a page load waited for into a row of sums, or into why it cannot be one.
//!
//! Budgets may have changed since the page read them, so features and thresholds need not be ours;
//! numbers that contradict each other are refused, by place.

use std::collections::BTreeSet;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use latency::{Class, Histogram};
use protocol::latency::{
    CLASSES, Exemplar, FeatureReport, KeyReport, LatencyContext, LatencyReport, PHASES, SLICE_MS,
    Vote, Within,
};
use protocol::limits::is_slug;
use protocol::outcome::DiscardReason;
use store::{ExemplarRow, FeatureRow, KeyRow, LatencyRow, SliceRow};

use super::Refusal;

/// Slices that a report may hold after its first: an hour of them, far more than an agent waits.
const MAX_SLICE_OFFSET: u32 = 360;
/// Features of one report. Budgets name tens.
const MAX_FEATURES: usize = 64;
/// Templates of one report, over all its features: as many as budgets may ask for.
const MAX_KEYS: usize = 500;
/// Thresholds of one feature: as many as budgets may have.
const MAX_WITHIN: usize = 4;
/// Milliseconds of one threshold, and of one attempt: a day. Nobody waits longer.
const MAX_MS: u32 = 86_400_000;
/// Attempts that one number may stand for. A page that made more in an hour would do nothing else.
const MAX_COUNT: u32 = 1_000_000;
/// Slowest attempts of one template.
const MAX_EXEMPLARS: usize = 2;
/// Bytes of a method, or of what stands for one. The longest of the registry has 17.
///
/// # Source
///
/// <https://www.iana.org/assignments/http-methods>
const MAX_METHOD_BYTES: usize = 24;
/// Characters of a template, its origin included.
const MAX_TEMPLATE_CHARS: usize = 512;
/// Web vitals that there are.
const VITALS: [&str; 5] = ["CLS", "FCP", "INP", "LCP", "TTFB"];
/// The largest vital: a day in thousandths of a millisecond.
const MAX_VITAL: u64 = MAX_MS as u64 * 1_000;
/// Phases of a report, and how many attempts they are sums of.
const PHASE_FIELDS: usize = PHASES + 1;

/// Base64 as pages write it. Padding is not asked for, and no reason to lose a report.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A report whose slices are still numbered by its sender's clock.
///
/// # Errors
///
/// [`DiscardReason::InvalidHistogram`] for a histogram of an impossible shape,
/// [`DiscardReason::InvalidLatency`] for everything else that cannot be.
pub(super) fn row_from(report: LatencyReport) -> Result<LatencyRow, Refusal> {
    if report.features.len() > MAX_FEATURES {
        return Err(invalid(format!("p.features: more than {MAX_FEATURES}")));
    }
    let keys: usize = report.features.iter().map(|one| one.keys.len()).sum();
    if keys > MAX_KEYS {
        return Err(invalid(format!("p.features: more than {MAX_KEYS} keys")));
    }
    if report.slice > u64::MAX / SLICE_MS - u64::from(MAX_SLICE_OFFSET) {
        return Err(invalid("p.slice: is out of range"));
    }
    check_vitals(&report.vitals)?;
    let mut ids = BTreeSet::new();
    let mut features = Vec::with_capacity(report.features.len());
    for (index, feature) in report.features.into_iter().enumerate() {
        let place = format!("p.features[{index}]");
        if !feature.id.is_empty() && !is_slug(&feature.id) {
            return Err(invalid(format!("{place}.id: is no slug")));
        }
        if !ids.insert(feature.id.clone()) {
            return Err(invalid(format!("{place}.id: was there before")));
        }
        features.push(feature_row(feature, report.slice, &place)?);
    }
    Ok(LatencyRow {
        features,
        overflow: report.overflow,
        skewed: report.skewed,
        vitals: report.vitals,
    })
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(DiscardReason::InvalidLatency, message)
}

fn check_vitals(vitals: &[(String, u64)]) -> Result<(), Refusal> {
    let mut names = BTreeSet::new();
    for (index, (name, value)) in vitals.iter().enumerate() {
        if !VITALS.contains(&name.as_str()) {
            return Err(invalid(format!("p.vitals[{index}]: is no web vital")));
        }
        if !names.insert(name) {
            return Err(invalid(format!("p.vitals[{index}]: was there before")));
        }
        if *value > MAX_VITAL {
            return Err(invalid(format!("p.vitals[{index}]: is out of range")));
        }
    }
    Ok(())
}

fn feature_row(feature: FeatureReport, first: u64, place: &str) -> Result<FeatureRow, Refusal> {
    check_within(&feature.within, place)?;
    let mut slices: Vec<SliceRow> = Vec::with_capacity(feature.slices.len());
    for (index, counts) in feature.slices.iter().enumerate() {
        let place = format!("{place}.slices[{index}]");
        let slice = slice_row(counts, feature.within.len(), first, &place)?;
        if slices.last().is_some_and(|last| last.slice >= slice.slice) {
            return Err(invalid(format!("{place}: is not after the one before")));
        }
        slices.push(slice);
    }
    // What is kept of templates is kept by the minute; a report is shorter, or was asleep meanwhile.
    let slice = slices.first().map_or(first, |slice| slice.slice);
    let mut names = BTreeSet::new();
    let mut keys = Vec::with_capacity(feature.keys.len());
    for (index, key) in feature.keys.into_iter().enumerate() {
        let place = format!("{place}.keys[{index}]");
        if !names.insert((key.m.clone(), key.t.clone())) {
            return Err(invalid(format!("{place}: was there before")));
        }
        keys.push(key_row(key, first, slice, &place)?);
    }
    Ok(FeatureRow {
        id: feature.id,
        within: feature.within,
        slices,
        keys,
    })
}

fn check_within(within: &[Within], place: &str) -> Result<(), Refusal> {
    if within.len() > MAX_WITHIN {
        return Err(invalid(format!("{place}.within: more than {MAX_WITHIN}")));
    }
    for (index, threshold) in within.iter().enumerate() {
        if !(1..=MAX_MS).contains(&threshold.1) {
            return Err(invalid(format!("{place}.within[{index}]: is out of range")));
        }
        if within[..index].contains(threshold) {
            return Err(invalid(format!(
                "{place}.within[{index}]: was there before"
            )));
        }
    }
    Ok(())
}

fn slice_row(
    counts: &[u32],
    thresholds: usize,
    first: u64,
    place: &str,
) -> Result<SliceRow, Refusal> {
    let [offset, vote, eligible, bad, held, n, slow @ ..] = counts else {
        return Err(invalid(format!("{place}: is too short")));
    };
    if slow.len() != thresholds {
        let message = format!("{place}: needs a number for each of {thresholds} thresholds");
        return Err(invalid(message));
    }
    if *offset > MAX_SLICE_OFFSET {
        let message = format!("{place}[0]: more than {MAX_SLICE_OFFSET} after the first");
        return Err(invalid(message));
    }
    let vote =
        Vote::from_number(*vote).ok_or_else(|| invalid(format!("{place}[1]: is no vote")))?;
    if bad > eligible {
        return Err(invalid(format!("{place}[3]: more failed than there were")));
    }
    if slow.iter().any(|slow| slow > n) {
        return Err(invalid(format!("{place}: more were slow than there were")));
    }
    if [eligible, held, n].iter().any(|count| **count > MAX_COUNT) {
        return Err(invalid(format!("{place}: is out of range")));
    }
    let (voting, failing) = vote.change();
    Ok(SliceRow {
        slice: first + u64::from(*offset),
        voting,
        failing,
        eligible: *eligible,
        bad: *bad,
        held: *held,
        n: *n,
        slow: slow.to_vec(),
    })
}

fn key_row(key: KeyReport, first: u64, slice: u64, place: &str) -> Result<KeyRow, Refusal> {
    check_names(&key, place)?;
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
        template: key.t,
        slice,
        classes,
        histogram: times,
        errors,
        phases,
        phase_n,
    })
}

fn check_names(key: &KeyReport, place: &str) -> Result<(), Refusal> {
    // A method is a token: <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2>
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    let length = 1..=MAX_METHOD_BYTES;
    if !length.contains(&key.m.len()) || !key.m.bytes().all(is_token) {
        return Err(invalid(format!("{place}.m: is no method")));
    }
    let length = 1..=MAX_TEMPLATE_CHARS;
    if !length.contains(&key.t.chars().count()) || key.t.chars().any(char::is_control) {
        return Err(invalid(format!("{place}.t: is no template")));
    }
    // Both may hold secrets, and the SDK removes them.
    if key.t.contains(['?', '#']) {
        return Err(invalid(format!("{place}.t: has a query or a fragment")));
    }
    Ok(())
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

/// Forgets what a person had waited for where it cannot be: no reason to lose their answer.
pub(super) fn drop_impossible(context: &mut Option<LatencyContext>) {
    let is_possible = |context: &LatencyContext| {
        context.over_budget <= context.budgeted
            && context.budgeted <= context.requests
            && context
                .p75_ms
                .is_none_or(|ms| ms <= MAX_MS && context.requests > 0)
            && context.worst.as_deref().is_none_or(is_slug)
    };
    if !context.as_ref().is_none_or(is_possible) {
        *context = None;
    }
}
