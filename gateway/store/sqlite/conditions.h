/* conditions: what statements of more than one file say in the same words. */
#pragma once

/* Open requests that outlast their person's wish to be forgotten: ?2, a JSON list of ids. */
#define KEPT "FROM request AS kept WHERE kept.id IN (SELECT value FROM json_each(?2)) AND kept.state < 3"
#define KEPT_REQUESTS "SELECT kept.id " KEPT
/* And those that do not: ?1, the person; ?3, when it was wished. */
#define GOING_REQUESTS "SELECT id FROM request WHERE person = ?1 AND id NOT IN (" KEPT_REQUESTS ") AND created_at <= ?3"

/* The request that a text answers: which an operator said, or the latest one of its session from before it. */
#define ANSWERED_BY(text)                                                                                              \
    "coalesce(" text ".request, (SELECT max(r.id) FROM request AS r WHERE r.session = " text                           \
    ".session AND r.id < " text ".id))"
#define ANSWERED_REQUEST ANSWERED_BY("text")

#define TEXTS_SAY                                                                                                      \
    "coalesce((SELECT CASE WHEN max(t.state IN (4, 6)) THEN 1 WHEN max(t.state = 5) THEN 2 ELSE 0 END "                \
    "FROM outbox AS t WHERE t.phone = request.phone AND t.dealt_at IS NULL AND t.kind = 0 "                            \
    "AND request.id = " ANSWERED_BY("t") "), 0)"
