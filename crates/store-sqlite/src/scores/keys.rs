//! Turns columns of a response into what is known of whoever gave it.

use std::collections::HashMap;

use protocol::query::delivery::Browser;
use rusqlite::Row;
use rusqlite::types::Value;
use store::By;

use super::scan::OWN;
use crate::convert::latency_at;
use crate::inbox::clause::device_of;

/// The column that tells, and what stands at its question mark.
pub(super) fn column(by: &By) -> (&'static str, Option<Value>) {
    let sql = match by {
        By::Survey => "answer.survey",
        By::Page => "response.page_url",
        By::Device | By::Browser => "response.browser",
        By::Language => "response.language",
        By::Country => {
            "ifnull(response.respondent_traits ->> '$.country', response.context ->> '$.country')"
        }
        By::Version => {
            "ifnull(response.respondent_traits ->> '$.version', response.context ->> '$.version')"
        }
        By::Trait(name) => {
            let sql = "(SELECT value FROM json_each(response.respondent_traits) WHERE key = ?)";
            return (sql, Some(Value::from(name.clone())));
        }
        By::Budget(_) => "response.latency",
    };
    (sql, None)
}

/// Keys as they are read from rows.
pub(super) struct Keys<'a> {
    by: &'a [By],
    /// How the newest answer spells what differs in case alone.
    spelled: HashMap<String, String>,
}

impl<'a> Keys<'a> {
    pub(super) fn new(by: &'a [By]) -> Self {
        Self {
            by,
            spelled: HashMap::new(),
        }
    }

    /// What is known of whoever gave a score.
    pub(super) fn of(&mut self, row: &Row<'_>) -> rusqlite::Result<Vec<Option<String>>> {
        let mut keys = Vec::with_capacity(self.by.len());
        for (nth, by) in self.by.iter().enumerate() {
            keys.push(self.key(row, OWN + nth, by)?);
        }
        Ok(keys)
    }

    fn key(&mut self, row: &Row<'_>, at: usize, by: &By) -> rusqlite::Result<Option<String>> {
        if let By::Budget(percent) = by {
            return budget(row, at, *percent);
        }
        let text: Option<String> = row.get(at)?;
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        Ok(match by {
            By::Page => Some(path(&text).to_owned()),
            By::Device => device(&text).map(str::to_owned),
            By::Language => text.split('-').next().map(str::to_lowercase),
            By::Country | By::Version => {
                let key = text.to_ascii_lowercase();
                self.spelled.entry(key.clone()).or_insert(text);
                Some(key)
            }
            _ => Some(text),
        })
    }

    /// Puts how it is written in the place of what is the same.
    pub(super) fn spell(&self, keys: &mut [Option<String>]) {
        for (key, by) in keys.iter_mut().zip(self.by) {
            if let (By::Country | By::Version, Some(text)) = (by, &key)
                && let Some(spelled) = self.spelled.get(text)
            {
                *key = Some(spelled.clone());
            }
        }
    }
}

fn device(browser: &str) -> Option<&'static str> {
    let mut all = Browser::ALL.into_iter();
    let family = all.find(|it| it.as_str() == browser)?;
    device_of(family).map(protocol::query::view::Device::as_str)
}

/// The path of an address, as `page==/path` in a view looks for it.
fn path(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(host..).unwrap_or_default();
    rest.find('/').map_or("/", |at| &rest[at..])
}

fn budget(row: &Row<'_>, at: usize, percent: u8) -> rusqlite::Result<Option<String>> {
    let known = latency_at(row, at)?.filter(|context| context.budgeted > 0);
    Ok(known.map(|context| {
        let share = u64::from(context.over_budget) * 100;
        let most = u64::from(context.budgeted) * u64::from(percent);
        String::from(if share > most { "over" } else { "within" })
    }))
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_path_is_what_follows_the_host() {
        for (url, expected) in [
            ("https://shop.example/cart/7", "/cart/7"),
            ("http://a/cart", "/cart"),
            ("https://shop.example", "/"),
            ("https://shop.example/", "/"),
            ("app://local/a:b", "/a:b"),
            ("", "/"),
        ] {
            assert_eq!(path(url), expected, "{url}");
        }
    }
}
