//! Turns what the page says about itself and its person into facts and into parts of items.

use survey::matching::{Facts, SEPARATOR, lookup, pair};

use crate::command::word;
use crate::json::Json;
use crate::turn::keep;

/// Bytes of what is known of a person at most: it goes along with every response.
const MAX_TRAIT_BYTES: usize = 8 << 10;

/// The kinds of device, in the order in which the facade counts them.
const DEVICES: &str = "desktop tablet phone ";

/// Where the person is, and who.
#[derive(Debug, Default)]
pub(crate) struct Place {
    pub(crate) device: u32,
    pub(crate) language: Vec<u8>,
    /// The page as it goes on the wire, in JSON.
    pub(crate) context: Vec<u8>,
    /// When the page was entered, on the monotonic clock.
    pub(crate) entered_ms: u64,
    /// One byte a probe.
    pub(crate) probes: Vec<u8>,
    /// A list of facts.
    traits: Vec<u8>,
    /// The person without traits, in JSON; empty for nobody.
    person: Vec<u8>,
}

impl Place {
    pub(crate) fn facts<'a>(
        &'a self,
        url: &'a [u8],
        properties: &'a [u8],
        pages: u64,
        now_ms: u64,
    ) -> Facts<'a> {
        Facts {
            url,
            device: word(DEVICES, self.device as usize),
            language: &self.language,
            traits: &self.traits,
            properties,
            probes: &self.probes,
            pages,
            dwell_ms: now_ms.saturating_sub(self.entered_ms),
        }
    }

    /// Merges traits into those known.
    pub(crate) fn learn(&mut self, list: &[u8]) {
        let mut traits = list.to_vec();
        let mut known = &self.traits[..];
        while let Some((key, value)) = pair(&mut known) {
            if lookup(list, key).is_none() {
                for part in [key, value] {
                    traits.extend_from_slice(part);
                    traits.push(SEPARATOR);
                }
            }
        }
        if traits.len() <= MAX_TRAIT_BYTES {
            self.traits = traits;
        }
    }

    /// The page says who the person is. What was known of somebody else is not theirs.
    pub(crate) fn identify(&mut self, person: &[u8]) {
        if !self.person.is_empty() && self.person != person {
            self.traits.clear();
        }
        keep(&mut self.person, person);
    }

    pub(crate) fn forget(&mut self) {
        self.traits.clear();
        self.person.clear();
    }

    /// Adds the person to a response, when anything is known of them.
    pub(crate) fn write_person(&self, to: &mut Json) {
        if self.person.is_empty() && self.traits.is_empty() {
            return;
        }
        to.key("person");
        to.raw(b"{");
        to.inner(&self.person);
        if !self.traits.is_empty() {
            to.key("traits");
            to.raw(b"{");
            let mut traits = &self.traits[..];
            while let Some((key, value)) = pair(&mut traits) {
                to.text(key);
                to.end(b':');
                to.text(value);
            }
            to.end(b'}');
        }
        to.end(b'}');
    }
}
