-- Layout 2: answers of every kind, who gave them, and the images that belong to them.

-- What people set up. --------------------------------------------------------------------------

-- What the pages of the site sign ids of people with.
ALTER TABLE site ADD COLUMN identity_secret TEXT;

-- Definitions of layout 1 have one thank-you, a mark, and a simple rule. They say the same as before.
UPDATE survey
SET definition = json_remove(
    json_set(
        definition,
        '$.endings', json_array(json_object(
            'id', 'thanks',
            'title', definition ->> '$.thanks.title',
            'text', definition ->> '$.thanks.text'
        )),
        '$.look', json_object('mark', json(coalesce(definition -> '$.mark', 'true'))),
        '$.show', json_object(
            'priority', coalesce(definition ->> '$.show.priority', 0),
            'sample_permille', coalesce(definition ->> '$.show.sample_permille', 1000),
            'url', json((
                SELECT json_group_array(json_object('contains', value))
                FROM json_each(definition, '$.show.url_contains')
            )),
            'delay_ms', coalesce(definition ->> '$.show.delay_ms', 0),
            'max_impressions', coalesce(definition ->> '$.show.max_impressions', 3),
            'again', json_object('survey', json_object(
                'snoozed', json_object('days', 7),
                'dismissed', json(CASE
                    WHEN definition ->> '$.show.again_after_dismissal_days' IS NULL THEN '"never"'
                    ELSE json_object('days', definition ->> '$.show.again_after_dismissal_days')
                END),
                'partial', json(CASE
                    WHEN definition ->> '$.show.again_after_answer_days' IS NULL THEN '"never"'
                    ELSE json_object('days', definition ->> '$.show.again_after_answer_days')
                END),
                'completed', json(CASE
                    WHEN definition ->> '$.show.again_after_answer_days' IS NULL THEN '"never"'
                    ELSE json_object('days', definition ->> '$.show.again_after_answer_days')
                END)
            ))
        )
    ),
    '$.thanks', '$.mark'
)
WHERE json_type(definition, '$.thanks') IS NOT NULL;

-- What pages send. -----------------------------------------------------------------------------

-- A feedback form that was opened was not asked: it is no part of a response rate.
ALTER TABLE impression ADD COLUMN feedback INTEGER NOT NULL DEFAULT 0 CHECK (feedback IN (0, 1));

ALTER TABLE response ADD COLUMN feedback INTEGER NOT NULL DEFAULT 0 CHECK (feedback IN (0, 1));
-- Who answered, as the page knows them; the id is empty when only traits are known.
ALTER TABLE response ADD COLUMN respondent TEXT;
ALTER TABLE response ADD COLUMN respondent_verified INTEGER NOT NULL DEFAULT 0
    CHECK (respondent_verified IN (0, 1));
ALTER TABLE response ADD COLUMN respondent_traits TEXT; -- JSON object of texts
ALTER TABLE response ADD COLUMN context TEXT NOT NULL DEFAULT '{}'; -- JSON object of texts

CREATE INDEX response_by_respondent ON response (project, respondent, at_ms)
    WHERE respondent <> '';

-- The answers of the winning revision. Survey, install and time are repeated from `response`, so
-- that a histogram is read from one index and nothing else.
CREATE TABLE answer_of_every_kind (
    project  INTEGER NOT NULL,
    response BLOB    NOT NULL,
    position INTEGER NOT NULL, -- among the answers of the response, from 0
    survey   TEXT    NOT NULL,
    feedback INTEGER NOT NULL CHECK (feedback IN (0, 1)),
    install  BLOB    NOT NULL,
    at_ms    INTEGER NOT NULL,
    question TEXT    NOT NULL,
    prompt   TEXT    NOT NULL, -- as it was shown
    kind     TEXT    NOT NULL, -- nps, csat, ces, rating, text, choice, consent, reaction, skipped
    off_path INTEGER NOT NULL CHECK (off_path IN (0, 1)), -- kept, never counted
    score    INTEGER,
    top      INTEGER,                      -- highest score of the scale
    text     TEXT    CHECK (text <> ''),   -- of a choice: what was written beside the options
    reaction TEXT,
    PRIMARY KEY (project, response, position),
    CHECK ((score IS NOT NULL) = (kind IN ('nps', 'csat', 'ces', 'rating'))),
    CHECK ((score IS NULL) = (top IS NULL)),
    CHECK (score BETWEEN (kind <> 'nps') AND top),
    CHECK (text IS NULL OR kind IN ('text', 'choice')),
    CHECK (text IS NOT NULL OR kind <> 'text'),
    CHECK ((reaction IS NOT NULL) = (kind = 'reaction'))
) STRICT;

INSERT INTO answer_of_every_kind (
    project, response, position, survey, feedback, install, at_ms, question, prompt, kind, off_path,
    score, top, text
)
SELECT
    project, response, position, survey, 0, install, at_ms, question, prompt,
    CASE WHEN score IS NOT NULL THEN 'nps' WHEN text IS NOT NULL THEN 'text' ELSE 'skipped' END,
    0, score, CASE WHEN score IS NOT NULL THEN 10 END, text
FROM answer;

DROP TABLE answer;
ALTER TABLE answer_of_every_kind RENAME TO answer;

-- What counts of scores: of surveys, on the path. The last two columns are always 0; with them the
-- index alone answers.
CREATE INDEX answer_by_score
    ON answer (project, survey, question, kind, at_ms, install, response, score, off_path, feedback)
    WHERE score IS NOT NULL AND off_path = 0 AND feedback = 0;

CREATE INDEX answer_by_comment ON answer (project, survey, at_ms, response, position)
    WHERE text IS NOT NULL AND off_path = 0;

-- The same over all surveys of a project.
CREATE INDEX answer_by_any_comment ON answer (project, at_ms, response, position)
    WHERE text IS NOT NULL AND off_path = 0;

-- The options of each choice.
CREATE TABLE answer_option (
    project  INTEGER NOT NULL,
    response BLOB    NOT NULL,
    position INTEGER NOT NULL, -- answer.position
    nth      INTEGER NOT NULL, -- in the order of the survey, from 0
    option   TEXT    NOT NULL,
    label    TEXT    NOT NULL, -- as it was shown
    PRIMARY KEY (project, response, position, nth)
) STRICT, WITHOUT ROWID;

-- Images that were uploaded; the files are beside this one.
CREATE TABLE attachment (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    project    INTEGER NOT NULL,
    mime       TEXT    NOT NULL,
    bytes      INTEGER NOT NULL,
    sha256     BLOB    NOT NULL CHECK (length(sha256) = 32),
    created_ms INTEGER NOT NULL,
    path       TEXT    NOT NULL -- relative to the folder of all images
) STRICT;

CREATE INDEX attachment_by_age ON attachment (created_ms);

-- Images that responses name. One without a row in `attachment` is missing, or has not arrived yet.
CREATE TABLE response_attachment (
    project    INTEGER NOT NULL,
    response   BLOB    NOT NULL,
    nth        INTEGER NOT NULL,
    attachment BLOB    NOT NULL CHECK (length(attachment) = 16),
    PRIMARY KEY (project, response, nth)
) STRICT, WITHOUT ROWID;

CREATE INDEX response_attachment_by_image ON response_attachment (attachment);
