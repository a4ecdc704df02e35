-- Layout 9: sites that are changed while pages use them, and which versions of the software send.

ALTER TABLE site ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN rev INTEGER NOT NULL DEFAULT 0; -- grows with every change
-- When something of its pages was kept, the last time to a minute.
ALTER TABLE site ADD COLUMN first_ms INTEGER;
ALTER TABLE site ADD COLUMN last_ms INTEGER;

-- Keys that were replaced and still work for a while. They stay, so that none is given again.
CREATE TABLE site_former_key (
    key      TEXT    NOT NULL PRIMARY KEY,
    site     INTEGER REFERENCES site (id) ON DELETE SET NULL,
    until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX site_former_key_by_site ON site_former_key (site);

-- Items that were kept, by what sent them.
CREATE TABLE delivery_sdk (
    project INTEGER NOT NULL,
    hour    INTEGER NOT NULL, -- of arrival, since 1970
    browser TEXT    NOT NULL,
    bot     TEXT    NOT NULL, -- empty for people
    sdk     TEXT    NOT NULL, -- name and version
    items   INTEGER NOT NULL,
    late    INTEGER NOT NULL, -- of them: that came more than an hour after they happened
    PRIMARY KEY (project, hour, browser, bot, sdk)
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_by_actor ON audit (project, actor, id);
CREATE INDEX audit_by_action ON audit (project, action, id);

-- People as OpenID providers name them, once they came that way.
CREATE TABLE person_identity (
    issuer  TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    person  INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (issuer, subject),
    UNIQUE (person, issuer)
) STRICT, WITHOUT ROWID;
