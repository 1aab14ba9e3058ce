/*
 * desk_run: the loop's side of core/desk.h: what the operators handed in is carried out, and what the program does at the desk by
 * itself. The loop's thread, which owns the writing store; a verb that holds it may act here too.
 */
#pragma once
#include "base/random.h"
#include "core/catalogue.h"
#include "core/desk.h"
#include "store/desk.h"

/* What a tick lends. */
struct desk_pass {
    struct store *store;
    const struct keyring *keyring;
    const struct catalogue *catalogue;
    struct id_source *ids;
    struct arena *arena;
    int64_t now;
    /* Asked on this machine and not by a browser: no sign-in stands behind it, and whoever asks without a name (operator 0) may say
     * who works here, for the socket is the service's own. */
    bool is_local;
};

/* One action alone, in a transaction of its own. The same as result->outcome; `result->text` lives in pass->arena. BROKEN: the store
 * has to be opened anew. */
enum outcome desk_act(const struct desk_pass *pass, const struct desk_action *action,
                      struct desk_result *result) MUST_CHECK;

/* The place where actions wait. BROKEN: no descriptor is left. */
enum outcome desk_create(struct desk **out, struct error *err) MUST_CHECK;
void desk_free(struct desk *desk);         /* no thread may be in desk_do any more; NULL is fine */
int desk_poll_fd(const struct desk *desk); /* readable: something waits */

/* Carries out what waits, at most DESK_ACTIONS_A_TICK, in one transaction where they hold together, and tells who asked. BROKEN: the
 * store has to be opened anew; who asked was told. */
enum outcome desk_run(struct desk *desk, const struct desk_pass *pass, struct error *err) MUST_CHECK;
/* The same without a store: all are told that nothing can be kept. */
void desk_turn_away(struct desk *desk);
/* From now on nobody waits: whoever does, or comes, is told BROKEN. */
void desk_stop(struct desk *desk);

/* It was carried out and committed: who is let in again by it is told on. */
void desk_done(struct desk *desk, const struct desk_action *action, const struct desk_result *result);

/* These were committed, by callers too: listeners to the live stream hear of what the desk shows. */
void desk_committed(struct desk *desk, const struct change *changes, size_t count);

/* What was given to somebody who did nothing with it for too long goes back to the queue, each in a transaction of its own; open
 * requests with an office that is to be asked by now are marked for that (ATTENTION_OFFICE). Looks at most every
 * DESK_TEND_MS: *next_at says when. */
#define DESK_TEND_MS (30 * INT64_C(1000))
enum outcome desk_tend(struct desk *desk, const struct desk_pass *pass, int64_t *next_at, struct error *err) MUST_CHECK;
