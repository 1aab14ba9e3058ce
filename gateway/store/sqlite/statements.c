#include "store/sqlite/statements.h"

#include <string.h>

#include "store/sqlite/columns.h"
#include "store/sqlite/conditions.h"

/* What is settled stays: delivered for good, failed and expired against the late news that it was sent. */
#define OUTBOX_SETTLED "((state = 3 AND ?2 <> 3) OR (state IN (4, 6) AND ?2 IN (2, 5)))"

/* What nobody asked for (?21) is failed (4), refused (7), from the start when its phone said STOP. */
#define UNLESS_REFUSED(refused, otherwise)                                                                             \
    "CASE WHEN ?21 = 0 AND EXISTS (SELECT 1 FROM phone WHERE id = ?2 AND opted_out) THEN " refused " ELSE " otherwise  \
    " END"

/* Never back to a person who was forgotten, whatever row the caller still holds. */
#define PERSON_LEFT "(SELECT id FROM person WHERE id = ?2 AND key IS NOT NULL)"

/* One a phone at a time, of texts and of pushes; and of what waits for the same channel, the oldest first. A text that is still kept for
 * later, and was never tried, stands before none: what its person asks for meanwhile is answered at once. `than`: a moment. */
#define TEXT_IS_DUE(than)                                                                                              \
    "state = 0 AND kind = 0 AND channel = ?1 "                                                                         \
    "AND NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.state = 1 AND o.phone = row.phone AND o.kind = 0) "             \
    "AND NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.state = 0 AND o.phone = row.phone AND o.id < row.id "           \
    "AND o.channel = row.channel AND o.kind = 0 AND (o.attempts > 0 OR o.due_at <= " than ")) "
#define PUSH_IS_DUE                                                                                                    \
    "state = 0 AND kind > 0 AND channel = ?1 "                                                                         \
    "AND NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.state = 1 AND o.phone = row.phone AND o.kind > 0) "             \
    "AND NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.state = 0 AND o.phone = row.phone AND o.id < row.id "           \
    "AND o.channel = row.channel AND o.kind > 0) "

/* Whether the session of a push is over: by anything but our own last page (cause 1), which is a push itself (kind 2). */
#define SESSION_IS_OVER                                                                                                \
    "EXISTS (SELECT 1 FROM session WHERE session.id = row.session AND ended_at IS NOT NULL "                           \
    "AND (row.kind = 1 OR cause <> 1))"

/* Of two early reports about one text: delivered for good, and a failure is not undone by the late news that it was sent. */
#define EARLY_IS_NEWS                                                                                                  \
    "delivery <> 2 AND (excluded.delivery = 2 OR delivery NOT IN (3, 4) OR excluded.delivery IN (3, 4))"

/* What the texts that answer a request, and that nobody has dealt with, say about it: 1, one did not arrive; 2, nobody can tell.
 * That its person wrote something since (3) says more, and stays; that an office is to be asked (4) says less, and stays without them. */
#define ATTENTION_BY_TEXTS                                                                                             \
    "CASE request.attention WHEN 3 THEN 3 WHEN 4 THEN coalesce(nullif(" TEXTS_SAY ", 0), 4) ELSE " TEXTS_SAY " END"

/* Once it is closed, only what was on its way by then is an answer to it: whoever asks a menu for a text later asks for something else.
 * Whoever took their request back waits for none. */
#define IS_ITS_ANSWER "(request.state < 3 OR (request.state = 3 AND text.created_at <= request.changed_at))"

/* What a text that has left still says about its person. */
#define OUTBOX_BLANKED                                                                                                 \
    "session = NULL, request = NULL, link = NULL, vendor_id = NULL, recipient = zeroblob(0), text = zeroblob(0)"
#define OUTBOX_HOLDS                                                                                                   \
    "(length(text) > 0 OR session IS NOT NULL OR request IS NOT NULL OR link IS NOT NULL OR vendor_id IS NOT NULL)"

#define KEPT_ENTRIES "SELECT kept.entry " KEPT " AND kept.entry IS NOT NULL"
#define KEPT_SESSIONS "SELECT kept.session " KEPT " AND kept.session IS NOT NULL"

/* The phone that a person was last on, and between which times its sessions are taken for theirs: all before the next person
 * came, and when nobody was there before them, what was said before they were anybody too. */
#define PERSON_TIMES                                                                                                   \
    "SELECT p.phone, CASE WHEN EXISTS (SELECT 1 FROM person AS o WHERE o.phone = p.phone AND o.id < p.id) "            \
    "THEN coalesce(p.moved_at, p.created_at) ELSE 0 END, "                                                             \
    "CASE WHEN phone.person IS NULL OR phone.person = p.id THEN ?2 ELSE coalesce("                                     \
    "(SELECT min(o.created_at) FROM person AS o WHERE o.phone = p.phone AND o.id > p.id), ?2) END "                    \
    "FROM person AS p JOIN phone ON phone.id = p.phone WHERE p.id = ?1 AND p.key IS NOT NULL"
#define PERSON_SESSIONS                                                                                                \
    "SELECT id FROM ("                                                                                                 \
    "SELECT session AS id FROM acted WHERE person = ?1 UNION SELECT session FROM request WHERE person = ?1 "           \
    "UNION SELECT session FROM registration WHERE person = ?1 UNION SELECT session FROM entry WHERE person = ?1 "      \
    "UNION SELECT session FROM triage WHERE person = ?1 "                                                              \
    "UNION SELECT session FROM follow_up WHERE person = ?1 AND session IS NOT NULL "                                   \
    "UNION SELECT id FROM session WHERE phone = ?3 AND last_at >= ?4 AND started_at <= ?5 AND NOT EXISTS ("            \
    "SELECT 1 FROM acted WHERE acted.session = session.id AND acted.person <> ?1)"                                     \
    ") AS theirs WHERE id NOT IN (" KEPT_SESSIONS ") "                                                                 \
    "AND EXISTS (SELECT 1 FROM session WHERE session.id = theirs.id AND started_at <= ?6)"

/* A key made of what was said may come round again (core/repeat.c), an aggregator's id never does. */
#define HOUR_MS "3600000"

static const char *const texts[SQL_COUNT] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_BEGIN_READING] = "BEGIN",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",

    [SQL_WORD_INSERT] = "INSERT INTO word (id, text) VALUES (?1, ?2)",
    [SQL_SCREEN_BY_HASH] = "SELECT id, text FROM screen WHERE hash = ?1",
    [SQL_SCREEN_INSERT] = "INSERT INTO screen (hash, text) VALUES (?1, ?2) RETURNING id",

    [SQL_PHONE_BY_ID] = "SELECT " PHONE_COLUMNS " FROM phone WHERE id = ?1",
    [SQL_PHONE_IS] = "SELECT 1 FROM phone WHERE id = ?1 AND lookup = ?2",
    [SQL_PHONE_NUMBER] = "SELECT number FROM phone WHERE id = ?1 AND number IS NOT NULL",
    [SQL_PHONE_INSERT] = "INSERT INTO phone (last_at, person, last_session, lang, opted_out, number, id, tries, "
                         "tries_at, renewed_at, lookup, "
                         "first_at) VALUES (?1, " PERSON_LEFT ", ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    [SQL_PHONE_UPDATE] = "UPDATE phone SET last_at = ?1, person = " PERSON_LEFT ", last_session = ?3, lang = ?4, "
                         "opted_out = ?5, number = coalesce(?6, number), tries = ?8, tries_at = ?9, renewed_at = ?10 "
                         "WHERE id = ?7",
    [SQL_PERSON_INSERT] = "INSERT INTO person (id, phone, created_at, key) VALUES (?1, ?2, ?3, ?4)",
    [SQL_PERSON_LINK] = "UPDATE phone SET person = ?2 WHERE id = ?1",
    [SQL_PERSON_KEY] = "SELECT key FROM person WHERE id = ?1 AND key IS NOT NULL",
    [SQL_PERSON_PIN] = "UPDATE person SET pin = ?2, tries = 0, tries_at = NULL WHERE id = ?1 AND key IS NOT NULL",
    [SQL_PERSON_TRIES] = "UPDATE person SET tries = ?2, tries_at = ?3 WHERE id = ?1 AND key IS NOT NULL",
    [SQL_PERSON_MOVE] = "UPDATE person SET phone = ?2, moved_at = ?3 WHERE id = ?1 AND key IS NOT NULL",
    [SQL_PERSON_BY_ID] = "SELECT " PERSON_COLUMNS " FROM person WHERE id = ?1 AND key IS NOT NULL",
    [SQL_PEOPLE_OF_PHONE] =
        "SELECT " PERSON_COLUMNS " FROM person WHERE phone = ?1 AND pin IS NOT NULL AND key IS NOT NULL "
        "AND coalesce(moved_at, created_at) >= "
        "coalesce((SELECT renewed_at FROM phone WHERE phone.id = ?1), 0) ORDER BY id DESC LIMIT ?2",
    [SQL_PERSON_UNLINK] = "UPDATE phone SET person = NULL WHERE person = ?1 AND id <> ?2 "
                          "AND id = (SELECT phone FROM person WHERE person.id = ?1)",
    [SQL_PERSON_MOVE_REQUESTS] = "UPDATE request SET phone = ?2 WHERE person = ?1 AND (state < 3 OR session IS NULL)",
    [SQL_CASE_FIND] = "SELECT person FROM ("
                      "SELECT person, 0 AS rank, id FROM request WHERE reference = ?1 AND state < 3 AND hidden = 0 "
                      "UNION ALL SELECT person, 1, id FROM registration WHERE reference = ?1 "
                      "UNION ALL SELECT person, 2, id FROM request WHERE reference = ?1 AND state >= 3 AND hidden = 0) "
                      "ORDER BY rank, id DESC LIMIT 1",
    [SQL_PHONE_LOOKUP] = "SELECT lookup FROM phone WHERE id = ?1",

    [SQL_SESSION_BY_ID] = "SELECT " SESSION_COLUMNS " FROM session WHERE id = ?1",
    [SQL_SESSION_INSERT] = "INSERT INTO session (" SESSION_COLUMNS ") "
                           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    [SQL_SESSION_UPDATE] = "UPDATE session SET last_at = ?2, ended_at = ?3, cause = ?4, turns = ?5, "
                           "seen_bytes = ?6, seen_hash = ?7, continues = ?8, state = ?9 WHERE id = ?1",

    [SQL_TURN_BY_NUMBER] = "SELECT " TURN_COLUMNS " WHERE session = ?1 AND number = ?2",
    [SQL_TURN_BY_REPEAT] =
        "SELECT " TURN_COLUMNS " WHERE session = ?1 AND repeat = ?2 ORDER BY turn.number DESC LIMIT 1",
    [SQL_TURN_INSERT] = "INSERT INTO turn (session, number, at, repeat, node, page, lang, asked, flags, screen, input, "
                        "meaning, shown, person, sealed) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",

    [SQL_ENTRY_INSERT] =
        "INSERT INTO entry (id, session, person, form, state, opened_at) VALUES (?1, ?2, ?3, ?4, 0, ?5)",
    [SQL_ENTRY_CLOSE] = "UPDATE entry SET state = ?2, closed_at = ?3 WHERE id = ?1",
    [SQL_ENTRY_CLAIM] = "UPDATE entry SET person = ?2 WHERE id = ?1 AND (person IS NULL OR person = ?2)",
    [SQL_ANSWER_SAVE] = "INSERT INTO answer (entry, field, at, value) VALUES (?1, ?2, ?3, ?4) "
                        "ON CONFLICT (entry, field) DO UPDATE SET at = excluded.at, value = excluded.value",
    [SQL_ANSWERS_OF_ENTRY] = "SELECT " ANSWER_COLUMNS " WHERE entry = ?1 ORDER BY answer.id",

    [SQL_REQUEST_INSERT] = "INSERT INTO request (" REQUEST_COLUMNS ") "
                           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
                           "?19, ?20)",
    /* Whoever takes theirs back (4) waits for no text and no office any more. */
    [SQL_REQUEST_STATE] = "UPDATE request SET state = ?3, urgency = ?4, changed_at = ?5, due_at = ?6, step = ?7, "
                          "next_at = ?8, entry = ?9, version = version + 1, attention = "
                          "CASE WHEN ?3 = 4 AND attention <> 3 THEN 0 ELSE attention END "
                          "WHERE id = ?1 AND version = ?2",
    [SQL_REQUEST_STEP] = "INSERT INTO request_step (request, at, step, by) VALUES (?1, ?2, ?3, ?4)",
    [SQL_REQUESTS_OF_PERSON] =
        "SELECT " REQUEST_COLUMNS " FROM request WHERE person = ?1 AND hidden = 0 ORDER BY id DESC LIMIT ?2",
    [SQL_REGISTRATION_INSERT] = "INSERT INTO registration (id, reference, person, session, entry, created_at, "
                                "consent_version, lang) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [SQL_REGISTERED] = "SELECT reference, created_at, EXISTS (SELECT 1 FROM follow_up WHERE person = ?1 AND state = 1) "
                       "FROM registration WHERE person = ?1 AND withdrawn_at IS NULL "
                       "ORDER BY id DESC LIMIT 1",
    [SQL_REGISTRATION_LATEST] = "SELECT id, entry FROM registration WHERE person = ?1 AND withdrawn_at IS NULL "
                                "ORDER BY id DESC LIMIT 1",
    [SQL_REGISTRATION_CORRECT] = "UPDATE registration SET corrected_at = ?2, entry = ?3 WHERE id = ?1",
    [SQL_WITHDRAW_ANSWERS] = "DELETE FROM answer WHERE entry IN "
                             "(SELECT entry FROM registration WHERE person = ?1 AND withdrawn_at IS NULL)",
    [SQL_WITHDRAW_REGISTRATIONS] =
        "UPDATE registration SET withdrawn_at = ?2 WHERE person = ?1 AND withdrawn_at IS NULL",
    [SQL_ANSWERS_DROP] = "DELETE FROM answer WHERE entry = ?1",
    [SQL_REFERENCE_USED] = "SELECT 1 FROM request WHERE reference = ?1 AND state < 3 "
                           "UNION ALL SELECT 1 FROM registration WHERE reference = ?1 LIMIT 1",

    [SQL_TRIAGE_INSERT] = "INSERT INTO triage (id, session, turn, at, person, rule, urgency, sealed) "
                          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",

    [SQL_MESSAGE_BY_KEY] = "SELECT session, turn, at FROM message WHERE key = ?1",
    [SQL_MESSAGE_INSERT] = "INSERT INTO message (key, session, turn, at) VALUES (?1, ?2, ?3, ?4) "
                           "ON CONFLICT (key) DO UPDATE SET session = ?2, turn = ?3, at = ?4 WHERE at < ?4 - " HOUR_MS,

    [SQL_OUTBOX_INSERT] =
        "INSERT INTO outbox (" OUTBOX_COLUMNS ") VALUES "
        "(?1, ?2, ?3, ?4, " UNLESS_REFUSED("4", "?5") ", " UNLESS_REFUSED(
            "7", "?6") ", ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
    [SQL_OUTBOX_STATE] = "UPDATE outbox SET state = CASE WHEN " OUTBOX_SETTLED " THEN state ELSE ?2 END, "
                         "reason = CASE WHEN " OUTBOX_SETTLED " THEN reason ELSE ?3 END, attempts = ?4, due_at = ?5, "
                         "changed_at = ?6, cost = ?7, vendor_id = coalesce(?8, vendor_id) WHERE id = ?1",
    [SQL_OUTBOX_ROUTE] = "UPDATE outbox SET channel = ?2, sender = ?3, link = NULL, changed_at = ?4 "
                         "WHERE id = ?1 AND state = 0 AND kind = 0",
    /* The + leaves it to the index of a phone, for which few texts wait: of a channel all may. */
    [SQL_OUTBOX_TURN] = "UPDATE outbox SET due_at = ?3 WHERE id = (SELECT min(o.id) FROM outbox AS o "
                        "WHERE o.state = 0 AND o.phone = ?1 AND o.channel = ?2 AND o.kind = 0 AND +o.due_at < ?3)",
    [SQL_OUTBOX_BY_ID] = "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE id = ?1",
    [SQL_OUTBOX_BY_VENDOR] = "SELECT id FROM outbox WHERE vendor_id = ?1 AND channel = ?2 ORDER BY id DESC LIMIT 1",
    [SQL_TEXT_DUE] = "SELECT " OUTBOX_COLUMNS ", 0, (SELECT opted_out FROM phone WHERE phone.id = row.phone) "
                     "FROM outbox AS row "
                     "WHERE " TEXT_IS_DUE("?2") "AND due_at <= ?2 ORDER BY due_at, id LIMIT ?3",
    [SQL_TEXT_NEXT_DUE] = "SELECT due_at FROM outbox AS row WHERE " TEXT_IS_DUE("row.due_at") "ORDER BY due_at LIMIT 1",
    [SQL_PUSH_DUE] = "SELECT " OUTBOX_COLUMNS ", " SESSION_IS_OVER ", 0 FROM outbox AS row "
                     "WHERE " PUSH_IS_DUE "AND due_at <= ?2 ORDER BY due_at, id LIMIT ?3",
    [SQL_PUSH_NEXT_DUE] = "SELECT due_at FROM outbox AS row WHERE " PUSH_IS_DUE "ORDER BY due_at LIMIT 1",
    [SQL_OUTBOX_OVERDUE] = "SELECT " OUTBOX_COLUMNS ", 0, 0 FROM outbox WHERE state = 0 AND expires_at < ?1 "
                           "ORDER BY expires_at LIMIT ?2",
    [SQL_OUTBOX_NEXT_EXPIRY] = "SELECT expires_at FROM outbox WHERE state = 0 ORDER BY expires_at LIMIT 1",
    [SQL_OUTBOX_SETTLE] = "UPDATE outbox SET state = ?1, reason = ?2, changed_at = ?3 "
                          "WHERE state = 1 AND (?4 IS NULL OR channel = ?4)",
    [SQL_OUTBOX_OLDEST] = "SELECT min(CASE attempts WHEN 0 THEN max(created_at, due_at) ELSE created_at END) "
                          "FROM outbox INDEXED BY outbox_expires WHERE state = 0",
    [SQL_REPORT_INSERT] = "INSERT INTO report (outbox, at, delivery, reason) "
                          "SELECT id, ?2, ?3, ?4 FROM outbox WHERE id = ?1",
    [SQL_EARLY_KEEP] =
        "INSERT INTO early_report (channel, vendor_id, at, delivery, reason) VALUES (?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT DO UPDATE SET at = excluded.at, delivery = excluded.delivery, "
        "reason = excluded.reason WHERE " EARLY_IS_NEWS,
    [SQL_EARLY_FIND] = "SELECT at, delivery, reason FROM early_report WHERE channel = ?1 AND vendor_id = ?2",
    [SQL_EARLY_DROP] = "DELETE FROM early_report WHERE channel = ?1 AND vendor_id = ?2",
    [SQL_EARLY_PRUNE] = "DELETE FROM early_report WHERE (channel, vendor_id) IN "
                        "(SELECT channel, vendor_id FROM early_report WHERE at < ?1 ORDER BY at LIMIT ?2)",
    [SQL_REQUEST_OF_SESSION] = "SELECT 1 FROM request WHERE (session = ?1 OR id = ?2) AND state <> 4 LIMIT 1",
    [SQL_REQUEST_ATTEND] = "UPDATE request SET attention = " ATTENTION_BY_TEXTS " FROM outbox AS text "
                           "WHERE text.id = ?1 AND text.kind = 0 AND request.id = " ANSWERED_REQUEST
                           " AND " IS_ITS_ANSWER " AND (request.attention <> 0 OR text.state IN (4, 5, 6))",
    [SQL_REQUEST_ATTEND_SENDING] = "UPDATE request SET attention = 2 FROM outbox AS text "
                                   "WHERE text.state = 1 AND text.kind = 0 AND request.id = " ANSWERED_REQUEST
                                   " AND request.attention IN (0, 4) AND " IS_ITS_ANSWER,
    [SQL_STRAY_INSERT] = "INSERT INTO stray (id, at, channel, why, raw, sender) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",

    [SQL_PART_INSERT] = "INSERT INTO part (" PART_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [SQL_PARTS_OF_KEY] = "SELECT " PART_COLUMNS " FROM part WHERE key = ?1 ORDER BY number",
    [SQL_PARTS_DELETE] = "DELETE FROM part WHERE key = ?1",
    [SQL_PARTS_DUE] = "SELECT key FROM part WHERE due_at <= ?1 GROUP BY key ORDER BY min(due_at)",
    [SQL_PARTS_NEXT_DUE] = "SELECT min(due_at) FROM part",

    [SQL_FOLLOW_UP_INSERT] =
        "INSERT INTO follow_up (id, person, phone, registration, month, due_at, state, changed_at) "
        "SELECT ?1, ?2, ?3, max(id), ?4, ?5, 0, ?6 FROM registration WHERE person = ?2 HAVING max(id) IS NOT NULL",
    [SQL_FOLLOW_UP_STATE] =
        "UPDATE follow_up SET state = ?2, due_at = ?3, changed_at = ?4, session = coalesce(?5, session) "
        "WHERE id = ?1 AND state < 2",
    [SQL_FOLLOW_UP_ANSWERED] = "UPDATE follow_up SET state = 2, changed_at = ?2, session = ?3 WHERE id = "
                               "(SELECT max(id) FROM follow_up WHERE person = ?1 AND state = 1)",
    [SQL_FOLLOW_UPS_STOP] = "UPDATE follow_up SET state = 3, changed_at = ?2 WHERE person = ?1 AND state < 2",
    [SQL_FOLLOW_UPS_DUE] =
        "SELECT follow_up.id, follow_up.person, follow_up.phone, follow_up.registration, month, due_at, "
        "follow_up.state, follow_up.changed_at, follow_up.session, registration.created_at, session.channel, "
        "person.key IS NOT NULL AND registration.withdrawn_at IS NULL AND registration.id IS NOT NULL, "
        "phone.id, phone.person, phone.last_at, phone.opted_out, phone.number IS NOT NULL, phone.lang FROM follow_up "
        "LEFT JOIN registration ON registration.id = follow_up.registration "
        "LEFT JOIN session ON session.id = registration.session LEFT JOIN person ON person.id = follow_up.person "
        "LEFT JOIN phone ON phone.id = person.phone WHERE follow_up.state < 2 AND "
        "due_at <= ?1 ORDER BY due_at LIMIT ?2",
    [SQL_FOLLOW_UPS_NEXT_DUE] = "SELECT min(due_at) FROM follow_up WHERE state < 2",
    [SQL_PERSON_LEAVES] =
        "UPDATE person SET leaving_at = ?3 WHERE id = ?1 AND leaving_at IS NULL AND EXISTS (" KEPT_REQUESTS ") "
        "AND NOT EXISTS (SELECT 1 FROM request WHERE person = ?1 AND created_at > ?3) "
        "AND NOT EXISTS (SELECT 1 FROM registration WHERE person = ?1 AND created_at > ?3)",
    [SQL_KEPT_OPEN] = KEPT_REQUESTS " AND kept.person = ?1",
    [SQL_CAME_BACK] = "SELECT 1 FROM request WHERE person = ?1 AND created_at > ?2 "
                      "UNION ALL SELECT 1 FROM registration WHERE person = ?1 AND created_at > ?2 LIMIT 1",
    [SQL_PERSON_STAYS] = "UPDATE person SET leaving_at = NULL WHERE id = ?1 AND leaving_at IS NOT NULL",
    [SQL_PERSON_TIMES] = PERSON_TIMES,
    [SQL_PERSON_SESSIONS] = PERSON_SESSIONS,
    [SQL_PHONE_SESSIONS] = "SELECT id FROM session WHERE phone = ?1 AND started_at <= ?2 "
                           "AND NOT EXISTS (SELECT 1 FROM person WHERE person.phone = ?1)",
    [SQL_FORGET_PERSON] = "DELETE FROM person WHERE id = ?1",
    [SQL_FORGET_LINK] = "UPDATE phone SET person = NULL WHERE id = ?2 AND person = ?1",
    [SQL_FORGET_ANSWERS] = "DELETE FROM answer WHERE entry IN (SELECT id FROM entry WHERE person = ?1 "
                           "AND id NOT IN (" KEPT_ENTRIES ") AND opened_at <= ?3)",
    [SQL_FORGET_STEPS] = "DELETE FROM request_step WHERE request IN (SELECT id FROM request WHERE person = ?1 "
                         "AND id NOT IN (" KEPT_REQUESTS ") AND created_at <= ?3)",
    [SQL_FORGET_FOLLOW_UPS] = "DELETE FROM follow_up WHERE person = ?1 AND registration IN "
                              "(SELECT id FROM registration WHERE person = ?1 AND created_at <= ?3)",
    [SQL_FORGET_TRIAGE] = "DELETE FROM triage WHERE person = ?1 AND at <= ?3",
    [SQL_FORGET_REGISTRATIONS] = "DELETE FROM registration WHERE person = ?1 AND created_at <= ?3",
    [SQL_FORGET_REQUESTS] =
        "DELETE FROM request WHERE person = ?1 AND id NOT IN (" KEPT_REQUESTS ") AND created_at <= ?3",
    [SQL_FORGET_ENTRIES] = "DELETE FROM entry WHERE person = ?1 AND id NOT IN (" KEPT_ENTRIES ") AND opened_at <= ?3",
    [SQL_FORGET_ACTED] = "DELETE FROM acted WHERE person = ?1",
    [SQL_FORGET_SOUGHT] = "DELETE FROM sought WHERE person = ?1",
    [SQL_FORGET_PHONE] = "UPDATE phone SET person = NULL, number = NULL "
                         "WHERE id = ?1 AND lookup = ?4 AND (person = ?2 OR (person IS NULL AND last_at <= ?3))",
    [SQL_FORGET_TEXTS] = "UPDATE outbox SET " OUTBOX_BLANKED ", reason = CASE state WHEN 0 THEN 7 ELSE reason END, "
                         "state = CASE state WHEN 0 THEN 4 ELSE state END "
                         "WHERE (state > 1 OR (state = 0 AND created_at < ?2)) AND " OUTBOX_HOLDS " "
                         "AND created_at <= ?2 AND phone = (SELECT id FROM phone WHERE id = ?1 AND lookup = ?3)",
    [SQL_FORGET_STRAYS] = "DELETE FROM stray WHERE sender = ?1 AND at <= ?2",
    [SQL_FORGET_PARTS] = "DELETE FROM part WHERE phone = ?1 AND at <= ?2",

    [SQL_REDUCE_TURNS] =
        "UPDATE turn SET repeat = NULL, input = NULL, meaning = NULL, shown = NULL, person = NULL, sealed = NULL "
        "WHERE session = ?1 AND (?2 IS NULL OR person IS NULL OR person = ?2) AND at <= ?3",
    [SQL_REDUCE_REDACTIONS] = "DELETE FROM redaction WHERE session = ?1 AND turn IN (SELECT number FROM turn "
                              "WHERE turn.session = ?1 AND (?2 IS NULL OR person IS NULL OR person = ?2) AND at <= ?3)",
    [SQL_REDUCE_MESSAGES] = "UPDATE message SET session = NULL, turn = 0 WHERE session = ?1",
    [SQL_REDUCE_TEXTS] = "UPDATE outbox SET " OUTBOX_BLANKED " WHERE state > 1 AND session = ?1 "
                         "AND phone = (SELECT phone FROM session WHERE id = ?1)",
    [SQL_REDUCE_SESSION] = "UPDATE session SET phone = NULL, key = randomblob(16), seen_hash = 0, continues = NULL, "
                           "cause = CASE WHEN ended_at IS NULL THEN 5 ELSE cause END, "
                           "ended_at = coalesce(ended_at, last_at), state = ?2 WHERE id = ?1",
    [SQL_SESSION_STATE] = "UPDATE session SET state = ?2 WHERE id = ?1",
    [SQL_SESSION_QUIET] = "SELECT coalesce(ended_at < ?3, 0) OR last_at < ?2 FROM session WHERE id = ?1",
    [SQL_SESSION_ACTED] = "INSERT INTO acted (session, person) SELECT ?1, id FROM person WHERE id = ?2 "
                          "AND key IS NOT NULL ON CONFLICT DO NOTHING",
    [SQL_SESSION_SEEKS] = "INSERT INTO sought (session, person) SELECT ?1, id FROM person WHERE id = ?2 "
                          "AND key IS NOT NULL ON CONFLICT DO NOTHING",
    [SQL_SOUGHT_SESSIONS] = "SELECT session FROM sought WHERE person = ?1",

    [SQL_RETAIN_STRAY] = "DELETE FROM stray WHERE id = ?1",
    [SQL_RETAIN_REPORTS] = "DELETE FROM report WHERE outbox = ?1",
    [SQL_RETAIN_TEXT] = "DELETE FROM outbox WHERE id = ?1",
    [SQL_RETAIN_REQUEST_ANSWERS] = "DELETE FROM answer WHERE entry IN (SELECT entry FROM request WHERE session = ?1)",
    [SQL_RETAIN_REQUEST_PHONES] =
        "UPDATE request SET phone = (SELECT p.phone FROM person AS p WHERE p.id = request.person) "
        "WHERE session = ?1",
    [SQL_RETAIN_STEPS] = "DELETE FROM request_step WHERE request = ?1",
    [SQL_RETAIN_OWN_ANSWERS] = "DELETE FROM answer WHERE entry = (SELECT entry FROM request WHERE id = ?1)",
    [SQL_RETAIN_OWN_ENTRY] = "DELETE FROM entry WHERE id = (SELECT entry FROM request WHERE id = ?1)",
    [SQL_RETAIN_REQUEST] = "DELETE FROM request WHERE id = ?1",
    [SQL_RETAIN_FOLLOW_UP_SESSION] = "SELECT session FROM follow_up WHERE id = ?1",
    [SQL_RETAIN_FOLLOW_UP_SEALED] =
        "DELETE FROM answer WHERE typeof(value) = 'blob' AND entry IN (SELECT e.id FROM entry AS e JOIN follow_up AS f "
        "ON e.person = f.person AND e.session = f.session WHERE f.id = ?1)",
    [SQL_RETAIN_FOLLOW_UP_ENTRIES] =
        "UPDATE entry SET person = NULL WHERE id IN (SELECT e.id FROM entry AS e JOIN follow_up AS f "
        "ON e.person = f.person AND e.session = f.session WHERE f.id = ?1)",
    [SQL_RETAIN_FOLLOW_UP] = "UPDATE follow_up SET person = NULL, phone = NULL, registration = NULL WHERE id = ?1",
    [SQL_RETAIN_FOLLOW_UPS_OF] = "DELETE FROM follow_up WHERE registration = ?1 "
                                 "AND person = (SELECT person FROM registration WHERE id = ?1)",
    [SQL_RETAIN_REGISTERED_ANSWERS] = "DELETE FROM answer WHERE entry = (SELECT entry FROM registration WHERE id = ?1)",
    [SQL_RETAIN_REGISTERED_ENTRY] = "DELETE FROM entry WHERE id = (SELECT entry FROM registration WHERE id = ?1)",
    [SQL_RETAIN_REGISTRATION] = "DELETE FROM registration WHERE id = ?1",
    [SQL_RETAIN_DRAFT_ANSWERS] = "DELETE FROM answer WHERE entry = ?1",
    [SQL_RETAIN_DRAFT] = "DELETE FROM entry WHERE id = ?1",
    [SQL_RETAIN_LISTED_WORD] = "DELETE FROM triage WHERE id = ?1",
    [SQL_RETAIN_UNLINK] = "UPDATE phone SET person = NULL WHERE person = ?1 "
                          "AND id = (SELECT phone FROM person WHERE person.id = ?1)",
    [SQL_RETAIN_PHONE] = "DELETE FROM phone WHERE id = ?1",
    [SQL_RETAIN_PHONE_OF] = "SELECT phone FROM person WHERE id = ?1",
    [SQL_RETAIN_MESSAGES] =
        "DELETE FROM message WHERE key IN (SELECT key FROM message WHERE session IS NOT NULL AND at < ?1 "
        "ORDER BY session LIMIT ?2)",
    [SQL_RETAIN_ACKNOWLEDGED] =
        "DELETE FROM message WHERE key IN (SELECT key FROM message WHERE session IS NULL AND at < ?1 LIMIT ?2)",

    [SQL_SESSIONS_OPEN] = "SELECT count(*) FROM session WHERE id >= ?1 AND ended_at IS NULL",
    [SQL_LAST_ID] =
        "SELECT max(coalesce((SELECT max(id) FROM phone), 0), coalesce((SELECT max(id) FROM person), 0), "
        "coalesce((SELECT max(id) FROM session), 0), coalesce((SELECT max(id) FROM entry), 0), coalesce((SELECT "
        "max(id) FROM request), 0), coalesce((SELECT max(id) FROM registration), 0), coalesce((SELECT max(id) FROM "
        "outbox), 0), coalesce((SELECT max(id) FROM stray), 0), coalesce((SELECT max(id) FROM follow_up), 0), "
        "coalesce((SELECT max(id) FROM triage), 0), coalesce((SELECT max(id) FROM operator), 0), coalesce((SELECT "
        "max(id) FROM sign_in), 0), coalesce((SELECT max(id) FROM note), 0), coalesce((SELECT max(id) FROM attempt), "
        "0), coalesce((SELECT max(id) FROM referral), 0), coalesce((SELECT max(id) FROM person_flag), 0), "
        "coalesce((SELECT max(id) FROM saved_filter), 0), coalesce((SELECT max(id) FROM audit), 0))",
};

/* OK for done and row codes; REFUSED when the values did not hold; BROKEN for the machine. */
static enum outcome sql_outcome(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return OUTCOME_OK;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
    case SQLITE_RANGE:
        return OUTCOME_REFUSED;
    default:
        return OUTCOME_BROKEN;
    }
}

enum outcome sql_prepare_all(sqlite3 *db, sqlite3_stmt *prepared[SQL_COUNT], struct error *err)
{
    for (int id = 0; id < SQL_COUNT; id++) {
        const char *text = texts[id] ? texts[id] : desk_statements[id];
        int code = sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, &prepared[id], NULL);
        if (code != SQLITE_OK)
            return error_set(err, OUTCOME_BROKEN, "statement %d does not prepare: %s", id, sqlite3_errmsg(db));
    }
    return OUTCOME_OK;
}

void sql_finalize_all(sqlite3_stmt *prepared[SQL_COUNT])
{
    for (int id = 0; id < SQL_COUNT; id++) {
        sqlite3_finalize(prepared[id]);
        prepared[id] = NULL;
    }
}

struct sql sql_use(sqlite3_stmt *stmt)
{
    return (struct sql){.stmt = stmt, .in = 1};
}

static void note(struct sql *sql, int code)
{
    if (sql->code == SQLITE_OK)
        sql->code = code;
}

void put_int(struct sql *sql, int64_t value)
{
    note(sql, sqlite3_bind_int64(sql->stmt, sql->in++, value));
}

void put_id(struct sql *sql, int64_t value)
{
    if (value)
        put_int(sql, value);
    else
        note(sql, sqlite3_bind_null(sql->stmt, sql->in++));
}

void put_text(struct sql *sql, struct span text)
{
    note(sql, sqlite3_bind_text64(sql->stmt, sql->in++, text.at, text.len, SQLITE_STATIC, SQLITE_UTF8));
}

void put_blob(struct sql *sql, struct span bytes)
{
    note(sql, sqlite3_bind_blob64(sql->stmt, sql->in++, bytes.at, bytes.len, SQLITE_STATIC));
}

void put_lookup(struct sql *sql, const struct lookup *lookup)
{
    put_blob(sql, (struct span){(const char *)lookup->at, sizeof lookup->at});
}

bool sql_next(struct sql *sql)
{
    if (sql->code != SQLITE_OK)
        return false;
    int code = sqlite3_step(sql->stmt);
    sql->out = 0;
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        note(sql, code);
    return false;
}

enum outcome sql_end(struct sql *sql, struct error *err)
{
    enum outcome outcome = sql_outcome(sql->code);
    if (outcome != OUTCOME_OK) {
        /* SQLite's words name tables and columns, never a value. */
        const char *words = sqlite3_errstr(sql->code);
        if (sqlite3_extended_errcode(sqlite3_db_handle(sql->stmt)) == sql->code)
            words = sqlite3_errmsg(sqlite3_db_handle(sql->stmt));
        error_set(err, outcome, "SQLite says: %s (code %d)", words, sql->code);
    }
    sqlite3_reset(sql->stmt);
    sqlite3_clear_bindings(sql->stmt);
    return outcome;
}

enum outcome sql_end_after(struct sql *sql, enum outcome taken, struct error *err)
{
    struct error ignored;
    enum outcome ended = sql_end(sql, taken == OUTCOME_OK ? err : &ignored);
    return taken == OUTCOME_OK ? ended : taken;
}

enum outcome sql_run(struct sql *sql, struct error *err)
{
    while (sql_next(sql)) {
    }
    sql->changed = sqlite3_changes(sqlite3_db_handle(sql->stmt));
    return sql_end(sql, err);
}

enum outcome sql_run_one(struct sql *sql, enum outcome none, const char *what, struct error *err)
{
    enum outcome outcome = sql_run(sql, err);
    if (outcome == OUTCOME_OK && sql->changed != 1)
        return error_set(err, none, "%s", what);
    return outcome;
}

int64_t take_int(struct sql *sql)
{
    return sqlite3_column_int64(sql->stmt, sql->out++);
}

struct span take_span(struct sql *sql, struct arena *arena)
{
    const int column = sql->out++;
    if (sqlite3_column_type(sql->stmt, column) == SQLITE_NULL)
        return SPAN_NONE;
    const char *at = sqlite3_column_blob(sql->stmt, column);
    const size_t len = (size_t)sqlite3_column_bytes(sql->stmt, column);
    if (len && !at)
        note(sql, SQLITE_NOMEM);
    return arena_copy(arena, at ? (struct span){at, len} : SPAN(""));
}

bool take_lookup(struct sql *sql, struct lookup *lookup)
{
    const int column = sql->out++;
    const void *at = sqlite3_column_blob(sql->stmt, column);
    if (!at || sqlite3_column_bytes(sql->stmt, column) != (int)sizeof lookup->at)
        return false;
    memcpy(lookup->at, at, sizeof lookup->at);
    return true;
}
