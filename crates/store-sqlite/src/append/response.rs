//! Turns one revision of one response into rows, when it is the highest so far.

use protocol::query::delivery::Bot;
use protocol::query::view::Aside;
use rusqlite::{Connection, params};
use store::{Batch, NewAnswer, NewItem, NewOption, NewValue, ResponseRow};

use crate::convert::{
    int_from_u64, json_from_latency, json_from_texts, name_of_reaction, name_of_scale,
};
use crate::inbox::written;

const APPEND_RESPONSE: &str = include_str!("../sql/append_response.sql");
const APPEND_ANSWER: &str = include_str!("../sql/append_answer.sql");

/// Keeps a revision if it is the highest so far, with its answers in place of the earlier ones.
pub(super) fn append_response(
    db: &Connection,
    batch: &Batch,
    item: &NewItem,
    response: &ResponseRow,
) -> rusqlite::Result<()> {
    let respondent = response.respondent.as_ref();
    let first = first_score(response);
    // While the answers of an earlier revision are there.
    written::forget(db, batch.project, response.response.0.as_bytes())?;
    let changed = db.prepare_cached(APPEND_RESPONSE)?.execute(params![
        batch.project.0,
        response.response.0.as_bytes(),
        item.id.0.as_bytes(),
        response.revision,
        response.complete,
        response.survey.id,
        response.survey.version,
        batch.sender.install.0.as_bytes(),
        int_from_u64(item.at_ms),
        response.page_url,
        response.language,
        response.feedback,
        respondent.map(|who| &who.id),
        respondent.is_some_and(|who| who.verified),
        respondent.map(|who| json_from_texts(&who.traits)),
        json_from_texts(&response.context),
        response.latency.as_ref().map(json_from_latency),
        batch.signs.browser.as_str(),
        is_listed(response),
        first.map(|(scale, _, _)| scale),
        first.map(|(_, points, _)| points),
        first.map(|(_, _, top)| top),
        hidden(batch),
    ])?;
    if changed == 0 {
        return written::keep(db, batch.project, response.response.0.as_bytes());
    }
    remove_earlier(db, batch, response)?;
    for (position, answer) in (0_u32..).zip(&response.answers) {
        append_answer(db, batch, item, response, position, answer)?;
    }
    written::keep(db, batch.project, response.response.0.as_bytes())?;
    append_attachments(db, batch, response)
}

/// Why it counts nowhere, as far as its sender says.
fn hidden(batch: &Batch) -> u8 {
    let bot = if is_bot(batch) { Aside::Bot.bit() } else { 0 };
    let test = if batch.signs.test {
        Aside::Test.bit()
    } else {
        0
    };
    bot | test
}

/// Whether no person gave it. What a browser loads ahead of need was seen by somebody if it is answered.
fn is_bot(batch: &Batch) -> bool {
    matches!(batch.signs.bot, Some(Bot::Name | Bot::Driven))
}

/// Whether it is in the inbox: something was written on the path, or it is feedback.
fn is_listed(response: &ResponseRow) -> bool {
    let mut on_path = response.answers.iter().filter(|answer| !answer.off_path);
    response.feedback
        || on_path.any(|answer| match &answer.value {
            NewValue::Text(_) => true,
            NewValue::Choice { other, .. } => other.is_some(),
            _ => false,
        })
}

/// The first score on the path: its scale, the points, and the highest of the scale.
fn first_score(response: &ResponseRow) -> Option<(&'static str, u8, u8)> {
    let mut on_path = response.answers.iter().filter(|answer| !answer.off_path);
    on_path.find_map(|answer| match answer.value {
        NewValue::Score { scale, points } => {
            let (name, top) = name_of_scale(scale);
            Some((name, points, top))
        }
        _ => None,
    })
}

/// Takes away what an earlier revision said.
fn remove_earlier(db: &Connection, batch: &Batch, response: &ResponseRow) -> rusqlite::Result<()> {
    for sql in [
        "DELETE FROM answer WHERE project = ?1 AND response = ?2",
        "DELETE FROM answer_option WHERE project = ?1 AND response = ?2",
        "DELETE FROM response_attachment WHERE project = ?1 AND response = ?2",
    ] {
        db.prepare_cached(sql)?
            .execute(params![batch.project.0, response.response.0.as_bytes()])?;
    }
    Ok(())
}

/// The columns in which the kinds of answer differ.
#[derive(Default)]
struct Columns<'a> {
    kind: &'static str,
    score: Option<u8>,
    top: Option<u8>,
    text: Option<&'a str>,
    reaction: Option<&'static str>,
    options: &'a [NewOption],
}

fn columns(value: &NewValue) -> Columns<'_> {
    let kind = |kind| Columns {
        kind,
        ..Columns::default()
    };
    match value {
        NewValue::Score { scale, points } => {
            let (name, top) = name_of_scale(*scale);
            Columns {
                score: Some(*points),
                top: Some(top),
                ..kind(name)
            }
        }
        NewValue::Text(text) => Columns {
            text: Some(text),
            ..kind("text")
        },
        NewValue::Choice { options, other } => Columns {
            text: other.as_deref(),
            options,
            ..kind("choice")
        },
        NewValue::Reaction(reaction) => Columns {
            reaction: Some(name_of_reaction(*reaction)),
            ..kind("reaction")
        },
        NewValue::Consent => kind("consent"),
        NewValue::Skipped => kind("skipped"),
    }
}

fn append_answer(
    db: &Connection,
    batch: &Batch,
    item: &NewItem,
    response: &ResponseRow,
    position: u32,
    answer: &NewAnswer,
) -> rusqlite::Result<()> {
    let columns = columns(&answer.value);
    db.prepare_cached(APPEND_ANSWER)?.execute(params![
        batch.project.0,
        response.response.0.as_bytes(),
        position,
        response.survey.id,
        response.feedback,
        batch.sender.install.0.as_bytes(),
        int_from_u64(item.at_ms),
        answer.question,
        answer.prompt,
        columns.kind,
        answer.off_path,
        columns.score,
        columns.top,
        columns.text,
        columns.reaction,
    ])?;
    let mut insert = db.prepare_cached(
        "INSERT INTO answer_option (project, response, position, nth, option, label)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (nth, option) in (0_u32..).zip(columns.options) {
        insert.execute(params![
            batch.project.0,
            response.response.0.as_bytes(),
            position,
            nth,
            option.id,
            option.label,
        ])?;
    }
    Ok(())
}

/// Keeps which images belong to it; whether they are there is known only when it is read.
fn append_attachments(
    db: &Connection,
    batch: &Batch,
    response: &ResponseRow,
) -> rusqlite::Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO response_attachment (project, response, nth, attachment)
         VALUES (?1, ?2, ?3, ?4)",
    )?;
    for (nth, attachment) in (0_u32..).zip(&response.attachments) {
        insert.execute(params![
            batch.project.0,
            response.response.0.as_bytes(),
            nth,
            attachment.0.as_bytes(),
        ])?;
    }
    Ok(())
}
