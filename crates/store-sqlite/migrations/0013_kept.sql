-- Layout 13: how long admins have things kept.

CREATE TABLE keep (
    kind    TEXT    NOT NULL PRIMARY KEY,            -- its key in the configuration
    keep_ms INTEGER CHECK (keep_ms >= 86400000),     -- since it arrived; null is for good
    rev     INTEGER NOT NULL                         -- counts its changes
) STRICT, WITHOUT ROWID;
