-- Layout 3: sums of what page loads measured, and what follows from them.
--
-- Storage grows with features, templates and time, never with traffic: of a report, only its id
-- stays, and not for long. Numbers within a sum are packed; `src/telemetry` packs and unpacks them.

-- What came. -----------------------------------------------------------------------------------

-- Ids of reports, so that each counts once. Ids begin with the time at which they were made, so
-- that this is written at its end and pruned from its start.
CREATE TABLE latency_seen (
    project   INTEGER NOT NULL,
    id        BLOB    NOT NULL CHECK (length(id) = 16),
    body_hash BLOB    NOT NULL CHECK (length(body_hash) = 16), -- the first half of SHA-256
    day       INTEGER NOT NULL,                                -- of arrival, since 1970
    PRIMARY KEY (project, id)
) STRICT, WITHOUT ROWID;

-- Names. ---------------------------------------------------------------------------------------

CREATE TABLE latency_feature (
    id      INTEGER PRIMARY KEY CHECK (id < 16777216), -- 24 bits
    project INTEGER NOT NULL,
    name    TEXT    NOT NULL,                          -- empty for what belongs to no feature
    changed INTEGER NOT NULL DEFAULT 0,                -- grows with each commit that counts anything
    newest  INTEGER NOT NULL DEFAULT 0,                -- number of the newest slice of 10 s
    UNIQUE (project, name)
) STRICT;

CREATE TABLE latency_template (
    id       INTEGER PRIMARY KEY, -- feature * 2048 + a number within the feature
    feature  INTEGER NOT NULL,
    method   TEXT    NOT NULL,
    template TEXT    NOT NULL,
    UNIQUE (feature, method, template)
) STRICT;

-- Sums. ----------------------------------------------------------------------------------------

-- By time, then by feature: what is written together lies together, and one feature is found by the
-- key alone. `at` is the number of the slice (or minute, or hour) since 1970 * 2^24 + feature.
CREATE TABLE latency_slice (
    at     INTEGER PRIMARY KEY,
    totals BLOB    NOT NULL
) STRICT;

CREATE TABLE latency_minute (
    at           INTEGER PRIMARY KEY,
    totals       BLOB    NOT NULL,
    distribution BLOB    NOT NULL
) STRICT;

CREATE TABLE latency_hour (
    at           INTEGER PRIMARY KEY,
    totals       BLOB    NOT NULL,
    distribution BLOB    NOT NULL
) STRICT;

-- `at` is the number of the minute (or hour) since 1970 * 2^35 + template.
CREATE TABLE latency_template_minute (
    at           INTEGER PRIMARY KEY,
    distribution BLOB    NOT NULL
) STRICT;

CREATE TABLE latency_template_hour (
    at           INTEGER PRIMARY KEY,
    distribution BLOB    NOT NULL
) STRICT;

CREATE TABLE latency_vital (
    project   INTEGER NOT NULL,
    hour      INTEGER NOT NULL, -- since 1970
    name      TEXT    NOT NULL,
    histogram BLOB    NOT NULL,
    PRIMARY KEY (project, hour, name)
) STRICT, WITHOUT ROWID;

-- Requests that pages could not measure.
CREATE TABLE latency_overflow (
    project  INTEGER NOT NULL,
    minute   INTEGER NOT NULL, -- since 1970
    requests INTEGER NOT NULL,
    PRIMARY KEY (project, minute)
) STRICT, WITHOUT ROWID;

-- Sums that began before this hour have been pruned: nothing is added there any more. One row.
CREATE TABLE latency_floor (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    slice  INTEGER NOT NULL, -- of `latency_slice`, in hours since 1970
    minute INTEGER NOT NULL  -- of the tables by the minute, in hours since 1970
) STRICT;

INSERT INTO latency_floor (id, slice, minute) VALUES (1, 0, 0);

-- What follows. --------------------------------------------------------------------------------

CREATE TABLE outage (
    id         INTEGER PRIMARY KEY,
    project    INTEGER NOT NULL,
    feature    TEXT    NOT NULL,
    from_ms    INTEGER NOT NULL,
    to_ms      INTEGER,                                        -- absent while it lasts
    partial    INTEGER NOT NULL CHECK (partial IN (0, 1)),
    peak_share REAL    NOT NULL,
    failed     INTEGER NOT NULL,
    revision   INTEGER NOT NULL
) STRICT;

CREATE INDEX outage_by_start ON outage (project, feature, from_ms);

-- What is left of slices that were pruned.
CREATE TABLE hour_score (
    project       INTEGER NOT NULL,
    feature       TEXT    NOT NULL,
    hour          INTEGER NOT NULL, -- since 1970
    known_ms      INTEGER NOT NULL,
    ratio_down_ms INTEGER NOT NULL,
    PRIMARY KEY (project, feature, hour)
) STRICT, WITHOUT ROWID;

-- Changes, in the order in which they were found.
CREATE TABLE alert (
    id        INTEGER PRIMARY KEY,
    project   INTEGER NOT NULL,
    at_ms     INTEGER NOT NULL,
    feature   TEXT    NOT NULL,
    stage     TEXT    NOT NULL, -- headers, body; empty for availability
    within_ms INTEGER NOT NULL, -- 0 for availability
    severity  TEXT    NOT NULL CHECK (severity IN ('page', 'ticket')),
    long_ms   INTEGER NOT NULL,
    short_ms  INTEGER NOT NULL,
    state     TEXT    NOT NULL CHECK (state IN ('page', 'ticket', 'resolved', 'unknown')),
    burn      REAL
) STRICT;

CREATE INDEX alert_by_objective
    ON alert (project, feature, stage, within_ms, severity, long_ms, short_ms, id);

CREATE INDEX alert_by_time ON alert (project, at_ms, id);

-- What people say. -----------------------------------------------------------------------------

CREATE TABLE maintenance (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- an id that was told is never given again
    project INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms   INTEGER NOT NULL,
    feature TEXT,                              -- absent for all
    note    TEXT    NOT NULL
) STRICT;

CREATE INDEX maintenance_by_start ON maintenance (project, from_ms);

-- Rows of this table never change.
CREATE TABLE budgets (
    project      INTEGER NOT NULL,
    version      INTEGER NOT NULL CHECK (version >= 1),
    published_ms INTEGER NOT NULL,
    document     TEXT    NOT NULL, -- JSON
    PRIMARY KEY (project, version)
) STRICT;

-- Responses. -----------------------------------------------------------------------------------

-- What the person had waited for when they answered, as JSON; absent when the page measured nothing.
ALTER TABLE response ADD COLUMN latency TEXT;
