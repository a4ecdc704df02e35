//! Turns addresses of links, images and redirects into what must not be opened or loaded.

use super::{Code, Report};

pub(super) fn link(at: &str, url: &str, report: &mut Report<'_>) {
    let mail = scheme(url, "mailto:").is_some_and(|to| to.contains('@'));
    report.say_if(
        !(is_web(url, &["https://", "http://"]) || is_clean(url) && mail),
        at,
        Code::Address,
        "A link has an https, http or mailto address.",
    );
}

pub(super) fn image(at: &str, url: &str, report: &mut Report<'_>) {
    report.say_if(
        !is_web(url, &["https://"]),
        at,
        Code::Address,
        "An image has an https address.",
    );
}

pub(super) fn redirect(at: &str, url: &str, report: &mut Report<'_>) {
    // Two slashes begin the address of another host.
    let path = is_clean(url) && url.starts_with('/') && !url.starts_with("//");
    report.say_if(
        !(path || is_web(url, &["https://"])),
        at,
        Code::Address,
        "A redirect has an https address, or a path of the page's own origin such as /thanks.",
    );
}

fn is_web(url: &str, schemes: &[&str]) -> bool {
    let host = schemes.iter().find_map(|wanted| scheme(url, wanted));
    is_clean(url)
        && host.is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric() || c == '['))
}

/// What follows the scheme.
fn scheme<'a>(url: &'a str, wanted: &str) -> Option<&'a str> {
    let (start, rest) = url.split_at_checked(wanted.len())?;
    start.eq_ignore_ascii_case(wanted).then_some(rest)
}

/// Browsers drop white space and control characters, and take `\` for `/`: none of them is needed.
fn is_clean(url: &str) -> bool {
    !url.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\')
}
