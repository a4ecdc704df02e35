//! Turns tests of addresses into those that no address, or every address, fulfils.

use protocol::survey::{DisplayRule, UrlTest};

use super::{Code, Report};
use crate::patterns::{self, Fault};

pub(super) fn check(show: &DisplayRule, report: &mut Report<'_>) {
    for (list, tests) in [("url", &show.url), ("url_not", &show.url_not)] {
        for (n, test) in tests.iter().enumerate() {
            one(&format!("/show/{list}/{n}"), test, report);
        }
    }
    for (n, test) in show.url_not.iter().enumerate() {
        let all = show.url.iter().all(|allowed| covers(test, allowed));
        let everywhere = show.url.is_empty() && !is_everything(test);
        report.say_if(
            all && !everywhere,
            format!("/show/url_not/{n}"),
            Code::UrlExcluded,
            "This excludes every address that is allowed.",
        );
    }
}

fn one(at: &str, test: &UrlTest, report: &mut Report<'_>) {
    let (name, text) = match test {
        UrlTest::Contains(text) => ("contains", text),
        UrlTest::Equals(text) => ("equals", text),
        UrlTest::Glob(text) => ("glob", text),
        UrlTest::Regex(text) => ("regex", text),
    };
    let at = format!("{at}/{name}");
    if text.is_empty() {
        report.say(at, Code::UrlEmpty, "The test is empty.");
        return;
    }
    if let UrlTest::Regex(pattern) = test {
        if let Err(fault) = patterns::check(pattern) {
            report.say(at, code(&fault), fault.to_string());
        }
        return;
    }
    if text.contains(['?', '#']) {
        let sentence = "Addresses are compared without query and fragment, so none has a ? or a #.";
        report.say(at, Code::UrlNever, sentence);
    } else if !matches!(test, UrlTest::Contains(_)) && !is_whole(text) {
        let sentence = "The whole address is compared, which begins with https:// and a host; begin with that or use \"contains\".";
        report.say(at, Code::UrlNever, sentence);
    }
}

const fn code(fault: &Fault) -> Code {
    match fault {
        Fault::Syntax { .. } => Code::RegexSyntax,
        Fault::Unsupported { .. } => Code::RegexUnsupported,
        Fault::TooLarge => Code::RegexTooLarge,
        Fault::Exponential => Code::RegexExponential,
        Fault::Polynomial => Code::RegexPolynomial,
    }
}

/// Whether what stands before the first `*` can begin an address.
fn is_whole(text: &str) -> bool {
    let (start, open) = text
        .split_once('*')
        .map_or((text, false), |(s, _)| (s, true));
    ["https://", "http://"].iter().any(|scheme| {
        start.len() > scheme.len() && start.starts_with(scheme)
            || open && (scheme.starts_with(start) || start.starts_with(scheme))
    })
}

/// Whether `excluded` certainly takes every address that `allowed` takes.
fn covers(excluded: &UrlTest, allowed: &UrlTest) -> bool {
    excluded == allowed
        || is_everything(excluded)
        || match (excluded, allowed) {
            (UrlTest::Contains(part), UrlTest::Equals(whole) | UrlTest::Contains(whole)) => whole
                .to_ascii_lowercase()
                .contains(&part.to_ascii_lowercase()),
            _ => false,
        }
}

fn is_everything(test: &UrlTest) -> bool {
    match test {
        UrlTest::Glob(pattern) => !pattern.is_empty() && pattern.bytes().all(|b| b == b'*'),
        UrlTest::Contains(text) => {
            "https://".starts_with(text) && "http://".starts_with(text) && !text.is_empty()
        }
        UrlTest::Equals(_) | UrlTest::Regex(_) => false,
    }
}
