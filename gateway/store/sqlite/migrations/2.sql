-- From version 1 to 2: the whole conversation. Whose PIN was mistyped, what happened to a request, follow-ups, listed words.
ALTER TABLE phone ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE phone ADD COLUMN tries_at INTEGER;
ALTER TABLE phone ADD COLUMN renewed_at INTEGER;
ALTER TABLE person ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN tries_at INTEGER;
ALTER TABLE person ADD COLUMN leaving_at INTEGER;
ALTER TABLE person ADD COLUMN moved_at INTEGER;
CREATE INDEX person_pin ON person (phone) WHERE pin IS NOT NULL;

-- A request that an operator makes by hand, and its form, have no session: these two are written anew without their NOT NULL.
CREATE TABLE request_2 (
    id         INTEGER PRIMARY KEY,
    reference  TEXT NOT NULL,
    person     INTEGER NOT NULL REFERENCES person,
    phone      INTEGER NOT NULL REFERENCES phone,
    session    INTEGER REFERENCES session,
    entry      INTEGER REFERENCES entry,
    kind       INTEGER NOT NULL REFERENCES word,
    topic      INTEGER REFERENCES word,
    state      INTEGER NOT NULL,
    urgency    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    due_at     INTEGER,
    changed_at INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    attention  INTEGER NOT NULL DEFAULT 0,
    lang       INTEGER REFERENCES word,
    desk       INTEGER REFERENCES word,
    hidden     INTEGER NOT NULL DEFAULT 0,
    step       INTEGER NOT NULL DEFAULT 0,
    next_at    INTEGER
) STRICT;
INSERT INTO request_2 (id, reference, person, phone, session, entry, kind, topic, state, urgency, created_at, due_at,
                       changed_at, version, attention, lang)
SELECT id, reference, person, phone, session, entry, kind, topic, state, urgency, created_at, due_at, changed_at, version,
       attention, lang FROM request;
DROP TABLE request;
ALTER TABLE request_2 RENAME TO request;
CREATE TABLE entry_2 (
    id        INTEGER PRIMARY KEY,
    session   INTEGER REFERENCES session,
    person    INTEGER REFERENCES person,
    form      INTEGER NOT NULL REFERENCES word,
    state     INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER
) STRICT;
INSERT INTO entry_2 SELECT id, session, person, form, state, opened_at, closed_at FROM entry;
DROP TABLE entry;
ALTER TABLE entry_2 RENAME TO entry;
CREATE UNIQUE INDEX request_reference ON request (reference) WHERE state < 3;
CREATE INDEX request_person ON request (person);
CREATE INDEX request_session ON request (session);
CREATE INDEX entry_person ON entry (person) WHERE person IS NOT NULL;
CREATE INDEX request_over ON request (reference) WHERE state >= 3;
ALTER TABLE registration ADD COLUMN corrected_at INTEGER;
ALTER TABLE registration ADD COLUMN withdrawn_at INTEGER;
ALTER TABLE registration ADD COLUMN lang INTEGER REFERENCES word;
ALTER TABLE outbox ADD COLUMN asked INTEGER NOT NULL DEFAULT 1;
ALTER TABLE outbox ADD COLUMN dealt_at INTEGER;
ALTER TABLE outbox ADD COLUMN request INTEGER REFERENCES request;
CREATE INDEX outbox_request ON outbox (request) WHERE request IS NOT NULL;
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

CREATE TABLE operator (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    shown       TEXT NOT NULL,
    roles       INTEGER NOT NULL,
    topics      TEXT NOT NULL,
    languages   TEXT NOT NULL,
    disabled    INTEGER NOT NULL,
    password    TEXT,
    must_change INTEGER NOT NULL,
    totp        BLOB,
    totp_step   INTEGER NOT NULL,
    recovery    BLOB,
    failures    INTEGER NOT NULL,
    failed_at   INTEGER,
    lang        TEXT NOT NULL,
    theme       INTEGER NOT NULL,
    shortcuts   INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    last_at     INTEGER,
    version     INTEGER NOT NULL
) STRICT;

CREATE TABLE sign_in (
    id         INTEGER PRIMARY KEY,
    operator   INTEGER NOT NULL REFERENCES operator,
    token      BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    ended_at   INTEGER,
    half       INTEGER NOT NULL,
    locked     INTEGER NOT NULL,
    agent      TEXT
) STRICT;
CREATE INDEX sign_in_operator ON sign_in (operator) WHERE ended_at IS NULL;

CREATE TABLE request_desk (
    request     INTEGER PRIMARY KEY REFERENCES request,
    assignee    INTEGER REFERENCES operator,
    assigned_at INTEGER,
    viewed_at   INTEGER,
    wait_until  INTEGER,
    outcome     INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    merged_into INTEGER REFERENCES request,
    made_by     INTEGER REFERENCES operator,
    came_by     INTEGER NOT NULL,
    texted      INTEGER NOT NULL
) STRICT;
CREATE INDEX request_desk_assigned ON request_desk (assignee, assigned_at) WHERE assignee IS NOT NULL;
CREATE INDEX request_desk_merged ON request_desk (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE note (
    id       INTEGER PRIMARY KEY,
    request  INTEGER NOT NULL REFERENCES request,
    operator INTEGER NOT NULL REFERENCES operator,
    at       INTEGER NOT NULL,
    replaces INTEGER REFERENCES note,
    clinical INTEGER NOT NULL,
    sealed   BLOB NOT NULL
) STRICT;
CREATE INDEX note_request ON note (request);
CREATE TABLE attempt (
    id       INTEGER PRIMARY KEY,
    request  INTEGER NOT NULL REFERENCES request,
    operator INTEGER NOT NULL REFERENCES operator,
    at       INTEGER NOT NULL,
    result   INTEGER NOT NULL
) STRICT;
CREATE INDEX attempt_request ON attempt (request);
CREATE TABLE referral (
    id         INTEGER PRIMARY KEY,
    request    INTEGER NOT NULL REFERENCES request,
    operator   INTEGER NOT NULL REFERENCES operator,
    at         INTEGER NOT NULL,
    office     TEXT NOT NULL,
    consent    INTEGER NOT NULL,
    due_at     INTEGER,
    settled_at INTEGER,
    sealed     BLOB
) STRICT;
CREATE INDEX referral_request ON referral (request);
CREATE TABLE draft (
    operator INTEGER NOT NULL REFERENCES operator,
    request  INTEGER NOT NULL REFERENCES request,
    place    TEXT NOT NULL,
    at       INTEGER NOT NULL,
    sealed   BLOB NOT NULL,
    PRIMARY KEY (operator, request, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_request ON draft (request);
CREATE TABLE person_flag (
    id         INTEGER PRIMARY KEY,
    person     INTEGER NOT NULL REFERENCES person,
    operator   INTEGER NOT NULL REFERENCES operator,
    at         INTEGER NOT NULL,
    until      INTEGER NOT NULL,
    dropped_at INTEGER,
    sealed     BLOB NOT NULL
) STRICT;
CREATE INDEX person_flag_person ON person_flag (person);
CREATE TABLE saved_filter (
    id       INTEGER PRIMARY KEY,
    operator INTEGER NOT NULL REFERENCES operator,
    name     TEXT NOT NULL,
    query    TEXT NOT NULL,
    UNIQUE (operator, name)
) STRICT;

CREATE TABLE done (
    key     BLOB PRIMARY KEY,
    at      INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    id      INTEGER,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX done_at ON done (at);

CREATE TABLE audit (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    operator INTEGER REFERENCES operator,
    action   INTEGER NOT NULL,
    object   INTEGER NOT NULL,
    about    INTEGER,
    detail   INTEGER REFERENCES word,
    peer     TEXT,
    mac      BLOB NOT NULL
) STRICT;
CREATE INDEX audit_about ON audit (object, about) WHERE about IS NOT NULL;
CREATE INDEX audit_operator ON audit (operator) WHERE operator IS NOT NULL;

CREATE INDEX request_open ON request (urgency, due_at, id, state, changed_at, topic, desk, lang, attention)
    WHERE state < 3;
CREATE INDEX request_closed ON request (changed_at) WHERE state >= 3;
CREATE INDEX outbox_trouble ON outbox (id) WHERE state IN (4, 5, 6) AND dealt_at IS NULL;
CREATE INDEX triage_session ON triage (session);
