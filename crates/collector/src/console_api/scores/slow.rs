//! Turns scores and what people had waited for into the difference that goes along with waiting.
//!
//! People are compared with others of the same device and segment only; how much they differ says
//! nothing of why.

use std::collections::BTreeMap;

use protocol::query::scores::{Found, Slow, Stratum};
use scores::{Kind, POINTS, Pair, Reading, Score, Stratified};
use store::{By, Cell, Cut};

use super::asked::{Asked, summed};
use super::breakdown::by_from;
use super::figure::{figure, of_strata};
use crate::app::Collector;
use crate::error::ApiError;

/// Percent of requests that may be over their budget for somebody to be within.
const USUAL_PERCENT: u8 = 10;
/// Kinds of people that are told.
const MAX_STRATA: usize = 24;

/// Device and segment.
type Sort = (Option<String>, Option<String>);

pub(super) async fn slow(collector: &Collector, mut asked: Asked) -> Result<Slow, ApiError> {
    let over_percent = over(&mut asked);
    let segment = segment(&mut asked);
    let mut by = vec![By::Budget(over_percent), By::Device];
    by.extend(segment.as_ref().map(|(_, by)| by.clone()));
    let cut = Cut {
        edges: Vec::new(),
        by,
    };
    let scored = collector.store.scored(asked.filter.clone(), cut).await?;
    let of = |name: Option<&str>| {
        let cells = scored.cells.iter();
        let cells = cells.filter(move |cell| cell.keys.first().map(Option::as_deref) == Some(name));
        summed(cells)
    };
    let (within, over) = (of(Some("within")), of(Some("over")));
    let pairs = pairs(asked.kind, &scored.cells);
    let all: Vec<Pair> = pairs.iter().map(|(_, pair)| *pair).collect();
    let found = Stratified::of(asked.kind, &all);
    let left_out = match &found {
        Some(found) => found.left_out,
        None => within.iter().chain(&over).sum(),
    };
    Ok(Slow {
        kind: String::from(asked.kind.as_str()),
        window: asked.window(),
        over_percent,
        segment: segment.map(|(name, _)| name),
        within: figure(asked.kind, within),
        over: figure(asked.kind, over),
        unknown: of(None).iter().sum(),
        strata: pairs.into_iter().take(MAX_STRATA).map(stratum).collect(),
        needed: Reading::MIN_FOR_FIRM,
        compared: found.map_or([0, 0], |found| [found.n_without, found.n_with]),
        left_out,
        found: found.filter(|it| !it.is_too_little()).map(|found| Found {
            difference: of_strata(&found),
            pooled: found.pooled,
            misleads: found.misleads(),
        }),
        dropped: asked.dropped,
    })
}

fn over(asked: &mut Asked) -> u8 {
    let Some(text) = asked.others.remove("over") else {
        return USUAL_PERCENT;
    };
    let percent = text.parse().ok().filter(|percent| *percent < 100);
    percent.unwrap_or_else(|| {
        asked.drop("over", &text, "no_such_value");
        USUAL_PERCENT
    })
}

fn segment(asked: &mut Asked) -> Option<(String, By)> {
    let name = asked.others.remove("segment")?;
    // Everybody is set apart by device already.
    match by_from(&name).filter(|by| *by != By::Device) {
        Some(by) => Some((name, by)),
        None => {
            asked.drop("segment", &name, "no_such_value");
            None
        }
    }
}

/// Both groups of each kind of person, the largest kind first.
fn pairs(kind: Kind, cells: &[Cell]) -> Vec<(Sort, Pair)> {
    let mut kinds: BTreeMap<Sort, [[u64; POINTS]; 2]> = BTreeMap::new();
    for cell in cells {
        let key = |nth: usize| cell.keys.get(nth).cloned().flatten();
        let side = match key(0).as_deref() {
            Some("within") => 0,
            Some("over") => 1,
            _ => continue,
        };
        let sides = kinds.entry((key(1), key(2))).or_default();
        for (sum, n) in sides
            .get_mut(side)
            .into_iter()
            .flatten()
            .zip(cell.histogram)
        {
            *sum += n;
        }
    }
    let pairs = kinds.into_iter().map(|(sort, [without, with])| {
        let (without, with) = (Score::new(kind, without), Score::new(kind, with));
        (sort, Pair { without, with })
    });
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort_by_key(|(_, pair)| core::cmp::Reverse(pair.without.n() + pair.with.n()));
    pairs
}

fn stratum(((device, segment), pair): (Sort, Pair)) -> Stratum {
    let of = |score: &Score| figure(score.kind(), *score.histogram());
    let values = pair.with.value().zip(pair.without.value());
    Stratum {
        device,
        segment,
        within: of(&pair.without),
        over: of(&pair.with),
        difference: values.map(|(with, without)| with - without),
    }
}
