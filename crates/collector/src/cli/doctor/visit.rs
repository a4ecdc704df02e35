//! Turns a collector's address into what a page would meet there.

use std::io::Write;
use std::time::Instant;

use flate2::Compression;
use flate2::write::GzEncoder;
use protocol::WIRE_VERSION;
use protocol::outcome::{BatchReply, ErrorReply};
use protocol::query::delivery::Reason;
use protocol::query::diag::{Diagnosis, Recent};
use url::Url;

use super::Findings;
use super::ask::{Answer, ask};
use crate::clock::Clock;
use crate::setup::random_hex;

/// Milliseconds by which clocks may differ before it is worth a word. Times are corrected past a
/// minute.
const MAX_SKEW_MS: u64 = 5_000;

/// Looks at the collector, then at one key, then at one origin.
pub(super) fn visit(base: &Url, key: Option<&str>, origin: Option<&str>, findings: &mut Findings) {
    if !is_there(base, findings) {
        return;
    }
    let Some(key) = key else {
        findings.warning("no_key", "Without --key nothing can be said about a site.");
        return;
    };
    let Some(diagnosis) = diagnosis(base, key, origin, findings) else {
        return;
    };
    skew(&diagnosis, findings);
    origin_allowed(&diagnosis, findings);
    if let Some(origin) = origin {
        preflight(base, key, origin, findings);
    }
    // A page that is refused would send in vain.
    if diagnosis.origin_allowed != Some(false) {
        envelope(base, key, origin, false, findings);
        envelope(base, key, origin, true, findings);
    }
    recent(&diagnosis.recent, findings);
}

/// The address of something below the collector's.
fn below(base: &Url, path: &str) -> String {
    format!("{}/{path}", base.as_str().trim_end_matches('/'))
}

fn is_there(base: &Url, findings: &mut Findings) -> bool {
    let url = below(base, "healthz");
    let answer = match ask("GET", &url, &[], &[]) {
        Ok(answer) => answer,
        Err(error) => {
            let message = format!(
                "{url} cannot be reached: {error}. Is the collector running, and does the name point to it?"
            );
            findings.error("unreachable", message);
            return false;
        }
    };
    if answer.status.is_redirection() {
        let to = answer.header("location");
        findings.error("redirected", format!("{url} answers with a redirect to {to:?}. A page's request must not be redirected: use the final address."));
        return false;
    }
    if answer.status != 200 || answer.body.trim() != "alive" {
        findings.error("not_a_collector", format!("{url} answers with {} and something else than a collector would. Is the base path right?", answer.status.as_u16()));
        return false;
    }
    findings.good("reachable", format!("A collector answers at {base}"));
    match ask("GET", &below(base, "readyz"), &[], &[]) {
        Ok(answer) if answer.status == 200 => findings.good("ready", "It takes what is sent."),
        Ok(answer) => findings.error(
            "not_ready",
            format!("It takes nothing right now: {}", answer.body.trim()),
        ),
        Err(error) => findings.error(
            "not_ready",
            format!("It does not say whether it takes anything: {error}"),
        ),
    }
    true
}

fn with_origin(origin: Option<&str>) -> Vec<(&'static str, &str)> {
    origin
        .map(|origin| ("origin", origin))
        .into_iter()
        .collect()
}

fn diagnosis(
    base: &Url,
    key: &str,
    origin: Option<&str>,
    findings: &mut Findings,
) -> Option<Diagnosis> {
    let url = below(base, &format!("v1/diag?k={key}"));
    let start = Instant::now();
    let answer = match ask("GET", &url, &with_origin(origin), &[]) {
        Ok(answer) => answer,
        Err(error) => {
            findings.error(
                "unreachable",
                format!("/v1/diag cannot be reached: {error}"),
            );
            return None;
        }
    };
    let half = start.elapsed() / 2;
    if answer.status != 200 {
        let (code, message) = refusal(&answer);
        let finding = if code == "unknown_site_key" {
            "key_unknown"
        } else {
            "diag_refused"
        };
        findings.error(
            finding,
            format!("The collector refuses the key: {message} ({code})"),
        );
        return None;
    }
    readable(&answer, origin, findings);
    match serde_json::from_str::<Diagnosis>(&answer.body) {
        Ok(mut diagnosis) => {
            findings.good("key_known", "The key is that of a site.");
            findings.good(
                "version",
                format!(
                    "The collector is version {}, and speaks version {} of the wire.",
                    diagnosis.version, diagnosis.wire
                ),
            );
            // Read about half way between asking and hearing.
            diagnosis.now_ms += u64::try_from(half.as_millis()).unwrap_or(0);
            Some(diagnosis)
        }
        Err(error) => {
            findings.error(
                "not_a_collector",
                format!("/v1/diag answers something that cannot be read: {error}"),
            );
            None
        }
    }
}

/// The code and the sentence of a refusal, or of whatever a proxy says instead.
fn refusal(answer: &Answer) -> (String, String) {
    match serde_json::from_str::<ErrorReply>(&answer.body) {
        Ok(reply) => (reply.error.code.as_str().to_owned(), reply.error.message),
        Err(_) => (
            answer.status.as_u16().to_string(),
            String::from(
                "the answer is not that of a collector; a proxy or a firewall may be in between",
            ),
        ),
    }
}

/// Whether a page of the origin could read the answer.
fn readable(answer: &Answer, origin: Option<&str>, findings: &mut Findings) {
    let Some(origin) = origin else {
        return;
    };
    let allowed = answer.header("access-control-allow-origin");
    if allowed != origin && allowed != "*" {
        findings.error("cors_missing", format!("The answer names {allowed:?} as the origin that may read it, not {origin:?}. A proxy in between must pass Access-Control-* headers on."));
        return;
    }
    findings.good("cors", format!("A page of {origin} may read answers."));
    let exposed = answer
        .header("access-control-expose-headers")
        .to_ascii_lowercase();
    if !exposed.contains("retry-after") {
        findings.warning("retry_after_hidden", "Pages cannot read Retry-After: a proxy in between changes Access-Control-Expose-Headers.");
    }
    if answer.header("cache-control").contains("no-store") {
        findings.warning("no_store", "A proxy in between adds `no-store`: Chromium then holds back the budget of requests that outlive a page.");
    }
}

fn skew(diagnosis: &Diagnosis, findings: &mut Findings) {
    let skew = Clock::system().now_ms().abs_diff(diagnosis.now_ms);
    let seconds = skew as f64 / 1_000.0;
    if skew > MAX_SKEW_MS {
        findings.warning("clock_skew", format!("The collector's clock and that of this machine differ by {seconds:.1} s. Times are told by the collector's clock: is it synchronised?"));
    } else {
        findings.good("clock", format!("The clocks agree to {seconds:.1} s."));
    }
    if diagnosis.wire != WIRE_VERSION {
        findings.warning(
            "wire_version",
            "This command is of another version than the collector.",
        );
    }
}

fn origin_allowed(diagnosis: &Diagnosis, findings: &mut Findings) {
    let origin = diagnosis.origin.as_deref().unwrap_or_default();
    match diagnosis.origin_allowed {
        Some(true) => findings.good("origin_allowed", format!("The site lists {origin}.")),
        Some(false) => findings.error("origin_refused", format!("The site does not list {origin}: add it with `firsthand init --site-key … --origin {origin}`.")),
        None => findings.warning("no_origin", "Without --origin or --page nothing can be said about the pages that send."),
    }
}

/// Ours cause none; those of pages that add a header to every request do.
fn preflight(base: &Url, key: &str, origin: &str, findings: &mut Findings) {
    let url = below(base, &format!("v1/batch?k={key}"));
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "traceparent"),
    ];
    match ask("OPTIONS", &url, &headers, &[]) {
        Ok(answer) if answer.status.is_success() && answer.header("access-control-allow-headers").contains("traceparent") => {
            findings.good("preflight", "Preflights are answered, for pages that add headers to every request.");
        }
        Ok(answer) => findings.warning("preflight_refused", format!("OPTIONS is answered with {}: pages that add headers to every request cannot send. Does a proxy answer it?", answer.status.as_u16())),
        Err(error) => findings.warning("preflight_refused", format!("OPTIONS is not answered: {error}")),
    }
}

/// Sends an envelope without an item: everything but the writing.
fn envelope(base: &Url, key: &str, origin: Option<&str>, gzip: bool, findings: &mut Findings) {
    let (good, bad, what) = if gzip {
        (
            "compressed_accepted",
            "compressed_refused",
            "A compressed envelope",
        )
    } else {
        ("envelope_accepted", "envelope_refused", "An envelope")
    };
    let Some((id, body)) = empty_envelope(gzip) else {
        findings.warning(bad, "This machine has no random numbers.");
        return;
    };
    let z = if gzip { "gz" } else { "-" };
    let url = below(
        base,
        &format!("v1/batch?k={key}&v={WIRE_VERSION}&z={z}&b={id}&n=1"),
    );
    let mut headers = with_origin(origin);
    headers.push(("content-type", "text/plain;charset=UTF-8"));
    match ask("POST", &url, &headers, &body) {
        Ok(answer)
            if answer.status == 200 && serde_json::from_str::<BatchReply>(&answer.body).is_ok() =>
        {
            findings.good(good, format!("{what} without items is accepted."));
        }
        Ok(answer) => {
            let (code, message) = refusal(&answer);
            findings.error(bad, format!("{what} is refused: {message} ({code})"));
        }
        Err(error) => findings.error(bad, format!("{what} gets no answer: {error}")),
    }
}

/// The id of an envelope without items, and its body.
fn empty_envelope(gzip: bool) -> Option<(String, Vec<u8>)> {
    let id = || {
        let hex = random_hex::<16>().ok()?;
        Some(format!(
            "{}-{}-7{}-8{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[13..16],
            &hex[17..20],
            &hex[20..]
        ))
    };
    let header = format!(
        r#"{{"sdk":"firsthand-doctor/{}","install":"{}","session":"{}","boot":"{}","sent_wall":{},"report":{{}}}}"#,
        env!("CARGO_PKG_VERSION"),
        id()?,
        id()?,
        id()?,
        Clock::system().now_ms(),
    );
    let body = if gzip {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(header.as_bytes()).ok()?;
        encoder.finish().ok()?
    } else {
        header.into_bytes()
    };
    Some((id()?, body))
}

fn recent(recent: &Recent, findings: &mut Findings) {
    let list = |all: &[Reason]| {
        let all: Vec<_> = all
            .iter()
            .map(|it| format!("{} {}", it.items, it.reason))
            .collect();
        all.join(", ")
    };
    if recent.items.is_empty() && recent.refused.is_empty() {
        findings.warning(
            "nothing_came",
            "No page has sent anything with this key since the collector was started.",
        );
        return;
    }
    if !recent.items.is_empty() {
        findings.good(
            "recent",
            format!("Since it was started: {}.", list(&recent.items)),
        );
    }
    if !recent.rejected.is_empty() {
        findings.warning(
            "recent_rejected",
            format!(
                "Items that were refused since then: {}. `firsthand letters list` shows them.",
                list(&recent.rejected)
            ),
        );
    }
    if !recent.refused.is_empty() {
        findings.warning(
            "recent_refused",
            format!(
                "Requests that were refused as a whole since then: {}.",
                list(&recent.refused)
            ),
        );
    }
}
