-- Layout 5: what is known of what is gone, and where copies are.

-- The key of every hash below, so that nobody can tell from a hash whose it is by trying names. One row.
CREATE TABLE gone_key (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    key BLOB    NOT NULL CHECK (length(key) = 32)
) STRICT;

INSERT INTO gone_key (id, key) VALUES (1, randomblob(32));

-- Ids of items that were taken away, for a while: an item must not come back by a second delivery.
CREATE TABLE gone (
    project   INTEGER NOT NULL,
    id        BLOB    NOT NULL CHECK (length(id) = 16),        -- minute and hash of the id
    body_hash BLOB             CHECK (length(body_hash) = 16), -- the first half; absent when erased
    day       INTEGER NOT NULL,                                -- on which it went, since 1970
    PRIMARY KEY (project, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX gone_by_day ON gone (day);

-- Who and what was erased, for good.
CREATE TABLE erased (
    project  INTEGER NOT NULL,
    kind     TEXT    NOT NULL CHECK (kind IN ('install', 'person', 'response', 'attachment')),
    hash     BLOB    NOT NULL CHECK (length(hash) = 16),
    until_ms INTEGER NOT NULL, -- what happened up to then is refused
    PRIMARY KEY (project, kind, hash)
) STRICT, WITHOUT ROWID;

-- How far expiry has come: everything up to this row was looked at. One row for each kind.
CREATE TABLE expiry (
    kind TEXT    NOT NULL PRIMARY KEY,
    row  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Copies of this file.
CREATE TABLE backup (
    path    TEXT    NOT NULL PRIMARY KEY,
    made_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Of what was sent, before it was encoded anew; until now files are what was sent.
ALTER TABLE attachment ADD COLUMN sent_sha256 BLOB CHECK (length(sent_sha256) = 32);
UPDATE attachment SET sent_sha256 = sha256;
