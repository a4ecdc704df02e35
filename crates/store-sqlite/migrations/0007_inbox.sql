-- Layout 7: what a team does with what people wrote, and what is looked for in it.

-- The winning revision of each response, and its state in the inbox. The number is for tables below
-- and says nothing of a person: it is never given again. Scores, times and state are together, so that
-- a list is read from one index.
CREATE TABLE response_with_state (
    number              INTEGER PRIMARY KEY AUTOINCREMENT,
    project             INTEGER NOT NULL,
    id                  BLOB    NOT NULL CHECK (length(id) = 16),
    item                BLOB    NOT NULL CHECK (length(item) = 16), -- id of the item that brought it
    revision            INTEGER NOT NULL,
    complete            INTEGER NOT NULL CHECK (complete IN (0, 1)),
    survey              TEXT    NOT NULL,
    version             INTEGER NOT NULL,
    install             BLOB    NOT NULL,
    at_ms               INTEGER NOT NULL,
    page_url            TEXT    NOT NULL,
    language            TEXT    NOT NULL,
    feedback            INTEGER NOT NULL CHECK (feedback IN (0, 1)),
    respondent          TEXT, -- as the page knows them; empty when only traits are known
    respondent_verified INTEGER NOT NULL CHECK (respondent_verified IN (0, 1)),
    respondent_traits   TEXT, -- JSON object of texts
    context             TEXT    NOT NULL, -- JSON object of texts
    latency             TEXT, -- JSON
    browser             TEXT    NOT NULL, -- family; empty where no build had kept it
    listed              INTEGER NOT NULL CHECK (listed IN (0, 1)), -- something was written, or feedback
    scale               TEXT, -- of the first score on the path
    score               INTEGER,
    top                 INTEGER,
    -- Why it counts nowhere, a sum: 1 spam, 2 archived, 4 test, 8 bot.
    hidden              INTEGER NOT NULL DEFAULT 0 CHECK (hidden BETWEEN 0 AND 15),
    status              TEXT    NOT NULL DEFAULT 'new' CHECK (status IN (
        'new', 'triaged', 'planned', 'in_progress', 'shipped', 'declined', 'duplicate', 'spam'
    )),
    assignee            INTEGER REFERENCES person (id) ON DELETE SET NULL,
    snooze_until_ms     INTEGER,
    duplicate_of        INTEGER REFERENCES response_with_state (number) ON DELETE SET NULL,
    rev                 INTEGER NOT NULL DEFAULT 0, -- grows with every change of its state
    UNIQUE (project, id),
    CHECK ((score IS NULL) = (scale IS NULL) AND (score IS NULL) = (top IS NULL))
) STRICT;

INSERT INTO response_with_state (
    project, id, item, revision, complete, survey, version, install, at_ms, page_url, language,
    feedback, respondent, respondent_verified, respondent_traits, context, latency, browser, listed,
    scale, score, top
)
SELECT
    old.project, old.id, item, revision, complete, old.survey, version, old.install, old.at_ms,
    page_url, language, old.feedback, respondent, respondent_verified, respondent_traits, context,
    latency, '',
    old.feedback OR EXISTS (
        SELECT 1 FROM answer
        WHERE answer.project = old.project AND answer.response = old.id
            AND answer.text IS NOT NULL AND answer.off_path = 0
    ),
    first.kind, first.score, first.top
FROM response AS old
LEFT JOIN answer AS first ON first.project = old.project AND first.response = old.id
    AND first.position = (
        SELECT min(position) FROM answer
        WHERE answer.project = old.project AND answer.response = old.id
            AND answer.score IS NOT NULL AND answer.off_path = 0
    )
ORDER BY old.at_ms, old.id;

DROP TABLE response;
ALTER TABLE response_with_state RENAME TO response;

CREATE INDEX response_by_respondent ON response (project, respondent, at_ms)
    WHERE respondent <> '';

CREATE INDEX response_by_install ON response (project, install, at_ms);

-- What the inbox reads, lists and counts from this alone.
CREATE INDEX response_in_inbox ON response (
    project, at_ms, id, hidden, status, survey, assignee, snooze_until_ms, score
) WHERE listed = 1;

CREATE INDEX response_by_assignee ON response (assignee) WHERE assignee IS NOT NULL;
CREATE INDEX response_by_duplicate ON response (duplicate_of) WHERE duplicate_of IS NOT NULL;

-- The same sum in every answer, for counts that are read from one index and nothing else.
ALTER TABLE answer ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER answers_hide AFTER UPDATE OF hidden ON response WHEN new.hidden <> old.hidden BEGIN
    UPDATE answer SET hidden = new.hidden WHERE project = new.project AND response = new.id;
END;

DROP INDEX answer_by_score;
DROP INDEX answer_by_comment;
DROP INDEX answer_by_any_comment;

-- What counts of scores: of surveys, on the path, not hidden. The last three columns are always 0; with
-- them the index alone answers.
CREATE INDEX answer_by_score ON answer (
    project, survey, question, kind, at_ms, install, response, score, off_path, feedback, hidden
) WHERE score IS NOT NULL AND off_path = 0 AND feedback = 0 AND hidden = 0;

CREATE INDEX answer_by_comment ON answer (project, survey, at_ms, response, position)
    WHERE text IS NOT NULL AND off_path = 0 AND hidden = 0;

-- The same over all surveys of a project.
CREATE INDEX answer_by_any_comment ON answer (project, at_ms, response, position)
    WHERE text IS NOT NULL AND off_path = 0 AND hidden = 0;

-- What a team calls things.
CREATE TABLE tag (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    project    INTEGER NOT NULL REFERENCES project (id),
    name       TEXT    NOT NULL COLLATE NOCASE CHECK (name <> ''),
    created_ms INTEGER NOT NULL,
    UNIQUE (project, name)
) STRICT;

CREATE TABLE response_tag (
    response INTEGER NOT NULL REFERENCES response (number) ON DELETE CASCADE,
    tag      INTEGER NOT NULL REFERENCES tag (number) ON DELETE CASCADE,
    PRIMARY KEY (response, tag)
) STRICT, WITHOUT ROWID;

CREATE INDEX response_tag_by_tag ON response_tag (tag);

-- What a team says to itself about a response.
CREATE TABLE note (
    number    INTEGER PRIMARY KEY AUTOINCREMENT,
    response  INTEGER NOT NULL REFERENCES response (number) ON DELETE CASCADE,
    author    TEXT    NOT NULL, -- e-mail address, or the name of a token
    at_ms     INTEGER NOT NULL,
    edited_ms INTEGER,
    text      TEXT    NOT NULL CHECK (text <> '')
) STRICT;

CREATE INDEX note_by_response ON note (response);

-- What was done at once: it can be undone at once.
CREATE TABLE triage_step (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    project INTEGER NOT NULL REFERENCES project (id),
    at_ms   INTEGER NOT NULL,
    actor   TEXT    NOT NULL -- e-mail address, or the name of a token
) STRICT;

-- What a step changed.
CREATE TABLE triage_change (
    response INTEGER NOT NULL REFERENCES response (number) ON DELETE CASCADE,
    step     INTEGER NOT NULL REFERENCES triage_step (number),
    field    TEXT    NOT NULL CHECK (field IN (
        'status', 'assignee', 'snooze', 'archived', 'duplicate_of', 'tag'
    )),
    subject  TEXT    NOT NULL, -- name of the tag; otherwise empty
    before   TEXT,
    after    TEXT,
    PRIMARY KEY (response, step, field, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX triage_change_by_step ON triage_change (step);

-- What was written in a response, and asked for it; of those in which something was written.
CREATE VIEW written_source AS
SELECT
    number,
    (
        SELECT group_concat(text, char(10) ORDER BY position) FROM answer
        WHERE answer.project = response.project AND answer.response = response.id
            AND text IS NOT NULL AND off_path = 0
    ) AS said,
    (
        SELECT group_concat(prompt, char(10) ORDER BY position) FROM answer
        WHERE answer.project = response.project AND answer.response = response.id
            AND text IS NOT NULL AND off_path = 0
    ) AS asked
FROM response;

-- The words of it. The texts themselves are only in `answer`; whoever writes there writes here.
CREATE VIRTUAL TABLE written USING fts5 (
    said, asked,
    content = 'written_source', content_rowid = 'number',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

-- What is taken out is taken out of the index at once, and not only marked.
INSERT INTO written (written, rank) VALUES ('secure-delete', 1);

INSERT INTO written (rowid, said, asked)
SELECT number, said, asked FROM written_source WHERE said IS NOT NULL;

-- How many responses have a word, to know which of its words tell one apart.
CREATE VIRTUAL TABLE written_term USING fts5vocab ('written', 'row');
