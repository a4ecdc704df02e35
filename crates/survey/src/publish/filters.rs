//! Turns filters of traits and properties into those that nobody can fulfil.

use protocol::survey::{Filter, ValueTest};

use super::{Code, Report};

/// Checks a list of filters, all of which must hold.
pub(super) fn check(at: &str, filters: &[Filter], report: &mut Report<'_>) {
    for (n, filter) in filters.iter().enumerate() {
        let at = format!("{at}/{n}");
        report.say_if(
            filter.key.trim().is_empty(),
            format!("{at}/key"),
            Code::FilterKey,
            "A filter needs the name of what it looks at.",
        );
        let (ValueTest::Is(values) | ValueTest::IsNot(values) | ValueTest::Contains(values)) =
            &filter.test
        else {
            continue;
        };
        report.say_if(
            values.is_empty(),
            format!("{at}/test"),
            Code::FilterNever,
            "The test names no value.",
        );
    }
    for (n, filter) in filters.iter().enumerate() {
        let before = filters[..n]
            .iter()
            .filter(|before| before.key == filter.key);
        if before
            .into_iter()
            .any(|before| exclude(&before.test, &filter.test))
        {
            let sentence = format!("No \"{}\" fulfils this and an earlier filter.", filter.key);
            report.say(format!("{at}/{n}/test"), Code::FilterNever, sentence);
        }
    }
}

/// Whether no value fulfils both. Where it is not certain, it is not so.
fn exclude(a: &ValueTest, b: &ValueTest) -> bool {
    if let ValueTest::Is(values) = a {
        return !values.is_empty() && !values.iter().any(|value| may_be(value, b));
    }
    match (a, b) {
        (_, ValueTest::Is(_)) => exclude(b, a),
        (ValueTest::AtLeast(least), ValueTest::Below(below))
        | (ValueTest::Below(below), ValueTest::AtLeast(least)) => below <= least,
        _ => false,
    }
}

/// Whether `value` fulfils `test`, or may do so.
fn may_be(value: &str, test: &ValueTest) -> bool {
    let number = || value.trim().parse::<f64>();
    match test {
        ValueTest::Is(values) => values.iter().any(|other| other == value),
        ValueTest::IsNot(values) => !values.iter().any(|other| other == value),
        ValueTest::Contains(parts) => {
            let value = value.to_ascii_lowercase();
            parts
                .iter()
                .any(|part| value.contains(&part.to_ascii_lowercase()))
        }
        ValueTest::AtLeast(least) => number().is_ok_and(|number| number >= *least as f64),
        ValueTest::Below(below) => number().is_ok_and(|number| number < *below as f64),
        ValueTest::Present => true,
    }
}
