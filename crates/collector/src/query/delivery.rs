//! Turns sums of what became of items into what was delivered, refused, dropped and lost.

use std::collections::BTreeMap;

use protocol::query::delivery::{
    Delivery, DeliveryFilter, Letters, Loss, LossOf, Reason, SdkItems,
};
use store::{DeliverySums, Fate, LetterSum, LossSum, SdkSum};

/// Pages and browsers that are named; there may be more.
const MAX_NAMED: usize = 50;

/// What is told of these sums.
pub(crate) fn delivery(
    filter: DeliveryFilter,
    sums: DeliverySums,
    letters: Vec<LetterSum>,
) -> Delivery {
    let mut told = Delivery {
        letters: letters.into_iter().map(named_letters).collect(),
        ..Delivery::default()
    };
    let (mut rejected, mut dropped, mut bots) = Default::default();
    for sum in sums.fates {
        if filter.browser.is_some_and(|only| only != sum.browser) {
            continue;
        }
        if let Some(bot) = sum.bot {
            add(&mut bots, bot.as_str().to_owned(), sum.items);
            if !filter.bots {
                continue;
            }
        }
        match sum.fate {
            Fate::Accepted => told.accepted += sum.items,
            Fate::Duplicate => told.duplicate += sum.items,
            Fate::Conflict => told.conflict += sum.items,
            Fate::Rejected(reason) => add(&mut rejected, reason, sum.items),
            Fate::Dropped(reason) => add(&mut dropped, reason, sum.items),
        }
    }
    told.n = told.accepted + told.duplicate + told.conflict + rejected.values().sum::<u64>();
    told.rejected = most_first(rejected);
    told.dropped = most_first(dropped);
    told.bots = most_first(bots);
    let losses = sums.losses.iter().filter(|sum| {
        let is_asked_for = filter.browser.is_none_or(|only| only == sum.browser);
        is_asked_for && (filter.bots || sum.bot.is_none())
    });
    let losses: Vec<&LossSum> = losses.collect();
    told.loss = loss(losses.iter().copied());
    told.by_browser = by(&losses, |sum| sum.browser.as_str());
    told.by_page = by(&losses, |sum| &sum.page);
    let sdks = sums.sdks.into_iter().filter(|sum| {
        let is_asked_for = filter.browser.is_none_or(|only| only == sum.browser);
        is_asked_for && (filter.bots || sum.bot.is_none())
    });
    told.sdks = by_sdk(sdks);
    told.late = told.sdks.iter().map(|one| one.late).sum();
    told.filter = filter;
    told
}

fn add(sums: &mut BTreeMap<String, u64>, reason: String, items: u64) {
    *sums.entry(reason).or_default() += items;
}

fn most_first(sums: BTreeMap<String, u64>) -> Vec<Reason> {
    let sums = sums.into_iter();
    let mut reasons: Vec<_> = sums
        .map(|(reason, items)| Reason { reason, items })
        .collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.items));
    reasons
}

/// Items of each version; those with many first.
fn by_sdk(sums: impl Iterator<Item = SdkSum>) -> Vec<SdkItems> {
    let mut all: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for sum in sums {
        let (items, late) = all.entry(sum.sdk).or_default();
        *items += sum.items;
        *late += sum.late;
    }
    let all = all.into_iter();
    let mut named: Vec<_> = all
        .map(|(sdk, (items, late))| SdkItems { sdk, items, late })
        .collect();
    named.sort_by_key(|one| std::cmp::Reverse(one.items));
    named
}

fn named_letters(sum: LetterSum) -> Letters {
    Letters {
        reason: sum.reason,
        letters: sum.letters,
        dropped: sum.dropped,
    }
}

/// Losses of each name; those with many page loads first.
fn by<'a>(losses: &[&'a LossSum], name: impl Fn(&'a LossSum) -> &'a str) -> Vec<LossOf> {
    let mut groups: BTreeMap<&str, Vec<&LossSum>> = BTreeMap::new();
    for sum in losses {
        groups.entry(name(sum)).or_default().push(sum);
    }
    let groups = groups.into_iter();
    let mut named: Vec<_> = groups
        .map(|(name, sums)| LossOf {
            name: name.to_owned(),
            loss: loss(sums.into_iter()),
        })
        .collect();
    named.sort_by_key(|of| std::cmp::Reverse(of.loss.boots));
    named.truncate(MAX_NAMED);
    named
}

fn loss<'a>(sums: impl Iterator<Item = &'a LossSum>) -> Loss {
    let mut loss = Loss::default();
    for sum in sums {
        loss.boots += sum.boots;
        loss.came += sum.came;
        loss.open += sum.open;
        loss.lost += sum.lost;
        // What was refused before it had a number leaves no hole to explain.
        loss.explained += sum.dropped.min(sum.open + sum.lost);
    }
    let missing = loss.open + loss.lost;
    let sent = loss.came + missing;
    loss.share = (sent > 0).then(|| (missing - loss.explained) as f64 / sent as f64);
    loss
}

#[cfg(test)]
mod tests {
    use protocol::query::delivery::{Bot, Browser};
    use store::FateSum;

    use super::*;

    fn fate(browser: Browser, bot: Option<Bot>, fate: Fate, items: u64) -> FateSum {
        FateSum {
            browser,
            bot,
            fate,
            items,
        }
    }

    fn lost(
        browser: Browser,
        page: &str,
        came: u64,
        open: u64,
        lost: u64,
        dropped: u64,
    ) -> LossSum {
        LossSum {
            browser,
            bot: None,
            page: page.to_owned(),
            boots: 1,
            came,
            open,
            lost,
            dropped,
        }
    }

    #[test]
    fn everything_adds_up() {
        let firefox = Browser::Firefox;
        let rejected = Fate::Rejected(String::from("unknown_survey"));
        let sums = DeliverySums {
            fates: vec![
                fate(firefox, None, Fate::Accepted, 80),
                fate(Browser::Safari, None, Fate::Accepted, 10),
                fate(firefox, None, Fate::Duplicate, 5),
                fate(firefox, None, Fate::Conflict, 1),
                fate(firefox, None, rejected, 4),
                fate(firefox, Some(Bot::Name), Fate::Accepted, 1_000),
            ],
            sdks: Vec::new(),
            losses: vec![
                lost(firefox, "/cart", 90, 4, 6, 3),
                lost(Browser::Safari, "/cart", 10, 0, 0, 2),
            ],
        };
        let told = delivery(DeliveryFilter::default(), sums.clone(), Vec::new());
        assert_eq!((told.n, told.accepted), (100, 90));
        assert_eq!(told.rejected[0].items, 4);
        assert_eq!(told.bots[0].items, 1_000);
        let loss = &told.loss;
        assert_eq!(
            (loss.came, loss.open, loss.lost, loss.explained),
            (100, 4, 6, 3)
        );
        assert_eq!(loss.share, Some(7.0 / 110.0));
        assert_eq!(told.by_page.len(), 1);
        assert_eq!(told.by_browser.len(), 2);
        let filter = DeliveryFilter {
            browser: Some(Browser::Safari),
            bots: true,
            ..DeliveryFilter::default()
        };
        let told = delivery(filter, sums, Vec::new());
        assert_eq!((told.n, told.loss.share), (10, Some(0.0)));
    }

    #[test]
    fn of_nothing_there_is_no_share() {
        let told = delivery(
            DeliveryFilter::default(),
            DeliverySums::default(),
            Vec::new(),
        );
        assert_eq!((told.n, told.loss.share), (0, None));
    }
}
