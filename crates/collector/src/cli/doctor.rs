//! Turns "nothing arrives" into findings, each with a sentence that says what to do.
//!
//! Asks a collector as a page would, and looks at what a proxy in between made of it. Nothing is
//! changed by it: the one envelope that is sent holds no item.

mod ask;
mod csp;
mod page;
mod visit;

use std::io::Write;

use clap::Args;
use serde::Serialize;
use url::Url;

use crate::error::RunError;
use crate::settings::{Given, Source};
use crate::setup::say;

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// Where the collector is reached, as pages reach it
    #[arg(long, value_name = "URL")]
    url: String,
    /// Public key of a site, as in data-site-key
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Origin of the pages that send, as in `https://shop.example`
    #[arg(long, value_name = "ORIGIN", requires = "key")]
    origin: Option<String>,
    /// A page that sends; its security policy is looked at, and its origin is used
    #[arg(long, value_name = "URL")]
    page: Option<String>,
    /// Print JSON, one finding a line
    #[arg(long)]
    json: bool,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Severity {
    /// As it should be.
    Good,
    /// Works, and could be better.
    Warning,
    /// Keeps items from arriving.
    Error,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Finding {
    severity: Severity,
    /// Stable.
    code: &'static str,
    /// For a person.
    message: String,
}

/// Everything that was looked at so far.
#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, severity: Severity, code: &'static str, message: impl Into<String>) {
        self.0.push(Finding {
            severity,
            code,
            message: message.into(),
        });
    }

    fn good(&mut self, code: &'static str, message: impl Into<String>) {
        self.add(Severity::Good, code, message);
    }

    fn warning(&mut self, code: &'static str, message: impl Into<String>) {
        self.add(Severity::Warning, code, message);
    }

    fn error(&mut self, code: &'static str, message: impl Into<String>) {
        self.add(Severity::Error, code, message);
    }
}

impl DoctorArgs {
    /// Exit code 0 when nothing keeps items from arriving, 1 when something does, 2 when what was
    /// given is no address.
    pub(super) fn run(self, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
        let base = address("--url", &self.url)?;
        let page = self.page.as_deref().map(|page| address("--page", page));
        let page = page.transpose()?;
        let origin = self.origin.or_else(|| {
            page.as_ref()
                .map(|page| page.origin().ascii_serialization())
        });
        let mut findings = Findings::default();
        visit::visit(&base, self.key.as_deref(), origin.as_deref(), &mut findings);
        if let Some(page) = page {
            page::look(&page, &base, &mut findings);
        }
        for finding in &findings.0 {
            say(out, &line(finding, self.json))?;
        }
        let errors = findings.0.iter();
        match errors.filter(|it| it.severity == Severity::Error).count() {
            0 => Ok(()),
            errors => Err(RunError::Unwell { errors }),
        }
    }
}

/// An address of the web.
fn address(flag: &'static str, text: &str) -> Result<Url, RunError> {
    let given = Given {
        from: Source::Flag(flag),
        value: text.to_owned(),
    };
    let url = given.read(|text| {
        let url = Url::parse(text).map_err(|error| format!("is no address: {error}"))?;
        if matches!(url.scheme(), "http" | "https") && url.has_host() {
            Ok(url)
        } else {
            Err(String::from(
                "is no address of the web, as in https://shop.example",
            ))
        }
    });
    Ok(url?)
}

fn line(finding: &Finding, as_json: bool) -> String {
    if as_json {
        // Texts, which always can be written.
        return serde_json::to_string(finding).unwrap_or_default() + "\n";
    }
    let mark = match finding.severity {
        Severity::Good => "good",
        Severity::Warning => "warn",
        Severity::Error => "FAIL",
    };
    format!("{mark}  {}: {}\n", finding.code, finding.message)
}
