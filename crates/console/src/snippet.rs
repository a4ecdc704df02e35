//! Turns a site key and the console's own address into the tag that starts everything.

use crate::words::say;

/// The script tag for a page, with the collector at `base_url` (which ends in a slash).
pub fn script_tag(base_url: &str, site_key: &str) -> String {
    format!(
        r#"<script async crossorigin src="{base_url}sdk.js" data-site-key="{site_key}"></script>"#
    )
}

/// The origins that may use a site key, in words: `http://localhost on any port`.
pub fn origins_in_words(origins: &[String]) -> String {
    let words: Vec<String> = origins.iter().map(|o| origin_in_words(o)).collect();
    match words.as_slice() {
        [] => say::origins_none().to_owned(),
        [one] => one.clone(),
        [first @ .., last] => say::list_and(&first.join(", "), last),
    }
}

fn origin_in_words(origin: &str) -> String {
    match (origin.strip_suffix(":*"), origin.split_once("*.")) {
        (Some(host), _) => say::origins_any_port(host),
        (None, Some((scheme, domain))) => say::origins_subdomains(&format!("{scheme}{domain}")),
        (None, None) => origin.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_is_ready_to_paste() {
        assert_eq!(
            script_tag("https://voice.example/fh/", "fh_demo_shop"),
            r#"<script async crossorigin src="https://voice.example/fh/sdk.js" data-site-key="fh_demo_shop"></script>"#
        );
    }

    fn check(origins: &[&str], expect: &str) {
        let origins: Vec<String> = origins.iter().map(|&o| o.to_owned()).collect();
        assert_eq!(origins_in_words(&origins), expect);
    }

    #[test]
    fn patterns_are_told_in_words() {
        check(&[], "no origin yet");
        check(&["https://shop.example"], "https://shop.example");
        check(
            &["http://localhost:*", "http://127.0.0.1:*"],
            "http://localhost on any port and http://127.0.0.1 on any port",
        );
        check(
            &["https://*.shop.example"],
            "subdomains of https://shop.example",
        );
    }
}
