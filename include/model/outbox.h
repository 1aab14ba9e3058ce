/*
 * outbox: one text to one person, from the moment it is decided until its fate is known. Plain data.
 *
 * queued -> sending (committed before the request leaves) -> sent -> delivered | failed | expired
 *                      \-> queued again (proven unsent), failed (refused), unknown (nobody can tell)
 * `sent` never overwrites `delivered`. At start `sending` becomes `unknown` unless the aggregator is idempotent.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/span.h"
#include "text/screen.h"

enum outbox_state {
    OUTBOX_QUEUED,
    OUTBOX_SENDING,
    OUTBOX_SENT,
    OUTBOX_DELIVERED,
    OUTBOX_FAILED,
    OUTBOX_UNKNOWN,
    OUTBOX_EXPIRED
};
enum outbox_reason {
    REASON_NONE,
    REASON_REJECTED,
    REASON_THROTTLED,
    REASON_CREDIT,
    REASON_UNREACHABLE,
    REASON_EXPIRED,
    REASON_UNKNOWN,
    REASON_REFUSED, /* by who would get it: nobody asked for it and they said STOP, or want no texts, or they deleted everything; or
                       it was not written to who would get it now */
};
extern const char *const outbox_reason_words[]; /* by enum, ended by NULL */

enum outbox_kind {
    OUTBOX_TEXT,
    OUTBOX_PUSH, /* the next page of an asynchronous USSD session: leaves first, and never once that session is over */
    OUTBOX_PUSH_END, /* its last page */
};

struct outbox_row {
    int64_t id;
    enum outbox_kind kind;
    int64_t phone, session; /* session 0: not an answer within one */
    int64_t request;        /* that an operator answers with it; 0: if any, the one that its session made before it */
    struct span channel;
    struct span to;   /* E.164, or with a push the sender as the aggregator wrote it; sealed on disk, plain here */
    struct span from; /* our code on that channel, or absent */
    struct span text; /* sealed on disk */
    struct span link; /* the aggregator's link id to send back, or absent */
    enum outbox_state state;
    enum outbox_reason reason;
    unsigned attempts;
    int64_t created_at, due_at, changed_at, expires_at;
    struct span vendor_id; /* the aggregator's id, once it gave one */
    bool unasked;          /* nobody asked for it just now: it goes only to who agreed, and not to who said STOP */
    bool phone_opted_out;  /* of a text that is due: it must not leave either, if it is unasked */
    bool session_is_over;  /* of a push that is due: it must not leave any more */
    unsigned segments;
    enum encoding encoding; /* that the text needs */
    /* What its channel says that it costs, in millionths of the channel's currency; 0: not known. */
    int64_t cost_micros;
};
