/* desk_columns: what is selected for each take_ of desk_rows.h, in its order, with its table, so that it can be joined. */
#pragma once
#include "model/desk.h"

#define OPERATOR_COLUMNS                                                                                               \
    "operator.id, operator.name, operator.shown, operator.roles, operator.topics, operator.languages, "                \
    "operator.disabled, operator.password, operator.must_change, operator.totp, operator.totp_step, "                  \
    "operator.recovery, operator.failures, operator.failed_at, operator.lang, operator.theme, operator.shortcuts, "    \
    "operator.created_at, operator.changed_at, operator.last_at, operator.version"
#define SIGN_IN_COLUMNS                                                                                                \
    "sign_in.id, sign_in.operator, sign_in.token, sign_in.created_at, sign_in.seen_at, sign_in.ended_at, "             \
    "sign_in.half, sign_in.locked, sign_in.agent"

/* Beside REQUEST_COLUMNS, whose names are others: all of it is NULL for a request that nobody has touched. */
#define REQUEST_DESK_COLUMNS                                                                                           \
    "assignee, assigned_at, viewed_at, wait_until, outcome, attempts, merged_into, made_by, came_by, texted"
/* Behind them where a request is read: when its person asked not to be called (3: ATTEMPT_ASKED_TO_STOP), by whichever request of theirs.
 * Unless this one, or one that was closed as its duplicate, was made since, or they did something with it but cancel it (8). */
#define REQUEST_STOPPED                                                                                                \
    "(SELECT max(attempt.at) FROM request AS own JOIN attempt ON attempt.request = own.id "                            \
    "WHERE own.person = request.person AND attempt.result = 3 AND NOT EXISTS ("                                        \
    "SELECT 1 FROM request AS same WHERE same.id IN (SELECT request.id UNION ALL "                                     \
    "SELECT joined.request FROM request_desk AS joined WHERE joined.merged_into = request.id) "                        \
    "AND (same.created_at > attempt.at OR EXISTS (SELECT 1 FROM request_step AS said "                                 \
    "WHERE said.request = same.id AND said.at > attempt.at AND said.by = 0 AND said.step <> 8))))"
#define REQUEST_DESK_TABLES "request LEFT JOIN request_desk ON request_desk.request = request.id"

/* Of a request: the channel that it came by, and what its answers say of whose it is (struct request_origin). */
#define ORIGIN_COLUMNS                                                                                                 \
    "(SELECT channel FROM session WHERE session.id = request.session), "                                               \
    "(SELECT value FROM answer WHERE answer.entry = request.entry AND answer.field = "                                 \
    "(SELECT word.id FROM word WHERE word.text = '" BY_HAND_SERVICE "'))"

/* What a person's requests are about, each once; and whether it was made by hand for somebody who was known before. */
#define MATTERS_OF_PERSON                                                                                              \
    "SELECT DISTINCT desk, topic, made_by IS NOT NULL AND request.created_at > person.created_at "                     \
    "FROM " REQUEST_DESK_TABLES " JOIN person ON person.id = request.person WHERE request.person = ?1"

/* Of a session, in which nobody makes any by hand. */
#define MATTERS_OF_SESSION "SELECT DISTINCT desk, topic, 0 FROM request WHERE session = ?1"

/* Whose a session was: who gave reference and PIN; whose words were sealed; who was on the phone then, as forgetting takes it
 * (statements.c). ?2 its phone, ?3 when it was last heard of. */
#define PERSON_OF_SESSION                                                                                              \
    "SELECT coalesce((SELECT min(person) FROM acted WHERE session = ?1), "                                             \
    "(SELECT person FROM request WHERE session = ?1 ORDER BY id LIMIT 1), "                                            \
    "(SELECT person FROM turn WHERE session = ?1 AND person IS NOT NULL LIMIT 1), "                                    \
    "(SELECT id FROM person WHERE phone = ?2 AND key IS NOT NULL AND coalesce(moved_at, created_at) <= ?3 "            \
    "ORDER BY id DESC LIMIT 1), (SELECT min(id) FROM person WHERE phone = ?2 AND key IS NOT NULL))"

/* What was written is sealed with the key of the request's person; without one it is gone. */
#define WRITER_OF(table)                                                                                               \
    table " LEFT JOIN request ON request.id = " table ".request LEFT JOIN person ON person.id = request.person"
#define NOTE_COLUMNS                                                                                                   \
    "note.id, note.request, note.operator, note.at, note.replaces, note.clinical, note.sealed, person.id, person.key"
#define NOTE_TABLES WRITER_OF("note")
#define ATTEMPT_COLUMNS "attempt.id, attempt.request, attempt.operator, attempt.at, attempt.result"
#define REFERRAL_COLUMNS                                                                                               \
    "referral.id, referral.request, referral.operator, referral.at, referral.office, referral.consent, "               \
    "referral.due_at, referral.settled_at, referral.sealed, person.id, person.key"
#define REFERRAL_TABLES WRITER_OF("referral")
#define DRAFT_COLUMNS "draft.operator, draft.request, draft.place, draft.at, draft.sealed, person.id, person.key"
#define DRAFT_TABLES WRITER_OF("draft")
#define PERSON_FLAG_COLUMNS                                                                                            \
    "person_flag.id, person_flag.person, person_flag.operator, person_flag.at, person_flag.until, "                    \
    "person_flag.dropped_at, person_flag.sealed, person.id, person.key"
#define PERSON_FLAG_TABLES "person_flag LEFT JOIN person ON person.id = person_flag.person"

#define SAVED_FILTER_COLUMNS "saved_filter.id, saved_filter.operator, saved_filter.name, saved_filter.query"
#define AUDIT_COLUMNS                                                                                                  \
    "audit.id, audit.at, audit.operator, audit.action, audit.object, audit.about, audit.detail, audit.peer, audit.mac"
