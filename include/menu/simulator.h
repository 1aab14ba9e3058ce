/*
 * simulator: phones in memory that play a service without a daemon: for `helpline try`, for dialogue files and for tests.
 *
 * One world with several phones; one of them is in hand, and it has a USSD line and an inbox. The people on them, their
 * requests and what they registered are the world's, so that somebody can ask for theirs from another phone. It keeps in
 * memory what the gateway would keep on disk and applies the engine's effects the way the core does; time is its own and
 * moves only when told to. References count up from 000 0013, so that a dialogue reads the same every time. Everything it
 * hands out lives until simulator_free. One thread at a time.
 */
#pragma once
#include <stdint.h>
#include "menu/engine.h"

#define SIMULATOR_FIRST_PHONE SPAN("first") /* the name of the one that is there from the beginning */

struct simulator_options {
    struct span lang; /* the language that the first phone is known to speak, or absent: a first call */
    struct carrier ussd, sms;
    int64_t start_at;         /* UTC ms */
    bool airtime_free;        /* what its channel says of the price of a call */
    struct span airtime_cost; /* or absent */
    bool masked;              /* the sender is a token, no number: it cannot be called */
};

/* What the last thing done brought. */
struct simulator_view {
    enum channel_kind channel;
    struct span input;  /* what was typed; absent: nothing, a call was begun */
    struct span screen; /* plain, as the person sees it; absent when nothing was shown, or a text is not answered */
    struct measure measure;
    bool ends;
    struct engine_result result; /* of the step; valid when a screen was shown */
    struct span texts[4];        /* SMS that came besides */
    size_t text_count;
};

struct simulator;

struct simulator *simulator_create(const struct service *service, const struct simulator_options *options);
void simulator_free(struct simulator *simulator); /* NULL is fine */

/* Each is one exchange. REFUSED: there is no call to type into, or one is open already; BROKEN: from the engine. */
enum outcome simulator_dial(struct simulator *simulator, struct simulator_view *view, struct error *err) MUST_CHECK;
enum outcome simulator_type(struct simulator *simulator, struct span keys, struct simulator_view *view,
                            struct error *err) MUST_CHECK;
enum outcome simulator_text(struct simulator *simulator, struct span text, struct simulator_view *view,
                            struct error *err) MUST_CHECK;
/* A dialled chain, "*384*1*2#" without the code: the parts are replayed, only the last one has effects. */
enum outcome simulator_dial_chain(struct simulator *simulator, struct span parts, struct simulator_view *view,
                                  struct error *err) MUST_CHECK;

void simulator_drop(struct simulator *simulator); /* the line is cut; without a call it does nothing */
void simulator_wait(struct simulator *simulator, int64_t ms);
/* Texts that came by themselves since this was last asked, such as a follow-up; false: none. */
bool simulator_read_texts(struct simulator *simulator, struct simulator_view *view);
bool simulator_is_calling(const struct simulator *simulator);
/* A new phone in the place of the one in hand: nothing is known of it but, perhaps, the language. */
void simulator_renew(struct simulator *simulator, struct span lang);
/* Takes another phone in hand; one that was not there before makes its first call. Calls on the others stay open. */
void simulator_pick_up(struct simulator *simulator, struct span name);
struct span simulator_phone(const struct simulator *simulator); /* the name of the one in hand */
/* A service loaded anew takes the place of the old one under the running call. */
void simulator_replace_service(struct simulator *simulator, const struct service *service);

/* What a step keeps or does, one line each, as dialogue files write it: "request call 0000013 normal due 2026-11-22 10:00". */
struct span simulator_describe(const struct simulator *simulator, const struct effect *effect, struct arena *arena);
