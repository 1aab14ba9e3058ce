#include "model/desk.h"

#define TRIES_FREE 3 /* the first wait follows the third */
#define WAIT_FIRST_MS INT64_C(2000)
#define WAIT_MOST_MS INT64_C(3600000)

static const char *const actions[AUDIT_COUNT] = {
    [AUDIT_NONE] = "none",         [AUDIT_SIGN_IN] = "sign_in",   [AUDIT_SIGN_IN_FAILED] = "sign_in_failed",
    [AUDIT_SIGN_OUT] = "sign_out", [AUDIT_LOCKED] = "locked",     [AUDIT_UNLOCKED] = "unlocked",
    [AUDIT_REVOKED] = "revoked",   [AUDIT_REFUSED] = "refused",   [AUDIT_VIEWED] = "viewed",
    [AUDIT_SEARCHED] = "searched", [AUDIT_REVEALED] = "revealed", [AUDIT_OVERRODE] = "overrode",
    [AUDIT_CHANGED] = "changed",   [AUDIT_FORGOT] = "forgot",     [AUDIT_USER] = "user",
    [AUDIT_SETTINGS] = "settings", [AUDIT_PROGRAM] = "program"};

static const char *const objects[OBJECT_COUNT] = {
    [OBJECT_NONE] = "none",     [OBJECT_REQUEST] = "request",   [OBJECT_SESSION] = "session",
    [OBJECT_PERSON] = "person", [OBJECT_OPERATOR] = "operator", [OBJECT_SIGN_IN] = "sign_in",
    [OBJECT_OUTBOX] = "outbox", [OBJECT_PHONE] = "phone"};

const char *audit_action_name(enum audit_action action)
{
    return (unsigned)action < AUDIT_COUNT ? actions[action] : NULL;
}

const char *audit_object_name(enum audit_object object)
{
    return (unsigned)object < OBJECT_COUNT ? objects[object] : NULL;
}

int64_t operator_locked_until(const struct operator *operator)
{
    if (operator->failures < TRIES_FREE)
        return 0;
    int64_t wait = WAIT_FIRST_MS;
    for (unsigned i = TRIES_FREE; i < operator->failures && wait < WAIT_MOST_MS; i++)
        wait *= 2;
    return operator->failed_at + (wait < WAIT_MOST_MS ? wait : WAIT_MOST_MS);
}
