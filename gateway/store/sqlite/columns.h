/* columns: what is selected for each take_ of rows.h, in its order. Kept apart because readers select the same. */
#pragma once

#define PHONE_COLUMNS                                                                                                  \
    "id, lookup, person, last_session, lang, opted_out, number IS NOT NULL, first_at, last_at, tries, tries_at, "      \
    "renewed_at"
#define PERSON_COLUMNS "id, phone, pin, tries, tries_at, leaving_at"
#define SESSION_COLUMNS                                                                                                \
    "id, phone, key, channel, kind, started_at, last_at, ended_at, cause, turns, seen_bytes, seen_hash, continues, "   \
    "state"
#define TURN_COLUMNS_OF                                                                                                \
    "turn.session, turn.number, turn.at, turn.repeat, turn.node, turn.page, turn.lang, turn.asked, turn.flags, "       \
    "screen.text, turn.input, turn.meaning, turn.shown, turn.person, turn.sealed, person.key"
#define TURN_TABLES "turn LEFT JOIN screen ON screen.id = turn.screen LEFT JOIN person ON person.id = turn.person"
#define TURN_COLUMNS TURN_COLUMNS_OF " FROM " TURN_TABLES
#define REQUEST_COLUMNS                                                                                                \
    "id, reference, person, phone, session, entry, kind, topic, state, urgency, created_at, due_at, changed_at, "      \
    "version, lang, attention, desk, hidden, step, next_at"
#define OUTBOX_COLUMNS                                                                                                 \
    "id, phone, session, channel, state, reason, attempts, created_at, due_at, changed_at, expires_at, segments, "     \
    "kind, encoding, cost, sender, link, vendor_id, recipient, text, asked, "                                          \
    "request"
#define PART_COLUMNS "key, number, total, channel, phone, at, due_at, message, sealed"
#define TRIAGE_COLUMNS                                                                                                 \
    "triage.id, triage.session, triage.turn, triage.at, triage.person, triage.rule, triage.urgency, triage.sealed, "   \
    "person.key FROM triage JOIN person ON person.id = triage.person"
#define ANSWER_COLUMNS                                                                                                 \
    "entry, field, typeof(value) = 'blob', value, person.id, person.key FROM answer "                                  \
    "JOIN entry ON entry.id = answer.entry LEFT JOIN person ON person.id = entry.person"
