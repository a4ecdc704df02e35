//! Turns rows of answers into the numbers and comments that the console shows.

use protocol::id::{AttachmentId, ResponseId};
use protocol::outcome::Outcome;
use protocol::score::NpsScore;
use rusqlite::{Connection, Row, params};
use store::{
    Answers, Batch, CommentCursor, CommentPage, CommentRow, CommentsFilter, KeptResponse,
    NpsCounts, NpsFilter, ProjectId, Reply,
};
use uuid::Uuid;

use crate::SqliteStore;
use crate::convert::{int_from_u64, u64_at, uuid_at};
use crate::fault::Fault;
use crate::response::read_response;

const NPS_HISTOGRAM: &str = include_str!("sql/nps_histogram.sql");
const NPS_REACH: &str = include_str!("sql/nps_reach.sql");
const COMMENTS: &str = include_str!("sql/comments.sql");
const COMMENTS_OF_ALL: &str = include_str!("sql/comments_of_all.sql");

impl Answers for SqliteStore {
    fn append(&self, batch: Batch) -> Reply<'_, Vec<Outcome>> {
        self.writer.append(batch)
    }

    fn nps(&self, filter: NpsFilter) -> Reply<'_, NpsCounts> {
        self.read("count scores", move |db| count_scores(db, &filter))
    }

    fn comments(&self, filter: CommentsFilter) -> Reply<'_, CommentPage> {
        self.read("read comments", move |db| read_comments(db, &filter))
    }

    fn response(&self, project: ProjectId, id: ResponseId) -> Reply<'_, Option<KeptResponse>> {
        self.read("read a response", move |db| read_response(db, project, id))
    }
}

fn count_scores(db: &Connection, filter: &NpsFilter) -> Result<NpsCounts, Fault> {
    let (from, to) = (
        int_from_u64(filter.span.from_ms),
        int_from_u64(filter.span.to_ms),
    );
    let which = params![filter.project.0, filter.survey, filter.question, from, to];
    let mut counts = NpsCounts::default();
    let mut histogram = db.prepare_cached(NPS_HISTOGRAM)?;
    let mut rows = histogram.query(which)?;
    while let Some(row) = rows.next()? {
        let score: u8 = row.get(0)?;
        // The column allows nothing else, and a file edited by hand must not bring us down.
        if let Some(people) = counts.histogram.get_mut(usize::from(score)) {
            *people = u64_at(row, 1)?;
        }
    }
    let reach = db
        .prepare_cached(NPS_REACH)?
        .query_row(which, |row| Ok((u64_at(row, 0)?, u64_at(row, 1)?)))?;
    (counts.shown, counts.shown_and_answered) = reach;
    Ok(counts)
}

fn read_comments(db: &Connection, filter: &CommentsFilter) -> Result<CommentPage, Fault> {
    // Everything in the span is before this.
    let end = CommentCursor {
        at_ms: filter.span.to_ms,
        response: ResponseId(Uuid::nil()),
        position: 0,
    };
    let before = filter.after.map_or(end, |after| after.min(end));
    let limit = filter.limit.max(1);
    let mut statement = db.prepare_cached(match filter.survey {
        Some(_) => COMMENTS,
        None => COMMENTS_OF_ALL,
    })?;
    let rows = statement.query_map(
        params![
            filter.project.0,
            filter.survey,
            int_from_u64(filter.span.from_ms),
            int_from_u64(before.at_ms),
            before.response.0.as_bytes(),
            before.position,
            i64::from(limit) + 1,
        ],
        comment_from_row,
    )?;
    let mut items = rows.collect::<Result<Vec<_>, _>>()?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    for comment in &mut items {
        comment.attachments = attachments_of(db, filter.project, comment.cursor.response)?;
    }
    let next = items.last().filter(|_| more).map(|last| last.cursor);
    Ok(CommentPage { items, next })
}

fn comment_from_row(row: &Row<'_>) -> rusqlite::Result<CommentRow> {
    let score: Option<u8> = row.get(5)?;
    Ok(CommentRow {
        cursor: CommentCursor {
            at_ms: u64_at(row, 0)?,
            response: ResponseId(uuid_at(row, 1)?),
            position: row.get(2)?,
        },
        prompt: row.get(3)?,
        text: row.get(4)?,
        score: score.and_then(|score| NpsScore::try_from(score).ok()),
        page_url: row.get(6)?,
        language: row.get(7)?,
        survey: row.get(8)?,
        attachments: Vec::new(),
    })
}

/// Images of a response that are there.
fn attachments_of(
    db: &Connection,
    project: ProjectId,
    response: ResponseId,
) -> rusqlite::Result<Vec<AttachmentId>> {
    let mut select = db.prepare_cached(
        "SELECT named.attachment
         FROM response_attachment AS named
         JOIN attachment ON attachment.id = named.attachment
             AND attachment.project = named.project
         WHERE named.project = ?1 AND named.response = ?2
         ORDER BY named.nth",
    )?;
    let rows = select.query_map(params![project.0, response.0.as_bytes()], |row| {
        uuid_at(row, 0).map(AttachmentId)
    })?;
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connect::connect_writer;
    use crate::migrate::migrate;

    fn check(sql: &str, survey: Option<&str>) {
        let dir = tempfile::tempdir().unwrap();
        let ground = crate::Ground::of(dir.path().join("firsthand.db"));
        let mut db = connect_writer(&ground).unwrap();
        migrate(&mut db, &ground).unwrap();
        let mut explain = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let nil = Uuid::nil();
        let steps: Vec<String> = explain
            .query_map(params![1, survey, 0, 9, nil.as_bytes(), 0, 1], |row| {
                row.get("detail")
            })
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let bounds = "at_ms>? AND (at_ms,response,position)<(?,?,?)";
        assert!(steps[0].contains(bounds), "{steps:#?}");
        assert!(
            !steps.iter().any(|step| step.contains("SORT")),
            "{steps:#?}"
        );
    }

    #[test]
    fn a_page_of_comments_begins_at_its_cursor() {
        check(COMMENTS, Some("nps"));
        check(COMMENTS_OF_ALL, None);
    }
}
