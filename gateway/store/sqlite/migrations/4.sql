-- From version 3 to 4: what is over and has to be looked at all the same is found by it, however much is over.

CREATE INDEX request_marked ON request (id) WHERE state >= 3 AND attention > 0;
