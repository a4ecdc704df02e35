-- Layout 10: scores of all surveys together, what is kept aside from them, and releases.

-- One index for scores of one survey and of all, in the order of time. The last columns are always the
-- same; with them the index alone answers.
DROP INDEX answer_by_score;

CREATE INDEX answer_by_kind ON answer (
    project, kind, at_ms, response, install, score, survey, question, off_path, feedback, hidden
) WHERE score IS NOT NULL AND off_path = 0 AND feedback = 0 AND hidden = 0;

-- Scores that count nowhere, to tell how many they are.
CREATE INDEX answer_aside ON answer (project, kind, at_ms)
    WHERE score IS NOT NULL AND off_path = 0 AND feedback = 0 AND hidden <> 0;

-- What changed what people use.
CREATE TABLE release (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    project INTEGER NOT NULL REFERENCES project (id),
    at_ms   INTEGER NOT NULL,
    name    TEXT    NOT NULL CHECK (name <> ''),
    note    TEXT    NOT NULL,
    said_by TEXT    NOT NULL -- e-mail address, or the name of a token
) STRICT;

CREATE INDEX release_by_time ON release (project, at_ms);
