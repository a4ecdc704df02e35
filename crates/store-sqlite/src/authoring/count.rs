//! Turns impressions and responses into what came of surveys, and into who was where.

use protocol::id::InstallId;
use protocol::query::surveys::Counts;
use protocol::query::view::Aside;
use rusqlite::{Connection, params};
use store::{ProjectId, Sighting, Span};

use crate::convert::{int_from_u64, u64_at, uuid_at};
use crate::fault::Fault;
use crate::shown::{Asked, Installs, shown};

const WHO_ANSWERED: &str = "SELECT install FROM response
    WHERE project = ?1 AND survey = ?2 AND at_ms >= ?3 AND at_ms < ?4 AND hidden = 0";

const ANSWERED: &str = "SELECT
        COUNT(*) FILTER (WHERE hidden = 0),
        MAX(at_ms) FILTER (WHERE hidden = 0),
        COUNT(*) FILTER (WHERE hidden & ?5)
    FROM response
    WHERE project = ?1 AND survey = ?2 AND at_ms >= ?3 AND at_ms < ?4";

pub(super) fn of_survey(
    db: &Connection,
    project: ProjectId,
    survey: &str,
    span: Span,
) -> Result<Counts, Fault> {
    let (from_ms, to_ms) = (int_from_u64(span.from_ms), int_from_u64(span.to_ms));
    let range = params![project.0, survey, from_ms, to_ms];
    let mut select = db.prepare_cached(WHO_ANSWERED)?;
    let answered = select.query_map(range, |row| row.get(0))?;
    let answered = answered.collect::<rusqlite::Result<Installs>>()?;
    let shown = shown(db, project, &[survey.to_owned()], span, Asked::All)?;
    let mut counts = Counts {
        impressions: shown.times,
        shown: shown.people.len(),
        shown_and_answered: shown.people.in_common(&answered),
        ..Counts::default()
    };
    let test = Aside::Test.bit();
    db.prepare_cached(ANSWERED)?.query_row(
        params![project.0, survey, from_ms, to_ms, test],
        |row| {
            counts.responses = u64_at(row, 0)?;
            counts.last_ms = row.get::<_, Option<i64>>(1)?.map(|at| at.max(0) as u64);
            counts.tests = u64_at(row, 2)?;
            Ok(())
        },
    )?;
    Ok(counts)
}

/// Ids begin with the time at which they were made, by the page's clock: so much may that be off.
const CLOCKS_MS: u64 = 24 * 60 * 60 * 1000;

/// Whoever tries a survey is nobody who could see it: what they were shown is no impression, and what they
/// answered is kept aside.
const SIGHTINGS: &str = "SELECT install, url, language FROM (
        SELECT install, line ->> '$.p.page.url' AS url, line ->> '$.p.page.language' AS language
        FROM item
        WHERE project = ?1 AND id >= ?2 AND at_ms >= ?3 AND at_ms < ?4 AND json_valid(line)
            AND CASE type
                WHEN 'impression' THEN EXISTS (
                    SELECT 1 FROM impression AS shown
                    WHERE shown.project = ?1 AND shown.survey = line ->> '$.p.survey.id'
                        AND shown.at_ms = item.at_ms AND shown.install = item.install
                        AND shown.item = item.row
                )
                WHEN 'response' THEN NOT EXISTS (
                    SELECT 1 FROM response AS given
                    WHERE given.project = ?1 AND given.hidden & ?6
                        AND given.id = unhex(replace(line ->> '$.p.response', '-', ''))
                )
                ELSE 1
            END
    )
    WHERE url IS NOT NULL GROUP BY install, url LIMIT ?5";

pub(super) fn sightings(
    db: &Connection,
    project: ProjectId,
    span: Span,
    limit: u32,
) -> Result<Vec<Sighting>, Fault> {
    let mut select = db.prepare_cached(SIGHTINGS)?;
    let first = first_id(span.from_ms.saturating_sub(CLOCKS_MS));
    let rows = select.query_map(
        params![
            project.0,
            first,
            int_from_u64(span.from_ms),
            int_from_u64(span.to_ms),
            limit,
            Aside::Test.bit()
        ],
        |row| {
            Ok(Sighting {
                install: InstallId(uuid_at(row, 0)?),
                url: row.get(1)?,
                language: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
            })
        },
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The smallest id that was made at this time.
fn first_id(at_ms: u64) -> [u8; 16] {
    let mut id = [0; 16];
    id[..6].copy_from_slice(&at_ms.to_be_bytes()[2..]);
    id
}
