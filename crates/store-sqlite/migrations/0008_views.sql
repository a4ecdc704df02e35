-- Layout 8: views that are saved, and links to views.

CREATE TABLE saved_view (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- an id that was told is never given again
    project    INTEGER NOT NULL REFERENCES project (id),
    owner      INTEGER REFERENCES person (id) ON DELETE CASCADE, -- absent: everybody in the project
    name       TEXT    NOT NULL CHECK (name <> ''),
    page       TEXT    NOT NULL,
    query      TEXT    NOT NULL,
    by_email   TEXT    NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX saved_view_by_name ON saved_view (project, coalesce(owner, 0), name);
CREATE INDEX saved_view_by_owner ON saved_view (owner) WHERE owner IS NOT NULL;

CREATE TABLE share (
    id            INTEGER PRIMARY KEY AUTOINCREMENT, -- an id that was told is never given again
    project       INTEGER NOT NULL REFERENCES project (id),
    token_hash    BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    name          TEXT    NOT NULL,
    page          TEXT    NOT NULL,
    query         TEXT    NOT NULL,
    verbatims     INTEGER NOT NULL CHECK (verbatims IN (0, 1)),
    password_hash TEXT,             -- PHC string; absent where it takes none
    by_email      TEXT    NOT NULL,
    created_ms    INTEGER NOT NULL,
    expires_ms    INTEGER,          -- absent: never
    revoked_ms    INTEGER,
    opened        INTEGER NOT NULL DEFAULT 0,
    opened_ms     INTEGER
) STRICT;

CREATE INDEX share_by_project ON share (project);
