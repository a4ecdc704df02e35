//! Turns a method and an address into an answer, without following anybody anywhere.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, Request, StatusCode};

/// How long one request may take. A page would have given up long before.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Bytes of an answer that are read.
const MAX_BYTES: u64 = 4 << 20;

/// An answer, whatever its status.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answer {
    /// The value of a header, empty when it is not there.
    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }
}

/// Sends a request, and says in a sentence why there is no answer.
pub(super) fn ask(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Answer, String> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .allow_non_standard_methods(true)
        .build();
    let agent = ureq::Agent::new_with_config(config);
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        let name: HeaderName = name.parse().map_err(|_| format!("{name} is no header"))?;
        request = request.header(name, *value);
    }
    let request = request.body(body).map_err(|error| error.to_string())?;
    let mut answer = agent.run(request).map_err(|error| error.to_string())?;
    let read = answer
        .body_mut()
        .with_config()
        .limit(MAX_BYTES)
        .read_to_vec();
    let body = read.map_err(|error| error.to_string())?;
    Ok(Answer {
        status: answer.status(),
        headers: answer.headers().clone(),
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}
