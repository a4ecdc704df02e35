-- Layout 11: writing surveys, who published what, what stands still, and what was only a test.

-- Who published a version, and by what; both are absent where a build of before did not keep it.
ALTER TABLE survey ADD COLUMN credential TEXT
    CHECK (credential IN ('session', 'token', 'link', 'command_line', 'none'));
ALTER TABLE survey ADD COLUMN author TEXT;
-- The version that this one says the same as, where an older one was published anew.
ALTER TABLE survey ADD COLUMN restored INTEGER;
-- The definition as it was typed, with its line breaks, where it came from the console.
ALTER TABLE survey ADD COLUMN source TEXT;

-- What is being written, whatever is wrong with it.
CREATE TABLE survey_draft (
    project  INTEGER NOT NULL REFERENCES project (id),
    survey   TEXT    NOT NULL,
    text     TEXT    NOT NULL,
    name     TEXT, -- as far as it can be read
    feedback INTEGER NOT NULL CHECK (feedback IN (0, 1)),
    errors   INTEGER NOT NULL CHECK (errors >= 0),
    rev      INTEGER NOT NULL, -- grows with every save
    base     INTEGER NOT NULL, -- the newest version when it was begun; 0 before the first
    saved_ms INTEGER NOT NULL,
    author   TEXT    NOT NULL,
    noted_ms INTEGER NOT NULL, -- when the audit log was last told of it
    PRIMARY KEY (project, survey)
) STRICT;

-- Surveys that somebody stopped for a while.
CREATE TABLE survey_pause (
    project  INTEGER NOT NULL REFERENCES project (id),
    survey   TEXT    NOT NULL,
    since_ms INTEGER NOT NULL,
    PRIMARY KEY (project, survey)
) STRICT, WITHOUT ROWID;

-- Responses of one survey in a stretch of time, counted from this alone.
CREATE INDEX response_by_survey ON response (project, survey, at_ms, install, hidden);
