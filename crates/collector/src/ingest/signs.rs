//! Turns the headers of a request into a family of browser, and into whether somebody sits before it.
//!
//! What is no person is flagged and kept: whoever monitors a page by program wants to see that its
//! answers arrive. The list is short on purpose. Whoever hides is not found by a longer one.

use axum::http::{HeaderMap, header};
use protocol::query::delivery::{Bot, Browser};
use store::Signs;

/// What programs call themselves, in lower case: words that no browser has in its name.
///
/// # Source
///
/// The commonest of <https://github.com/monperrus/crawler-user-agents> and of what HTTP libraries send
/// by default, looked through in November 2026.
const NAMES: [&str; 29] = [
    "axios",
    "bot/",
    "bot;",
    "bot)",
    "bot-",
    "bot ",
    "crawl",
    "curl/",
    "externalhit",
    "feedfetcher",
    "go-http-client",
    "gtmetrix",
    "headless",
    "http-client",
    "httpclient",
    "lighthouse",
    "monitor",
    "node-fetch",
    "pagespeed",
    "phantomjs",
    "pingdom",
    "preview",
    "python",
    "scrapy",
    "slurp",
    "spider",
    "statuscake",
    "uptime",
    "wget",
];

/// What a request shows before its body is read.
pub(super) fn signs(headers: &HeaderMap) -> Signs {
    let agent = text(headers, header::USER_AGENT.as_str());
    Signs {
        browser: browser(agent),
        bot: bot(headers, agent),
        page: String::new(),
        test: false,
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

/// The family, by the names that each has kept for years. Order matters: each names those before it.
///
/// # Source
///
/// <https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/User-Agent>
fn browser(agent: &str) -> Browser {
    let has = |name: &str| agent.contains(name);
    if ["iPhone", "iPad", "iPod"].into_iter().any(has) {
        Browser::SafariMobile
    } else if has("Firefox/") {
        Browser::Firefox
    } else if has("Chrome/") || has("Chromium/") {
        if has("Android") || has("Mobile") {
            Browser::ChromiumMobile
        } else {
            Browser::Chromium
        }
    } else if has("Safari/") && has("Macintosh") {
        Browser::Safari
    } else {
        Browser::Other
    }
}

fn bot(headers: &HeaderMap, agent: &str) -> Option<Bot> {
    let agent = agent.to_ascii_lowercase();
    if agent.ends_with("bot") || NAMES.into_iter().any(|name| agent.contains(name)) {
        return Some(Bot::Name);
    }
    let purposes = ["sec-purpose", "purpose", "x-purpose", "x-moz"];
    let is_ahead = purposes.into_iter().any(|name| {
        let purpose = text(headers, name);
        purpose.contains("prefetch") || purpose.contains("preview")
    });
    is_ahead.then_some(Bot::Prefetch)
}

/// The template of an address's path: what pages of one kind have in common.
pub(super) fn page(url: &str) -> String {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_scheme.find('/').map_or("/", |at| &after_scheme[at..]);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut template = Vec::new();
    latency::template::template(path.as_bytes(), [], &mut template);
    super::scrub::text(&String::from_utf8_lossy(&template)).into_owned()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn check(sent: &[(&'static str, &'static str)], browser: Browser, bot: Option<Bot>) {
        let headers = sent.iter().map(|(name, value)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        let found = signs(&headers.collect());
        assert_eq!((found.browser, found.bot), (browser, bot), "{sent:?}");
    }

    #[test]
    fn browsers_are_told_by_family() {
        let of = |agent, browser| check(&[("user-agent", agent)], browser, None);
        of(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            Browser::Chromium,
        );
        of(
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
            Browser::ChromiumMobile,
        );
        of(
            "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
            Browser::Firefox,
        );
        of(
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
            Browser::Safari,
        );
        of(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1",
            Browser::SafariMobile,
        );
        // A telephone of a maker whose name ends so.
        of(
            "Mozilla/5.0 (Linux; Android 9; CUBOT_X18) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile",
            Browser::ChromiumMobile,
        );
        of("", Browser::Other);
    }

    #[test]
    fn what_is_no_person_is_flagged() {
        let name = |agent, browser| check(&[("user-agent", agent)], browser, Some(Bot::Name));
        name(
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            Browser::Other,
        );
        name(
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36",
            Browser::Chromium,
        );
        name("curl/8.5.0", Browser::Other);
        let ahead = Some(Bot::Prefetch);
        check(
            &[("sec-purpose", "prefetch;prerender")],
            Browser::Other,
            ahead,
        );
        check(&[("x-moz", "prefetch")], Browser::Other, ahead);
    }

    #[test]
    fn a_page_is_a_template_of_its_path() {
        let check = |url: &str, expected: &str| assert_eq!(page(url), expected, "{url}");
        check("https://shop.example/cart?x=1", "/cart");
        check("https://shop.example", "/");
        check("https://shop.example/orders/1234/edit", "/orders/:n/edit");
        check("https://shop.example/u/ada@example.com", "/u/:email");
    }
}
