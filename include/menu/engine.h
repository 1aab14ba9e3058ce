/*
 * engine: one step of a conversation. (service, session, person, input, now) -> (screen, session', effects).
 *
 * Pure: no I/O, no clock, no globals, nothing kept between calls; what it returns lives in the arena it was given, or in the
 * service and the input, where it is theirs.
 * The gateway, the simulator, the proof and the tests run this same function. What it decides: which screen, which page,
 * what the input meant, how far back goes, when a call is offered. What it does not decide: whose session it is, whether a
 * callback is a repeat, what is written where.
 *
 * Keys 0 back, 00 main, 98 more are the engine's, on every page. Three bad answers in a row lead to the offer of a call.
 */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "menu/service.h"
#include "model/effect.h"
#include "model/session.h"
#include "text/screen.h"

/*
 * What only the core can know: the engine says what it wants (engine_result.wants), the core finds out and takes the same pure
 * step again with the answer. Nothing of a result that wants something may be used but that.
 */
enum want_kind {
    WANT_NOTHING,
    WANT_PIN,  /* is `pin` that of somebody on this phone? */
    WANT_CASE, /* is there a request or registration with `reference`, and is `pin` its person's? */
    WANT_KEPT, /* the answers of the latest registration */
    WANT_ASKED, /* what was answered of the request with `reference`, and to which service: when its person may be called */
};
struct engine_want {
    enum want_kind kind;
    struct span pin;
    char reference[REFERENCE_DIGITS + 1];
};
enum verdict {
    VERDICT_NONE, /* not asked */
    VERDICT_RIGHT,
    VERDICT_WRONG, /* no such reference, no PIN set, another PIN: never told apart */
    VERDICT_LOCKED /* five wrong ones: none is looked at for an hour */
};
struct engine_learned {
    enum verdict verdict; /* of WANT_PIN and WANT_CASE */
    int64_t person;       /* VERDICT_RIGHT: whose it is; in->person is theirs then */
    bool has_kept;        /* WANT_KEPT was answered */
    const struct answer *kept;
    size_t kept_count;
    char asked[REFERENCE_DIGITS + 1];    /* of which request WANT_ASKED was answered; "": of none */
    const struct service *asked_service; /* whose calendar and rules are that request's; NULL: this one's */
    const struct answer *given;
    size_t given_count;
    unsigned times; /* that this step was answered: the caller counts */
};
#define ENGINE_WANTS_MAX 8 /* more than a step has to ask: beyond it the step is broken, and the tick goes on */

struct engine_input {
    const struct session_state *state; /* as stored; .at.node absent on the first step of a session */
    enum channel_kind channel;
    const struct carrier *carrier;
    const struct session_state *earlier; /* a dropped session that may be continued, or NULL */
    const struct person_view *person;    /* for whom the step acts: state->acting, or whose PIN was just given */
    const struct person_view *own;       /* the phone's own person when that is another one; or NULL */
    struct engine_learned learned;       /* all zero on the first try of a step */
    bool airtime_free;                   /* the channel says that a call costs nothing */
    struct span airtime_cost;            /* or what it costs ("Tk 2/min"); absent: nothing is said */
    bool others_served;                  /* by the same gateway: a request of this person's may be another service's */
    const struct answer *answers; /* of the open entry (of the earlier session's on its offer), in the order given */
    size_t answer_count;
    bool answered;                        /* false: show the current page (a first dial, an empty answer) */
    struct span input;                    /* with `answered`: as typed */
    bool replay;                          /* part of a cumulative text that we had not seen, but the last: no effects */
    bool moved;                           /* the aggregator's session goes on, but its node changed or went */
    int64_t now;                          /* UTC ms */
    char reference[REFERENCE_DIGITS + 1]; /* an unused one, for a step that needs it */
};

/* How a text is answered by text, so that two machines do not answer each other for ever. Of a call it says nothing. */
enum answer_manner {
    ANSWER_COUNTED, /* words, understood or not: as many as service_may_reply allows */
    ANSWER_KEYED,   /* a key that its page has: eight times as many, so that forms come to their end */
    ANSWER_FREELY,  /* SOS and nothing else, or a key that leads to danger */
    ANSWER_URGENT,  /* other words that lead to danger: not counted */
    ANSWER_NOT,     /* what was said holds already, and its sender was told so */
};

struct engine_result {
    struct span screen;   /* marked text (text/screen.h) of the page to show */
    unsigned page, pages; /* which it is, from 1, of how many */
    struct span question; /* of a form: the one that is asked; or absent */
    bool ends;
    struct session_state state;
    const struct effect *effects;
    size_t effect_count;
    bool used_reference; /* the screen and an effect hold input->reference */
    bool bad_input;
    bool by_keyword;          /* the text was a keyword of the service, and followed */
    struct span asked;        /* the node that the input answered, or absent */
    struct span meaning;      /* what it was taken as: an option's id, a field's value; or absent */
    unsigned turn_flags;      /* TURN_SENSITIVE_*, TURN_SECRET_INPUT, TURN_OFFERS_RESUME */
    bool stops_replay;        /* this node forbids shortcuts: the rest of a dialled chain is dropped */
    struct engine_want wants; /* not WANT_NOTHING: this step has to be taken again with the answer */
    enum answer_manner manner;
    bool worth_resuming; /* someone cut off here would lose something */
};

/*
 * BROKEN never comes from a proven service; it means that the state names what the service lacks in a way the engine could
 * not mend, and `err` says which node, or that the step wanted to know more than ENGINE_WANTS_MAX things. The caller then shows
 * the service's safety page.
 */
enum outcome engine_step(const struct service *service, const struct engine_input *input, struct arena *arena,
                         struct engine_result *result, struct error *err) MUST_CHECK;

/* Whether someone cut off in this state would lose something, and may be led back to it: not on the first pages, not on a
 * sensitive one, not after the end, not where the service says "restart" or false. The
 * engine offers no earlier session that is not. */
bool engine_worth_resuming(const struct service *service, const struct session_state *state);
/* For how long after its last step; 0: it is not. */
int64_t engine_resume_ms(const struct service *service, const struct session_state *state);

/*
 * A stored place against the service as it is now. `shape` is what was stored with it. True: input may be applied. False: the
 * node changed or went; *state is moved to it or its nearest remaining ancestor and input->moved must be set.
 */
bool engine_place_holds(const struct service *service, struct session_state *state);
