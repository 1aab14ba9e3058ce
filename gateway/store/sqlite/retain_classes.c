/* What is due by its age, as conditions that walking and counting share. */
#include "model/desk.h"
#include "store/sqlite/retain.h"

#define CLASS(table, due)                                                                                              \
    .walk = "SELECT id, " due " FROM " table " WHERE id > ?3 ORDER BY id LIMIT ?4",                                    \
    .count = "SELECT count(*) FROM " table " WHERE " due

/* A call that nobody ended is over all the same; a text may come for as long as a service waits for the
 * next one, at most 30 days. */
#define IS_OVER "(ended_at IS NOT NULL OR kind = 0 OR last_at < ?1 - 2592000000)"
#define OPEN_OR_LATE "request.state < 3 OR request.changed_at >= ?1"
#define IS_COMPLAINT "request.kind IN (SELECT value FROM json_each(?2))"
/* By reference and PIN, or by their PIN on a phone that others use too: contact as any other. */
#define ACTED_SINCE(person)                                                                                            \
    "EXISTS (SELECT 1 FROM acted JOIN session ON session.id = acted.session WHERE acted.person = " person              \
    " AND session.last_at >= ?1)"
/* What operators wrote about it, and what they filled in. */
#define WAS_WRITTEN                                                                                                    \
    "(EXISTS (SELECT 1 FROM note WHERE note.request = request.id) "                                                    \
    "OR EXISTS (SELECT 1 FROM draft WHERE draft.request = request.id) "                                                \
    "OR EXISTS (SELECT 1 FROM referral WHERE referral.request = request.id AND sealed IS NOT NULL) "                   \
    "OR (session IS NULL AND EXISTS (SELECT 1 FROM answer WHERE answer.entry = request.entry)))"
#define OF_SESSION "SELECT 1 FROM request WHERE request.session = session.id"

const struct retain_class retain_classes[RETAINED_COUNT] = {
    [RETAINED_LEAVERS] = {CLASS("person", "(leaving_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM request "
                                          "WHERE request.person = person.id AND request.state < 3))")},
    [RETAINED_STRAYS] = {CLASS("stray", "(at < ?1)")},
    [RETAINED_MESSAGES] = {.count = "SELECT count(*) FROM message WHERE at < ?1"},
    [RETAINED_TEXTS] = {CLASS("outbox", "(state > 1 AND changed_at < ?1 AND NOT EXISTS (SELECT 1 FROM request "
                                        "WHERE request.session = outbox.session AND request.state < 3) "
                                        "AND NOT EXISTS (SELECT 1 FROM request "
                                        "WHERE request.id = outbox.request AND request.state < 3))")},
    [RETAINED_SESSIONS] = {CLASS("session", "(phone IS NOT NULL AND last_at < ?1 AND " IS_OVER
                                            " AND NOT EXISTS (" OF_SESSION "))")},
    [RETAINED_TRANSCRIPTS] = {CLASS("session",
                                    "(phone IS NOT NULL AND last_at < ?1 AND EXISTS (" OF_SESSION ") AND NOT "
                                    "EXISTS (" OF_SESSION " AND (" OPEN_OR_LATE " OR " IS_COMPLAINT ")))")},
    [RETAINED_COMPLAINTS] = {CLASS("session", "(phone IS NOT NULL AND last_at < ?1 AND EXISTS (" OF_SESSION ") AND NOT "
                                              "EXISTS (" OF_SESSION " AND (" OPEN_OR_LATE ")))")},
    [RETAINED_NOTES] = {CLASS("request",
                              "(state >= 3 AND changed_at < ?1 AND NOT " IS_COMPLAINT " AND " WAS_WRITTEN ")")},
    [RETAINED_REQUESTS] = {CLASS("request", "(state >= 3 AND changed_at < ?1)")},
    [RETAINED_FOLLOW_UPS] = {CLASS("follow_up", "(person IS NOT NULL AND state >= 2 AND changed_at < ?1)")},
    [RETAINED_REGISTRATIONS] = {CLASS(
        "registration",
        "(created_at < ?1 AND coalesce(corrected_at, 0) < ?1 AND NOT EXISTS (SELECT 1 FROM person JOIN phone "
        "ON phone.id = person.phone AND phone.person = person.id WHERE person.id = registration.person "
        "AND phone.last_at >= ?1) AND NOT " ACTED_SINCE("registration.person") ")")},
    [RETAINED_DRAFTS] = {CLASS(
        "entry",
        "(person IS NOT NULL AND opened_at < ?1 "
        "AND NOT EXISTS (SELECT 1 FROM request WHERE request.person = entry.person AND request.entry = entry.id) "
        "AND NOT EXISTS (SELECT 1 FROM registration WHERE registration.person = entry.person "
        "AND registration.entry = entry.id) "
        "AND NOT EXISTS (SELECT 1 FROM follow_up WHERE follow_up.person = entry.person "
        "AND follow_up.session = entry.session) "
        "AND NOT EXISTS (SELECT 1 FROM session WHERE session.id = entry.session AND session.last_at >= ?1))")},
    [RETAINED_LISTED_WORDS] = {CLASS("triage", "(at < ?1)")},
    [RETAINED_FLAGS] = {CLASS("person_flag", "(min(until, coalesce(dropped_at, until)) < ?1)")},
    [RETAINED_SIGN_INS] = {CLASS("sign_in", "(coalesce(ended_at, created_at) < ?1)")},
    [RETAINED_PEOPLE] = {CLASS(
        "person", "(created_at < ?1 AND leaving_at IS NULL "
                  "AND NOT EXISTS (SELECT 1 FROM request WHERE request.person = person.id) "
                  "AND NOT EXISTS (SELECT 1 FROM registration WHERE registration.person = person.id) "
                  "AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.person = person.id) "
                  "AND NOT EXISTS (SELECT 1 FROM follow_up WHERE follow_up.person = person.id) "
                  "AND NOT EXISTS (SELECT 1 FROM triage WHERE triage.person = person.id) "
                  "AND NOT EXISTS (SELECT 1 FROM phone WHERE phone.id = person.phone AND phone.last_at >= ?1) "
                  "AND NOT " ACTED_SINCE("person.id") ")")},
    [RETAINED_PHONES] = {CLASS("phone", "(person IS NULL AND opted_out = 0 AND last_at < ?1 "
                                        "AND NOT EXISTS (SELECT 1 FROM person WHERE person.phone = phone.id) "
                                        "AND NOT EXISTS (SELECT 1 FROM session WHERE session.phone = phone.id) "
                                        "AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.phone = phone.id))")},
};

int64_t retain_before(const struct retention *retention, enum retained what, int64_t now)
{
    switch (what) {
    case RETAINED_LEAVERS:
        return now;
    case RETAINED_STRAYS:
        return now - retention->strays_ms;
    case RETAINED_MESSAGES:
        return now - retention->messages_ms;
    case RETAINED_TEXTS:
        return now - retention->texts_ms;
    case RETAINED_SESSIONS:
    case RETAINED_DRAFTS:
    case RETAINED_PHONES:
        return now - retention->sessions_ms;
    case RETAINED_TRANSCRIPTS:
    case RETAINED_NOTES:
    case RETAINED_FLAGS:
        return now - retention->requests_ms;
    case RETAINED_COMPLAINTS:
    case RETAINED_REQUESTS:
    case RETAINED_LISTED_WORDS:
        return now - retention->complaints_ms;
    case RETAINED_SIGN_INS:
        return now - SIGN_IN_KEPT_MS;
    case RETAINED_FOLLOW_UPS:
        return now - retention->follow_ups_ms;
    case RETAINED_REGISTRATIONS:
    case RETAINED_PEOPLE:
    case RETAINED_COUNT:
        break;
    }
    return now - retention->registrations_ms;
}
