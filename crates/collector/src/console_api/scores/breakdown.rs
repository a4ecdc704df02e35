//! Turns scores and one thing that is known of people into a score for each value of it.

use protocol::outcome::ErrorCode;
use protocol::query::scores::{Breakdown, Row};
use scores::{Kind, Score, stand_out};
use store::{By, Cell, Cut};

use super::asked::{Asked, summed};
use super::figure::{difference, figure};
use crate::app::Collector;
use crate::error::ApiError;

/// Rows of one answer.
const MAX_ROWS: usize = 50;

/// Reads what people are told apart by.
pub(super) fn by_from(name: &str) -> Option<By> {
    Some(match name {
        "survey" => By::Survey,
        "page" => By::Page,
        "device" => By::Device,
        "browser" => By::Browser,
        "language" => By::Language,
        "country" => By::Country,
        "version" => By::Version,
        _ => {
            let key = name.strip_prefix("trait.").filter(|key| !key.is_empty())?;
            By::Trait(String::from(key))
        }
    })
}

/// The scores of people by what is asked for.
pub(super) async fn breakdown(collector: &Collector, asked: &Asked) -> Result<Breakdown, ApiError> {
    let name = asked.others.get("by").map_or("", String::as_str);
    let by = by_from(name).ok_or_else(|| {
        let message = "by must be survey, page, device, browser, language, country, version or \
             trait.NAME";
        ApiError::new(ErrorCode::InvalidParameter, message)
    })?;
    let cut = Cut {
        edges: Vec::new(),
        by: vec![by],
    };
    let scored = collector.store.scored(asked.filter.clone(), cut).await?;
    let all = summed(&scored.cells);
    let total = figure(asked.kind, all);
    let mut cells = scored.cells;
    cells.sort_by_key(|cell| core::cmp::Reverse(cell.histogram.iter().sum::<u64>()));
    let others = summed(cells.iter().skip(MAX_ROWS)).iter().sum();
    cells.truncate(MAX_ROWS);
    let mut rows: Vec<_> = cells
        .into_iter()
        .map(|cell| row(asked.kind, name, cell, all))
        .collect();
    mark(&mut rows);
    Ok(Breakdown {
        kind: String::from(asked.kind.as_str()),
        by: String::from(name),
        window: asked.window(),
        total,
        rows,
        others,
        dropped: asked.dropped.clone(),
    })
}

fn row(kind: Kind, name: &str, cell: Cell, all: [u64; 11]) -> Row {
    let mut rest = all;
    for (sum, n) in rest.iter_mut().zip(cell.histogram) {
        *sum -= n;
    }
    let key = cell.keys.into_iter().next().flatten();
    let filter = key.clone().map(|key| {
        let value = match name {
            // The whole path, and nothing that only begins with it.
            "page" => format!("={key}"),
            _ => key,
        };
        (String::from(name), value)
    });
    Row {
        key,
        filter,
        figure: figure(kind, cell.histogram),
        difference: difference(&Score::new(kind, cell.histogram), &Score::new(kind, rest)),
        stands_out: false,
    }
}

/// Marks those that stand out among as many as have enough people.
fn mark(rows: &mut [Row]) {
    use protocol::query::scores::Verdict::TooFew;
    let judged = rows.iter_mut().filter_map(|row| {
        let difference = row.difference.filter(|it| it.verdict != TooFew)?;
        Some((difference.p, &mut row.stands_out))
    });
    let (p, marks): (Vec<_>, Vec<_>) = judged.unzip();
    for (mark, stands_out) in marks.into_iter().zip(stand_out(&p)) {
        *mark = stands_out;
    }
}
