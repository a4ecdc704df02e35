//! Turns rows of answers into the numbers and comments that the console shows.

use protocol::id::{AttachmentId, ResponseId};
use protocol::outcome::Outcome;
use protocol::score::NpsScore;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params, params_from_iter};
use store::{
    Answers, Batch, CommentCursor, CommentPage, CommentRow, CommentsFilter, KeptResponse,
    NpsCounts, NpsFilter, ProjectId, Reply,
};
use uuid::Uuid;

use crate::SqliteStore;
use crate::convert::{int_from_u64, u64_at, uuid_at};
use crate::fault::Fault;
use crate::inbox::clause::Clause;
use crate::response::read_response;
use crate::scores::nps;

const COMMENTS: &str = include_str!("sql/comments.sql");

impl Answers for SqliteStore {
    fn append(&self, batch: Batch) -> Reply<'_, Vec<Outcome>> {
        self.writer.append(batch)
    }

    fn nps(&self, filter: NpsFilter) -> Reply<'_, NpsCounts> {
        self.read("count scores", move |db| nps(db, &filter))
    }

    fn comments(&self, filter: CommentsFilter) -> Reply<'_, CommentPage> {
        self.read("read comments", move |db| read_comments(db, &filter))
    }

    fn response(&self, project: ProjectId, id: ResponseId) -> Reply<'_, Option<KeptResponse>> {
        self.read("read a response", move |db| read_response(db, project, id))
    }
}

/// What asks for one page of comments, and one comment more, which tells whether there is a next page.
fn page_of(filter: &CommentsFilter) -> (String, Vec<Value>) {
    // Everything in the span is before this.
    let end = CommentCursor {
        at_ms: filter.view.to_ms.unwrap_or(u64::MAX),
        response: ResponseId(Uuid::nil()),
        position: 0,
    };
    let before = filter.after.map_or(end, |after| after.min(end));
    let mut clause = Clause::of_comments(filter);
    clause.and(
        "(answer.at_ms, answer.response, answer.position) < (?, ?, ?)",
        [
            Value::from(int_from_u64(before.at_ms)),
            Value::from(before.response.0.as_bytes().to_vec()),
            Value::from(i64::from(before.position)),
        ],
    );
    let sql = format!(
        "{COMMENTS} WHERE {}
         ORDER BY answer.at_ms DESC, answer.response DESC, answer.position DESC LIMIT ?",
        clause.sql()
    );
    let limit = i64::from(filter.limit.max(1)) + 1;
    clause.values.push(Value::from(limit));
    (sql, clause.values)
}

fn read_comments(db: &Connection, filter: &CommentsFilter) -> Result<CommentPage, Fault> {
    let (sql, values) = page_of(filter);
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), comment_from_row)?;
    let mut items = rows.collect::<Result<Vec<_>, _>>()?;
    let limit = filter.limit.max(1) as usize;
    let more = items.len() > limit;
    items.truncate(limit);
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
    use protocol::query::view::View;

    use super::*;
    use crate::connect::connect_writer;
    use crate::migrate::migrate;

    fn check(survey: Option<&str>) {
        let dir = tempfile::tempdir().unwrap();
        let ground = crate::Ground::of(dir.path().join("firsthand.db"));
        let mut db = connect_writer(&ground).unwrap();
        migrate(&mut db, &ground).unwrap();
        let (sql, values) = page_of(&CommentsFilter {
            project: ProjectId(1),
            view: View {
                survey: survey.map(String::from),
                from_ms: Some(0),
                to_ms: Some(9),
                ..View::default()
            },
            kind: None,
            now_ms: 0,
            after: None,
            limit: 1,
        });
        let mut explain = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps: Vec<String> = explain
            .query_map(params_from_iter(values), |row| row.get("detail"))
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
        check(Some("nps"));
        check(None);
    }
}
