/*
 * inbound: one message as a channel's profile read it, before anyone knows whose it is.
 *
 * All spans live in the tick's arena. Plain data.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/span.h"
#include "text/phone.h"

enum inbound_kind {
    INBOUND_USSD,
    INBOUND_SMS,
    INBOUND_REPORT,
    INBOUND_NOTIFY,
    INBOUND_UNREADABLE, /* one of several in a request, which cannot be attributed: `raw` is kept, nobody is answered */
};

enum inbound_event {
    INBOUND_NEW,    /* the aggregator says that a session begins */
    INBOUND_RESUME, /* an answer, or not told apart: whether the session was seen before decides */
    INBOUND_CLOSE,  /* the session ended on their side */
    INBOUND_ASK,    /* the aggregator asks whether we still hold the session: nothing moves */
};

enum input_form {
    INPUT_LATEST,            /* only the answer */
    INPUT_LATEST_AFTER_CODE, /* the same, but the first one holds the dialled code */
    INPUT_CUMULATIVE,        /* every answer of the session so far, joined by a separator */
};

enum end_cause {
    END_NONE = 0, /* still open */
    END_ANSWERED, /* our own last page */
    END_CLOSED,   /* the person hung up or the aggregator closed it */
    END_TIMEOUT,
    END_FAILED,  /* the aggregator reports an error */
    END_DROPPED, /* nobody said so, but the person dialled again or the time is over */
    END_ABORTED, /* the person or the network broke it off, and the aggregator says so */
};

enum delivery { DELIVERY_NONE, DELIVERY_SENT, DELIVERY_DELIVERED, DELIVERY_FAILED, DELIVERY_EXPIRED, DELIVERY_UNKNOWN };

/* Their words, by enum, as profiles write them and programs read them; each list ends with NULL. */
extern const char *const end_cause_words[];
extern const char *const delivery_words[];

struct inbound {
    enum inbound_kind kind;
    enum inbound_event event;
    unsigned channel;    /* index in the channel set */
    struct span session; /* the aggregator's session id; absent for SMS */
    struct phone from;   /* text absent: the dialect names the sender in the first request only */
    struct span address; /* the sender as the aggregator wrote it, for an answer that must repeat it; or absent */
    struct span to;      /* the code that was dialled or texted */
    struct span input;   /* valid UTF-8, NFC */
    enum input_form form;
    char separator;       /* of cumulative input */
    unsigned strip_parts; /* leading parts of cumulative input that are not answers */
    /* INPUT_LATEST_AFTER_CODE: what was dialled behind the code ("5*3"), parts joined by `separator`; a way to take on the first
     * turn, never an answer; or absent. */
    struct span route;
    struct span id;   /* the aggregator's message id; absent where it gives none */
    struct span link; /* the aggregator's id that an answer must send back, or absent */
    int64_t at;       /* UTC ms as the aggregator says, or 0 */
    struct span network;
    bool undecodable; /* the bytes were in no character set that the channel allows; `raw` holds them */
    struct span raw;
    enum end_cause cause;   /* with INBOUND_CLOSE and INBOUND_NOTIFY */
    struct span refers_to;  /* INBOUND_REPORT: the aggregator's id of the text we sent, or our own */
    bool refers_to_ours;    /* refers_to is the outbox row's id in decimal */
    enum delivery delivery; /* INBOUND_REPORT */
    struct span reason; /* INBOUND_REPORT: the aggregator's word for a failure; a code, never prose about a person */
    struct {
        struct span reference;  /* what its parts have in common, beside sender and code */
        unsigned number, total; /* from 1; total 0: the message is whole */
    } part;                     /* of a long text that comes in several messages */
    /* What the reply has to repeat, in the order of the profile's own list; absent ones too. */
    const struct span *echoes;
    struct span object; /* the request's JSON object, where the reply is that same object changed; or absent */
};
