//! Turns a page into what its own security policy lets ours do.

use url::Url;

use super::Findings;
use super::ask::ask;
use super::csp::Policy;

/// Fetches the page and looks at its headers. A policy in a `meta` element is not looked at.
pub(super) fn look(page: &Url, collector: &Url, findings: &mut Findings) {
    let answer = match ask("GET", page.as_str(), &[("accept", "text/html")], &[]) {
        Ok(answer) => answer,
        Err(error) => {
            findings.warning(
                "page_unreachable",
                format!("{page} cannot be read from here: {error}"),
            );
            return;
        }
    };
    if !answer.status.is_success() {
        let status = answer.status.as_u16();
        findings.warning(
            "page_unreachable",
            format!("{page} answers with {status} here; what a browser sees may differ."),
        );
    }
    let headers = answer.headers.get_all("content-security-policy").iter();
    let policies: Vec<Policy> = headers
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(Policy::parse)
        .collect();
    if policies.is_empty() {
        findings.good(
            "csp_absent",
            "The page sends no Content-Security-Policy header.",
        );
        return;
    }
    let origin = collector.origin().ascii_serialization();
    // Every policy has to allow it.
    let check = |allows: &dyn Fn(&Policy) -> bool| policies.iter().all(allows);
    if check(&|policy| policy.allows_url("connect-src", page, collector)) {
        findings.good(
            "csp_connect",
            "The page's policy lets it send to the collector.",
        );
    } else {
        findings.error(
            "csp_blocks_connect",
            format!("The page's policy forbids it to send: add {origin} to connect-src."),
        );
    }
    if check(&|policy| policy.allows_url("script-src", page, collector)) {
        findings.good("csp_script", "The page's policy lets it load the script.");
    } else {
        findings.error("csp_blocks_script", format!("The page's policy forbids the script: add {origin} to script-src (with a nonce or 'strict-dynamic' the tag needs what the policy names)."));
    }
    if check(&Policy::allows_wasm) {
        findings.good("csp_wasm", "The page's policy lets WebAssembly run.");
    } else {
        findings.error(
            "csp_blocks_wasm",
            "The page's policy forbids WebAssembly: add 'wasm-unsafe-eval' to script-src.",
        );
    }
}
