-- From version 1 to 2: the whole conversation. Whose PIN was mistyped, what happened to a request, follow-ups, listed words.
ALTER TABLE phone ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE phone ADD COLUMN tries_at INTEGER;
ALTER TABLE phone ADD COLUMN renewed_at INTEGER;
ALTER TABLE person ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN tries_at INTEGER;
ALTER TABLE person ADD COLUMN leaving_at INTEGER;
ALTER TABLE person ADD COLUMN moved_at INTEGER;
CREATE INDEX person_pin ON person (phone) WHERE pin IS NOT NULL;
ALTER TABLE request ADD COLUMN desk INTEGER REFERENCES word;
ALTER TABLE request ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN step INTEGER NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN next_at INTEGER;
CREATE INDEX request_over ON request (reference) WHERE state >= 3;
ALTER TABLE registration ADD COLUMN corrected_at INTEGER;
ALTER TABLE registration ADD COLUMN withdrawn_at INTEGER;
ALTER TABLE registration ADD COLUMN lang INTEGER REFERENCES word;
ALTER TABLE outbox ADD COLUMN asked INTEGER NOT NULL DEFAULT 1;
CREATE TABLE request_step (
    id      INTEGER PRIMARY KEY,
    request INTEGER NOT NULL REFERENCES request,
    at      INTEGER NOT NULL,
    step    INTEGER NOT NULL,
    by      INTEGER NOT NULL
) STRICT;
CREATE INDEX request_step_request ON request_step (request);

CREATE TABLE follow_up (
    id           INTEGER PRIMARY KEY,
    person       INTEGER REFERENCES person,
    phone        INTEGER REFERENCES phone,
    registration INTEGER REFERENCES registration,
    month        INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL,
    session      INTEGER REFERENCES session
) STRICT;
CREATE INDEX follow_up_due ON follow_up (due_at) WHERE state < 2;
CREATE INDEX follow_up_person ON follow_up (person);

CREATE TABLE triage (
    id      INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session,
    turn    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    person  INTEGER NOT NULL REFERENCES person,
    rule    INTEGER NOT NULL REFERENCES word,
    urgency INTEGER NOT NULL,
    sealed  BLOB NOT NULL
) STRICT;
CREATE INDEX triage_person ON triage (person);

ALTER TABLE stray ADD COLUMN sender BLOB;
CREATE INDEX stray_sender ON stray (sender) WHERE sender IS NOT NULL;
CREATE INDEX session_phone ON session (phone) WHERE phone IS NOT NULL;
CREATE INDEX message_session ON message (session, at);
CREATE INDEX report_outbox ON report (outbox);
CREATE INDEX person_phone ON person (phone);
CREATE INDEX person_leaving ON person (leaving_at) WHERE leaving_at IS NOT NULL;
CREATE TABLE acted (
    session INTEGER NOT NULL REFERENCES session,
    person  INTEGER NOT NULL REFERENCES person,
    PRIMARY KEY (session, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX acted_person ON acted (person);
CREATE TABLE sought (
    session INTEGER NOT NULL REFERENCES session,
    person  INTEGER NOT NULL REFERENCES person,
    PRIMARY KEY (session, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX sought_person ON sought (person);
