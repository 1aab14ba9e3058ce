/*
 * handset: the aggregator's side of a dialect, so that a phone in the terminal can talk to a gateway: the request that the
 * aggregator would send, the screen that the reply holds, and the texts and pages that the gateway sends of itself. Made of the
 * same profile as exchange.h, and its opposite: what handset_request says, exchange_read reads; what exchange_reply and
 * exchange_build_send say, handset_screen and handset_sent read. Pure.
 */
#pragma once
#include "aggregator/channel.h"
#include "aggregator/exchange.h"
#include "base/arena.h"
#include "base/error.h"
#include "http/message.h"

struct handset {
    struct span session, from, to,
        id;                   /* session: ussd; id: the text's, with DOOR_REPORT that of the text reported on */
    struct span text;         /* as handset_type made it */
    enum inbound_event event; /* DOOR_IN, ussd */
    enum end_cause cause;     /* DOOR_NOTIFY and INBOUND_CLOSE: why; END_NONE: the first that the dialect knows */
    enum delivery delivery;   /* DOOR_REPORT */
    struct span method;       /* absent: the one that suits */
    size_t shape;             /* 0: what the door says first; from 1: its variants */
};

/* In how many encodings a door can be spoken to: 1 and its variants; 0: there is no such door. */
size_t handset_shapes(const struct channel *channel, enum exchange_door door);

/* What the text field holds before anything was typed: nothing, or the code that was dialled where the dialect says it. */
struct span handset_dial(const struct channel *channel, struct span code, struct arena *arena);
/* The same once `typed` was sent: cumulative dialects carry all that was said, the others only the last. */
struct span handset_type(const struct channel *channel, struct span so_far, unsigned answers, struct span typed,
                         struct arena *arena);

/* With the channel's credentials, signed at `now` (UTC ms); the target has no host. The spans live in the arena. REFUSED: the
 * dialect has no such door, or no word for this event, cause or delivery; err says which. */
enum outcome handset_request(const struct channel *channel, enum exchange_door door, const struct handset *handset,
                             int64_t now, struct arena *arena, struct http_request *out, struct error *err) MUST_CHECK;

/* The screen in a reply. REFUSED: the reply is not what the dialect says a screen is. */
enum outcome handset_screen(const struct channel *channel, const struct http_response *reply, struct arena *arena,
                            struct span *screen, bool *ends) MUST_CHECK;
/* sms: the answer that stands in the reply to a text; NOT_FOUND: the reply only acknowledges. */
enum outcome handset_texted(const struct channel *channel, const struct http_response *reply, struct arena *arena,
                            struct span *text) MUST_CHECK;

/* What the gateway asks of the aggregator: that a text go out, that a page be shown, a token. */
struct handset_sent {
    enum handset_asked { HANDSET_TEXT, HANDSET_PAGE, HANDSET_TOKEN } asked;
    struct span to, text;
    struct span link; /* what a page or an answer refers to: a session, a message; or absent */
    bool ends;        /* the last page */
    bool reports;     /* delivery reports about it are wanted, or nobody says that they are not */
    struct span id; /* how a report names it: the gateway's own id where it was sent, else as handset_answer was told */
};
/* REFUSED: the request is none of those that the profile's templates make. */
enum outcome handset_sent(const struct channel *channel, const struct http_request *request, struct arena *arena,
                          struct handset_sent *out) MUST_CHECK;
/* The aggregator's answer to it: taken, as `id`. */
void handset_answer(const struct channel *channel, const struct handset_sent *sent, struct span id, struct arena *arena,
                    struct http_response *out);
