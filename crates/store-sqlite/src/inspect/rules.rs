//! Turns what has to be true of tables, beside what they check themselves, into findings.

use rusqlite::Connection;

use super::{Flaw, Inspection, count, has_table};
use crate::fault::Fault;

struct Rule {
    code: &'static str,
    /// Tables that have to be there for it.
    tables: &'static [&'static str],
    /// Counts rows that contradict it.
    count: &'static str,
    /// What is wrong with them.
    what: &'static str,
}

/// Each statement counts rows that contradict it, and is asked only where its tables are: files of
/// every layout can be looked at.
const RULES: &[Rule] = &[
    Rule {
        code: "answer_without_response",
        tables: &["answer", "response"],
        count: "SELECT COUNT(*) FROM answer WHERE NOT EXISTS (
            SELECT 1 FROM response
            WHERE response.project = answer.project AND response.id = answer.response
        )",
        what: "answers belong to no response",
    },
    Rule {
        code: "answer_hidden_alone",
        tables: &["answer", "response", "triage_step"],
        count: "SELECT COUNT(*) FROM answer JOIN response
            ON response.project = answer.project AND response.id = answer.response
            WHERE answer.hidden <> response.hidden",
        what: "answers count while their response does not, or the other way round",
    },
    Rule {
        code: "words_not_kept",
        tables: &["written_docsize", "triage_step"],
        count: "SELECT COUNT(*) FROM written_source
            FULL JOIN written_docsize ON written_docsize.id = written_source.number
            WHERE (said IS NOT NULL) IS NOT (written_docsize.id IS NOT NULL)",
        what: "responses cannot be found by what was written in them, or are found and gone",
    },
    Rule {
        code: "row_without_project",
        tables: &["item", "response"],
        count: "SELECT (SELECT COUNT(*) FROM item WHERE project NOT IN (SELECT id FROM project))
            + (SELECT COUNT(*) FROM response WHERE project NOT IN (SELECT id FROM project))",
        what: "items and responses belong to no project",
    },
    Rule {
        code: "id_used_twice",
        tables: &["item", "latency_seen"],
        count: "SELECT COUNT(*) FROM latency_seen AS seen
            JOIN item ON item.project = seen.project AND item.id = seen.id",
        what: "ids are those of a report and of another item",
    },
    Rule {
        code: "account_without_project",
        tables: &["delivery_hour", "delivery_boot", "delivery_lost", "letter"],
        count: "SELECT COUNT(*) FROM (
            SELECT project FROM delivery_hour UNION ALL SELECT project FROM delivery_boot
            UNION ALL SELECT project FROM delivery_lost UNION ALL SELECT project FROM letter
        ) WHERE project NOT IN (SELECT id FROM project)",
        what: "accounts of delivery and letters belong to no project",
    },
    Rule {
        code: "letters_not_counted",
        tables: &["letter", "letter_sum"],
        count: "SELECT COUNT(*) FROM (
            SELECT project, reason, COUNT(*) AS letters, SUM(length(CAST(line AS BLOB))) AS bytes
            FROM letter GROUP BY project, reason
        ) AS found
        FULL JOIN letter_sum AS told ON told.project = found.project AND told.reason = found.reason
        WHERE ifnull(found.letters, 0) IS NOT ifnull(told.letters, 0)
            OR ifnull(found.bytes, 0) IS NOT ifnull(told.bytes, 0)",
        what: "sums of letters are not those of the letters that are there",
    },
    // Written in the commit that holds the items. Only hours after the first with accounts: before
    // that an older build wrote items without.
    Rule {
        code: "items_not_accounted_for",
        tables: &["item", "delivery_hour"],
        count: "SELECT COUNT(*) FROM (
            SELECT project, received_ms / 3600000 AS hour, COUNT(*) AS items
            FROM item GROUP BY project, hour
        ) AS found
        WHERE hour > (SELECT MIN(hour) FROM delivery_hour)
            AND items > (
                SELECT TOTAL(told.items) FROM delivery_hour AS told
                WHERE told.project = found.project AND told.hour = found.hour
                    AND told.fate = 'accepted'
            )",
        what: "hours have more items than were told to be accepted",
    },
    Rule {
        code: "fate_without_sense",
        tables: &["delivery_hour"],
        count: "SELECT COUNT(*) FROM delivery_hour
            WHERE items <= 0 OR (reason <> '') IS NOT (fate IN ('rejected', 'dropped'))",
        what: "sums of what became of items are empty, or lack a reason, or have one that cannot be",
    },
    Rule {
        code: "page_load_without_sense",
        tables: &["delivery_boot", "delivery_lost"],
        count: "SELECT (
            SELECT COUNT(*) FROM delivery_boot
            WHERE came < 0 OR came > next OR dropped < 0 OR first_ms > last_ms
                OR (came > 0) IS NOT (length(seqs) > 0)
        ) + (SELECT COUNT(*) FROM delivery_lost WHERE came < 0 OR lost < 0 OR dropped < 0)",
        what: "page loads have more items than numbers, or ended before they began",
    },
    Rule {
        code: "page_loads_not_added_up",
        tables: &["delivery_boot", "delivery_boot_hour"],
        count: "SELECT COUNT(*) FROM (
            SELECT project, first_ms / 3600000 AS hour, browser, bot, page, test,
                count(*) AS boots, sum(came) AS came, sum(next - came) AS missing, sum(dropped) AS dropped
            FROM delivery_boot GROUP BY 1, 2, 3, 4, 5, 6
        ) AS found
        FULL JOIN delivery_boot_hour AS told USING (project, hour, browser, bot, page, test)
        WHERE (found.boots, found.came, found.missing, found.dropped)
            IS NOT (told.boots, told.came, told.missing, told.dropped)",
        what: "sums of page loads are not those of the page loads that are there",
    },
    Rule {
        code: "days_not_gathered",
        tables: &["impression", "shown_day"],
        count: "SELECT COUNT(*) FROM (
            SELECT project, survey, at_ms / 86400000 AS day, feedback, count(*) AS times,
                count(DISTINCT install) * 16 AS bytes
            FROM impression GROUP BY 1, 2, 3, 4
        ) AS found
        FULL JOIN shown_day AS told USING (project, survey, day, feedback)
        WHERE told.day IS NULL OR told.people IS NOT NULL
            AND (found.times, found.bytes) IS NOT (told.times, length(told.people))",
        what: "days on which surveys were shown are not kept, or have not as many impressions and people as they say",
    },
];

/// Adds a finding for each rule that rows contradict.
pub(super) fn check_rules(db: &Connection, found: &mut Inspection) -> Result<(), Fault> {
    for rule in RULES {
        check_rule(db, rule, found)?;
    }
    Ok(())
}

fn check_rule(db: &Connection, rule: &Rule, found: &mut Inspection) -> Result<(), Fault> {
    for table in rule.tables {
        if !has_table(db, table)? {
            return Ok(());
        }
    }
    let n = count(db, rule.count)?;
    if n > 0 {
        let what = format!("{n} {}", rule.what);
        found.flaws.push(Flaw::new(rule.code, what));
    }
    Ok(())
}
