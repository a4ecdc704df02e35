-- Layout 1. Times are milliseconds since 1970 (UTC); UUIDs are blobs of 16 bytes.

-- What people set up. --------------------------------------------------------------------------

CREATE TABLE project (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE site (
    id         INTEGER PRIMARY KEY,
    key        TEXT    NOT NULL UNIQUE,
    project    INTEGER NOT NULL REFERENCES project (id),
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE site_origin (
    site     INTEGER NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    origin   TEXT    NOT NULL,
    PRIMARY KEY (site, position)
) STRICT, WITHOUT ROWID;

-- Rows of this table never change: answers point at the version that was shown.
CREATE TABLE survey (
    project      INTEGER NOT NULL REFERENCES project (id),
    id           TEXT    NOT NULL,
    version      INTEGER NOT NULL CHECK (version >= 1),
    published_ms INTEGER NOT NULL,
    definition   TEXT    NOT NULL, -- JSON, as its author wrote it
    PRIMARY KEY (project, id, version)
) STRICT;

CREATE TABLE person (
    id            INTEGER PRIMARY KEY,
    project       INTEGER NOT NULL REFERENCES project (id),
    email         TEXT    NOT NULL UNIQUE, -- lower case
    password_hash TEXT    NOT NULL,        -- PHC string
    created_ms    INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    token_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    person     INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_person ON session (person);

-- What pages send. -----------------------------------------------------------------------------

-- One row per project and item id, for ever. A rowid table with a separate unique index: measured
-- faster than WITHOUT ROWID, and time-ordered ids keep the index narrow while it grows.
CREATE TABLE item (
    row             INTEGER PRIMARY KEY, -- order of arrival
    project         INTEGER NOT NULL,
    id              BLOB    NOT NULL CHECK (length(id) = 16),
    type            TEXT    NOT NULL,
    seq             INTEGER NOT NULL,
    body_hash       BLOB    NOT NULL CHECK (length(body_hash) = 32),
    at_ms           INTEGER NOT NULL, -- corrected for the sender's clock
    sent_wall_ms    INTEGER NOT NULL, -- raw
    age_ms          INTEGER NOT NULL, -- raw
    clock_offset_ms INTEGER NOT NULL, -- raw, applied or not
    received_ms     INTEGER NOT NULL,
    install         BLOB    NOT NULL CHECK (length(install) = 16),
    session         BLOB    NOT NULL CHECK (length(session) = 16),
    boot            BLOB    NOT NULL CHECK (length(boot) = 16),
    sdk             TEXT    NOT NULL,
    line            TEXT    NOT NULL  -- as it arrived, unknown fields and all
) STRICT;

CREATE UNIQUE INDEX item_by_id ON item (project, id);

-- Items whose id had been used with another body: kept aside, never merged.
CREATE TABLE conflict (
    project     INTEGER NOT NULL,
    id          BLOB    NOT NULL CHECK (length(id) = 16),
    body_hash   BLOB    NOT NULL CHECK (length(body_hash) = 32),
    received_ms INTEGER NOT NULL,
    install     BLOB    NOT NULL CHECK (length(install) = 16),
    line        TEXT    NOT NULL,
    PRIMARY KEY (project, id, body_hash)
) STRICT;

-- What senders had to drop, once per envelope.
CREATE TABLE loss (
    project     INTEGER NOT NULL,
    envelope    BLOB    NOT NULL CHECK (length(envelope) = 16),
    reason      TEXT    NOT NULL,
    count       INTEGER NOT NULL,
    install     BLOB    NOT NULL CHECK (length(install) = 16),
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (project, envelope, reason)
) STRICT;

-- What the console reads; all of it can be made again from `item`. --------------------------------

-- One tree instead of a table and an index: it is written for most items, and read in this order.
CREATE TABLE impression (
    project INTEGER NOT NULL,
    survey  TEXT    NOT NULL,
    at_ms   INTEGER NOT NULL,
    install BLOB    NOT NULL,
    item    INTEGER NOT NULL, -- item.row
    version INTEGER NOT NULL,
    PRIMARY KEY (project, survey, at_ms, install, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE dismissal (
    item     INTEGER PRIMARY KEY, -- item.row
    project  INTEGER NOT NULL,
    survey   TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    install  BLOB    NOT NULL,
    at_ms    INTEGER NOT NULL,
    response BLOB             CHECK (length(response) = 16),
    reason   TEXT    NOT NULL
) STRICT;

-- The winning revision of each response.
CREATE TABLE response (
    project  INTEGER NOT NULL,
    id       BLOB    NOT NULL CHECK (length(id) = 16),
    item     BLOB    NOT NULL CHECK (length(item) = 16), -- id of the item that brought it
    revision INTEGER NOT NULL,
    complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
    survey   TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    install  BLOB    NOT NULL,
    at_ms    INTEGER NOT NULL,
    page_url TEXT    NOT NULL,
    language TEXT    NOT NULL,
    PRIMARY KEY (project, id)
) STRICT;

-- The answers of the winning revision. Survey, install and time are repeated from `response`, so
-- that a histogram is read from one index and nothing else.
CREATE TABLE answer (
    project  INTEGER NOT NULL,
    response BLOB    NOT NULL,
    position INTEGER NOT NULL, -- among the answers of the response, from 0
    survey   TEXT    NOT NULL,
    install  BLOB    NOT NULL,
    at_ms    INTEGER NOT NULL,
    question TEXT    NOT NULL,
    prompt   TEXT    NOT NULL, -- as it was shown
    score    INTEGER CHECK (score BETWEEN 0 AND 10),
    text     TEXT    CHECK (text <> ''),
    PRIMARY KEY (project, response, position),
    CHECK (score IS NULL OR text IS NULL) -- neither: skipped
) STRICT;

CREATE INDEX answer_by_score ON answer (project, survey, question, at_ms, install, response, score)
    WHERE score IS NOT NULL;

CREATE INDEX answer_by_comment ON answer (project, survey, at_ms, response, position)
    WHERE text IS NOT NULL;

-- What readiness writes to. One row.
CREATE TABLE probe (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    at_ms INTEGER NOT NULL
) STRICT;
