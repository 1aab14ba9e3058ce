/*
 * exchange: a channel's dialect applied: read a request, write a reply, build a send, read its outcome. Pure.
 *
 * Spans returned live in the arena or in the request. Whatever the bytes, the answer is one of the outcomes below.
 */
#pragma once
#include "aggregator/channel.h"
#include "base/arena.h"
#include "http/message.h"
#include "http/sender.h"
#include "model/inbound.h"
#include "model/outbox.h"
#include "model/reply.h"

enum exchange_door { DOOR_IN, DOOR_REPORT, DOOR_NOTIFY }; /* /in/<channel>, /dlr/<channel>, /notify/<channel> */

/* Finds the door and the channel of a path ("/in/at-ussd/<secret>"): NOT_FOUND when there is none. Used before the body. */
enum outcome exchange_route(const struct channel_set *set, struct span path, enum exchange_door *door,
                            const struct channel **channel) MUST_CHECK;

/* Of a path that leads to none: the enabled channel that it names, and which addresses that one has, without their secrets; NULL:
 * it names none. Whoever entered a wrong address at the aggregator has to see it. */
const struct channel *exchange_explain_path(const struct channel_set *set, struct span path, struct arena *arena,
                                            struct span *reason);

/*
 * How long a body is worth reading, judged by the head alone: the channel's own bound; a few KiB where the secret in the path or
 * a header is missing or wrong, or the address may not call. Such a request is refused all the same, after it was read, with
 * its reason; but nobody without the secret makes us hold megabytes.
 */
size_t exchange_body_limit(const struct channel *channel, const struct http_request *head);

struct rejection {
    unsigned status;    /* 400, 401, 403, 405, 413 */
    struct span field;  /* the field that is missing or wrong, or absent */
    struct span reason; /* one plain sentence, without the value */
    struct span allow;  /* with 405: the methods that this door takes */
};

/* What a request turned out to be. `list` in the arena: one, or more where a dialect sends several in one request; none where the
 * aggregator only tries whether the address answers. */
struct exchange_received {
    struct inbound *list;
    size_t count;
    struct rejection rejection; /* with REFUSED; else its status is 0 */
};

/*
 * REFUSED: unauthentic or unattributable; the rejection says what to answer, and the list is empty. `now` (UTC ms) is for
 * signatures that grow old. Secrets are compared in constant time, before anything else is looked at.
 */
enum outcome exchange_read(const struct channel *channel, enum exchange_door door, const struct http_request *request,
                           int64_t now, struct arena *arena, struct exchange_received *out) MUST_CHECK;

/* Whether this is a name that the channel's profile looks for (a field, a header): then it may be shown, being no person's word
 * and no secret. */
bool exchange_knows_name(const struct channel *channel, struct span name);

/* The response for a rejection: plain text, "field: reason", and the headers that its status asks for; or, instead of a 400, what
 * the dialect says in its own words. */
void exchange_reject(const struct channel *channel, const struct rejection *rejection, struct arena *arena,
                     struct http_response *response);

/* The response to what was read: a screen for USSD, the answer to INBOUND_ASK, an acknowledgement for the rest and for a channel
 * that pushes. `first` is the first inbound of the request or NULL. An SMS acknowledgement never holds the reply's text:
 * aggregators send such a body on to the person. Only where the channel answers in its reply the text stands there, on purpose. */
void exchange_reply(const struct channel *channel, const struct inbound *first, const struct reply *reply,
                    struct arena *arena, struct http_response *response);

/* The request that sends one text (row->to is a number), or pushes one page (row->to is as the aggregator wrote it). `token`: what
 * exchange_read_token gave, where the channel needs one. A channel that pushes sends no texts: `pushes` and `sends` are never both
 * true. REFUSED: this channel cannot send it (err says why: no sender, not a number, no token, a value that no header can hold). */
enum outcome exchange_build_send(const struct channel *channel, const struct outbox_row *row, struct span token,
                                 struct arena *arena, struct send_job *job, struct error *err) MUST_CHECK;

struct send_verdict {
    enum outbox_state state; /* OUTBOX_SENT, OUTBOX_FAILED, OUTBOX_QUEUED (try again), OUTBOX_UNKNOWN */
    enum outbox_reason reason;
    struct span vendor_id; /* or absent: none, or none that a report could name */
    /* With OUTBOX_QUEUED: as their Retry-After, their words or the profile say; 0 when none does. */
    int64_t retry_after_ms;
    bool unauthorized; /* with OUTBOX_QUEUED: the token does not hold any more; ask for another one first */
};
/* Where the channel is idempotent nothing comes out as OUTBOX_UNKNOWN: it is QUEUED, since asking again cannot send twice. */
void exchange_read_outcome(const struct channel *channel, const struct send_outcome *outcome, struct arena *arena,
                           struct send_verdict *verdict);

/* OAuth 2.0 client credentials (RFC 6749, 4.4): the request for a token, and what came of it. For channels with needs_token.
 * REFUSED: the answer holds no token (err says what was missed, never its words). A token is a secret: memory only. */
enum outcome exchange_build_token(const struct channel *channel, struct arena *arena, struct send_job *job,
                                  struct error *err) MUST_CHECK;
struct channel_token {
    struct span token;
    int64_t lives_ms; /* from now on */
};
enum outcome exchange_read_token(const struct channel *channel, const struct send_outcome *outcome, struct arena *arena,
                                 struct channel_token *token, struct error *err) MUST_CHECK;
