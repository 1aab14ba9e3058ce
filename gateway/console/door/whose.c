#include "console/door/whose.h"
#include "base/duration.h"

#include "console/door/cookie.h"

#define SEEN_EVERY_MS MINUTE_MS

enum whose_state whose_state(const struct sign_in *sign_in, const struct operator *operator, int64_t now)
{
    if (sign_in->ended_at || operator->is_disabled || now - sign_in->created_at >= SIGN_IN_WHOLE_MS)
        return WHOSE_NOBODY;
    bool is_idle = now - sign_in->seen_at >= SIGN_IN_IDLE_MS;
    if (sign_in->is_half)
        return is_idle ? WHOSE_NOBODY : WHOSE_HALF;
    return sign_in->is_locked || is_idle ? WHOSE_LOCKED : WHOSE_IN;
}

/* That it could not be told changes nothing for this visit. */
static void tell(struct visit *visit, enum desk_verb verb)
{
    struct desk_action action = visit_action(visit, verb);
    struct desk_result result;
    action.object = visit->sign_in->id;
    if (visit_do(visit, &action, &result) != OUTCOME_OK)
        return;
}

static void note_use(struct visit *visit, enum whose_state state)
{
    if (state == WHOSE_LOCKED && !visit->sign_in->is_locked)
        tell(visit, DESK_LOCK);
    else if (state == WHOSE_IN && visit->now - visit->sign_in->seen_at >= SEEN_EVERY_MS)
        tell(visit, DESK_SEEN);
}

enum outcome whose_find(struct visit *visit, bool is_quiet, struct error *err)
{
    struct span cookie = cookie_read(visit->site, visit->request, COOKIE_SIGN_IN);
    if (cookie.len != COOKIE_TEXT)
        return OUTCOME_OK;
    struct lookup token = cookie_token(visit->site, cookie);
    struct sign_in *sign_in = ARENA_NEW(visit->arena, struct sign_in);
    struct operator *operator = ARENA_NEW(visit->arena, struct operator);
    enum outcome outcome = desk_find_sign_in(visit->reader, &token, visit->arena, sign_in, operator, err);
    if (outcome == OUTCOME_NOT_FOUND)
        return OUTCOME_OK;
    if (outcome != OUTCOME_OK)
        return outcome;
    enum whose_state state = whose_state(sign_in, operator, visit->now);
    if (state == WHOSE_NOBODY)
        return OUTCOME_OK;
    visit->cookie = cookie;
    visit->sign_in = sign_in;
    visit->whose = operator;
    visit->operator = state == WHOSE_IN ? operator : NULL;
    if (!is_quiet)
        note_use(visit, state);
    return OUTCOME_OK;
}
