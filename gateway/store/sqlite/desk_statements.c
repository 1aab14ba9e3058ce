/* What the writing connection asks and changes for the operators' desk. */
#include "store/sqlite/columns.h"
#include "store/sqlite/conditions.h"
#include "store/sqlite/desk_columns.h"
#include "store/sqlite/statements.h"

/* When whoever has a request did something with it last (actions: revealed, overrode, changed), or was about to write. */
#define DONE_LAST                                                                                                      \
    "max(coalesce((SELECT max(at) FROM audit WHERE audit.object = 1 AND audit.about = request.id "                     \
    "AND audit.operator = assignee AND audit.action IN (10, 11, 12)), 0), "                                            \
    "coalesce((SELECT max(at) FROM draft WHERE draft.request = request.id AND draft.operator = assignee), 0))"

/* With whose key what is sealed in them was. */
#define REDACTED_TURNS "SELECT " TURN_COLUMNS_OF ", turn.person FROM " TURN_TABLES " WHERE session = ?1"

const char *const desk_statements[SQL_COUNT] = {
    [SQL_OPERATOR_BY_ID] = "SELECT " OPERATOR_COLUMNS " FROM operator WHERE id = ?1",
    [SQL_OPERATOR_BY_NAME] = "SELECT " OPERATOR_COLUMNS " FROM operator WHERE name = ?1",
    [SQL_OPERATORS] = "SELECT " OPERATOR_COLUMNS " FROM operator ORDER BY name",
    [SQL_OPERATORS_COUNT] = "SELECT count(*) FROM operator",
    [SQL_OPERATOR_INSERT] =
        "INSERT INTO operator (id, name, shown, roles, topics, languages, disabled, password, must_change, totp, "
        "totp_step, recovery, failures, failed_at, lang, theme, shortcuts, changed_at, last_at, version, created_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
    [SQL_OPERATOR_UPDATE] =
        "UPDATE operator SET name = ?2, shown = ?3, roles = ?4, topics = ?5, languages = ?6, disabled = ?7, "
        "password = ?8, must_change = ?9, totp = ?10, totp_step = ?11, recovery = ?12, failures = ?13, "
        "failed_at = ?14, lang = ?15, theme = ?16, shortcuts = ?17, changed_at = ?18, last_at = ?19, "
        "version = version + 1 WHERE id = ?1 AND version = ?20",
    [SQL_SIGN_IN_BY_ID] = "SELECT " SIGN_IN_COLUMNS " FROM sign_in WHERE id = ?1",
    /* What has ended has ended, whatever its browser still brings. */
    [SQL_SIGN_IN_SAVE] =
        "INSERT INTO sign_in (id, operator, token, created_at, seen_at, ended_at, half, locked, agent) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO UPDATE SET token = excluded.token, "
        "seen_at = excluded.seen_at, ended_at = coalesce(sign_in.ended_at, excluded.ended_at), half = excluded.half, "
        "locked = excluded.locked, agent = excluded.agent",
    [SQL_SIGN_INS_END] = "UPDATE sign_in SET ended_at = ?3 WHERE operator = ?1 AND id <> ?2 AND ended_at IS NULL",
    [SQL_FILTER_SAVE] = "INSERT INTO saved_filter (id, operator, name, query) VALUES (?1, ?2, ?3, ?4) "
                        "ON CONFLICT (operator, name) DO UPDATE SET query = excluded.query",
    [SQL_FILTER_DROP] = "DELETE FROM saved_filter WHERE operator = ?1 AND name = ?2",

    [SQL_REQUEST_BY_ID] = "SELECT " REQUEST_COLUMNS ", " REQUEST_DESK_COLUMNS ", " REQUEST_STOPPED
                          " FROM " REQUEST_DESK_TABLES " WHERE request.id = ?1",
    [SQL_REQUEST_LATEST] = "SELECT " REQUEST_COLUMNS ", " REQUEST_DESK_COLUMNS ", " REQUEST_STOPPED
                           " FROM " REQUEST_DESK_TABLES " WHERE person = ?1 "
                           "AND (state < 3 OR (state = 3 AND changed_at >= ?2)) AND merged_into IS NULL "
                           "ORDER BY state < 3 DESC, hidden, id DESC LIMIT 1",
    /* Materialized: what was done is looked up once. */
    [SQL_REQUESTS_LYING] =
        "WITH held AS MATERIALIZED (SELECT request.id, urgency, state, due_at, next_at, "
        "max(assigned_at, coalesce(wait_until, 0)) AS given, " DONE_LAST " AS done "
        "FROM request INDEXED BY request_open CROSS JOIN request_desk ON request_desk.request = request.id "
        "WHERE request.state < 3 AND assignee IS NOT NULL) "
        "SELECT id, max(given, done) AS since FROM held "
        "WHERE max(given, done) < CASE urgency WHEN 0 THEN ?1 WHEN 1 THEN ?2 ELSE ?3 END "
        "AND (urgency > 0 OR done <= given OR (state < 2 AND max(coalesce(due_at, 0), coalesce(next_at, 0)) < ?4)) "
        "ORDER BY urgency DESC, since, id LIMIT ?5",
    /* What is marked for something else is asked once that is dealt with. */
    [SQL_REQUESTS_TO_ASK] =
        "SELECT id FROM request INDEXED BY request_open WHERE state < 3 AND attention = 0 AND EXISTS (SELECT 1 FROM "
        "referral WHERE referral.request = request.id AND settled_at IS NULL AND referral.due_at <= ?1) LIMIT ?2",
    [SQL_REQUEST_ANSWERED] =
        "SELECT " ANSWERED_REQUEST " FROM outbox AS text JOIN request ON request.id = " ANSWERED_REQUEST
        " AND request.phone = text.phone WHERE text.id = ?1 AND text.kind = 0",
    [SQL_REQUEST_LAST_LINE] = "SELECT max(id) FROM request_step WHERE request = ?1",
    [SQL_MATTERS_OF_PERSON] = MATTERS_OF_PERSON,
    [SQL_MATTERS_OF_SESSION] = MATTERS_OF_SESSION,
    [SQL_PERSON_OF_SESSION] = PERSON_OF_SESSION,
    [SQL_REQUEST_PERSON] = "SELECT person FROM request WHERE id = ?1",
    [SQL_REQUEST_DESK_SAVE] =
        "INSERT INTO request_desk (request, " REQUEST_DESK_COLUMNS ") "
        "SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 FROM request WHERE id = ?1 "
        "ON CONFLICT (request) DO UPDATE SET assignee = ?2, assigned_at = ?3, viewed_at = ?4, wait_until = ?5, "
        "outcome = ?6, attempts = ?7, merged_into = ?8, made_by = ?9, came_by = ?10, texted = ?11",
    [SQL_REQUEST_ATTENTION] = "UPDATE request SET attention = CASE WHEN ?2 = 0 THEN " TEXTS_SAY " ELSE ?2 END "
                              "WHERE id = ?1",
    [SQL_REQUEST_TEXTS_DEALT] =
        "UPDATE outbox SET dealt_at = ?2 FROM request WHERE request.id = ?1 AND request.attention IN (1, 2) "
        "AND outbox.phone = request.phone AND outbox.state IN (4, 5, 6) AND outbox.dealt_at IS NULL "
        "AND outbox.kind = 0 AND (?3 IS NULL OR outbox.changed_at <= ?3) AND request.id = " ANSWERED_BY("outbox"),

    [SQL_NOTE_BY_ID] = "SELECT " NOTE_COLUMNS " FROM " NOTE_TABLES " WHERE note.id = ?1",
    [SQL_NOTE_INSERT] = "INSERT INTO note (id, request, operator, at, replaces, clinical, sealed) "
                        "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 "
                        "WHERE ?5 IS NULL OR EXISTS (SELECT 1 FROM note WHERE id = ?5 AND request = ?2)",
    [SQL_ATTEMPT_INSERT] = "INSERT INTO attempt (id, request, operator, at, result) "
                           "SELECT ?1, id, ?3, ?4, ?5 FROM request WHERE id = ?2",
    [SQL_REFERRAL_BY_ID] = "SELECT " REFERRAL_COLUMNS " FROM " REFERRAL_TABLES " WHERE referral.id = ?1",
    [SQL_REFERRAL_UPDATE] = "UPDATE referral SET due_at = ?3, settled_at = ?4, sealed = ?5 "
                            "WHERE id = ?1 AND request = ?2",
    [SQL_REFERRAL_INSERT] = "INSERT INTO referral (id, request, due_at, settled_at, sealed, operator, at, office, "
                            "consent) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [SQL_DRAFT_SAVE] = "INSERT INTO draft (operator, request, place, at, sealed) VALUES (?1, ?2, ?3, ?4, ?5) "
                       "ON CONFLICT DO UPDATE SET at = excluded.at, sealed = excluded.sealed",
    [SQL_DRAFT_DROP] = "DELETE FROM draft WHERE operator = ?1 AND request = ?2 AND place = ?3",
    [SQL_FLAG_BY_ID] = "SELECT " PERSON_FLAG_COLUMNS " FROM " PERSON_FLAG_TABLES " WHERE person_flag.id = ?1",
    [SQL_FLAG_UPDATE] = "UPDATE person_flag SET until = ?2, dropped_at = ?3 WHERE id = ?1",
    [SQL_FLAG_INSERT] = "INSERT INTO person_flag (id, until, dropped_at, person, operator, at, sealed) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [SQL_OUTBOX_DEALT] = "UPDATE outbox SET dealt_at = ?2 WHERE id = ?1 AND state IN (4, 5, 6) AND dealt_at IS NULL",

    [SQL_REDACT_TURN] = REDACTED_TURNS " AND number = ?2",
    [SQL_REDACT_TURNS] = REDACTED_TURNS " ORDER BY number",
    [SQL_REDACT_SAVE] = "UPDATE turn SET flags = ?3, input = ?4, meaning = ?5, shown = ?6, sealed = ?7, "
                        "repeat = CASE WHEN ?8 THEN NULL ELSE repeat END WHERE session = ?1 AND number = ?2",
    [SQL_REDACT_SEEN] = "UPDATE session SET seen_hash = 0 WHERE id = ?1",
    [SQL_REDACT_HEARD] = "UPDATE triage SET sealed = x'' WHERE session = ?1 AND turn = ?2",
    [SQL_REDACT_ENTRIES] = "SELECT id FROM entry WHERE person = ?1 "
                           "UNION SELECT id FROM entry WHERE id > ?2 AND id < ?3 AND session = ?2 AND person IS NULL "
                           "UNION SELECT id FROM entry WHERE id = ?4 AND person IS NULL",
    [SQL_REDACT_ANSWERS] = "SELECT " ANSWER_COLUMNS " WHERE entry = ?1 AND answer.at = ?2 ORDER BY answer.id",
    [SQL_REDACT_TEXTS] = "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE phone = ?1 AND id > ?2 AND (request IS NULL "
                         "OR request IN (SELECT request.id FROM request WHERE request.person = ?3)) LIMIT ?4",
    [SQL_REDACT_TEXT] = "UPDATE outbox SET text = ?2 WHERE id = ?1",
    [SQL_REDACTION_INSERT] =
        "INSERT INTO redaction (session, turn, at, operator, characters) VALUES (?1, ?2, ?3, ?4, ?5)",
    [SQL_DONE_BY_KEY] = "SELECT outcome, id, version FROM done WHERE key = ?1",
    [SQL_DONE_INSERT] = "INSERT INTO done (key, at, outcome, id, version) VALUES (?1, ?2, ?3, ?4, ?5)",
    [SQL_DONE_PRUNE] = "DELETE FROM done WHERE key IN (SELECT key FROM done WHERE at < ?1 ORDER BY at LIMIT ?2)",
    [SQL_AUDIT_INSERT] = "INSERT INTO audit (id, at, operator, action, object, about, detail, peer, mac) "
                         "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [SQL_AUDIT_LAST] = "SELECT id, mac, (SELECT count(*) FROM audit) FROM audit ORDER BY id DESC LIMIT 1",
    [SQL_IS_EMPTY] = "SELECT NOT EXISTS (SELECT 1 FROM session) AND NOT EXISTS (SELECT 1 FROM request) "
                     "AND NOT EXISTS (SELECT 1 FROM operator)",
    [SQL_DEMONSTRATION] = "SELECT coalesce((SELECT max(id) FROM session), 0) <= value "
                          "FROM meta WHERE name = 'demonstration'",
    [SQL_DEMONSTRATION_MARK] = "INSERT INTO meta (name, value) VALUES ('demonstration', ?1) "
                               "ON CONFLICT (name) DO UPDATE SET value = excluded.value",

    [SQL_FORGET_NOTES] = "DELETE FROM note WHERE request IN (" GOING_REQUESTS ")",
    [SQL_FORGET_ATTEMPTS] = "DELETE FROM attempt WHERE request IN (" GOING_REQUESTS ")",
    [SQL_FORGET_REFERRALS] = "DELETE FROM referral WHERE request IN (" GOING_REQUESTS ")",
    [SQL_FORGET_DRAFTS] = "DELETE FROM draft WHERE request IN (" GOING_REQUESTS ")",
    [SQL_FORGET_DESK] = "DELETE FROM request_desk WHERE request IN (" GOING_REQUESTS ")",
    [SQL_FORGET_MERGED] = "UPDATE request_desk SET merged_into = NULL WHERE merged_into IN (" GOING_REQUESTS ")",
    [SQL_FORGET_REPLIES] = "UPDATE outbox SET request = NULL WHERE request IN (" GOING_REQUESTS ")",
    [SQL_FORGET_FLAGS] = "DELETE FROM person_flag WHERE person = ?1",

    [SQL_RETAIN_NOTES] = "DELETE FROM note WHERE request = ?1",
    [SQL_RETAIN_REQUEST_DRAFTS] = "DELETE FROM draft WHERE request = ?1",
    [SQL_RETAIN_REFERRAL_WORDS] = "UPDATE referral SET sealed = NULL WHERE request = ?1",
    [SQL_RETAIN_BY_HAND_ANSWERS] =
        "DELETE FROM answer WHERE entry = (SELECT entry FROM request WHERE id = ?1 AND session IS NULL)",
    [SQL_RETAIN_ATTEMPTS] = "DELETE FROM attempt WHERE request = ?1",
    [SQL_RETAIN_REFERRALS] = "DELETE FROM referral WHERE request = ?1",
    [SQL_RETAIN_DESK] = "DELETE FROM request_desk WHERE request = ?1",
    [SQL_RETAIN_MERGED] = "UPDATE request_desk SET merged_into = NULL WHERE merged_into = ?1",
    [SQL_RETAIN_REPLIES] = "UPDATE outbox SET request = NULL WHERE request = ?1",
    [SQL_RETAIN_FLAG] = "DELETE FROM person_flag WHERE id = ?1",
    [SQL_RETAIN_SIGN_IN] = "DELETE FROM sign_in WHERE id = ?1",
};
