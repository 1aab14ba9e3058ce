-- From version 3 to 4: what is over and has to be looked at all the same is found by it, however much is over.
-- Whoever took a request back waits for no text and no office any more: what they wrote before they did is all there is to read.

UPDATE request SET attention = 0 WHERE state = 4 AND attention IN (1, 2);

CREATE INDEX request_marked ON request (id) WHERE state >= 3 AND attention > 0;
