//! Turns a number into a person: who they are, what they use, how easily they are pleased.

use std::collections::BTreeMap;

use fastrand::Rng;
use protocol::id::InstallId;
use protocol::query::delivery::Browser;

use super::story::normal;

/// Countries, the language that people there mostly read, and how many of a hundred come from there.
const COUNTRIES: [(&str, &str, u32); 12] = [
    ("DE", "de", 26),
    ("GB", "en", 18),
    ("US", "en", 12),
    ("FR", "fr", 12),
    ("ES", "es", 9),
    ("AT", "de", 6),
    ("CH", "de", 4),
    ("IE", "en", 4),
    ("IT", "it", 4),
    ("NL", "nl", 3),
    ("PL", "pl", 1),
    ("JP", "ja", 1),
];
const PLANS: [(&str, u32); 3] = [("guest", 45), ("member", 42), ("plus", 13)];
const BROWSERS: [(Browser, u32); 5] = [
    (Browser::ChromiumMobile, 30),
    (Browser::SafariMobile, 24),
    (Browser::Chromium, 29),
    (Browser::Firefox, 9),
    (Browser::Safari, 8),
];

/// Everybody who may come.
#[derive(Clone, Copy, Debug)]
pub(super) struct People {
    seed: u64,
    count: u64,
}

/// One of them.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) install: InstallId,
    /// As the shop knows them; nothing for guests.
    pub(super) id: Option<String>,
    pub(super) country: &'static str,
    pub(super) plan: &'static str,
    /// What they write in.
    pub(super) language: &'static str,
    pub(super) browser: Browser,
    /// How much better they think of everything than others, in points of 0 to 10.
    pub(super) kindness: f64,
    /// How slow their machine and network are, 0 to 1.
    pub(super) slowness: f64,
}

impl People {
    pub(super) fn new(seed: u64, answers: u64) -> Self {
        Self {
            seed,
            count: (answers * 4).max(200),
        }
    }

    /// Somebody: a few come often.
    pub(super) fn any(&self, random: &mut Rng) -> Person {
        let number = random.u64(..self.count).min(random.u64(..self.count));
        self.person(number)
    }

    /// The same person for the same number.
    fn person(&self, number: u64) -> Person {
        let random = &mut Rng::with_seed(self.seed.rotate_left(32) ^ number);
        let mut bytes = [0; 10];
        random.fill(&mut bytes);
        let (country, language) = {
            let &(country, language, _) = pick(&COUNTRIES, |one| one.2, random);
            (country, language)
        };
        let plan = pick(&PLANS, |one| one.1, random).0;
        let browser = pick(&BROWSERS, |one| one.1, random).0;
        let is_mobile = matches!(browser, Browser::ChromiumMobile | Browser::SafariMobile);
        let of_plan = match plan {
            "plus" => 0.8,
            "member" => 0.2,
            _ => -0.2,
        };
        Person {
            // Made when they first came; the time in it matters to nobody.
            install: InstallId::new(1_750_000_000_000 + number * 1_000, &bytes),
            id: (plan != "guest").then(|| format!("customer-{}", 10_000 + number)),
            country,
            plan,
            language,
            browser,
            kindness: 1.6 * normal(random) + of_plan + if is_mobile { 0.25 } else { 0.0 },
            slowness: (random.f64() * if is_mobile { 1.0 } else { 0.6 }).powi(2),
        }
    }
}

impl Person {
    /// What the page says about them.
    pub(super) fn traits(&self, version: &str) -> BTreeMap<String, String> {
        let said = [
            ("country", self.country),
            ("plan", self.plan),
            ("version", version),
        ];
        said.map(|(name, value)| (String::from(name), String::from(value)))
            .into()
    }

    /// What a survey is shown in: one of the languages that it has.
    pub(super) fn shown_language(&self) -> &'static str {
        match self.language {
            "de" | "fr" | "es" => self.language,
            _ => "en",
        }
    }

    /// What they call their browser.
    pub(super) const fn browser_name(&self) -> &'static str {
        match self.browser {
            Browser::ChromiumMobile => "Android",
            Browser::SafariMobile => "iPhone",
            Browser::Firefox => "Firefox",
            Browser::Safari => "Safari",
            Browser::Chromium | Browser::Other => "Chrome",
        }
    }
}

/// One of several, the heavier the likelier.
pub(super) fn pick<'a, T>(all: &'a [T], weight: impl Fn(&T) -> u32, random: &mut Rng) -> &'a T {
    let total: u32 = all.iter().map(&weight).sum();
    let mut left = random.u32(..total.max(1));
    for one in all {
        let own = weight(one);
        if left < own {
            return one;
        }
        left -= own;
    }
    &all[0]
}
