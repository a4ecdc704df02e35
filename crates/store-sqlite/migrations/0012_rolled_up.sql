-- Layout 12: who was shown what, by day, so that nobody counts every impression again.

-- A row for each day on which a survey was shown. Once the day is over its people are gathered: ids of installs,
-- sorted, each once. Whoever adds or takes away an impression of the day lets go of them, and until they are gathered
-- again its impressions are read one by one.
CREATE TABLE shown_day (
    row      INTEGER PRIMARY KEY,
    project  INTEGER NOT NULL,
    survey   TEXT    NOT NULL,
    day      INTEGER NOT NULL, -- since 1970 (UTC)
    feedback INTEGER NOT NULL CHECK (feedback IN (0, 1)),
    rev      INTEGER NOT NULL DEFAULT 0, -- grows with every change of its impressions
    times    INTEGER, -- impressions
    people   BLOB CHECK (length(people) % 16 = 0),
    UNIQUE (project, survey, day, feedback),
    CHECK ((times IS NULL) = (people IS NULL))
) STRICT;

CREATE INDEX shown_day_to_gather ON shown_day (day) WHERE people IS NULL;

INSERT INTO shown_day (project, survey, day, feedback)
SELECT DISTINCT project, survey, at_ms / 86400000, feedback FROM impression;

-- Page loads whose surveys are only tried: nobody who could see one.
ALTER TABLE delivery_boot ADD COLUMN test INTEGER NOT NULL DEFAULT 0 CHECK (test IN (0, 1));

-- Sums of `delivery_boot`, by the hour in which a page load was first heard of: always the same as adding it up.
CREATE TABLE delivery_boot_hour (
    project INTEGER NOT NULL,
    hour    INTEGER NOT NULL, -- since 1970
    browser TEXT    NOT NULL,
    bot     TEXT    NOT NULL,
    page    TEXT    NOT NULL,
    test    INTEGER NOT NULL,
    boots   INTEGER NOT NULL,
    came    INTEGER NOT NULL,
    missing INTEGER NOT NULL, -- next - came
    dropped INTEGER NOT NULL,
    PRIMARY KEY (project, hour, browser, bot, page, test)
) STRICT, WITHOUT ROWID;

INSERT INTO delivery_boot_hour
SELECT project, first_ms / 3600000, browser, bot, page, test, count(*), sum(came), sum(next - came), sum(dropped)
FROM delivery_boot GROUP BY 1, 2, 3, 4, 5, 6;

-- Page loads of which something may still come.
CREATE INDEX delivery_boot_missing ON delivery_boot (project, last_ms) WHERE next > came;

-- The latest people of whom something is known.
CREATE INDEX response_with_traits ON response (project, number) WHERE respondent_traits IS NOT NULL;
