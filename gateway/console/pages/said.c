#include "console/pages/said.h"

#include <stdio.h>
#include "base/clock.h"

#define DAY_LEN (sizeof "2026-11-22" - 1)

const char *said_end(enum end_cause cause)
{
    static const char *const words[] = {
        [END_NONE] = "said_end_open",       [END_ANSWERED] = "said_end_done", [END_CLOSED] = "said_end_closed",
        [END_TIMEOUT] = "said_end_timeout", [END_FAILED] = "said_end_error",  [END_DROPPED] = "said_end_dropped",
        [END_ABORTED] = "said_end_aborted",
    };
    return (size_t)cause < sizeof words / sizeof *words ? words[cause] : "said_unknown";
}

const char *said_outbox_state(enum outbox_state state)
{
    static const char *const words[] = {
        [OUTBOX_QUEUED] = "said_text_queued",   [OUTBOX_SENDING] = "said_text_sending",
        [OUTBOX_SENT] = "said_text_sent",       [OUTBOX_DELIVERED] = "said_text_delivered",
        [OUTBOX_FAILED] = "said_text_failed",   [OUTBOX_UNKNOWN] = "said_text_unknown",
        [OUTBOX_EXPIRED] = "said_text_expired",
    };
    return (size_t)state < sizeof words / sizeof *words ? words[state] : "said_unknown";
}

const char *said_outbox_reason(enum outbox_reason reason)
{
    static const char *const words[] = {
        [REASON_NONE] = "",
        [REASON_REJECTED] = "said_reason_rejected",
        [REASON_THROTTLED] = "said_reason_throttled",
        [REASON_CREDIT] = "said_reason_credit",
        [REASON_UNREACHABLE] = "said_reason_unreachable",
        [REASON_EXPIRED] = "said_reason_expired",
        [REASON_UNKNOWN] = "said_reason_unknown",
        [REASON_REFUSED] = "said_reason_refused",
    };
    return (size_t)reason < sizeof words / sizeof *words ? words[reason] : "said_unknown";
}

const char *said_outbox_kind(enum outbox_kind kind)
{
    return kind == OUTBOX_TEXT ? "said_kind_text" : "said_kind_push";
}

int64_t said_leaves_at(const struct outbox_row *row, int64_t now)
{
    const bool is_kept = row->state == OUTBOX_QUEUED && row->attempts == 0 && row->due_at > row->created_at;
    return is_kept && row->due_at > now ? row->due_at : 0;
}

const char *said_follow_up(enum follow_up_state state)
{
    static const char *const words[] = {
        [FOLLOW_UP_WAITING] = "said_follow_up_waiting",   [FOLLOW_UP_ASKED] = "said_follow_up_asked",
        [FOLLOW_UP_ANSWERED] = "said_follow_up_answered", [FOLLOW_UP_STOPPED] = "said_follow_up_stopped",
        [FOLLOW_UP_MISSED] = "said_follow_up_missed",
    };
    return (size_t)state < sizeof words / sizeof *words ? words[state] : "said_unknown";
}

const char *said_encoding(enum encoding encoding)
{
    return encoding == ENCODING_GSM7 ? "GSM-7" : "UCS-2";
}

unsigned said_status(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_CONFLICT:
        return 409;
    case OUTCOME_FULL:
    case OUTCOME_BROKEN: /* it may go another time */
        return 503;
    default:
        return 422;
    }
}

const char *said_why(const struct desk_result *result)
{
    if (result->why)
        return result->why;
    switch (result->outcome) {
    case OUTCOME_CONFLICT:
        return "why_changed";
    case OUTCOME_FULL:
        return "why_full";
    case OUTCOME_BROKEN:
        return "why_no_answer";
    default:
        return "why_refused";
    }
}

struct span said_named(const struct words *words, const char *prefix, struct span id)
{
    char name[64];
    int bytes = snprintf(name, sizeof name, "%s%.*s", prefix, SPAN_ARG(id));
    if (bytes < 0 || (size_t)bytes >= sizeof name)
        return id;
    for (char *c = name; *c; c++)
        if (*c == '-' || *c == '.')
            *c = '_';
    enum word word = words_named(name);
    return word == WORD_COUNT ? id : words_get(words, word);
}

struct span said_reference(struct arena *arena, const char *reference)
{
    if (!*reference)
        return SPAN_NONE;
    char shown[REFERENCE_SHOWN];
    reference_show(reference, shown);
    return arena_copy(arena, span_of(shown));
}

struct span said_reference_span(struct arena *arena, struct span reference)
{
    char digits[REFERENCE_DIGITS + 1];
    if (reference.len != REFERENCE_DIGITS)
        return reference;
    snprintf(digits, sizeof digits, "%.*s", SPAN_ARG(reference));
    return said_reference(arena, digits);
}

bool said_read_day(struct span day, int zone_minutes, int64_t *out)
{
    return day.len == DAY_LEN && clock_read(day, zone_minutes, out);
}

const char *said_read_days(struct span first, struct span last, int zone_minutes, int64_t *from, int64_t *to)
{
    *from = *to = 0;
    if ((first.len > 0 && !said_read_day(first, zone_minutes, from)) ||
        (last.len > 0 && !said_read_day(last, zone_minutes, to))) {
        *from = *to = 0;
        return "said_bad_day";
    }
    if (*to)
        *to += DAY_MS;
    return *from && *to && *from >= *to ? "said_days_crossed" : NULL;
}

struct span said_write_day(struct arena *arena, int64_t at, int zone_minutes)
{
    return span_first(said_write_moment(arena, at, zone_minutes), DAY_LEN);
}

struct span said_write_moment(struct arena *arena, int64_t at, int zone_minutes)
{
    struct civil civil = clock_civil(at, zone_minutes);
    return arena_format(arena, "%04d-%02d-%02dT%02d:%02d", civil.year, civil.month, civil.day, civil.hour,
                        civil.minute);
}
