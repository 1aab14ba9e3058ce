/* Every statement of the desk's pages. Nothing is ever pasted into SQL; what a filter leaves open is looked at in C, row by row. */
#include "store/sqlite/columns.h"
#include "store/sqlite/desk_columns.h"
#include "store/sqlite/desk_read.h"

/* What its person wrote changes no request, and is news: its line in the history says when. Only those are looked up that have one unread. */
#define NEWS_AT                                                                                                        \
    "CASE attention WHEN 3 THEN max(changed_at, coalesce((SELECT at FROM request_step "                                \
    "WHERE request_step.request = request.id ORDER BY request_step.id DESC LIMIT 1), 0)) ELSE changed_at END"
/* What decides whether a request belongs on a page: enough of it to look at thousands. */
#define GLANCE_COLUMNS                                                                                                 \
    "request.id, urgency, due_at, changed_at, topic, desk, lang, attention, assignee, wait_until, " NEWS_AT
#define GLANCE "SELECT " GLANCE_COLUMNS " FROM " REQUEST_DESK_TABLES " WHERE "
#define GLANCE_MARKED                                                                                                  \
    "SELECT " GLANCE_COLUMNS " FROM request INDEXED BY request_marked "                                                \
    "LEFT JOIN request_desk ON request_desk.request = request.id WHERE "

#define SHOWN_NAME(of) "(SELECT shown FROM operator WHERE operator.id = " of ")"
/* An answer to the field ?2 in an entry. */
#define AREA_COLUMNS ANSWER_COLUMNS " WHERE field = ?2 AND entry = "

/* As OUTBOX_COLUMNS, with its words or without; never with the number. */
#define OUTBOX_COLUMNS_SAYING(words)                                                                                   \
    "id, phone, session, channel, state, reason, attempts, created_at, due_at, changed_at, expires_at, segments, "     \
    "kind, encoding, cost, sender, link, vendor_id, NULL, " words ", asked, request"
/* Besides: when somebody dealt with it, the request that it answers, the last that its channel said of it. */
#define OUTBOX_ABOUT                                                                                                   \
    "dealt_at, coalesce(request, (SELECT max(r.id) FROM request AS r WHERE r.session = outbox.session "                \
    "AND r.id < outbox.id)), (SELECT report.reason FROM report WHERE report.outbox = outbox.id ORDER BY report.id "    \
    "DESC LIMIT 1)"
/* What an operator has to see to: a text that did not arrive, and pages of a session are none. */
#define IN_TROUBLE "state IN (4, 5, 6) AND dealt_at IS NULL"

/* Several of them, with what the desk knows of each but when its person asked to stop. */
#define LISTED_REQUESTS                                                                                                \
    "SELECT " REQUEST_COLUMNS ", " REQUEST_DESK_COLUMNS ", NULL, " ORIGIN_COLUMNS " "                                  \
    "FROM " REQUEST_DESK_TABLES " WHERE "

/* Until another person came on their phone, its sessions are taken for theirs: ?3 the phone, ?4 and ?5 from and to. */
#define SESSIONS_OF_PERSON                                                                                             \
    "SELECT session FROM acted WHERE person = ?1 UNION SELECT session FROM request WHERE person = ?1 "                 \
    "UNION SELECT session FROM registration WHERE person = ?1 "                                                        \
    "UNION SELECT session FROM entry WHERE person = ?1 "                                                               \
    "UNION SELECT session FROM follow_up WHERE person = ?1 "                                                           \
    "UNION SELECT id FROM session WHERE phone = ?3 AND last_at >= ?4 AND started_at <= ?5 AND NOT EXISTS ("            \
    "SELECT 1 FROM acted WHERE acted.session = session.id AND acted.person <> ?1)"

/* Who was given the request of this line: the one before it says so, of the same moment. 4: OBJECT_OPERATOR. */
#define RECEIVER                                                                                                       \
    "(SELECT CASE WHEN before.object = 4 AND before.at = audit.at AND before.detail = "                                \
    "(SELECT word.id FROM word WHERE word.text = '" AUDIT_RECEIVED "') THEN " SHOWN_NAME(                              \
        "before.about") " END FROM audit AS before WHERE before.id < audit.id ORDER BY before.id DESC LIMIT 1)"

#define AUDIT_VIEW                                                                                                     \
    "SELECT " AUDIT_COLUMNS ", " SHOWN_NAME(                                                                           \
        "audit.operator") ", CASE WHEN audit.object = 1 THEN "                                                         \
                          "(SELECT reference FROM request WHERE request.id = audit.about) END FROM audit WHERE "

/* What goes page by page, from its lower end upwards; with DESC the newest first. */
#define SESSIONS_WHERE "SELECT " SESSION_COLUMNS " FROM session WHERE "
#define SESSIONS SESSIONS_WHERE "id < ?1 AND id >= ?2 ORDER BY id"
#define PHONE_SESSIONS SESSIONS_WHERE "phone = ?3 AND id < ?1 AND id >= ?2 ORDER BY id"
#define PERSON_SESSIONS SESSIONS_WHERE "id IN (" SESSIONS_OF_PERSON ") AND id < ?2 AND id >= ?6 ORDER BY id"
#define TEXTS_FROM(table) "SELECT " OUTBOX_COLUMNS_SAYING("NULL") ", " OUTBOX_ABOUT " FROM " table " WHERE "
#define TEXTS TEXTS_FROM("outbox") "id < ?1 AND id >= ?2 ORDER BY id"
#define TEXTS_IN_TROUBLE                                                                                               \
    TEXTS_FROM("outbox INDEXED BY outbox_trouble") IN_TROUBLE " AND id < ?1 AND id >= ?2 ORDER BY id"
#define AUDIT_PAGE "audit.id < ?1 AND audit.id >= ?2 ORDER BY audit.id"
#define AUDIT_ROWS AUDIT_VIEW AUDIT_PAGE
#define AUDIT_ROWS_ABOUT AUDIT_VIEW "audit.object = ?3 AND audit.about = ?4 AND " AUDIT_PAGE
#define AUDIT_ROWS_BY AUDIT_VIEW "audit.operator = ?3 AND " AUDIT_PAGE

const char *const desk_sql_texts[DESK_SQL_COUNT] = {
    [DESK_GLANCE_DUE] =
        GLANCE "state < 3 AND urgency = ?1 AND (due_at, request.id) > (?2, ?3) ORDER BY due_at, request.id",
    [DESK_GLANCE_UNDUE] =
        GLANCE "state < 3 AND urgency = ?1 AND due_at IS NULL AND request.id > ?3 ORDER BY request.id",
    [DESK_GLANCE_DONE] =
        GLANCE "state >= 3 AND (changed_at, request.id) < (?2, ?3) ORDER BY changed_at DESC, request.id DESC",
    [DESK_GLANCE_MARKED] = GLANCE_MARKED "state >= 3 AND attention > 0 AND request.id > ?3 ORDER BY request.id",

    [DESK_REQUEST] = "SELECT " REQUEST_COLUMNS ", " REQUEST_DESK_COLUMNS ", " REQUEST_STOPPED ", " SHOWN_NAME(
        "assignee") ", " ORIGIN_COLUMNS
                    ", EXISTS (SELECT 1 FROM draft WHERE draft.request = request.id AND draft.operator = ?2) "
                    "FROM " REQUEST_DESK_TABLES " WHERE request.id = ?1",
    [DESK_ANSWERS] = "SELECT " ANSWER_COLUMNS " WHERE entry = ?1 ORDER BY answer.id",
    [DESK_CHANNEL_OF_REQUEST] =
        "SELECT coalesce((SELECT kind FROM session WHERE session.id = request.session), -1) FROM request "
        "WHERE request.id = ?1",
    [DESK_ORIGIN_OF_REQUEST] = "SELECT " ORIGIN_COLUMNS " FROM request WHERE request.id = ?1",
    [DESK_AREA_OF_REQUEST] = "SELECT " AREA_COLUMNS "(SELECT request.entry FROM request WHERE request.id = ?1)",
    [DESK_AREA_OF_PERSON] = "SELECT " AREA_COLUMNS "(SELECT r.entry FROM registration AS r WHERE r.person = "
                            "(SELECT request.person FROM request WHERE request.id = ?1) ORDER BY r.id DESC LIMIT 1)",
    [DESK_STEPS] = "SELECT id, at, step, by FROM request_step WHERE request = ?1 ORDER BY id",
    [DESK_REQUEST_AUDIT] =
        "SELECT id, at, " SHOWN_NAME("audit.operator") ", action, detail, " RECEIVER " FROM audit "
                                                       "WHERE object = 1 AND about = ?1 ORDER BY id DESC LIMIT ?2",
    [DESK_NOTES] = "SELECT " NOTE_COLUMNS ", " SHOWN_NAME("note.operator") " FROM " NOTE_TABLES
                                                                           " WHERE note.request = ?1 ORDER BY note.id",
    [DESK_ATTEMPTS] =
        "SELECT " ATTEMPT_COLUMNS ", " SHOWN_NAME("attempt.operator") " FROM attempt "
                                                                      "WHERE attempt.request = ?1 ORDER BY attempt.id",
    [DESK_REFERRALS] = "SELECT " REFERRAL_COLUMNS ", " SHOWN_NAME(
        "referral.operator") " FROM " REFERRAL_TABLES " WHERE referral.request = ?1 ORDER BY referral.id",
    [DESK_TEXTS] = "SELECT " OUTBOX_COLUMNS_SAYING(
        "text") ", " OUTBOX_ABOUT " FROM outbox WHERE id IN ("
                "SELECT id FROM outbox WHERE request = ?1 UNION ALL SELECT id FROM outbox WHERE phone = ?2 "
                "AND session = ?3 AND request IS NULL AND kind = 0 AND id > ?1) ORDER BY id DESC LIMIT ?4",
    [DESK_FLAGS] = "SELECT " PERSON_FLAG_COLUMNS ", " SHOWN_NAME(
        "person_flag.operator") " FROM " PERSON_FLAG_TABLES
                                " WHERE person_flag.person = ?1 AND (?2 OR (dropped_at IS NULL AND until > ?3)) "
                                "ORDER BY person_flag.id DESC LIMIT 50",
    [DESK_DRAFTS] = "SELECT " DRAFT_COLUMNS " FROM " DRAFT_TABLES " WHERE draft.operator = ?2 AND draft.request = ?1",
    [DESK_REQUESTS_OF_PERSON] = LISTED_REQUESTS "person = ?1 ORDER BY id DESC LIMIT ?2",
    [DESK_MATTERS_OF_PERSON] = MATTERS_OF_PERSON,
    [DESK_REFERENCE_OF] = "SELECT reference FROM request WHERE id = ?1",
    [DESK_REFERENCE_OPEN] = "SELECT id, person FROM request WHERE reference = ?1 AND state < 3",
    [DESK_REFERENCE_REGISTERED] = "SELECT 0, person FROM registration WHERE reference = ?1",
    [DESK_REFERENCE_OVER] =
        "SELECT id, person FROM request WHERE reference = ?1 AND state >= 3 ORDER BY id DESC LIMIT 1",

    [DESK_SESSIONS] = SESSIONS " DESC",
    [DESK_SESSIONS_UP] = SESSIONS,
    [DESK_SESSIONS_OF_PHONE] = PHONE_SESSIONS " DESC",
    [DESK_SESSIONS_OF_PHONE_UP] = PHONE_SESSIONS,
    [DESK_SESSIONS_OF_PERSON] = PERSON_SESSIONS " DESC",
    [DESK_SESSIONS_OF_PERSON_UP] = PERSON_SESSIONS,
    [DESK_SESSION] = "SELECT " SESSION_COLUMNS " FROM session WHERE id = ?1",
    [DESK_SESSION_REQUEST] = "SELECT id, reference FROM request WHERE session = ?1 ORDER BY id DESC LIMIT 1",
    [DESK_SESSION_REQUESTS] = LISTED_REQUESTS "session = ?1 ORDER BY id LIMIT ?2",
    [DESK_SESSION_BEFORE] =
        "SELECT " SESSION_COLUMNS " FROM session WHERE phone = ?1 AND id < ?2 ORDER BY id DESC LIMIT 1",
    [DESK_SESSION_AFTER] = "SELECT " SESSION_COLUMNS " FROM session WHERE phone = ?1 AND id > ?2 ORDER BY id LIMIT 1",
    /* 128: TURN_OFFERS_RESUME. It is offered when somebody comes, not later. */
    [DESK_WENT_ON] = "SELECT 1 FROM turn AS offer JOIN turn AS next ON next.session = offer.session "
                     "AND next.number = offer.number + 1 WHERE offer.session = ?1 AND offer.number < 8 "
                     "AND offer.flags & 128 AND next.node = ?2",
    [DESK_SESSION_PERSON] = PERSON_OF_SESSION,
    [DESK_SESSION_TRIAGE] = "SELECT " TRIAGE_COLUMNS " WHERE triage.session = ?1 ORDER BY triage.id LIMIT ?2",
    [DESK_SESSION_REDACTIONS] = "SELECT turn, at, " SHOWN_NAME(
        "redaction.operator") ", characters FROM redaction WHERE session = ?1 AND turn >= ?2 ORDER BY turn LIMIT ?3",
    [DESK_TURN_SINCE] = "SELECT number FROM turn WHERE session = ?1 AND at >= ?2 ORDER BY number LIMIT 1",
    [DESK_TURNS] = "SELECT " TURN_COLUMNS " WHERE session = ?1 AND number >= ?2 ORDER BY turn.number LIMIT ?3",

    [DESK_PERSON] = "SELECT " PERSON_COLUMNS ", created_at, forgotten_at FROM person WHERE id = ?1",
    /* As PERSON_TIMES of statements.c. */
    [DESK_PERSON_TIMES] =
        "SELECT p.phone, CASE WHEN EXISTS (SELECT 1 FROM person AS o WHERE o.phone = p.phone AND o.id < p.id) "
        "THEN coalesce(p.moved_at, p.created_at) ELSE 0 END, "
        "coalesce((SELECT min(o.created_at) FROM person AS o WHERE o.phone = p.phone AND o.id > p.id "
        "AND phone.person <> p.id), 9223372036854775807) "
        "FROM person AS p JOIN phone ON phone.id = p.phone WHERE p.id = ?1 AND p.key IS NOT NULL",
    [DESK_PHONE] = "SELECT opted_out, number, person, first_at, last_at, renewed_at FROM phone WHERE id = ?1",
    [DESK_REGISTRATIONS] = "SELECT id, person, session, entry, reference, created_at, corrected_at, withdrawn_at, "
                           "consent_version, lang FROM registration WHERE person = ?1 ORDER BY id DESC LIMIT ?2",
    [DESK_FOLLOW_UPS] = "SELECT id, person, phone, registration, session, month, due_at, changed_at, state "
                        "FROM follow_up WHERE person = ?1 ORDER BY due_at, id LIMIT ?2",

    [DESK_OUTBOX] = TEXTS " DESC",
    [DESK_OUTBOX_UP] = TEXTS,
    [DESK_OUTBOX_TROUBLE] = TEXTS_IN_TROUBLE " DESC",
    [DESK_OUTBOX_TROUBLE_UP] = TEXTS_IN_TROUBLE,

    [DESK_OPERATORS] = "SELECT " OPERATOR_COLUMNS " FROM operator ORDER BY name",
    [DESK_OPERATOR] = "SELECT " OPERATOR_COLUMNS " FROM operator WHERE id = ?1",
    [DESK_OPERATOR_NAMED] = "SELECT " OPERATOR_COLUMNS " FROM operator WHERE name = ?1",
    [DESK_SIGN_IN_OF] = "SELECT " SIGN_IN_COLUMNS " FROM sign_in WHERE token = ?1 AND ended_at IS NULL",
    [DESK_SIGN_INS] = "SELECT " SIGN_IN_COLUMNS
                      " FROM sign_in WHERE operator = ?1 AND ended_at IS NULL ORDER BY seen_at DESC, id DESC LIMIT ?2",
    [DESK_SIGNED_IN] =
        "SELECT count(DISTINCT operator) FROM sign_in WHERE ended_at IS NULL AND half = 0 AND locked = 0 "
        "AND seen_at > ?1 AND created_at > ?2",
    [DESK_FILTERS] = "SELECT " SAVED_FILTER_COLUMNS " FROM saved_filter WHERE operator = ?1 ORDER BY name LIMIT ?2",

    [DESK_AUDIT] = AUDIT_ROWS " DESC",
    [DESK_AUDIT_UP] = AUDIT_ROWS,
    [DESK_AUDIT_ABOUT] = AUDIT_ROWS_ABOUT " DESC",
    [DESK_AUDIT_ABOUT_UP] = AUDIT_ROWS_ABOUT,
    [DESK_AUDIT_BY] = AUDIT_ROWS_BY " DESC",
    [DESK_AUDIT_BY_UP] = AUDIT_ROWS_BY,
};
