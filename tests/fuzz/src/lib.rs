//! Turns bytes of strangers into what every one of our readers promises about them, whatever they are.
//!
//! Each function is one fuzz target. A panic of any kind is a finding: of a reader, or of a promise below.

use collector::DryRun;
use latency::Histogram;
use latency::budgets;
use protocol::envelope::Encoding;
use protocol::limits::{MAX_BODY_BYTES, MAX_ITEMS};
use protocol::outcome::ErrorCode;
use protocol::survey::Survey;
use survey::publish::{self, Severity};
use survey::{compile, patterns};

/// Surveys that items of the golden files answer.
const SURVEYS: [&str; 4] = [
    include_str!("../../../examples/surveys/nps.json"),
    include_str!("../../../examples/surveys/checkout.json"),
    include_str!("../../../examples/surveys/feedback.json"),
    include_str!("../../../examples/surveys/whats-new.json"),
];

/// A site that asks [`SURVEYS`].
pub fn site() -> DryRun {
    let parsed = SURVEYS
        .iter()
        .map(|json| publish::parse(json).expect("our own examples"));
    DryRun::new(parsed.collect())
}

/// Reads an HTTP body: each line ends in exactly one outcome, or all of them in one refusal of those that a body may get.
pub fn body(site: &DryRun, encoding: Encoding, bytes: &[u8]) {
    if bytes.len() > MAX_BODY_BYTES {
        return;
    }
    match site.outcomes(encoding, bytes) {
        Ok(outcomes) => {
            assert!(outcomes.len() <= MAX_ITEMS);
            if encoding == Encoding::Identity {
                let text = std::str::from_utf8(bytes).expect("a body that was read is UTF-8");
                assert_eq!(outcomes.len(), text.lines().count().saturating_sub(1));
            }
            assert_eq!(site.outcomes(encoding, bytes), Ok(outcomes));
        }
        Err(code) => assert!(
            matches!(
                code,
                ErrorCode::UnreadableBody | ErrorCode::BodyTooLarge | ErrorCode::TooManyItems
            ),
            "{code}"
        ),
    }
}

/// Reads a histogram: what can be one is written and read again as the same, merges, and tells its numbers.
pub fn histogram(bytes: &[u8]) {
    let Ok(read) = Histogram::decode(bytes) else {
        return;
    };
    assert_eq!(Histogram::decode(&read.encode()).as_ref(), Ok(&read));
    let mut twice = read.clone();
    twice.merge(&read);
    assert_eq!(twice.count(), 2 * read.count());
    let mut with_nothing = read.clone();
    with_nothing.merge(&Histogram::default());
    assert_eq!(with_nothing.count(), read.count());
    let quantiles = [0.0, 0.5, 0.95, 1.0].map(|q| read.quantile(q));
    assert!(quantiles.is_sorted(), "{quantiles:?}");
    if let [Some(first), .., Some(last)] = quantiles {
        let ends = (
            read.min_ms().unwrap_or(f64::NAN),
            read.max_ms().unwrap_or(f64::NAN),
        );
        assert!(ends.0 <= first && last <= ends.1, "{quantiles:?} {ends:?}");
        let share = read.share_within(last).expect("something was counted");
        assert!((0.0..=1.0).contains(&share), "{share}");
    }
    assert!(read.buckets().map(|it| it.2).sum::<u64>() <= read.count());
    for scale in (0..read.scale()).rev() {
        twice.downscale(scale);
        assert_eq!(twice.count(), 2 * read.count());
    }
}

/// Reads a budget document: what is found good compiles for pages, and is the same when it is written and read again.
pub fn budget(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let document = match budgets::parse(text) {
        Ok(document) => document,
        Err(findings) => {
            assert!(findings.iter().any(|finding| finding.is_error));
            return;
        }
    };
    if budgets::check(&document).iter().any(|one| one.is_error) {
        return;
    }
    let json = serde_json::to_string(&document).expect("a document is written");
    assert_eq!(budgets::parse(&json).as_ref(), Ok(&document));
    let metering = budgets::compile(&document);
    let bytes = postcard::to_allocvec(&metering).expect("what pages are told is written");
    assert_eq!(postcard::from_bytes(&bytes), Ok(metering));
}

/// Reads a survey's definition: what is found good compiles for agent and widget in every language that it has.
pub fn survey(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    // The part of a definition that has a language of its own.
    let _ = patterns::check(text);
    let survey = match publish::parse(text) {
        Ok(survey) => survey,
        Err(findings) => {
            assert!(findings.iter().any(|one| one.severity == Severity::Error));
            return;
        }
    };
    let findings = publish::check(&survey);
    if findings.iter().any(|one| one.severity == Severity::Error) {
        return;
    }
    let json = serde_json::to_string(&survey).expect("a survey is written");
    assert_eq!(publish::parse(&json).as_ref(), Ok(&survey));
    compiles(&survey);
}

fn compiles(survey: &Survey) {
    let (rules, _) = compile::rules(&[(survey, 1)]);
    assert_eq!(rules.len(), 1, "what may be published is asked");
    let bytes = postcard::to_allocvec(&rules).expect("rules are written");
    assert_eq!(postcard::from_bytes(&bytes), Ok(rules));
    for language in survey.languages.iter().chain([&survey.language]) {
        let content = compile::content(survey, 1, language);
        assert_eq!(content.questions.len(), survey.questions.len());
        let bytes = postcard::to_allocvec(&content).expect("content is written");
        assert_eq!(postcard::from_bytes(&bytes), Ok(content));
    }
}
