-- The data file, version 4: what the steps of migrations/ lead to, which migration_test proves. Compiled in (schema.S).
--
-- Times are UTC milliseconds. Ids come from the program and grow with time, so rows append at the right edge of their tree.
-- Numbers of people are TEXT or sealed, never INTEGER: a leading 0 or + is part of them.
-- NULL says "none" or "not given"; 0 is a value.
--
-- REFERENCES are checked by `helpline verify` and on every backup (foreign_key_check), not at each insert: see README.md.

-- What this file is: 'key_check' tells whether the keys at hand belong to it.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- Short names that recur in every row (nodes, languages, channels, forms, fields, kinds, topics), stored once.
CREATE TABLE word (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

-- Screens without their run-time values, stored once by content. `hash` is keyed; the text is compared as well.
CREATE TABLE screen (
    id   INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL UNIQUE,
    text TEXT NOT NULL
) STRICT;

-- A number that dialled or texted: its keyed hash for finding it again; sealed, for calling back, only when somebody asked.
-- `tries`: wrong references and PINs typed on it, the last at `tries_at`. `renewed_at`: since when it counts as new, because it was
-- silent for long or an operator said so; who was on it before is reached by reference and PIN only.
-- There is no index on the hash: being random, it would dirty a page of its own for every new caller. lookups.c keeps them all in
-- memory; `helpline verify` checks that no two are the same.
CREATE TABLE phone (
    id           INTEGER PRIMARY KEY,
    lookup       BLOB NOT NULL,
    person       INTEGER REFERENCES person,
    last_session INTEGER REFERENCES session,
    lang         INTEGER REFERENCES word,
    opted_out    INTEGER NOT NULL,
    first_at     INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    number       BLOB,
    tries        INTEGER NOT NULL DEFAULT 0,
    tries_at     INTEGER,
    renewed_at   INTEGER
) STRICT;

-- Someone worth remembering, and the phone that they were last on, since `moved_at` if they came from another. `tries`: wrong PINs in a row, the last at `tries_at`. `leaving_at`: they asked to be forgotten and a
-- complaint is still open; with its closing the rest goes. `key` is wrapped by the master key; without it nothing that was sealed for them can be read.
CREATE TABLE person (
    id           INTEGER PRIMARY KEY,
    phone        INTEGER NOT NULL REFERENCES phone,
    created_at   INTEGER NOT NULL,
    forgotten_at INTEGER,
    key          BLOB,
    pin          BLOB,
    tries        INTEGER NOT NULL DEFAULT 0,
    tries_at     INTEGER,
    leaving_at   INTEGER,
    moved_at     INTEGER
) STRICT;
CREATE INDEX person_pin ON person (phone) WHERE pin IS NOT NULL;
CREATE INDEX person_phone ON person (phone);
CREATE INDEX person_leaving ON person (leaving_at) WHERE leaving_at IS NOT NULL;

-- A conversation. The same key may recur, because aggregators use session ids again: the newest one counts. There is no index
-- on it either: lookups.c keeps the last days' keys in memory.
CREATE TABLE session (
    id         INTEGER PRIMARY KEY,
    ended_at   INTEGER,
    phone      INTEGER REFERENCES phone,
    key        BLOB NOT NULL,
    channel    INTEGER NOT NULL REFERENCES word,
    kind       INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    cause      INTEGER NOT NULL,
    turns      INTEGER NOT NULL,
    seen_bytes INTEGER NOT NULL,
    seen_hash  INTEGER NOT NULL,
    continues  INTEGER REFERENCES session,
    state      BLOB NOT NULL
) STRICT;
-- Of whom it was, for forgetting and retention. Without a phone a session only counts: reduce.c.
CREATE INDEX session_phone ON session (phone) WHERE phone IS NOT NULL;

-- Somebody acted in a session on a phone that is not theirs, or that others use too: they gave reference and PIN.
CREATE TABLE acted (
    session INTEGER NOT NULL REFERENCES session,
    person  INTEGER NOT NULL REFERENCES person,
    PRIMARY KEY (session, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX acted_person ON acted (person);

-- Somebody asked in a session after a case of that person and has not given the PIN: what they typed goes with the person.
CREATE TABLE sought (
    session INTEGER NOT NULL REFERENCES session,
    person  INTEGER NOT NULL REFERENCES person,
    PRIMARY KEY (session, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX sought_person ON sought (person);

-- One exchange. What is sensitive stands in `sealed` (with the key of `person`) and not in its own column.
CREATE TABLE turn (
    session INTEGER NOT NULL REFERENCES session,
    number  INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    repeat  INTEGER,
    node    INTEGER REFERENCES word,
    page    INTEGER NOT NULL,
    lang    INTEGER REFERENCES word,
    asked   INTEGER REFERENCES word,
    flags   INTEGER NOT NULL,
    screen  INTEGER REFERENCES screen,
    input   TEXT,
    meaning TEXT,
    shown   BLOB,
    person  INTEGER REFERENCES person,
    sealed  BLOB,
    PRIMARY KEY (session, number)
) STRICT, WITHOUT ROWID;

-- A form being filled (state 0), finished (1) or given up (2). Without a session: an operator filled it for somebody.
CREATE TABLE entry (
    id        INTEGER PRIMARY KEY,
    session   INTEGER REFERENCES session,
    person    INTEGER REFERENCES person,
    form      INTEGER NOT NULL REFERENCES word,
    state     INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER
) STRICT;
CREATE INDEX entry_person ON entry (person) WHERE person IS NOT NULL;

-- Answers in the order first given. `value` is TEXT, or a BLOB when sealed with the key of the entry's person.
CREATE TABLE answer (
    id    INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL REFERENCES entry,
    field INTEGER NOT NULL REFERENCES word,
    at    INTEGER NOT NULL,
    value ANY NOT NULL CHECK (typeof(value) IN ('text', 'blob')),
    UNIQUE (entry, field)
) STRICT;

-- Someone asked for something. `version` grows with each change of state: who changes it says which one was seen. `attention`
-- says why an operator has to look besides (model/person.h); it is no state: the request goes on. `desk` is whom it is for,
-- `hidden` that its person never asked for it and is not shown it, `step` what happened last, `next_at` what was promised. Without
-- a session: an operator made it, of a voice call or for somebody who walked in.
CREATE TABLE request (
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
-- Six digits come round again: a reference is unique among what is open, and free when closed (3) or cancelled (4).
CREATE UNIQUE INDEX request_reference ON request (reference) WHERE state < 3;
CREATE INDEX request_over ON request (reference) WHERE state >= 3;
CREATE INDEX request_person ON request (person);
CREATE INDEX request_session ON request (session);

-- What happened to a request, in order: what its person is told when they ask, and its history at the desk. `by`: 0 the person,
-- 1 the program, 2 an operator.
CREATE TABLE request_step (
    id      INTEGER PRIMARY KEY,
    request INTEGER NOT NULL REFERENCES request,
    at      INTEGER NOT NULL,
    step    INTEGER NOT NULL,
    by      INTEGER NOT NULL
) STRICT;
CREATE INDEX request_step_request ON request_step (request);

CREATE TABLE registration (
    id              INTEGER PRIMARY KEY,
    reference       TEXT NOT NULL UNIQUE,
    person          INTEGER NOT NULL REFERENCES person,
    session         INTEGER NOT NULL REFERENCES session,
    entry           INTEGER REFERENCES entry,
    created_at      INTEGER NOT NULL,
    consent_version TEXT,
    corrected_at    INTEGER,
    withdrawn_at    INTEGER,
    lang            INTEGER REFERENCES word
) STRICT;
CREATE INDEX registration_person ON registration (person);

-- The same few questions some months after a registration, for those who agreed; without a person once the answers are old. `state`: include/model/person.h; `session` is the
-- one that asked.
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

-- A listed word that somebody wrote, and what the service's rule made of it. `sealed` holds the word.
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

-- Aggregators' message ids that were answered, as keyed hashes: the same one again gets the same answer. Without a session:
-- an acknowledgement was all.
CREATE TABLE message (
    key     BLOB PRIMARY KEY,
    session INTEGER REFERENCES session,
    turn    INTEGER NOT NULL,
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX message_session ON message (session, at);

-- Texts to send. `recipient` and `text` are sealed. `dealt_at`: an operator has dealt with its having failed. `request`: what an operator answered with it. `asked` 0: nobody asked for it just now, and it goes only to who agreed. States and kinds: include/model/outbox.h. A row is in the indices below only as
-- long as it waits or is on its way; pushes (kind above 0) wait in a line of their own.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY,
    phone      INTEGER NOT NULL REFERENCES phone,
    session    INTEGER REFERENCES session,
    channel    INTEGER NOT NULL REFERENCES word,
    state      INTEGER NOT NULL,
    reason     INTEGER NOT NULL,
    attempts   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    segments   INTEGER NOT NULL,
    kind       INTEGER NOT NULL DEFAULT 0,
    encoding   INTEGER NOT NULL DEFAULT 0,
    cost       INTEGER NOT NULL DEFAULT 0,
    sender     TEXT,
    link       TEXT,
    vendor_id  TEXT,
    recipient  BLOB NOT NULL,
    text       BLOB NOT NULL,
    asked      INTEGER NOT NULL DEFAULT 1,
    dealt_at   INTEGER,
    request    INTEGER REFERENCES request
) STRICT;
CREATE INDEX outbox_text_due ON outbox (channel, due_at) WHERE state = 0 AND kind = 0;
CREATE INDEX outbox_push_due ON outbox (channel, due_at) WHERE state = 0 AND kind > 0;
CREATE INDEX outbox_expires ON outbox (expires_at, created_at, state) WHERE state = 0;
CREATE INDEX outbox_waiting ON outbox (phone) WHERE state = 0;
CREATE INDEX outbox_sending ON outbox (phone) WHERE state = 1;
CREATE INDEX outbox_phone ON outbox (phone);
CREATE INDEX outbox_vendor ON outbox (vendor_id) WHERE vendor_id IS NOT NULL;
CREATE INDEX outbox_request ON outbox (request) WHERE request IS NOT NULL;

-- Delivery reports that came before the answer to the send that they are about: applied once the aggregator's id is known.
CREATE TABLE early_report (
    channel   INTEGER NOT NULL REFERENCES word,
    vendor_id TEXT NOT NULL,
    at        INTEGER NOT NULL,
    delivery  INTEGER NOT NULL,
    reason    TEXT,
    PRIMARY KEY (channel, vendor_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX early_report_at ON early_report (at);

-- Parts of a long text that came in several messages, until all are there or `due_at` is past. `key` is the keyed hash of what
-- they have in common, `message` what a repeat of the part is known by, `phone` the keyed hash of the sender, by which a part goes
-- when they are forgotten; `sealed` holds sender, code, link and text.
CREATE TABLE part (
    key     BLOB NOT NULL,
    number  INTEGER NOT NULL,
    total   INTEGER NOT NULL,
    channel INTEGER NOT NULL REFERENCES word,
    phone   BLOB NOT NULL,
    at      INTEGER NOT NULL,
    due_at  INTEGER NOT NULL,
    message BLOB NOT NULL,
    sealed  BLOB NOT NULL,
    PRIMARY KEY (key, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX part_due ON part (due_at);

-- Delivery reports as they came.
CREATE TABLE report (
    id       INTEGER PRIMARY KEY,
    outbox   INTEGER NOT NULL REFERENCES outbox,
    at       INTEGER NOT NULL,
    delivery INTEGER NOT NULL,
    reason   TEXT
) STRICT;
CREATE INDEX report_outbox ON report (outbox);

-- What came in, could be attributed to a channel, and was not understood. `raw` is sealed; `sender` is the
-- keyed hash of who sent it, by which it goes when they are forgotten.
CREATE TABLE stray (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    channel INTEGER NOT NULL REFERENCES word,
    why     TEXT NOT NULL,
    raw     BLOB NOT NULL,
    sender  BLOB
) STRICT;
CREATE INDEX stray_sender ON stray (sender) WHERE sender IS NOT NULL;

-- Who works at the desk. `totp` is sealed; `recovery` are keyed hashes; roles: include/model/rights.h, as bits.
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

-- A browser that somebody signed in with: the keyed hash of what its cookie holds.
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

-- What the desk knows of a request: no row, and nobody has touched it. include/model/desk.h has the words.
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

-- What was written and done by operators. `sealed` with the key of the request's person.
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

-- Words that an operator took out of a turn: none of them is here. They go with what else is kept of the turn.
CREATE TABLE redaction (
    session    INTEGER NOT NULL REFERENCES session,
    turn       INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    operator   INTEGER NOT NULL REFERENCES operator,
    characters INTEGER NOT NULL,
    PRIMARY KEY (session, turn)
) STRICT, WITHOUT ROWID;

-- Actions of operators that were carried out, by the key that their form carried: the same one again gets the same answer.
CREATE TABLE done (
    key     BLOB PRIMARY KEY,
    at      INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    id      INTEGER,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX done_at ON done (at);

-- Who did what. Ids and fixed words alone, so that a row outlives the person whom it is about; `mac` is a keyed hash over the one
-- before and this row, which `helpline verify --audit` proves. Rows are never changed and never deleted.
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

-- What the desk's pages are found by. The queue: what is open, danger first, then by when it is due; what is closed, the last first. A
-- request dirties a leaf of one of them whenever it changes, of both when it is closed or opened again: no session and no turn does.
-- The first holds all that says whether a request belongs on a page (`state` too: SQLite would look it up): every page counts them.
-- What is over and has to be looked at all the same, which is little: nothing that is closed is in it before a text about it fails.
-- Texts that somebody has to deal with: a text that arrives is never in it. Listed words of a session: one leaf a word.
CREATE INDEX request_open ON request (urgency, due_at, id, state, changed_at, topic, desk, lang, attention)
    WHERE state < 3;
CREATE INDEX request_closed ON request (changed_at) WHERE state >= 3;
CREATE INDEX request_marked ON request (id) WHERE state >= 3 AND attention > 0;
CREATE INDEX outbox_trouble ON outbox (id) WHERE state IN (4, 5, 6) AND dealt_at IS NULL;
CREATE INDEX triage_session ON triage (session);
