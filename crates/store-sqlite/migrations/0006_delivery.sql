-- What became of everything that was sent. Grows with hours, browsers and reasons, never with traffic; what is
-- kept of single page loads is kept for days, and of what was refused there is a bounded number.

CREATE TABLE delivery_hour (
    project INTEGER NOT NULL,
    hour    INTEGER NOT NULL, -- of arrival, since 1970
    browser TEXT    NOT NULL,
    bot     TEXT    NOT NULL, -- empty for people
    fate    TEXT    NOT NULL CHECK (fate IN ('accepted', 'duplicate', 'conflict', 'rejected', 'dropped')),
    reason  TEXT    NOT NULL, -- empty unless rejected or dropped
    items   INTEGER NOT NULL,
    PRIMARY KEY (project, hour, browser, bot, fate, reason)
) STRICT, WITHOUT ROWID;

-- Page loads, to know what never came of them. Nothing says whose they were.
CREATE TABLE delivery_boot (
    project   INTEGER NOT NULL,
    boot      BLOB    NOT NULL CHECK (length(boot) = 16), -- time and hash of its id
    first_ms  INTEGER NOT NULL, -- of arrival
    last_ms   INTEGER NOT NULL,
    browser   TEXT    NOT NULL,
    bot       TEXT    NOT NULL,
    page      TEXT    NOT NULL, -- template of a path; empty when it is not known
    offset_ms INTEGER NOT NULL, -- smallest (received - sent) of its envelopes
    seqs      BLOB    NOT NULL, -- numbers of items that came, packed as runs
    came      INTEGER NOT NULL, -- how many they are
    next      INTEGER NOT NULL, -- the greatest of them, plus 1
    dropped   INTEGER NOT NULL, -- items that it says it dropped
    PRIMARY KEY (project, boot)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_boot_by_time ON delivery_boot (project, first_ms);

-- What is left of page loads that were forgotten.
CREATE TABLE delivery_lost (
    project INTEGER NOT NULL,
    day     INTEGER NOT NULL, -- on which they were first heard of, since 1970
    browser TEXT    NOT NULL,
    boots   INTEGER NOT NULL,
    came    INTEGER NOT NULL,
    lost    INTEGER NOT NULL,
    dropped INTEGER NOT NULL,
    PRIMARY KEY (project, day, browser)
) STRICT, WITHOUT ROWID;

-- Dead letters: what was refused, in case that the reason goes away.
CREATE TABLE letter (
    number      INTEGER PRIMARY KEY AUTOINCREMENT, -- never given again
    project     INTEGER NOT NULL,
    reason      TEXT    NOT NULL,
    received_ms INTEGER NOT NULL,
    install     BLOB    NOT NULL CHECK (length(install) = 16),
    hash        BLOB    NOT NULL CHECK (length(hash) = 16),
    site_key    TEXT    NOT NULL,
    message     TEXT    NOT NULL,
    header      TEXT    NOT NULL,
    line        TEXT    NOT NULL,
    is_cut      INTEGER NOT NULL CHECK (is_cut IN (0, 1)),
    UNIQUE (project, hash)
) STRICT;

CREATE INDEX letter_by_reason ON letter (project, reason, number);
CREATE INDEX letter_by_install ON letter (project, install);

CREATE TABLE letter_sum (
    project INTEGER NOT NULL,
    reason  TEXT    NOT NULL,
    letters INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    dropped INTEGER NOT NULL,
    PRIMARY KEY (project, reason)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER letter_comes AFTER INSERT ON letter BEGIN
    INSERT INTO letter_sum (project, reason, letters, bytes, dropped)
    VALUES (new.project, new.reason, 1, length(CAST(new.line AS BLOB)), 0)
    ON CONFLICT (project, reason) DO UPDATE SET
        letters = letters + 1, bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER letter_goes AFTER DELETE ON letter BEGIN
    UPDATE letter_sum
    SET letters = letters - 1, bytes = bytes - length(CAST(old.line AS BLOB))
    WHERE project = old.project AND reason = old.reason;
END;
