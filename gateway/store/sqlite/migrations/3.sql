-- From version 2 to 3: words that an operator took out of a turn.

CREATE TABLE redaction (
    session    INTEGER NOT NULL REFERENCES session,
    turn       INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    operator   INTEGER NOT NULL REFERENCES operator,
    characters INTEGER NOT NULL,
    PRIMARY KEY (session, turn)
) STRICT, WITHOUT ROWID;
