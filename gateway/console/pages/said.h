/*
 * said: how pages say what the data holds: the words for an ending, a language, a size; a day as a filter writes it. Pure but for
 * the words of the console, which never change. Private to the pages.
 */
#pragma once
#include "console/page/html.h"
#include "base/duration.h"
#include "core/desk.h"
#include "model/inbound.h"
#include "model/outbox.h"
#include "model/person.h"

/* Names of words, for {{t @field}}: never NULL. */
const char *said_end(enum end_cause cause);
const char *said_outbox_state(enum outbox_state state);
const char *said_outbox_reason(enum outbox_reason reason);
const char *said_outbox_kind(enum outbox_kind kind);
/* When a text leaves that is kept for later: it was never tried, and until then it is not safe. 0: it is not; nor is one that was
 * written to leave at once, however long before that the page was asked for. */
int64_t said_leaves_at(const struct outbox_row *row, int64_t now);
const char *said_follow_up(enum follow_up_state state);
const char *said_encoding(enum encoding encoding);

/* What a page says of an action that was not carried out: its status, and the name of the word for why: the core's, else by the
 * outcome. */
unsigned said_status(enum outcome outcome);
const char *said_why(const struct desk_result *result);

/* The word of this name with what comes from data behind it ("audit_did_", "viewed"); `id` itself when there is none. */
struct span said_named(const struct words *words, const char *prefix, struct span id);

/* "4827153" as people read it: "482 7153"; absent for "". */
struct span said_reference(struct arena *arena, const char *reference);
struct span said_reference_span(struct arena *arena, struct span reference);

/* "2026-11-22" of the zone as its first moment. False: it is no such day. */
bool said_read_day(struct span day, int zone_minutes, int64_t *out);
/* Two days of a filter, either may be absent or empty: from the first's first moment until the second is over; 0: no bound. The
 * name of a word about what is wrong with them, or NULL. */
const char *said_read_days(struct span first, struct span last, int zone_minutes, int64_t *from, int64_t *to);
struct span said_write_day(struct arena *arena, int64_t at, int zone_minutes);
/* "2026-11-22T09:00", as a field for a day and an hour has it. */
struct span said_write_moment(struct arena *arena, int64_t at, int zone_minutes);
