-- Who may do what, and what was done.

ALTER TABLE person ADD COLUMN role TEXT NOT NULL DEFAULT 'viewer'
    CHECK (role IN ('viewer', 'responder', 'manager', 'admin'));

-- Whoever could sign in before there were roles could do everything.
UPDATE person SET role = 'admin';

-- One open link a person, to choose a password by.
CREATE TABLE password_link (
    person     INTEGER NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    token_hash BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    expires_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE api_token (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- an id that was told is never given again
    project    INTEGER NOT NULL REFERENCES project (id),
    token_hash BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    prefix     TEXT    NOT NULL, -- how its text begins, for people to recognise it
    name       TEXT    NOT NULL,
    role       TEXT    NOT NULL CHECK (role IN ('viewer', 'responder', 'manager', 'admin')),
    scopes     TEXT    NOT NULL, -- names, with spaces between
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER,          -- absent: never
    used_ms    INTEGER,          -- to some minutes
    revoked_ms INTEGER
) STRICT;

CREATE INDEX api_token_by_project ON api_token (project);

-- What was changed, by whom. Rows of this table never change and never go.
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY, -- order of time
    project    INTEGER NOT NULL REFERENCES project (id),
    at_ms      INTEGER NOT NULL,
    credential TEXT    NOT NULL CHECK (credential IN ('session', 'token', 'link', 'command_line', 'none')),
    actor      TEXT    NOT NULL, -- an address of a person, the name of a token
    action     TEXT    NOT NULL,
    target     TEXT    NOT NULL,
    detail     TEXT    NOT NULL
) STRICT;

CREATE INDEX audit_by_project ON audit (project, id);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;

CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
